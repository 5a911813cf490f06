//! The realtime socket: `docs/protocol.md` on axum.
//!
//! - `upgrade` takes the request, `socket` runs one socket: a task that reads and keeps time, a task that writes.
//! - `leave` takes the goodbye of a client that has no socket to say it on.
//! - `session` holds the state machine of `openline-session` under a lock; `output` carries out what it decides.
//! - `registry` knows who is there. `outbound` is what waits for one socket; `chat_pump` fills it with chat events,
//!   `notices` brings a session its call notices.
//!
//! Decisions are elsewhere: in `openline-session` about frames, in `domain::calls` about calls, in `domain::chat`
//! about who is told what.

mod admit;
mod chat_pump;
mod decode;
#[cfg(feature = "_fuzz")]
pub(crate) mod fuzzing;
mod leave;
mod notices;
mod outbound;
mod output;
mod rate;
mod realtime;
mod registry;
mod session;
mod settings;
mod socket;
mod token_check;
mod upgrade;

pub(crate) use self::upgrade::upgrade_required;
pub use self::{
    realtime::{Realtime, RealtimeParts},
    settings::RealtimeSettings,
};
