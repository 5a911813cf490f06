//! A client without a socket, for tests: what it reads must be there.

use std::ops::{Deref, DerefMut};

pub use crate::requests::Reading;
use crate::{Credentials, Requests};

/// A client of a TURN server.
#[derive(Debug)]
pub struct TestClient(Requests);

impl TestClient {
    /// A client with these credentials.
    #[must_use]
    pub fn new(credentials: Credentials) -> Self {
        Self(Requests::new(credentials))
    }

    /// Data on a channel, padded as streams have it.
    #[must_use]
    pub fn channel_data(number: u16, data: &[u8]) -> Vec<u8> {
        Requests::channel_data(number, data)
    }

    /// Reads an answer or an indication, and keeps a nonce that is in it.
    ///
    /// # Panics
    ///
    /// If it is none.
    pub fn read(&mut self, bytes: &[u8]) -> Reading {
        self.0.read(bytes).expect("a server sends STUN messages")
    }
}

impl Deref for TestClient {
    type Target = Requests;

    fn deref(&self) -> &Requests {
        &self.0
    }
}

impl DerefMut for TestClient {
    fn deref_mut(&mut self) -> &mut Requests {
        &mut self.0
    }
}
