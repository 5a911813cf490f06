//! The local certificate authority of dev mode, and the certificate for `localhost` that it signs.
//!
//! Both are made on the first start and kept, so that whoever trusts `ca.pem` once goes on trusting it. They are
//! made anew when they are about to expire or cannot be read.

use std::{fs, sync::Arc, time::Duration};

use jiff::{ToSpan as _, civil::Date, tz::TimeZone};
use openline_protocol::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use uuid::Uuid;

use super::{TlsError, server_config};
use crate::data_dir::DataDir;

const CA: &str = "ca.pem";
const CA_KEY: &str = "ca-key.pem";
const SERVER: &str = "server.pem";
const SERVER_KEY: &str = "server-key.pem";

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What is left of the authority's ten years when it is replaced.
const CA_RENEWAL: Duration = DAY.saturating_mul(365);

/// What is left of the certificate's year when it is replaced.
const SERVER_RENEWAL: Duration = DAY.saturating_mul(30);

/// The certificate for `localhost`, `127.0.0.1` and `::1`, signed by the authority in `<data-dir>/ca.pem`.
///
/// # Errors
///
/// See [`TlsError`].
pub fn local_certificate(data_dir: &DataDir, now: Timestamp) -> Result<Arc<ServerConfig>, TlsError> {
    let (ca, ca_is_new) = match stored(data_dir, CA, CA_KEY, now, CA_RENEWAL) {
        Some(pair) => (pair, false),
        None => {
            if data_dir.file(CA).exists() {
                tracing::warn!(
                    file = %data_dir.file(CA).display(),
                    "the local certificate authority is damaged or about to expire: it is made anew; trust the new file"
                );
            }
            (make_ca(data_dir, now)?, true)
        }
    };
    let kept = if ca_is_new {
        None
    } else {
        stored(data_dir, SERVER, SERVER_KEY, now, SERVER_RENEWAL)
    };
    let server = match kept {
        Some(pair) => pair,
        None => make_server(data_dir, &ca, now)?,
    };
    let unreadable = |source| TlsError::Unreadable {
        what: "certificate",
        path: data_dir.file(SERVER).display().to_string(),
        source,
    };
    let certificate = CertificateDer::from_pem_slice(server.certificate.as_bytes()).map_err(unreadable)?;
    let key = PrivateKeyDer::from_pem_slice(server.key.as_bytes()).map_err(unreadable)?;
    server_config(vec![certificate], key)
}

/// A certificate and its key, as PEM.
struct Pair {
    certificate: String,
    key: String,
}

/// What is stored, unless it is missing, damaged or within `renewal` of its end.
fn stored(
    data_dir: &DataDir,
    certificate: &str,
    key: &str,
    now: Timestamp,
    renewal: Duration,
) -> Option<Pair> {
    let pair = Pair {
        certificate: fs::read_to_string(data_dir.file(certificate)).ok()?,
        key: fs::read_to_string(data_dir.file(key)).ok()?,
    };
    let (_, pem) = x509_parser::pem::parse_x509_pem(pair.certificate.as_bytes()).ok()?;
    let parsed = pem.parse_x509().ok()?;
    let public_key = KeyPair::from_pem(&pair.key).ok()?;
    let matching = parsed.public_key().subject_public_key.data.as_ref() == public_key.public_key_raw();
    let not_after = u64::try_from(parsed.validity().not_after.timestamp()).ok()?;
    (matching && not_after > (now + renewal).as_secs()).then_some(pair)
}

fn make_ca(data_dir: &DataDir, now: Timestamp) -> Result<Pair, TlsError> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::default();
    // A name of its own, since browsers choose among trusted authorities by name.
    let id = Uuid::new_v4().simple().to_string();
    let name = format!("Openline local CA {}", id.get(..8).unwrap_or(&id));
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    set_validity(&mut params, now, 10 * 365);
    let pair = Pair {
        certificate: params.self_signed(&key)?.pem(),
        key: key.serialize_pem(),
    };
    data_dir.write_private(CA_KEY, &pair.key)?;
    data_dir.write_private(CA, &pair.certificate)?;
    Ok(pair)
}

fn make_server(data_dir: &DataDir, ca: &Pair, now: Timestamp) -> Result<Pair, TlsError> {
    let issuer = Issuer::from_ca_cert_pem(&ca.certificate, KeyPair::from_pem(&ca.key)?)?;
    let key = KeyPair::generate()?;
    let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, "localhost");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    set_validity(&mut params, now, 365);
    let pair = Pair {
        certificate: params.signed_by(&key, &issuer)?.pem(),
        key: key.serialize_pem(),
    };
    data_dir.write_private(SERVER_KEY, &pair.key)?;
    data_dir.write_private(SERVER, &pair.certificate)?;
    Ok(pair)
}

/// From yesterday on, so that a clock that is a little behind does not matter.
fn set_validity(params: &mut CertificateParams, now: Timestamp, days: i64) {
    let millis = i64::try_from(now.as_millis()).unwrap_or(i64::MAX);
    let today = jiff::Timestamp::from_millisecond(millis)
        .unwrap_or_default()
        .to_zoned(TimeZone::UTC)
        .date();
    let at = |date: Date| {
        date_time_ymd(
            i32::from(date.year()),
            month_or_day(date.month()),
            month_or_day(date.day()),
        )
    };
    params.not_before = at(today.saturating_sub(1.day()));
    params.not_after = at(today.saturating_add(days.days()));
}

fn month_or_day(value: i8) -> u8 {
    value.unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_248_000_000);

    fn ca(data_dir: &DataDir) -> String {
        fs::read_to_string(data_dir.file(CA)).unwrap()
    }

    fn server(data_dir: &DataDir) -> String {
        fs::read_to_string(data_dir.file(SERVER)).unwrap()
    }

    #[test]
    fn certificates_are_kept_until_shortly_before_they_expire() {
        let directory = tempfile::tempdir().unwrap();
        let data_dir = DataDir::open(directory.path()).unwrap();
        local_certificate(&data_dir, NOW).unwrap();
        let (first_ca, first_server) = (ca(&data_dir), server(&data_dir));

        local_certificate(&data_dir, NOW + DAY * 300).unwrap();
        assert_eq!(
            (ca(&data_dir), server(&data_dir)),
            (first_ca.clone(), first_server.clone())
        );

        local_certificate(&data_dir, NOW + DAY * 340).unwrap();
        assert_eq!(ca(&data_dir), first_ca);
        assert_ne!(server(&data_dir), first_server);

        local_certificate(&data_dir, NOW + DAY * 3300).unwrap();
        assert_ne!(ca(&data_dir), first_ca);
    }

    #[test]
    fn a_damaged_certificate_is_made_anew() {
        let directory = tempfile::tempdir().unwrap();
        let data_dir = DataDir::open(directory.path()).unwrap();
        local_certificate(&data_dir, NOW).unwrap();
        fs::write(data_dir.file(SERVER), "damaged").unwrap();
        local_certificate(&data_dir, NOW).unwrap();
        assert!(server(&data_dir).starts_with("-----BEGIN CERTIFICATE-----"));
    }

    #[cfg(unix)]
    #[test]
    fn private_files_are_for_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().unwrap();
        let data_dir = DataDir::open(directory.path()).unwrap();
        local_certificate(&data_dir, NOW).unwrap();
        data_dir.database().unwrap();
        for name in [CA_KEY, SERVER_KEY, "openline.db"] {
            let mode = fs::metadata(data_dir.file(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }
}
