//! The machine that the server runs on: directory, files, limits. Nothing is changed.

use std::{
    fs::{self, File, TryLockError},
    os::unix::fs::MetadataExt as _,
    path::Path,
};

use rustix::process::{Resource, geteuid, getrlimit};
use rustls_pki_types::{CertificateDer, pem::PemObject as _};

use super::tls::read;
use crate::{
    config::{Config, ServerConfig},
    doctor::judge::machine::{CertificateFile, DataDirectory, OpenFiles},
    open_files::needed,
    tls,
};

/// The data directory.
pub(in crate::doctor) fn data_directory(path: &Path) -> DataDirectory {
    let found = fs::metadata(path).ok().filter(fs::Metadata::is_dir);
    let ours = found
        .as_ref()
        .is_some_and(|found| found.uid() == geteuid().as_raw());
    // A file without a name: it is gone whatever happens.
    let unwritable = ours.then(|| tempfile::tempfile_in(path).err()).flatten();
    let free = rustix::fs::statvfs(path).ok();
    DataDirectory {
        exists: found.is_some(),
        mode: found.map_or(0, |found| found.mode() & 0o777),
        ours,
        unwritable: unwritable.map(|error| error.kind().to_string()),
        free_bytes: free.map(|free| free.f_bavail.saturating_mul(free.f_frsize)),
    }
}

/// Whether a server holds the data directory; `None`: it cannot be told.
pub(in crate::doctor) fn is_running(data_dir: &Path) -> Option<bool> {
    let path = data_dir.join("lock");
    if !path.exists() {
        return Some(false);
    }
    let file = File::open(path).ok()?;
    // Shared, and given back at once: a server that starts in this moment may have to try again.
    match file.try_lock_shared() {
        Ok(()) => Some(false),
        Err(TryLockError::WouldBlock) => Some(true),
        Err(TryLockError::Error(_)) => None,
    }
}

/// The limit of the running server where the system tells it, else that of this process.
pub(in crate::doctor) fn open_files(config: &Config) -> OpenFiles {
    let of_server = server_limit(&config.server.data_dir.join("lock"));
    OpenFiles {
        needed: needed(config, config.turn.listens()),
        // A server raises its own as far as it may.
        limit: of_server.unwrap_or_else(|| getrlimit(Resource::Nofile).maximum),
        of_server: of_server.is_some(),
    }
}

/// Linux says in `/proc/locks` who holds a lock, and in `/proc/PID/limits` what that process may.
#[expect(clippy::option_option, reason = "the inner one says that there is no limit")]
fn server_limit(lock: &Path) -> Option<Option<u64>> {
    let inode = fs::metadata(lock).ok()?.ino().to_string();
    let locks = fs::read_to_string("/proc/locks").ok()?;
    // 1: FLOCK  ADVISORY  WRITE 4711 08:01:131 0 EOF
    let holder = locks.lines().find_map(|line| {
        let mut fields = line.split_whitespace().skip(4);
        let (pid, file) = (fields.next()?, fields.next()?);
        (file.rsplit(':').next() == Some(inode.as_str())).then_some(pid)
    })?;
    let limits = fs::read_to_string(format!("/proc/{holder}/limits")).ok()?;
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    let now = line.split_whitespace().next()?;
    Some(now.parse().ok())
}

/// The certificate of the settings; `None`: they name none.
pub(in crate::doctor) fn certificate_file(config: &ServerConfig) -> Option<CertificateFile> {
    let (certificate, key) = config.certificate.as_ref().zip(config.private_key.as_ref())?;
    let usable = tls::from_files(certificate, key).map_err(|error| told(&error));
    let content = usable.and_then(|_usable| {
        let chain = CertificateDer::pem_file_iter(certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| error.to_string())?;
        let facts = chain.first().and_then(|leaf| read(leaf, chain.len()));
        facts.ok_or_else(|| "the certificate cannot be read".to_owned())
    });
    Some(CertificateFile {
        content,
        key_mode: fs::metadata(key).ok().map(|key| key.mode() & 0o777),
    })
}

/// An error with its causes.
fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}
