//! Logs: to standard error, as text or JSON. No token, key or message text is ever logged.

use std::io::IsTerminal as _;

use tracing::{Level, Metadata};
use tracing_subscriber::{
    EnvFilter, Layer as _, filter::filter_fn, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use crate::config::{LogConfig, LogFormat};

/// Crates that read what anybody may send, and warn of each piece that is wrong: a line for a datagram. What comes of
/// it is counted in the metrics.
const READERS: [&str; 4] = ["stun_types", "turn_types", "rustls", "tokio_rustls"];

/// Starts logging. A second call in a process changes nothing.
pub fn init(config: &LogConfig) {
    // The settings were checked; were they not, information is logged.
    let filter = EnvFilter::try_new(&config.level).unwrap_or_else(|_invalid| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match config.format {
        LogFormat::Text => lines.with_ansi(std::io::stderr().is_terminal()).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let started = tracing_subscriber::registry()
        .with(lines)
        .with(filter)
        .with(filter_fn(is_harmless))
        .try_init();
    // It fails only where logging is running already.
    drop(started);
    // A panic's message may quote what the code was working on, so only its place is logged.
    std::panic::set_hook(Box::new(|panic| {
        let location = panic.location().map(ToString::to_string);
        tracing::error!(location, "panicked");
    }));
}

/// Whether the settings may turn it on. What other crates say below `info` quotes what was sent and received:
/// tokens, keys, messages.
fn is_harmless(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    if target.starts_with("openline_") {
        return true;
    }
    let of_strangers = READERS.contains(&target.split("::").next().unwrap_or_default());
    !of_strangers && *metadata.level() <= Level::INFO
}
