//! Every frame as the server writes it is read as serde would read it.

use openline_protocol::{
    CallEndReason,
    realtime::{
        CallNotice, CallPeer, IceCandidate, IceServer, MediaState, PeerSignal, ServerFrame,
        SessionDescription, SessionDescriptionType, Topic, Transferor,
    },
};
use wasm_bindgen_test::wasm_bindgen_test;

use openline_session::{InThread as _, thread_key};

use super::{WireEvent, read};

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

type Frame = ServerFrame<serde_json::Value>;

#[wasm_bindgen_test]
fn every_frame_is_read_as_it_was_written() {
    for frame in frames() {
        let text = serde_json::to_string(&frame).expect("plain data");
        assert_eq!(read(&text), Some(as_read(frame)), "{text}");
    }
}

#[wasm_bindgen_test]
fn an_event_is_left_as_it_is() {
    let text = r#"{"type":"event","position":7,"threadSequence":3,"event":{"type":"new","deep":{"er":[1]}}}"#;
    let Some(ServerFrame::Event {
        position: Some(7),
        thread_sequence: Some(3),
        event,
    }) = read(text)
    else {
        panic!("an event")
    };
    assert_eq!(
        js_sys::JSON::stringify(&event.0).expect("plain data"),
        r#"{"type":"new","deep":{"er":[1]}}"#
    );
}

#[wasm_bindgen_test]
fn an_event_tells_its_thread() {
    let key_of = |event: &str| {
        let text = format!(r#"{{"type":"event","event":{event}}}"#);
        let Some(ServerFrame::Event { event, .. }) = read(&text) else {
            panic!("an event")
        };
        event.thread_key()
    };
    assert_eq!(
        key_of(r#"{"type":"chatMessageReceived","threadId":"t"}"#),
        Some(thread_key("t"))
    );
    assert_eq!(
        key_of(r#"{"type":"chatThreadCreated","thread":{"threadId":"t"}}"#),
        Some(thread_key("t"))
    );
    assert_eq!(key_of(r#"{"type":"new"}"#), None);
}

#[wasm_bindgen_test]
fn what_is_unknown_or_malformed_is_no_frame() {
    for text in [
        "",
        "null",
        "[]",
        "{",
        "7",
        r#"{"type":"new"}"#,
        r#"{"type":7}"#,
        r#"{"type":"ack"}"#,
        r#"{"type":"ack","receivedSeq":-1}"#,
        r#"{"type":"ack","receivedSeq":1.5}"#,
        r#"{"type":"ack","receivedSeq":"1"}"#,
        r#"{"type":"event"}"#,
        r#"{"type":"subscribed","topic":"weather"}"#,
        r#"{"type":"notice","seq":1,"notice":{"type":"new","callId":"c"}}"#,
        r#"{"type":"notice","seq":1,"notice":{"type":"ended","callId":"c"}}"#,
    ] {
        assert_eq!(read(text), None, "{text}");
    }
}

fn ice_servers() -> Vec<IceServer> {
    vec![
        IceServer {
            urls: vec!["stun:a".into(), "stun:b".into()],
            username: None,
            credential: None,
        },
        IceServer {
            urls: vec!["turn:c".into()],
            username: Some("u".into()),
            credential: Some("p".into()),
        },
    ]
}

fn frames() -> Vec<Frame> {
    let mut frames = vec![
        Frame::Welcome {
            version: 1,
            session_id: "s".into(),
            endpoint_id: "e".into(),
            resumed: true,
            received_seq: 9_007_199_254_740_991,
            heartbeat_interval_ms: 10_000,
            session_grace_ms: 30_000,
            ice_servers: ice_servers(),
            level: 1,
        },
        Frame::IceServers {
            ice_servers: ice_servers(),
        },
        Frame::Subscribed {
            topic: Topic::Chat,
            cursor: Some(81),
            expired: true,
        },
        Frame::Subscribed {
            topic: Topic::Calls,
            cursor: None,
            expired: false,
        },
        Frame::Ack { received_seq: 0 },
        Frame::Pong { id: 3 },
        Frame::TokenExpiring {
            remaining_ms: 120_000,
        },
    ];
    let numbered = |(seq, notice)| Frame::Notice { seq, notice };
    frames.extend((1..).zip(notices()).map(numbered));
    frames
}

fn notices() -> Vec<CallNotice> {
    let media = MediaState {
        muted: true,
        video: false,
        held: true,
        screen: true,
        diagnostics: (1 << 40) - 1,
    };
    let peer = CallPeer {
        endpoint_id: "e".into(),
        raw_id: "8:acs:r_u".into(),
        display_name: Some("Ann \"A\" Ä\n".into()),
        media,
    };
    let nameless = CallPeer {
        display_name: None,
        ..peer.clone()
    };
    let mut notices = vec![
        CallNotice::Incoming {
            call_id: "c".into(),
            caller: peer,
            ring_timeout_ms: 60_000,
            custom_context: None,
            transferor: None,
        },
        CallNotice::Incoming {
            call_id: "c".into(),
            caller: nameless.clone(),
            ring_timeout_ms: 60_000,
            custom_context: Some("{}".into()),
            transferor: Some(Transferor {
                raw_id: "8:acs:r_u".into(),
                display_name: None,
            }),
        },
        CallNotice::Transfer {
            call_id: "c".into(),
            into: "d".into(),
            target: "8:acs:r_u".into(),
        },
        CallNotice::Ringing { call_id: "c".into() },
        CallNotice::Merged {
            call_id: "c".into(),
            into: "d".into(),
        },
        CallNotice::Answered {
            call_id: "c".into(),
            peer: nameless,
            polite: true,
            ticket: Some("t".into()),
        },
        CallNotice::Media {
            call_id: "c".into(),
            media: MediaState::default(),
        },
        CallNotice::PeerReachable {
            call_id: "c".into(),
            reachable: false,
        },
        CallNotice::Ended {
            call_id: "c".into(),
            reason: CallEndReason::MEDIA_LOST,
        },
    ];
    notices.extend(signals().map(|signal| CallNotice::Signal {
        call_id: "c".into(),
        signal,
    }));
    notices
}

fn signals() -> [PeerSignal; 5] {
    let description = |description_type| {
        PeerSignal::Description(SessionDescription {
            description_type,
            sdp: "v=0\r\n".into(),
            offer: (description_type == SessionDescriptionType::Answer).then_some(3),
        })
    };
    let candidate = IceCandidate {
        candidate: "candidate:1".into(),
        sdp_mid: Some("0".into()),
        sdp_m_line_index: Some(0),
        username_fragment: Some("f".into()),
    };
    let last = IceCandidate {
        candidate: String::new(),
        sdp_mid: None,
        sdp_m_line_index: None,
        username_fragment: None,
    };
    [
        description(SessionDescriptionType::Offer),
        description(SessionDescriptionType::Answer),
        PeerSignal::Candidate(candidate),
        PeerSignal::Candidate(last),
        PeerSignal::RestartIce,
    ]
}

/// The same frame with the other form of events, of which there are none. A new kind of frame stops here.
fn as_read(frame: Frame) -> ServerFrame<WireEvent> {
    match frame {
        Frame::Welcome {
            version,
            session_id,
            endpoint_id,
            resumed,
            received_seq,
            heartbeat_interval_ms,
            session_grace_ms,
            ice_servers,
            level,
        } => ServerFrame::Welcome {
            version,
            session_id,
            endpoint_id,
            resumed,
            received_seq,
            heartbeat_interval_ms,
            session_grace_ms,
            ice_servers,
            level,
        },
        Frame::Subscribed {
            topic,
            cursor,
            expired,
        } => ServerFrame::Subscribed {
            topic,
            cursor,
            expired,
        },
        Frame::Notice { seq, notice } => ServerFrame::Notice { seq, notice },
        Frame::Event { .. } => panic!("not among the samples"),
        Frame::Ack { received_seq } => ServerFrame::Ack { received_seq },
        Frame::Pong { id } => ServerFrame::Pong { id },
        Frame::IceServers { ice_servers } => ServerFrame::IceServers { ice_servers },
        Frame::TokenExpiring { remaining_ms } => ServerFrame::TokenExpiring { remaining_ms },
    }
}
