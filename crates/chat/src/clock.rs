//! The clock of a thread: message ids and versions are times, and no two are the same.

use openline_protocol::Timestamp;

/// The version of a thread's next change, which is also the id of its next message.
///
/// The present time where it is later than `last`, else one millisecond after `last`: strictly rising even
/// if the clock steps back or two changes fall on one millisecond.
#[must_use]
pub const fn next_version(now: Timestamp, last: Timestamp) -> Timestamp {
    let earliest = last.as_millis().saturating_add(1);
    if now.as_millis() >= earliest {
        now
    } else {
        Timestamp::from_millis(earliest)
    }
}

/// From when on somebody who is added sees messages, where `asked` was asked for: a time that has not come is the
/// thread's present, since whoever asked has a clock that is fast.
#[must_use]
pub const fn history_start(asked: Timestamp, now: Timestamp, last: Timestamp) -> Timestamp {
    if asked.as_millis() < now.as_millis() {
        asked
    } else {
        next_version(now, last)
    }
}

/// The sequence number of a thread's next message; the first one is 1.
#[must_use]
pub const fn next_sequence(last: u64) -> u64 {
    last.saturating_add(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_present_is_taken_while_the_clock_advances() {
        let last = Timestamp::from_millis(1_000);
        assert_eq!(
            next_version(Timestamp::from_millis(1_001), last),
            Timestamp::from_millis(1_001)
        );
        assert_eq!(
            next_version(Timestamp::from_millis(9_000), last),
            Timestamp::from_millis(9_000)
        );
    }

    #[test]
    fn two_changes_in_one_millisecond_get_two_versions() {
        let now = Timestamp::from_millis(1_000);
        let first = next_version(now, Timestamp::default());
        assert_eq!(first, now);
        assert_eq!(next_version(now, first), Timestamp::from_millis(1_001));
    }

    #[test]
    fn a_history_begins_when_asked_and_not_after_what_comes_next() {
        let [past, now, last, future] = [1, 1_000, 1_005, 9_000].map(Timestamp::from_millis);
        assert_eq!(history_start(past, now, last), past);
        assert_eq!(history_start(future, now, past), now);
        assert_eq!(history_start(now, now, past), now);
        // The clock stepped back: what was sent before is not shared.
        assert_eq!(history_start(now, now, last), Timestamp::from_millis(1_006));
    }

    proptest! {
        #[test]
        fn versions_rise_strictly_whatever_the_clock_does(readings in prop::collection::vec(0u64..1 << 50, 1..200)) {
            let mut last = Timestamp::default();
            for reading in readings {
                let next = next_version(Timestamp::from_millis(reading), last);
                prop_assert!(next > last);
                prop_assert!(next.as_millis() >= reading);
                last = next;
            }
        }
    }
}
