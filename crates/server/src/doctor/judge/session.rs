//! What somebody gets who signs in: a token, a session, relays.

use std::time::Duration;

use super::{
    http::{Answer, NoAnswer, unanswered},
    milliseconds,
};
use crate::doctor::{
    report::Verdict,
    target::{RelayUrl, Transport},
};

/// A signed request for an identity with a token.
pub(in crate::doctor) fn access_key(answer: &Result<Answer, NoAnswer>, has_token: bool) -> Verdict {
    let answer = match answer {
        Ok(answer) => answer,
        Err(why) => return unanswered(why),
    };
    let told = answer
        .error
        .as_ref()
        .map(|(_, message)| message.clone())
        .unwrap_or_default();
    match answer.status {
        201 if has_token => Verdict::ok(format!(
            "an identity and a token in {}",
            milliseconds(answer.took)
        )),
        401 => Verdict::failed(
            format!("the server refuses what the access key signed: {told}"),
            "Compare the key with `openline-server resource keys NAME --config FILE`, the clocks, and whether the proxy \
             passes Host and the path on unchanged.",
        ),
        429 => Verdict::failed(
            "too many identities are asked for",
            "Wait, or raise `limits.create_identity`.",
        ),
        status => Verdict::failed(
            format!("no identity: {status} {told}"),
            "See the server's log for this request.",
        ),
    }
}

/// How registering went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::doctor) enum Registered {
    Welcome(Duration),
    Closed(Option<u16>),
    Silent,
    NotOurs,
}

pub(in crate::doctor) fn session(registered: &Registered) -> Verdict {
    match registered {
        Registered::Welcome(took) => Verdict::ok(format!("registered in {}", milliseconds(*took))),
        Registered::Closed(Some(4401)) => Verdict::failed(
            "the server refuses the token",
            "Issue another; if it is new, compare the clocks and the resource that it is of.",
        ),
        Registered::Closed(Some(4429)) => Verdict::failed(
            "the server has no room for one more session",
            "Raise `limits.max_connections`, or see who holds so many.",
        ),
        Registered::Closed(Some(code)) => Verdict::failed(
            format!("the server closed the socket with {code}"),
            "docs/protocol.md says what the code means; the server's log says more.",
        ),
        Registered::Closed(None) => Verdict::failed(
            "the socket broke",
            "Something between here and the server cuts WebSockets: see the proxy's log.",
        ),
        Registered::Silent => Verdict::failed(
            "the socket is open, and nothing comes",
            "A proxy may hold frames back (buffering), or the server is stuck: see its log.",
        ),
        Registered::NotOurs => Verdict::failed(
            "what answers on the socket is not the server",
            "Have the proxy pass /realtime on to the server.",
        ),
    }
}

/// How a socket that said nothing for some time is afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::doctor) enum Idle {
    Alive,
    Closed,
    Silent,
}

pub(in crate::doctor) fn idle(idle: Idle, quiet: Duration) -> Verdict {
    let seconds = quiet.as_secs();
    let remedy = "Raise the time after which the proxy closes what is idle to 60 s at least (nginx: proxy_read_timeout).";
    match idle {
        Idle::Alive => Verdict::ok(format!("the socket lives through {seconds} s of silence")),
        Idle::Closed => Verdict::failed(
            format!("the socket was closed within {seconds} s of silence"),
            remedy,
        ),
        Idle::Silent => Verdict::failed(
            format!("after {seconds} s of silence nothing comes through the socket"),
            remedy,
        ),
    }
}

/// The relays that clients are told of.
pub(in crate::doctor) fn relays(urls: &[RelayUrl], unread: usize) -> Verdict {
    let has = |transport| urls.iter().any(|url| url.relays && url.transport == transport);
    if !urls.iter().any(|url| url.relays) {
        return Verdict::warning(
            "clients are told of no relay: who is behind a firewall cannot call",
            "Set `turn.udp_bind`, `turn.tcp_bind`, `turn.tls_bind` and `turn.public_addresses` (docs/turn.md).",
        );
    }
    if unread > 0 {
        return Verdict::failed(
            format!("{unread} of the URLs are none"),
            "Correct `turn.urls`, `turn.external` or `calls.ice_servers`.",
        );
    }
    if !has(Transport::Udp) {
        return Verdict::warning(
            "no relay over UDP: calls through TCP stutter where a packet is lost",
            "Set `turn.udp_bind`, or name it in `turn.urls`.",
        );
    }
    if !has(Transport::Tls) {
        return Verdict::warning(
            "no relay over TLS: networks that let nothing else out have no calls",
            "Set `turn.tls_bind` and the certificate, or name it in `turn.urls`.",
        );
    }
    let on_443 = urls
        .iter()
        .any(|url| url.transport == Transport::Tls && url.port == 443);
    let note = if on_443 {
        ""
    } else {
        "; TLS is not on 443, which the strictest networks ask for"
    };
    Verdict::ok(format!(
        "{} URLs are configured, over UDP and TLS{note}",
        urls.len()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::report::Status;

    fn judged(urls: &[&str]) -> Verdict {
        let urls: Vec<_> = urls.iter().filter_map(|url| RelayUrl::parse(url)).collect();
        relays(&urls, 0)
    }

    #[test]
    fn relays_are_asked_for_on_udp_and_tls() {
        let all = judged(&["stun:a", "turn:a?transport=udp", "turns:a:5349"]);
        assert_eq!(all.status, Status::Ok);
        assert!(all.found.contains("configured") && all.found.contains("not on 443"));
        assert!(!judged(&["turn:a", "turns:a:443"]).found.contains("not on 443"));
        for (urls, setting) in [
            (&["stun:a"][..], "turn.public_addresses"),
            (&["turns:a", "turn:a?transport=tcp"], "turn.udp_bind"),
            (&["turn:a", "turn:a?transport=tcp"], "turn.tls_bind"),
        ] {
            let verdict = judged(urls);
            assert_eq!(verdict.status, Status::Warning);
            assert!(verdict.remedy.unwrap().contains(setting));
        }
        assert_eq!(
            relays(&[RelayUrl::parse("turn:a").unwrap()], 1).status,
            Status::Failed
        );
    }

    #[test]
    fn a_key_that_is_refused_is_told_from_a_server_that_fails() {
        let with = |status| {
            let answer = Answer {
                status,
                ..Answer::default()
            };
            access_key(&Ok(answer), true)
        };
        assert_eq!(with(201).status, Status::Ok);
        assert!(with(401).remedy.unwrap().contains("resource keys"));
        assert!(with(429).remedy.unwrap().contains("limits.create_identity"));
        assert!(with(500).remedy.unwrap().contains("log"));
        assert_eq!(access_key(&Err(NoAnswer::Late), false).status, Status::Failed);
    }

    #[test]
    fn a_session_is_there_or_it_says_why_not() {
        assert_eq!(session(&Registered::Welcome(Duration::ZERO)).status, Status::Ok);
        let others = [
            Registered::Closed(Some(4401)),
            Registered::Closed(Some(4429)),
            Registered::Closed(Some(4430)),
            Registered::Closed(None),
            Registered::Silent,
            Registered::NotOurs,
        ];
        for other in others {
            let verdict = session(&other);
            assert!(
                verdict.status == Status::Failed && verdict.remedy.is_some(),
                "{other:?}"
            );
        }
        assert_eq!(
            idle(Idle::Alive, Duration::from_secs(12)).found,
            "the socket lives through 12 s of silence"
        );
        assert_eq!(idle(Idle::Closed, Duration::ZERO).status, Status::Failed);
        assert_eq!(idle(Idle::Silent, Duration::ZERO).status, Status::Failed);
    }
}
