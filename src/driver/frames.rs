//! Frames from and to JSON, through the browser, field by field: serde's code for these tagged enums would be half
//! of the SDK. Chat events go to the application and are left as they are. A test holds this to the wire types.

mod write;

use js_sys::Array;
use openline_protocol::{
    CallEndReason,
    realtime::{
        CallNotice, CallPeer, IceCandidate, IceServer, MediaState, PeerSignal, ServerFrame,
        SessionDescription, SessionDescriptionType, Topic, Transferor,
    },
};
use openline_session::{InThread, thread_key};
use wasm_bindgen::{JsCast as _, JsValue};

use crate::js::object::{get, get_string, parse_json};

pub(super) use self::write::write;

/// A chat event as the browser parsed it.
#[derive(Debug, PartialEq)]
pub(super) struct WireEvent(pub(super) JsValue);

impl InThread for WireEvent {
    fn thread_key(&self) -> Option<u64> {
        let thread = get(&self.0, "thread");
        let thread_id = text(thread.as_ref().unwrap_or(&self.0), "threadId");
        thread_id.map(|thread_id| thread_key(&thread_id))
    }
}

/// Reads a frame; `None` where it is of no known type, or malformed.
pub(super) fn read(text: &str) -> Option<ServerFrame<WireEvent>> {
    frame(&parse_json(text)?)
}

fn frame(frame: &JsValue) -> Option<ServerFrame<WireEvent>> {
    Some(match kind(frame)?.as_str() {
        "welcome" => ServerFrame::Welcome {
            version: small(frame, "version")?,
            session_id: text(frame, "sessionId")?.into(),
            endpoint_id: text(frame, "endpointId")?.into(),
            resumed: flag(frame, "resumed")?,
            received_seq: number(frame, "receivedSeq")?,
            heartbeat_interval_ms: number(frame, "heartbeatIntervalMs")?,
            session_grace_ms: number(frame, "sessionGraceMs")?,
            ice_servers: list(frame, "iceServers", ice_server)?,
            level: small(frame, "level").unwrap_or_default(),
        },
        "subscribed" => ServerFrame::Subscribed {
            topic: match text(frame, "topic")?.as_str() {
                "chat" => Topic::Chat,
                "calls" => Topic::Calls,
                _ => return None,
            },
            cursor: number(frame, "cursor"),
            expired: flag(frame, "expired").unwrap_or_default(),
        },
        "notice" => ServerFrame::Notice {
            seq: number(frame, "seq")?,
            notice: notice(&get(frame, "notice")?)?,
        },
        "event" => ServerFrame::Event {
            position: number(frame, "position"),
            thread_sequence: number(frame, "threadSequence"),
            event: WireEvent(get(frame, "event")?),
        },
        "ack" => ServerFrame::Ack {
            received_seq: number(frame, "receivedSeq")?,
        },
        "pong" => ServerFrame::Pong {
            id: number(frame, "id")?,
        },
        "iceServers" => ServerFrame::IceServers {
            ice_servers: list(frame, "iceServers", ice_server)?,
        },
        "tokenExpiring" => ServerFrame::TokenExpiring {
            remaining_ms: number(frame, "remainingMs")?,
        },
        _ => return None,
    })
}

fn ice_server(server: &JsValue) -> Option<IceServer> {
    Some(IceServer {
        urls: list(server, "urls", JsValue::as_string)?,
        username: text(server, "username"),
        credential: text(server, "credential"),
    })
}

fn notice(notice: &JsValue) -> Option<CallNotice> {
    let call_id = text(notice, "callId")?.into();
    Some(match kind(notice)?.as_str() {
        "incoming" => CallNotice::Incoming {
            call_id,
            caller: peer(&get(notice, "caller")?)?,
            ring_timeout_ms: number(notice, "ringTimeoutMs")?,
            custom_context: text(notice, "customContext"),
            transferor: get(notice, "transferor").and_then(|person| transferor(&person)),
        },
        "ringing" => CallNotice::Ringing { call_id },
        "merged" => CallNotice::Merged {
            call_id,
            into: text(notice, "into")?.into(),
        },
        "answered" => CallNotice::Answered {
            call_id,
            peer: peer(&get(notice, "peer")?)?,
            polite: flag(notice, "polite")?,
            ticket: text(notice, "ticket"),
        },
        "signal" => CallNotice::Signal {
            call_id,
            signal: signal(&get(notice, "signal")?)?,
        },
        "media" => CallNotice::Media {
            call_id,
            media: media(&get(notice, "media")?)?,
        },
        "peerReachable" => CallNotice::PeerReachable {
            call_id,
            reachable: flag(notice, "reachable")?,
        },
        "transfer" => CallNotice::Transfer {
            call_id,
            into: text(notice, "into")?.into(),
            target: text(notice, "target")?.into(),
        },
        "ended" => CallNotice::Ended {
            call_id,
            reason: end_reason(&get(notice, "reason")?)?,
        },
        _ => return None,
    })
}

fn peer(peer: &JsValue) -> Option<CallPeer> {
    Some(CallPeer {
        endpoint_id: text(peer, "endpointId")?.into(),
        raw_id: text(peer, "rawId")?.into(),
        display_name: text(peer, "displayName"),
        media: media(&get(peer, "media")?)?,
    })
}

fn transferor(person: &JsValue) -> Option<Transferor> {
    Some(Transferor {
        raw_id: text(person, "rawId")?.into(),
        display_name: text(person, "displayName"),
    })
}

fn media(media: &JsValue) -> Option<MediaState> {
    Some(MediaState {
        held: flag(media, "held").unwrap_or_default(),
        screen: flag(media, "screen").unwrap_or_default(),
        muted: flag(media, "muted")?,
        video: flag(media, "video")?,
        diagnostics: number(media, "diagnostics").unwrap_or_default(),
    })
}

fn end_reason(reason: &JsValue) -> Option<CallEndReason> {
    Some(CallEndReason::new(
        small(reason, "code")?,
        small(reason, "subCode")?,
    ))
}

fn signal(signal: &JsValue) -> Option<PeerSignal> {
    Some(match kind(signal)?.as_str() {
        "description" => PeerSignal::Description(SessionDescription {
            description_type: match text(signal, "descriptionType")?.as_str() {
                "offer" => SessionDescriptionType::Offer,
                "answer" => SessionDescriptionType::Answer,
                _ => return None,
            },
            sdp: text(signal, "sdp")?,
            offer: small(signal, "offer"),
        }),
        "candidate" => PeerSignal::Candidate(IceCandidate {
            candidate: text(signal, "candidate")?,
            sdp_mid: text(signal, "sdpMid"),
            sdp_m_line_index: number(signal, "sdpMLineIndex").and_then(|index| u16::try_from(index).ok()),
            username_fragment: text(signal, "usernameFragment"),
        }),
        "restartIce" => PeerSignal::RestartIce,
        _ => return None,
    })
}

fn kind(value: &JsValue) -> Option<String> {
    text(value, "type")
}

fn text(value: &JsValue, field: &str) -> Option<String> {
    get_string(value, field)
}

fn flag(value: &JsValue, field: &str) -> Option<bool> {
    get(value, field)?.as_bool()
}

/// A whole number; those of the protocol stay below 2^53.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked before"
)]
fn number(value: &JsValue, field: &str) -> Option<u64> {
    let number = get(value, field)?.as_f64()?;
    (number >= 0.0 && number.fract() == 0.0).then_some(number as u64)
}

fn small(value: &JsValue, field: &str) -> Option<u32> {
    u32::try_from(number(value, field)?).ok()
}

fn list<T>(value: &JsValue, field: &str, item: fn(&JsValue) -> Option<T>) -> Option<Vec<T>> {
    let items: Array = get(value, field)?.dyn_into().ok()?;
    items.iter().map(|value| item(&value)).collect()
}

#[cfg(all(test, target_family = "wasm"))]
mod tests;
