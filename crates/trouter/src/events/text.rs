//! Texts within payloads: times, and JSON that the client unescapes before it reads it.

use openline_protocol::Timestamp;
use serde::Serialize;

use super::written;

/// RFC 3339, UTC, with milliseconds.
pub(super) fn time(time: Timestamp) -> String {
    // Beyond what the format can say (the year 9999) stands the last time that it can.
    let time = i64::try_from(time.as_millis())
        .ok()
        .and_then(|millis| jiff::Timestamp::from_millisecond(millis).ok())
        .unwrap_or(jiff::Timestamp::MAX);
    time.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// JSON in a string of an event about a thread. The client runs JavaScript's `unescape` over it, which would change
/// every `%` that two hexadecimal digits follow.
pub(super) fn unescaped_json(value: &impl Serialize) -> String {
    written(value).replace('%', "%25")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_milliseconds_always() {
        for (millis, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_715_673_066_789, "2024-05-14T07:51:06.789Z"),
            (1_715_673_066_700, "2024-05-14T07:51:06.700Z"),
        ] {
            assert_eq!(time(Timestamp::from_millis(millis)), text);
        }
        assert!(time(Timestamp::from_millis(u64::MAX)).starts_with("9999-12-"));
    }
}
