//! Frames as JSON text, through the browser.

use js_sys::Array;
use openline_protocol::{
    CallEndReason,
    realtime::{
        CallCommand, ClientFrame, IceCandidate, MediaState, PeerSignal, Resume, SessionDescription,
        SessionDescriptionType, Topic,
    },
};
use wasm_bindgen::JsValue;

use crate::js::object::{Plain, to_json};

/// Writes a frame; `None` is out of the question for plain data.
pub(in crate::driver) fn write(frame: &ClientFrame) -> Option<String> {
    to_json(&self::frame(frame).build())
}

fn frame(frame: &ClientFrame) -> Plain {
    match frame {
        ClientFrame::Hello {
            versions,
            token,
            resume,
        } => tagged("hello")
            .with(
                "versions",
                versions
                    .iter()
                    .map(|version| JsValue::from(*version))
                    .collect::<Array>(),
            )
            .with("token", token)
            .with("resume", resume.as_ref().map(self::resume)),
        ClientFrame::Token { token } => tagged("token").with("token", token),
        ClientFrame::Subscribe {
            topic,
            cursor,
            display_name,
        } => tagged("subscribe")
            .with("topic", self::topic(*topic))
            .with("cursor", cursor.map(number))
            .with("displayName", display_name.as_deref()),
        ClientFrame::Unsubscribe { topic } => tagged("unsubscribe").with("topic", self::topic(*topic)),
        ClientFrame::Command { seq, command } => tagged("command")
            .with("seq", number(*seq))
            .with("command", self::command(command).build()),
        ClientFrame::Ack { received_seq } => tagged("ack").with("receivedSeq", number(*received_seq)),
        ClientFrame::Ping { id } => tagged("ping").with("id", number(*id)),
        ClientFrame::Bye => tagged("bye"),
    }
}

fn command(command: &CallCommand) -> Plain {
    let of_type = |name| tagged(name).with("callId", command.call_id().as_str());
    match command {
        CallCommand::Start {
            callee,
            display_name,
            media,
            custom_context,
            ..
        } => of_type("start")
            .with("callee", callee.as_str())
            .with("displayName", display_name.as_deref())
            .with("media", self::media(*media))
            .with("customContext", custom_context.as_deref()),
        CallCommand::Accept {
            display_name, media, ..
        } => of_type("accept")
            .with("displayName", display_name.as_deref())
            .with("media", self::media(*media)),
        CallCommand::Reject { .. } => of_type("reject"),
        CallCommand::HangUp { .. } => of_type("hangUp"),
        CallCommand::Fail { reason, .. } => of_type("fail").with("reason", end_reason(*reason)),
        CallCommand::Signal { signal, .. } => of_type("signal").with("signal", self::signal(signal).build()),
        CallCommand::Media { media, .. } => of_type("media").with("media", self::media(*media)),
        CallCommand::Connected { .. } => of_type("connected"),
        CallCommand::Rejoin { ticket, media, .. } => of_type("rejoin")
            .with("ticket", ticket)
            .with("media", self::media(*media)),
        CallCommand::Transfer {
            into,
            target,
            custom_context,
            ..
        } => of_type("transfer")
            .with("into", into.as_str())
            .with("target", target.as_str())
            .with("customContext", custom_context.as_deref()),
    }
}

fn signal(signal: &PeerSignal) -> Plain {
    match signal {
        PeerSignal::Description(SessionDescription {
            description_type,
            sdp,
            offer,
        }) => tagged("description")
            .with(
                "descriptionType",
                match description_type {
                    SessionDescriptionType::Offer => "offer",
                    SessionDescriptionType::Answer => "answer",
                },
            )
            .with("sdp", sdp)
            .with("offer", *offer),
        PeerSignal::Candidate(IceCandidate {
            candidate,
            sdp_mid,
            sdp_m_line_index,
            username_fragment,
        }) => tagged("candidate")
            .with("candidate", candidate)
            .with("sdpMid", sdp_mid.as_deref())
            .with("sdpMLineIndex", *sdp_m_line_index)
            .with("usernameFragment", username_fragment.as_deref()),
        PeerSignal::RestartIce => tagged("restartIce"),
    }
}

fn resume(resume: &Resume) -> JsValue {
    Plain::new()
        .with("sessionId", resume.session_id.as_str())
        .with("receivedSeq", number(resume.received_seq))
        .with("attempt", resume.attempt)
        .build()
}

fn media(media: MediaState) -> JsValue {
    Plain::new()
        .with("muted", media.muted)
        .with("video", media.video)
        .with("held", media.held.then_some(true))
        .with("screen", media.screen.then_some(true))
        .with(
            "diagnostics",
            Some(media.diagnostics).filter(|told| *told > 0).map(number),
        )
        .build()
}

fn end_reason(reason: CallEndReason) -> JsValue {
    Plain::new()
        .with("code", reason.code)
        .with("subCode", reason.sub_code)
        .build()
}

const fn topic(topic: Topic) -> &'static str {
    match topic {
        Topic::Chat => "chat",
        Topic::Calls => "calls",
    }
}

fn tagged(name: &str) -> Plain {
    Plain::new().with("type", name)
}

/// A number of the protocol; they stay below 2^53.
#[expect(clippy::cast_precision_loss, reason = "exact up to 2^53")]
const fn number(number: u64) -> f64 {
    number as f64
}

#[cfg(all(test, target_family = "wasm"))]
mod tests {
    use openline_protocol::realtime::VERSION;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn every_frame_is_written_as_serde_reads_it() {
        for frame in frames() {
            let text = write(&frame).expect("plain data");
            let read: ClientFrame = serde_json::from_str(&text).expect(&text);
            assert_eq!(read, frame, "{text}");
            // Field for field what serde writes, absent ones included.
            let written: serde_json::Value = serde_json::from_str(&text).expect("JSON");
            assert_eq!(written, serde_json::to_value(&frame).expect("plain data"));
        }
    }

    fn frames() -> Vec<ClientFrame> {
        let resume = Resume {
            session_id: "s".into(),
            received_seq: 9_007_199_254_740_991,
            attempt: 3,
        };
        let hello = |resume| ClientFrame::Hello {
            versions: vec![VERSION, 2],
            token: "t".to_owned(),
            resume,
        };
        let subscribe = |topic, cursor, display_name: Option<&str>| ClientFrame::Subscribe {
            topic,
            cursor,
            display_name: display_name.map(str::to_owned),
        };
        let mut frames = vec![
            hello(None),
            hello(Some(resume)),
            ClientFrame::Token {
                token: "t".to_owned(),
            },
            subscribe(Topic::Chat, Some(0), None),
            subscribe(Topic::Calls, None, Some("Ann \"A\" Ä\n")),
            ClientFrame::Unsubscribe { topic: Topic::Chat },
            ClientFrame::Ack { received_seq: 7 },
            ClientFrame::Ping { id: 8 },
            ClientFrame::Bye,
        ];
        frames.extend(
            (1..)
                .zip(commands())
                .map(|(seq, command)| ClientFrame::Command { seq, command }),
        );
        frames
    }

    fn commands() -> Vec<CallCommand> {
        let call_id = || "c".into();
        let media = MediaState {
            muted: true,
            video: false,
            held: true,
            screen: true,
            diagnostics: (1 << 40) - 1,
        };
        let start = |display_name| CallCommand::Start {
            call_id: call_id(),
            callee: "8:acs:r_u".into(),
            display_name,
            media,
            custom_context: Some("{}".to_owned()),
        };
        let transfer = |custom_context| CallCommand::Transfer {
            call_id: call_id(),
            into: "d".into(),
            target: "8:acs:r_u".into(),
            custom_context,
        };
        let accept = |display_name| CallCommand::Accept {
            call_id: call_id(),
            display_name,
            media,
        };
        let mut commands = vec![
            start(None),
            start(Some("Ann".to_owned())),
            transfer(None),
            transfer(Some("{}".to_owned())),
            accept(None),
            accept(Some(String::new())),
            CallCommand::Reject { call_id: call_id() },
            CallCommand::HangUp { call_id: call_id() },
            CallCommand::Fail {
                call_id: call_id(),
                reason: CallEndReason::MEDIA_LOST,
            },
            CallCommand::Media {
                call_id: call_id(),
                media,
            },
            CallCommand::Connected { call_id: call_id() },
            CallCommand::Rejoin {
                call_id: call_id(),
                ticket: "t".to_owned(),
                media,
            },
        ];
        commands.extend(signals().map(|signal| CallCommand::Signal {
            call_id: call_id(),
            signal,
        }));
        commands
    }

    fn signals() -> [PeerSignal; 5] {
        let description = |description_type| {
            PeerSignal::Description(SessionDescription {
                description_type,
                sdp: "v=0\r\n".to_owned(),
                offer: (description_type == SessionDescriptionType::Answer).then_some(3),
            })
        };
        let candidate = IceCandidate {
            candidate: "candidate:1".to_owned(),
            sdp_mid: Some("0".to_owned()),
            sdp_m_line_index: Some(0),
            username_fragment: Some("f".to_owned()),
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
}
