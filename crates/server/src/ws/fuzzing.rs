//! See [`crate::fuzzing`].

use openline_protocol::realtime::{ClientFrame, CloseCode};

use super::decode;

/// What a text that a socket received says.
///
/// # Errors
///
/// The code to close with.
pub fn client_frame(text: &str) -> Result<ClientFrame, CloseCode> {
    decode::text(&text.into())
}
