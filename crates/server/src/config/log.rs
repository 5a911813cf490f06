//! Logs.

use serde::{Deserialize, Serialize};
use tracing_subscriber::{EnvFilter, filter::LevelFilter};

use super::ConfigError;

/// How a line of the log looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
}

/// The group `[log]`. Logs go to standard error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// `text` or `json`. `OPENLINE_LOG__FORMAT`, default `text`.
    pub format: LogFormat,
    /// What is logged: `error`, `warn`, `info`, `debug`, `trace`, `off`, or filters like
    /// `info,openline_server=debug`. Libraries that the server uses say `info` at most, whatever stands here, since
    /// their details show what was sent. `OPENLINE_LOG__LEVEL`, default `info`.
    pub level: String,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self {
            format: LogFormat::Text,
            level: "info".to_owned(),
        }
    }
}

impl LogConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let invalid = |problem: &str| Err(ConfigError::invalid("log", "level", problem));
        // A bare word that is no level would be taken for a module, and all else would be off.
        let is_filter = |part: &str| {
            part.contains(['=', '[']) || (!part.is_empty() && part.parse::<LevelFilter>().is_ok())
        };
        if let Some(word) = self.level.split(',').find(|part| !is_filter(part.trim())) {
            return invalid(&format!(
                "has \"{word}\"; there is error, warn, info, debug, trace, off, and filters like \
                 openline_server=debug"
            ));
        }
        match EnvFilter::try_new(&self.level) {
            Ok(_) => Ok(()),
            Err(error) => invalid(&format!("is no filter: {error}")),
        }
    }
}
