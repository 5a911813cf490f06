//! Clients with their agents, the exchange, and the network between them, on one clock.

#![allow(dead_code, unused_imports, reason = "every test binary uses its own part")]

mod client;
mod media;
mod record;
mod session;
mod world;

pub(crate) use client::ClientId;
pub(crate) use world::{World, resource};
