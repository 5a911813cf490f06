//! TLS that looks at the certificate before it judges: one that is refused is still told in full.

use std::{
    io,
    net::IpAddr,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, InvalidMessage, ProtocolVersion,
    RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature},
};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject as _};
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::{TlsConnector, client::TlsStream};
use x509_parser::{extensions::GeneralName, prelude::parse_x509_certificate};

use crate::doctor::judge::certificate::{CertificateFacts, Distrust, NoTls};

/// Whom this machine trusts.
#[derive(Debug, Clone)]
pub(in crate::doctor) struct Trust {
    provider: Arc<CryptoProvider>,
    /// `None`: nobody.
    verifier: Option<Arc<WebPkiServerVerifier>>,
}

impl Trust {
    /// The authorities of the system, and those of a PEM file.
    pub(in crate::doctor) fn new(ca: Option<&Path>) -> Result<Self, String> {
        let mut roots = RootCertStore::empty();
        // What of the system's cannot be read is trusted as little as what is not there.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if let Some(path) = ca {
            let failed = |problem: String| format!("cannot read --ca {}: {problem}", path.display());
            let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
            let (added, _ignored) =
                roots.add_parsable_certificates(read.map_err(|error| failed(error.to_string()))?);
            if added == 0 {
                return Err(failed("there is no certificate in it".to_owned()));
            }
        }
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        Ok(Self {
            provider,
            verifier: verifier.build().ok(),
        })
    }

    /// A handshake. What the certificate is worth stands in its facts: nothing secret goes over a connection whose
    /// certificate has a problem.
    pub(in crate::doctor) async fn handshake(
        &self,
        stream: TcpStream,
        host: &str,
        limit: Duration,
    ) -> Result<(TlsStream<TcpStream>, CertificateFacts), NoTls> {
        let witness = Arc::new(Witness {
            trust: self.clone(),
            seen: Mutex::default(),
        });
        let verifier: Arc<dyn ServerCertVerifier> = Arc::clone(&witness) as _;
        let config = ClientConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| NoTls::Other(error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth();
        let name = ServerName::try_from(host.to_owned()).map_err(|error| NoTls::Other(error.to_string()))?;
        let connecting = TlsConnector::from(Arc::new(config)).connect(name, stream);
        let stream = match timeout(limit, connecting).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return Err(no_tls(&error)),
            Err(_elapsed) => return Err(NoTls::NoAnswer),
        };
        let version = match stream.get_ref().1.protocol_version() {
            Some(ProtocolVersion::TLSv1_2) => "TLS 1.2",
            _ => "TLS 1.3",
        };
        let mut seen = witness.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let mut facts = seen
            .take()
            .ok_or_else(|| NoTls::Other("no certificate".to_owned()))?;
        facts.version = Some(version);
        drop(seen);
        Ok((stream, facts))
    }
}

fn no_tls(error: &io::Error) -> NoTls {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    match inner {
        Some(Error::InvalidMessage(problem)) if *problem != InvalidMessage::HandshakePayloadTooLarge => {
            NoTls::OtherProtocol
        }
        Some(error) => NoTls::Other(error.to_string()),
        None => NoTls::Closed,
    }
}

/// Takes every certificate, and notes what it is worth.
#[derive(Debug)]
struct Witness {
    trust: Trust,
    seen: Mutex<Option<CertificateFacts>>,
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let result = match &self.trust.verifier {
            Some(verifier) => {
                verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            }
            None => Err(CertificateError::UnknownIssuer.into()),
        };
        let mut facts = read(end_entity, intermediates.len() + 1)
            .ok_or(Error::InvalidCertificate(CertificateError::BadEncoding))?;
        facts.problem = result.err().map(distrust);
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(facts);
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(
            message,
            cert,
            dss,
            &self.trust.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(
            message,
            cert,
            dss,
            &self.trust.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.trust
            .provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

fn distrust(error: Error) -> Distrust {
    let Error::InvalidCertificate(error) = error else {
        return Distrust::Other(error.to_string());
    };
    use CertificateError as Why;
    if matches!(error, Why::Expired | Why::ExpiredContext { .. }) {
        Distrust::Expired
    } else if matches!(error, Why::NotValidYet | Why::NotValidYetContext { .. }) {
        Distrust::NotYetValid
    } else if matches!(error, Why::NotValidForName | Why::NotValidForNameContext { .. }) {
        Distrust::OtherName
    } else if error == Why::UnknownIssuer {
        Distrust::UnknownIssuer
    } else if error == Why::Revoked {
        Distrust::Revoked
    } else {
        Distrust::Other(error.to_string())
    }
}

/// What a certificate says; `None`: it cannot be read.
pub(in crate::doctor) fn read(certificate: &CertificateDer<'_>, chain: usize) -> Option<CertificateFacts> {
    let (_, parsed) = parse_x509_certificate(certificate).ok()?;
    let names = parsed.subject_alternative_name().ok().flatten();
    let names = names
        .iter()
        .flat_map(|names| &names.value.general_names)
        .filter_map(name);
    Some(CertificateFacts {
        version: None,
        not_before: parsed.validity().not_before.timestamp(),
        not_after: parsed.validity().not_after.timestamp(),
        names: names.collect(),
        chain,
        self_signed: parsed.subject() == parsed.issuer(),
        problem: None,
    })
}

fn name(name: &GeneralName<'_>) -> Option<String> {
    if let GeneralName::DNSName(name) = name {
        return Some((*name).to_owned());
    }
    let GeneralName::IPAddress(bytes) = name else {
        return None;
    };
    let v4 = <[u8; 4]>::try_from(*bytes).map(IpAddr::from);
    let v6 = || <[u8; 16]>::try_from(*bytes).map(IpAddr::from);
    v4.or_else(|_longer| v6()).ok().map(|address| address.to_string())
}
