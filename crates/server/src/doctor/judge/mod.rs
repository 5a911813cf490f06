//! What facts mean, and what to do about it. No socket, no file, no clock.

pub(super) mod certificate;
pub(super) mod http;
pub(super) mod machine;
pub(super) mod reach;
pub(super) mod relay;
pub(super) mod session;

use std::time::Duration;

/// A time as a person reads it.
fn milliseconds(time: Duration) -> String {
    format!("{} ms", time.as_millis())
}
