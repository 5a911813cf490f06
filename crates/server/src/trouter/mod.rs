//! The realtime protocol of the published chat client (`@azure/communication-chat`) on axum:
//! `docs/published-chat-client.md`.
//!
//! - `configuration`, `allocate`, `handshake`, `registrations` are the requests around a connection; `web_socket` and
//!   `polling` are the two kinds of connection. Each checks the token; `admission` says who may go on.
//! - `instance` holds the state machine of `openline-trouter` for one client instance under a lock and carries out what
//!   it decides; `driver` is its task: time, chat events, and the token once in a while.
//! - `registry` knows who is there, `handshakes` who is expected. `queue` is what waits for one connection, `saver`
//!   keeps on disk what clients have answered, `upkeep` is what happens without anybody asking.
//!
//! Decisions are elsewhere: in `openline-trouter` about delivery, in `domain::chat` about who is told what.

mod admission;
mod allocate;
mod beginnings;
mod caller;
mod configuration;
mod connect_params;
mod driver;
mod handshake;
mod handshakes;
mod instance;
mod metrics;
mod polling;
mod query;
mod queue;
mod registrations;
mod registry;
mod routes;
mod saver;
mod service;
mod settings;
mod upkeep;
mod web_socket;

pub(crate) use self::routes::routes;
pub use self::{
    service::{Trouter, TrouterParts},
    settings::TrouterSettings,
};
