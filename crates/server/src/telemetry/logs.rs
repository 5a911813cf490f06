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
    // A panic's message may quote what the code was working on, so only its place is logged.
    std::panic::set_hook(Box::new(|panic| {
        let location = panic.location().map(ToString::to_string);
        tracing::error!(location, "panicked");
    }));
}
