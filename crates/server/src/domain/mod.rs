//! The use cases: what the server decides. Knows storage and the bus as traits, nothing of HTTP or sockets.

pub mod call_tickets;
pub mod calls;
pub mod chat;
pub mod demo;
mod error;
pub mod farewells;
pub mod ice_servers;
pub mod identity;
mod rate_limit;
pub mod resource;
pub mod token;

pub use self::{
    error::DomainError,
    rate_limit::{RateLimit, RateLimiter},
};
