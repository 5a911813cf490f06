//! What users of the connection are told.

use openline_protocol::realtime::{CallNotice, Topic};
use wasm_bindgen::JsValue;

use super::ConnectionError;

/// Where the connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConnectionState {
    /// Not connected yet, or trying again.
    Connecting,
    /// In session.
    Connected,
    /// Given up, left, or never begun.
    Disconnected,
}

/// A user of the connection. Called in order, while nothing is borrowed.
pub(crate) trait ConnectionObserver {
    /// The state changed.
    fn on_state(&self, _state: ConnectionState) {}
    /// The connection broke, or an attempt failed, and it is tried again: a fixed word says why.
    fn on_trouble(&self, _reason: &'static str) {}
    /// In session, first or again. `resumed`: the session from before the break goes on, and calls with it.
    fn on_session(&self, _resumed: bool, _level: u32) {}
    /// The session is gone, and the calls it was in. Another one starts by itself unless `on_failed` follows.
    fn on_session_lost(&self) {}
    /// The server confirmed a subscription. `expired`: chat events before it were missed for good.
    fn on_subscribed(&self, _topic: Topic, _expired: bool) {}
    /// Something happened in a call.
    fn on_notice(&self, _notice: CallNotice) {}
    /// Something happened in a thread: a `ChatEvent`, as the browser parsed it.
    fn on_chat_event(&self, _event: &JsValue) {}
    /// The connection was given up; only opening another one helps, if anything does.
    fn on_failed(&self, _error: &ConnectionError) {}
}
