//! The tickets that take an answered call over a restart of the server: signed, so that nothing of a call is on disk.

use std::{fmt, sync::Arc, time::Duration};

use aws_lc_rs::hmac;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use openline_call::exchange::{CallMember, CallSide, CallTicket, CallTickets};
use openline_protocol::{CallId, RawId, Timestamp};
use rand::Rng as _;
use serde::{Deserialize, Serialize};

use crate::{
    clock::Clock,
    storage::{Storage, StorageError},
};

/// The name of the secret that signs tickets.
const SECRET: &str = "call-tickets";

/// How long a ticket is good for. Whoever rejoins gets another.
const LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// Signs tickets, and knows what it signed. Servers with one database take each other's.
#[derive(Clone)]
pub struct CallTicketSigner {
    key: hmac::Key,
    clock: Arc<dyn Clock>,
}

/// Without the key.
impl fmt::Debug for CallTicketSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallTicketSigner").finish_non_exhaustive()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Claims {
    call_id: CallId,
    side: Side,
    caller: Member,
    callee: Member,
    /// In milliseconds.
    expires_on: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Side {
    Caller,
    Callee,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Member {
    raw_id: RawId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
}

impl CallTicketSigner {
    /// Signs with the secret of the database; makes one the first time.
    ///
    /// # Errors
    ///
    /// The secret cannot be read.
    pub async fn load(storage: &Storage, clock: Arc<dyn Clock>) -> Result<Self, StorageError> {
        let mut fresh = [0; 32];
        rand::rng().fill_bytes(&mut fresh);
        let now = clock.now();
        let secret = storage
            .write(move |tx| Box::pin(async move { tx.server_secret(SECRET, &fresh, now).await }))
            .await?;
        Ok(Self::new(&secret, clock))
    }

    fn new(secret: &[u8], clock: Arc<dyn Clock>) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        Self { key, clock }
    }
}

impl CallTickets for CallTicketSigner {
    fn seal(&self, ticket: &CallTicket) -> String {
        let expires_on = self.clock.now() + LIFETIME;
        let claims = Claims {
            call_id: ticket.call_id.clone(),
            side: match ticket.side {
                CallSide::Caller => Side::Caller,
                CallSide::Callee => Side::Callee,
            },
            caller: Member::from(&ticket.caller),
            callee: Member::from(&ticket.callee),
            expires_on: expires_on.as_millis(),
        };
        let claims = serde_json::to_vec(&claims).expect("claims have string keys and no failing serialiser");
        let signature = hmac::sign(&self.key, &claims);
        let encode = |bytes| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        format!("{}.{}", encode(&claims[..]), encode(signature.as_ref()))
    }

    fn open(&self, sealed: &str) -> Option<CallTicket> {
        let (claims, signature) = sealed.split_once('.')?;
        let claims = BASE64_URL_SAFE_NO_PAD.decode(claims).ok()?;
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?;
        // In constant time.
        hmac::verify(&self.key, &claims, &signature).ok()?;
        let claims: Claims = serde_json::from_slice(&claims).ok()?;
        let good = self.clock.now() < Timestamp::from_millis(claims.expires_on);
        good.then(|| CallTicket {
            call_id: claims.call_id,
            side: match claims.side {
                Side::Caller => CallSide::Caller,
                Side::Callee => CallSide::Callee,
            },
            caller: claims.caller.into(),
            callee: claims.callee.into(),
        })
    }
}

impl From<&CallMember> for Member {
    fn from(member: &CallMember) -> Self {
        Self {
            raw_id: member.raw_id.clone(),
            display_name: member.display_name.clone(),
        }
    }
}

impl From<Member> for CallMember {
    fn from(member: Member) -> Self {
        Self {
            raw_id: member.raw_id,
            display_name: member.display_name,
        }
    }
}

#[cfg(test)]
mod tests {
    use openline_protocol::Instant;

    use super::*;

    #[derive(Debug)]
    struct At(u64);

    impl Clock for At {
        fn now(&self) -> Timestamp {
            Timestamp::from_millis(self.0)
        }

        fn monotonic(&self) -> Instant {
            Instant::from_millis(self.0)
        }
    }

    #[test]
    fn a_ticket_is_read_until_it_expires_and_by_nobody_else() {
        let sealed = signer(b"secret", 0).seal(&ticket());
        let last = LIFETIME.as_millis() as u64 - 1;
        assert_eq!(signer(b"secret", last).open(&sealed), Some(ticket()));
        assert_eq!(signer(b"secret", last + 1).open(&sealed), None);
        assert_eq!(signer(b"other", 0).open(&sealed), None);
    }

    #[test]
    fn a_ticket_that_was_changed_anywhere_is_none() {
        let signer = signer(b"secret", 0);
        let sealed = signer.seal(&ticket());
        for index in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
            assert_eq!(signer.open(&String::from_utf8(changed).unwrap()), None, "{index}");
        }
        let shorter = sealed.strip_suffix(|_| true).unwrap();
        for sealed in ["", ".", "a.b", shorter, &format!("{sealed}A")] {
            assert_eq!(signer.open(sealed), None, "{sealed}");
        }
    }

    #[test]
    fn nothing_of_the_secret_is_shown() {
        assert_eq!(format!("{:?}", signer(b"secret", 0)), "CallTicketSigner { .. }");
    }

    fn signer(secret: &[u8], now: u64) -> CallTicketSigner {
        CallTicketSigner::new(secret, Arc::new(At(now)))
    }

    fn ticket() -> CallTicket {
        let member = |raw_id: &str, name: Option<&str>| CallMember {
            raw_id: raw_id.into(),
            display_name: name.map(str::to_owned),
        };
        CallTicket {
            call_id: "c".into(),
            side: CallSide::Callee,
            caller: member("8:acs:r_a", Some("Ann \"A\" Ä\n")),
            callee: member("8:acs:r_b", None),
        }
    }
}
