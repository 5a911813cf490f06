//! Where the server listens and what it serves.

use std::{net::SocketAddr, path::PathBuf};

use serde::{Deserialize, Serialize};

use super::ConfigError;

/// The group `[server]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerConfig {
    /// Where clients reach the server: `https://host[:port]/`. It stands in connection strings, tokens and links.
    /// Required. `OPENLINE_SERVER__PUBLIC_ENDPOINT`.
    pub public_endpoint: String,
    /// Address and port for HTTPS; absent: none. Needs `certificate` and `private_key`.
    /// `OPENLINE_SERVER__HTTPS_BIND`, no default.
    pub https_bind: Option<SocketAddr>,
    /// Address and port for plain HTTP, for a reverse proxy on the same machine; absent: none.
    /// `OPENLINE_SERVER__HTTP_BIND`, no default.
    pub http_bind: Option<SocketAddr>,
    /// PEM file of the certificate and its chain. Read again on SIGHUP. `OPENLINE_SERVER__CERTIFICATE`, no default.
    pub certificate: Option<PathBuf>,
    /// PEM file of the certificate's private key. Read again on SIGHUP. `OPENLINE_SERVER__PRIVATE_KEY`, no default.
    pub private_key: Option<PathBuf>,
    /// Directory of the database. Required. `OPENLINE_SERVER__DATA_DIR`.
    pub data_dir: PathBuf,
    /// Web origins whose pages may use the server, such as `https://app.example.org`; `*` for any.
    /// `OPENLINE_SERVER__ALLOWED_ORIGINS`, default none.
    pub allowed_origins: Vec<String>,
    /// Directory of a static page to serve at `/`; absent: none. `OPENLINE_SERVER__WWW`, no default.
    pub www: Option<PathBuf>,
    /// Where the resources' data lives, as tokens say it; letters, digits and `-`.
    /// `OPENLINE_SERVER__LOCATION`, default `local`.
    pub location: String,
    /// How long requests in flight and sockets get to finish when the server stops, in seconds, 0 to 600.
    /// `OPENLINE_SERVER__SHUTDOWN_TIMEOUT_S`, default 10.
    pub shutdown_timeout_s: u64,
    /// Whether `GET /metrics` answers. `OPENLINE_SERVER__METRICS`, default true.
    pub metrics: bool,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            public_endpoint: String::new(),
            https_bind: None,
            http_bind: None,
            certificate: None,
            private_key: None,
            data_dir: PathBuf::new(),
            allowed_origins: Vec::new(),
            www: None,
            location: "local".to_owned(),
            shutdown_timeout_s: 10,
            metrics: true,
        }
    }
}

impl ServerConfig {
    pub(super) fn check(&mut self) -> Result<(), ConfigError> {
        let invalid = |setting: &str, problem: &str| Err(ConfigError::invalid("server", setting, problem));
        if self.public_endpoint.is_empty() {
            return invalid(
                "public_endpoint",
                "is required, for example \"https://openline.example.org/\"",
            );
        }
        if !is_endpoint(&self.public_endpoint) {
            return invalid("public_endpoint", "must be http(s)://host[:port]/ without a path");
        }
        if !self.public_endpoint.ends_with('/') {
            self.public_endpoint.push('/');
        }
        if self.http_bind.is_none() && self.https_bind.is_none() {
            return invalid(
                "https_bind",
                "or `server.http_bind` is required: the server listens nowhere",
            );
        }
        if self.https_bind.is_some() && self.certificate.is_none() {
            return invalid("certificate", "is required with `server.https_bind`");
        }
        if self.https_bind.is_some() && self.private_key.is_none() {
            return invalid("private_key", "is required with `server.https_bind`");
        }
        if self.data_dir.as_os_str().is_empty() {
            return invalid("data_dir", "is required, for example \"/var/lib/openline\"");
        }
        if let Some(origin) = self
            .allowed_origins
            .iter()
            .find(|origin| *origin != "*" && !is_origin(origin))
        {
            return invalid(
                "allowed_origins",
                &format!("has \"{origin}\", which is no origin like https://app.example.org"),
            );
        }
        if let Some(www) = &self.www
            && !www.is_dir()
        {
            return invalid("www", &format!("names {}, which is no directory", www.display()));
        }
        if self.location.is_empty()
            || !self
                .location
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-')
        {
            return invalid("location", "must have letters, digits and `-` only");
        }
        if self.shutdown_timeout_s > 600 {
            return invalid("shutdown_timeout_s", "must be 0 to 600");
        }
        Ok(())
    }
}

fn is_origin(text: &str) -> bool {
    is_endpoint(text) && !text.ends_with('/')
}

/// Whether the text is a scheme, a host and perhaps a port.
fn is_endpoint(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let Some(authority) = rest.map(|rest| rest.strip_suffix('/').unwrap_or(rest)) else {
        return false;
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    !authority.is_empty()
        && authority.chars().all(plain)
        && authority.parse::<axum::http::uri::Authority>().is_ok()
}
