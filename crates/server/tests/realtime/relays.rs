//! What a client is told of relays: its own credentials, and others before they expire.

use std::time::Duration;

use openline_protocol::{
    Scope,
    realtime::{ClientFrame, IceServer, ServerFrame},
};
use openline_turn::Secret;

use crate::{
    client::Client,
    world::{ALL, RELAY, World},
};

fn username(servers: &[IceServer]) -> String {
    let [server] = servers else {
        panic!("one relay: {servers:?}")
    };
    assert_eq!(server.urls, [RELAY]);
    let username = server.username.clone().unwrap();
    let credential = Secret::new(b"secret").credential(&username);
    assert_eq!(server.credential, Some(credential));
    username
}

#[tokio::test]
async fn who_may_call_gets_relays_with_credentials_of_their_own() {
    let world = World::with_relay().await;
    let mut names = Vec::new();
    for scopes in [&[Scope::Voip][..], &[Scope::VoipJoin], &ALL] {
        let person = world.person(scopes).await;
        let mut client = Client::open(&world).await;
        let welcome = client.hello(&person).await;
        names.push(username(&welcome.ice_servers));
        assert!(names.iter().all(|name| !name.contains(person.raw_id().as_str())));
    }
    names.sort();
    names.dedup_by(|one, other| one.split(':').nth(1) == other.split(':').nth(1));
    assert_eq!(names.len(), 3);
}

#[tokio::test]
async fn who_may_not_call_gets_none() {
    let world = World::with_relay().await;
    let person = world.person(&[Scope::Chat]).await;
    let mut client = Client::open(&world).await;
    assert_eq!(client.hello(&person).await.ice_servers, []);
    // With a token that lets them call they do.
    let token = world.token(&person.raw_id(), &ALL).await.token;
    client.send(&ClientFrame::Token { token }).await;
    let ServerFrame::IceServers { ice_servers } = client.frame().await else {
        panic!("ice servers")
    };
    username(&ice_servers);
}

#[tokio::test]
async fn credentials_are_renewed_halfway() {
    let world = World::with_relay().await;
    let person = world.person(&ALL).await;
    let mut client = Client::open(&world).await;
    let first = username(&client.hello(&person).await.ice_servers);
    world.clock.advance(Duration::from_secs(30 * 60));
    client.send(&ClientFrame::Ping { id: 7 }).await;
    let mut frames = [client.frame().await, client.frame().await];
    frames.sort_by_key(|frame| matches!(frame, ServerFrame::Pong { .. }));
    let [
        ServerFrame::IceServers { ice_servers },
        ServerFrame::Pong { id: 7 },
    ] = &frames
    else {
        panic!("ice servers: {frames:?}")
    };
    let second = username(ice_servers);
    let parts = |name: &str| {
        let (expires_on, id) = name.split_once(':').unwrap();
        (expires_on.parse::<u64>().unwrap(), id.to_owned())
    };
    assert_eq!(
        parts(&first).1,
        parts(&second).1,
        "what a user uses is counted under one name"
    );
    assert!(parts(&second).0 >= parts(&first).0 + 1800);
}
