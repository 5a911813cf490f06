//! What the log says at its most talkative: everything that happened, and nothing that anybody said, is called or
//! proves who they are with.

mod misled;

use std::time::SystemTime;

use openline_protocol::{
    CallId,
    realtime::{CallCommand, CallNotice, ChatEvent, ClientFrame, MediaState, PeerSignal, ServerFrame},
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    binary::{TestServer, dev_command},
    client::{Api, CHAT_VERSION, Client, Person},
    signing::Signature,
};

/// In everything that must not be logged.
const MARK: &str = "zqx7mark";

/// What was done, and what must not be told of it.
struct Story {
    server: TestServer,
    request_ids: Vec<String>,
    secrets: Vec<String>,
}

#[tokio::test]
async fn the_log_tells_what_happened_and_no_secret() {
    let directory = tempfile::tempdir().unwrap();
    let mut dev = dev_command(directory.path());
    dev.env("OPENLINE_LOG__LEVEL", "trace")
        .env("OPENLINE_LIMITS__MAX_BODY_BYTES", "4096");
    let mut story = Story {
        server: TestServer::start(dev),
        request_ids: Vec::new(),
        secrets: Vec::new(),
    };
    story.sign_in_by_access_key().await;
    let [ann, bob] = story.sign_in_by_name().await;
    story.chat(&ann, &bob).await;
    story.call(&ann, &bob).await;
    story.mislead(&ann).await;
    story.mislead_the_socket(&ann, &bob).await;

    let Story {
        server,
        request_ids,
        secrets,
    } = story;
    let ended = server.stop_with("-TERM");
    assert!(request_ids.len() > 20);
    for id in request_ids {
        assert!(ended.stderr.contains(&id), "request {id} is not in the log");
    }
    for secret in secrets.iter().map(String::as_str).chain([MARK]) {
        let said = [&ended.stderr, &ended.stdout]
            .into_iter()
            .flat_map(|output| output.lines())
            .find(|line| line.contains(secret));
        assert_eq!(said, None, "{secret}");
    }
}

/// Something to say that nobody else may learn.
fn marked(what: &str) -> String {
    format!("{what} {MARK}")
}

impl Story {
    /// A token's parts other than the first, which is the same in all tokens of a resource, are secret each.
    fn keep_secret(&mut self, token: &str) {
        let parts: Vec<&str> = token.split('.').collect();
        assert_eq!(parts.len(), 3);
        self.secrets.extend(parts[1..].iter().map(ToString::to_string));
    }

    async fn ask(
        &mut self,
        method: &str,
        target: &str,
        headers: &[(&str, String)],
        body: String,
    ) -> (u16, Value) {
        let url = format!("{}{}", self.server.http, target.trim_start_matches('/'));
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.server.client.request(method, url).body(body);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let answer = request.send().await.unwrap();
        let id = answer.headers()["x-request-id"].to_str().unwrap();
        self.request_ids.push(id.to_owned());
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or_default())
    }

    /// A request of somebody who is signed in, which succeeds.
    async fn act(&mut self, person: &Person, method: &str, path: &str, body: Value) -> Value {
        let query = format!("{CHAT_VERSION}&note={MARK}");
        let content_type = if method == "PATCH" {
            "application/merge-patch+json"
        } else {
            "application/json"
        };
        let headers = [
            ("authorization", format!("Bearer {}", person.token)),
            ("content-type", content_type.to_owned()),
            ("cookie", format!("session={MARK}")),
            ("referer", format!("https://app.example.org/?{MARK}")),
            ("user-agent", marked("Browser")),
        ];
        let separator = if path.contains('?') { '&' } else { '?' };
        let target = format!("{path}{separator}{query}");
        let (status, body) = self.ask(method, &target, &headers, body.to_string()).await;
        assert!((200..300).contains(&status), "{method} {path}: {status} {body}");
        body
    }

    /// A request of the control plane, signed with the key.
    async fn signed(&mut self, key: &str, method: &str, target: &str, body: &str) -> (u16, Value) {
        let host = self.server.http.trim_end_matches('/').replace("http://", "");
        let signature = Signature {
            key,
            method,
            target,
            host: &host,
            date: &httpdate::fmt_http_date(SystemTime::now()),
            body: body.as_bytes(),
        };
        let headers = signature.headers();
        let (_, signature) = headers[2].1.split_once("Signature=").unwrap();
        self.secrets.push(signature.to_owned());
        self.ask(method, target, &headers, body.to_owned()).await
    }

    async fn sign_in_by_access_key(&mut self) {
        let key = self.server.key().to_owned();
        self.secrets.push(key.clone());
        let version = "api-version=2023-10-01";
        let create = format!("/identities?{version}&note={MARK}");
        let body = r#"{"createTokenWithScopes":["chat","voip"]}"#;
        let (status, created) = self.signed(&key, "POST", &create, body).await;
        assert_eq!(status, 201, "{created}");
        self.keep_secret(created["accessToken"]["token"].as_str().unwrap());
        let id = created["identity"]["id"].as_str().unwrap();
        let issue = format!("/identities/{id}/:issueAccessToken?{version}");
        let (_, issued) = self.signed(&key, "POST", &issue, r#"{"scopes":["chat"]}"#).await;
        self.keep_secret(issued["token"].as_str().unwrap());
        let revoke = format!("/identities/{id}/:revokeAccessTokens?{version}");
        assert_eq!(self.signed(&key, "POST", &revoke, "").await.0, 204);
        let delete = format!("/identities/{id}?{version}");
        assert_eq!(self.signed(&key, "DELETE", &delete, "").await.0, 204);
        // Somebody else's key, and a body that is none.
        let wrong = "enF4N21hcmt6cXg3bWFya3pxeDdtYXJr";
        self.secrets.push(wrong.to_owned());
        assert_eq!(self.signed(wrong, "POST", &create, body).await.0, 401);
        let malformed = format!("{{\"createTokenWithScopes\":[\"{MARK}");
        assert_eq!(self.signed(&key, "POST", &create, &malformed).await.0, 400);
        let unknown = format!("{{\"createTokenWithScopes\":[\"{MARK}\"]}}");
        assert_eq!(self.signed(&key, "POST", &create, &unknown).await.0, 400);
    }

    async fn sign_in_by_name(&mut self) -> [Person; 2] {
        let api = Api::of(&self.server);
        let people = [
            api.sign_in(&marked("Ann")).await,
            api.sign_in(&marked("Bob")).await,
        ];
        for person in &people {
            self.keep_secret(&person.token);
        }
        people
    }

    async fn chat(&mut self, ann: &Person, bob: &Person) {
        let mut reader = Client::connect(&self.server, bob).await;
        reader.subscribe(None).await;
        let member = json!({
            "communicationIdentifier": { "rawId": bob.id },
            "displayName": marked("Bob"),
            "metadata": { "k": MARK },
        });
        let body = json!({ "topic": marked("Plans"), "participants": [member], "metadata": { "k": MARK } });
        let created = self.act(ann, "POST", "/chat/threads", body).await;
        let thread = format!("/chat/threads/{}", created["chatThread"]["id"].as_str().unwrap());
        let body = json!({ "participants": [member] });
        self.act(ann, "POST", &format!("{thread}/participants/:add"), body)
            .await;
        let name = marked("Ann");
        let body =
            json!({ "content": marked("hello"), "senderDisplayName": name, "metadata": { "k": MARK } });
        let sent = self.act(ann, "POST", &format!("{thread}/messages"), body).await;
        let message = format!("{thread}/messages/{}", sent["id"].as_str().unwrap());
        let body = json!({ "content": marked("hello again"), "metadata": { "k": marked("v") } });
        self.act(ann, "PATCH", &message, body).await;
        self.act(ann, "PATCH", &thread, json!({ "topic": marked("Other plans") }))
            .await;
        let body = json!({ "senderDisplayName": name });
        self.act(ann, "POST", &format!("{thread}/typing"), body).await;
        let body = json!({ "chatMessageId": sent["id"] });
        self.act(bob, "POST", &format!("{thread}/readReceipts"), body)
            .await;
        for path in [
            "/chat/threads".to_owned(),
            format!("{thread}/messages"),
            message.clone(),
            thread.clone(),
        ] {
            self.act(bob, "GET", &path, json!(null)).await;
        }
        self.act(ann, "DELETE", &message, json!(null)).await;
        self.act(ann, "DELETE", &thread, json!(null)).await;
        // Everything reached the socket.
        while !matches!(
            reader.frame().await,
            ServerFrame::Event { event, .. } if matches!(*event, ChatEvent::ChatThreadDeleted { .. })
        ) {}
    }

    async fn call(&mut self, ann: &Person, bob: &Person) {
        let mut caller = Client::callable(&self.server, ann, &marked("Ann")).await;
        let mut callee = Client::callable(&self.server, bob, &marked("Bob")).await;
        caller.start_call("c", bob, &marked("Ann")).await;
        assert!(matches!(callee.notice().await, CallNotice::Incoming { .. }));
        let call_id = CallId::new("c");
        callee
            .command(CallCommand::Accept {
                call_id: call_id.clone(),
                display_name: Some(marked("Bob")),
                media: MediaState::default(),
            })
            .await;
        while !matches!(caller.notice().await, CallNotice::Answered { .. }) {}
        let description = json!({ "type": "description", "descriptionType": "offer", "sdp": marked("v=0") });
        let signal: PeerSignal = serde_json::from_value(description).unwrap();
        caller
            .command(CallCommand::Signal {
                call_id: call_id.clone(),
                signal,
            })
            .await;
        while !matches!(callee.notice().await, CallNotice::Signal { .. }) {}
        caller.command(CallCommand::HangUp { call_id }).await;
        while !matches!(callee.notice().await, CallNotice::Ended { .. }) {}
        // A token that takes the place of another, and one of somebody else.
        let renewed = Api::of(&self.server).sign_in(&marked("Ann")).await;
        self.keep_secret(&renewed.token);
        for (token, closes) in [(&renewed.token, false), (&bob.token, true)] {
            let token = token.clone();
            caller.send(&ClientFrame::Token { token }).await;
            caller.send(&ClientFrame::Ping { id: 1 }).await;
            if closes {
                assert_eq!(caller.close_code().await, Some(4401));
            } else {
                while caller.frame().await != (ServerFrame::Pong { id: 1 }) {}
            }
        }
    }
}
