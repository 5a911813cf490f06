//! The way to `pkg/local_data.js`, which keeps chat on the device. It is loaded where the application asks for it:
//! docs/adr/0006-local-data-is-javascript.md has the weights.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use js_sys::{Array, Function, Promise};
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};

use super::{credential::CredentialHandle, error::ErrorBuilder, events::EventEmitter, object::get};
use crate::browser::endpoint::Endpoint;

thread_local! {
    static PROVIDER: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Says how `local_data.js` is reached. The package calls it when it starts; applications have no use for it.
#[wasm_bindgen(js_name = provideLocalData, skip_typescript)]
pub fn provide_local_data(provider: Function) {
    PROVIDER.set(Some(provider));
}

/// What a client keeps.
pub(crate) struct LocalData {
    /// Takes whether somebody waits, the name of a method and its arguments, and returns a promise.
    ask: Function,
    /// Whether events arrive, so that a list that is read now is followed by what happens next.
    live: Cell<bool>,
}

impl LocalData {
    /// `None` where the application does not ask for it. `options` are those of the exported client.
    pub(crate) fn new(
        options: &JsValue,
        endpoint: &Endpoint,
        credential: &CredentialHandle,
        events: &Rc<EventEmitter>,
    ) -> Option<Rc<Self>> {
        get(options, "localData")?;
        let provider = PROVIDER.with_borrow(Clone::clone)?;
        let host = LocalDataHost {
            events: Rc::clone(events),
        };
        let args = [
            host.into(),
            credential.to_js(),
            endpoint.url("").into(),
            options.clone(),
        ];
        let ask = provider.apply(&JsValue::UNDEFINED, &args.iter().collect());
        let local = Rc::new(Self {
            ask: ask.ok()?.dyn_into().ok()?,
            live: Cell::new(false),
        });
        local.tell("wake", &[]);
        Some(local)
    }

    /// Calls a method, opening what is kept where it is not open.
    pub(crate) fn ask(&self, method: &str, first: Option<&JsValue>, args: &[JsValue]) -> Promise {
        self.call(true, method, first, args)
    }

    /// The same; nobody waits for it.
    pub(crate) fn tell(&self, method: &str, args: &[JsValue]) {
        drop(self.call(false, method, None, args));
    }

    fn call(&self, waits: bool, method: &str, first: Option<&JsValue>, args: &[JsValue]) -> Promise {
        let all = Array::of2(&waits.into(), &method.into());
        for arg in first.into_iter().chain(args) {
            all.push(arg);
        }
        match self.ask.apply(&JsValue::UNDEFINED, &all) {
            Ok(answer) => answer.unchecked_into(),
            Err(error) => Promise::reject(&error),
        }
    }

    /// Events arrive from now on, after all that was missed.
    pub(crate) fn events_arrive(&self) {
        self.live.set(true);
        self.tell("wake", &[]);
    }

    /// Events were missed, or will be.
    pub(crate) fn events_missed(&self) {
        if self.live.replace(false) {
            self.tell("missed", &[]);
        }
    }

    /// Whether what is read now is followed by what happens next.
    pub(crate) const fn live(&self) -> bool {
        self.live.get()
    }
}

/// Rejects: the client keeps nothing.
pub(crate) fn not_enabled() -> Promise {
    let message = "Give ChatClient the option localData, and take the thread from its getChatThreadClient, to use this.";
    let error = ErrorBuilder::new("LocalDataError", message).with("code", "notEnabled");
    Promise::reject(&error.build())
}

/// What `local_data.js` asks of the core.
#[wasm_bindgen(skip_typescript)]
pub struct LocalDataHost {
    events: Rc<EventEmitter>,
}

#[wasm_bindgen]
impl LocalDataHost {
    /// Tells the application.
    #[wasm_bindgen(skip_typescript)]
    pub fn emit(&self, event: &str, message: JsValue) {
        self.events.emit(event, &[message]);
    }
}
