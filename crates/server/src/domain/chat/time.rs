//! Times as REST carries them.

use openline_protocol::Timestamp;

/// ISO 8601, UTC, in whole seconds: `2024-05-14T07:51:06Z`.
#[must_use]
pub fn iso_seconds(time: Timestamp) -> String {
    iso(Timestamp::from_millis(time.as_secs().saturating_mul(1000)))
}

/// ISO 8601, UTC, with milliseconds where there are any: a time that a client set comes back as it was.
#[must_use]
pub fn iso_millis(time: Timestamp) -> String {
    iso(time)
}

/// Reads ISO 8601 with an offset. Before 1970 counts as 1970; `None` for any other text.
#[must_use]
pub fn parse_iso(text: &str) -> Option<Timestamp> {
    let time: jiff::Timestamp = text.parse().ok()?;
    Some(Timestamp::from_millis(
        u64::try_from(time.as_millisecond()).unwrap_or(0),
    ))
}

fn iso(time: Timestamp) -> String {
    // Beyond what the format can say (the year 9999) stands the last time that it can.
    i64::try_from(time.as_millis())
        .ok()
        .and_then(|millis| jiff::Timestamp::from_millisecond(millis).ok())
        .unwrap_or(jiff::Timestamp::MAX)
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_whole_seconds_or_as_they_are() {
        let time = Timestamp::from_millis(1_715_673_066_789);
        assert_eq!(iso_seconds(time), "2024-05-14T07:51:06Z");
        assert_eq!(iso_millis(time), "2024-05-14T07:51:06.789Z");
        assert_eq!(iso_millis(Timestamp::default()), "1970-01-01T00:00:00Z");
        assert!(iso_millis(Timestamp::from_millis(u64::MAX)).starts_with("9999-12-"));
    }

    #[test]
    fn the_forms_that_clients_send_are_read() {
        let expected = Some(Timestamp::from_millis(1_600_000_000_000));
        for text in [
            "2020-09-13T12:26:40.000Z",
            "2020-09-13T12:26:40Z",
            "2020-09-13T14:26:40.0000000+02:00",
        ] {
            assert_eq!(parse_iso(text), expected, "{text}");
        }
        assert_eq!(parse_iso("1969-12-31T23:59:59Z"), Some(Timestamp::default()));
        for text in ["", "0", "yesterday", "2020-09-13", "2020-09-13T12:26:40"] {
            assert_eq!(parse_iso(text), None, "{text}");
        }
    }
}
