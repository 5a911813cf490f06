//! A client instance (a tab) with its lock: feeds the state machine, and carries out what it decides.
//!
//! Everything under the lock is in memory and does not wait. Locks are taken in the order instance, then queue or
//! saver; nobody holds the registry's lock while taking an instance's.

mod connection;
mod state;

use std::{
    fmt, mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use openline_protocol::Instant;
use openline_trouter::{CloseReason, ConnectionNumber, Endpoint, EndpointOutput, Full, Ledger};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub(super) use self::connection::{Connection, Transport};
use self::state::{Stage, State, known};
use super::{metrics::count_delivered, service::Shared};
use crate::{
    domain::token::{Standing, VerifiedToken},
    storage::{TrouterEndpointKey, TrouterEndpointRow},
};

/// A client instance that is connected, or was lately.
pub(super) struct Instance {
    pub(super) key: TrouterEndpointKey,
    pub(super) shared: Arc<Shared>,
    /// Something for the driver to look at.
    pub(super) wake: Notify,
    /// Nobody can connect to it any more: ask the registry for another.
    pub(super) ended: CancellationToken,
    state: Mutex<State>,
}

/// It ends: wait for [`Instance::ended`] and connect to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ending;

impl fmt::Debug for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Instance").finish_non_exhaustive()
    }
}

impl Instance {
    pub(super) fn new(shared: Arc<Shared>, key: TrouterEndpointKey) -> Arc<Self> {
        Arc::new(Self {
            key,
            shared,
            wake: Notify::new(),
            ended: CancellationToken::new(),
            state: Mutex::default(),
        })
    }

    /// Its row was read: greets who waits.
    pub(super) fn begin(self: &Arc<Self>, ledger: Ledger) {
        let now = self.shared.clock.monotonic();
        let mut state = self.state();
        state.saved = ledger.clone();
        let mut core = Endpoint::new(self.shared.settings.endpoint, ledger);
        if self.shared.is_draining() {
            core.pause();
        }
        for connection in &state.connections {
            core.attach(connection.number, self.shared.remaining(&connection.token), now);
        }
        state.stage = Stage::Live(Box::new(core));
        self.settle(&mut state);
    }

    /// Takes a connection.
    pub(super) fn attach(self: &Arc<Self>, connection: Connection) -> Result<(), Ending> {
        let now = self.shared.clock.monotonic();
        let remaining = self.shared.remaining(&connection.token);
        let mut state = self.state();
        if matches!(state.stage, Stage::Ending(_)) || (state.stopped && state.connections.is_empty()) {
            return Err(Ending);
        }
        state.stopped = false;
        let number = connection.number;
        connection.transport.gauge().increment(1);
        state.connections.push(connection);
        if let Stage::Live(core) = &mut state.stage {
            core.attach(number, remaining, now);
        }
        self.settle(&mut state);
        drop(state);
        self.wake.notify_one();
        Ok(())
    }

    /// A connection is gone.
    pub(super) fn detach(self: &Arc<Self>, number: ConnectionNumber) {
        self.with_core(|core, now| core.detach(number, now));
        let mut state = self.state();
        state.let_go(number);
        drop(state);
        self.shared.settled.notify_one();
        self.wake.notify_one();
    }

    /// A frame arrived.
    pub(super) fn frame_received(self: &Arc<Self>, number: ConnectionNumber, frame: &str) {
        self.with_core(|core, now| core.frame_received(number, frame, now));
    }

    /// A sign of life below the frames.
    pub(super) fn heard(self: &Arc<Self>, number: ConnectionNumber) {
        self.with_core(|core, now| core.heard(number, now));
    }

    /// A poll came with a token that is good.
    pub(super) fn token_renewed(self: &Arc<Self>, number: ConnectionNumber, token: &VerifiedToken) {
        let remaining = self.shared.remaining(token);
        let mut state = self.state();
        if let Some(connection) = state.connections.iter_mut().find(|one| one.number == number) {
            connection.token = token.clone();
        }
        drop(state);
        self.with_core(|core, now| {
            core.heard(number, now);
            core.token_renewed(number, remaining, now);
        });
    }

    /// Closes a connection.
    pub(super) fn close(self: &Arc<Self>, number: ConnectionNumber, reason: CloseReason) {
        self.with_core(|core, now| core.close_connection(number, reason, now));
        // While it is loading nobody else does.
        let mut state = self.state();
        if let Some(connection) = state.let_go(number) {
            connection.queue.close(reason);
        }
    }

    /// Closes what was opened with tokens from before `generation`.
    pub(super) fn close_revoked(self: &Arc<Self>, generation: u64) {
        for connection in self.connections() {
            if connection.token.generation < generation {
                self.close(connection.number, CloseReason::Unauthorized);
            }
        }
    }

    /// Looks the tokens up, in case word of a revocation was lost. A database that does not answer closes nothing.
    pub(super) async fn check_tokens(self: &Arc<Self>) {
        for connection in self.connections() {
            match self.shared.tokens.look_up(&connection.token).await {
                Standing::Good | Standing::Unknown => {}
                Standing::Revoked => self.close(connection.number, CloseReason::Unauthorized),
            }
        }
    }

    /// The server is about to stop.
    pub(super) fn pause(self: &Arc<Self>) {
        self.with_core(|core, _| core.pause());
    }

    pub(super) fn has_unanswered(self: &Arc<Self>) -> bool {
        self.with_core(|core, _| core.has_unanswered()).unwrap_or(false)
    }

    /// The server stops.
    pub(super) fn shut_down(self: &Arc<Self>) {
        let patience = self.shared.settings.stop_patience;
        self.with_core(|core, now| core.shut_down(patience, now));
    }

    /// The client says that it stops.
    pub(super) fn stop(self: &Arc<Self>) {
        self.state().stopped = true;
        self.wake.notify_one();
    }

    /// An event for the client. `Err` gives it back: there is no room.
    pub(super) fn offer(self: &Arc<Self>, position: Option<u64>, body: &str) -> Result<(), Full> {
        let offered = self.with_core(|core, now| core.offer(position, body.to_owned(), now));
        offered.unwrap_or(Ok(()))
    }

    /// The log has nothing more for the client up to `through`.
    pub(super) fn caught_up(self: &Arc<Self>, through: u64) {
        self.with_core(|core, _| core.caught_up(through));
    }

    /// The log does not reach back.
    pub(super) fn events_lost(self: &Arc<Self>, through: u64) {
        self.with_core(|core, _| core.events_lost(through));
    }

    pub(super) fn handle_timeout(self: &Arc<Self>) {
        self.with_core(Endpoint::handle_timeout);
    }

    /// Where to read on in the log.
    pub(super) fn through(self: &Arc<Self>) -> u64 {
        self.with_core(|core, _| core.through()).unwrap_or(0)
    }

    pub(super) fn has_room(self: &Arc<Self>) -> bool {
        self.with_core(|core, _| core.has_room()).unwrap_or(false)
    }

    pub(super) fn is_connected(&self) -> bool {
        !self.state().connections.is_empty()
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.state().stopped
    }

    fn connections(&self) -> Vec<Connection> {
        self.state().connections.clone()
    }

    /// When [`Self::handle_timeout`] is due. Where it becomes earlier, [`Self::wake`] says so.
    pub(super) fn due(&self) -> Option<Instant> {
        let mut state = self.state();
        state.due = state.core().and_then(Endpoint::poll_timeout);
        state.due
    }

    /// What is to be on disk, for the saver.
    pub(super) fn row(&self) -> Option<TrouterEndpointRow> {
        let mut state = self.state();
        state.save_asked = false;
        match &state.stage {
            Stage::Loading => None,
            Stage::Live(core) => Some(known(core.ledger())),
            Stage::Ending(row) => row.clone(),
        }
    }

    /// Ends it, unless it has a connection.
    pub(super) fn end(&self) -> bool {
        let mut state = self.state();
        if !state.connections.is_empty() {
            return false;
        }
        let row = match &state.stage {
            _ if state.stopped => Some(TrouterEndpointRow::Stopped),
            Stage::Live(core) => Some(known(core.ledger())),
            Stage::Ending(row) => row.clone(),
            Stage::Loading => None,
        };
        state.stage = Stage::Ending(row);
        true
    }

    /// Its row could not be read: its connections close, and it is gone.
    pub(super) fn fail(&self) {
        let mut state = self.state();
        state.stage = Stage::Ending(None);
        for number in state.numbers() {
            if let Some(connection) = state.let_go(number) {
                connection.queue.close(CloseReason::Stopping);
            }
        }
    }

    /// Runs `step` on the state machine, if there is one, and carries out what follows.
    fn with_core<T>(self: &Arc<Self>, step: impl FnOnce(&mut Endpoint, Instant) -> T) -> Option<T> {
        let now = self.shared.clock.monotonic();
        let mut state = self.state();
        let stepped = state.core_mut().map(|core| step(core, now));
        self.settle(&mut state);
        stepped
    }

    /// Carries out everything that waits.
    fn settle(self: &Arc<Self>, state: &mut State) {
        let now = self.shared.clock.monotonic();
        while let Some(output) = state.core_mut().and_then(Endpoint::poll_output) {
            match output {
                EndpointOutput::Send { connection, frame } => {
                    let queue = state.queue(connection);
                    if queue.is_some_and(|queue| queue.push(frame).is_err())
                        && let Some(core) = state.core_mut()
                    {
                        core.close_connection(connection, CloseReason::Unread, now);
                    }
                }
                EndpointOutput::Close { connection, reason } => {
                    if let Some(connection) = state.let_go(connection) {
                        connection.queue.close(reason);
                    }
                    self.wake.notify_one();
                }
                EndpointOutput::Settled(delivered) => {
                    count_delivered(delivered);
                    self.shared.settled.notify_one();
                    self.wake.notify_one();
                }
            }
        }
        let Stage::Live(core) = &state.stage else { return };
        if *core.ledger() != state.saved {
            let ledger = core.ledger().clone();
            state.saved = ledger;
            if !mem::replace(&mut state.save_asked, true) {
                self.shared.saver.save(self);
            }
        }
        let Stage::Live(core) = &state.stage else { return };
        let earlier = |due| state.due.is_none_or(|planned| due < planned);
        if core.poll_timeout().is_some_and(earlier) {
            self.wake.notify_one();
        }
    }

    /// A panic under the lock would leave one instance behind; the others go on.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
