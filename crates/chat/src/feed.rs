//! The client's half of the event log: each event is handed on once, in order.
//!
//! The cursor is the position of the last event that was handed on. It is named in every `subscribe` and
//! outlives the socket; an application that stores it also outlives the page.

use openline_protocol::realtime::ChatEvent;

/// Whether anything can have been missed before the events that follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Continuity {
    /// The events that follow are those after the last one handed on, or the first ones of a new feed.
    Continuous,
    /// What happened since the cursor is no longer kept: read the threads again.
    Broken,
}

/// Drops events that were handed on before and remembers where to go on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ChatFeed {
    cursor: Option<u64>,
}

impl ChatFeed {
    /// A feed that goes on after `cursor`; `None` starts with what happens from now on.
    #[must_use]
    pub const fn new(cursor: Option<u64>) -> Self {
        Self { cursor }
    }

    /// What to name in `subscribe`: the position of the last event handed on.
    #[must_use]
    pub const fn cursor(&self) -> Option<u64> {
        self.cursor
    }

    /// Takes `subscribed` of the chat topic. Once per socket, before any of its events.
    pub const fn handle_subscribed(&mut self, cursor: Option<u64>, expired: bool) -> Continuity {
        if expired {
            // The server's place counts even where it is lower: its log may have been replaced, and a
            // cursor beyond its end would drop everything.
            self.cursor = cursor;
            return Continuity::Broken;
        }
        if self.cursor.is_none() {
            self.cursor = cursor;
        }
        Continuity::Continuous
    }

    /// Takes an `event` frame. Returns the event if it is to be handed on, `None` if that happened before.
    ///
    /// Events without a position (typing) always pass.
    pub fn handle_event(&mut self, position: Option<u64>, event: ChatEvent) -> Option<ChatEvent> {
        let Some(position) = position else {
            return Some(event);
        };
        if self.cursor.is_some_and(|cursor| position <= cursor) {
            return None;
        }
        self.cursor = Some(position);
        Some(event)
    }
}

#[cfg(test)]
mod tests {
    use openline_protocol::{RawId, ThreadId, Timestamp};
    use proptest::prelude::*;

    use super::*;

    fn typing() -> ChatEvent {
        ChatEvent::TypingIndicatorReceived {
            thread_id: ThreadId::new("19:x@thread.v2"),
            sender: RawId::new("8:acs:r_u"),
            sender_display_name: String::new(),
            received_on: Timestamp::default(),
            version: "0".to_owned(),
        }
    }

    #[test]
    fn a_new_feed_starts_where_the_server_is() {
        let mut feed = ChatFeed::new(None);
        assert_eq!(feed.handle_subscribed(Some(40), false), Continuity::Continuous);
        assert_eq!(feed.cursor(), Some(40));
        assert!(feed.handle_event(Some(40), typing()).is_none());
        assert!(feed.handle_event(Some(41), typing()).is_some());
    }

    #[test]
    fn a_known_cursor_is_not_moved_by_a_subscription() {
        let mut feed = ChatFeed::new(Some(7));
        assert_eq!(feed.handle_subscribed(Some(90), false), Continuity::Continuous);
        assert_eq!(feed.cursor(), Some(7));
    }

    #[test]
    fn an_expired_cursor_breaks_continuity_and_takes_the_servers_place() {
        let mut feed = ChatFeed::new(Some(700));
        assert_eq!(feed.handle_subscribed(Some(90), true), Continuity::Broken);
        assert!(feed.handle_event(Some(91), typing()).is_some());
    }

    #[test]
    fn an_event_without_a_position_passes_and_moves_nothing() {
        let mut feed = ChatFeed::new(Some(7));
        assert!(feed.handle_event(None, typing()).is_some());
        assert!(feed.handle_event(None, typing()).is_some());
        assert_eq!(feed.cursor(), Some(7));
    }

    proptest! {
        /// Sockets break anywhere; each new one repeats from the cursor, or from somewhat before it.
        #[test]
        fn every_event_is_handed_on_once_and_in_order(
            gaps in prop::collection::vec(1u64..9, 1..80),
            breaks in prop::collection::vec((0usize..80, 0usize..5), 0..8),
        ) {
            let log: Vec<u64> = gaps.iter().scan(0, |at, gap| { *at += gap; Some(*at) }).collect();
            let mut feed = ChatFeed::new(Some(0));
            let mut handed_on = Vec::new();
            let mut sockets: Vec<(usize, usize)> = breaks;
            sockets.push((usize::MAX, 2));
            for (received, repeated) in sockets {
                let next = log.iter().position(|at| Some(*at) > feed.cursor()).unwrap_or(log.len());
                for position in log.iter().skip(next.saturating_sub(repeated)).take(received) {
                    if feed.handle_event(Some(*position), typing()).is_some() {
                        handed_on.push(*position);
                    }
                }
            }
            prop_assert_eq!(handed_on, log);
        }
    }
}
