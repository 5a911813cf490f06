//! The realtime service of a process: what its sockets share, its beginning and its end.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use openline_protocol::{Instant, Scope, realtime::CloseCode};
use openline_session::IceGrant;
use tokio_util::task::TaskTracker;

use super::{RealtimeSettings, registry::Registry};
use crate::{
    bus::{EventBus, Revocation},
    clock::Clock,
    domain::{
        call_tickets::CallTicketSigner,
        calls::Calls,
        chat::Chats,
        farewells::Farewells,
        ice_servers::IceServers,
        token::{Standing, TokenHolders, Tokens, VerifiedToken, watch_revocations},
    },
    shutdown::Shutdown,
};

/// What the realtime service stands on.
pub struct RealtimeParts {
    /// Settings.
    pub settings: RealtimeSettings,
    /// Checks tokens, tells of revocations.
    pub tokens: Arc<Tokens>,
    /// Reads the log of chat events.
    pub chats: Chats,
    /// What clients are told of for calls.
    pub ice_servers: Arc<IceServers>,
    /// Brings chat events early, call notices to their sessions, and word of revocations.
    pub bus: Arc<dyn EventBus>,
    /// Signs what takes calls over a restart.
    pub call_tickets: CallTicketSigner,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// When it begins, clients are told to come back later; it ends when their sockets are closed.
    pub shutdown: Shutdown,
}

impl fmt::Debug for RealtimeParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RealtimeParts")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

/// The realtime service. Clones are the same one.
#[derive(Debug, Clone)]
pub struct Realtime {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    pub(super) settings: RealtimeSettings,
    pub(super) tokens: Arc<Tokens>,
    pub(super) chats: Chats,
    pub(super) ice_servers: Arc<IceServers>,
    pub(super) bus: Arc<dyn EventBus>,
    pub(super) registry: Arc<Registry>,
    pub(super) calls: Calls,
    pub(super) farewells: Farewells,
    pub(super) sockets: TaskTracker,
    pub(super) shutdown: Shutdown,
    clock: Arc<dyn Clock>,
    next_socket: AtomicUsize,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl Shared {
    pub(super) fn now(&self) -> Instant {
        self.clock.monotonic()
    }

    /// How long the token is good for still.
    pub(super) fn remaining(&self, token: &VerifiedToken) -> Duration {
        token.remaining(self.clock.now())
    }

    /// What the token's client is told of for calls: nothing, if it may not call.
    pub(super) fn ice_servers(&self, token: &VerifiedToken) -> IceGrant {
        if may_call(token) {
            self.ice_servers.grant(&token.raw_id, self.clock.now())
        } else {
            IceGrant::default()
        }
    }

    pub(super) fn next_socket(&self) -> u64 {
        self.next_socket.fetch_add(1, Ordering::Relaxed) as u64
    }
}

/// Whether the token lets its client into calls.
pub(super) fn may_call(token: &VerifiedToken) -> bool {
    token.scopes.has_any(&[Scope::Voip, Scope::VoipJoin])
}

impl Realtime {
    /// Starts the service. To be called within a runtime.
    #[must_use]
    pub fn start(parts: RealtimeParts) -> Self {
        let RealtimeParts {
            settings,
            tokens,
            chats,
            ice_servers,
            bus,
            call_tickets,
            clock,
            shutdown,
        } = parts;
        describe_metrics();
        let registry = Arc::<Registry>::default();
        let farewells = Farewells::new(call_tickets.clone(), settings.call_farewells, Arc::clone(&clock));
        let calls = Calls::start(
            settings.calls,
            settings.call_starts,
            call_tickets,
            Arc::clone(&clock),
            Arc::clone(&bus),
        );
        let revocations = bus.subscribe_revocations();
        let shared = Arc::new(Shared {
            settings,
            tokens,
            chats,
            ice_servers,
            bus,
            registry,
            calls,
            farewells,
            sockets: TaskTracker::new(),
            shutdown,
            clock,
            next_socket: AtomicUsize::new(0),
        });
        let watching = Arc::clone(&shared);
        tokio::spawn(async move {
            watch_revocations(&*watching, &watching.tokens, revocations, &watching.shutdown).await;
        });
        tokio::spawn(watch_shutdown(Arc::clone(&shared)));
        Self { shared }
    }
}

/// When the server stops: every client is told to come back later (1012), and takes its calls along. Sockets that still
/// open meanwhile are refused in the same way.
async fn watch_shutdown(shared: Arc<Shared>) {
    shared.shutdown.begun().await;
    shared.calls.shut_down().await;
    shared.sockets.close();
    for session in shared.registry.all() {
        // Before the close: what was said of calls until then.
        session.take_notices();
        session.close(CloseCode::ServerRestart);
    }
    shared.sockets.wait().await;
    shared.registry.clear();
}

impl TokenHolders for Shared {
    fn end_revoked(&self, revocation: &Revocation) {
        for session in self.registry.of_identity(&revocation.raw_id) {
            session.tokens_revoked(revocation.generation);
        }
    }

    async fn check_all(&self) {
        for session in self.registry.all() {
            match self.tokens.look_up(&session.token()).await {
                Standing::Good => {}
                Standing::Revoked => session.close(CloseCode::TokenRefused),
                Standing::Unknown => session.close(CloseCode::ServerFailed),
            }
        }
    }
}

fn describe_metrics() {
    metrics::describe_gauge!("openline_realtime_sockets", "Open sockets");
    metrics::describe_gauge!(
        "openline_realtime_sessions",
        "Sessions, those within their grace period included"
    );
    metrics::describe_counter!(
        "openline_realtime_frames_received_total",
        "Frames that clients sent"
    );
    metrics::describe_counter!("openline_realtime_frames_sent_total", "Frames sent to clients");
    metrics::describe_counter!(
        "openline_realtime_closes_total",
        "Sockets that the server closed, by close code"
    );
    metrics::describe_counter!(
        "openline_bus_lags_total",
        "Subscriptions that fell behind, by kind of message"
    );
    metrics::describe_gauge!("openline_calls", "Live calls, by state");
    metrics::describe_counter!(
        "openline_calls_refused_total",
        "Calls of identities that started too many"
    );
}
