//! What can be seen on the machine that has the settings.

use std::net::IpAddr;

use super::{
    Doctor, Endpoint,
    judge::machine::{self, Addresses},
    probe::{machine as probe, ports},
    report::{Findings, Topic, Verdict},
    target::RelayUrl,
};
use crate::{config::Config, turn::own_addresses};

/// Looks at directory, files, ports and limits. Nothing of it waits for a network but a directory may: it is on a
/// thread of its own.
pub(super) async fn examine(doctor: &Doctor, endpoint: &Endpoint, config: &Config, addresses: &[IpAddr]) {
    let (findings, config, now) = (doctor.findings.clone(), config.clone(), doctor.now);
    let (endpoint, addresses) = (endpoint.clone(), addresses.to_vec());
    let looked = tokio::task::spawn_blocking(move || {
        directory_and_ports(&findings, &config);
        findings.add(Topic::OpenFiles, machine::open_files(probe::open_files(&config)));
        findings.add(
            Topic::Addresses,
            machine::addresses(&Addresses {
                public: config.turn.public_addresses.clone(),
                own: own_addresses(),
                endpoint: addresses,
            }),
        );
        findings.add(
            Topic::Certificate,
            match probe::certificate_file(&config.server) {
                Some(file) => machine::certificate_file(&file, &hosts(&endpoint, &config), now),
                None => Verdict::skipped("the settings name none: a proxy has it"),
            },
        );
    });
    if tokio::time::timeout(doctor.options.limit, looked).await.is_err() {
        let found = "the file system does not answer";
        let remedy = "See whether `server.data_dir` is on a disk that hangs.";
        doctor
            .findings
            .add(Topic::DataDirectory, Verdict::failed(found, remedy));
    }
}

fn directory_and_ports(findings: &Findings, config: &Config) {
    let data_dir = &config.server.data_dir;
    findings.add(
        Topic::DataDirectory,
        machine::data_directory(&probe::data_directory(data_dir)),
    );
    let running = probe::is_running(data_dir);
    let verdict = match running {
        Some(true) => Verdict::ok("it runs on these settings"),
        Some(false) => Verdict::warning(
            "none runs on these settings",
            "Start it: `openline-server serve --config FILE`.",
        ),
        None => Verdict::skipped("the data directory is another user's: run this as the server's user"),
    };
    findings.add(Topic::Server, verdict);
    let Some(running) = running else { return };
    for asked in ports::asked(config) {
        let verdict = machine::port(ports::try_port(&asked), asked.setting, running);
        findings.about(Topic::Ports, asked.told(), verdict);
    }
}

/// The names that clients ask our certificate for.
fn hosts(endpoint: &Endpoint, config: &Config) -> Vec<String> {
    let mut hosts = Vec::new();
    let relays_as_endpoint = !config.turn.tls_bind.is_empty() && config.turn.urls.is_empty();
    if config.server.https_bind.is_some() || relays_as_endpoint {
        hosts.push(endpoint.host.clone());
    }
    if !config.turn.tls_bind.is_empty() {
        let secure = config.turn.urls.iter().filter(|url| url.starts_with("turns:"));
        hosts.extend(secure.filter_map(|url| Some(RelayUrl::parse(url)?.host)));
    }
    hosts
}
