//! What a client decides about its calls: their states, what is sent about them, what happens on their peer
//! connections, and when they are given up.
//!
//! The edge hands in what the user asks, what the session brings and what the peer connections tell, and carries out
//! what [`CallAgent::poll_output`] gives, in order, after every input. Ids come from outside. It decides nothing about
//! who rings and who answered: that is the server's.

mod by_id;
mod call;
mod end;
mod error;
mod event;
mod farewell;
mod hold;
mod media;
mod media_io;
mod media_path;
mod notice;
mod operation;
mod session;
mod timeout;
mod transfer;

use std::{collections::VecDeque, time::Duration};

use by_id::ById;
use call::Call;
use farewell::Farewell;
use openline_protocol::{
    CallId, Instant, RawId,
    realtime::{CallCommand, CallPeer, MediaState, Transferor},
};

pub use error::{CallOver, NotConnected, NotRinging, StartCallError};
pub use event::{CallAgentEvent, CallAgentOutput, CallDirection, CallState, ParticipantState, RemotePeer};
pub use media_io::{MediaInput, MediaOutput, PeerConnectionState};
use session::Link;
pub use session::SessionChange;
pub use transfer::TransferCall;

/// All calls of one client.
///
/// # Example
///
/// ```
/// use openline_call::agent::{CallAgent, CallAgentOutput, SessionChange, StartCall};
/// use openline_protocol::{Instant, realtime::MediaState};
///
/// let now = Instant::from_millis(0);
/// let mut agent = CallAgent::new();
/// agent.handle_session(SessionChange::Connected { resumed: false, level: 0 }, now);
/// agent.start_call(
///     StartCall {
///         call_id: "8f0e6f3c-0d1b-4a52-9d0f-3f5b3a8a2f11".into(),
///         callee: "8:acs:resource_user".into(),
///         display_name: None,
///         media: MediaState::default(),
///         custom_context: None,
///     },
///     now,
/// )?;
/// while let Some(output) = agent.poll_output() {
///     match output {
///         CallAgentOutput::Send(command) => { /* to the session */ }
///         CallAgentOutput::Event(event) => { /* to the application */ }
///         CallAgentOutput::Media { call_id, output } => { /* to the peer connection */ }
///     }
/// }
/// # Ok::<(), openline_call::agent::StartCallError>(())
/// ```
#[derive(Debug)]
pub struct CallAgent {
    calls: ById<Call>,
    /// The call that was started, accepted or resumed last.
    chosen: Option<CallId>,
    incoming: ById<IncomingCall>,
    /// Ids that calls had before they were merged into another. Each lives as long as its call.
    former_ids: ById<CallId>,
    /// What was ended here, and may have to be said again.
    farewells: Vec<Farewell>,
    link: Link,
    /// What the server understands.
    level: u32,
    outputs: VecDeque<CallAgentOutput>,
}

/// A call to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartCall {
    /// A new GUID, lower case.
    pub call_id: CallId,
    /// Whom to ring.
    pub callee: RawId,
    /// The own name, as the callee sees it.
    pub display_name: Option<String>,
    /// What will be sent.
    pub media: MediaState,
    /// For the callee's application.
    pub custom_context: Option<String>,
}

/// How an incoming call is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptCall {
    /// The own name, as the caller sees it.
    pub display_name: Option<String>,
    /// What will be sent.
    pub media: MediaState,
}

/// A call that rings here.
#[derive(Debug)]
struct IncomingCall {
    caller: CallPeer,
    ring_timeout: Duration,
    rings_until: Instant,
    /// Told with the call.
    custom_context: Option<String>,
    /// Told with the call.
    transferor: Option<Transferor>,
    /// The server started it: where that server is gone, nobody starts it again.
    by_transfer: bool,
    /// The server of a new session has not said that it rings: by when it must.
    shown_until: Option<Instant>,
    /// The application knows of it. Not while this client calls the caller itself.
    announced: bool,
}

impl CallAgent {
    /// An agent without calls. Tell it of the session with [`CallAgent::handle_session`] before calls can be set up.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            calls: ById::new(),
            chosen: None,
            incoming: ById::new(),
            former_ids: ById::new(),
            farewells: Vec::new(),
            link: Link::NotConnected { since: None },
            level: 0,
            outputs: VecDeque::new(),
        }
    }

    /// The next thing to carry out. To be drained after every input.
    pub fn poll_output(&mut self) -> Option<CallAgentOutput> {
        self.outputs.pop_front()
    }

    /// The state of a call, also by an id that it had before a merge; `None` once it was removed.
    #[must_use]
    pub fn call_state(&self, call_id: &CallId) -> Option<CallState> {
        self.calls.get(self.resolve(call_id)).map(|call| call.state)
    }

    /// The calls that are not over, in the order of their ids.
    pub fn call_ids(&self) -> impl Iterator<Item = &CallId> {
        self.calls.keys()
    }

    /// The incoming calls that the application knows of and that still ring, in the order of their ids.
    pub fn incoming_call_ids(&self) -> impl Iterator<Item = &CallId> {
        self.incoming
            .iter()
            .filter(|(_, incoming)| incoming.announced)
            .map(|(call_id, _)| call_id)
    }

    /// The present id of a call that may be named by a former one.
    fn resolve<'a>(&'a self, call_id: &'a CallId) -> &'a CallId {
        self.former_ids.get(call_id).unwrap_or(call_id)
    }

    /// Without a session there is nothing to say: its calls are over, and the starts that remain are sent once there
    /// is one.
    fn send(&mut self, command: CallCommand) {
        if !self.link.is_silent() {
            self.outputs.push_back(CallAgentOutput::Send(command));
        }
    }

    fn emit(&mut self, event: CallAgentEvent) {
        self.outputs.push_back(CallAgentOutput::Event(event));
    }

    fn emit_all(&mut self, events: impl IntoIterator<Item = CallAgentEvent>) {
        self.outputs
            .extend(events.into_iter().map(CallAgentOutput::Event));
    }

    fn media(&mut self, call_id: CallId, output: MediaOutput) {
        self.outputs.push_back(CallAgentOutput::Media { call_id, output });
    }
}

impl Default for CallAgent {
    fn default() -> Self {
        Self::new()
    }
}
