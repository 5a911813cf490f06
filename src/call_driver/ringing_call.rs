//! A call that rings here.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use openline_protocol::{CallEndReason, CallId, realtime::CallPeer};
use wasm_bindgen::JsValue;

use super::{agent::AgentDriver, call_info, call_media::CallMedia};
use crate::js::events::EventEmitter;

/// A call that rings, and afterwards what became of it.
pub(crate) struct RingingCall {
    pub(crate) agent: Weak<AgentDriver>,
    call_id: CallId,
    invitation: Invitation,
    info: JsValue,
    media: RefCell<Option<Rc<CallMedia>>>,
    answering: Cell<bool>,
    end_reason: Cell<Option<CallEndReason>>,
    events: Rc<EventEmitter>,
}

/// What comes with a call that rings.
pub(super) struct Invitation {
    pub(super) caller: CallPeer,
    pub(super) custom_context: Option<String>,
    /// As a plain object, where there is one.
    pub(super) transferor: JsValue,
}

impl RingingCall {
    /// A call that begins to ring. `media` is what it will use once it is answered.
    pub(super) fn new(
        agent: &AgentDriver,
        call_id: CallId,
        invitation: Invitation,
        media: Rc<CallMedia>,
    ) -> Rc<Self> {
        let info = call_info::new(agent.endpoint_id(), Rc::new(RefCell::new(call_id.clone())));
        Rc::new(Self {
            agent: agent.this.clone(),
            call_id,
            invitation,
            info,
            media: RefCell::new(Some(media)),
            answering: Cell::new(false),
            end_reason: Cell::new(None),
            events: EventEmitter::new(),
        })
    }

    /// Its id.
    pub(crate) const fn id(&self) -> &CallId {
        &self.call_id
    }

    /// Who calls.
    pub(crate) const fn caller(&self) -> &CallPeer {
        &self.invitation.caller
    }

    /// What the caller's application sent along, as JSON.
    pub(crate) fn custom_context(&self) -> Option<String> {
        self.invitation.custom_context.clone()
    }

    /// Who handed the caller over.
    pub(crate) fn transferor(&self) -> JsValue {
        self.invitation.transferor.clone()
    }

    /// Its ids, as the page sees them.
    pub(crate) fn info(&self) -> JsValue {
        self.info.clone()
    }

    /// Why it does not ring any more.
    pub(crate) fn end_reason(&self) -> Option<CallEndReason> {
        self.end_reason.get()
    }

    /// Its events.
    pub(crate) const fn events(&self) -> &Rc<EventEmitter> {
        &self.events
    }

    /// Whether it may be answered now; if so, nobody else may until [`give_up_answer`](Self::give_up_answer).
    pub(super) fn begin_answer(&self) -> bool {
        self.end_reason.get().is_none() && !self.answering.replace(true)
    }

    /// The answer did not come about.
    pub(super) fn give_up_answer(&self) {
        self.answering.set(false);
    }

    /// The media for the answer, while it rings.
    pub(super) fn media(&self) -> Option<Rc<CallMedia>> {
        self.media.borrow().clone()
    }

    /// Rings no more; the media goes, unless a call has taken it.
    pub(super) fn end(&self, reason: CallEndReason) {
        self.media.replace(None);
        self.end_reason.set(Some(reason));
    }
}
