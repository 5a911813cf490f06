//! Tokens of connections that stay open: revoked, expired, and looked up again in case nobody told.

use std::time::Duration;

use openline_protocol::RawId;
use openline_server::bus::{MAX_QUEUED_MESSAGES, Publication, Revocation};

use crate::{
    client::{Came, Client, TRANSPORTS, Transport},
    log::Log,
    world::World,
};

const MINUTE: Duration = Duration::from_secs(60);

const UNAUTHORIZED: &str = r#"0:::{"reason":"unauthorized"}"#;

fn unauthorized() -> Came {
    Came::Frame(UNAUTHORIZED.to_owned())
}

/// The connection ends and says why: in a frame, or to a poll that comes after that at the door.
async fn ends_unauthorized(client: &mut Client, transport: Transport) {
    let mut came = client.next().await;
    if came == unauthorized() {
        came = client.next().await;
    } else {
        assert_eq!(transport, Transport::Polling);
    }
    assert_eq!(came, end(transport));
}

fn end(transport: Transport) -> Came {
    Came::End(Some(match transport {
        Transport::WebSocket => 1008,
        Transport::Polling => 401,
    }))
}

#[tokio::test]
async fn a_revoked_token_ends_its_connections_and_a_fresh_one_goes_on() {
    for transport in TRANSPORTS {
        let world = World::new().await;
        let (ann, ben) = (world.person().await, world.person().await);
        let thread = world.thread(&ben, &[&ann]).await;
        let mut client = world.tab(&ann, "a").connect(transport).await;
        let mut other = world.tab(&ben, "b").connect(transport).await;
        world.send(&ben, &thread, "one").await;
        assert_eq!(client.request().await.1["messageBody"], "one");
        assert_eq!(client.next_while(world.revoke(&ann)).await, unauthorized());
        assert_eq!(client.next().await, end(transport));
        assert_eq!(other.text().await, "one");
        other.settle().await;
        let ann = world.signed_in_again(&ann).await;
        let mut client = world.tab(&ann, "a").connect(transport).await;
        assert_eq!(client.text().await, "one");
    }
}

#[tokio::test]
async fn a_connection_ends_when_its_token_does() {
    for transport in TRANSPORTS {
        let world = World::new().await;
        let ann = world.person().await;
        let mut client = world.tab(&ann, "a").connect(transport).await;
        for _ in 0..59 {
            client.settle().await;
            world.clock.advance(MINUTE);
        }
        client.settle().await;
        world.clock.advance(MINUTE);
        ends_unauthorized(&mut client, transport).await;
        let ann = world.signed_in_again(&ann).await;
        let mut client = world.tab(&ann, "a").connect(transport).await;
        client.settle().await;
    }
}

#[tokio::test]
async fn a_revocation_that_nobody_tells_of_ends_the_connection_a_minute_later() {
    for transport in TRANSPORTS {
        let world = World::new().await;
        let (ann, ben) = (world.person().await, world.person().await);
        let mut client = world.tab(&ann, "a").connect(transport).await;
        let mut other = world.tab(&ben, "b").connect(transport).await;
        world.revoke_elsewhere(&ann.raw_id()).await;
        client.settle().await;
        world.clock.advance(MINUTE);
        ends_unauthorized(&mut client, transport).await;
        other.settle().await;
    }
}

#[tokio::test]
async fn a_process_that_missed_revocations_looks_every_token_up() {
    for transport in TRANSPORTS {
        let world = World::new().await;
        let (ann, ben) = (world.person().await, world.person().await);
        let mut client = world.tab(&ann, "a").connect(transport).await;
        let mut other = world.tab(&ben, "b").connect(transport).await;
        world.revoke_elsewhere(&ann.raw_id()).await;
        client.settle().await;
        let missed = async {
            for _ in 0..=MAX_QUEUED_MESSAGES {
                world.state.bus.publish(Publication::Revocation(Revocation {
                    resource_id: world.resource.resource_id.clone(),
                    raw_id: RawId::new("8:acs:a_stranger"),
                    generation: 1,
                }));
            }
        };
        assert_eq!(client.next_while(missed).await, unauthorized());
        other.settle().await;
    }
}

#[tokio::test]
async fn a_token_that_cannot_be_looked_up_keeps_its_connection() {
    let (log, _listening) = Log::listen();
    let world = World::new().await;
    let ann = world.person().await;
    let mut client = world.tab(&ann, "a").connect(Transport::WebSocket).await;
    client.settle().await;
    world.rename_table("identities", "identities_away").await;
    world.clock.advance(MINUTE);
    log.says("a token could not be checked").await;
    client.settle().await;
    world.rename_table("identities_away", "identities").await;
    world.revoke_elsewhere(&ann.raw_id()).await;
    world.clock.advance(MINUTE);
    ends_unauthorized(&mut client, Transport::WebSocket).await;
}

#[tokio::test]
async fn deleting_the_identity_ends_its_connections() {
    for transport in TRANSPORTS {
        let world = World::new().await;
        let ann = world.person().await;
        let mut client = world.tab(&ann, "a").connect(transport).await;
        let deleted = async {
            let raw_id = ann.raw_id();
            world.identities.delete(&world.resource, &raw_id).await.unwrap();
        };
        assert_eq!(client.next_while(deleted).await, unauthorized());
    }
}

#[tokio::test]
async fn a_poll_with_a_later_token_keeps_the_connection() {
    let world = World::new().await;
    let ann = world.person().await;
    let mut client = world.tab(&ann, "a").connect(Transport::Polling).await;
    for minute in 0..90 {
        if minute == 59 {
            client.renew(&world.signed_in_again(&ann).await.token);
        }
        client.settle().await;
        world.clock.advance(MINUTE);
    }
    client.settle().await;
}
