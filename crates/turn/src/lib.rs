//! What a TURN server (RFC 8656) decides, without a socket: who may allocate, whom an allocation relays to, how much,
//! and what every answer says.
//!
//! [`Relay`] is what all clients share, [`Client`] is the state of one client address. An edge gives them what arrived
//! and the time, and does what the [`Action`] says: it sends, binds a socket, closes one. `stun-types` and
//! `turn-types` read and write messages; `docs/adr/0007-turn-state-is-ours.md` says why the state machine is ours.

mod action;
mod allocation;
mod answer;
mod authenticate;
mod bucket;
mod client;
mod credentials;
mod framing;
mod head;
mod nonce;
mod peers;
mod ports;
mod quota;
mod relay;
mod request;
mod requests;
mod sources;
#[cfg(feature = "_testing")]
pub mod testing;

pub use self::{
    action::{Action, AllocateRequest},
    client::Client,
    credentials::{Credentials, Secret, Username},
    framing::{FrameError, frame_length},
    head::Head,
    peers::PeerRules,
    quota::QuotaLimits,
    relay::{Families, Now, Relay, RelayParts},
    requests::{Reading, Requests, transaction},
};

/// The realm of our credentials.
pub const REALM: &str = "openline";

/// How long an allocation lives without a refresh, and what a client gets that names no lifetime.
pub const DEFAULT_LIFETIME_S: u32 = 600;

/// The longest lifetime that a client gets at once.
pub const MAX_LIFETIME_S: u32 = 3600;

/// Permissions and channels that an allocation may have at a time, each.
pub const MAX_PEERS: usize = 64;
