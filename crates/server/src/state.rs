//! What every request handler and socket can reach.

use std::{ops::Deref, sync::Arc};

use openline_protocol::ResourceId;

use crate::{
    bus::{EventBus, InProcessBus},
    clock::Clock,
    config::Config,
    domain::{
        call_tickets::CallTicketSigner,
        chat::{
            Chats,
            attachments::{AttachmentLimits, Attachments},
        },
        demo::Demo,
        ice_servers::{IceServers, RelayGroup},
        identity::Identities,
        resource::Resources,
        token::{Tokens, TokensParts},
    },
    http::AllowedOrigins,
    shutdown::Shutdown,
    storage::{Storage, StorageError, objects::Objects},
    trouter::{Trouter, TrouterParts, TrouterSettings},
    ws::{Realtime, RealtimeParts, RealtimeSettings},
};

/// Where clients reach the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// The public endpoint, `https://host[:port]/`: in connection strings, links and tokens.
    pub public: String,
    /// In dev mode, the plain listener's endpoint, `http://localhost:8080/`.
    pub plain: Option<String>,
}

/// What the server runs as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    /// For one developer: the sample page's identity service is on, any origin may call.
    Dev {
        /// The resource that the sample page uses.
        resource_id: ResourceId,
    },
    /// For production.
    Serve,
}

/// The parts of the server. Handlers get it as [`AppState`].
#[derive(Debug)]
pub struct App {
    /// The settings; in dev mode the defaults.
    pub config: Config,
    /// Dev or production.
    pub mode: Mode,
    /// Where clients reach the server.
    pub endpoints: Endpoints,
    /// The database.
    pub storage: Storage,
    /// Resources and their keys.
    pub resources: Arc<Resources>,
    /// Issues and verifies tokens.
    pub tokens: Arc<Tokens>,
    /// Identities.
    pub identities: Identities,
    /// Chat.
    pub chats: Chats,
    /// Files of messages.
    pub attachments: Attachments,
    /// Brings what happens to sockets.
    pub bus: Arc<dyn EventBus>,
    /// The sockets.
    pub realtime: Realtime,
    /// The sockets of the published chat client.
    pub trouter: Trouter,
    /// What clients are told of for calls.
    pub ice_servers: Arc<IceServers>,
    /// The sample page's identity service.
    pub demo: Demo,
    /// Says when the server stops, and waits for sockets to end.
    pub shutdown: Shutdown,
    clock: ClockHandle,
}

impl App {
    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock.0
    }
}

struct ClockHandle(Arc<dyn Clock>);

impl std::fmt::Debug for ClockHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}

/// A handle to the parts of the server; derefs to [`App`]. Cheap to clone.
#[derive(Debug, Clone)]
pub struct AppState(Arc<App>);

impl Deref for AppState {
    type Target = App;

    fn deref(&self) -> &App {
        &self.0
    }
}

/// What the parts are made from.
pub struct AppParts {
    /// The settings, checked.
    pub config: Config,
    /// Dev or production.
    pub mode: Mode,
    /// Where clients reach the server.
    pub endpoints: Endpoints,
    /// The database, open.
    pub storage: Storage,
    /// Where files are kept.
    pub objects: Objects,
    /// This server's own relay, if it has one.
    pub relay: Option<RelayGroup>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for AppParts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AppParts")
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
}

impl AppState {
    /// Puts the parts together and starts what runs by itself. To be called within a runtime.
    ///
    /// # Errors
    ///
    /// The resources cannot be read.
    pub async fn assemble(parts: AppParts) -> Result<Self, StorageError> {
        let AppParts {
            config,
            mode,
            endpoints,
            storage,
            objects,
            relay,
            clock,
        } = parts;
        let resources = Arc::new(Resources::load(storage.clone(), clock.monotonic()).await?);
        let location = config.server.location.clone();
        let bus: Arc<dyn EventBus> = Arc::new(InProcessBus::new());
        let tokens = Arc::new(Tokens::start(TokensParts {
            storage: storage.clone(),
            resources: Arc::clone(&resources),
            bus: Arc::clone(&bus),
            clock: Arc::clone(&clock),
            location,
        }));
        let identities = Identities::new(
            storage.clone(),
            Arc::clone(&tokens),
            Arc::clone(&clock),
            config.limits.identity(),
        );
        let demo = Demo::new(storage.clone(), Arc::clone(&tokens), Arc::clone(&clock));
        let chats = Chats::new(storage.clone(), Arc::clone(&bus), Arc::clone(&clock))
            .limited_to(config.chat.rate_limits.rates());
        let limits = AttachmentLimits::from(&config.attachments);
        let attachments = Attachments::new(chats.clone(), objects, limits);
        let shutdown = Shutdown::default();
        let allowed_origins = AllowedOrigins::new(&config, &mode);
        let trouter = Trouter::start(TrouterParts {
            settings: TrouterSettings::new(&config, allowed_origins.clone()),
            storage: storage.clone(),
            tokens: Arc::clone(&tokens),
            chats: chats.clone(),
            bus: Arc::clone(&bus),
            clock: Arc::clone(&clock),
            shutdown: shutdown.clone(),
        })
        .await?;
        let ice_servers = Arc::new(IceServers::new(&config.calls, &config.turn, relay));
        let realtime = Realtime::start(RealtimeParts {
            settings: RealtimeSettings::new(&config, allowed_origins),
            tokens: Arc::clone(&tokens),
            chats: chats.clone(),
            ice_servers: Arc::clone(&ice_servers),
            bus: Arc::clone(&bus),
            call_tickets: CallTicketSigner::load(&storage, Arc::clone(&clock)).await?,
            clock: Arc::clone(&clock),
            shutdown: shutdown.clone(),
        });
        Ok(Self(Arc::new(App {
            config,
            mode,
            endpoints,
            storage,
            resources,
            tokens,
            identities,
            chats,
            attachments,
            bus,
            realtime,
            trouter,
            ice_servers,
            demo,
            shutdown,
            clock: ClockHandle(clock),
        })))
    }
}
