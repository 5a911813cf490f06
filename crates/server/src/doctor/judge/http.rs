//! What is answered over HTTP.

use std::time::Duration;

use super::milliseconds;
use crate::doctor::report::Verdict;

/// Signed requests are refused from here on, in seconds.
const REFUSED_SKEW_S: i64 = 15 * 60;

/// What tokens and the credentials of relays bear.
const SMALL_SKEW_S: i64 = 60;

/// What of an answer is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::doctor) struct Answer {
    pub(in crate::doctor) status: u16,
    /// `status` of a health check.
    pub(in crate::doctor) health: Option<String>,
    /// The version that a health check tells.
    pub(in crate::doctor) version: Option<String>,
    /// `error.code` and `error.message` of the envelope.
    pub(in crate::doctor) error: Option<(String, String)>,
    /// Whether it has `x-request-id`, as all our answers do.
    pub(in crate::doctor) has_request_id: bool,
    /// `access-control-allow-origin`.
    pub(in crate::doctor) allowed_origin: Option<String>,
    /// How far its `date` is ahead of our clock.
    pub(in crate::doctor) skew_s: Option<i64>,
    pub(in crate::doctor) took: Duration,
}

impl Answer {
    /// What it says, for a person.
    fn told(&self) -> String {
        match &self.error {
            Some((code, message)) => format!("{} {code}: {message}", self.status),
            None => self.status.to_string(),
        }
    }
}

/// Why nothing was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::doctor) enum NoAnswer {
    /// Nothing came in time.
    Late,
    /// What came is not HTTP.
    NotHttp,
    /// The connection broke.
    Broken,
}

pub(in crate::doctor) fn unanswered(why: &NoAnswer) -> Verdict {
    match why {
        NoAnswer::Late => Verdict::failed(
            "connected, and then no answer",
            "See whether the process is stuck, and whether something else listens on this port.",
        ),
        NoAnswer::NotHttp => Verdict::failed(
            "what listens here does not speak HTTP",
            "Compare `server.https_bind`, `server.http_bind` and what a proxy forwards with this port.",
        ),
        NoAnswer::Broken => Verdict::failed(
            "the connection was closed without an answer",
            "See the log of the server and of the proxy in front, and whether `limits.max_connections` is reached.",
        ),
    }
}

/// `GET /health/ready`.
pub(in crate::doctor) fn health(answer: &Result<Answer, NoAnswer>) -> Verdict {
    let answer = match answer {
        Ok(answer) => answer,
        Err(why) => return unanswered(why),
    };
    if answer.health.as_deref() == Some("ready") {
        let took = milliseconds(answer.took);
        return match answer.version.as_deref() {
            Some(version) if version != env!("CARGO_PKG_VERSION") => Verdict::ok(format!(
                "ready in {took}, version {version}; this doctor is of {}",
                env!("CARGO_PKG_VERSION")
            )),
            Some(version) => Verdict::ok(format!("ready in {took}, version {version}")),
            None => Verdict::ok(format!("ready in {took}")),
        };
    }
    if answer.has_request_id && answer.error.is_some() {
        let remedy = "See the server's log: the disk may be full, or the database not to be used.";
        return Verdict::failed(format!("the server is not ready: {}", answer.told()), remedy);
    }
    let found = format!(
        "{} and no word of readiness: it is not the server that answers",
        answer.told()
    );
    match answer.status {
        502..=504 => Verdict::failed(
            found,
            "The proxy in front does not reach the server: see whether it runs, and on `server.http_bind`.",
        ),
        _ => Verdict::failed(
            found,
            "Have the proxy pass all paths of this host on to the server.",
        ),
    }
}

/// How far the server's clock is from ours: positive if it is ahead, in seconds. A `Date` says seconds.
pub(in crate::doctor) fn clock(skew_s: Option<i64>) -> Verdict {
    const REMEDY: &str =
        "Run NTP (systemd-timesyncd, chrony) on the server, and on this machine: one of them is off.";
    let Some(skew_s) = skew_s else {
        return Verdict::skipped("the answers have no Date");
    };
    // A date says whole seconds.
    if skew_s.abs() <= 1 {
        return Verdict::ok("that of the server and of this machine agree");
    }
    let direction = if skew_s < 0 { "behind" } else { "ahead of" };
    let found = format!("the server is {} s {direction} this machine", skew_s.abs());
    if skew_s.abs() >= REFUSED_SKEW_S {
        return Verdict::failed(format!("{found}: signed requests are refused"), REMEDY);
    }
    if skew_s.abs() > SMALL_SKEW_S {
        return Verdict::warning(format!("{found}: tokens end early or late"), REMEDY);
    }
    Verdict::ok(found)
}

/// How the upgrade to a WebSocket went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::doctor) enum Upgrade {
    Done(Duration),
    Answered(u16),
    Failed(NoAnswer),
}

/// `GET /realtime`, of a page of this origin.
pub(in crate::doctor) fn upgrade(upgrade: &Upgrade, origin: Option<&str>) -> Verdict {
    match (upgrade, origin) {
        (Upgrade::Done(took), _) => Verdict::ok(format!("a WebSocket opens in {}", milliseconds(*took))),
        (Upgrade::Failed(why), _) => unanswered(why),
        (Upgrade::Answered(403), Some(origin)) => Verdict::failed(
            format!("pages of {origin} may not open a WebSocket"),
            format!("Add \"{origin}\" to `server.allowed_origins`."),
        ),
        (Upgrade::Answered(426), _) => Verdict::failed(
            "the request to upgrade did not arrive as one",
            "Have the proxy pass it on. nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; \
             proxy_set_header Connection \"upgrade\";",
        ),
        (Upgrade::Answered(status), _) => Verdict::failed(
            format!("no WebSocket at /realtime: {status}"),
            "Have the proxy pass /realtime on to the server, with its upgrade.",
        ),
    }
}

/// The preflight of a page of this origin.
pub(in crate::doctor) fn origins(answer: &Result<Answer, NoAnswer>, origin: &str) -> Verdict {
    let answer = match answer {
        Ok(answer) => answer,
        Err(why) => return unanswered(why),
    };
    match answer.allowed_origin.as_deref() {
        Some("*") => Verdict::ok("pages of any origin may use the server"),
        Some(allowed) if allowed == origin => Verdict::ok(format!("pages of {origin} may use the server")),
        Some(_) | None => Verdict::failed(
            format!("browsers keep pages of {origin} from using the server"),
            format!("Add \"{origin}\" to `server.allowed_origins`; a proxy must pass OPTIONS on as it is."),
        ),
    }
}

/// A request of this size, without a token.
pub(in crate::doctor) fn bodies(answer: &Result<Answer, NoAnswer>, size_bytes: usize) -> Verdict {
    const REMEDY: &str = "Let the proxy take what `attachments.max_file_bytes` allows (nginx: client_max_body_size), or files \
                          over its limit are not sent.";
    let kib = size_bytes / 1024;
    match answer {
        Ok(answer) if answer.status == 401 && answer.error.is_some() => {
            Verdict::ok(format!("a request of {kib} KiB reaches the server"))
        }
        Ok(answer) if answer.status == 413 => Verdict::warning(
            format!("something refuses a request of {kib} KiB before the server"),
            REMEDY,
        ),
        Ok(answer) => Verdict::warning(
            format!(
                "a request of {kib} KiB was answered {}, and not by the server's 401",
                answer.told()
            ),
            REMEDY,
        ),
        Err(NoAnswer::Late) => Verdict::skipped(format!("{kib} KiB were not sent and answered in time")),
        Err(NoAnswer::NotHttp | NoAnswer::Broken) => Verdict::warning(
            format!("the connection breaks with a request of {kib} KiB"),
            REMEDY,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::report::Status;

    fn answer(status: u16) -> Answer {
        Answer {
            status,
            ..Answer::default()
        }
    }

    fn ours(status: u16) -> Answer {
        Answer {
            error: Some(("Code".to_owned(), "Message.".to_owned())),
            has_request_id: true,
            ..answer(status)
        }
    }

    #[test]
    fn only_the_server_s_own_word_is_health() {
        let ready = Answer {
            health: Some("ready".to_owned()),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            ..answer(200)
        };
        assert_eq!(health(&Ok(ready)).status, Status::Ok);
        let stopping = health(&Ok(ours(503)));
        assert_eq!(stopping.found, "the server is not ready: 503 Code: Message.");
        assert!(
            health(&Ok(answer(502)))
                .remedy
                .unwrap()
                .contains("server.http_bind")
        );
        for other in [
            Ok(answer(200)),
            Ok(answer(404)),
            Err(NoAnswer::Late),
            Err(NoAnswer::NotHttp),
            Err(NoAnswer::Broken),
        ] {
            assert_eq!(health(&other).status, Status::Failed);
        }
    }

    #[test]
    fn clocks_that_are_off_matter_by_how_much() {
        for (skew, status) in [
            (Some(0), Status::Ok),
            (Some(-60), Status::Ok),
            (Some(61), Status::Warning),
            (Some(-899), Status::Warning),
            (Some(900), Status::Failed),
            (None, Status::Skipped),
        ] {
            assert_eq!(clock(skew).status, status, "{skew:?}");
        }
        assert!(clock(Some(-90)).found.contains("90 s behind"));
    }

    #[test]
    fn an_upgrade_that_a_proxy_swallowed_is_told_from_one_that_was_refused() {
        let origin = Some("https://app.example");
        assert_eq!(upgrade(&Upgrade::Done(Duration::ZERO), origin).status, Status::Ok);
        let remedy = |status, origin| upgrade(&Upgrade::Answered(status), origin).remedy.unwrap();
        assert!(remedy(426, origin).contains("proxy_set_header Upgrade"));
        assert!(remedy(403, origin).contains("server.allowed_origins"));
        assert!(remedy(403, None).contains("/realtime"));
        assert!(remedy(404, origin).contains("/realtime"));
    }

    #[test]
    fn an_origin_is_allowed_by_name_or_as_any() {
        let with = |allowed: Option<&str>| {
            let answer = Answer {
                allowed_origin: allowed.map(str::to_owned),
                ..answer(200)
            };
            origins(&Ok(answer), "https://app.example").status
        };
        assert_eq!(with(Some("*")), Status::Ok);
        assert_eq!(with(Some("https://app.example")), Status::Ok);
        assert_eq!(with(Some("https://other.example")), Status::Failed);
        assert_eq!(with(None), Status::Failed);
    }

    #[test]
    fn a_proxy_that_refuses_large_requests_is_told() {
        assert_eq!(
            bodies(&Ok(ours(401)), 2048).found,
            "a request of 2 KiB reaches the server"
        );
        assert!(
            bodies(&Ok(answer(413)), 2048)
                .remedy
                .unwrap()
                .contains("client_max_body_size")
        );
        for other in [Ok(answer(401)), Ok(answer(200)), Err(NoAnswer::Broken)] {
            assert_eq!(bodies(&other, 1).status, Status::Warning);
        }
        assert_eq!(bodies(&Err(NoAnswer::Late), 1).status, Status::Skipped);
    }
}
