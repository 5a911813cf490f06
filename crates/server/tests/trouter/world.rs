//! The real router on a database of its own, listening on a free port.

use std::{net::SocketAddr, ops::Deref, sync::Arc};

use openline_protocol::Scope;
use openline_server::{
    clock::Clock as _,
    config::Config,
    domain::resource::create_resource,
    http::{Listener, router},
    state::{AppParts, AppState, Endpoints, Mode},
    storage::{TrouterEndpointKey, TrouterEndpointRow, objects::Objects, sqlite},
};
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;

pub(crate) use crate::people::Person;
use crate::{
    client::{Tab, in_time},
    people::People,
    shifted_clock::ShiftedClock,
};

pub(crate) struct World {
    pub(crate) address: SocketAddr,
    pub(crate) state: AppState,
    pub(crate) clock: Arc<ShiftedClock>,
    pub(crate) http: reqwest::Client,
    people: People,
    config: Config,
    directory: TempDir,
}

impl World {
    pub(crate) async fn new() -> Self {
        let mut config = Config::default();
        config.chat.rate_limits.enabled = false;
        Self::with(config).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let storage = sqlite::open(&directory.path().join("test.db")).await.unwrap();
        let clock = Arc::<ShiftedClock>::default();
        create_resource(&storage, "test", clock.now()).await.unwrap();
        storage.close().await;
        Self::on(config, directory, clock).await
    }

    /// The same data in a new process. The old one is gone without a word, with what it has not written.
    pub(crate) async fn restarted(self) -> Self {
        self.state.storage.close().await;
        Self::on(self.config, self.directory, self.clock).await
    }

    async fn on(config: Config, directory: TempDir, clock: Arc<ShiftedClock>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = AppState::assemble(AppParts {
            config: config.clone(),
            mode: Mode::Serve,
            endpoints: Endpoints {
                public: format!("http://{address}/"),
                plain: None,
            },
            storage: sqlite::open(&directory.path().join("test.db")).await.unwrap(),
            objects: Objects::in_memory(),
            relay: None,
            clock: clock.clone(),
        })
        .await
        .unwrap();
        let service = router(&state, Listener::Plain);
        tokio::spawn(async move { axum::serve(listener, service).await });
        // The provider may be installed by another test of the process.
        drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
        let resource = state.resources.find_by_name("test").unwrap();
        let (storage, tokens) = (state.storage.clone(), Arc::clone(&state.tokens));
        Self {
            address,
            people: People::new(storage, tokens, state.chats.clone(), resource, clock.clone()),
            clock,
            state,
            http: reqwest::Client::new(),
            config,
            directory,
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A new identity with a token for chat, good for an hour.
    pub(crate) async fn person(&self) -> Person {
        self.people.person(&[Scope::Chat]).await
    }

    /// The person with another token, good for an hour.
    pub(crate) async fn signed_in_again(&self, person: &Person) -> Person {
        self.token(&person.raw_id(), &[Scope::Chat]).await
    }

    /// A tab of somebody.
    pub(crate) fn tab(&self, person: &Person, epid: &str) -> Tab {
        Tab {
            http: self.http.clone(),
            origin: format!("http://{}", self.address),
            token: person.token.clone(),
            epid: epid.to_owned(),
        }
    }

    /// Returns once it is on disk that the instance has answered everything up to `position` of the log.
    pub(crate) async fn saved(&self, person: &Person, epid: &str, position: u64) {
        let is_saved =
            |row| matches!(row, Some(TrouterEndpointRow::Known { cursor, .. }) if cursor >= position);
        in_time(async { while !is_saved(self.row(person, epid).await) {} }).await;
    }

    /// Returns once there is a row of the instance on disk, or none.
    pub(crate) async fn remembers(&self, person: &Person, epid: &str, expected: bool) {
        in_time(async { while self.row(person, epid).await.is_some() != expected {} }).await;
    }

    async fn row(&self, person: &Person, epid: &str) -> Option<TrouterEndpointRow> {
        let key = TrouterEndpointKey {
            resource_id: self.resource.resource_id.clone(),
            raw_id: person.raw_id(),
            epid: epid.to_owned(),
        };
        self.storage
            .read(move |tx| Box::pin(async move { tx.find_trouter_endpoint(&key).await }))
            .await
            .unwrap()
    }

    /// Has a table be gone for whoever uses it, or be there again.
    pub(crate) async fn rename_table(&self, from: &str, to: &str) {
        let file = self.directory.path().join("test.db");
        let options = SqliteConnectOptions::new().filename(file);
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        let rename = AssertSqlSafe(format!("ALTER TABLE {from} RENAME TO {to}"));
        sqlx::query(rename).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }
}

/// What people do.
impl Deref for World {
    type Target = People;

    fn deref(&self) -> &People {
        &self.people
    }
}
