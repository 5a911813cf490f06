//! Scripted network, clock, randomness and peer connection for tests. Everything follows from a seed.

mod link;
mod peer_connection;
mod random;
mod schedule;

pub use link::Link;
pub use peer_connection::{ConnectionEvent, FakePeerConnection, Finished, OperationError};
pub use random::Random;
pub use schedule::Schedule;
