//! The two servers, on free ports of this machine, with the same certificate and the same secret.

use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use openline_turn::{REALM, Secret};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use serde_json::Value;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpStream,
    process::Command,
};

use crate::process::Process;

pub(super) const SECRET: &str = "a secret of the benches";

/// A running relay.
pub(super) struct RelayServer {
    pub(super) process: Process,
    /// For UDP and TCP.
    pub(super) plain: [SocketAddr; 2],
    pub(super) tls: SocketAddr,
    pub(super) trusts: Arc<ClientConfig>,
    /// Removed with the last of the two.
    directory: Arc<TempDir>,
}

pub(super) fn coturn_is_installed() -> bool {
    std::process::Command::new("turnserver")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}

impl RelayServer {
    /// Ours and coturn.
    pub(super) async fn both(binary: &Path) -> anyhow::Result<[Self; 2]> {
        let ours = Self::openline(binary).await?;
        let coturn = Self::coturn(&ours).await?;
        Ok([ours, coturn])
    }

    /// Credentials of its secret, for an hour.
    pub(super) fn credentials(id: &str) -> anyhow::Result<openline_turn::Credentials> {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
        let expires_on = u64::try_from((now + Duration::from_secs(3600)).as_millis())?;
        let expires_on = openline_protocol::Timestamp::from_millis(expires_on);
        Ok(Secret::new(SECRET.as_bytes()).issue(id, expires_on))
    }

    async fn openline(binary: &Path) -> anyhow::Result<Self> {
        let directory = Arc::new(tempfile::tempdir()?);
        let mut process = Process::start(
            Command::new(binary)
                .args(["dev", "--http-port", "0", "--https-port", "0", "--data-dir"])
                .arg(directory.path())
                .env("OPENLINE_LOG__LEVEL", "warn")
                .env("OPENLINE_TURN__SECRET", SECRET)
                .env("OPENLINE_TURN__MAX_ALLOCATIONS", "60000")
                .env("OPENLINE_TURN__UNAUTHENTICATED_PER_SECOND", "0")
                .env("OPENLINE_TURN__USER_KILOBITS_PER_SECOND", "0")
                .stdout(Stdio::piped()),
        )?;
        let stdout = process.child().stdout.take().context("stdout is piped")?;
        let mut ready = String::new();
        BufReader::new(stdout).read_line(&mut ready).await?;
        let ready: Value = serde_json::from_str(&ready).context("the server did not become ready")?;
        let urls: Vec<&str> = ready["turn"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let port = |scheme: &str, transport: &str| {
            let url = urls
                .iter()
                .find(|url| url.starts_with(scheme) && url.ends_with(transport));
            let port = url.and_then(|url| url.split([':', '?']).nth(2)?.parse().ok());
            port.map(|port: u16| SocketAddr::from(([127, 0, 0, 1], port)))
                .context("the ready line names the relay")
        };
        Ok(Self {
            process,
            plain: [port("turn:", "udp")?, port("turn:", "tcp")?],
            tls: port("turns:", "tcp")?,
            trusts: Arc::new(trusting(&directory.path().join("ca.pem"))?),
            directory,
        })
    }

    async fn coturn(ours: &Self) -> anyhow::Result<Self> {
        let directory = Arc::clone(&ours.directory);
        let [plain, tls] = [free_port()?, free_port()?];
        let file = |option: &str, name: &str| format!("--{option}={}", directory.path().join(name).display());
        let process = Process::start(
            Command::new("turnserver")
                .args([
                    "-n",
                    "--use-auth-secret",
                    "--allow-loopback-peers",
                    "--no-cli",
                    "--log-file=stdout",
                ])
                .args(["--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1"])
                .arg(format!("--listening-port={}", plain.port()))
                .arg(format!("--tls-listening-port={}", tls.port()))
                .arg(format!("--realm={REALM}"))
                .arg(format!("--static-auth-secret={SECRET}"))
                .arg(file("cert", "server.pem"))
                .arg(file("pkey", "server-key.pem"))
                .arg(file("userdb", "turndb"))
                .arg(file("pidfile", "turnserver.pid"))
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        )?;
        let listens = async {
            for address in [plain, tls] {
                while TcpStream::connect(address).await.is_err() {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(30), listens)
            .await
            .context("coturn does not listen")?;
        Ok(Self {
            process,
            plain: [plain; 2],
            tls,
            trusts: Arc::clone(&ours.trusts),
            directory,
        })
    }
}

fn free_port() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// Of the authority in that file alone.
fn trusting(authority: &Path) -> anyhow::Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(authority)?)?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth())
}
