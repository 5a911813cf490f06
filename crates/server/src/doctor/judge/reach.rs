//! Names and connections.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use super::milliseconds;
use crate::doctor::{report::Verdict, target::is_public};

/// Why there is no connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::doctor) enum Unconnected {
    /// The system said that nothing listens.
    Refused,
    /// Nothing came back.
    NoAnswer,
    /// This machine has no way there.
    NoRoute,
    /// Something else.
    Other(String),
}

/// What a name stands for.
pub(in crate::doctor) fn names(host: &str, found: &Result<Vec<IpAddr>, String>) -> Verdict {
    let in_dns =
        format!("Give {host} an A record (and AAAA, where there is IPv6) with the server's address.");
    let addresses = match found {
        Err(problem) => return Verdict::failed(format!("{host} is not found: {problem}"), in_dns),
        Ok(addresses) if addresses.is_empty() => {
            return Verdict::failed(format!("{host} has no address"), in_dns);
        }
        Ok(addresses) => addresses,
    };
    let listed: Vec<_> = addresses.iter().map(ToString::to_string).collect();
    let found = format!("{host} is {}", listed.join(", "));
    let public = addresses.iter().filter(|address| is_public(**address)).count();
    if public > 0 && public < addresses.len() {
        let remedy = "Clients take any of them: take the private addresses out of the public DNS.";
        return Verdict::warning(format!("{found}: not all of them are on the internet"), remedy);
    }
    Verdict::ok(found)
}

/// A connection.
pub(in crate::doctor) fn tcp(address: SocketAddr, connected: &Result<Duration, Unconnected>) -> Verdict {
    match connected {
        Ok(took) => Verdict::ok(format!("connected in {}", milliseconds(*took))),
        Err(Unconnected::Refused) => Verdict::failed(
            "nothing listens on this port",
            "Start the server, and compare `server.https_bind` (or the proxy in front) with this port.",
        ),
        Err(Unconnected::NoAnswer) => Verdict::failed(
            "no answer",
            "Let TCP to this port through the firewall, and compare the address with the server's.",
        ),
        Err(Unconnected::NoRoute) if address.is_ipv6() => {
            Verdict::skipped("this machine has no IPv6 to try it with")
        }
        Err(Unconnected::NoRoute) => Verdict::failed(
            "this machine has no way to this address",
            "Compare the address in DNS with the server's, and this machine's network.",
        ),
        Err(Unconnected::Other(problem)) => {
            Verdict::failed(problem.clone(), "Look at the network in between.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::report::Status;

    fn judged(addresses: &[&str]) -> Verdict {
        let addresses = addresses.iter().map(|address| address.parse().unwrap()).collect();
        names("a.example", &Ok(addresses))
    }

    #[test]
    fn a_name_without_an_address_and_one_with_private_ones_among_public_ones_are_told() {
        assert_eq!(judged(&["1.1.1.1", "2606:4700::1111"]).status, Status::Ok);
        assert_eq!(judged(&["10.0.0.1"]).status, Status::Ok);
        assert_eq!(judged(&["1.1.1.1", "10.0.0.1"]).status, Status::Warning);
        assert_eq!(judged(&[]).status, Status::Failed);
        assert_eq!(names("a", &Err("no such name".to_owned())).status, Status::Failed);
    }

    #[test]
    fn ipv6_that_this_machine_lacks_is_no_fault_of_the_server() {
        let v4 = "192.0.2.1:443".parse().unwrap();
        let v6 = "[2001:db8::1]:443".parse().unwrap();
        assert_eq!(tcp(v6, &Err(Unconnected::NoRoute)).status, Status::Skipped);
        for (address, why) in [
            (v4, Unconnected::NoRoute),
            (v4, Unconnected::Refused),
            (v6, Unconnected::NoAnswer),
            (v6, Unconnected::Other("odd".to_owned())),
        ] {
            assert_eq!(tcp(address, &Err(why)).status, Status::Failed);
        }
        assert_eq!(tcp(v4, &Ok(Duration::from_millis(3))).found, "connected in 3 ms");
    }
}
