//! The first bytes of a connection.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use tokio::time::{Instant, Sleep, sleep_until};

/// What an HTTP/2 connection begins with. Whoever sends something else speaks HTTP/1.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A connection whose HTTP version is not clear yet. No time limit of the HTTP implementation runs until it is.
pub(super) struct Opening {
    deadline: Pin<Box<Sleep>>,
    missing: &'static [u8],
}

impl Opening {
    pub(super) fn new(deadline: Instant) -> Self {
        Self {
            deadline: Box::pin(sleep_until(deadline)),
            missing: PREFACE,
        }
    }

    /// Whether the version is clear with the next bytes that came; none: the end of the stream.
    pub(super) fn is_over(&mut self, received: &[u8]) -> bool {
        match self.missing.strip_prefix(received) {
            Some(missing) if !received.is_empty() => {
                self.missing = missing;
                missing.is_empty()
            }
            _ => true,
        }
    }

    /// Ready once the client had its time.
    pub(super) fn poll_deadline(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.deadline.as_mut().poll(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_lasts_until_the_bytes_are_the_preface_or_cannot_be() {
        let pieces: [(&[&[u8]], bool); 8] = [
            (&[], false),
            (&[b"P"], false),
            (&[b"PRI * HTTP", b"/2.0\r\n\r\nSM\r\n\r"], false),
            (&[b"PRI * HTTP", b"/2.0\r\n\r\nSM\r\n\r", b"\n"], true),
            (&[b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nmore"], true),
            (&[b"GET"], true),
            (&[b"P", b"OST"], true),
            (&[b"PRI", b""], true),
        ];
        for (pieces, over) in pieces {
            let mut opening = Opening::new(Instant::now());
            let last = pieces.iter().map(|piece| opening.is_over(piece)).last();
            assert_eq!(last.unwrap_or(false), over, "{pieces:?}");
        }
    }
}
