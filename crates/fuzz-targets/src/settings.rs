//! The settings file.

use openline_server::fuzzing::read_settings;

/// A settings file.
pub fn settings(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    match read_settings(text) {
        Ok(config) => assert!(config.server.public_endpoint.ends_with('/')),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
