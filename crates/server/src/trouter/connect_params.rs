//! What `allocate` gives a client to bring back, signed: whose connection it is, and until when it may begin.

use std::fmt;

use aws_lc_rs::hmac;
use openline_protocol::{RawId, ResourceId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::storage::TrouterEndpointKey;

const ISSUER: &str = "openline";
const PURPOSE: &str = "connect";

/// The signed parameters. The client puts them into queries as they are, so there is nothing in them to encode.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ConnectParams {
    /// The allocation.
    sr: String,
    issuer: String,
    /// The purpose.
    sp: String,
    /// The time it was made, in milliseconds.
    st: String,
    /// The time it ends, in milliseconds.
    se: String,
    /// The signature over all of it, the identity and the client instance.
    sig: String,
}

/// Without the signature.
impl fmt::Debug for ConnectParams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectParams")
            .field("sr", &self.sr)
            .finish_non_exhaustive()
    }
}

/// Signs, and knows what it signed.
pub(super) struct Signer(hmac::Key);

impl Signer {
    pub(super) fn new(secret: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    pub(super) fn sign(
        &self,
        key: &TrouterEndpointKey,
        allocation: String,
        from: Timestamp,
        to: Timestamp,
    ) -> ConnectParams {
        let mut params = ConnectParams {
            sr: allocation,
            issuer: ISSUER.to_owned(),
            sp: PURPOSE.to_owned(),
            st: from.as_millis().to_string(),
            se: to.as_millis().to_string(),
            sig: String::new(),
        };
        let signature = hmac::sign(&self.0, params.signed_text(key).as_bytes());
        params.sig = signature
            .as_ref()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        params
    }

    /// Whether these were signed for `key` and are still good.
    pub(super) fn is_good(&self, params: &ConnectParams, key: &TrouterEndpointKey, now: Timestamp) -> bool {
        let Some(signature) = bytes(&params.sig) else {
            return false;
        };
        let ours = hmac::verify(&self.0, params.signed_text(key).as_bytes(), &signature).is_ok();
        let expires_on = params.se.parse().map(Timestamp::from_millis);
        ours && expires_on.is_ok_and(|expires_on| now < expires_on)
    }
}

impl ConnectParams {
    /// No part holds a line feed: ids of ours and of the client are plain, and so are numbers.
    fn signed_text(&self, key: &TrouterEndpointKey) -> String {
        let TrouterEndpointKey {
            resource_id,
            raw_id,
            epid,
        } = key;
        let (resource_id, raw_id): (&ResourceId, &RawId) = (resource_id, raw_id);
        [
            &self.issuer,
            &self.sp,
            &self.sr,
            &self.st,
            &self.se,
            resource_id.as_str(),
            raw_id.as_str(),
            epid,
        ]
        .join("\n")
    }
}

/// The bytes of hexadecimal digits.
fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits = hex.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let digit = |digit: u8| {
        char::from(digit)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    digits
        .chunks(2)
        .map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(user: &str, epid: &str) -> TrouterEndpointKey {
        TrouterEndpointKey {
            resource_id: ResourceId::new("r"),
            raw_id: RawId::new(user),
            epid: epid.to_owned(),
        }
    }

    #[test]
    fn what_was_signed_is_good_for_its_instance_until_it_ends() {
        let signer = Signer::new(b"secret");
        let at = Timestamp::from_millis;
        let params = signer.sign(&key("ann", "1"), "a".to_owned(), at(1), at(9));
        assert!(signer.is_good(&params, &key("ann", "1"), at(8)));
        assert!(!signer.is_good(&params, &key("ann", "1"), at(9)));
        assert!(!signer.is_good(&params, &key("ann", "2"), at(8)));
        assert!(!signer.is_good(&params, &key("ben", "1"), at(8)));
        assert!(!Signer::new(b"other").is_good(&params, &key("ann", "1"), at(8)));
        let later = ConnectParams {
            se: "99".to_owned(),
            ..params.clone()
        };
        assert!(!signer.is_good(&later, &key("ann", "1"), at(8)));
        for sig in ["", "0", "zz", "+1", &"+1".repeat(32), &"ä".repeat(32)] {
            let forged = ConnectParams {
                sig: sig.to_owned(),
                ..params.clone()
            };
            assert!(!signer.is_good(&forged, &key("ann", "1"), at(8)), "{sig}");
        }
        assert!(!format!("{params:?}").contains(&params.sig));
    }
}
