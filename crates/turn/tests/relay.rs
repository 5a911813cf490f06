//! A relay and its clients in memory, on a clock of the tests.

#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps")]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test expects one of them")]

mod world;

use std::{net::SocketAddr, time::Duration};

use openline_turn::{Action, MAX_PEERS, testing::TestClient};

use self::world::{World, address, credentials};

const PEER: &str = "1.1.1.1:4000";

#[test]
fn a_binding_request_is_answered_with_the_clients_address() {
    let mut world = World::new();
    let binding = world.test.binding();
    let answer = world.answered(&binding);
    assert!(answer.success);
    assert_eq!(answer.mapped, Some(world::CLIENT.parse().unwrap()));
}

#[test]
fn who_shows_no_credentials_is_challenged_in_few_bytes() {
    let mut world = World::new();
    let request = world.test.allocate(false);
    let Action::Refuse(401, bytes) = world.handle(&request) else {
        panic!("not challenged");
    };
    assert!(bytes.len() <= 60, "{} bytes", bytes.len());
    let answer = world.test.read(&bytes);
    assert!(answer.nonce.is_some() && !answer.signed);
}

#[test]
fn an_allocation_is_made_with_credentials_and_a_nonce() {
    let mut world = World::new();
    let answer = world.allocate();
    assert!(answer.success && answer.signed);
    assert_eq!(answer.relayed, Some(address(world::RELAYED)));
    assert_eq!(answer.mapped, Some(address(world::CLIENT)));
    assert_eq!(answer.lifetime_s, Some(600));
    assert_eq!(world.relay.allocations(), 1);
}

#[test]
fn wrong_foreign_and_expired_credentials_are_unauthorized_and_a_strange_nonce_is_stale() {
    let mut foreign = credentials("alice");
    foreign.username.push('x');
    let mut wrong = credentials("alice");
    wrong.credential.push('x');
    for shown in [
        foreign,
        wrong,
        world::expired("alice"),
        world::of_another_server("alice"),
    ] {
        let mut world = World::new();
        world.test.credentials = shown;
        assert_eq!(world.allocate().code, Some(401));
        assert_eq!(world.relay.allocations(), 0);
    }
    let mut world = World::new();
    world.test.nonce = Some("AAAAAAAAAAAAAAAA".to_owned());
    let request = world.test.allocate(false);
    let answer = world.answered(&request);
    assert_eq!(answer.code, Some(438));
    // The new nonce is good.
    assert!(world.allocate().success);
}

#[test]
fn a_nonce_is_stale_after_an_hour() {
    let mut world = World::new();
    world.allocate();
    for _ in 0..7 {
        world.pass(Duration::from_secs(550));
        let request = world.test.refresh(600);
        let answer = world.answered(&request);
        if answer.code == Some(438) {
            let request = world.test.refresh(600);
            assert!(world.answered(&request).success);
            return;
        }
        assert!(answer.success);
    }
    panic!("the nonce was good for longer than an hour");
}

#[test]
fn an_allocation_goes_on_after_its_credentials_expired_but_none_begins() {
    let mut world = World::new();
    world.test.credentials = world::expiring("alice", 60);
    world.allocate();
    world.pass(Duration::from_secs(120));
    let request = world.test.refresh(600);
    assert!(world.answered(&request).success);
    let request = world.test.refresh(0);
    assert!(world.answered(&request).success);
    let request = world.test.allocate(false);
    assert_eq!(world.answered(&request).code, Some(401));
}

#[test]
fn an_allocation_ends_after_a_day_however_often_it_is_refreshed() {
    let mut world = World::new();
    world.allocate();
    world.refresh(3600);
    for _ in 0..23 {
        world.pass(Duration::from_secs(3600 - 1));
        let mut refreshed = world.refresh(3600);
        if refreshed.code == Some(438) {
            refreshed = world.refresh(3600);
        }
        assert!(refreshed.success, "{refreshed:?}");
    }
    world.pass(Duration::from_secs(3500));
    let lifetime = [world.refresh(3600), world.refresh(3600)].map(|answer| answer.lifetime_s);
    assert!(lifetime.iter().flatten().all(|left| *left < 200), "{lifetime:?}");
    world.pass(Duration::from_secs(200));
    assert!(!world.client.is_allocated(world.now.instant));
}

#[test]
fn the_same_allocate_request_again_gets_the_same_answer_and_another_one_a_mismatch() {
    let mut world = World::new();
    world.challenge();
    let request = world.test.allocate(false);
    let [first, again] = [(); 2].map(|()| world.answered(&request));
    assert_eq!(first, again);
    let another = world.test.allocate(false);
    assert_eq!(world.answered(&another).code, Some(437));
    assert_eq!(world.relay.allocations(), 1);
}

#[test]
fn nobody_uses_anothers_allocation() {
    let mut world = World::new();
    world.allocate();
    world.test.credentials = credentials("mallory");
    let request = world.test.refresh(0);
    assert_eq!(world.answered(&request).code, Some(441));
    assert!(world.client.is_allocated(world.now.instant));
}

#[test]
fn requests_without_an_allocation_are_a_mismatch() {
    let mut world = World::new();
    world.challenge();
    let peer = address(PEER);
    for request in [
        world.test.refresh(600),
        world.test.create_permission(&[peer]),
        world.test.channel_bind(0x4000, peer),
    ] {
        assert_eq!(world.answered(&request).code, Some(437));
    }
}

#[test]
fn only_what_can_be_allocated_is() {
    let mut world = World::new();
    world.challenge();
    for (transport, ipv6, code) in [(6, false, 442), (0, false, 442), (17, true, 440)] {
        let request = world.test.allocate_with(transport, ipv6, None);
        assert_eq!(world.answered(&request).code, Some(code), "{transport} {ipv6}");
    }
}

#[test]
fn lifetimes_are_between_ten_minutes_and_an_hour() {
    for (asked, granted) in [(1, 600), (599, 600), (1200, 1200), (u32::MAX, 3600)] {
        let mut world = World::new();
        world.challenge();
        let request = world.test.allocate_with(17, false, Some(asked));
        assert_eq!(world.answered(&request).lifetime_s, Some(granted));
    }
}

#[test]
fn data_goes_to_peers_with_a_permission_alone_both_ways() {
    let mut world = World::new();
    world.allocate();
    let [peer, other] = [address(PEER), address("1.1.1.2:4000")];
    let send = world.test.send(peer, b"hello");
    assert!(matches!(world.handle(&send), Action::Ignore));
    assert!(world.receive(peer, 5).is_none());

    let request = world.test.create_permission(&[peer]);
    assert!(world.answered(&request).success);
    let send = world.test.send(peer, b"hello");
    assert_eq!(world.sent(&send), Some((peer, b"hello".to_vec())));
    let head = world.receive(address("1.1.1.1:5000"), 5).unwrap();
    let answer = world.test.read(&[&head, &b"world"[..], &[0; 3]].concat());
    assert_eq!(
        answer.peer,
        Some(address("1.1.1.1:5000")),
        "any port of the address"
    );
    assert_eq!(answer.data, Some(b"world".to_vec()));
    let send = world.test.send(other, b"hello");
    assert!(matches!(world.handle(&send), Action::Ignore));
    assert!(world.receive(other, 5).is_none());

    world.pass(Duration::from_secs(300));
    let send = world.test.send(peer, b"hello");
    assert!(
        matches!(world.handle(&send), Action::Ignore),
        "permissions last five minutes"
    );
    assert!(world.receive(peer, 5).is_none());
}

#[test]
fn a_channel_carries_data_both_ways() {
    let mut world = World::new();
    world.allocate();
    let peer = address(PEER);
    let request = world.test.channel_bind(0x4001, peer);
    assert!(world.answered(&request).success);
    let data = TestClient::channel_data(0x4001, b"hello");
    assert_eq!(world.sent(&data), Some((peer, b"hello".to_vec())));
    assert_eq!(world.receive(peer, 5), Some(vec![0x40, 0x01, 0, 5]));
    let unbound = TestClient::channel_data(0x4002, b"hello");
    assert!(matches!(world.handle(&unbound), Action::Ignore));
    let cut_off = [0x40, 0x01, 0, 9, 1, 2, 3];
    assert!(matches!(world.handle(&cut_off), Action::Ignore));
}

#[test]
fn a_channel_has_one_peer_and_a_peer_one_channel() {
    let mut world = World::new();
    world.allocate();
    let [one, other] = [address("1.1.1.1:1"), address("1.1.1.1:2")];
    for (number, peer, code) in [
        (0x4000, one, None),
        (0x4000, one, None),
        (0x4000, other, Some(400)),
        (0x4001, one, Some(400)),
        (0x4001, other, None),
        (0x3fff, address("1.1.1.1:3"), Some(400)),
        (0x8000, address("1.1.1.1:3"), Some(400)),
        (0x7fff, address("1.1.1.1:3"), None),
    ] {
        let request = world.test.channel_bind(number, peer);
        assert_eq!(world.answered(&request).code, code, "{number:x} {peer}");
    }
}

#[test]
fn closed_networks_are_forbidden_and_other_families_a_mismatch() {
    let mut world = World::new();
    world.allocate();
    for (peer, code) in [
        ("127.0.0.1:1", 403),
        ("10.0.0.1:1", 403),
        ("169.254.169.254:80", 403),
        ("224.0.0.1:1", 403),
        ("0.0.0.0:1", 403),
        ("[::1]:1", 443),
        ("[::ffff:127.0.0.1]:1", 443),
    ] {
        let peer = address(peer);
        let request = world.test.create_permission(&[address(PEER), peer]);
        assert_eq!(world.answered(&request).code, Some(code), "{peer}");
        let request = world.test.channel_bind(0x4000, peer);
        assert_eq!(world.answered(&request).code, Some(code), "{peer}");
    }
    let send = world.test.send(address(PEER), b"x");
    assert!(
        matches!(world.handle(&send), Action::Ignore),
        "all permissions of a request or none"
    );
}

#[test]
fn of_the_servers_own_addresses_relayed_ports_are_reached() {
    let mut world = World::new();
    world.allocate();
    let own: SocketAddr = address(world::RELAYED);
    let closed = SocketAddr::new(own.ip(), 22);
    let request = world.test.create_permission(&[closed]);
    assert!(
        world.answered(&request).success,
        "a permission is for an address, not a port"
    );
    let send = world.test.send(closed, b"x");
    assert!(matches!(world.handle(&send), Action::Ignore));
    let send = world.test.send(own, b"x");
    assert!(matches!(world.handle(&send), Action::Send(..)));
    let request = world.test.channel_bind(0x4000, closed);
    assert!(world.answered(&request).success);
    let data = TestClient::channel_data(0x4000, b"x");
    assert!(matches!(world.handle(&data), Action::Ignore));
}

#[test]
fn peers_allocations_and_bytes_are_limited() {
    let mut world = World::new();
    world.allocate();
    let peers: Vec<_> = (0..MAX_PEERS)
        .map(|peer| SocketAddr::from(([1, 2, 3, u8::try_from(peer).unwrap()], 1)))
        .collect();
    let request = world.test.create_permission(&peers);
    assert!(world.answered(&request).success);
    let request = world.test.create_permission(&[address(PEER)]);
    assert_eq!(world.answered(&request).code, Some(508));

    let send = world.test.send(peers[0], &[0; 900]);
    assert!(matches!(world.handle(&send), Action::Send(..)));
    assert!(matches!(world.handle(&send), Action::OverRate));
    assert!(world.receive(peers[0], 900).is_some());
    assert!(world.receive(peers[0], 900).is_none());
    world.pass(Duration::from_secs(1));
    assert!(matches!(world.handle(&send), Action::Send(..)));

    let second = world.other_client();
    assert!(second.success);
    assert_eq!(world.other_client().code, Some(486), "a user has two at most");
}

#[test]
fn a_forged_address_gets_few_answers() {
    let mut world = World::new();
    let answered = (0..1000)
        .filter(|_| {
            let request = world.test.allocate(false);
            matches!(world.handle(&request), Action::Refuse(401, _))
        })
        .count();
    assert_eq!(answered, 20);
    let binding = world.test.binding();
    assert!(matches!(world.handle(&binding), Action::Ignore));
}

#[test]
fn an_allocation_that_is_released_or_expired_is_gone() {
    let mut world = World::new();
    world.allocate();
    let request = world.test.refresh(0);
    let Action::Release(answer) = world.handle(&request) else {
        panic!("not released");
    };
    assert_eq!(world.test.read(&answer).lifetime_s, Some(0));
    assert_eq!(world.relay.allocations(), 0);
    assert!(world.allocate().success);
    world.pass(Duration::from_secs(600));
    assert!(!world.client.is_allocated(world.now.instant));
    assert!(world.receive(address(PEER), 1).is_none());
    assert!(world.allocate().success);
    assert_eq!(world.relay.allocations(), 1);
}

#[test]
fn what_is_no_message_is_ignored() {
    let mut world = World::new();
    world.allocate();
    for bytes in [
        &b""[..],
        b"\0",
        b"\x40",
        b"\x80\0\0\0",
        b"\xff",
        &[0; 20],
        b"GET / HTTP/1.1\r\n\r\n",
    ] {
        assert!(matches!(world.handle(bytes), Action::Ignore), "{bytes:?}");
    }
}
