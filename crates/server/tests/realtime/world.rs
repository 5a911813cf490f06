//! The realtime service on a database of its own, listening on a free port.

use std::{net::SocketAddr, ops::Deref, sync::Arc};

use openline_protocol::Scope;
use openline_server::{
    bus::{EventBus, InProcessBus},
    clock::{Clock, SystemClock},
    config::{CallsConfig, TurnConfig},
    domain::{
        call_tickets::CallTicketSigner,
        chat::Chats,
        ice_servers::{IceServers, RelayGroup},
        resource::{Resources, create_resource},
        token::{Tokens, TokensParts},
    },
    shutdown::Shutdown,
    storage::{Storage, sqlite},
    ws::{Realtime, RealtimeParts, RealtimeSettings},
};
use tempfile::TempDir;

pub(crate) use crate::people::Person;
use crate::{people::People, shifted_clock::ShiftedClock};

/// A relay that clients are told of.
pub(crate) const RELAY: &str = "turn:relay.example.org";

pub(crate) struct World {
    pub(crate) address: SocketAddr,
    pub(crate) clock: Arc<ShiftedClock>,
    pub(crate) shutdown: Shutdown,
    pub(crate) bus: Arc<dyn EventBus>,
    people: People,
    settings: RealtimeSettings,
    directory: TempDir,
}

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
        Self::on(storage, bus(), directory, settings, None).await
    }

    /// With a relay beside the server.
    pub(crate) async fn with_relay() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let storage = sqlite::open(&directory.path().join("test.db")).await.unwrap();
        create_resource(&storage, "test", SystemClock::default().now())
            .await
            .unwrap();
        let relay = RelayGroup {
            urls: vec![RELAY.to_owned()],
            secret: openline_turn::Secret::new(b"secret"),
        };
        Self::on(
            storage,
            bus(),
            directory,
            RealtimeSettings::default(),
            Some(relay),
        )
        .await
    }

    /// The same data in a new process. The old one is gone without a word.
    pub(crate) async fn restarted(self) -> Self {
        self.storage.close().await;
        let storage = sqlite::open(&self.directory.path().join("test.db"))
            .await
            .unwrap();
        Self::on(storage, bus(), self.directory, self.settings, None).await
    }

    /// A process beside this one, on the same data and the same bus. It has caches, sessions and calls of its own.
    pub(crate) async fn neighbour(&self) -> Self {
        let directory = tempfile::tempdir().unwrap();
        Self::on(
            self.storage.clone(),
            Arc::clone(&self.bus),
            directory,
            self.settings.clone(),
            None,
        )
        .await
    }

    async fn on(
        storage: Storage,
        bus: Arc<dyn EventBus>,
        directory: TempDir,
        settings: RealtimeSettings,
        relay: Option<RelayGroup>,
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
        let chats = Chats::new(storage.clone(), bus.clone(), clock.clone());
        let shutdown = Shutdown::default();
        let (calls, turn) = (CallsConfig::default(), TurnConfig::default());
        let realtime = Realtime::start(RealtimeParts {
            settings: settings.clone(),
            tokens: tokens.clone(),
            chats: chats.clone(),
            ice_servers: Arc::new(IceServers::new(&calls, &turn, relay)),
            bus: bus.clone(),
            call_tickets: CallTicketSigner::load(&storage, clock.clone()).await.unwrap(),
            clock: clock.clone(),
            shutdown: shutdown.clone(),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, realtime.routes()).await });
        Self {
            address,
            clock: shifted,
            shutdown,
            bus,
            people: People::new(storage, tokens, chats, resource, clock),
            settings,
            directory,
        }
    }
}

/// What people do.
impl Deref for World {
    type Target = People;

    fn deref(&self) -> &People {
        &self.people
    }
}

fn bus() -> Arc<dyn EventBus> {
    Arc::new(InProcessBus::new())
}
