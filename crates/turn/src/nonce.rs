//! Nonces that the server recognises without having kept them: the time and the client's address, signed.

use std::net::SocketAddr;

use aws_lc_rs::hmac;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use openline_protocol::Instant;
use subtle::ConstantTimeEq as _;

/// How long a nonce is taken, in seconds.
const LIFETIME_S: u32 = 3600;

/// Short, so that the answer to who has no credentials is: 4 bytes of time, 8 of signature.
const TIME_BYTES: usize = 4;
const NONCE_BYTES: usize = 12;

/// Issues and recognises nonces.
pub(crate) struct Nonces(hmac::Key);

impl Nonces {
    /// `key`: random, from the start of this process, since its clock begins there as well.
    pub(crate) fn new(key: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// A nonce for this client.
    pub(crate) fn issue(&self, client: SocketAddr, now: Instant) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.signed(seconds(now), client))
    }

    /// Whether it was issued for this client, not long ago.
    pub(crate) fn recognises(&self, nonce: &str, client: SocketAddr, now: Instant) -> bool {
        let mut bytes = [0; NONCE_BYTES];
        let Ok(NONCE_BYTES) = BASE64_URL_SAFE_NO_PAD.decode_slice(nonce, &mut bytes) else {
            return false;
        };
        let mut time = [0; TIME_BYTES];
        time.copy_from_slice(&bytes[..TIME_BYTES]);
        let time = u32::from_be_bytes(time);
        let genuine = self.signed(time, client).ct_eq(&bytes);
        bool::from(genuine) && seconds(now).wrapping_sub(time) < LIFETIME_S
    }

    fn signed(&self, time: u32, client: SocketAddr) -> [u8; NONCE_BYTES] {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(&time.to_be_bytes());
        match client {
            SocketAddr::V4(client) => context.update(&client.ip().octets()),
            SocketAddr::V6(client) => context.update(&client.ip().octets()),
        }
        context.update(&client.port().to_be_bytes());
        let signature = context.sign();
        let mut nonce = [0; NONCE_BYTES];
        nonce[..TIME_BYTES].copy_from_slice(&time.to_be_bytes());
        for (byte, signed) in nonce.iter_mut().skip(TIME_BYTES).zip(signature.as_ref()) {
            *byte = *signed;
        }
        nonce
    }
}

/// Wraps after 136 years.
fn seconds(now: Instant) -> u32 {
    u32::try_from(now.as_millis() / 1000 % (1 << 32)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Instant {
        Instant::from_millis(seconds * 1000)
    }

    #[test]
    fn a_nonce_is_for_one_client_and_one_hour() {
        let nonces = Nonces::new(b"key");
        let [client, other_port, other] =
            ["192.0.2.1:5000", "192.0.2.1:5001", "[2001:db8::1]:5000"].map(|text| text.parse().unwrap());
        let nonce = nonces.issue(client, at(100));
        assert_eq!(nonce.len(), 16);
        assert!(nonces.recognises(&nonce, client, at(100)));
        assert!(nonces.recognises(&nonce, client, at(3699)));
        assert!(!nonces.recognises(&nonce, client, at(3700)));
        assert!(!nonces.recognises(&nonce, client, at(99)));
        assert!(!nonces.recognises(&nonce, other_port, at(100)));
        assert!(!nonces.recognises(&nonce, other, at(100)));
        assert!(!Nonces::new(b"other").recognises(&nonce, client, at(100)));
        for damaged in [
            "",
            "A",
            "AAAAAAAAAAAAAAAA",
            "AAAAAAAAAAAAAAAAAAAA",
            "not base 64 !!!!",
        ] {
            assert!(!nonces.recognises(damaged, client, at(100)), "{damaged}");
        }
    }
}
