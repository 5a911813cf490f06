//! What anybody can see of a server, without a token.

use std::net::{IpAddr, SocketAddr};

use axum::http::{Method, Request};
use bytes::Bytes;
use futures::future::join_all;
use http_body_util::Full;

use super::{
    Doctor, Endpoint,
    judge::{
        certificate::{certificate, no_tls},
        http::{self, Answer},
        reach::tcp,
    },
    probe::{connect::connect, http::Way, session},
    report::{Status, Topic, Verdict},
    signed_in,
    target::is_public,
};
use crate::config::Config;

/// More than nginx takes unless told otherwise.
const LARGE_BODY_BYTES: usize = (1 << 20) + (64 << 10);

/// A server that answers at one of its addresses.
struct Reached {
    way: Way,
    /// Whether it may be told something secret.
    trusted: bool,
    health: Option<Answer>,
}

/// Looks at each address, and at the rest through the first that answers.
pub(super) async fn examine(
    doctor: &Doctor,
    endpoint: &Endpoint,
    addresses: &[IpAddr],
    config: Option<&Config>,
) {
    if !endpoint.secure {
        doctor.findings.add(Topic::Tls, plain(addresses));
    }
    let each = addresses
        .iter()
        .map(|ip| reach(doctor, endpoint, SocketAddr::new(*ip, endpoint.port)));
    let reached: Vec<_> = join_all(each).await.into_iter().flatten().collect();
    let best = reached
        .iter()
        .find(|reached| reached.health.is_some() && reached.trusted);
    let Some(best) = best.or_else(|| reached.iter().find(|reached| reached.health.is_some())) else {
        doctor
            .findings
            .add(Topic::Session, Verdict::skipped("the server does not answer"));
        return;
    };
    let skew_s = best.health.as_ref().and_then(|answer| answer.skew_s);
    doctor.findings.add(Topic::Clock, http::clock(skew_s));
    tokio::join!(
        upgrade(doctor, &best.way),
        origins(doctor, &best.way),
        bodies(doctor, &best.way),
        async {
            if best.trusted {
                signed_in::examine(doctor, &best.way, config).await;
            } else {
                let why = "nothing secret is sent where TLS is not as it should be";
                doctor.findings.add(Topic::Session, Verdict::skipped(why));
            }
        }
    );
}

fn plain(addresses: &[IpAddr]) -> Verdict {
    if addresses.iter().any(|address| is_public(*address)) {
        return Verdict::failed(
            "plain HTTP: tokens are read on the way, and pages have neither microphone nor camera",
            "Set `server.https_bind`, `server.certificate` and `server.private_key`, or put a proxy with TLS in front.",
        );
    }
    Verdict::skipped("plain HTTP, not on the internet")
}

async fn reach(doctor: &Doctor, endpoint: &Endpoint, address: SocketAddr) -> Option<Reached> {
    let (findings, limit, subject) = (&doctor.findings, doctor.options.limit, address.to_string());
    let connected = connect(address, limit).await;
    let (stream, took) = match connected {
        Ok(connected) => connected,
        Err(why) => {
            findings.about(Topic::Tcp, subject, tcp(address, &Err(why)));
            return None;
        }
    };
    findings.about(Topic::Tcp, subject.clone(), tcp(address, &Ok(took)));
    let mut trusted = !is_public(address.ip());
    if endpoint.secure {
        let verdict = match doctor.trust.handshake(stream, &endpoint.host, limit).await {
            Ok((_, facts)) => certificate(&facts, &endpoint.host, doctor.now),
            Err(why) => {
                findings.about(Topic::Tls, subject, no_tls(&why));
                return None;
            }
        };
        trusted = verdict.status != Status::Failed;
        findings.about(Topic::Tls, subject.clone(), verdict);
    } else {
        // It was to see whether there is one: a server waits for what comes by it.
        drop(stream);
    }
    let way = Way {
        endpoint: endpoint.clone(),
        address,
        trust: doctor.trust.clone(),
        limit,
    };
    let health = way
        .send(request(Method::GET, "/health/ready", Bytes::new()))
        .await;
    let verdict = http::health(&health);
    let healthy = verdict.status == Status::Ok;
    findings.about(Topic::Health, subject, verdict);
    Some(Reached {
        way,
        trusted,
        health: health.ok().filter(|_| healthy),
    })
}

async fn upgrade(doctor: &Doctor, way: &Way) {
    let origin = doctor.options.origin.as_deref();
    let upgraded = session::upgrade(way, origin).await;
    doctor
        .findings
        .add(Topic::Upgrade, http::upgrade(&upgraded, origin));
}

async fn origins(doctor: &Doctor, way: &Way) {
    let Some(origin) = &doctor.options.origin else {
        let why = "name the origin of a page with --origin https://app.example.org";
        doctor.findings.add(Topic::Origins, Verdict::skipped(why));
        return;
    };
    let mut preflight = request(
        Method::OPTIONS,
        "/chat/threads?api-version=2024-03-07",
        Bytes::new(),
    );
    let headers = [
        ("origin", origin.as_str()),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization,content-type"),
    ];
    for (name, value) in headers {
        if let Ok(value) = value.parse() {
            preflight.headers_mut().insert(name, value);
        }
    }
    let answer = way.send(preflight).await;
    doctor
        .findings
        .add(Topic::Origins, http::origins(&answer, origin));
}

/// A file for a thread that is not there, of nobody: what arrives at the server is refused with its own 401.
async fn bodies(doctor: &Doctor, way: &Way) {
    let body = Bytes::from(vec![0; LARGE_BODY_BYTES]);
    let target = "/chat/threads/doctor/attachments?name=doctor&api-version=2024-03-07";
    let answer = way.send(request(Method::POST, target, body)).await;
    doctor
        .findings
        .add(Topic::Bodies, http::bodies(&answer, LARGE_BODY_BYTES));
}

fn request(method: Method, target: &str, body: Bytes) -> Request<Full<Bytes>> {
    let request = Request::builder().method(method).uri(target);
    request.body(Full::new(body)).expect("the target is a constant")
}
