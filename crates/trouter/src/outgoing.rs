//! The frames that the server sends.

use serde::Serialize;
use serde_json::json;

use crate::frame::{Frame, FrameKind};

/// The connection is taken.
pub(crate) fn connect() -> String {
    Frame::bare(FrameKind::Connect).to_string()
}

/// The client may count on the connection, and be found under its address for `ttl_s` seconds.
pub(crate) fn connected(ttl_s: u64) -> String {
    event("trouter.connected", &json!({"dur": "0", "ttl": ttl_s}))
}

/// Events were lost; `etag` names the place from which nothing is missing.
pub(crate) fn message_loss(etag: u64) -> String {
    let dropped = json!([{"tag": "chat", "etag": etag.to_string()}]);
    event("trouter.message_loss", &json!({"droppedIndicators": dropped}))
}

/// The token is not good any more: the client asks for another and connects anew.
pub(crate) fn unauthorized() -> String {
    Frame::with_data(FrameKind::Disconnect, r#"{"reason":"unauthorized"}"#).to_string()
}

/// The client's event arrived.
pub(crate) fn ack(id: u64) -> String {
    Frame::with_data(FrameKind::Ack, id.to_string()).to_string()
}

/// The client's ping arrived.
pub(crate) fn pong(id: u64) -> String {
    Frame::with_data(FrameKind::Ack, format!(r#"{id}+["pong"]"#)).to_string()
}

/// A request that carries an event.
pub(crate) fn request(id: u64, body: &str) -> String {
    #[derive(Serialize)]
    struct Request<'a> {
        id: u64,
        method: &'a str,
        url: &'a str,
        headers: Empty,
        body: &'a str,
    }
    #[derive(Serialize)]
    struct Empty {}
    let request = Request {
        id,
        method: "POST",
        url: "/",
        headers: Empty {},
        body,
    };
    let json = serde_json::to_string(&request).expect("it has string keys and no failing serialiser");
    Frame::with_data(FrameKind::Message, json).to_string()
}

fn event(name: &str, argument: &serde_json::Value) -> String {
    let event = json!({"name": name, "args": [argument]});
    Frame::with_data(FrameKind::Event, event.to_string()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_those_of_the_reference() {
        assert_eq!(connect(), "1::");
        assert_eq!(ack(7), "6:::7");
        assert_eq!(pong(7), r#"6:::7+["pong"]"#);
        assert_eq!(
            connected(60),
            r#"5:::{"args":[{"dur":"0","ttl":60}],"name":"trouter.connected"}"#
        );
        assert_eq!(
            message_loss(9),
            r#"5:::{"args":[{"droppedIndicators":[{"etag":"9","tag":"chat"}]}],"name":"trouter.message_loss"}"#
        );
        assert_eq!(unauthorized(), r#"0:::{"reason":"unauthorized"}"#);
        assert_eq!(
            request(3, r#"{"eventId":200}"#),
            r#"3:::{"id":3,"method":"POST","url":"/","headers":{},"body":"{\"eventId\":200}"}"#
        );
    }
}
