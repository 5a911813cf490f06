//! Clients with their agents, the exchange, and the network between them, on one clock.

#![allow(dead_code, unused_imports, reason = "every test binary uses its own part")]

mod client;
pub(crate) mod exchange;
mod media;
mod record;
mod session;
mod set_up;
pub(crate) mod tickets;
mod world;

pub(crate) use client::ClientId;
pub(crate) use set_up::two_people;
pub(crate) use world::{World, resource};
