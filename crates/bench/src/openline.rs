//! `openline-server dev` under load: one WebSocket per client, and one kept HTTP connection per client that sends.

use std::{path::Path, process::Stdio, sync::Arc, time::Duration};

use anyhow::{Context, ensure};
use bytes::Bytes;
use futures::{SinkExt, StreamExt};
use http_body_util::{BodyExt, Full};
use hyper::{
    Request,
    client::conn::http1::SendRequest,
    header::{AUTHORIZATION, CONTENT_TYPE, HOST},
};
use hyper_util::rt::TokioIo;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpStream,
    process::Command,
    task::JoinHandle,
};
use tokio_tungstenite::tungstenite::Message;

use crate::{
    process::Process,
    service::{Client, Service},
    tally::Tally,
};

const API_VERSION: &str = "2025-03-15";

/// The server of this project.
#[derive(Debug)]
pub(crate) struct Openline {
    process: Process,
    authority: String,
    _data: TempDir,
}

impl Openline {
    /// Starts `binary` with an empty database, without limits on how often one may do things.
    pub(crate) async fn start(binary: &Path) -> anyhow::Result<Self> {
        let data = tempfile::tempdir()?;
        let mut process = Process::start(
            Command::new(binary)
                .args(["dev", "--http-port", "0", "--https-port", "0", "--data-dir"])
                .arg(data.path())
                .env("OPENLINE_LOG__LEVEL", "warn")
                .env("OPENLINE_CHAT__RATE_LIMITS__ENABLED", "false")
                .stdout(Stdio::piped()),
        )?;
        let stdout = process.child().stdout.take().context("stdout is piped")?;
        let mut ready = String::new();
        BufReader::new(stdout).read_line(&mut ready).await?;
        let ready: Value = serde_json::from_str(&ready).context("the server did not become ready")?;
        let http = ready["http"]
            .as_str()
            .context("the ready line names the endpoint")?;
        Ok(Self {
            process,
            authority: http
                .trim_start_matches("http://")
                .trim_end_matches('/')
                .to_owned(),
            _data: data,
        })
    }
}

impl Service for Openline {
    const NAME: &'static str = "openline";
    type Client = Person;
    type Thread = String;

    fn process(&self) -> &Process {
        &self.process
    }

    async fn connect(&self, index: usize, tally: Arc<Tally>) -> anyhow::Result<Person> {
        let mut requests = Requests::new(self.authority.clone());
        let name = json!({ "name": format!("Client {index}") });
        let answer = requests.post("/demo/token", &name).await?;
        let text = |value: &Value| value.as_str().map(str::to_owned).context("a token and an id");
        let token = text(&answer["token"])?;
        // Only who sends keeps a connection for requests.
        requests.connection = None;
        let listening = listen(&self.authority, &token, index, tally).await?;
        requests.bearer = Some(token);
        Ok(Person {
            raw_id: text(&answer["identity"]["id"])?,
            requests,
            listening,
        })
    }

    async fn thread(&self, members: &mut [Person]) -> anyhow::Result<String> {
        let ids: Vec<_> = members.iter().map(|member| member.raw_id.clone()).collect();
        let participant = |raw_id: &String| json!({ "communicationIdentifier": { "rawId": raw_id } });
        let creator = members.first_mut().context("a thread has members")?;
        // One request takes 200 participants.
        let (first, rest) = ids.split_at(ids.len().min(200));
        let body = json!({
            "topic": "bench",
            "participants": first.iter().map(participant).collect::<Vec<_>>(),
        });
        let answer = creator.requests.post(&versioned("/chat/threads"), &body).await?;
        let id = answer["chatThread"]["id"]
            .as_str()
            .context("a thread has an id")?;
        let path = format!("/chat/threads/{}", utf8_percent_encode(id, NON_ALPHANUMERIC));
        if !rest.is_empty() {
            let body = json!({ "participants": rest.iter().map(participant).collect::<Vec<_>>() });
            let add = versioned(&format!("{path}/participants/:add"));
            creator.requests.post(&add, &body).await?;
        }
        Ok(versioned(&format!("{path}/messages")))
    }

    async fn stop(self) -> anyhow::Result<()> {
        self.process.stop().await
    }
}

/// A signed-in client.
#[derive(Debug)]
pub(crate) struct Person {
    raw_id: String,
    requests: Requests,
    listening: JoinHandle<()>,
}

impl Drop for Person {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Client for Person {
    type Thread = String;

    async fn send(&mut self, thread: &String, text: String) -> anyhow::Result<()> {
        self.requests.post(thread, &json!({ "content": text })).await?;
        Ok(())
    }
}

fn versioned(path: &str) -> String {
    format!("{path}?api-version={API_VERSION}")
}

/// Opens the socket and counts what arrives on it, once the server follows the chat for it.
async fn listen(
    authority: &str,
    token: &str,
    index: usize,
    tally: Arc<Tally>,
) -> anyhow::Result<JoinHandle<()>> {
    let (mut socket, _) = tokio_tungstenite::connect_async(format!("ws://{authority}/realtime")).await?;
    for frame in [
        json!({ "type": "hello", "versions": [1], "token": token }),
        json!({ "type": "subscribe", "topic": "chat" }),
    ] {
        socket.send(Message::text(frame.to_string())).await?;
    }
    loop {
        let frame = socket.next().await.context("the server closed the socket")??;
        if frame.to_text()?.starts_with(r#"{"type":"subscribed""#) {
            break;
        }
    }
    Ok(tokio::spawn(async move {
        let mut beat = tokio::time::interval(Duration::from_secs(10));
        loop {
            tokio::select! {
                frame = socket.next() => match frame {
                    Some(Ok(frame)) => tally.received(index, frame.to_text().unwrap_or_default()),
                    Some(Err(_)) | None => return,
                },
                _ = beat.tick() => {
                    if socket.send(Message::text(r#"{"type":"ping","id":1}"#)).await.is_err() {
                        return;
                    }
                }
            }
        }
    }))
}

/// Requests over one connection, which is opened again where it was closed.
#[derive(Debug)]
struct Requests {
    authority: String,
    bearer: Option<String>,
    connection: Option<SendRequest<Full<Bytes>>>,
}

impl Requests {
    const fn new(authority: String) -> Self {
        Self {
            authority,
            bearer: None,
            connection: None,
        }
    }

    async fn post(&mut self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let mut request = Request::post(path)
            .header(HOST, &self.authority)
            .header(CONTENT_TYPE, "application/json");
        if let Some(token) = &self.bearer {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request.body(Full::from(body.to_string()))?;
        let open_still = self
            .connection
            .take()
            .filter(|connection| !connection.is_closed());
        let connection = match open_still {
            Some(connection) => self.connection.insert(connection),
            None => self.connection.insert(open(&self.authority).await?),
        };
        connection.ready().await?;
        let response = connection.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        ensure!(
            status.is_success(),
            "{status}: {}",
            String::from_utf8_lossy(&body)
        );
        serde_json::from_slice(&body).context("an answer without JSON")
    }
}

async fn open(authority: &str) -> anyhow::Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(authority).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(async move {
        // A broken connection shows at the next request.
        drop(connection.await);
    });
    Ok(sender)
}
