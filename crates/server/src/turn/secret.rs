//! The secret that credentials are made with.

use std::{fs, io};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use rand::RngExt as _;

use crate::data_dir::{DataDir, DataDirError};

const FILE: &str = "turn-secret";
const BYTES: usize = 32;

/// The secret that is kept in the data directory, made where there is none.
///
/// # Errors
///
/// It cannot be read or written.
pub fn turn_secret(data_dir: &DataDir) -> Result<String, DataDirError> {
    match fs::read_to_string(data_dir.file(FILE)) {
        Ok(secret) if !secret.trim().is_empty() => Ok(secret.trim().to_owned()),
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(DataDirError::Unusable {
            path: data_dir.file(FILE).display().to_string(),
            source: error,
        }),
        Ok(_) | Err(_) => {
            let secret = BASE64_URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; BYTES]>());
            data_dir.write_private(FILE, &secret)?;
            Ok(secret)
        }
    }
}
