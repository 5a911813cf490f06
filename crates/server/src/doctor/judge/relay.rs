//! A relay, by one of its URLs at one address.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use ipnet::IpNet;

use super::{
    certificate::{NoTls, no_tls},
    milliseconds,
    reach::{Unconnected, tcp},
};
use crate::doctor::{
    report::Verdict,
    target::{Transport, is_nobodys, is_public},
};

/// What was found of a relay, as far as it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::doctor) struct RelayFacts {
    pub(in crate::doctor) transport: Transport,
    /// Where it is.
    pub(in crate::doctor) address: SocketAddr,
    /// How far it went.
    pub(in crate::doctor) outcome: Outcome,
}

/// How far it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::doctor) enum Outcome {
    /// There is no connection.
    Unconnected(Unconnected),
    /// There is one, and no TLS on it.
    NoTls(NoTls),
    /// Its certificate is refused.
    Distrusted(Verdict),
    /// It does not say who one is, which is all that STUN does and the first that TURN does.
    NoBinding(Unanswered),
    /// It says who one is.
    Bound { mapped: SocketAddr, took: Duration },
    /// It does not allocate.
    NotAllocated(Unanswered),
    /// It allocates.
    Allocated(Box<Allocated>),
}

/// Why a request to a relay came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::doctor) enum Unanswered {
    /// It was refused with this code.
    Refused(u16),
    /// Nothing came.
    Silence,
    /// The system said that nothing listens.
    Closed,
    /// What came is not TURN.
    NotTurn,
}

/// What became of an allocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::doctor) struct Allocated {
    /// This machine, as the relay sees it.
    pub(in crate::doctor) mapped: SocketAddr,
    /// The address that peers are told.
    pub(in crate::doctor) relayed: SocketAddr,
    /// The time that data took to another allocation and back.
    pub(in crate::doctor) between: Result<Duration, Unanswered>,
    /// Data from this machine to the relayed address.
    pub(in crate::doctor) outside: Outside,
    /// Whether it may be kept.
    pub(in crate::doctor) refreshed: Result<(), Unanswered>,
}

/// What became of data that this machine sent to the relayed address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::doctor) enum Outside {
    /// It arrived, and the answer came back or not.
    Arrived { back: bool },
    /// It did not.
    Lost,
    /// The relay does not take this machine for a peer.
    NotPermitted(u16),
    /// It was not tried: the relayed address is of the other family.
    OtherFamily,
}

/// One line about a relay.
pub(in crate::doctor) fn relay(facts: &RelayFacts) -> Verdict {
    match &facts.outcome {
        Outcome::Unconnected(Unconnected::Refused) => closed(facts.transport),
        Outcome::Unconnected(why) => tcp(facts.address, &Err(why.clone())),
        Outcome::NoTls(why) => no_tls(why),
        Outcome::Distrusted(verdict) => verdict.clone(),
        Outcome::NoBinding(why) | Outcome::NotAllocated(why) => unanswered(facts.transport, why),
        Outcome::Bound { mapped, took } => translated(facts.address, *mapped).unwrap_or_else(|| {
            Verdict::ok(format!(
                "it sees this machine as {} ({})",
                mapped.ip(),
                milliseconds(*took)
            ))
        }),
        Outcome::Allocated(allocated) => allocation(facts.address, allocated),
    }
}

/// Whether it is of UDP, and the setting that it has its port from.
const fn bound(transport: Transport) -> (bool, &'static str) {
    match transport {
        Transport::Udp | Transport::Dtls => (true, "turn.udp_bind"),
        Transport::Tcp => (false, "turn.tcp_bind"),
        Transport::Tls => (false, "turn.tls_bind"),
    }
}

fn closed(transport: Transport) -> Verdict {
    let (udp, setting) = bound(transport);
    Verdict::failed(
        if udp {
            "nothing listens on this port of UDP"
        } else {
            "nothing listens on this port"
        },
        format!("Set `{setting}`, or correct `turn.urls`."),
    )
}

fn unanswered(transport: Transport, why: &Unanswered) -> Verdict {
    let (udp, setting) = bound(transport);
    match why {
        Unanswered::Refused(401) => Verdict::failed(
            "it refuses the credentials that the server gave (401)",
            "Give both the same secret (`turn.secret`, `turn.external.secret`; coturn: static-auth-secret), and compare \
             their clocks.",
        ),
        Unanswered::Refused(486) => Verdict::failed(
            "one user has no more allocations (486)",
            "Raise `turn.max_allocations_per_user`.",
        ),
        Unanswered::Refused(508) => Verdict::failed(
            "it has no room for one more allocation (508)",
            "Raise `turn.max_allocations`, widen `turn.min_port` to `turn.max_port`, and look at the limit of open files.",
        ),
        Unanswered::Refused(440) => Verdict::failed(
            "it relays for neither IPv4 nor IPv6 (440)",
            "Set `turn.public_addresses`.",
        ),
        Unanswered::Refused(code) => Verdict::failed(
            format!("it refuses ({code})"),
            "docs/turn.md says what the code means.",
        ),
        Unanswered::Silence if udp => Verdict::failed(
            "no answer over UDP",
            "Let UDP to this port through the firewall (the provider's too), and compare `turn.udp_bind` with `turn.urls`.",
        ),
        Unanswered::Silence => Verdict::failed(
            "connected, and then no answer",
            format!("See what listens on this port, and compare `{setting}` with `turn.urls`."),
        ),
        Unanswered::Closed if udp => closed(transport),
        Unanswered::Closed => Verdict::failed(
            "the connection is closed at once",
            format!(
                "See what listens on this port (`{setting}`), and whether `turn.max_connections` is reached."
            ),
        ),
        Unanswered::NotTurn => Verdict::failed(
            "what listens here is no relay",
            format!(
                "Compare `{setting}` with `turn.urls`; only a relay, or a proxy of TCP, may have this port."
            ),
        ),
    }
}

/// A relay on the internet that sees us at a private address sees somebody who translates.
fn translated(address: SocketAddr, mapped: SocketAddr) -> Option<Verdict> {
    (is_public(address.ip()) && !is_public(mapped.ip())).then(|| {
        Verdict::warning(
            format!("it is on the internet, and sees this machine at {}, which is not", mapped.ip()),
            "Something in front of it changes the addresses of clients (Docker's userland-proxy, a load balancer): have \
             it pass datagrams on as they are, or use the host's network.",
        )
    })
}

fn allocation(address: SocketAddr, allocated: &Allocated) -> Verdict {
    let relayed = allocated.relayed.ip();
    if is_public(address.ip()) && !is_public(relayed) {
        return Verdict::failed(
            format!("peers are told {relayed}, which is not on the internet"),
            "Set `turn.public_addresses` to how the internet reaches this machine (coturn: external-ip).",
        );
    }
    if is_nobodys(relayed) && !matches!(allocated.outside, Outside::Arrived { .. }) {
        return Verdict::failed(
            format!(
                "peers are told {relayed}, which nobody can have: examples are written with such addresses"
            ),
            "Set `turn.public_addresses` to how clients reach this machine (coturn: external-ip).",
        );
    }
    if allocated.outside == Outside::Lost {
        return Verdict::failed(
            format!(
                "what is sent to its relayed address {} does not arrive",
                allocated.relayed
            ),
            "Let UDP to `turn.min_port` to `turn.max_port` through the firewall, and compare `turn.public_addresses` with \
             this machine's address.",
        );
    }
    if let Err(why) = &allocated.between {
        let why = match why {
            Unanswered::Refused(code) => format!("refused with {code}"),
            Unanswered::Silence | Unanswered::Closed | Unanswered::NotTurn => "nothing arrives".to_owned(),
        };
        return Verdict::failed(
            format!("two clients that both use it do not reach each other: {why}"),
            "The machine must reach its own `turn.public_addresses`: have the router send that back (hairpin), and the \
             firewall let it in. coturn: no denied-peer-ip for its own address.",
        );
    }
    let same_machine = allocated.mapped.ip() == relayed;
    if allocated.outside == (Outside::Arrived { back: false }) && !same_machine {
        return Verdict::failed(
            "what a client sends through it does not come out",
            "Let UDP out through the server's firewall, from `turn.min_port` to `turn.max_port`.",
        );
    }
    if let Err(why) = &allocated.refreshed {
        let verdict = unanswered(Transport::Udp, why);
        return Verdict::failed(
            format!("an allocation cannot be kept: {}", verdict.found),
            "Calls would end after ten minutes: see the relay's log.",
        );
    }
    translated(address, allocated.mapped).unwrap_or_else(|| works(allocated))
}

fn works(allocated: &Allocated) -> Verdict {
    let took = milliseconds(allocated.between.as_ref().copied().unwrap_or_default());
    let relayed = allocated.relayed.ip();
    let untried = match allocated.outside {
        Outside::Arrived { .. } | Outside::Lost => {
            return Verdict::ok(format!(
                "relays at {relayed}, reached from this machine, and between two clients in {took}"
            ));
        }
        Outside::NotPermitted(code) => format!("which it does not relay to ({code})"),
        Outside::OtherFamily => "which has not its family".to_owned(),
    };
    Verdict::warning(
        format!(
            "relays between two clients in {took}; whether {relayed} is reached was not tried from this machine, {untried}"
        ),
        "Run this from a machine on the internet: it tries `turn.public_addresses`, and the firewall before `turn.min_port` \
         to `turn.max_port`.",
    )
}

/// Whether the relay took an address of a closed network for a peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::doctor) struct PeerTried {
    pub(in crate::doctor) peer: IpAddr,
    pub(in crate::doctor) taken: bool,
}

/// Whom a relay at `relay` relays to. `allowed`: the networks that the settings open, where they are known.
pub(in crate::doctor) fn peers(relay: IpAddr, tried: &[PeerTried], allowed: Option<&[IpNet]>) -> Verdict {
    if tried.is_empty() {
        return Verdict::skipped("the relay did not answer");
    }
    let meant =
        |peer: &IpAddr| allowed.is_some_and(|networks| networks.iter().any(|network| network.contains(peer)));
    let taken: Vec<_> = tried
        .iter()
        .filter(|tried| tried.taken)
        .map(|tried| tried.peer)
        .collect();
    let open: Vec<_> = taken.iter().copied().filter(|peer| !meant(peer)).collect();
    if open.is_empty() {
        return Verdict::ok(if taken.is_empty() {
            "it keeps its clients out of closed networks"
        } else {
            "it relays to the closed networks that `turn.allowed_peers` names, and to no other"
        });
    }
    let listed: Vec<_> = open.iter().map(ToString::to_string).collect();
    let found = format!("it relays its clients to {}", listed.join(", "));
    let remedy = "Take these networks out of `turn.allowed_peers` (coturn: denied-peer-ip), unless who calls is to reach them.";
    if !is_public(relay) {
        return Verdict::skipped(format!("{found}, and is not on the internet itself"));
    }
    let worst = |peer: &IpAddr| match peer {
        IpAddr::V4(peer) => peer.is_loopback() || peer.is_link_local(),
        IpAddr::V6(peer) => peer.is_loopback() || peer.is_unicast_link_local(),
    };
    if open.iter().any(worst) {
        return Verdict::failed(found, remedy);
    }
    Verdict::warning(found, remedy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::report::Status;

    const RELAY: &str = "1.1.1.1:3478";

    fn at(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    fn whole() -> Allocated {
        Allocated {
            mapped: at("8.8.8.8:40000"),
            relayed: at("1.1.1.1:50000"),
            between: Ok(Duration::from_millis(7)),
            outside: Outside::Arrived { back: true },
            refreshed: Ok(()),
        }
    }

    fn judged(address: &str, outcome: Outcome) -> Verdict {
        relay(&RelayFacts {
            transport: Transport::Udp,
            address: at(address),
            outcome,
        })
    }

    fn allocated(address: &str, allocated: Allocated) -> Verdict {
        judged(address, Outcome::Allocated(Box::new(allocated)))
    }

    #[test]
    fn a_relay_that_does_all_is_one_line() {
        let verdict = allocated(RELAY, whole());
        assert_eq!(verdict.status, Status::Ok);
        assert_eq!(
            verdict.found,
            "relays at 1.1.1.1, reached from this machine, and between two clients in 7 ms"
        );
    }

    #[test]
    fn a_private_address_is_wrong_on_the_internet_alone() {
        let private = Allocated {
            relayed: at("10.0.0.5:50000"),
            mapped: at("10.0.0.9:40000"),
            ..whole()
        };
        let verdict = allocated(RELAY, private.clone());
        assert_eq!(verdict.status, Status::Failed);
        assert!(verdict.remedy.unwrap().contains("turn.public_addresses"));
        assert_eq!(allocated("10.0.0.5:3478", private).status, Status::Ok);
    }

    #[test]
    fn each_way_that_data_is_lost_names_its_setting() {
        let lost = Allocated {
            outside: Outside::Lost,
            ..whole()
        };
        let apart = Allocated {
            between: Err(Unanswered::Silence),
            ..whole()
        };
        let one_way = Allocated {
            outside: Outside::Arrived { back: false },
            ..whole()
        };
        let short = Allocated {
            refreshed: Err(Unanswered::Refused(437)),
            ..whole()
        };
        for (facts, word) in [
            (lost, "turn.min_port"),
            (apart, "hairpin"),
            (one_way.clone(), "Let UDP out"),
            (short, "ten minutes"),
        ] {
            let verdict = allocated(RELAY, facts);
            assert_eq!(verdict.status, Status::Failed);
            assert!(verdict.remedy.unwrap().contains(word));
        }
        // The relay's own machine is reached at ports of allocations alone.
        let own = Allocated {
            mapped: at("1.1.1.1:40000"),
            ..one_way
        };
        assert_eq!(allocated(RELAY, own).status, Status::Ok);
    }

    #[test]
    fn a_machine_that_is_no_peer_is_not_the_relay_s_fault() {
        for outside in [Outside::NotPermitted(403), Outside::OtherFamily] {
            let verdict = allocated(RELAY, Allocated { outside, ..whole() });
            assert!(verdict.status == Status::Warning && verdict.found.contains("not tried"));
        }
    }

    #[test]
    fn an_address_of_examples_is_wrong_wherever_the_relay_is() {
        let told = Allocated {
            relayed: at("203.0.113.5:50000"),
            outside: Outside::NotPermitted(403),
            ..whole()
        };
        let verdict = allocated("10.0.0.5:3478", told.clone());
        assert_eq!(verdict.status, Status::Failed);
        assert!(
            verdict.found.contains("203.0.113.5")
                && verdict.remedy.unwrap().contains("turn.public_addresses")
        );
        let lab = Allocated {
            outside: Outside::Arrived { back: true },
            ..told
        };
        assert_eq!(allocated("10.0.0.5:3478", lab).status, Status::Ok);
    }

    #[test]
    fn a_closed_port_names_the_setting_of_its_transport() {
        for (transport, setting) in [
            (Transport::Udp, "`turn.udp_bind`"),
            (Transport::Tcp, "`turn.tcp_bind`"),
            (Transport::Tls, "`turn.tls_bind`"),
        ] {
            let verdict = relay(&RelayFacts {
                transport,
                address: at(RELAY),
                outcome: Outcome::Unconnected(Unconnected::Refused),
            });
            let remedy = verdict.remedy.unwrap();
            assert!(
                remedy.contains(setting) && !remedy.contains("https_bind"),
                "{remedy}"
            );
        }
    }

    #[test]
    fn clients_that_are_all_at_a_private_address_are_told() {
        let mapped = at("172.17.0.1:40000");
        let bound = Outcome::Bound {
            mapped,
            took: Duration::ZERO,
        };
        let allocation = Allocated { mapped, ..whole() };
        for verdict in [judged(RELAY, bound), allocated(RELAY, allocation)] {
            assert!(verdict.status == Status::Warning && verdict.found.contains("172.17.0.1"));
        }
    }

    #[test]
    fn each_refusal_says_what_to_do() {
        for (code, word) in [
            (401, "secret"),
            (486, "turn.max_allocations_per_user"),
            (508, "turn.max_allocations`"),
            (440, "turn.public_addresses"),
            (403, "docs/turn.md"),
        ] {
            let verdict = judged(RELAY, Outcome::NotAllocated(Unanswered::Refused(code)));
            assert!(verdict.remedy.unwrap().contains(word), "{code}");
        }
        for why in [Unanswered::Silence, Unanswered::Closed, Unanswered::NotTurn] {
            for transport in [Transport::Udp, Transport::Tcp, Transport::Tls] {
                let verdict = unanswered(transport, &why);
                assert!(verdict.status == Status::Failed && verdict.remedy.is_some());
            }
        }
    }

    #[test]
    fn closed_networks_that_are_open_matter_by_which_and_where() {
        let tried = |peer: &str, taken| PeerTried {
            peer: peer.parse().unwrap(),
            taken,
        };
        let relay = at(RELAY).ip();
        let judged = |tried: &[PeerTried], allowed: Option<&[IpNet]>| peers(relay, tried, allowed).status;
        let (loopback, private) = (tried("127.0.0.1", true), tried("10.0.0.1", true));
        assert_eq!(
            judged(&[tried("127.0.0.1", false), tried("10.0.0.1", false)], None),
            Status::Ok
        );
        assert_eq!(judged(&[private], None), Status::Warning);
        assert_eq!(judged(&[private, loopback], None), Status::Failed);
        assert_eq!(judged(&[tried("169.254.169.254", true)], None), Status::Failed);
        let named = ["10.0.0.0/8".parse().unwrap()];
        assert_eq!(judged(&[private], Some(&named)), Status::Ok);
        assert_eq!(judged(&[private, loopback], Some(&named)), Status::Failed);
        assert_eq!(judged(&[], None), Status::Skipped);
        let at_home = "10.0.0.5".parse().unwrap();
        assert_eq!(peers(at_home, &[private], None).status, Status::Skipped);
    }
}
