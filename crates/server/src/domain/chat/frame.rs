//! The bytes of an event: the event is serialised once, when it is logged; its frame puts the position in
//! front. Live and replayed frames come from here, so they are the same bytes.

use openline_protocol::realtime::ChatEvent;

use crate::bus::Frame;

/// The event as the log keeps it.
pub(super) fn serialise(event: &ChatEvent) -> String {
    serde_json::to_string(event).expect("an event has string keys and no failing serialiser")
}

/// The frame of a serialised event.
pub(super) fn frame(position: Option<u64>, event: &str) -> Frame {
    match position {
        Some(position) => format!(r#"{{"type":"event","position":{position},"event":{event}}}"#),
        None => format!(r#"{{"type":"event","event":{event}}}"#),
    }
    .into()
}

#[cfg(test)]
mod tests {
    use openline_protocol::{RawId, ThreadId, Timestamp, realtime::ServerFrame};

    use super::*;

    #[test]
    fn a_frame_is_what_the_protocol_type_serialises_to() {
        let event = ChatEvent::TypingIndicatorReceived {
            thread_id: ThreadId::new("19:x@thread.v2"),
            sender: RawId::new("8:acs:r_u"),
            sender_display_name: "A \"quoted\" näme".to_owned(),
            received_on: Timestamp::from_millis(7),
            version: "7".to_owned(),
        };
        for position in [None, Some(81)] {
            let expected = serde_json::to_string(&ServerFrame::Event {
                position,
                event: Box::new(event.clone()),
            })
            .unwrap();
            assert_eq!(frame(position, &serialise(&event)).as_str(), expected);
        }
    }
}
