//! The frames themselves. Each is one JSON object in one text frame, told apart by `type`.

use serde::{Deserialize, Serialize};

use super::{CallCommand, CallNotice};
use crate::{EndpointId, SessionId};

/// What a client sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ClientFrame {
    /// The first frame of every socket: who is there, and whether a session goes on.
    Hello {
        /// The protocol versions the client speaks.
        versions: Vec<u32>,
        /// The user access token.
        token: String,
        /// The session to go on with, after a break.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        resume: Option<Resume>,
    },
    /// A newer token for the same identity: the session goes on under it.
    Token {
        /// The user access token.
        token: String,
    },
    /// Asks for what a topic carries. Sent again on every new socket for chat (with the cursor), once per session for calls.
    Subscribe {
        /// What to receive.
        topic: Topic,
        /// Chat only: the position of the last event that was handled; absent: from now on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cursor: Option<u64>,
        /// Calls only: the name that others see.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        display_name: Option<String>,
    },
    /// Ends a subscription.
    Unsubscribe {
        /// What not to receive any more.
        topic: Topic,
    },
    /// Something to do, in order and once: numbered from 1 within the session, sent again after a resume.
    Command {
        /// The number of this command.
        seq: u64,
        /// What to do.
        command: CallCommand,
    },
    /// All notices up to here were handled.
    Ack {
        /// The number of the last notice handled.
        received_seq: u64,
    },
    /// A sign of life; the server answers with `pong`.
    Ping {
        /// Comes back in the `pong`.
        id: u64,
    },
    /// The client leaves for good: its session ends now, without the grace period.
    Bye,
}

/// What the server sends. A client ignores a `type` it does not know.
///
/// `E` is a chat event: one that was read, or whatever a client keeps it as until somebody asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ServerFrame<E = Box<super::ChatEvent>> {
    /// The answer to `hello`.
    Welcome {
        /// The version both sides speak from here on.
        version: u32,
        /// The session, new or resumed.
        session_id: SessionId,
        /// This client instance as peers in a call know it.
        endpoint_id: EndpointId,
        /// Whether the session of `resume` goes on. If not, commands and notices start again from 1.
        resumed: bool,
        /// The last command of this session that the server handled.
        received_seq: u64,
        /// How often the client says something at least, in milliseconds.
        heartbeat_interval_ms: u64,
        /// How long the session outlives its socket, in milliseconds.
        session_grace_ms: u64,
        /// STUN and TURN servers for calls.
        ice_servers: Vec<IceServer>,
        /// What the server understands beyond the first form of the version: each level includes those below it. A
        /// client sends what is of a higher one not at all.
        #[serde(default, skip_serializing_if = "is_zero")]
        level: u32,
    },
    /// The answer to `subscribe`. For chat, events after `cursor` follow; for calls, the endpoint can be rung from here on.
    Subscribed {
        /// What is received from here on.
        topic: Topic,
        /// Chat only: the position from which events follow.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cursor: Option<u64>,
        /// Chat only: the cursor asked for is older than what is kept. The client reads its threads again.
        #[serde(default, skip_serializing_if = "is_false")]
        expired: bool,
    },
    /// Something for this session alone, in order and once: numbered from 1, sent again after a resume.
    Notice {
        /// The number of this notice.
        seq: u64,
        /// What happened.
        notice: CallNotice,
    },
    /// A chat event, the same bytes for everyone who gets it.
    Event {
        /// Its place in the resource's log, rising; absent where the event is not kept (typing).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        position: Option<u64>,
        /// Its place among the logged events of its thread, from 1, without gaps; absent where the event is not kept,
        /// or was logged before threads counted theirs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        thread_sequence: Option<u64>,
        /// What happened.
        event: E,
    },
    /// All commands up to here were handled.
    Ack {
        /// The number of the last command handled.
        received_seq: u64,
    },
    /// The answer to `ping`.
    Pong {
        /// The `id` of the `ping`.
        id: u64,
    },
    /// STUN and TURN servers for calls from here on, in place of those before, whose credentials expire.
    IceServers {
        /// The servers.
        ice_servers: Vec<IceServer>,
    },
    /// The token of this session expires soon: send another in a `token` frame.
    TokenExpiring {
        /// Milliseconds left.
        remaining_ms: u64,
    },
}

/// A session to go on with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Resume {
    /// The session.
    pub session_id: SessionId,
    /// The last notice of it that the client handled.
    pub received_seq: u64,
    /// How many times the client has named the session, with this one: a `hello` that was on its way for longer than the
    /// next one takes nothing from that. 0 from clients that do not count.
    #[serde(default)]
    pub attempt: u32,
}

/// What a client can subscribe to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Topic {
    /// Chat events of the user's threads. Needs a chat scope.
    Chat,
    /// Incoming calls: registers the client as an endpoint that rings. Needs a voip scope.
    Calls,
}

/// A STUN or TURN server, in the shape of the browser's `RTCIceServer`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IceServer {
    /// `stun:` or `turn:` URLs.
    pub urls: Vec<String>,
    /// The TURN user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The TURN credential.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for this signature")]
const fn is_zero(value: &u32) -> bool {
    *value == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for this signature")]
const fn is_false(value: &bool) -> bool {
    !*value
}
