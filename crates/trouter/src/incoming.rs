//! What a frame of the client says.

use serde::Deserialize;

use crate::frame::{BadFrame, Frame, FrameKind};

/// A frame of the client, as far as the server cares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Incoming {
    /// The client leaves.
    Left,
    /// An event, to be acknowledged where it has an id.
    Event { id: Option<u64>, event: ClientEvent },
    /// The answer to a request.
    Answer(Answer),
    /// A sign of life, or a kind of frame that the client has no use for.
    Nothing,
}

/// The events that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClientEvent {
    Ping,
    LossProcessed,
    Other,
}

/// What the client made of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) struct Answer {
    /// The request.
    #[serde(rename = "id")]
    pub(crate) request_id: u64,
    /// As in HTTP.
    pub(crate) status: u16,
}

#[derive(Deserialize)]
struct NamedEvent {
    name: String,
}

impl Incoming {
    pub(crate) fn parse(text: &str) -> Result<Self, BadFrame> {
        let Frame { kind, id, data } = Frame::parse(text)?;
        Ok(match kind {
            FrameKind::Disconnect => Self::Left,
            FrameKind::Event => Self::Event {
                id: id.map(|id| id.number),
                event: event(&data.ok_or(BadFrame::Data)?)?,
            },
            FrameKind::Message => {
                let answer = serde_json::from_str(&data.ok_or(BadFrame::Data)?);
                Self::Answer(answer.map_err(|_malformed| BadFrame::Data)?)
            }
            FrameKind::Connect
            | FrameKind::Heartbeat
            | FrameKind::Json
            | FrameKind::Ack
            | FrameKind::Error
            | FrameKind::Noop => Self::Nothing,
        })
    }
}

fn event(json: &str) -> Result<ClientEvent, BadFrame> {
    let event: NamedEvent = serde_json::from_str(json).map_err(|_malformed| BadFrame::Data)?;
    Ok(match event.name.as_str() {
        "ping" => ClientEvent::Ping,
        "trouter.processed_message_loss" => ClientEvent::LossProcessed,
        _ => ClientEvent::Other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_client_sends_is_understood() {
        let event = |id, event| Ok(Incoming::Event { id, event });
        let answer = |request_id, status| Ok(Incoming::Answer(Answer { request_id, status }));
        for (text, expected) in [
            ("0::", Ok(Incoming::Left)),
            ("2::", Ok(Incoming::Nothing)),
            ("8::", Ok(Incoming::Nothing)),
            (r#"5:1+::{"name":"ping"}"#, event(Some(1), ClientEvent::Ping)),
            (
                r#"5:2+::{"name":"user.activity","args":[{"state":"active","cv":"x"}]}"#,
                event(Some(2), ClientEvent::Other),
            ),
            (
                r#"5:::{"name":"trouter.processed_message_loss","args":[]}"#,
                event(None, ClientEvent::LossProcessed),
            ),
            (
                r#"3:::{"id":4,"status":200,"headers":{"trouter-client":"{}"},"body":""}"#,
                answer(4, 200),
            ),
            ("5:1+::", Err(BadFrame::Data)),
            ("5:1+::[]", Err(BadFrame::Data)),
            ("3::", Err(BadFrame::Data)),
            (r#"3:::{"id":"4","status":200}"#, Err(BadFrame::Data)),
            (r#"3:::{"id":4}"#, Err(BadFrame::Data)),
        ] {
            assert_eq!(Incoming::parse(text), expected, "{text}");
        }
    }
}
