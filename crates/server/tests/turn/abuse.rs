//! What the relay does not do.

use std::net::SocketAddr;

use openline_protocol::Timestamp;
use openline_turn::{Secret, testing::TestClient};

use crate::{
    server::{LOOPBACK, SECRET, TurnServer, credentials},
    wire::{Datagrams, TurnClient, Way as _, peer},
};

#[tokio::test]
async fn expired_wrong_and_foreign_credentials_are_refused() {
    let turn = TurnServer::start("");
    let mut wrong = credentials("alice");
    wrong.credential.insert(0, 'x');
    let expired = Secret::new(SECRET.as_bytes()).issue("alice", Timestamp::from_millis(1_700_000_000_000));
    let foreign = Secret::new(b"another").issue("alice", Timestamp::from_millis(9_000_000_000_000));
    for shown in [wrong, expired, foreign] {
        let mut client = TurnClient::new(Datagrams::to(turn.udp[0]), "alice");
        client.test.credentials = shown;
        assert_eq!(client.allocate(false).code, Some(401));
    }
    let mut client = TurnClient::new(Datagrams::to(turn.udp[0]), "alice");
    client.test.nonce = Some("of another server".to_owned());
    let request = client.test.allocate(false);
    assert_eq!(client.ask(&request).code, Some(438));
    assert_eq!(turn.metric("openline_turn_refused_total").await, 7.0);
}

#[tokio::test]
async fn closed_networks_and_the_server_itself_are_not_reached() {
    let turn = TurnServer::start("");
    let (mut v4, relayed) = TurnClient::allocated(Datagrams::to(turn.udp[0]), "alice", false);
    let (mut v6, _) = TurnClient::allocated(Datagrams::to(turn.udp[0]), "alice", true);
    for closed in [
        "10.0.0.1:1",
        "192.168.0.1:1",
        "169.254.169.254:80",
        "224.0.0.1:1",
        "0.0.0.0:1",
        "127.0.0.2:1",
    ] {
        let request = v4.test.create_permission(&[closed.parse().unwrap()]);
        assert_eq!(v4.ask(&request).code, Some(403), "{closed}");
    }
    for closed in [
        "[fe80::1]:1",
        "[fd00::1]:1",
        "[ff02::1]:1",
        "[::]:1",
        "[::ffff:127.0.0.1]:1",
        "[64:ff9b::7f00:1]:1",
    ] {
        let request = v6.test.channel_bind(0x4000, closed.parse().unwrap());
        assert_eq!(v6.ask(&request).code, Some(403), "{closed}");
    }
    // 127.0.0.1 is this server's: relayed ports are reached, a service that listens there is not.
    let service = peer(true);
    service.set_nonblocking(true).unwrap();
    v4.permit(service.local_addr().unwrap());
    let to_service = v4.test.send(service.local_addr().unwrap(), b"x");
    v4.way.send(&to_service);
    v4.permit(relayed);
    let to_self = v4.test.send(relayed, b"to myself");
    v4.way.send(&to_self);
    let received = v4.way.receive();
    assert_eq!(v4.test.read(&received).data, Some(b"to myself".to_vec()));
    assert!(service.recv(&mut [0; 10]).is_err(), "nothing came to the service");
}

#[tokio::test]
async fn a_server_behind_an_address_of_its_own_is_not_reached_on_its_others() {
    // What listens at 127.0.0.1 on the port of another allocation is not that allocation.
    let turn = TurnServer::known_as("[\"192.0.2.2\"]", "allowed_peers = [\"0.0.0.0/0\"]\n");
    let (mut alice, _) = TurnClient::allocated(Datagrams::to(turn.udp[0]), "alice", false);
    let (_bob, at_bob) = TurnClient::allocated(Datagrams::to(turn.udp[0]), "bob", false);
    let at_service = SocketAddr::new([127, 0, 0, 1].into(), at_bob.port());
    let request = alice.test.create_permission(&[at_service]);
    assert_eq!(alice.ask(&request).code, Some(403));
    let request = alice.test.channel_bind(0x4000, at_service);
    assert_eq!(alice.ask(&request).code, Some(403));
    alice.permit(at_bob);
}

#[tokio::test]
async fn what_a_stranger_sends_is_not_logged_line_by_line() {
    let turn = TurnServer::start("");
    let mut client = TurnClient::new(Datagrams::to(turn.udp[0]), "alice");
    // A binding request with an attribute that claims more than there is.
    let mut broken = client.test.binding();
    broken.truncate(20);
    broken[2..4].copy_from_slice(&[0, 8]);
    broken.extend([0x80, 0x22, 0xea, 0x60, 0, 0, 0, 0]);
    for _ in 0..50 {
        for _ in 0..20 {
            client.way.send(&broken);
        }
        let request = client.test.binding();
        assert!(client.ask(&request).success);
    }
    let ended = turn.server.stop_with("-TERM");
    let lines = ended.stderr.lines().count();
    assert!(lines < 100, "{lines} lines");
}

#[tokio::test]
async fn a_user_has_so_many_allocations_and_all_have_so_many() {
    let turn = TurnServer::start("max_allocations_per_user = 2\nmax_allocations = 3\n");
    let mut kept = Vec::new();
    for (id, code) in [
        ("alice", None),
        ("alice", None),
        ("alice", Some(486)),
        ("bob", None),
        ("carol", Some(508)),
    ] {
        let mut client = TurnClient::new(Datagrams::to(turn.udp[0]), id);
        assert_eq!(client.allocate(false).code, code, "{id}");
        kept.push(client);
    }
    let request = kept[0].test.refresh(0);
    assert!(kept[0].ask(&request).success);
    let request = kept[2].test.allocate(false);
    assert!(kept[2].ask(&request).success);
}

#[tokio::test]
async fn who_sends_more_than_its_rate_has_the_rest_dropped() {
    let turn = TurnServer::start(&format!("{LOOPBACK}user_kilobits_per_second = 8\n"));
    let (mut client, _) = TurnClient::allocated(Datagrams::to(turn.udp[0]), "alice", false);
    let peer = peer(true);
    client.bind(0x4000, peer.local_addr().unwrap());
    for _ in 0..50 {
        client.way.send(&TestClient::channel_data(0x4000, &[0; 500]));
    }
    let request = client.test.refresh(600);
    assert!(client.ask(&request).success);
    assert!(turn.metric("openline_turn_over_rate_total").await >= 40.0);
}

#[tokio::test]
async fn nonsense_changes_nothing() {
    let turn = TurnServer::start(LOOPBACK);
    let (mut client, relayed) = TurnClient::allocated(Datagrams::to(turn.udp[0]), "alice", false);
    let mut seed = 1_u64;
    for _ in 0..2000 {
        let nonsense: Vec<u8> = (0..seed % 1500)
            .map(|_| {
                seed = seed
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                (seed >> 33).to_le_bytes()[0]
            })
            .collect();
        seed = seed.wrapping_add(1);
        client.way.send(&nonsense);
    }
    client.way.send(&[0; 9000]);
    let peer = peer(true);
    client.permit(peer.local_addr().unwrap());
    client.exchanges(&peer, relayed);
}

#[tokio::test]
async fn neither_credentials_nor_addresses_are_logged() {
    let turn = TurnServer::start(LOOPBACK);
    let (mut client, relayed) = TurnClient::allocated(Datagrams::to(turn.udp[0]), "very-secret-alice", false);
    let peer = peer(true);
    client.permit(peer.local_addr().unwrap());
    client.exchanges(&peer, relayed);
    let mut forbidden = vec![
        "very-secret-alice".to_owned(),
        client.test.credentials.credential.clone(),
        client.test.nonce.clone().unwrap(),
    ];
    let ports: [SocketAddr; 3] = [
        relayed,
        peer.local_addr().unwrap(),
        client.way.0.local_addr().unwrap(),
    ];
    forbidden.extend(ports.iter().map(|address| format!(":{}", address.port())));
    let ended = turn.server.stop_with("-TERM");
    assert!(!ended.stderr.is_empty());
    for text in forbidden {
        assert!(!ended.stderr.contains(&text), "{text}\n{}", ended.stderr);
    }
}
