//! What somebody gets who signs in: a session, and relays that work.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    path::Path,
    sync::PoisonError,
};

use futures::future::join_all;
use ipnet::IpNet;
use openline_protocol::realtime::IceServer;
use openline_turn::Credentials;

use super::{
    Access, Doctor, Left,
    judge::{self, relay::Outcome},
    probe::{
        access_key::AccessKey,
        connect::resolve,
        http::Way,
        relay::{RelayProbe, Tried},
        session::Session,
    },
    report::{Status, Topic, Verdict},
    target::{RelayUrl, Transport},
};
use crate::{config::Config, storage::sqlite};

/// Relays, each at one address, that are tried at most: a user has places for twice as many allocations.
const MAX_RELAYS: usize = 16;

/// Signs in, registers a session, and tries out the relays that it is told of.
pub(super) async fn examine(doctor: &Doctor, way: &Way, config: Option<&Config>) {
    let Some(token) = token(doctor, way, config).await else {
        return;
    };
    let (registered, session) = Session::register(way, &token).await;
    doctor
        .findings
        .add(Topic::Session, judge::session::session(&registered));
    let Some(mut session) = session else { return };
    let servers = std::mem::take(&mut session.ice_servers);
    let allowed = config.map(|config| config.turn.allowed_peers.as_slice());
    let quiet = doctor.options.idle;
    let silence = async {
        if !quiet.is_zero() {
            let verdict = judge::session::idle(session.idle(quiet).await, quiet);
            doctor.findings.add(Topic::Idle, verdict);
        }
        session.leave().await;
    };
    tokio::join!(silence, relays(doctor, servers, allowed));
}

/// A token: the one that was given, or one of an identity of this run.
async fn token(doctor: &Doctor, way: &Way, config: Option<&Config>) -> Option<String> {
    let stored;
    let key = match (&doctor.options.access, config) {
        (Access::Token(token), _) => return Some(token.clone()),
        (Access::Key(key), _) => &key.0,
        (Access::Nobody, Some(config)) => {
            stored = stored_key(&config.server.data_dir).await;
            match &stored {
                Some(key) => key,
                None => {
                    return without_key(
                        doctor,
                        "there is no resource that can be read: see `openline-server resource`",
                    );
                }
            }
        }
        (Access::Nobody, None) => {
            let why = "give --connection-string, --access-key-file or --token-file: relays are told to who signs in";
            return without_key(doctor, why);
        }
    };
    let (answer, identity) = key.create_identity(way).await;
    doctor.findings.add(
        Topic::AccessKey,
        judge::session::access_key(&answer, identity.is_some()),
    );
    let identity = identity?;
    let token = identity.token.clone();
    let left = Left {
        way: way.clone(),
        key: key.clone(),
        identity,
    };
    *doctor.left.lock().unwrap_or_else(PoisonError::into_inner) = Some(left);
    Some(token)
}

fn without_key(doctor: &Doctor, why: &str) -> Option<String> {
    doctor.findings.add(Topic::Session, Verdict::skipped(why));
    None
}

/// A key from the database beside the server, which is only read.
async fn stored_key(data_dir: &Path) -> Option<AccessKey> {
    let secret = sqlite::first_access_key(&data_dir.join("openline.db")).await?;
    Some(AccessKey::new(secret))
}

async fn relays(doctor: &Doctor, servers: Vec<IceServer>, allowed: Option<&[IpNet]>) {
    let (told, unread) = read(servers);
    let urls: Vec<_> = told.iter().map(|(url, _)| url.clone()).collect();
    doctor
        .findings
        .add(Topic::Relays, judge::session::relays(&urls, unread));
    let tried = join_all(
        told.into_iter()
            .map(|(url, credentials)| at_addresses(doctor, url, credentials)),
    )
    .await;
    let probes: Vec<RelayProbe> = tried.into_iter().flatten().take(MAX_RELAYS).collect();
    let mut peers = BTreeMap::new();
    let runs = probes
        .iter()
        .map(|probe| async move { (probe, probe.run().await) });
    for (probe, tried) in join_all(runs).await {
        tell(doctor, probe, &tried);
        if matches!(tried.facts.outcome, Outcome::Allocated(_)) {
            // What shares its credentials is one relay.
            let relay = (probe.address.ip(), probe.credentials.credential.clone());
            peers.entry(relay).or_insert(tried.peers);
        }
    }
    for ((address, _), tried) in peers {
        let verdict = judge::relay::peers(address, &tried, allowed);
        doctor.findings.about(Topic::Peers, address.to_string(), verdict);
    }
}

fn tell(doctor: &Doctor, probe: &RelayProbe, tried: &Tried) {
    let ip = probe.address.ip().to_string();
    let subject = match probe.url.host == ip {
        true => probe.url.text.clone(),
        false => format!("{} at {ip}", probe.url.text),
    };
    if let Some(certificate) = tried
        .certificate
        .clone()
        .filter(|verdict| verdict.status != Status::Ok)
    {
        doctor.findings.about(Topic::Tls, subject.clone(), certificate);
    }
    doctor
        .findings
        .about(Topic::Relay, subject, judge::relay::relay(&tried.facts));
}

/// The URLs, each once, with their credentials; and how many are none.
fn read(servers: Vec<IceServer>) -> (Vec<(RelayUrl, Credentials)>, usize) {
    let mut told: Vec<(RelayUrl, Credentials)> = Vec::new();
    let mut unread = 0;
    for server in servers {
        let credentials = Credentials {
            username: server.username.unwrap_or_default(),
            credential: server.credential.unwrap_or_default(),
        };
        for text in server.urls {
            match RelayUrl::parse(&text) {
                Some(url) if told.iter().any(|(known, _)| *known == url) => {}
                Some(url) => told.push((url, credentials.clone())),
                None => unread += 1,
            }
        }
    }
    (told, unread)
}

/// A probe for each address of the relay.
async fn at_addresses(doctor: &Doctor, url: RelayUrl, credentials: Credentials) -> Vec<RelayProbe> {
    if url.transport == Transport::Dtls {
        let verdict = Verdict::skipped("browsers do not speak DTLS to relays");
        doctor.findings.about(Topic::Relay, url.text, verdict);
        return Vec::new();
    }
    let found = resolve(&url.host, doctor.options.limit).await;
    let verdict = judge::reach::names(&url.host, &found);
    if verdict.status == Status::Failed {
        doctor.findings.about(Topic::Relay, url.text, verdict);
        return Vec::new();
    }
    let at = |ip: IpAddr| RelayProbe {
        address: SocketAddr::new(ip, url.port),
        url: url.clone(),
        credentials: credentials.clone(),
        trust: doctor.trust.clone(),
        limit: doctor.options.limit,
        now: doctor.now,
    };
    found.unwrap_or_default().into_iter().map(at).collect()
}
