//! What notices take in memory and on the wire: signals are as large as the other client makes them, tickets hold names.

use openline_protocol::realtime::{CallNotice, PeerSignal};

/// The unacknowledged notices of a session may take this many bytes; then the session ends. A call's offers,
/// answers and candidates are a few dozen KiB.
pub const MAX_UNACKNOWLEDGED_BYTES: usize = 1024 * 1024;

/// Everything in a notice that is neither a signal nor a ticket, rounded up.
const REST: usize = 512;

/// What a notice takes, in bytes, about.
#[must_use]
pub fn notice_weight(notice: &CallNotice) -> usize {
    let signal = match notice {
        CallNotice::Signal { signal, .. } => signal,
        CallNotice::Answered { ticket, .. } => return REST + ticket.as_ref().map_or(0, String::len),
        CallNotice::Incoming { custom_context, .. } => {
            return REST + custom_context.as_ref().map_or(0, String::len);
        }
        CallNotice::Ringing { .. }
        | CallNotice::Merged { .. }
        | CallNotice::Media { .. }
        | CallNotice::PeerReachable { .. }
        | CallNotice::Transfer { .. }
        | CallNotice::Ended { .. } => return REST,
    };
    REST + match signal {
        PeerSignal::Description(description) => description.sdp.len(),
        PeerSignal::Candidate(candidate) => {
            let mid = candidate.sdp_mid.as_ref().map_or(0, String::len);
            candidate.candidate.len() + mid + candidate.username_fragment.as_ref().map_or(0, String::len)
        }
        PeerSignal::RestartIce => 0,
    }
}
