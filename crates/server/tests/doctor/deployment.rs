//! A server in production mode on this machine, with HTTPS, TURN on all transports and a resource.

use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use serde_json::Value;
use tempfile::TempDir;

use crate::binary::{TestServer, command, run_to_end};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What differs between deployments.
pub(crate) struct Setup<'a> {
    /// The names and addresses that the certificate is for.
    pub(crate) certified: &'a [&'a str],
    /// Whether the certificate is one of last month.
    pub(crate) expired: bool,
    /// How peers are told to reach relayed addresses.
    pub(crate) public_address: &'a str,
    /// Where TURN over UDP is; 0: anywhere.
    pub(crate) udp_port: u16,
    /// `turn.allowed_peers`.
    pub(crate) allowed_peers: &'a str,
    /// Further settings of the group `[turn]`.
    pub(crate) turn: &'a str,
}

impl Default for Setup<'_> {
    fn default() -> Self {
        Self {
            // Relays over TLS are told by a name.
            certified: &["127.0.0.1", "localhost"],
            expired: false,
            public_address: "127.0.0.1",
            udp_port: 0,
            allowed_peers: "[\"127.0.0.0/8\", \"192.0.2.0/24\"]",
            turn: "",
        }
    }
}

pub(crate) struct Deployment {
    pub(crate) server: TestServer,
    pub(crate) directory: TempDir,
    pub(crate) connection_string: String,
}

impl Deployment {
    pub(crate) fn start(setup: &Setup<'_>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        write_certificates(directory.path(), setup);
        let file = write_settings(directory.path(), setup);
        let mut create = command(["resource", "create", "shop", "--config"]);
        create.arg(&file);
        let created: Value = serde_json::from_str(&run_to_end(create).stdout).unwrap();
        let mut serve = command(["serve", "--config"]);
        serve.arg(&file);
        Self {
            server: TestServer::start(serve),
            connection_string: created["connectionString"].as_str().unwrap().to_owned(),
            directory,
        }
    }

    /// Where HTTPS is.
    pub(crate) fn endpoint(&self) -> String {
        format!("https://{}", self.server.text("httpsBind"))
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The access key, in a file.
    pub(crate) fn key_file(&self) -> PathBuf {
        let file = self.file("key");
        std::fs::write(&file, &self.connection_string).unwrap();
        file
    }

    /// A metric's value, all its labels together.
    pub(crate) async fn metric(&self, name: &str) -> f64 {
        let text = self.server.get("metrics").await.text().await.unwrap();
        let lines = text
            .lines()
            .filter(|line| line.split(['{', ' ']).next() == Some(name));
        lines
            .filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
            .sum()
    }
}

fn write_settings(directory: &Path, setup: &Setup<'_>) -> PathBuf {
    let path = directory.display();
    let Setup {
        public_address,
        udp_port,
        allowed_peers,
        turn,
        ..
    } = setup;
    let toml = format!(
        "[server]\npublic_endpoint = \"https://127.0.0.1\"\nhttp_bind = \"127.0.0.1:0\"\nhttps_bind = \"127.0.0.1:0\"\n\
         data_dir = \"{path}/data\"\ncertificate = \"{path}/certificate.pem\"\nprivate_key = \"{path}/key.pem\"\n\
         allowed_origins = [\"https://app.example.org\"]\n[turn]\nudp_bind = [\"127.0.0.1:{udp_port}\"]\n\
         tcp_bind = [\"127.0.0.1:0\"]\ntls_bind = [\"127.0.0.1:0\"]\npublic_addresses = [\"{public_address}\"]\n\
         allowed_peers = {allowed_peers}\n{turn}"
    );
    let file = directory.join("openline.toml");
    std::fs::write(&file, toml).unwrap();
    file
}

/// `ca.pem`, and a certificate that it signs.
fn write_certificates(directory: &Path, setup: &Setup<'_>) {
    let ca_key = KeyPair::generate().unwrap();
    let mut ca = CertificateParams::new(Vec::new()).unwrap();
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_certificate = ca.self_signed(&ca_key).unwrap();
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(
        setup
            .certified
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
    )
    .unwrap();
    let now = SystemTime::now();
    let begins = now - DAY * 60;
    let ends = if setup.expired {
        now - DAY * 3
    } else {
        now + DAY * 30
    };
    (params.not_before, params.not_after) = (begins.into(), ends.into());
    let certificate = params.signed_by(&key, &Issuer::new(ca, ca_key)).unwrap();
    std::fs::write(directory.join("ca.pem"), ca_certificate.pem()).unwrap();
    std::fs::write(directory.join("certificate.pem"), certificate.pem()).unwrap();
    let key_file = directory.join("key.pem");
    std::fs::write(&key_file, key.serialize_pem()).unwrap();
    std::fs::set_permissions(key_file, std::fs::Permissions::from_mode(0o600)).unwrap();
}
