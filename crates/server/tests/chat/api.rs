//! The real router on a database of its own, and people with tokens.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::{
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode},
};
use http_body_util::BodyExt as _;
use openline_protocol::{ResourceId, rest::identity::CreateIdentityRequest};
use openline_server::{
    clock::Clock as _,
    config::Config,
    domain::resource::{Resource, create_resource},
    http::{Listener, router},
    state::{AppParts, AppState, Endpoints, Mode},
    storage::{Storage, objects::Objects, sqlite},
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::{s3::S3Server, world::ManualClock};

pub(crate) const VERSION: &str = "2025-03-15";

pub(crate) struct Api {
    pub(crate) state: AppState,
    resource: Arc<Resource>,
    pub(crate) router: axum::Router,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) directory: tempfile::TempDir,
    /// Where the objects of files are.
    pub(crate) objects_in: PathBuf,
    pub(crate) s3: Option<S3Server>,
}

pub(crate) struct Person {
    pub(crate) raw_id: String,
    pub(crate) token: String,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Api {
    /// Without rate limits: the clock of the tests stands still.
    pub(crate) async fn new() -> Self {
        let mut config = Config::default();
        config.chat.rate_limits.enabled = false;
        Self::with(config).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        Self::with_files_in(config, None).await
    }

    /// With files in S3, or else in a directory.
    pub(crate) async fn with_files_in(config: Config, s3: Option<S3Server>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let objects_in = s3
            .as_ref()
            .map_or_else(|| directory.path().join("attachments"), S3Server::objects);
        let storage = sqlite::open(&directory.path().join("test.db")).await.unwrap();
        let clock = Arc::new(ManualClock::new());
        let resource_id = create_resource(&storage, "test", clock.now()).await.unwrap();
        let objects = open_objects(s3.as_ref(), &objects_in, &directory.path().join("uploads"));
        let state = assemble(config, storage, objects, clock.clone(), &resource_id).await;
        let resource = state.resources.find(&resource_id).unwrap();
        let router = router(&state, Listener::Tls);
        Self {
            state,
            resource,
            router,
            clock,
            directory,
            objects_in,
            s3,
        }
    }

    /// The server ends, and another one is started on what it left.
    pub(crate) async fn restart(&mut self) {
        self.state.storage.close().await;
        let storage = sqlite::open(&self.directory.path().join("test.db"))
            .await
            .unwrap();
        let staging = self.directory.path().join("uploads");
        let objects = open_objects(self.s3.as_ref(), &self.objects_in, &staging);
        let (config, clock) = (self.state.config.clone(), Arc::clone(&self.clock));
        self.state = assemble(config, storage, objects, clock, &self.resource.resource_id).await;
        self.router = router(&self.state, Listener::Tls);
    }

    /// An identity with a token for everything in chat.
    pub(crate) async fn person(&self) -> Person {
        self.person_with(&["chat"]).await
    }

    pub(crate) async fn person_with(&self, scopes: &[&str]) -> Person {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let request = CreateIdentityRequest {
            create_token_with_scopes: Some(scopes),
            ..CreateIdentityRequest::default()
        };
        let created = self
            .state
            .identities
            .create(&self.resource, &request, "https://chat.example/")
            .await
            .unwrap();
        Person {
            raw_id: created.raw_id.into_string(),
            token: created.token.unwrap().token,
        }
    }

    /// The same identity with a token of other scopes.
    pub(crate) async fn token_with(&self, person: &Person, scope: &str) -> Person {
        let request = openline_protocol::rest::identity::IssueAccessTokenRequest {
            scopes: Some(vec![scope.to_owned()]),
            ..openline_protocol::rest::identity::IssueAccessTokenRequest::default()
        };
        let raw_id = person.raw_id.as_str().into();
        let issued = self
            .state
            .identities
            .issue_token(&self.resource, &raw_id, &request, "https://chat.example/")
            .await
            .unwrap();
        Person {
            raw_id: person.raw_id.clone(),
            token: issued.token,
        }
    }

    pub(crate) async fn delete_identity(&self, person: &Person) {
        let raw_id = person.raw_id.as_str().into();
        self.state
            .identities
            .delete(&self.resource, &raw_id)
            .await
            .unwrap();
    }

    /// The housekeeping that runs every hour.
    pub(crate) async fn keep_house(&self) {
        let month = std::time::Duration::from_secs(30 * 24 * 60 * 60);
        self.state.chats.keep_house(month).await;
    }

    pub(crate) async fn get(&self, person: &Person, path: &str) -> Answer {
        self.call(person, Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, person: &Person, path: &str, body: Value) -> Answer {
        self.call(person, Method::POST, path, Some(body)).await
    }

    pub(crate) async fn patch(&self, person: &Person, path: &str, body: Value) -> Answer {
        self.call(person, Method::PATCH, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, person: &Person, path: &str) -> Answer {
        self.call(person, Method::DELETE, path, None).await
    }

    pub(crate) async fn call(
        &self,
        person: &Person,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        let separator = if path.contains('?') { '&' } else { '?' };
        let request = Request::builder()
            .method(method)
            .uri(format!("{path}{separator}api-version={VERSION}"))
            .header("host", "localhost:8443")
            .header("authorization", format!("Bearer {}", person.token))
            .header("content-type", "application/json")
            .body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())))
            .unwrap();
        self.send(request).await
    }

    /// A POST under the client's id for the request.
    pub(crate) async fn post_as(
        &self,
        person: &Person,
        request_id: &str,
        path: &str,
        body: &Value,
    ) -> Answer {
        let request = Request::post(format!("{path}?api-version={VERSION}"))
            .header("host", "localhost:8443")
            .header("authorization", format!("Bearer {}", person.token))
            .header("repeatability-request-id", request_id)
            .body(Body::from(body.to_string()))
            .unwrap();
        self.send(request).await
    }

    /// Sends a request as it is.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let body = if body.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&body).unwrap()
        };
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    /// Follows a link from an answer, as clients do: as it is.
    pub(crate) async fn follow(&self, person: &Person, link: &str) -> Answer {
        let request = Request::get(
            link.strip_prefix("https://localhost:8443")
                .expect("an absolute link"),
        )
        .header("host", "localhost:8443")
        .header("authorization", format!("Bearer {}", person.token))
        .body(Body::empty())
        .unwrap();
        self.send(request).await
    }

    /// A thread of `creator` and `others`; returns its path.
    pub(crate) async fn thread(&self, creator: &Person, others: &[&Person]) -> String {
        let participants: Vec<_> = others.iter().map(|person| participant(person)).collect();
        let body = json!({"topic": "Lunch", "participants": participants});
        let created = self.post(creator, "/chat/threads", body).await;
        assert_eq!(created.status, 201, "{}", created.body);
        path(created.body["chatThread"]["id"].as_str().unwrap())
    }

    /// Sends a message; returns its id.
    pub(crate) async fn message(&self, sender: &Person, thread: &str, text: &str) -> String {
        let sent = self
            .post(sender, &format!("{thread}/messages"), json!({"content": text}))
            .await;
        assert_eq!(sent.status, 201, "{}", sent.body);
        sent.body["id"].as_str().unwrap().to_owned()
    }

    /// All items of a list, one page after the other.
    pub(crate) async fn pages(&self, person: &Person, path: &str) -> Vec<Vec<Value>> {
        let mut pages = Vec::new();
        let mut answer = self.get(person, path).await;
        loop {
            assert_eq!(answer.status, 200, "{}", answer.body);
            pages.push(answer.body["value"].as_array().unwrap().clone());
            let Some(next) = answer.body["nextLink"].as_str() else {
                return pages;
            };
            answer = self.follow(person, next).await;
        }
    }
}

impl Answer {
    /// Asserts an error of this status and code, in the envelope.
    #[track_caller]
    pub(crate) fn is_error(&self, status: u16, code: &str) {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.body["error"]["code"], code, "{}", self.body);
        assert!(
            self.body["error"]["message"]
                .as_str()
                .is_some_and(|message| !message.is_empty())
        );
        assert!(self.headers.contains_key("x-request-id"));
    }

    /// Asserts success without a body.
    #[track_caller]
    pub(crate) fn is_empty(&self, status: u16) {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.body, Value::Null);
    }
}

async fn assemble(
    config: Config,
    storage: Storage,
    objects: Objects,
    clock: Arc<ManualClock>,
    resource_id: &ResourceId,
) -> AppState {
    let parts = AppParts {
        config,
        mode: Mode::Dev {
            resource_id: resource_id.clone(),
        },
        endpoints: Endpoints {
            public: "https://chat.example/".to_owned(),
            plain: None,
        },
        storage,
        objects,
        relay: None,
        clock,
    };
    AppState::assemble(parts).await.unwrap()
}

fn open_objects(s3: Option<&S3Server>, directory: &Path, staging: &Path) -> Objects {
    match s3 {
        Some(s3) => Objects::in_s3(&s3.config(), staging).unwrap(),
        None => Objects::in_directory(directory, staging).unwrap(),
    }
}

/// A thread's path, its id percent-encoded as clients do.
pub(crate) fn path(thread_id: &str) -> String {
    format!(
        "/chat/threads/{}",
        thread_id.replace(':', "%3A").replace('@', "%40")
    )
}

pub(crate) fn identifier(person: &Person) -> Value {
    json!({"rawId": person.raw_id, "communicationUser": {"id": person.raw_id}})
}

pub(crate) fn participant(person: &Person) -> Value {
    json!({"communicationIdentifier": identifier(person)})
}

pub(crate) fn string(value: &Value) -> &str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("a string instead of {value}"))
}

/// `2024-05-14T07:51:06Z`
pub(crate) fn is_whole_second(value: &Value) -> bool {
    let text = string(value);
    text.len() == 20 && text.ends_with('Z') && !text.contains('.')
}
