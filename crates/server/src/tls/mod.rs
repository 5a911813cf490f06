//! TLS: certificates from files, and the local ones of dev mode.

mod local;

use std::{path::Path, sync::Arc};

use rustls::ServerConfig;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};

pub use self::local::local_certificate;
use crate::data_dir::DataDirError;

/// Why TLS cannot be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A PEM file cannot be read. Check its path, permissions and content.
    #[error("cannot read the {what} {path}")]
    Unreadable {
        /// `certificate` or `private key`.
        what: &'static str,
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: rustls_pki_types::pem::Error,
    },
    /// The file has no certificate in it.
    #[error("there is no certificate in {0}")]
    Empty(String),
    /// The private key is damaged or of a kind that is not supported.
    #[error("the private key cannot be used")]
    UnusableKey(#[source] rustls::Error),
    /// The certificate is damaged or of a kind that is not supported, or it does not belong to the private key.
    #[error("the certificate cannot be used with the private key")]
    Unusable(#[source] rustls::Error),
    /// The local certificate cannot be made.
    #[error("cannot make the local certificate")]
    Local(#[from] rcgen::Error),
    /// It cannot be stored.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
}

/// Reads a certificate with its chain and its key from PEM files.
///
/// # Errors
///
/// See [`TlsError`].
pub fn from_files(certificate: &Path, private_key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let unreadable = |what, path: &Path, source| TlsError::Unreadable {
        what,
        path: path.display().to_string(),
        source,
    };
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|source| unreadable("certificate", certificate, source))?;
    if chain.is_empty() {
        return Err(TlsError::Empty(certificate.display().to_string()));
    }
    let key = PrivateKeyDer::from_pem_file(private_key)
        .map_err(|source| unreadable("private key", private_key, source))?;
    server_config(chain, key)
}

fn server_config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Arc<ServerConfig>, TlsError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    // On its own first, to tell whose fault it is.
    provider
        .key_provider
        .load_private_key(key.clone_key())
        .map_err(TlsError::UnusableKey)?;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(TlsError::Unusable)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(TlsError::Unusable)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
