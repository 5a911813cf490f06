//! What is looked at: a server's endpoint, and the URLs of relays.

use std::{fmt, net::IpAddr};

use axum::http::{Uri, uri::Authority};
use ipnet::IpNet;
use rustls_pki_types::ServerName;

/// Where a server is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Whether it is HTTPS.
    pub secure: bool,
    /// A name, or an address without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl Endpoint {
    /// Reads `https://host[:port]`; without a scheme it is https. `None`: it is no endpoint.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let with_scheme = if text.contains("://") {
            text.to_owned()
        } else {
            format!("https://{text}")
        };
        let uri: Uri = with_scheme.parse().ok()?;
        let secure = match uri.scheme_str()? {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() || uri.authority()?.as_str().contains('@')
        {
            return None;
        }
        let host = bare(uri.host()?);
        ServerName::try_from(host.to_owned()).ok()?;
        Some(Self {
            secure,
            host: host.to_owned(),
            port: port(uri.authority()?, if secure { 443 } else { 80 })?,
        })
    }

    /// `host[:port]`, as a request names it.
    #[must_use]
    pub fn authority(&self) -> String {
        let host = if self.host.contains(':') {
            format!("[{}]", self.host)
        } else {
            self.host.clone()
        };
        match (self.secure, self.port) {
            (true, 443) | (false, 80) => host,
            (_, port) => format!("{host}:{port}"),
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.secure { "https" } else { "http" };
        write!(f, "{scheme}://{}/", self.authority())
    }
}

/// How a relay is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Transport {
    /// Datagrams.
    Udp,
    /// A connection.
    Tcp,
    /// A connection over TLS.
    Tls,
    /// Datagrams over TLS, which no browser speaks.
    Dtls,
}

/// What clients are told of a relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RelayUrl {
    /// As it was told.
    pub(super) text: String,
    /// Whether it relays, or only says who one is.
    pub(super) relays: bool,
    /// A name, or an address without brackets.
    pub(super) host: String,
    /// The port.
    pub(super) port: u16,
    /// How it is reached.
    pub(super) transport: Transport,
}

impl RelayUrl {
    /// Reads `turn:host[:port][?transport=udp]` (RFC 7064, RFC 7065).
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once(':')?;
        let (authority, query) = rest.split_once('?').unwrap_or((rest, ""));
        let secure = matches!(scheme, "stuns" | "turns");
        let transport = match (query, secure) {
            ("transport=udp", false) => Transport::Udp,
            ("transport=udp", true) => Transport::Dtls,
            ("transport=tcp", false) => Transport::Tcp,
            ("transport=tcp" | "", true) => Transport::Tls,
            ("", false) => Transport::Udp,
            _ => return None,
        };
        let authority: Authority = authority.parse().ok()?;
        let port = port(&authority, if secure { 5349 } else { 3478 })?;
        let host = bare(authority.host()).to_owned();
        (!host.is_empty() && matches!(scheme, "stun" | "stuns" | "turn" | "turns")).then(|| Self {
            text: text.to_owned(),
            relays: scheme.starts_with("turn"),
            host,
            port,
            transport,
        })
    }
}

/// The port that is named, or this one; `None`: what is named is none.
fn port(authority: &Authority, or: u16) -> Option<u16> {
    let named = authority.as_str() != authority.host();
    if named { authority.port_u16() } else { Some(or) }
}

/// Without the brackets of an IPv6 address.
fn bare(host: &str) -> &str {
    host.strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host)
}

/// Whether anybody on the internet may have this address.
pub(super) fn is_public(address: IpAddr) -> bool {
    openline_turn::PeerRules::new(Vec::new(), Vec::new()).allow(address)
}

/// Networks that nobody is in, neither on the internet nor behind a router: "this network", documentation, multicast,
/// reserved.
const NOBODYS: &[&str] = &[
    "0.0.0.0/8",
    "192.0.2.0/24",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "::/128",
    "100::/64",
    "2001:db8::/32",
    "3fff::/20",
    "ff00::/8",
];

/// Whether this is an address that nobody has.
pub(super) fn is_nobodys(address: IpAddr) -> bool {
    let mut networks = NOBODYS.iter().filter_map(|network| network.parse::<IpNet>().ok());
    networks.any(|network| network.contains(&address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_a_scheme_a_host_and_perhaps_a_port() {
        for (text, told) in [
            ("https://calls.example.org", "https://calls.example.org/"),
            ("calls.example.org", "https://calls.example.org/"),
            ("calls.example.org:8443", "https://calls.example.org:8443/"),
            ("https://calls.example.org:443/", "https://calls.example.org/"),
            ("http://localhost:8080", "http://localhost:8080/"),
            ("https://[2001:db8::1]:8443/", "https://[2001:db8::1]:8443/"),
        ] {
            assert_eq!(Endpoint::parse(text).unwrap().to_string(), told);
        }
        for wrong in [
            "",
            "https://a:99999",
            "ftp://a",
            "https://",
            "https://a/b",
            "https://a?b",
            "https://u@a",
            "https://a b",
        ] {
            assert_eq!(Endpoint::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn nobody_has_an_address_of_documentation() {
        for text in [
            "192.0.2.1",
            "198.51.100.9",
            "203.0.113.5",
            "2001:db8::1",
            "0.0.0.0",
            "::",
            "224.0.0.1",
        ] {
            assert!(is_nobodys(text.parse().unwrap()), "{text}");
        }
        for text in [
            "127.0.0.1",
            "10.0.0.5",
            "100.64.0.1",
            "1.1.1.1",
            "::1",
            "fd00::1",
            "2606:4700::1111",
        ] {
            assert!(!is_nobodys(text.parse().unwrap()), "{text}");
        }
        assert!(NOBODYS.iter().all(|network| network.parse::<IpNet>().is_ok()));
    }

    #[test]
    fn a_relay_s_url_says_how_it_is_reached() {
        let read = |text| {
            let url = RelayUrl::parse(text)?;
            Some((url.relays, url.host, url.port, url.transport))
        };
        let host = || "a.example".to_owned();
        assert_eq!(
            read("stun:a.example"),
            Some((false, host(), 3478, Transport::Udp))
        );
        assert_eq!(read("turn:a.example"), Some((true, host(), 3478, Transport::Udp)));
        assert_eq!(
            read("turn:a.example:80?transport=tcp"),
            Some((true, host(), 80, Transport::Tcp))
        );
        assert_eq!(
            read("turns:a.example"),
            Some((true, host(), 5349, Transport::Tls))
        );
        assert_eq!(
            read("turns:a.example:443?transport=udp"),
            Some((true, host(), 443, Transport::Dtls))
        );
        assert_eq!(
            read("turn:[2001:db8::1]:1?transport=udp"),
            Some((true, "2001:db8::1".to_owned(), 1, Transport::Udp))
        );
        for wrong in [
            "",
            "turn",
            "turn:",
            "http:a",
            "turn:a?transport=sctp",
            "turn:a:99999",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
