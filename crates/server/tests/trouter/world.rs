//! The real router on a database of its own, listening on a free port.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use openline_protocol::{
    RawId, Scope, ThreadId,
    rest::chat::{ChatParticipant, CreateChatThreadRequest, SendChatMessageRequest},
};
use openline_server::{
    clock::{Clock as _, SystemClock},
    config::Config,
    domain::{
        chat::Caller,
        resource::{Resource, create_resource},
        token::TokenRequest,
    },
    http::{Listener, router},
    state::{AppParts, AppState, Endpoints, Mode},
    storage::{TrouterEndpointKey, TrouterEndpointRow, objects::Objects, sqlite},
};
use tempfile::TempDir;

use crate::client::Tab;

pub(crate) struct World {
    pub(crate) address: SocketAddr,
    pub(crate) state: AppState,
    pub(crate) resource: Arc<Resource>,
    pub(crate) http: reqwest::Client,
    config: Config,
    directory: TempDir,
}

/// An identity with a token.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) raw_id: RawId,
    pub(crate) token: String,
    caller: Caller,
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
        create_resource(&storage, "test", SystemClock::default().now())
            .await
            .unwrap();
        storage.close().await;
        Self::on(config, directory).await
    }

    /// The same data in a new process. The old one is gone without a word, with what it has not written.
    pub(crate) async fn restarted(self) -> Self {
        self.state.storage.close().await;
        Self::on(self.config, self.directory).await
    }

    async fn on(config: Config, directory: TempDir) -> Self {
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
            clock: Arc::new(SystemClock::default()),
        })
        .await
        .unwrap();
        let service = router(&state, Listener::Plain);
        tokio::spawn(async move { axum::serve(listener, service).await });
        // The provider may be installed by another test of the process.
        drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
        Self {
            address,
            resource: state.resources.find_by_name("test").unwrap(),
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
        let request = serde_json::from_str("{}").unwrap();
        let created = self
            .state
            .identities
            .create(&self.resource, &request, "http://test/")
            .await
            .unwrap();
        self.token(&created.raw_id, &[Scope::Chat], Duration::from_secs(3600))
            .await
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

    /// Another token of the identity.
    pub(crate) async fn token(&self, raw_id: &RawId, scopes: &[Scope], validity: Duration) -> Person {
        let (resource_id, key) = (self.resource.resource_id.clone(), raw_id.clone());
        let row = self
            .state
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
            validity,
            issuer: "http://test/",
        };
        let issued = self.state.tokens.issue(&self.resource, &request).unwrap();
        Person {
            raw_id: raw_id.clone(),
            token: issued.token,
            caller: Caller {
                resource_id: self.resource.resource_id.clone(),
                raw_id: raw_id.clone(),
                scopes,
            },
        }
    }

    pub(crate) async fn revoke(&self, person: &Person) {
        self.state
            .identities
            .revoke_tokens(&self.resource, &person.raw_id)
            .await
            .unwrap();
    }

    pub(crate) async fn thread(&self, creator: &Person, others: &[&Person]) -> ThreadId {
        let participants = others
            .iter()
            .map(|person| ChatParticipant {
                communication_identifier: (&person.raw_id).into(),
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
            .state
            .chats
            .create_thread(&creator.caller, request, None)
            .await
            .unwrap();
        ThreadId::new(created.chat_thread.id)
    }

    /// Returns once it is on disk that the instance has answered everything up to `position` of the log.
    pub(crate) async fn saved(&self, person: &Person, epid: &str, position: u64) {
        let key = TrouterEndpointKey {
            resource_id: self.resource.resource_id.clone(),
            raw_id: person.raw_id.clone(),
            epid: epid.to_owned(),
        };
        loop {
            let key = key.clone();
            let row = self
                .state
                .storage
                .read(move |tx| Box::pin(async move { tx.find_trouter_endpoint(&key).await }))
                .await
                .unwrap();
            if let Some(TrouterEndpointRow::Known { cursor, .. }) = row
                && cursor >= position
            {
                return;
            }
            tokio::task::yield_now().await;
        }
    }

    pub(crate) async fn typing(&self, sender: &Person, thread: &ThreadId) {
        self.state
            .chats
            .send_typing(&sender.caller, thread.clone(), None)
            .await
            .unwrap();
    }

    pub(crate) async fn send(&self, sender: &Person, thread: &ThreadId, text: &str) {
        let request = SendChatMessageRequest {
            content: text.to_owned(),
            sender_display_name: None,
            message_type: None,
            metadata: None,
            attachments: None,
        };
        self.state
            .chats
            .send_message(&sender.caller, thread.clone(), request, None)
            .await
            .unwrap();
    }
}
