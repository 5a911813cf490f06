//! The end of a connection whose client still sends.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

/// How long to wait for more, and how long for all of it.
const PAUSE: Duration = Duration::from_secs(2);
const WHOLE: Duration = Duration::from_secs(30);

/// Reads what still comes and throws it away, until the client closes, too, or pauses. A connection that is closed
/// with bytes unread is reset, which takes the answer along that was sent just before: a browser whose upload is
/// refused early would show a broken connection in place of the reason.
pub(super) struct Linger {
    end: Instant,
    pause: Pin<Box<Sleep>>,
}

impl Linger {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        Self {
            end: now + WHOLE,
            pause: Box::pin(sleep_until(now + PAUSE)),
        }
    }

    /// Ready once nothing more is to be waited for.
    pub(super) fn poll(&mut self, stream: impl AsyncRead, cx: &mut Context<'_>) -> Poll<()> {
        let mut stream = std::pin::pin!(stream);
        let mut waste = [0; 8192];
        loop {
            let mut buffer = ReadBuf::new(&mut waste);
            match stream.as_mut().poll_read(cx, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {
                    let pause = (Instant::now() + PAUSE).min(self.end);
                    self.pause.as_mut().reset(pause);
                }
                // Closed, or broken.
                Poll::Ready(_) => return Poll::Ready(()),
                Poll::Pending => return self.pause.as_mut().poll(cx),
            }
        }
    }
}
