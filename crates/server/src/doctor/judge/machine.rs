//! The machine that the server runs on, and its settings.

use std::net::IpAddr;

use super::certificate::{CertificateFacts, certificate, covers};
use crate::doctor::{
    report::Verdict,
    target::{is_nobodys, is_public},
};

const GIB: u64 = 1 << 30;
/// The database needs room to write in at all.
const LEAST_FREE_BYTES: u64 = 100 << 20;

/// The data directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::doctor) struct DataDirectory {
    /// It is there, and a directory.
    pub(in crate::doctor) exists: bool,
    /// Who may: the last nine bits.
    pub(in crate::doctor) mode: u32,
    /// Whether we are who owns it.
    pub(in crate::doctor) ours: bool,
    /// Why nothing can be written.
    pub(in crate::doctor) unwritable: Option<String>,
    /// What is free.
    pub(in crate::doctor) free_bytes: Option<u64>,
}

pub(in crate::doctor) fn data_directory(facts: &DataDirectory) -> Verdict {
    if !facts.exists {
        return Verdict::warning(
            "it is not there",
            "The first start of the server makes it, if it may: compare `server.data_dir`.",
        );
    }
    if facts.ours
        && let Some(problem) = &facts.unwritable
    {
        return Verdict::failed(
            format!("nothing can be written in it: {problem}"),
            "Give `server.data_dir` to the user that the server runs as, and see whether the disk is read-only.",
        );
    }
    let free = facts.free_bytes.unwrap_or(u64::MAX);
    let told = facts
        .free_bytes
        .map_or_else(String::new, |bytes| format!(", {} MiB free", bytes >> 20));
    if free < LEAST_FREE_BYTES {
        let remedy = "Free some: what needs the disk is answered 503.";
        return Verdict::failed(format!("the disk is full{told}"), remedy);
    }
    if facts.mode & 0o077 != 0 {
        return Verdict::warning(
            format!("others on this machine may look into it ({:03o})", facts.mode),
            "chmod 700 `server.data_dir`: it has the keys of the server.",
        );
    }
    if free < GIB {
        return Verdict::warning(
            format!("the disk is nearly full{told}"),
            "Free some, or move `server.data_dir`.",
        );
    }
    if !facts.ours {
        return Verdict::skipped(format!(
            "it is another user's: run this as the server's user{told}"
        ));
    }
    Verdict::ok(format!("it can be written{told}"))
}

/// A port of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::doctor) enum Port {
    Free,
    Taken,
    /// Only who may do more than we: ports below 1024.
    Forbidden,
    /// This machine has not the address.
    NotHere,
    Unknown,
}

/// A port, and whether a server runs on these settings.
pub(in crate::doctor) fn port(port: Port, setting: &str, running: bool) -> Verdict {
    match (port, running) {
        (Port::Taken, true) => Verdict::ok(format!("in use, as `{setting}` asks for")),
        (Port::Free, false) => Verdict::ok(format!("free for `{setting}`")),
        (Port::Free, true) => Verdict::failed(
            format!("nothing listens there, and `{setting}` asks for it"),
            "Restart the server: the settings are not those that it was started with.",
        ),
        (Port::Taken, false) => Verdict::failed(
            format!("another program has it, and `{setting}` asks for it"),
            "`ss -lntup` says which: stop that one, or choose another port.",
        ),
        (Port::NotHere, _) => Verdict::failed(
            format!("this machine has not the address of `{setting}`"),
            "Name one of its own, or 0.0.0.0 and [::]; the internet's address belongs in `turn.public_addresses`.",
        ),
        (Port::Forbidden, _) => Verdict::skipped("it takes the server's rights to try it"),
        (Port::Unknown, _) => Verdict::skipped("the system does not say"),
    }
}

/// The files that the settings ask for, and what the process may open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::doctor) struct OpenFiles {
    pub(in crate::doctor) needed: u64,
    /// `None`: there is no limit.
    pub(in crate::doctor) limit: Option<u64>,
    /// Whether the limit is that of the running server, and not of this shell.
    pub(in crate::doctor) of_server: bool,
}

pub(in crate::doctor) fn open_files(facts: OpenFiles) -> Verdict {
    let whose = if facts.of_server {
        "the server"
    } else {
        "this shell"
    };
    let Some(limit) = facts.limit else {
        return Verdict::ok(format!("{whose} has no limit"));
    };
    let found = format!(
        "{whose} may open {limit}, and the settings may take {}",
        facts.needed
    );
    if limit >= facts.needed {
        return Verdict::ok(found);
    }
    Verdict::warning(
        found,
        "Raise LimitNOFILE= (systemd) or `ulimit -n`, or lower `limits.max_connections`, `turn.max_allocations` and \
         `turn.max_connections`.",
    )
}

/// `turn.public_addresses`, and the addresses of the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::doctor) struct Addresses {
    pub(in crate::doctor) public: Vec<IpAddr>,
    pub(in crate::doctor) own: Vec<IpAddr>,
    /// What the endpoint is in DNS; empty where that is not known.
    pub(in crate::doctor) endpoint: Vec<IpAddr>,
}

pub(in crate::doctor) fn addresses(facts: &Addresses) -> Verdict {
    if facts.public.is_empty() {
        return Verdict::skipped("the server does not relay");
    }
    let listed = list(facts.public.iter());
    let nobodys = |address: &&IpAddr| is_nobodys(**address) && !facts.own.contains(address);
    if facts.public.iter().any(|address| nobodys(&address)) {
        let wrong = list(facts.public.iter().filter(nobodys));
        return Verdict::failed(
            format!(
                "peers would be told {wrong}, which nobody can have: examples are written with such addresses"
            ),
            "Set `turn.public_addresses` to how clients reach this machine.",
        );
    }
    let on_internet = facts.endpoint.iter().any(|address| is_public(*address));
    if on_internet && !facts.public.iter().any(|address| is_public(*address)) {
        return Verdict::failed(
            format!("peers would be told {listed}, which is not on the internet, where the server is"),
            "Set `turn.public_addresses` to how the internet reaches this machine.",
        );
    }
    let v6 = |addresses: &[IpAddr]| {
        addresses
            .iter()
            .any(|address| address.is_ipv6() && is_public(*address))
    };
    if v6(&facts.own) && !v6(&facts.public) && on_internet {
        return Verdict::warning(
            format!("the machine has IPv6, and {listed} has none"),
            "Add its address of IPv6 to `turn.public_addresses`, for clients that have nothing else.",
        );
    }
    let told = |address: &IpAddr| facts.own.contains(address) || facts.endpoint.contains(address);
    if facts.public.iter().all(|address| facts.own.contains(address)) {
        return Verdict::ok(format!("{listed}, of this machine"));
    }
    if facts.public.iter().all(told) {
        return Verdict::ok(format!(
            "{listed}, of a router before this machine, as the endpoint is"
        ));
    }
    Verdict::warning(
        format!(
            "{listed}, neither of this machine nor of the endpoint: whether it leads here cannot be seen from here"
        ),
        "Right only where a router translates it one to one. Run this with a key from a machine on the internet: `relay` \
         then says whether it is reached.",
    )
}

fn list<'a>(addresses: impl Iterator<Item = &'a IpAddr>) -> String {
    addresses.map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The certificate of the settings, and who may read its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::doctor) struct CertificateFile {
    /// What is in it, or why it cannot be used.
    pub(in crate::doctor) content: Result<CertificateFacts, String>,
    /// Who may read the key: the last nine bits.
    pub(in crate::doctor) key_mode: Option<u32>,
}

/// The certificate of the settings, for the names of the endpoint and of the relays over TLS.
pub(in crate::doctor) fn certificate_file(file: &CertificateFile, hosts: &[String], now: i64) -> Verdict {
    let facts = match &file.content {
        Ok(facts) => facts,
        Err(problem) => {
            let remedy =
                "Correct `server.certificate` and `server.private_key`: PEM, the chain in the first.";
            return Verdict::failed(problem.clone(), remedy);
        }
    };
    if let Some(host) = hosts.iter().find(|host| !covers(&facts.names, host)) {
        return Verdict::failed(
            format!("it is for {}, and clients ask for {host}", facts.names.join(", ")),
            "Get one for all names of `server.public_endpoint` and of `turns:` in `turn.urls`.",
        );
    }
    let verdict = certificate(facts, "", now);
    if verdict.remedy.is_none()
        && let Some(mode) = file.key_mode.filter(|mode| mode & 0o004 != 0)
    {
        return Verdict::warning(
            format!("everybody on this machine may read its key ({mode:03o})"),
            "chmod 640 `server.private_key`, and give it to the server's group.",
        );
    }
    verdict
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::report::Status;

    fn directory() -> DataDirectory {
        DataDirectory {
            exists: true,
            mode: 0o700,
            ours: true,
            unwritable: None,
            free_bytes: Some(20 * GIB),
        }
    }

    #[test]
    fn a_data_directory_is_ours_writable_and_closed_with_room() {
        let status = |facts: DataDirectory| data_directory(&facts).status;
        assert_eq!(status(directory()), Status::Ok);
        let missing = DataDirectory {
            exists: false,
            ..directory()
        };
        assert_eq!(status(missing), Status::Warning);
        let unwritable = DataDirectory {
            unwritable: Some("read-only".to_owned()),
            ..directory()
        };
        assert_eq!(status(unwritable), Status::Failed);
        assert_eq!(
            status(DataDirectory {
                ours: false,
                ..directory()
            }),
            Status::Skipped
        );
        assert_eq!(
            status(DataDirectory {
                mode: 0o755,
                ..directory()
            }),
            Status::Warning
        );
        let free = |bytes| DataDirectory {
            free_bytes: Some(bytes),
            ..directory()
        };
        assert_eq!(status(free(GIB - 1)), Status::Warning);
        assert_eq!(status(free(LEAST_FREE_BYTES - 1)), Status::Failed);
    }

    #[test]
    fn a_port_is_free_before_the_start_and_taken_after_it() {
        for (found, running, status) in [
            (Port::Free, false, Status::Ok),
            (Port::Free, true, Status::Failed),
            (Port::Taken, false, Status::Failed),
            (Port::Taken, true, Status::Ok),
            (Port::NotHere, true, Status::Failed),
            (Port::Forbidden, false, Status::Skipped),
        ] {
            assert_eq!(
                port(found, "turn.udp_bind", running).status,
                status,
                "{found:?} {running}"
            );
        }
    }

    #[test]
    fn open_files_are_enough_or_not() {
        let facts = |limit| OpenFiles {
            needed: 16_128,
            limit,
            of_server: true,
        };
        assert_eq!(open_files(facts(None)).status, Status::Ok);
        assert_eq!(open_files(facts(Some(16_128))).status, Status::Ok);
        assert_eq!(open_files(facts(Some(1024))).status, Status::Warning);
    }

    #[test]
    fn public_addresses_are_public_where_the_server_is() {
        let of = |texts: &[&str]| {
            texts
                .iter()
                .map(|text| text.parse().unwrap())
                .collect::<Vec<IpAddr>>()
        };
        let status = |public: &[&str], own: &[&str], endpoint: &[&str]| {
            addresses(&Addresses {
                public: of(public),
                own: of(own),
                endpoint: of(endpoint),
            })
        };
        assert_eq!(status(&[], &[], &[]).status, Status::Skipped);
        assert!(
            status(&["1.1.1.1"], &["10.0.0.5"], &["1.1.1.1"])
                .found
                .contains("router")
        );
        assert!(
            status(&["1.1.1.1"], &["1.1.1.1"], &["1.1.1.1"])
                .found
                .contains("of this machine")
        );
        assert_eq!(
            status(&["10.0.0.5"], &["10.0.0.5"], &["1.1.1.1"]).status,
            Status::Failed
        );
        assert_eq!(
            status(&["10.0.0.5"], &["10.0.0.5"], &["10.0.0.5"]).status,
            Status::Ok
        );
        for endpoint in [&["10.0.0.5"][..], &["9.9.9.9"], &[]] {
            let elsewhere = status(&["1.1.1.1"], &["10.0.0.5"], endpoint);
            assert_eq!(elsewhere.status, Status::Warning);
            assert!(elsewhere.found.contains("cannot be seen"));
        }
        let v6 = "2606:4700::1111";
        assert_eq!(
            status(&["1.1.1.1"], &["1.1.1.1", v6], &["1.1.1.1"]).status,
            Status::Warning
        );
        assert_eq!(
            status(&["1.1.1.1", v6], &["1.1.1.1", v6], &["1.1.1.1"]).status,
            Status::Ok
        );
    }

    #[test]
    fn addresses_of_examples_are_nobody_s() {
        for wrong in [
            "203.0.113.5",
            "192.0.2.1",
            "198.51.100.1",
            "2001:db8::1",
            "0.0.0.0",
        ] {
            let verdict = addresses(&Addresses {
                public: vec!["1.1.1.1".parse().unwrap(), wrong.parse().unwrap()],
                own: vec!["1.1.1.1".parse().unwrap()],
                endpoint: vec!["127.0.0.1".parse().unwrap()],
            });
            assert_eq!(verdict.status, Status::Failed, "{wrong}");
            assert!(verdict.found.contains(wrong) && !verdict.found.contains("1.1.1.1,"));
        }
        let lab: IpAddr = "192.0.2.1".parse().unwrap();
        let verdict = addresses(&Addresses {
            public: vec![lab],
            own: vec![lab],
            endpoint: vec![lab],
        });
        assert_eq!(verdict.status, Status::Ok, "a closed network may use them");
    }

    #[test]
    fn a_certificate_file_is_for_all_names_and_its_key_is_closed() {
        let file = |key_mode, names: &[&str]| CertificateFile {
            content: Ok(CertificateFacts {
                version: None,
                not_before: 0,
                not_after: 8_000_000,
                names: names.iter().map(ToString::to_string).collect(),
                chain: 2,
                self_signed: false,
                problem: None,
            }),
            key_mode: Some(key_mode),
        };
        let hosts = ["a.example".to_owned(), "turn.a.example".to_owned()];
        let status = |file: &CertificateFile| certificate_file(file, &hosts, 1000).status;
        assert_eq!(status(&file(0o640, &["a.example", "*.a.example"])), Status::Ok);
        assert_eq!(
            status(&file(0o644, &["a.example", "*.a.example"])),
            Status::Warning
        );
        assert_eq!(status(&file(0o640, &["a.example"])), Status::Failed);
        let unreadable = CertificateFile {
            content: Err("cannot read".to_owned()),
            key_mode: None,
        };
        assert_eq!(status(&unreadable), Status::Failed);
    }
}
