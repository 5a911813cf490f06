//! What a TURN server reads from the network: datagrams, and streams that end anywhere.

use std::net::SocketAddr;

use openline_protocol::{Instant, Timestamp};
use openline_turn::{
    Action, Client, Families, Now, PeerRules, QuotaLimits, Relay, RelayParts, Secret, frame_length,
    testing::TestClient,
};

const RELAYED: &str = "203.0.113.1:50000";

fn relay(now: Now) -> Relay {
    Relay::new(RelayParts {
        secret: Secret::new(b"secret"),
        nonce_key: [1; 32],
        peers: PeerRules::new(Vec::new(), Vec::new()),
        limits: QuotaLimits {
            allocations: 4,
            user_allocations: 4,
            user_bytes_per_second: 0,
            bytes_per_second: 0,
        },
        unauthenticated_per_second: 0,
        families: Families { v4: true, v6: true },
        now: now.instant,
    })
}

/// Gives the client a message and does what follows; the answer, if there is one.
fn give(client: &mut Client, relay: &Relay, bytes: &[u8], now: Now) -> Option<Vec<u8>> {
    match client.handle_message(relay, bytes, now) {
        Action::Answer(answer) | Action::Refuse(_, answer) | Action::Release(answer) => Some(answer),
        Action::Send(peer, range) => {
            assert!(bytes.get(range).is_some(), "what is sent is part of what came");
            assert!(!peer.ip().is_loopback());
            None
        }
        Action::Allocate(request) => {
            let relayed: SocketAddr = RELAYED.parse().expect("an address");
            Some(client.allocated(relay, request, relayed, now.instant))
        }
        Action::Ignore | Action::OverRate => None,
    }
}

/// Datagrams, each after two bytes that say how long it is, to a client with an allocation and to one without.
pub fn turn_client(data: &[u8]) {
    let now = Now {
        instant: Instant::from_millis(1000),
        time: Timestamp::from_millis(1_800_000_000_000),
    };
    let relay = relay(now);
    let address: SocketAddr = "198.51.100.1:5000".parse().expect("an address");
    let mut allocated = Client::new(address, false);
    let credentials = Secret::new(b"secret").issue("a", Timestamp::from_millis(1_900_000_000_000));
    let mut test = TestClient::new(credentials);
    for _ in 0..2 {
        let request = test.allocate(false);
        let answer = give(&mut allocated, &relay, &request, now).expect("requests are answered");
        test.read(&answer);
    }
    let peer = "1.1.1.1:1".parse().expect("an address");
    let bind = test.channel_bind(0x4000, peer);
    assert!(give(&mut allocated, &relay, &bind, now).is_some());
    let mut other = Client::new(address, false);
    let mut rest = data;
    while let [high, low, after @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*high, *low])).min(after.len());
        let (datagram, next) = after.split_at(length);
        for client in [&mut allocated, &mut other] {
            if let Some(answer) = give(client, &relay, datagram, now) {
                test.read(&answer);
            }
        }
        rest = next;
    }
    let length = data.len().min(2000);
    if let Some(head) = allocated.handle_peer(peer, length, now.instant) {
        assert_eq!(head.bytes().len(), 4);
    }
}

/// A stream: messages follow each other to its end, or to what is none.
pub fn turn_stream(data: &[u8]) {
    let mut rest = data;
    while let Ok(Some(length)) = frame_length(rest) {
        assert!(length >= 4 && length.is_multiple_of(4));
        let Some(next) = rest.get(length..) else { return };
        rest = next;
    }
}
