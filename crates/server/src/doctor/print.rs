//! The report as a person reads it, and as a program does.

use serde_json::{Value, json};

use super::report::{Report, Status};

/// Lines for a terminal.
#[must_use]
pub fn text(report: &Report, coloured: bool) -> String {
    let mut text = String::new();
    for check in &report.checks {
        let verdict = &check.verdict;
        let name = format!("{:<8}", verdict.status.name());
        let name = if coloured {
            colour(verdict.status, &name)
        } else {
            name
        };
        let subject = check
            .subject
            .as_ref()
            .map_or_else(String::new, |subject| format!(" {subject}"));
        let (topic, found) = (check.topic.name(), &verdict.found);
        text.push_str(&format!("{name} {topic}{subject}: {found}\n"));
        if let Some(remedy) = &verdict.remedy {
            text.push_str(&format!("         -> {remedy}\n"));
        }
    }
    let counts = [Status::Ok, Status::Warning, Status::Failed, Status::Skipped];
    let counts = counts.map(|status| format!("{} {}", report.count(status), status.name()));
    let seconds = report.took.as_secs_f32();
    text.push_str(&format!("\n{}, in {seconds:.1} s\n", counts.join(", ")));
    text
}

/// One object.
#[must_use]
pub fn json(report: &Report) -> Value {
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "endpoint": report.endpoint,
        "ok": report.is_ok(),
        "tookMs": u64::try_from(report.took.as_millis()).unwrap_or(u64::MAX),
        "checks": report.checks,
    })
}

fn colour(status: Status, text: &str) -> String {
    let code = match status {
        Status::Ok => 32,
        Status::Warning => 33,
        Status::Failed => 31,
        Status::Skipped => 2,
    };
    format!("\x1b[{code}m{text}\x1b[0m")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::doctor::report::{Findings, Topic, Verdict};

    fn report() -> Report {
        let findings = Findings::default();
        findings.about(
            Topic::Relay,
            "turn:b",
            Verdict::failed("no answer", "open the port"),
        );
        findings.add(Topic::Names, Verdict::ok("a is 192.0.2.1"));
        findings.about(Topic::Relay, "turn:a", Verdict::skipped("no token"));
        Report {
            endpoint: Some("https://a/".to_owned()),
            checks: findings.sorted(),
            took: Duration::from_millis(1234),
        }
    }

    #[test]
    fn a_line_a_check_and_below_it_what_to_do() {
        assert_eq!(
            text(&report(), false),
            "ok       names: a is 192.0.2.1\nskipped  relay turn:a: no token\nfailed   relay turn:b: no answer\n         \
             -> open the port\n\n1 ok, 0 warning, 1 failed, 1 skipped, in 1.2 s\n"
        );
    }

    #[test]
    fn a_program_reads_the_same() {
        let json = json(&report());
        assert_eq!(json["ok"], false);
        assert_eq!(json["tookMs"], 1234);
        let failed = json!({
            "topic": "relay", "subject": "turn:b", "status": "failed", "found": "no answer", "remedy": "open the port",
        });
        assert_eq!(json["checks"][2], failed);
        assert_eq!(
            json["checks"][0],
            json!({ "topic": "names", "status": "ok", "found": "a is 192.0.2.1" })
        );
    }
}
