//! Logs: to standard error, as text or JSON. No token, key or message text is ever logged.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::config::{LogConfig, LogFormat};

/// Starts logging. A second call in a process changes nothing.
pub fn init(config: &LogConfig) {
    // The settings were checked; were they not, information is logged.
    let filter = EnvFilter::try_new(&config.level).unwrap_or_else(|_invalid| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let started = match config.format {
        LogFormat::Text => builder.with_ansi(std::io::stderr().is_terminal()).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    // It fails only where logging is running already.
    drop(started);
}
