//! TURN over UDP.

use openline_turn::testing::TestClient;

use crate::{
    server::{LOOPBACK, TurnServer},
    wire::{Datagrams, TurnClient, Way as _, peer},
};

#[tokio::test]
async fn a_client_learns_its_address() {
    let turn = TurnServer::start("");
    for server in &turn.udp {
        let mut client = TurnClient::new(Datagrams::to(*server), "alice");
        let request = client.test.binding();
        let answer = client.ask(&request);
        assert_eq!(answer.mapped, Some(client.way.0.local_addr().unwrap()));
    }
}

#[tokio::test]
async fn data_is_relayed_by_indications_and_channels_over_both_families() {
    let turn = TurnServer::start(LOOPBACK);
    for server in &turn.udp {
        for ipv6 in [false, true] {
            let (mut client, relayed) = TurnClient::allocated(Datagrams::to(*server), "alice", ipv6);
            assert_eq!(relayed.is_ipv6(), ipv6);
            let peer = peer(!ipv6);
            client.permit(peer.local_addr().unwrap());
            client.exchanges(&peer, relayed);
            client.bind(0x4000, peer.local_addr().unwrap());
            client.exchanges_on_channel(0x4000, &peer, relayed);
        }
    }
    assert_eq!(turn.metric("openline_turn_allocations").await, 4.0);
    assert_eq!(turn.metric("openline_turn_packets_total").await, 16.0);
}

#[tokio::test]
async fn two_relayed_clients_reach_each_other_where_loopback_is_closed() {
    let turn = TurnServer::start("");
    let [(mut one, at_one), (mut other, at_other)] =
        ["alice", "bob"].map(|id| TurnClient::allocated(Datagrams::to(turn.udp[0]), id, false));
    one.permit(at_other);
    other.permit(at_one);
    let there = one.test.send(at_other, b"there");
    one.way.send(&there);
    let received = other.way.receive();
    let received = other.test.read(&received);
    assert_eq!(
        (received.data, received.peer),
        (Some(b"there".to_vec()), Some(at_one))
    );
}

#[tokio::test]
async fn two_relayed_clients_reach_each_other_behind_a_router_that_does_not_lead_back() {
    let turn = TurnServer::known_as("[\"203.0.113.5\"]", "");
    let [(mut one, at_one), (mut other, at_other)] =
        ["alice", "bob"].map(|id| TurnClient::allocated(Datagrams::to(turn.udp[0]), id, false));
    assert_eq!(at_one.ip().to_string(), "203.0.113.5");
    one.bind(0x4000, at_other);
    // Nobody gets what it has not allowed: this is gone when the next is answered.
    one.way.send(&TestClient::channel_data(0x4000, b"too early"));
    other.bind(0x4001, at_one);
    for number in 0..100_u8 {
        one.way.send(&TestClient::channel_data(0x4000, &[number; 5]));
    }
    for number in 0..100_u8 {
        assert_eq!(other.way.receive(), [&[0x40, 1, 0, 5][..], &[number; 5]].concat());
    }
    other.way.send(&TestClient::channel_data(0x4001, b"back"));
    assert_eq!(one.way.receive(), TestClient::channel_data(0x4000, b"back"));
    assert_eq!(
        turn.metric("openline_turn_packets_total").await,
        1.0 + 2.0 * 101.0
    );
    // What is released is reached no more, nor what came after it at the same address.
    let request = other.test.refresh(0);
    assert!(other.ask(&request).success);
    one.way.send(&TestClient::channel_data(0x4000, b"too late"));
    let request = one.test.refresh(600);
    assert!(one.ask(&request).success);
    let request = other.test.binding();
    assert!(other.ask(&request).success);
}

#[tokio::test]
async fn a_refreshed_allocation_lives_on_and_a_released_one_is_gone() {
    let turn = TurnServer::start("");
    let (mut client, relayed) = TurnClient::allocated(Datagrams::to(turn.udp[0]), "alice", false);
    let request = client.test.refresh(1200);
    assert_eq!(client.ask(&request).lifetime_s, Some(1200));
    assert!(
        std::net::UdpSocket::bind(relayed).is_err(),
        "the port is the allocation's"
    );
    let request = client.test.refresh(0);
    assert!(client.ask(&request).success);
    assert!(std::net::UdpSocket::bind(relayed).is_ok(), "the port is free");
    let request = client.test.refresh(600);
    assert_eq!(client.ask(&request).code, Some(437));
    assert_eq!(turn.metric("openline_turn_allocations").await, 0.0);
}

#[tokio::test]
async fn many_datagrams_at_once_arrive_in_their_order() {
    let turn = TurnServer::start(LOOPBACK);
    let (mut client, relayed) = TurnClient::allocated(Datagrams::to(turn.udp[0]), "alice", false);
    let peer = peer(true);
    client.bind(0x4000, peer.local_addr().unwrap());
    for round in 0..5_u8 {
        for number in 0..100_u8 {
            peer.send_to(&[round, number, 0, 0], relayed).unwrap();
        }
        for number in 0..100_u8 {
            assert_eq!(client.way.receive(), [0x40, 0, 0, 4, round, number, 0, 0]);
        }
    }
}

#[tokio::test]
async fn the_server_stops_while_it_relays() {
    let turn = TurnServer::start(LOOPBACK);
    let (_client, relayed) = TurnClient::allocated(Datagrams::to(turn.udp[0]), "alice", false);
    let ended = turn.server.stop_with("-TERM");
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(std::net::UdpSocket::bind(relayed).is_ok());
}
