//! Requests over HTTP/1.1, one a connection.

use std::{
    error::Error as _,
    net::SocketAddr,
    time::{Duration, Instant, SystemTime},
};

use axum::http::{HeaderMap, Request, Response, header};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::time::timeout;

use super::{
    connect::{Duplex, connect},
    tls::Trust,
};
use crate::doctor::{
    judge::http::{Answer, NoAnswer},
    target::Endpoint,
};

/// What is read of an answer.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// The way to a server by one of its addresses.
#[derive(Debug, Clone)]
pub(in crate::doctor) struct Way {
    pub(in crate::doctor) endpoint: Endpoint,
    pub(in crate::doctor) address: SocketAddr,
    pub(in crate::doctor) trust: Trust,
    /// How long a step may take.
    pub(in crate::doctor) limit: Duration,
}

impl Way {
    /// A connection, with TLS where the endpoint has it.
    pub(in crate::doctor) async fn open(&self) -> Result<Box<dyn Duplex>, NoAnswer> {
        let connected = connect(self.address, self.limit).await;
        let (stream, _) = connected.map_err(|_unconnected| NoAnswer::Broken)?;
        if !self.endpoint.secure {
            return Ok(Box::new(stream));
        }
        let handshake = self
            .trust
            .handshake(stream, &self.endpoint.host, self.limit)
            .await;
        let (stream, _) = handshake.map_err(|_no_tls| NoAnswer::Broken)?;
        Ok(Box::new(stream))
    }

    /// Sends a request and reads the answer.
    pub(in crate::doctor) async fn send(&self, request: Request<Full<Bytes>>) -> Result<Answer, NoAnswer> {
        self.send_for_json(request).await.map(|(answer, _)| answer)
    }

    /// Likewise, with the body, if it is JSON.
    pub(in crate::doctor) async fn send_for_json(
        &self,
        mut request: Request<Full<Bytes>>,
    ) -> Result<(Answer, Value), NoAnswer> {
        let begun = Instant::now();
        if let Ok(host) = self.endpoint.authority().parse() {
            request.headers_mut().insert(header::HOST, host);
        }
        let stream = self.open().await?;
        let exchange = timeout(self.limit, exchange(stream, request)).await;
        let (head, body) = exchange.map_err(|_elapsed| NoAnswer::Late)??;
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        Ok((answer(&head, &body, begun.elapsed()), body))
    }
}

async fn exchange(
    stream: Box<dyn Duplex>,
    request: Request<Full<Bytes>>,
) -> Result<(Response<()>, Bytes), NoAnswer> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| no_answer(&error))?;
    // It carries the bytes while the answer is waited for, which says what became of most of its errors.
    let carried = async {
        match connection.await {
            Err(error) if spoke_first(&error) => NoAnswer::NotHttp,
            Ok(()) | Err(_) => std::future::pending().await,
        }
    };
    let answered = async {
        let response = sender
            .send_request(request)
            .await
            .map_err(|error| no_answer(&error))?;
        let (head, body) = response.into_parts();
        Ok((Response::from_parts(head, ()), read(body).await?))
    };
    tokio::select! {
        biased;
        why = carried => Err(why),
        answer = answered => answer,
    }
}

async fn read(body: Incoming) -> Result<Bytes, NoAnswer> {
    // What is longer is no answer of the server's: that says enough.
    let read = Limited::new(body, MAX_ANSWER_BYTES).collect().await;
    Ok(read.map(|body| body.to_bytes()).unwrap_or_default())
}

/// Whether something came before anything was asked, as from a mail server: an error that has no other cause.
fn spoke_first(error: &hyper::Error) -> bool {
    !error.is_incomplete_message() && !error.is_closed() && !error.is_canceled() && error.source().is_none()
}

fn no_answer(error: &hyper::Error) -> NoAnswer {
    if error.is_parse() {
        NoAnswer::NotHttp
    } else {
        NoAnswer::Broken
    }
}

fn answer(head: &Response<()>, body: &Value, took: Duration) -> Answer {
    let headers = head.headers();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let error = &body["error"];
    Answer {
        status: head.status().as_u16(),
        health: text(&body["status"]),
        version: text(&body["version"]),
        error: text(&error["code"]).zip(text(&error["message"])),
        has_request_id: headers.contains_key("x-request-id"),
        allowed_origin: header(headers, "access-control-allow-origin"),
        skew_s: header(headers, "date").and_then(|date| ahead(&date)),
        took,
    }
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

/// How far a date is ahead of our clock, in seconds.
fn ahead(date: &str) -> Option<i64> {
    let date = httpdate::parse_http_date(date).ok()?;
    match date.duration_since(SystemTime::now()) {
        Ok(ahead) => i64::try_from(ahead.as_secs()).ok(),
        Err(behind) => i64::try_from(behind.duration().as_secs())
            .ok()
            .map(|seconds| -seconds),
    }
}
