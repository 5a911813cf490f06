//! Requests and frames that are refused: the reason may be logged, what was wrong may not.

use openline_protocol::realtime::{ClientFrame, VERSION};

use super::{MARK, Story, marked};
use crate::client::{CHAT_VERSION, Client, Person};

/// A request, and the status of its refusal.
struct Refused {
    method: &'static str,
    target: String,
    authorization: Option<String>,
    body: Option<String>,
    status: u16,
}

fn get(target: String, authorization: Option<String>, status: u16) -> Refused {
    Refused {
        method: "GET",
        target,
        authorization,
        body: None,
        status,
    }
}

fn post(target: &str, authorization: Option<String>, body: String, status: u16) -> Refused {
    Refused {
        method: "POST",
        target: target.to_owned(),
        authorization,
        body: Some(body),
        status,
    }
}

impl Story {
    pub(super) async fn mislead(&mut self, ann: &Person) {
        let bearer = Some(format!("Bearer {}", ann.token));
        let forged = Some(format!("Bearer {}{MARK}", ann.token));
        let no_token = Some(format!("Bearer {MARK}.{MARK}.{MARK}"));
        let threads = format!("/chat/threads?{CHAT_VERSION}");
        let large = format!("{{\"topic\":\"{}\"}}", MARK.repeat(1000));
        for refused in [
            get(format!("/{MARK}/{MARK}?{MARK}={MARK}"), None, 404),
            get(
                format!("/chat/threads/{MARK}?{CHAT_VERSION}"),
                bearer.clone(),
                403,
            ),
            get(format!("/chat/threads?api-version={MARK}"), bearer.clone(), 400),
            get(format!("{threads}&startTime={MARK}"), bearer.clone(), 400),
            get(threads.clone(), forged, 401),
            get(threads.clone(), no_token, 401),
            get(threads.clone(), Some(marked("Basic")), 401),
            post(&threads, bearer.clone(), format!("{{\"topic\":\"{MARK}\","), 400),
            post(
                &threads,
                bearer.clone(),
                format!("{{\"topic\":{{\"{MARK}\":1}}}}"),
                400,
            ),
            post(&threads, bearer, large, 413),
            post("/demo/token", None, format!("{{\"name\":[\"{MARK}\"]}}"), 400),
        ] {
            self.is_refused(refused).await;
        }
    }

    async fn is_refused(&mut self, refused: Refused) {
        let Refused {
            method,
            target,
            authorization,
            body,
            status,
        } = refused;
        // A body that is refused by its length is not read, so the connection is not used again.
        let mut headers = vec![("connection", "close".to_owned())];
        headers.extend(authorization.map(|value| ("authorization", value)));
        if body.is_some() {
            headers.push(("content-type", "application/json".to_owned()));
        }
        let (answered, error) = self
            .ask(method, &target, &headers, body.unwrap_or_default())
            .await;
        assert_eq!(answered, status, "{method} {target}: {error}");
    }

    pub(super) async fn mislead_the_socket(&mut self, ann: &Person, bob: &Person) {
        for frame in [
            format!("{{\"type\":\"{MARK}\"}}"),
            MARK.to_owned(),
            format!("{{\"type\":\"subscribe\",\"topic\":\"{MARK}\"}}"),
            format!(
                "{{\"type\":\"command\",\"seq\":1,\"command\":{{\"kind\":\"start\",\"callId\":\"{MARK}\"}}}}"
            ),
        ] {
            let mut client = Client::connect(&self.server, ann).await;
            client.send_text(frame).await;
            assert_eq!(client.close_code().await, Some(4400));
        }
        for token in [MARK.to_owned(), format!("{}{MARK}", bob.token)] {
            let mut client = Client::open(&self.server).await;
            client
                .send(&ClientFrame::Hello {
                    versions: vec![VERSION],
                    token,
                    resume: None,
                })
                .await;
            assert_eq!(client.close_code().await, Some(4401));
        }
    }
}
