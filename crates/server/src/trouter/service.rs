//! The service of a process: what its connections share, its beginning and its end.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use openline_protocol::{RawId, ResourceId};
use rand::Rng as _;
use tokio::sync::Notify;
use tokio_util::task::TaskTracker;

use super::{
    TrouterSettings, beginnings::Beginnings, connect_params::Signer, handshakes::Handshakes,
    instance::Instance, metrics, registry::Registry, saver::Saver, upkeep,
};
use crate::{
    bus::EventBus,
    clock::Clock,
    domain::{
        RateLimiter,
        chat::Chats,
        token::{Tokens, VerifiedToken, watch_revocations},
    },
    shutdown::Shutdown,
    storage::{Storage, StorageError},
};

/// The name of the secret that signs what clients bring back.
const SECRET: &str = "trouter";

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
    pub(super) connects: RateLimiter<Identity>,
    pub(super) next_connection: AtomicUsize,
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
        metrics::describe();
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
        let [saving, sweeping, watching] = [(); 3].map(|()| Arc::clone(&shared));
        tokio::spawn(async move { saving.saver.run(&saving.storage, &*saving.clock).await });
        tokio::spawn(async move { upkeep::sweep(&sweeping).await });
        tokio::spawn(async move {
            watch_revocations(&*watching, &watching.tokens, revocations, &watching.shutdown).await;
        });
        tokio::spawn(upkeep::watch_shutdown(Arc::clone(&shared)));
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
        tokio::select! {
            () = answered => {}
            () = self.shared.sleep(self.shared.settings.stop_patience) => {
                tracing::debug!("some clients did not answer");
            }
        }
    }

    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }
}

impl Shared {
    /// How long the token is good for still.
    pub(super) fn remaining(&self, token: &VerifiedToken) -> Duration {
        token.remaining(self.clock.now())
    }

    /// Waits for `duration` by the clock.
    pub(super) async fn sleep(&self, duration: Duration) {
        self.clock.reached(self.clock.monotonic() + duration).await;
    }

    pub(super) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::SeqCst)
    }
}

async fn secret(storage: &Storage, clock: &dyn Clock) -> Result<Vec<u8>, StorageError> {
    let mut fresh = [0; 32];
    rand::rng().fill_bytes(&mut fresh);
    let now = clock.now();
    storage
        .write(move |tx| Box::pin(async move { tx.server_secret(SECRET, &fresh, now).await }))
        .await
}
