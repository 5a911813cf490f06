//! TLS and certificates.

use jiff::Timestamp;

use crate::doctor::report::Verdict;

const DAY_S: i64 = 24 * 60 * 60;

/// Certificates are renewed with a third of their time left; who has less than a sixth has missed it.
const LATE: i64 = 6;
const LATE_AT_MOST_S: i64 = 14 * DAY_S;

/// What a certificate says, and what a client that trusts this machine's authorities makes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::doctor) struct CertificateFacts {
    /// `TLS 1.3`; nothing for a file.
    pub(in crate::doctor) version: Option<&'static str>,
    /// In seconds since 1970.
    pub(in crate::doctor) not_before: i64,
    /// Likewise.
    pub(in crate::doctor) not_after: i64,
    /// What it is for: names, with or without a wildcard, and addresses.
    pub(in crate::doctor) names: Vec<String>,
    /// Certificates that came along.
    pub(in crate::doctor) chain: usize,
    /// Whether it is its own issuer.
    pub(in crate::doctor) self_signed: bool,
    /// Why a client refuses it.
    pub(in crate::doctor) problem: Option<Distrust>,
}

/// Why a client refuses a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::doctor) enum Distrust {
    Expired,
    NotYetValid,
    OtherName,
    UnknownIssuer,
    Revoked,
    Other(String),
}

/// Why there is no TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::doctor) enum NoTls {
    /// What is there speaks something else.
    OtherProtocol,
    /// Nothing came back.
    NoAnswer,
    /// It was closed.
    Closed,
    /// The two found nothing that both speak, or something else.
    Other(String),
}

/// The certificate that `host` shows at `now`, in seconds since 1970.
pub(in crate::doctor) fn certificate(facts: &CertificateFacts, host: &str, now: i64) -> Verdict {
    const FILES: &str =
        "put it into `server.certificate` and `server.private_key`, and send the server SIGHUP.";
    if facts.not_after <= now || facts.problem == Some(Distrust::Expired) {
        let found = format!("the certificate expired on {}", date(facts.not_after));
        return Verdict::failed(found, format!("Renew it, {FILES}"));
    }
    if facts.not_before > now || facts.problem == Some(Distrust::NotYetValid) {
        let found = format!("the certificate is good from {} on", date(facts.not_before));
        return Verdict::failed(
            found,
            "Set the clocks of this machine and of the one that issued it.",
        );
    }
    match &facts.problem {
        Some(Distrust::OtherName) => Verdict::failed(
            format!(
                "the certificate is for {}, not for {host}",
                facts.names.join(", ")
            ),
            format!("Get one for {host}, {FILES}"),
        ),
        Some(Distrust::UnknownIssuer) => unknown_issuer(facts),
        Some(Distrust::Revoked) => {
            Verdict::failed("the certificate was revoked", format!("Get another, {FILES}"))
        }
        Some(Distrust::Other(problem)) => Verdict::failed(
            format!("the certificate is refused: {problem}"),
            format!("Get another, {FILES}"),
        ),
        Some(Distrust::Expired | Distrust::NotYetValid) | None => in_time(facts, now),
    }
}

fn unknown_issuer(facts: &CertificateFacts) -> Verdict {
    if facts.self_signed {
        return Verdict::failed(
            "the certificate is its own issuer: browsers refuse it",
            "Get one from an authority. For a private one, tell its certificate with --ca FILE.",
        );
    }
    if facts.chain <= 1 {
        return Verdict::failed(
            "the certificate comes alone, and its issuer is not known here: some clients will refuse it",
            "Put the whole chain into `server.certificate` (fullchain.pem), or tell a private authority with --ca FILE.",
        );
    }
    Verdict::failed(
        "no authority that this machine trusts issued the certificate",
        "Get one from an authority that browsers trust, or tell a private one with --ca FILE.",
    )
}

fn in_time(facts: &CertificateFacts, now: i64) -> Verdict {
    let left = facts.not_after - now;
    let lifetime = facts.not_after - facts.not_before;
    let found = format!(
        "{}good until {} ({} days)",
        facts
            .version
            .map(|version| format!("{version}, "))
            .unwrap_or_default(),
        date(facts.not_after),
        left / DAY_S
    );
    if left < (lifetime / LATE).min(LATE_AT_MOST_S) {
        let remedy =
            "Renew it now, and see why that did not happen by itself; SIGHUP has the server read it again.";
        return Verdict::warning(found, remedy);
    }
    Verdict::ok(found)
}

/// TLS that did not come about.
pub(in crate::doctor) fn no_tls(why: &NoTls) -> Verdict {
    match why {
        NoTls::OtherProtocol => Verdict::failed(
            "what listens here does not speak TLS",
            "Compare `server.https_bind` (for relays `turn.tls_bind`) and what a proxy forwards with this port.",
        ),
        NoTls::NoAnswer => Verdict::failed(
            "connected, and then no answer",
            "See whether the process is stuck, and whether something else listens on this port.",
        ),
        NoTls::Closed => Verdict::failed(
            "the connection was closed at once",
            "See whether a proxy knows this name, and whether `limits.max_connections` is reached.",
        ),
        NoTls::Other(problem) => Verdict::failed(
            format!("no TLS: {problem}"),
            "The server speaks TLS 1.2 and 1.3: see what is in front of it.",
        ),
    }
}

/// The day, in UTC.
pub(in crate::doctor) fn date(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(
        |_out_of_range| "a day that is none".to_owned(),
        |time| time.strftime("%Y-%m-%d").to_string(),
    )
}

/// Whether a certificate for these names is good for the host.
pub(in crate::doctor) fn covers(names: &[String], host: &str) -> bool {
    names.iter().any(|name| {
        let wildcard = name.strip_prefix("*.").zip(host.split_once('.'));
        name.eq_ignore_ascii_case(host)
            || wildcard.is_some_and(|(name, (_, parent))| name.eq_ignore_ascii_case(parent))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::report::Status;

    const NOW: i64 = 1_800_000_000;

    fn facts(days_left: i64, lifetime_days: i64, problem: Option<Distrust>) -> CertificateFacts {
        CertificateFacts {
            version: Some("TLS 1.3"),
            not_before: NOW + (days_left - lifetime_days) * DAY_S,
            not_after: NOW + days_left * DAY_S,
            names: vec!["other.example".to_owned()],
            chain: 2,
            self_signed: false,
            problem,
        }
    }

    fn status(facts: &CertificateFacts) -> Status {
        certificate(facts, "a.example", NOW).status
    }

    #[test]
    fn time_that_is_left_is_compared_with_the_lifetime() {
        assert_eq!(
            certificate(&facts(60, 90, None), "a", NOW).found,
            "TLS 1.3, good until 2027-03-16 (60 days)"
        );
        assert_eq!(status(&facts(16, 90, None)), Status::Ok);
        assert_eq!(status(&facts(13, 90, None)), Status::Warning);
        assert_eq!(status(&facts(13, 365, None)), Status::Warning);
        assert_eq!(status(&facts(2, 6, None)), Status::Ok);
        assert_eq!(status(&facts(0, 90, None)), Status::Failed);
        assert_eq!(status(&facts(-3, 90, Some(Distrust::Expired))), Status::Failed);
        assert_eq!(status(&facts(91, 90, None)), Status::Failed);
    }

    #[test]
    fn an_expired_certificate_of_another_name_is_told_as_expired_first() {
        let verdict = certificate(&facts(-3, 90, Some(Distrust::OtherName)), "a.example", NOW);
        assert_eq!(verdict.found, "the certificate expired on 2027-01-12");
    }

    #[test]
    fn each_reason_to_refuse_has_its_own_remedy() {
        let alone = CertificateFacts {
            chain: 1,
            ..facts(60, 90, Some(Distrust::UnknownIssuer))
        };
        let own = CertificateFacts {
            self_signed: true,
            ..alone.clone()
        };
        let reasons = [
            facts(60, 90, Some(Distrust::OtherName)),
            facts(60, 90, Some(Distrust::UnknownIssuer)),
            alone,
            own,
            facts(60, 90, Some(Distrust::Revoked)),
            facts(60, 90, Some(Distrust::Other("odd".to_owned()))),
        ];
        let verdicts = reasons.map(|facts| certificate(&facts, "a.example", NOW));
        for (index, verdict) in verdicts.iter().enumerate() {
            assert_eq!(verdict.status, Status::Failed);
            assert!(verdict.remedy.is_some());
            assert!(
                verdicts
                    .iter()
                    .skip(index + 1)
                    .all(|other| other.found != verdict.found)
            );
        }
    }

    #[test]
    fn a_wildcard_covers_one_label() {
        let names = [
            "*.a.example".to_owned(),
            "b.example".to_owned(),
            "192.0.2.1".to_owned(),
        ];
        for covered in ["x.a.example", "X.A.example", "b.example", "192.0.2.1"] {
            assert!(covers(&names, covered), "{covered}");
        }
        for other in ["a.example", "x.y.a.example", "c.b.example", "192.0.2.2"] {
            assert!(!covers(&names, other), "{other}");
        }
    }
}
