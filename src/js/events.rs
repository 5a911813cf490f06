//! Event listeners of exported objects, and the queue through which events leave Rust.
//!
//! Listeners run JavaScript that calls straight back into the SDK, so an event is fired only when no borrow is
//! held: whoever decides something queues its events, and the queue runs them in order at the end of the turn
//! (or at [`flush`]). An event raised by a listener is fired after the one that is being fired.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
};

use js_sys::{Array, Function};
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};

use super::{error::type_error, promise::spawn};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = reportError)]
    fn report_error(error: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn console_error(error: &JsValue);
}

/// The listeners of one exported object.
#[derive(Default)]
pub(crate) struct EventEmitter {
    listeners: RefCell<Vec<(String, Function)>>,
    /// Nothing is fired any more.
    over: Cell<bool>,
}

impl EventEmitter {
    /// An emitter without listeners, shared between the exported object and whoever fires its events.
    pub(crate) fn new() -> Rc<Self> {
        Rc::default()
    }

    /// Registers a listener. Registered twice, it is called twice. A name that is never fired is accepted, and not kept
    /// after the [`end`](Self::end).
    #[inline(never)]
    pub(crate) fn on(&self, event: &str, listener: &JsValue) -> Result<(), JsValue> {
        let Some(listener) = listener.dyn_ref::<Function>() else {
            return Err(type_error("The listener must be a function."));
        };
        if !self.over.get() {
            self.listeners
                .borrow_mut()
                .push((event.to_owned(), listener.clone()));
        }
        Ok(())
    }

    /// Removes the latest registration of a listener; nothing happens if there is none.
    #[inline(never)]
    pub(crate) fn off(&self, event: &str, listener: &JsValue) {
        let mut listeners = self.listeners.borrow_mut();
        let found = listeners
            .iter()
            .rposition(|(name, known)| name == event && AsRef::<JsValue>::as_ref(known) == listener);
        if let Some(index) = found {
            listeners.remove(index);
        }
    }

    /// Removes every listener.
    pub(crate) fn clear(&self) {
        self.listeners.borrow_mut().clear();
    }

    /// Nothing is fired any more. A listener that knows the object would keep it for ever: what Rust holds of JavaScript no
    /// garbage collector sees through.
    pub(crate) fn end(&self) {
        self.over.set(true);
        self.clear();
    }

    /// Calls the listeners that are registered now, in order. What one throws is reported as an uncaught
    /// error and does not keep the others from being called. The caller holds no borrow.
    pub(crate) fn emit(&self, event: &str, args: &[JsValue]) {
        let listeners: Vec<Function> = self
            .listeners
            .borrow()
            .iter()
            .filter(|(name, _)| name == event)
            .map(|(_, listener)| listener.clone())
            .collect();
        if listeners.is_empty() {
            return;
        }
        let args: Array = args.iter().collect();
        for listener in listeners {
            if let Err(error) = listener.apply(&JsValue::UNDEFINED, &args) {
                report(&error);
            }
        }
    }

    /// Fires the event after those queued before it. See [`defer`].
    pub(crate) fn queue(self: &Rc<Self>, event: &'static str, args: impl Into<Vec<JsValue>>) {
        let emitter = Rc::clone(self);
        let args = args.into();
        defer(move || emitter.emit(event, &args));
    }
}

/// Reports an error that no caller can receive, as the browser does for uncaught ones.
pub(crate) fn report(error: &JsValue) {
    if report_error(error).is_err() {
        console_error(error);
    }
}

#[derive(Default)]
struct Queue {
    waiting: RefCell<VecDeque<Box<dyn FnOnce()>>>,
    running: Cell<bool>,
    scheduled: Cell<bool>,
}

thread_local! {
    static QUEUE: Queue = Queue::default();
}

/// Runs `action` once no Rust borrow is held, after everything deferred before it: at the next [`flush`], or in
/// a microtask. For events, and for anything else that calls JavaScript.
pub(crate) fn defer(action: impl FnOnce() + 'static) {
    let schedule = QUEUE.with(|queue| {
        queue.waiting.borrow_mut().push_back(Box::new(action));
        !queue.scheduled.replace(true)
    });
    if schedule {
        spawn(async {
            QUEUE.with(|queue| queue.scheduled.set(false));
            flush();
        });
    }
}

/// Runs what was deferred, now. Called at the end of an entry from JavaScript, where nothing is borrowed. Does
/// nothing while it is already running: the outer call comes to what is added.
pub(crate) fn flush() {
    QUEUE.with(|queue| {
        if queue.running.replace(true) {
            return;
        }
        loop {
            let next = queue.waiting.borrow_mut().pop_front();
            let Some(action) = next else { break };
            action();
        }
        queue.running.set(false);
    });
}
