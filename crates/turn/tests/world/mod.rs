//! A relay with one client.

use std::{net::SocketAddr, time::Duration};

use openline_protocol::{Instant, Timestamp};
use openline_turn::{
    Action, Client, Credentials, Families, Now, PeerRules, QuotaLimits, Relay, RelayParts, Secret,
    testing::{Reading, TestClient},
};

pub(crate) const CLIENT: &str = "198.51.100.7:50000";
pub(crate) const RELAYED: &str = "203.0.113.1:49152";
const START_S: u64 = 1_800_000_000;

pub(crate) struct World {
    pub(crate) relay: Relay,
    pub(crate) client: Client,
    pub(crate) test: TestClient,
    pub(crate) now: Now,
    kept: Vec<Client>,
}

pub(crate) fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

pub(crate) fn credentials(id: &str) -> Credentials {
    expiring(id, 24 * 60 * 60)
}

pub(crate) fn expiring(id: &str, seconds: u64) -> Credentials {
    Secret::new(b"secret").issue(id, Timestamp::from_millis((START_S + seconds) * 1000))
}

pub(crate) fn expired(id: &str) -> Credentials {
    expiring(id, 0)
}

pub(crate) fn of_another_server(id: &str) -> Credentials {
    Secret::new(b"another").issue(id, Timestamp::from_millis((START_S + 60) * 1000))
}

impl World {
    pub(crate) fn new() -> Self {
        let now = Now {
            instant: Instant::from_millis(5000),
            time: Timestamp::from_millis(START_S * 1000),
        };
        let relay = Relay::new(RelayParts {
            secret: Secret::new(b"secret"),
            nonce_key: [7; 32],
            peers: PeerRules::new(Vec::new(), vec![address(RELAYED).ip()])
                .relayed_at(vec![address(RELAYED).ip()]),
            limits: QuotaLimits {
                allocations: 10,
                user_allocations: 2,
                user_bytes_per_second: 1000,
                bytes_per_second: 0,
            },
            unauthenticated_per_second: 20,
            families: Families { v4: true, v6: false },
            now: now.instant,
        });
        Self {
            relay,
            client: Client::new(address(CLIENT), false),
            test: TestClient::new(credentials("alice")),
            now,
            kept: Vec::new(),
        }
    }

    pub(crate) fn pass(&mut self, time: Duration) {
        self.now.instant = self.now.instant + time;
        self.now.time = self.now.time + time;
    }

    /// What an edge is to do, after it bound a socket where that was asked.
    pub(crate) fn handle(&mut self, bytes: &[u8]) -> Action {
        let Self {
            relay, client, now, ..
        } = self;
        match client.handle_message(relay, bytes, *now) {
            Action::Allocate(request) => {
                Action::Answer(client.allocated(relay, request, address(RELAYED), now.instant))
            }
            other => other,
        }
    }

    pub(crate) fn answered(&mut self, request: &[u8]) -> Reading {
        match self.handle(request) {
            Action::Answer(bytes) | Action::Release(bytes) => self.test.read(&bytes),
            Action::Refuse(code, bytes) => {
                let answer = self.test.read(&bytes);
                assert_eq!(answer.code, Some(code));
                answer
            }
            other => panic!("no answer: {other:?}"),
        }
    }

    /// Learns a nonce.
    pub(crate) fn challenge(&mut self) {
        let request = self.test.allocate(false);
        assert_eq!(self.answered(&request).code, Some(401));
    }

    pub(crate) fn allocate(&mut self) -> Reading {
        if self.test.nonce.is_none() {
            self.challenge();
        }
        let request = self.test.allocate(false);
        self.answered(&request)
    }

    pub(crate) fn refresh(&mut self, lifetime_s: u32) -> Reading {
        let request = self.test.refresh(lifetime_s);
        self.answered(&request)
    }

    pub(crate) fn sent(&mut self, bytes: &[u8]) -> Option<(SocketAddr, Vec<u8>)> {
        match self.handle(bytes) {
            Action::Send(peer, range) => Some((peer, bytes[range].to_vec())),
            _ => None,
        }
    }

    pub(crate) fn receive(&mut self, peer: SocketAddr, length: usize) -> Option<Vec<u8>> {
        let head = self.client.handle_peer(peer, length, self.now.instant)?;
        Some(head.bytes().to_vec())
    }

    /// The answer to another client of the same user that allocates. What it gets it keeps.
    pub(crate) fn other_client(&mut self) -> Reading {
        let port = u16::try_from(self.kept.len() + 1).unwrap();
        let mut client = Client::new(SocketAddr::new(address(CLIENT).ip(), port), false);
        let nonce = self.test.nonce.take();
        std::mem::swap(&mut self.client, &mut client);
        let answer = self.allocate();
        std::mem::swap(&mut self.client, &mut client);
        self.test.nonce = nonce;
        self.kept.push(client);
        answer
    }
}
