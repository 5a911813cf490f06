//! Carries out what the credential core asks for: calls the refresher, settles promises, keeps the timer.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use js_sys::{Function, Promise};
use openline_identity::{Credential, Output, RefreshId, RequestId, SuppliedToken};
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};
use web_sys::{AbortController, AbortSignal, EventTarget};

use super::supplied::{access_token_to_js, get_token_error, supplied_token};
use crate::{
    browser::{clock, listener::Listener, random, timer::Timer},
    js::{
        error::type_error,
        object,
        promise::{resolved, spawn},
    },
};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = warn)]
    fn console_warn(message: &str);
}

thread_local! {
    static WARNED_OF_OPAQUE_TOKEN: Cell<bool> = const { Cell::new(false) };
}

/// What one credential object owns.
pub(super) struct Shared {
    core: RefCell<Credential<JsValue>>,
    refresher: Option<Function>,
    callers: RefCell<Vec<Caller>>,
    refreshes: RefCell<Vec<(RefreshId, AbortController)>>,
    timer: RefCell<Option<Timer>>,
    wake_ups: RefCell<Vec<Listener>>,
}

/// Somebody who waits for `getToken`.
struct Caller {
    request: RequestId,
    resolve: Function,
    reject: Function,
    _abort: Option<Listener>,
}

impl Shared {
    pub(super) fn new(core: Credential<JsValue>, refresher: Option<Function>) -> Rc<Self> {
        let shared = Rc::new(Self {
            core: RefCell::new(core),
            refresher,
            callers: RefCell::default(),
            refreshes: RefCell::default(),
            timer: RefCell::default(),
            wake_ups: RefCell::default(),
        });
        shared.listen_for_wake_ups();
        shared.pump();
        shared
    }

    pub(super) fn get_token(self: &Rc<Self>, options: &JsValue) -> Promise {
        if let Some(refused) = object::get_string(options, "refusedToken") {
            self.core.borrow_mut().handle_refused(&refused, clock::wall());
        }
        let signal = object::get(options, "abortSignal");
        let aborted = signal.as_ref().and_then(|signal| object::get(signal, "aborted"));
        let aborted = aborted.is_some_and(|aborted| aborted.is_truthy());
        let request = self.core.borrow_mut().handle_get_token(aborted, clock::wall());
        let abort = signal
            .filter(|_| !aborted)
            .map(|signal| self.listen_for_abort(request, signal));
        let mut abort = Some(abort.flatten());
        let promise = Promise::new(&mut |resolve, reject| {
            let _abort = abort.take().flatten();
            let caller = Caller {
                request,
                resolve: resolve.unchecked_into(),
                reject: reject.unchecked_into(),
                _abort,
            };
            self.callers.borrow_mut().push(caller);
        });
        self.pump();
        promise
    }

    pub(super) fn dispose(self: &Rc<Self>) {
        self.core.borrow_mut().dispose();
        self.wake_ups.borrow_mut().clear();
        self.pump();
    }

    /// Carries out everything the core asks for. No borrow is held while JavaScript runs.
    fn pump(self: &Rc<Self>) {
        loop {
            let output = self.core.borrow_mut().poll_output();
            match output {
                Some(Output::Refresh { refresh, aborted }) => self.refresh(refresh, aborted),
                Some(Output::AbortRefresh { refresh }) => self.abort_refresh(refresh),
                Some(Output::Resolve { request, token }) => {
                    self.settle(request, Ok(access_token_to_js(&token)))
                }
                Some(Output::Reject { request, error }) => self.settle(request, Err(get_token_error(error))),
                Some(Output::OpaqueToken) => warn_of_opaque_token(),
                None => break,
            }
        }
        self.arm_timer();
    }

    fn refresh(self: &Rc<Self>, refresh: RefreshId, aborted: bool) {
        let (Some(refresher), Ok(controller)) = (&self.refresher, AbortController::new()) else {
            return;
        };
        if aborted {
            controller.abort();
        }
        let signal: AbortSignal = controller.signal();
        self.refreshes.borrow_mut().push((refresh, controller));
        let answer = refresher.call1(&JsValue::UNDEFINED, &signal);
        let shared = Rc::clone(self);
        spawn(async move {
            let answer = match answer {
                Ok(promise) => resolved(&promise).await,
                Err(error) => Err(error),
            };
            shared
                .refreshes
                .borrow_mut()
                .retain(|(known, _)| *known != refresh);
            let result = answer.and_then(|answer| supplied(&answer));
            shared
                .core
                .borrow_mut()
                .handle_refreshed(refresh, result, clock::wall(), random::unit());
            shared.pump();
        });
    }

    fn abort_refresh(&self, refresh: RefreshId) {
        let controller = self
            .refreshes
            .borrow()
            .iter()
            .find(|(known, _)| *known == refresh)
            .map(|(_, controller)| controller.clone());
        if let Some(controller) = controller {
            controller.abort();
        }
    }

    fn settle(&self, request: RequestId, result: Result<JsValue, JsValue>) {
        let caller = {
            let mut callers = self.callers.borrow_mut();
            let index = callers.iter().position(|caller| caller.request == request);
            index.map(|index| callers.remove(index))
        };
        if let Some(caller) = caller {
            let (settle, value) = match &result {
                Ok(token) => (&caller.resolve, token),
                Err(error) => (&caller.reject, error),
            };
            // The functions of a promise do not throw.
            drop(settle.call1(&JsValue::UNDEFINED, value));
        }
    }

    fn listen_for_abort(self: &Rc<Self>, request: RequestId, signal: JsValue) -> Option<Listener> {
        object::get_function(&signal, "addEventListener")?;
        let shared = Rc::downgrade(self);
        Some(Listener::new(
            &signal.unchecked_into::<EventTarget>(),
            "abort",
            move |_| {
                if let Some(shared) = shared.upgrade() {
                    shared.core.borrow_mut().handle_abort(request);
                    shared.pump();
                }
            },
        ))
    }

    /// Timers stand still while the machine sleeps or the page is frozen.
    fn listen_for_wake_ups(self: &Rc<Self>) {
        if self.refresher.is_none() {
            return;
        }
        let wake_up = |shared: &Weak<Self>| {
            let shared = shared.clone();
            move |_| {
                if let Some(shared) = shared.upgrade() {
                    shared.core.borrow_mut().handle_wake(clock::wall());
                    shared.pump();
                }
            }
        };
        let shared = Rc::downgrade(self);
        let mut listeners = self.wake_ups.borrow_mut();
        listeners.extend(Listener::global("online", wake_up(&shared)));
        listeners.extend(Listener::global("pageshow", wake_up(&shared)));
        if let Some(document) = web_sys::window().and_then(|window| window.document()) {
            listeners.push(Listener::new(&document, "visibilitychange", wake_up(&shared)));
        }
    }

    fn arm_timer(self: &Rc<Self>) {
        let delay = self.core.borrow().poll_delay(clock::wall());
        let timer = delay.map(|delay| {
            let shared = Rc::downgrade(self);
            Timer::after(delay, move || {
                if let Some(shared) = shared.upgrade() {
                    shared.core.borrow_mut().handle_timeout(clock::wall());
                    shared.pump();
                }
            })
        });
        *self.timer.borrow_mut() = timer;
    }
}

fn supplied(answer: &JsValue) -> Result<SuppliedToken, JsValue> {
    supplied_token(answer).ok_or_else(|| {
        type_error("The tokenRefresher must return a token: a string, or { token, expiresOnTimestamp }.")
    })
}

fn warn_of_opaque_token() {
    if !WARNED_OF_OPAQUE_TOKEN.replace(true) {
        console_warn(
            "openline: a token's expiry cannot be read, so it is taken to last for a while. Pass a JWT, or { token, expiresOnTimestamp }.",
        );
    }
}
