//! The real router on a database of its own, with a clock that moves when told.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, UNIX_EPOCH},
};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode},
};
use http_body_util::BodyExt as _;
use openline_protocol::{Instant, Timestamp};
use openline_server::{
    clock::Clock,
    config::Config,
    domain::resource::{connection_strings, create_resource},
    http::{Listener, router},
    state::{AppParts, AppState, Endpoints, Mode},
    storage::{objects::Objects, sqlite},
};
use serde_json::Value;
use tower::ServiceExt as _;

use super::signing::Signature;

/// What the app calls itself.
pub(crate) const HOST: &str = "localhost:8443";

const PUBLIC: &str = "https://localhost:8443/";
const START: u64 = 1_795_248_000_123;

/// A clock that moves when told.
#[derive(Debug)]
pub(crate) struct ManualClock(AtomicU64);

impl ManualClock {
    pub(crate) fn advance(&self, duration: Duration) {
        self.0
            .fetch_add(u64::try_from(duration.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }

    fn monotonic(&self) -> Instant {
        Instant::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// An answer whose body is JSON, or nothing.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    /// Status and code of an error.
    pub(crate) fn error(&self) -> (u16, &str) {
        (
            self.status.as_u16(),
            self.body["error"]["code"].as_str().unwrap_or("no code"),
        )
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub(crate) struct App {
    pub(crate) state: AppState,
    pub(crate) clock: Arc<ManualClock>,
    /// The primary and the secondary access key, base64.
    pub(crate) keys: [String; 2],
    router: Router,
    _directory: tempfile::TempDir,
}

impl App {
    pub(crate) async fn new() -> Self {
        Self::with(Config::default(), true).await
    }

    /// In dev mode, or as in production.
    pub(crate) async fn with(config: Config, dev: bool) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let storage = sqlite::open(&directory.path().join("test.db")).await.unwrap();
        let clock = Arc::new(ManualClock(AtomicU64::new(START)));
        let resource_id = create_resource(&storage, "test", clock.now()).await.unwrap();
        let strings = connection_strings(&storage, &resource_id, PUBLIC).await.unwrap();
        let keys = [0, 1].map(|index: usize| strings[index].split_once("accesskey=").unwrap().1.to_owned());
        let parts = AppParts {
            config,
            mode: if dev {
                Mode::Dev { resource_id }
            } else {
                Mode::Serve
            },
            endpoints: Endpoints {
                public: PUBLIC.to_owned(),
                plain: None,
            },
            storage,
            objects: Objects::in_memory(),
            relay: None,
            clock: Arc::<ManualClock>::clone(&clock),
        };
        let state = AppState::assemble(parts).await.unwrap();
        let router = router(&state, Listener::Tls);
        Self {
            state,
            clock,
            keys,
            router,
            _directory: directory,
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = if bytes.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&bytes).unwrap()
        };
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    /// A request as `change` leaves it, signed with the primary key before.
    pub(crate) async fn signed_and_changed(
        &self,
        method: &str,
        target: &str,
        body: &str,
        change: impl FnOnce(&mut Request<Body>),
    ) -> Answer {
        let date = self.date();
        let signature = Signature {
            key: &self.keys[0],
            method,
            target,
            host: HOST,
            date: &date,
            body: body.as_bytes(),
        };
        let mut request = self.with_signature(&signature);
        change(&mut request);
        self.send(request).await
    }

    /// A request signed with the primary key.
    pub(crate) async fn signed(&self, method: &str, target: &str, body: &str) -> Answer {
        self.signed_and_changed(method, target, body, |_| ()).await
    }

    /// The request that a signature is for.
    pub(crate) fn with_signature(&self, signature: &Signature<'_>) -> Request<Body> {
        let mut request = Request::builder()
            .method(signature.method)
            .uri(signature.target)
            .header("host", HOST)
            .header("content-type", "application/json");
        for (name, value) in signature.headers() {
            request = request.header(name, value);
        }
        request.body(Body::from(signature.body.to_vec())).unwrap()
    }

    /// Now, as `x-ms-date` says it.
    pub(crate) fn date(&self) -> String {
        httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_millis(self.clock.now().as_millis()))
    }

    /// A new identity's raw id and a token for it.
    pub(crate) async fn identity(&self, scopes: &str, minutes: u32) -> (String, String) {
        let body = format!(r#"{{"createTokenWithScopes":{scopes},"expiresInMinutes":{minutes}}}"#);
        let created = self
            .signed("POST", "/identities?api-version=2023-10-01", &body)
            .await;
        assert_eq!(created.status, 201, "{}", created.body);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (
            text(&created.body["identity"]["id"]),
            text(&created.body["accessToken"]["token"]),
        )
    }

    /// A data-plane request with a token.
    pub(crate) async fn with_token(&self, token: &str) -> Answer {
        let request = Request::builder()
            .uri("/chat/threads?api-version=2025-03-15")
            .header("authorization", format!("Bearer {token}"));
        self.send(request.body(Body::empty()).unwrap()).await
    }
}
