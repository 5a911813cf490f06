//! What a command takes on the wire at most, without writing it: one that is over the limit of a frame would cost the
//! client its session.

use openline_protocol::realtime::{CallCommand, PeerSignal, limits::MAX_CLIENT_FRAME_BYTES};

/// Everything in a frame that is not text from outside, rounded up.
const REST: usize = 512;

/// Whether the command fits a frame. One that is smaller than the limit by less than [`REST`] may be refused.
pub(super) fn fits_a_frame(command: &CallCommand) -> bool {
    let text = match command {
        CallCommand::Start {
            callee,
            display_name,
            custom_context,
            ..
        } => written(callee.as_str()) + optional(display_name) + optional(custom_context),
        CallCommand::Transfer {
            into,
            target,
            custom_context,
            ..
        } => written(into.as_str()) + written(target.as_str()) + optional(custom_context),
        CallCommand::Accept { display_name, .. } => optional(display_name),
        CallCommand::Signal { signal, .. } => match signal {
            PeerSignal::Description(description) => written(&description.sdp),
            PeerSignal::Candidate(candidate) => {
                written(&candidate.candidate)
                    + optional(&candidate.sdp_mid)
                    + optional(&candidate.username_fragment)
            }
            PeerSignal::RestartIce => 0,
        },
        CallCommand::Rejoin { ticket, .. } => written(ticket),
        CallCommand::Reject { .. }
        | CallCommand::HangUp { .. }
        | CallCommand::Fail { .. }
        | CallCommand::Media { .. }
        | CallCommand::Connected { .. } => 0,
    };
    REST + written(command.call_id().as_str()) + text <= MAX_CLIENT_FRAME_BYTES
}

fn optional(text: &Option<String>) -> usize {
    text.as_deref().map_or(0, written)
}

/// The bytes of a text in JSON, as browsers and serde write it.
fn written(text: &str) -> usize {
    text.bytes()
        .map(|byte| match byte {
            b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 2,
            0..0x20 => 6,
            _ => 1,
        })
        .sum()
}
