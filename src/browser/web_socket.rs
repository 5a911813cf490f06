//! One WebSocket. web-sys and not gloo-net, whose sends wait for a task: the goodbye of a closing page cannot.

use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{CloseEvent, MessageEvent, WebSocket};

use super::listener::Listener;

/// What happened on the socket.
pub(crate) enum SocketEvent {
    /// It is open.
    Opened,
    /// A text frame arrived.
    Text(String),
    /// A frame that is not text arrived.
    Binary,
    /// It closed, or never opened. The close code, where the other side gave one.
    Closed(Option<u16>),
}

/// A socket. Dropping it stops its events and closes it.
pub(crate) struct Socket {
    socket: WebSocket,
    listeners: Vec<Listener>,
}

/// What browsers report where no close frame arrived: no code given, and an abnormal end.
const NO_CODE: [u16; 2] = [1005, 1006];

impl Socket {
    /// Whether there is a `WebSocket`: Node has one since 22.
    pub(crate) fn is_supported() -> bool {
        js_sys::Reflect::get(&js_sys::global(), &"WebSocket".into()).is_ok_and(|class| class.is_function())
    }

    /// Opens a socket; `on_event` hears of everything that happens to it.
    pub(crate) fn open(url: &str, on_event: impl Fn(SocketEvent) + Clone + 'static) -> Result<Self, JsValue> {
        let socket = WebSocket::new(url)?;
        let (opened, message, closed) = (on_event.clone(), on_event.clone(), on_event);
        let listeners = vec![
            Listener::new(&socket, "open", move |_| opened(SocketEvent::Opened)),
            Listener::new(&socket, "message", move |event| {
                let data = event.unchecked_into::<MessageEvent>().data();
                message(data.as_string().map_or(SocketEvent::Binary, SocketEvent::Text));
            }),
            Listener::new(&socket, "close", move |event| {
                let code = event.unchecked_into::<CloseEvent>().code();
                closed(SocketEvent::Closed((!NO_CODE.contains(&code)).then_some(code)));
            }),
        ];
        Ok(Self { socket, listeners })
    }

    /// Sends a text frame. One that cannot be sent is dropped: the close event follows.
    pub(crate) fn send(&self, text: &str) {
        drop(self.socket.send_with_str(text));
    }

    /// Closes the socket and reports nothing more of it.
    pub(crate) fn close(mut self, code: u16) {
        self.listeners.clear();
        drop(self.socket.close_with_code(code));
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.listeners.clear();
        // Without effect on a socket that is closed or closing.
        drop(self.socket.close());
    }
}
