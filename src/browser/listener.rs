//! DOM event listeners that are removed when dropped.

use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{Event, EventTarget};

/// A registered listener. Dropping it removes it; it may be dropped from within its own callback.
pub(crate) struct Listener {
    target: EventTarget,
    name: &'static str,
    callback: Closure<dyn FnMut(Event)>,
}

impl Listener {
    /// Calls `callback` for every `name` event of `target`.
    pub(crate) fn new(
        target: &EventTarget,
        name: &'static str,
        callback: impl FnMut(Event) + 'static,
    ) -> Self {
        let callback = Closure::new(callback);
        // Fails only for options that are not given here.
        drop(target.add_event_listener_with_callback(name, callback.as_ref().unchecked_ref()));
        Self {
            target: target.clone(),
            name,
            callback,
        }
    }

    /// The same on the global object (window or worker); `None` where it is no event target.
    pub(crate) fn global(name: &'static str, callback: impl FnMut(Event) + 'static) -> Option<Self> {
        let target: EventTarget = js_sys::global().dyn_into().ok()?;
        Some(Self::new(&target, name, callback))
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.callback.as_ref().unchecked_ref();
        drop(
            self.target
                .remove_event_listener_with_callback(self.name, callback),
        );
    }
}
