//! See [`crate::fuzzing`].

use figment::{
    Figment,
    providers::{Format, Toml},
};

use super::{Config, ConfigError, load::checked};

/// The settings of a file with this text, without the environment.
///
/// # Errors
///
/// The first thing that is wrong.
pub fn read_settings(text: &str) -> Result<Config, ConfigError> {
    checked(&Figment::new().merge(Toml::string(text)))
}
