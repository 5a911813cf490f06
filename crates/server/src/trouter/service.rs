//! The service of a process: what its connections share, its beginning and its end.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::http::StatusCode;
use openline_protocol::{RawId, ResourceId, Timestamp};
use openline_trouter::{CloseReason, ConnectionNumber, Delivered};
use rand::Rng as _;
use tokio::{sync::Notify, time::timeout};
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::{
    TrouterSettings,
    beginnings::Beginnings,
    connect_params::Signer,
    driver,
    handshakes::{Handshake, Handshakes},
    instance::{Connection, Instance, Transport},
    polling::Polls,
    queue::FrameQueue,
    registry::Registry,
    saver::Saver,
};
use crate::{
    bus::{BusItem, EventBus, Revocation, Subscription},
    clock::Clock,
    domain::{
        RateLimiter,
        chat::Chats,
        token::{Tokens, VerifiedToken},
    },
    http::ApiError,
    shutdown::Shutdown,
    storage::{Storage, StorageError, TrouterEndpointKey},
};

/// The name of the secret that signs what clients bring back.
const SECRET: &str = "trouter";

/// How often what is over is looked for.
const SWEEP_INTERVAL: Duration = Duration::from_secs(60);

/// Rows forgotten in one write, so that others get their turn.
const PRUNE_BATCH: u32 = 1000;

/// What the service stands on.
pub struct TrouterParts {
    /// Settings.
    pub settings: TrouterSettings,
    /// Has what clients have answered.
    pub storage: Storage,
    /// Checks tokens.
    pub tokens: Arc<Tokens>,
    /// What happens in chat.
    pub chats: Chats,
    /// Brings word of revocations.
    pub bus: Arc<dyn EventBus>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// When it begins, connections close; it ends when they have.
    pub shutdown: Shutdown,
}

impl fmt::Debug for TrouterParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrouterParts")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

/// The service. Clones are the same one.
#[derive(Debug, Clone)]
pub struct Trouter {
    shared: Arc<Shared>,
}

pub(super) struct Shared {
    pub(super) settings: TrouterSettings,
    pub(super) storage: Storage,
    pub(super) tokens: Arc<Tokens>,
    pub(super) chats: Chats,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) shutdown: Shutdown,
    pub(super) signer: Signer,
    pub(super) registry: Registry,
    pub(super) saver: Saver,
    pub(super) handshakes: Handshakes,
    pub(super) beginnings: Beginnings,
    pub(super) connections: TaskTracker,
    /// Something was answered, or will not be.
    pub(super) settled: Notify,
    draining: AtomicBool,
    connects: RateLimiter<Identity>,
    next_connection: AtomicUsize,
}

type Identity = (ResourceId, RawId);

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl Trouter {
    /// Starts the service. To be called within a runtime.
    ///
    /// # Errors
    ///
    /// Its secret cannot be read.
    pub async fn start(parts: TrouterParts) -> Result<Self, StorageError> {
        let TrouterParts {
            settings,
            storage,
            tokens,
            chats,
            bus,
            clock,
            shutdown,
        } = parts;
        describe_metrics();
        let revocations = bus.subscribe_revocations();
        let signer = Signer::new(&secret(&storage, &*clock).await?);
        let connects = RateLimiter::new(settings.connects.window);
        let shared = Arc::new(Shared {
            settings,
            storage,
            tokens,
            chats,
            clock,
            shutdown,
            signer,
            registry: Registry::default(),
            saver: Saver::default(),
            handshakes: Handshakes::default(),
            beginnings: Beginnings::default(),
            connections: TaskTracker::new(),
            settled: Notify::new(),
            draining: AtomicBool::new(false),
            connects,
            next_connection: AtomicUsize::new(0),
        });
        let (saving, sweeping) = (Arc::clone(&shared), Arc::clone(&shared));
        tokio::spawn(async move { saving.saver.run(&saving.storage, &*saving.clock).await });
        tokio::spawn(async move { sweep(&sweeping).await });
        tokio::spawn(watch_revocations(Arc::clone(&shared), revocations));
        tokio::spawn(watch_shutdown(Arc::clone(&shared)));
        Ok(Self { shared })
    }

    /// Delivers nothing more and waits a moment for answers: a client that polls brings them on a connection of their
    /// own, which a server that has begun to stop would not let in. To be called before it does.
    pub async fn drain(&self) {
        self.shared.draining.store(true, Ordering::SeqCst);
        let instances = self.shared.registry.all();
        for instance in &instances {
            instance.pause();
        }
        let answered = async {
            while instances.iter().any(Instance::has_unanswered) {
                self.shared.settled.notified().await;
            }
        };
        if timeout(self.shared.settings.stop_patience, answered)
            .await
            .is_err()
        {
            tracing::debug!("some clients did not answer");
        }
    }

    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }
}

impl Shared {
    /// How long the token is good for still.
    pub(super) fn remaining(&self, token: &VerifiedToken) -> Duration {
        token.expires_on.saturating_duration_since(self.clock.now())
    }

    pub(super) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::SeqCst)
    }

    /// Counts a request of the identity; gives the key of its client instance.
    pub(super) fn admit(&self, token: &VerifiedToken, epid: String) -> Result<TrouterEndpointKey, ApiError> {
        let (resource_id, raw_id) = (token.resource_id.clone(), token.raw_id.clone());
        let identity = (resource_id.clone(), raw_id.clone());
        self.connects
            .check(identity, self.settings.connects, self.clock.monotonic())?;
        Ok(TrouterEndpointKey {
            resource_id,
            raw_id,
            epid,
        })
    }

    /// Expects a connection, and says by which number.
    pub(super) fn expect(&self, key: TrouterEndpointKey, token: VerifiedToken) -> Result<String, ApiError> {
        if self.shutdown.has_begun() {
            return Err(ApiError::unavailable(
                "The server is stopping. Try again in a moment.",
            ));
        }
        if !self
            .registry
            .has_room_for(&key, self.settings.max_instances_per_identity)
        {
            return Err(too_many_instances());
        }
        let now = self.clock.monotonic();
        let limit = self
            .settings
            .max_connections
            .saturating_sub(self.connections.len());
        let sid = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        self.handshakes
            .insert(
                sid.clone(),
                (key, token),
                (now, self.settings.handshake_lifetime),
                limit,
            )
            .map_err(|_full| ApiError::unavailable("The server has no room. Try again in a moment."))?;
        Ok(sid)
    }

    /// Connects who shook hands.
    pub(super) async fn connect(
        self: &Arc<Self>,
        handshake: Handshake,
        transport: Transport,
    ) -> Result<(Arc<Instance>, Connection), ApiError> {
        let number = self.next_connection.fetch_add(1, Ordering::Relaxed) as u64;
        let connection = Connection {
            number: ConnectionNumber(number),
            queue: FrameQueue::default(),
            token: handshake.token,
            transport,
        };
        let instance = loop {
            let instance = self.instance(&handshake.key)?;
            if instance.attach(connection.clone()).is_ok() {
                break instance;
            }
            instance.ended.cancelled().await;
        };
        // A revocation that came while the connection was not yet registered would have missed it.
        if !self.tokens.is_current(&connection.token).await? {
            instance.close(connection.number, CloseReason::Unauthorized);
        }
        if self.shutdown.has_begun() {
            instance.shut_down();
        }
        Ok((instance, connection))
    }

    fn instance(self: &Arc<Self>, key: &TrouterEndpointKey) -> Result<Arc<Instance>, ApiError> {
        let limit = self.settings.max_instances_per_identity;
        let make = || Instance::new(Arc::clone(self), key.clone());
        let found = self
            .registry
            .find_or_insert(key, limit, make)
            .map_err(|_too_many| too_many_instances())?;
        if found.is_new {
            tokio::spawn(driver::run(Arc::clone(&found.instance)));
        }
        Ok(found.instance)
    }
}

fn too_many_instances() -> ApiError {
    let message = "This user is connected in too many places. Close some first.";
    ApiError::new(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", message)
        .with_retry_after(Duration::from_secs(30))
}

async fn secret(storage: &Storage, clock: &dyn Clock) -> Result<Vec<u8>, StorageError> {
    let mut fresh = [0; 32];
    rand::rng().fill_bytes(&mut fresh);
    let now = clock.now();
    storage
        .write(move |tx| Box::pin(async move { tx.server_secret(SECRET, &fresh, now).await }))
        .await
}

/// When the server stops: what was sent is awaited, connections close, and what was answered is on disk.
async fn watch_shutdown(shared: Arc<Shared>) {
    let held = shared.shutdown.hold();
    shared.shutdown.begun().await;
    for instance in shared.registry.all() {
        instance.shut_down();
    }
    for instance in shared.registry.all() {
        instance.ended.cancelled().await;
    }
    shared.saver.flushed().await;
    drop(held);
}

/// Closes the connections of tokens that are revoked.
async fn watch_revocations(shared: Arc<Shared>, mut revocations: Subscription<Revocation>) {
    loop {
        let revocation = tokio::select! {
            () = shared.shutdown.begun() => return,
            revocation = revocations.recv() => revocation,
        };
        match revocation {
            BusItem::Message(revocation) => {
                shared.tokens.note_revocation(&revocation);
                let Revocation {
                    resource_id,
                    raw_id,
                    generation,
                } = revocation;
                for instance in shared.registry.of_identity(&resource_id, &raw_id) {
                    instance.close_revoked(|token| token.generation < generation);
                }
            }
            BusItem::Lagged => {
                for instance in shared.registry.all() {
                    driver::check_tokens(&instance).await;
                }
            }
        }
    }
}

/// Forgets what is over: polls one round after they were, client instances when the events are gone that they have not
/// answered.
async fn sweep(shared: &Shared) {
    loop {
        shared.registry.sweep_polls(Polls::is_worth_keeping);
        if let Err(error) = prune(shared).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "old client instances could not be forgotten"
            );
        }
        tokio::select! {
            () = shared.shutdown.begun() => return,
            () = tokio::time::sleep(SWEEP_INTERVAL) => {}
        }
    }
}

async fn prune(shared: &Shared) -> Result<(), StorageError> {
    let kept = u64::try_from(shared.settings.retention.as_millis()).unwrap_or(u64::MAX);
    let before = Timestamp::from_millis(shared.clock.now().as_millis().saturating_sub(kept));
    let mut pruned = u64::from(PRUNE_BATCH);
    while pruned >= u64::from(PRUNE_BATCH) {
        pruned = shared
            .storage
            .write(move |tx| Box::pin(async move { tx.prune_trouter_endpoints(before, PRUNE_BATCH).await }))
            .await?;
    }
    Ok(())
}

pub(super) fn count_delivered(delivered: Delivered) {
    let outcome = match delivered {
        Delivered::Taken => "taken",
        Delivered::Refused => "refused",
        Delivered::TimedOut => "timed_out",
        Delivered::GivenUp => "given_up",
    };
    metrics::counter!("openline_trouter_events_total", "outcome" => outcome).increment(1);
}

pub(super) fn count_closed(reason: CloseReason) {
    metrics::counter!("openline_trouter_closes_total", "reason" => label(reason)).increment(1);
}

const fn label(reason: CloseReason) -> &'static str {
    match reason {
        CloseReason::Left => "left",
        CloseReason::Superseded => "superseded",
        CloseReason::BadFrame => "bad_frame",
        CloseReason::Silent => "silent",
        CloseReason::Unanswered => "unanswered",
        CloseReason::Flood => "flood",
        CloseReason::Unread => "unread",
        CloseReason::Unauthorized => "unauthorized",
        CloseReason::Stopping => "stopping",
        _ => "other",
    }
}

fn describe_metrics() {
    metrics::describe_gauge!(
        "openline_trouter_connections",
        "Open connections of published chat clients, by transport"
    );
    metrics::describe_gauge!(
        "openline_trouter_instances",
        "Published chat clients that are connected, or were lately"
    );
    metrics::describe_counter!(
        "openline_trouter_events_total",
        "Chat events that published clients are done with, by outcome"
    );
    metrics::describe_counter!(
        "openline_trouter_closes_total",
        "Connections of published clients that the server closed, by reason"
    );
}
