//! The binary with TURN on free ports of this machine.

use std::{
    net::SocketAddr,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use openline_protocol::Timestamp;
use openline_turn::{Credentials, Secret};
use tempfile::TempDir;

use crate::binary::{TestServer, command};

pub(crate) const SECRET: &str = "a secret of the tests";

/// What tests on one machine need: they are peers of themselves.
pub(crate) const LOOPBACK: &str = "allowed_peers = [\"127.0.0.0/8\", \"::1/128\"]\n";

pub(crate) struct TurnServer {
    pub(crate) server: TestServer,
    pub(crate) udp: Vec<SocketAddr>,
    pub(crate) tcp: Vec<SocketAddr>,
    pub(crate) tls: Vec<SocketAddr>,
    pub(crate) directory: TempDir,
}

impl TurnServer {
    /// With these settings in the group `[turn]`.
    pub(crate) fn start(settings: &str) -> Self {
        Self::known_as("[\"127.0.0.1\", \"::1\"]", settings)
    }

    /// With these public addresses.
    pub(crate) fn known_as(public_addresses: &str, settings: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        write_certificate(&directory);
        let path = directory.path().display();
        let toml = format!(
            "[server]\npublic_endpoint = \"https://openline.example.org\"\nhttp_bind = \"127.0.0.1:0\"\n\
             data_dir = \"{path}/data\"\ncertificate = \"{path}/certificate.pem\"\nprivate_key = \"{path}/key.pem\"\n\
             [log]\nlevel = \"debug\"\n[turn]\nudp_bind = [\"127.0.0.1:0\", \"[::1]:0\"]\ntcp_bind = [\"127.0.0.1:0\"]\n\
             tls_bind = [\"127.0.0.1:0\"]\npublic_addresses = {public_addresses}\nsecret = \"{SECRET}\"\n{settings}"
        );
        let file = directory.path().join("openline.toml");
        std::fs::write(&file, toml).unwrap();
        let mut serve = command(["serve", "--config"]);
        serve.arg(&file);
        let server = TestServer::start(serve);
        let bound = |kind: usize| serde_json::from_value(server.ready["turnBind"][kind].clone()).unwrap();
        Self {
            udp: bound(0),
            tcp: bound(1),
            tls: bound(2),
            server,
            directory,
        }
    }

    /// A metric's value, all its labels together.
    pub(crate) async fn metric(&self, name: &str) -> f64 {
        self.metric_with(name, "").await
    }

    /// Likewise, of those that have this label.
    pub(crate) async fn metric_with(&self, name: &str, label: &str) -> f64 {
        let text = self.server.get("metrics").await.text().await.unwrap();
        let lines = text
            .lines()
            .filter(|line| line.split(['{', ' ']).next() == Some(name) && line.contains(label));
        lines
            .filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
            .sum()
    }
}

pub(crate) fn credentials(id: &str) -> Credentials {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let expires_on = now + Duration::from_secs(600);
    let expires_on = Timestamp::from_millis(u64::try_from(expires_on.as_millis()).unwrap());
    Secret::new(SECRET.as_bytes()).issue(id, expires_on)
}

pub(crate) fn write_certificate(directory: &TempDir) {
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    let certificate = params.self_signed(&key).unwrap();
    std::fs::write(directory.path().join("certificate.pem"), certificate.pem()).unwrap();
    std::fs::write(directory.path().join("key.pem"), key.serialize_pem()).unwrap();
}
