//! The bytes of an event: the event is serialised once, when it is logged; its frame puts its places in
//! front. Live and replayed frames come from here, so they are the same bytes.

use openline_protocol::realtime::ChatEvent;

use crate::bus::Frame;

/// The event as the log keeps it.
pub(super) fn serialise(event: &ChatEvent) -> String {
    serde_json::to_string(event).expect("an event has string keys and no failing serialiser")
}

/// The frame of a serialised event that is not kept.
pub(super) fn frame(event: &str) -> Frame {
    format!(r#"{{"type":"event","event":{event}}}"#).into()
}

/// The frame of a serialised event in the log.
pub(super) fn logged_frame(position: u64, thread_sequence: Option<u64>, event: &str) -> Frame {
    match thread_sequence {
        Some(sequence) => {
            format!(r#"{{"type":"event","position":{position},"threadSequence":{sequence},"event":{event}}}"#)
        }
        None => format!(r#"{{"type":"event","position":{position},"event":{event}}}"#),
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
        let expected = |position, thread_sequence| {
            let event = Box::new(event.clone());
            serde_json::to_string(&ServerFrame::Event {
                position,
                thread_sequence,
                event,
            })
            .unwrap()
        };
        let json = serialise(&event);
        assert_eq!(frame(&json).as_str(), expected(None, None));
        for sequence in [None, Some(3)] {
            assert_eq!(
                logged_frame(81, sequence, &json).as_str(),
                expected(Some(81), sequence)
            );
        }
    }
}
