//! The framing: what is written is read back, and nothing else is read.

use std::time::Duration;

use openline_protocol::Instant;
use openline_trouter::{
    BadFrame, ConnectionNumber, Endpoint, EndpointConfig, EndpointOutput, Frame, FrameId, FrameKind, Ledger,
    MAX_FRAME_BYTES, payload,
};
use proptest::prelude::*;

#[test]
fn the_frames_of_the_reference_are_read() {
    let samples = [
        ("1::", FrameKind::Connect, None, None),
        ("2::", FrameKind::Heartbeat, None, None),
        ("0::", FrameKind::Disconnect, None, None),
        ("0:::dup", FrameKind::Disconnect, None, Some("dup")),
        (
            r#"5:7+::{"name":"ping"}"#,
            FrameKind::Event,
            Some((7, true)),
            Some(r#"{"name":"ping"}"#),
        ),
        (r#"6:::7+["pong"]"#, FrameKind::Ack, None, Some(r#"7+["pong"]"#)),
        (r#"3:::{"id":1}"#, FrameKind::Message, None, Some(r#"{"id":1}"#)),
        ("5:0:::", FrameKind::Event, Some((0, false)), Some(":")),
    ];
    for (text, kind, id, data) in samples {
        let frame = Frame::parse(text).unwrap();
        let expected = Frame {
            kind,
            id: id.map(|(number, with_data)| FrameId { number, with_data }),
            data: data.map(str::to_owned),
        };
        assert_eq!(frame, expected, "{text}");
        assert_eq!(frame.to_string(), text);
    }
}

#[test]
fn anything_else_is_refused() {
    let bad = [
        ("", BadFrame::Kind),
        ("9::", BadFrame::Kind),
        ("10::", BadFrame::Kind),
        (" 1::", BadFrame::Kind),
        ("hello", BadFrame::Kind),
        ("1", BadFrame::Namespace),
        ("1:", BadFrame::Namespace),
        ("1::/chat", BadFrame::Namespace),
        ("5:x::{}", BadFrame::Id),
        ("5:+::{}", BadFrame::Id),
        ("5:-1::{}", BadFrame::Id),
        ("5:01::{}", BadFrame::Id),
        ("5:1++::{}", BadFrame::Id),
        ("5:9007199254740992::{}", BadFrame::Id),
    ];
    for (text, problem) in bad {
        assert_eq!(Frame::parse(text), Err(problem), "{text}");
    }
    let long = format!("3:::{}", "x".repeat(MAX_FRAME_BYTES));
    assert_eq!(Frame::parse(&long), Err(BadFrame::TooLong));
}

#[test]
fn a_body_with_lengths_that_do_not_fit_is_refused() {
    for bad in [
        "\u{fffd}",
        "\u{fffd}3",
        "\u{fffd}3\u{fffd}",
        "\u{fffd}3\u{fffd}2:",
        "\u{fffd}3\u{fffd}2::x",
        "\u{fffd}x\u{fffd}2::",
        "\u{fffd}\u{fffd}2::",
        "\u{fffd}-3\u{fffd}2::",
        "\u{fffd}1\u{fffd}\u{1f600}",
        "\u{fffd}99999999999999999999\u{fffd}2::",
    ] {
        assert_eq!(payload::decode(bad), Err(BadFrame::Payload), "{bad:?}");
    }
    let many = "\u{fffd}3\u{fffd}2::".repeat(payload::MAX_FRAMES + 1);
    assert_eq!(payload::decode(&many), Err(BadFrame::Payload));
}

#[test]
fn lengths_count_utf16() {
    let frames = ["3:::\u{1f600}", "3:::ü\u{fffd}"];
    let body = payload::encode(&frames);
    assert_eq!(
        body,
        "\u{fffd}6\u{fffd}3:::\u{1f600}\u{fffd}6\u{fffd}3:::ü\u{fffd}"
    );
    assert_eq!(payload::decode(&body).unwrap(), frames);
}

fn frame() -> impl Strategy<Value = Frame> {
    let kind = prop::sample::select(vec![
        FrameKind::Disconnect,
        FrameKind::Connect,
        FrameKind::Heartbeat,
        FrameKind::Message,
        FrameKind::Json,
        FrameKind::Event,
        FrameKind::Ack,
        FrameKind::Error,
        FrameKind::Noop,
    ]);
    let id = prop::option::of((0..1_u64 << 53, any::<bool>()));
    (kind, id, prop::option::of(any::<String>())).prop_map(|(kind, id, data)| Frame {
        kind,
        id: id.map(|(number, with_data)| FrameId { number, with_data }),
        data,
    })
}

proptest! {
    #[test]
    fn a_frame_is_read_as_it_was_written(frame in frame()) {
        prop_assert_eq!(Frame::parse(&frame.to_string()), Ok(frame));
    }

    #[test]
    fn what_is_read_is_written_as_it_was(text in "[0-9a+:]{0,12}(:.*)?") {
        if let Ok(frame) = Frame::parse(&text) {
            prop_assert_eq!(frame.to_string(), text);
        }
    }

    #[test]
    fn any_number_of_frames_survives_a_body(frames in prop::collection::vec(frame(), 0..payload::MAX_FRAMES)) {
        let texts: Vec<String> = frames.iter().map(Frame::to_string).collect();
        let body = payload::encode(&texts);
        prop_assert_eq!(payload::decode(&body).unwrap(), texts);
    }

    #[test]
    fn no_text_breaks_the_readers(text in any::<String>(), marked in "(\u{fffd}|[0-9]|:|.){0,40}") {
        drop((Frame::parse(&text), payload::decode(&text)));
        if let Ok(frames) = payload::decode(&marked) {
            prop_assert!(frames.len() == 1 || payload::encode(&frames) == marked);
        }
    }

    #[test]
    fn whatever_a_client_sends_what_it_is_sent_can_be_read(
        texts in prop::collection::vec("([0-8]:[0-9]{0,17}\\+?::)?(\\{\"(id|name|status)\":.{0,8}\\}|.{0,8})", 0..8),
        frames in prop::collection::vec(frame(), 0..8),
    ) {
        let now = Instant::from_millis(0);
        let mut endpoint = Endpoint::new(EndpointConfig::default(), Ledger::default());
        endpoint.attach(ConnectionNumber(0), Duration::from_secs(60), now);
        for (position, text) in texts.into_iter().chain(frames.iter().map(Frame::to_string)).enumerate() {
            endpoint.offer(Some(position as u64 + 1), text.clone(), now).unwrap();
            endpoint.frame_received(ConnectionNumber(0), &text, now);
            while let Some(output) = endpoint.poll_output() {
                if let EndpointOutput::Send { frame, .. } = output {
                    prop_assert!(Frame::parse(&frame).is_ok());
                }
            }
        }
    }
}
