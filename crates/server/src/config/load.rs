//! Reading settings, and saying in one sentence what is wrong with them.

use std::path::Path;

use figment::{
    Figment,
    error::{Actual, Kind},
    providers::{Env, Format, Toml},
};

use super::Config;

/// What is wrong with the settings. The text names the setting.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// There is no such file. Name one with `--config`.
    #[error("there is no settings file {0}")]
    NoFile(String),
    /// A setting has a value that cannot be, or is missing.
    #[error("setting `{setting}` {problem}")]
    Invalid {
        /// The setting, with its group.
        setting: String,
        /// What is wrong, and where it was set.
        problem: String,
    },
    /// The file is not TOML, or cannot be read.
    #[error("the settings cannot be read: {0}")]
    Unreadable(String),
}

impl ConfigError {
    pub(crate) fn invalid(group: &str, setting: &str, problem: &str) -> Self {
        Self::Invalid {
            setting: format!("{group}.{setting}"),
            problem: problem.to_owned(),
        }
    }
}

/// Reads the settings from a file and the environment and checks them.
///
/// # Errors
///
/// The first thing that is wrong.
pub fn load(file: &Path) -> Result<Config, ConfigError> {
    if !file.is_file() {
        return Err(ConfigError::NoFile(file.display().to_string()));
    }
    checked(&Figment::new().merge(Toml::file_exact(file)).merge(variables()))
}

/// Reads the settings and checks them.
pub(super) fn checked(figment: &Figment) -> Result<Config, ConfigError> {
    let mut config: Config = figment.extract().map_err(described)?;
    config.check()?;
    Ok(config)
}

/// Reads the settings from the environment alone, has `complete` set the others, and checks them.
///
/// # Errors
///
/// The first thing that is wrong.
pub fn from_environment(complete: impl FnOnce(&mut Config)) -> Result<Config, ConfigError> {
    let mut config: Config = Figment::new().merge(variables()).extract().map_err(described)?;
    complete(&mut config);
    config.check()?;
    Ok(config)
}

/// Variables without two underscores (`OPENLINE_SERVER_BIN`) belong to others.
fn variables() -> Env {
    Env::prefixed("OPENLINE_")
        .filter(|name| name.as_str().contains("__"))
        .split("__")
}

impl Config {
    /// Checks what types alone cannot.
    fn check(&mut self) -> Result<(), ConfigError> {
        self.server.check()?;
        self.log.check()?;
        self.calls.check()?;
        let has_certificate = self.server.certificate.is_some() && self.server.private_key.is_some();
        self.turn.check(has_certificate)?;
        self.realtime.check()?;
        self.chat.check()?;
        self.published_chat.check()?;
        self.attachments.check()?;
        self.limits.check()
    }
}

fn described(error: figment::Error) -> ConfigError {
    let Some(first) = error.into_iter().next() else {
        return ConfigError::Unreadable("unknown reason".to_owned());
    };
    let origin = first.metadata.as_ref().map_or_else(String::new, |metadata| {
        let source = metadata
            .source
            .as_ref()
            .map_or_else(|| metadata.name.to_string(), ToString::to_string);
        format!(" (from {source})")
    });
    let mut path = first.path.clone();
    let problem = match &first.kind {
        Kind::UnknownField(name, known) => {
            // The path ends in it or not, depending on where it was read.
            if path.last() != Some(name) {
                path.push(name.clone());
            }
            format!("does not exist{origin}; there is {}", known.join(", "))
        }
        Kind::InvalidType(actual, expected) | Kind::InvalidValue(actual, expected) => {
            format!(
                "is {}, expected {}{origin}",
                kind_of(actual),
                plain(&expected.to_string())
            )
        }
        Kind::UnknownVariant(_, known) => {
            format!("is none of {}{origin}", known.join(", "))
        }
        Kind::MissingField(name) => {
            path.push(name.to_string());
            format!("is missing{origin}")
        }
        other @ (Kind::Message(_)
        | Kind::InvalidLength(..)
        | Kind::DuplicateField(_)
        | Kind::ISizeOutOfRange(_)
        | Kind::USizeOutOfRange(_)
        | Kind::Unsupported(_)
        | Kind::UnsupportedKey(..)) => {
            if path.is_empty() {
                return ConfigError::Unreadable(format!("{other}{origin}"));
            }
            format!("is wrong: {other}{origin}")
        }
    };
    ConfigError::Invalid {
        setting: path.join("."),
        problem,
    }
}

/// What a value is, without the value: it may be a password that looks like a number.
fn kind_of(actual: &Actual) -> &'static str {
    match actual {
        Actual::Bool(_) => "true or false",
        Actual::Unsigned(_) | Actual::Signed(_) | Actual::Float(_) => "a number",
        Actual::Char(_) | Actual::Str(_) | Actual::Bytes(_) => "a text",
        Actual::Seq => "a list",
        Actual::Map => "a group of settings",
        Actual::Unit
        | Actual::Option
        | Actual::NewtypeStruct
        | Actual::Enum
        | Actual::UnitVariant
        | Actual::NewtypeVariant
        | Actual::TupleVariant
        | Actual::StructVariant
        | Actual::Other(_) => "something else",
    }
}

/// The names of Rust's types in the words of somebody who writes settings.
fn plain(expected: &str) -> &str {
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" | "i64" => "a whole number",
        "f64" => "a number",
        "a boolean" => "true or false",
        "path string" | "a string" => "a text in quotes",
        other => other,
    }
}
