//! Two processes on one database and one bus: what the server does not keep to one process.

use openline_server::domain::token::TokenRefused;

use crate::{
    client::Client,
    world::{ALL, World},
};

#[tokio::test]
async fn what_is_said_through_one_process_reaches_the_sockets_of_both_once() {
    let here = World::new().await;
    let there = here.neighbour().await;
    let (ada, bob) = (here.person(&ALL).await, here.person(&ALL).await);
    let thread = here.thread(&ada, &[&bob]).await;
    let mut clients = [
        Client::chatting(&here, &bob).await,
        Client::chatting(&there, &bob).await,
    ];
    for number in 0..20 {
        let through = if number % 2 == 0 { &here } else { &there };
        through.send(&ada, &thread, &number.to_string()).await;
    }
    for client in &mut clients {
        for number in 0..20 {
            assert_eq!(client.message().await, number.to_string());
        }
        client.ping().await;
    }
}

#[tokio::test]
async fn tokens_revoked_at_one_process_are_refused_at_the_other_and_close_its_sockets() {
    let here = World::new().await;
    let there = here.neighbour().await;
    let person = here.person(&ALL).await;
    let mut client = Client::connect(&there, &person).await;
    let mut other = Client::connect(&there, &here.person(&ALL).await).await;
    here.identities
        .revoke_tokens(&here.resource, &person.raw_id())
        .await
        .unwrap();
    let fresh = here.token(&person.raw_id(), &ALL).await;
    assert!(there.tokens.verify(&fresh.token).await.is_ok());
    assert_eq!(client.close_code().await, Some(4401));
    assert!(matches!(
        there.tokens.verify(&person.token).await,
        Err(TokenRefused::Revoked)
    ));
    other.ping().await;
}
