//! The realtime service on a database of its own, listening on a free port.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use openline_protocol::{
    Instant, RawId, Scope, ThreadId, Timestamp,
    rest::chat::{ChatParticipant, CreateChatThreadRequest, SendChatMessageRequest},
};
use openline_server::{
    bus::{EventBus, InProcessBus},
    clock::{Clock, SystemClock},
    domain::{
        chat::{Caller, Chats},
        identity::{Identities, IdentityLimits},
        resource::{Resource, Resources, create_resource},
        token::{TokenRequest, Tokens, TokensParts},
    },
    shutdown::Shutdown,
    storage::{Storage, sqlite},
    ws::{Realtime, RealtimeParts, RealtimeSettings},
};
use tempfile::TempDir;

/// The machine's clock, which can be put forward.
#[derive(Debug, Default)]
pub(crate) struct ShiftedClock {
    clock: SystemClock,
    shift: AtomicU64,
}

impl ShiftedClock {
    pub(crate) fn advance(&self, by: Duration) {
        self.shift
            .fetch_add(u64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }

    fn shift(&self) -> Duration {
        Duration::from_millis(self.shift.load(Ordering::SeqCst))
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        self.clock.now() + self.shift()
    }

    fn monotonic(&self) -> Instant {
        self.clock.monotonic() + self.shift()
    }
}

pub(crate) struct World {
    pub(crate) address: SocketAddr,
    pub(crate) clock: Arc<ShiftedClock>,
    pub(crate) storage: Storage,
    pub(crate) identities: Identities,
    pub(crate) resource: Arc<Resource>,
    pub(crate) chats: Chats,
    pub(crate) shutdown: Shutdown,
    pub(crate) bus: Arc<dyn EventBus>,
    pub(crate) tokens: Arc<Tokens>,
    settings: RealtimeSettings,
    directory: TempDir,
}

/// An identity with a token.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) caller: Caller,
    pub(crate) token: String,
}

impl Person {
    pub(crate) fn raw_id(&self) -> RawId {
        self.caller.raw_id.clone()
    }
}

const LIMITS: IdentityLimits = IdentityLimits {
    create: 0,
    issue: 0,
    revoke: 0,
    delete: 0,
    window: Duration::from_secs(30),
};

pub(crate) const ALL: [Scope; 2] = [Scope::Chat, Scope::Voip];

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(RealtimeSettings::default()).await
    }

    pub(crate) async fn with(settings: RealtimeSettings) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let storage = sqlite::open(&directory.path().join("test.db")).await.unwrap();
        create_resource(&storage, "test", SystemClock::default().now())
            .await
            .unwrap();
        Self::on(storage, bus(), directory, settings).await
    }

    /// The same data in a new process. The old one is gone without a word.
    pub(crate) async fn restarted(self) -> Self {
        self.storage.close().await;
        let storage = sqlite::open(&self.directory.path().join("test.db"))
            .await
            .unwrap();
        Self::on(storage, bus(), self.directory, self.settings).await
    }

    /// A process beside this one, on the same data and the same bus. It has caches, sessions and calls of its own.
    pub(crate) async fn neighbour(&self) -> Self {
        let directory = tempfile::tempdir().unwrap();
        Self::on(
            self.storage.clone(),
            Arc::clone(&self.bus),
            directory,
            self.settings.clone(),
        )
        .await
    }

    async fn on(
        storage: Storage,
        bus: Arc<dyn EventBus>,
        directory: TempDir,
        settings: RealtimeSettings,
    ) -> Self {
        let shifted = Arc::<ShiftedClock>::default();
        let clock: Arc<dyn Clock> = shifted.clone();
        let resources = Arc::new(Resources::load(storage.clone(), clock.monotonic()).await.unwrap());
        let resource = resources.find_by_name("test").unwrap();
        let tokens = Arc::new(Tokens::start(TokensParts {
            storage: storage.clone(),
            resources,
            bus: bus.clone(),
            clock: clock.clone(),
            location: "local".to_owned(),
        }));
        let identities = Identities::new(storage.clone(), tokens.clone(), clock.clone(), LIMITS);
        let chats = Chats::new(storage.clone(), bus.clone(), clock.clone());
        let shutdown = Shutdown::default();
        let realtime = Realtime::start(RealtimeParts {
            settings: settings.clone(),
            tokens: tokens.clone(),
            chats: chats.clone(),
            bus: bus.clone(),
            clock,
            shutdown: shutdown.clone(),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, realtime.routes()).await });
        Self {
            address,
            clock: shifted,
            storage,
            identities,
            resource,
            chats,
            shutdown,
            bus,
            tokens,
            settings,
            directory,
        }
    }

    /// A new identity with a token of these scopes, good for an hour.
    pub(crate) async fn person(&self, scopes: &[Scope]) -> Person {
        let request = serde_json::from_str("{}").unwrap();
        let created = self
            .identities
            .create(&self.resource, &request, "http://test/")
            .await
            .unwrap();
        self.token(&created.raw_id, scopes).await
    }

    /// Another token of the identity.
    pub(crate) async fn token(&self, raw_id: &RawId, scopes: &[Scope]) -> Person {
        let (resource_id, key) = (self.resource.resource_id.clone(), raw_id.clone());
        let row = self
            .storage
            .read(move |tx| Box::pin(async move { tx.find_identity(&resource_id, &key).await }))
            .await
            .unwrap()
            .unwrap();
        let scopes = scopes.iter().copied().collect();
        let request = TokenRequest {
            raw_id,
            generation: row.token_generation,
            scopes: &scopes,
            validity: Duration::from_secs(3600),
            issuer: "http://test/",
        };
        let issued = self.tokens.issue(&self.resource, &request).unwrap();
        let verified = self.tokens.verify(&issued.token).await.unwrap();
        let caller = Caller {
            resource_id: verified.resource_id,
            raw_id: verified.raw_id,
            scopes: verified.scopes,
        };
        Person {
            caller,
            token: issued.token,
        }
    }

    pub(crate) async fn thread(&self, creator: &Person, others: &[&Person]) -> ThreadId {
        let participants = others
            .iter()
            .map(|person| ChatParticipant {
                communication_identifier: (&person.caller.raw_id).into(),
                display_name: None,
                share_history_time: None,
                metadata: None,
            })
            .collect();
        let request = CreateChatThreadRequest {
            topic: "Lunch".to_owned(),
            participants: Some(participants),
            metadata: None,
            retention_policy: None,
        };
        let created = self
            .chats
            .create_thread(&creator.caller, request, None)
            .await
            .unwrap();
        ThreadId::new(created.chat_thread.id)
    }

    pub(crate) async fn send(&self, sender: &Person, thread: &ThreadId, text: &str) {
        let request = SendChatMessageRequest {
            content: text.to_owned(),
            sender_display_name: None,
            message_type: None,
            metadata: None,
            attachments: None,
        };
        self.chats
            .send_message(&sender.caller, thread.clone(), request, None)
            .await
            .unwrap();
    }
}

fn bus() -> Arc<dyn EventBus> {
    Arc::new(InProcessBus::new())
}
