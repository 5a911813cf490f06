//! Tries a relay out: two allocations, data between them and from this machine, a refresh, and the end of both.

use std::{
    net::{IpAddr, SocketAddr},
    time::{Duration, Instant},
};

use openline_turn::Credentials;
use rand::RngExt as _;
use tokio::{
    net::UdpSocket,
    time::{sleep, timeout},
};

use super::{
    connect::connect,
    conversation::{Conversation, Link, any_socket},
    tls::Trust,
};
use crate::doctor::{
    judge::{
        certificate::certificate,
        reach::Unconnected,
        relay::{Allocated, Outcome, Outside, PeerTried, RelayFacts, Unanswered},
    },
    report::{Status, Verdict},
    target::{RelayUrl, Transport},
};

/// Data is sent again after this.
const PAUSE: Duration = Duration::from_millis(300);

/// What no relay on the internet should relay to: this machine, private networks, and what clouds tell machines.
const CLOSED: [&str; 7] = [
    "127.0.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "169.254.169.254",
    "::1",
    "fd00::1",
];

/// A relay at one of its addresses.
#[derive(Debug, Clone)]
pub(in crate::doctor) struct RelayProbe {
    pub(in crate::doctor) url: RelayUrl,
    pub(in crate::doctor) address: SocketAddr,
    pub(in crate::doctor) credentials: Credentials,
    pub(in crate::doctor) trust: Trust,
    pub(in crate::doctor) limit: Duration,
    /// In seconds since 1970.
    pub(in crate::doctor) now: i64,
}

/// What was found.
pub(in crate::doctor) struct Tried {
    pub(in crate::doctor) facts: RelayFacts,
    /// The closed networks that it was asked for.
    pub(in crate::doctor) peers: Vec<PeerTried>,
    /// Its certificate.
    pub(in crate::doctor) certificate: Option<Verdict>,
}

/// An allocation and the way to it.
struct Client {
    conversation: Conversation,
    mapped: SocketAddr,
    relayed: SocketAddr,
}

impl RelayProbe {
    pub(in crate::doctor) async fn run(&self) -> Tried {
        let mut tried = Tried {
            facts: RelayFacts {
                transport: self.url.transport,
                address: self.address,
                outcome: Outcome::NoBinding(Unanswered::Silence),
            },
            peers: Vec::new(),
            certificate: None,
        };
        tried.facts.outcome = match self.look(&mut tried).await {
            Ok(outcome) | Err(outcome) => outcome,
        };
        tried
    }

    async fn look(&self, tried: &mut Tried) -> Result<Outcome, Outcome> {
        let mut first = self.conversation(tried).await?;
        let begun = Instant::now();
        let bound = first
            .ask(|requests| requests.binding())
            .await
            .map_err(Outcome::NoBinding)?;
        let mapped = bound.mapped.ok_or(Outcome::NoBinding(Unanswered::NotTurn))?;
        if !self.url.relays {
            let took = begun.elapsed();
            return Ok(Outcome::Bound { mapped, took });
        }
        let second = self.conversation(tried).await?;
        let mut a = self.allocate(first).await.map_err(Outcome::NotAllocated)?;
        let b = self.allocate(second).await;
        let outcome = match b {
            Ok(mut b) => {
                let allocated = self.use_both(&mut a, &mut b, &mut tried.peers).await;
                b.release().await;
                Ok(Outcome::Allocated(Box::new(allocated)))
            }
            Err(why) => Err(Outcome::NotAllocated(why)),
        };
        a.release().await;
        outcome
    }

    async fn conversation(&self, tried: &mut Tried) -> Result<Conversation, Outcome> {
        let link = match self.url.transport {
            Transport::Udp | Transport::Dtls => Link::datagrams(self.address)
                .await
                .map_err(|_error| Outcome::Unconnected(Unconnected::NoRoute))?,
            Transport::Tcp => {
                let (stream, _) = connect(self.address, self.limit)
                    .await
                    .map_err(Outcome::Unconnected)?;
                Link::Stream(Box::new(stream), Vec::new())
            }
            Transport::Tls => {
                let (stream, _) = connect(self.address, self.limit)
                    .await
                    .map_err(Outcome::Unconnected)?;
                let handshake = self.trust.handshake(stream, &self.url.host, self.limit).await;
                let (stream, facts) = handshake.map_err(Outcome::NoTls)?;
                let verdict = certificate(&facts, &self.url.host, self.now);
                if verdict.status == Status::Failed {
                    return Err(Outcome::Distrusted(verdict));
                }
                tried.certificate = Some(verdict);
                Link::Stream(Box::new(stream), Vec::new())
            }
        };
        Ok(Conversation::new(link, self.credentials.clone(), self.limit))
    }

    /// An allocation of the family of the way to it, or of the other.
    async fn allocate(&self, mut conversation: Conversation) -> Result<Client, Unanswered> {
        let ipv6 = self.address.is_ipv6();
        let mut answer = conversation.ask(|requests| requests.allocate(ipv6)).await;
        if answer == Err(Unanswered::Refused(440)) {
            answer = conversation.ask(|requests| requests.allocate(!ipv6)).await;
        }
        let answer = answer?;
        let (mapped, relayed) = answer.mapped.zip(answer.relayed).ok_or(Unanswered::NotTurn)?;
        Ok(Client {
            conversation,
            mapped,
            relayed,
        })
    }

    async fn use_both(&self, a: &mut Client, b: &mut Client, peers: &mut Vec<PeerTried>) -> Allocated {
        let between = between(a, b, self.limit).await;
        let outside = outside(a, self.limit).await;
        let refreshed = a
            .conversation
            .ask(|requests| requests.refresh(600))
            .await
            .map(drop);
        let v4 = a.relayed.is_ipv4();
        let of_family = CLOSED.iter().filter_map(|peer| peer.parse().ok());
        // Where its own relayed ports are, clients of it meet.
        let own = a.relayed.ip();
        for peer in of_family.filter(|peer: &IpAddr| peer.is_ipv4() == v4 && *peer != own) {
            match a.permit(SocketAddr::new(peer, 9)).await {
                Ok(()) => peers.push(PeerTried { peer, taken: true }),
                Err(Unanswered::Refused(_)) => peers.push(PeerTried { peer, taken: false }),
                Err(_) => break,
            }
        }
        Allocated {
            mapped: a.mapped,
            relayed: a.relayed,
            between,
            outside,
            refreshed,
        }
    }
}

impl Client {
    async fn permit(&mut self, peer: SocketAddr) -> Result<(), Unanswered> {
        self.conversation
            .ask(|requests| requests.create_permission(&[peer]))
            .await
            .map(drop)
    }

    /// Ends the allocation. One that cannot be told so ends by itself, in ten minutes at the latest.
    async fn release(mut self) {
        drop(self.conversation.ask(|requests| requests.refresh(0)).await);
    }
}

/// Data from one allocation to the other and back, and how long it took.
async fn between(a: &mut Client, b: &mut Client, limit: Duration) -> Result<Duration, Unanswered> {
    let (to_a, to_b) = (a.relayed, b.relayed);
    a.permit(to_b).await?;
    b.permit(to_a).await?;
    let (ping, pong) = (random(), random());
    let begun = Instant::now();
    let exchange = async {
        loop {
            a.conversation.tell(to_b, &ping).await?;
            if let Ok(heard) = timeout(PAUSE, b.conversation.hear(&ping)).await {
                heard?;
                b.conversation.tell(to_a, &pong).await?;
                if let Ok(heard) = timeout(PAUSE, a.conversation.hear(&pong)).await {
                    return heard.map(drop);
                }
            }
        }
    };
    timeout(limit, exchange)
        .await
        .unwrap_or(Err(Unanswered::Silence))?;
    Ok(begun.elapsed())
}

/// Data from a socket of this machine to the relayed address, and an answer to where it came from.
async fn outside(client: &mut Client, limit: Duration) -> Outside {
    if client.mapped.is_ipv4() != client.relayed.is_ipv4() {
        return Outside::OtherFamily;
    }
    match client.permit(client.mapped).await {
        Ok(()) => {}
        Err(Unanswered::Refused(code)) => return Outside::NotPermitted(code),
        Err(_) => return Outside::Lost,
    }
    let Ok(socket) = any_socket(client.relayed).await else {
        return Outside::OtherFamily;
    };
    let Some(seen_as) = knock(client, &socket, limit).await else {
        return Outside::Lost;
    };
    let back = timeout(limit, answered(client, &socket, seen_as)).await;
    Outside::Arrived {
        back: back.unwrap_or(false),
    }
}

/// Who sent it, as the relay sees it.
async fn knock(client: &mut Client, socket: &UdpSocket, limit: Duration) -> Option<SocketAddr> {
    let data = random();
    let arrived = async {
        loop {
            // A network that cannot be reached now may be in a moment.
            drop(socket.send_to(&data, client.relayed).await);
            if let Ok(heard) = timeout(PAUSE, client.conversation.hear(&data)).await {
                return heard.ok();
            }
        }
    };
    timeout(limit, arrived).await.ok().flatten()
}

async fn answered(client: &mut Client, socket: &UdpSocket, seen_as: SocketAddr) -> bool {
    let data = random();
    loop {
        if client.conversation.tell(seen_as, &data).await.is_err() {
            return false;
        }
        let mut bytes = [0; 64];
        let heard = timeout(PAUSE, socket.recv(&mut bytes)).await;
        if let Ok(Ok(length)) = heard
            && bytes.get(..length) == Some(&data)
        {
            return true;
        }
        if heard.is_ok() {
            // Somebody else's, or an error of the socket: not at once again.
            sleep(PAUSE).await;
        }
    }
}

fn random() -> [u8; 16] {
    rand::rng().random()
}
