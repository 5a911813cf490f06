//! Tokens in a running session: about to expire, expired, revoked.

use std::time::Duration;

use openline_protocol::{
    RawId, Scope,
    realtime::{ClientFrame, ServerFrame},
};
use openline_server::{
    bus::{MAX_QUEUED_MESSAGES, Publication, Revocation},
    domain::token::TokenRefused,
};

use crate::{
    client::Client,
    world::{ALL, World},
};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_token_about_to_expire_is_asked_for_anew_and_the_session_goes_on_under_the_next() {
    let world = World::new().await;
    let person = world.person(&ALL).await;
    let mut client = Client::connect(&world, &person).await;
    forward(&world, &mut client, 59 * MINUTE).await;
    let ServerFrame::TokenExpiring { remaining_ms } = client.frame().await else {
        panic!("tokenExpiring")
    };
    assert!(remaining_ms <= 120_000);
    let token = world.token(&person.raw_id(), &ALL).await.token;
    client.send(&ClientFrame::Token { token }).await;
    client.ping().await;
    forward(&world, &mut client, 10 * MINUTE).await;
    client.ping().await;
}

#[tokio::test]
async fn an_expired_token_closes_with_4401_and_a_fresh_one_resumes() {
    let world = World::new().await;
    let person = world.person(&ALL).await;
    let mut client = Client::connect(&world, &person).await;
    forward(&world, &mut client, 61 * MINUTE).await;
    assert_eq!(client.close_code().await, Some(4401));
    let mut late = Client::open(&world).await;
    let hello = ClientFrame::Hello {
        versions: vec![1],
        token: person.token.clone(),
        resume: None,
    };
    late.send(&hello).await;
    assert_eq!(late.close_code().await, Some(4401));
    let fresh = world.token(&person.raw_id(), &ALL).await;
    assert!(client.reconnect(&world, &fresh).await.1.resumed);
}

#[tokio::test]
async fn revoking_the_tokens_closes_with_4401_and_a_fresh_one_resumes() {
    let world = World::new().await;
    let person = world.person(&ALL).await;
    let mut client = Client::connect(&world, &person).await;
    let mut other = Client::connect(&world, &world.person(&ALL).await).await;
    world.revoke(&person).await;
    assert_eq!(client.close_code().await, Some(4401));
    other.ping().await;
    let fresh = world.token(&person.raw_id(), &ALL).await;
    let (mut client, welcome) = client.reconnect(&world, &fresh).await;
    assert!(welcome.resumed);
    client.ping().await;
}

#[tokio::test]
async fn what_another_process_revokes_closes_with_4401_and_is_refused() {
    let world = World::new().await;
    let person = world.person(&ALL).await;
    let mut client = Client::connect(&world, &person).await;
    let mut other = Client::connect(&world, &world.person(&ALL).await).await;
    let revocation = world.revoke_elsewhere(&person.raw_id()).await;
    world.bus.publish(Publication::Revocation(revocation));
    assert_eq!(client.close_code().await, Some(4401));
    assert!(matches!(
        world.tokens.verify(&person.token).await,
        Err(TokenRefused::Revoked)
    ));
    other.ping().await;
}

#[tokio::test]
async fn a_process_that_missed_revocations_checks_every_session() {
    let world = World::new().await;
    let (person, other) = (world.person(&ALL).await, world.person(&ALL).await);
    let mut client = Client::connect(&world, &person).await;
    let mut other = Client::connect(&world, &other).await;
    world.revoke_elsewhere(&person.raw_id()).await;
    for _ in 0..=MAX_QUEUED_MESSAGES {
        world.bus.publish(Publication::Revocation(Revocation {
            resource_id: world.resource.resource_id.clone(),
            raw_id: RawId::new("8:acs:a_stranger"),
            generation: 1,
        }));
    }
    assert_eq!(client.close_code().await, Some(4401));
    assert!(matches!(
        world.tokens.verify(&person.token).await,
        Err(TokenRefused::Revoked)
    ));
    other.ping().await;
}

#[tokio::test]
async fn a_revocation_that_nobody_tells_of_closes_with_4401_a_minute_later() {
    let world = World::new().await;
    let person = world.person(&ALL).await;
    let mut client = Client::connect(&world, &person).await;
    world.revoke_elsewhere(&person.raw_id()).await;
    client.ping().await;
    world.clock.advance(MINUTE);
    client.send(&ClientFrame::Ping { id: 0 }).await;
    assert_eq!(client.close_code().await, Some(4401));
}

#[tokio::test]
async fn a_token_that_cannot_be_looked_up_again_keeps_its_socket() {
    let world = World::new().await;
    let person = world.person(&ALL).await;
    let mut client = Client::connect(&world, &person).await;
    world.storage.close().await;
    forward(&world, &mut client, MINUTE).await;
    client.ping().await;
}

#[tokio::test]
async fn deleting_the_identity_closes_with_4401() {
    let world = World::new().await;
    let person = world.person(&ALL).await;
    let mut client = Client::connect(&world, &person).await;
    world
        .identities
        .delete(&world.resource, &person.raw_id())
        .await
        .unwrap();
    assert_eq!(client.close_code().await, Some(4401));
    let mut again = Client::open(&world).await;
    again
        .send(&ClientFrame::Hello {
            versions: vec![1],
            token: person.token.clone(),
            resume: None,
        })
        .await;
    assert_eq!(again.close_code().await, Some(4401));
}

#[tokio::test]
async fn a_token_of_somebody_else_is_refused_with_4401() {
    let world = World::new().await;
    let (ada, eve) = (world.person(&ALL).await, world.person(&ALL).await);
    for token in [eve.token, "nonsense".to_owned()] {
        let mut client = Client::connect(&world, &ada).await;
        client.send(&ClientFrame::Token { token }).await;
        assert_eq!(client.close_code().await, Some(4401));
    }
}

#[tokio::test]
async fn a_newer_token_with_less_rights_ends_what_it_does_not_allow() {
    let world = World::new().await;
    for (scope, other) in [(Scope::Chat, Scope::Voip), (Scope::Voip, Scope::Chat)] {
        let person = world.person(&ALL).await;
        let mut client = Client::connect(&world, &person).await;
        if scope == Scope::Chat {
            client.subscribe_chat().await;
        } else {
            client.subscribe_calls().await;
        }
        let same = world.token(&person.raw_id(), &[scope]).await.token;
        client.send(&ClientFrame::Token { token: same }).await;
        client.ping().await;
        let less = world.token(&person.raw_id(), &[other]).await.token;
        client.send(&ClientFrame::Token { token: less }).await;
        assert_eq!(client.close_code().await, Some(4403));
    }
}

/// Puts the clock forward and has the server look at it.
async fn forward(world: &World, client: &mut Client, by: Duration) {
    world.clock.advance(by);
    client.send(&ClientFrame::Ping { id: 0 }).await;
    assert_eq!(client.frame().await, ServerFrame::Pong { id: 0 });
}
