//! From what a socket received to a frame, or to the code to close with.

use axum::{Error, extract::ws::Utf8Bytes};
use openline_protocol::realtime::{ClientFrame, CloseCode, limits::MAX_CLIENT_FRAME_BYTES};

/// Frames up to this size are read to their end, so that the refusal reaches the client; larger ones are cut off.
pub(super) const MAX_READ_BYTES: usize = 4 * MAX_CLIENT_FRAME_BYTES;

/// Reads a text frame.
pub(super) fn text(text: &Utf8Bytes) -> Result<ClientFrame, CloseCode> {
    if text.len() > MAX_CLIENT_FRAME_BYTES {
        return Err(CloseCode::FrameTooLarge);
    }
    serde_json::from_str(text.as_str()).map_err(|_malformed| CloseCode::BadFrame)
}

/// How the texts of errors begin that mean: the path is gone, or was closed in order. axum does not name the kinds of
/// errors of the library below it.
const GONE: [&str; 4] = [
    "IO error",
    "Connection closed normally",
    "Trying to work with closed connection",
    "WebSocket protocol error: Connection reset without closing handshake",
];

/// The code for a socket that could not be read; `None` where the path is gone, and with it whoever would hear it.
/// Whatever else goes wrong is the client's doing.
pub(super) fn failure(error: Error) -> Option<CloseCode> {
    let error = error.into_inner();
    let text = error.to_string();
    if error.is::<std::io::Error>() || GONE.iter().any(|gone| text.starts_with(gone)) {
        None
    } else if text.starts_with("Space limit exceeded") {
        Some(CloseCode::FrameTooLarge)
    } else {
        Some(CloseCode::BadFrame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_frame_is_refused() {
        for bad in [
            "",
            "{",
            "[]",
            "{}",
            r#"{"type":"nonsense"}"#,
            r#"{"type":"ping"}"#,
            r#"{"type":"ping","id":-1}"#,
        ] {
            assert_eq!(text(&bad.into()), Err(CloseCode::BadFrame), "{bad}");
        }
        assert_eq!(
            text(&r#"{"type":"ping","id":1,"more":[]}"#.into()),
            Ok(ClientFrame::Ping { id: 1 })
        );
    }

    #[test]
    fn a_frame_of_the_limit_is_read_and_a_byte_more_is_refused() {
        let frame = |size: usize| {
            let rest = size - r#"{"type":"bye","x":""}"#.len();
            Utf8Bytes::from(format!(r#"{{"type":"bye","x":"{}"}}"#, "x".repeat(rest)))
        };
        assert_eq!(text(&frame(MAX_CLIENT_FRAME_BYTES)), Ok(ClientFrame::Bye));
        assert_eq!(
            text(&frame(MAX_CLIENT_FRAME_BYTES + 1)),
            Err(CloseCode::FrameTooLarge)
        );
    }
}
