//! What can be wrong with what a user asks of a call.

/// A call could not be started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StartCallError {
    /// The id belongs to a call that this client has. Draw another.
    #[error("the call id is in use: draw another")]
    CallIdInUse,
    /// The client has as many calls as an identity may have. Hang one up first.
    #[error("too many calls at once: hang one up first")]
    TooManyCalls,
}

/// The call does not ring here (any more): cancelled, answered, declined, or never known. Nothing to do; the
/// application learnt why by the end of the incoming call. Becomes 400/41006 (accept) and 400/41007 (reject).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the call does not ring any more")]
pub struct NotRinging;

/// The call is not connected: put it on hold once it is. Becomes 500/41033 (hold) and 500/41034 (resume).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the call is not connected")]
pub struct NotConnected;

/// The call is over or was never known here. Nothing to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the call is over")]
pub struct CallOver;
