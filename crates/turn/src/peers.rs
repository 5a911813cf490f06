//! Whom an allocation may relay to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// Networks that are not the internet: nobody outside can be there, or only by this server's help.
const CLOSED: &[&str] = &[
    // "This network", private, shared (carrier NAT), loopback, link-local.
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    // Protocol assignments, documentation, 6to4 anycast, private, benchmarks, documentation twice.
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    // Multicast, reserved, broadcast.
    "224.0.0.0/4",
    "240.0.0.0/4",
    // Unspecified, loopback and IPv4-compatible; IPv4-mapped; local-use NAT64; discard.
    "::/96",
    "::ffff:0:0/96",
    "64:ff9b:1::/48",
    "100::/64",
    // Teredo, benchmarks, ORCHID twice, documentation twice.
    "2001::/32",
    "2001:2::/48",
    "2001:10::/28",
    "2001:20::/28",
    "2001:db8::/32",
    "3fff::/20",
    // Segment routing, unique local, link-local, site-local, multicast.
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
];

/// Says whom allocations may relay to.
#[derive(Debug, Clone)]
pub struct PeerRules {
    closed: Vec<IpNet>,
    allowed: Vec<IpNet>,
    own: Vec<IpAddr>,
    relayed: Vec<IpAddr>,
}

/// What the rules say about an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Allowed,
    /// The address of relayed ports: those alone.
    Relayed,
    Denied,
}

impl PeerRules {
    /// Rules that deny all that is not the internet, except `allowed`, and the addresses of this machine, `own`, except
    /// those that `allowed` names by themselves: a network that the machine is in does not open the machine.
    #[must_use]
    pub fn new(allowed: Vec<IpNet>, own: Vec<IpAddr>) -> Self {
        Self {
            closed: CLOSED.iter().filter_map(|network| network.parse().ok()).collect(),
            allowed,
            own,
            relayed: Vec::new(),
        }
    }

    /// Where relayed ports are: of these addresses the ports of other allocations are reached.
    #[must_use]
    pub fn relayed_at(mut self, addresses: Vec<IpAddr>) -> Self {
        self.relayed = addresses;
        self
    }

    /// Whether they let anybody be relayed to any port of this address.
    #[must_use]
    pub fn allow(&self, peer: IpAddr) -> bool {
        self.verdict(peer) == Verdict::Allowed
    }

    pub(crate) fn verdict(&self, peer: IpAddr) -> Verdict {
        let within = |networks: &[IpNet], address| networks.iter().any(|network| network.contains(&address));
        if let IpAddr::V6(address) = peer
            && address.to_ipv4_mapped().is_some()
        {
            // A socket for IPv6 would speak IPv4 to it. Who means that asks for an allocation of IPv4.
            return Verdict::Denied;
        }
        if self.allowed.iter().any(|network| names(network, peer)) {
            return Verdict::Allowed;
        }
        if self.relayed.contains(&peer) {
            return Verdict::Relayed;
        }
        let reached = reached(peer);
        let either = |is: &dyn Fn(IpAddr) -> bool| is(peer) || reached.is_some_and(is);
        if either(&|address| self.is_own(address)) {
            return Verdict::Denied;
        }
        if either(&|address| within(&self.allowed, address)) {
            return Verdict::Allowed;
        }
        if either(&|address| within(&self.closed, address)) {
            return Verdict::Denied;
        }
        Verdict::Allowed
    }

    /// Whether it leads to this machine. Linux takes the unspecified address for loopback.
    fn is_own(&self, address: IpAddr) -> bool {
        let known = self.own.iter().chain(&self.relayed);
        address.is_loopback() || address.is_unspecified() || known.into_iter().any(|own| *own == address)
    }
}

/// Whether the network is this address alone, or loopback that has it: who opens that means this machine.
fn names(network: &IpNet, address: IpAddr) -> bool {
    let alone = network.prefix_len() == network.max_prefix_len();
    let loopback = network.prefix_len() >= 8 && network.network().is_loopback();
    (alone || loopback) && network.contains(&address)
}

/// The IPv4 address that a gateway makes of an IPv6 address (NAT64, 6to4).
fn reached(peer: IpAddr) -> Option<IpAddr> {
    let IpAddr::V6(address) = peer else { return None };
    let octets = address.octets();
    let inner = |at: usize| {
        let bytes: [u8; 4] = octets.get(at..at + 4)?.try_into().ok()?;
        Some(IpAddr::V4(Ipv4Addr::from(bytes)))
    };
    let nat64 = Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0).octets();
    if octets.get(..12) == nat64.get(..12) {
        return inner(12);
    }
    if octets.starts_with(&[0x20, 0x02]) {
        return inner(2);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(rules: &PeerRules, address: &str) -> Verdict {
        rules.verdict(address.parse().unwrap())
    }

    #[test]
    fn all_closed_networks_are_read() {
        assert_eq!(PeerRules::new(Vec::new(), Vec::new()).closed.len(), CLOSED.len());
    }

    #[test]
    fn the_internet_is_reached_and_nothing_else() {
        let rules = PeerRules::new(Vec::new(), Vec::new());
        for open in [
            "1.1.1.1",
            "172.32.0.1",
            "100.128.0.1",
            "2606:4700::1111",
            "64:ff9b::101:101",
            "2002:101:101::1",
        ] {
            assert_eq!(verdict(&rules, open), Verdict::Allowed, "{open}");
        }
        let closed = [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:1.1.1.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::1",
            "2002:c0a8:1::1",
            "2001:db8::1",
            "2001:0:1::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "100::1",
        ];
        for closed in closed {
            assert_eq!(verdict(&rules, closed), Verdict::Denied, "{closed}");
        }
    }

    #[test]
    fn the_configuration_may_open_a_network() {
        let rules = PeerRules::new(
            vec!["10.1.0.0/16".parse().unwrap(), "fd00::/8".parse().unwrap()],
            Vec::new(),
        );
        for (address, expected) in [
            ("10.1.2.3", Verdict::Allowed),
            ("10.2.2.3", Verdict::Denied),
            ("fd00::1", Verdict::Allowed),
            ("fc00::1", Verdict::Denied),
            ("64:ff9b::a01:203", Verdict::Allowed),
            ("::ffff:10.1.2.3", Verdict::Denied),
        ] {
            assert_eq!(verdict(&rules, address), expected, "{address}");
        }
    }

    fn own(allowed: &[&str]) -> PeerRules {
        let own = ["127.0.0.1", "10.0.0.2", "1.2.3.4", "1.2.3.6"].map(|text| text.parse().unwrap());
        let relayed = ["1.2.3.4", "2606::5"].map(|text| text.parse().unwrap());
        let allowed = allowed.iter().map(|network| network.parse().unwrap());
        PeerRules::new(allowed.collect(), own.to_vec()).relayed_at(relayed.to_vec())
    }

    #[test]
    fn of_the_servers_own_addresses_those_of_relayed_ports_alone_are_peers() {
        let rules = own(&[]);
        for address in ["1.2.3.4", "2606::5"] {
            assert_eq!(verdict(&rules, address), Verdict::Relayed, "{address}");
        }
        for address in ["127.0.0.1", "10.0.0.2", "1.2.3.6"] {
            assert_eq!(verdict(&rules, address), Verdict::Denied, "{address}");
        }
        assert_eq!(verdict(&rules, "1.2.3.5"), Verdict::Allowed);
    }

    #[test]
    fn a_network_that_the_server_is_in_does_not_open_the_server() {
        let rules = own(&["10.0.0.0/8", "0.0.0.0/0", "1.2.3.0/24"]);
        assert_eq!(verdict(&rules, "10.0.0.3"), Verdict::Allowed);
        assert_eq!(verdict(&rules, "127.0.0.2"), Verdict::Denied);
        assert_eq!(verdict(&rules, "64:ff9b::a00:2"), Verdict::Denied);
        assert_eq!(verdict(&rules, "1.2.3.4"), Verdict::Relayed);
        for address in ["127.0.0.1", "10.0.0.2", "1.2.3.6"] {
            assert_eq!(verdict(&rules, address), Verdict::Denied, "{address}");
        }
        // Who names the address itself, or loopback, means it.
        let named = own(&["10.0.0.2/32", "127.0.0.0/8", "1.2.3.4/32"]);
        for address in ["127.0.0.1", "127.0.0.2", "10.0.0.2", "1.2.3.4"] {
            assert_eq!(verdict(&named, address), Verdict::Allowed, "{address}");
        }
        assert_eq!(verdict(&named, "1.2.3.6"), Verdict::Denied);
    }

    #[test]
    fn the_server_is_not_reached_through_a_gateway() {
        let rules = own(&[]);
        assert_eq!(verdict(&rules, "64:ff9b::102:304"), Verdict::Denied);
        assert_eq!(verdict(&rules, "2002:102:304::1"), Verdict::Denied);
        assert_eq!(verdict(&rules, "1.2.3.5"), Verdict::Allowed);
    }
}
