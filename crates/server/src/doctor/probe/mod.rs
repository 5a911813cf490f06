//! Gathers facts: sockets, files and clocks. Each step has a limit of time.

pub(super) mod access_key;
pub(super) mod connect;
pub(super) mod conversation;
pub(super) mod http;
pub(super) mod machine;
pub(super) mod ports;
pub(super) mod relay;
pub(super) mod session;
pub(super) mod tls;
