//! Who asks: the long-term credentials of RFC 8489, section 9.2, over ephemeral credentials.

use std::net::SocketAddr;

use stun_types::message::{IntegrityAlgorithm, IntegrityKey, LongTermKeyCredentials, Message};

use crate::{
    REALM,
    credentials::Username,
    relay::{Now, Relay},
    request::Attributes,
};

/// Who asks, shown by a signature.
#[derive(Debug)]
pub(crate) struct Caller {
    pub(crate) username: String,
    pub(crate) key: IntegrityKey,
}

/// Why somebody is not believed: the code of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// 400, without a nonce: the request is not well-formed.
    Malformed,
    /// 401: no credentials, or wrong, foreign or expired ones.
    Unauthorized,
    /// 438: the nonce is not ours, or too old.
    StaleNonce,
}

impl Doubt {
    pub(crate) const fn code(self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::Unauthorized => 401,
            Self::StaleNonce => 438,
        }
    }
}

/// Checks a request. `known`: the user and key of the client's allocation. What an allocation was made with stays
/// good for it: a call does not end because its credentials have.
pub(crate) fn authenticate(
    relay: &Relay,
    message: &Message<'_>,
    attributes: &Attributes,
    client: SocketAddr,
    known: Option<&Caller>,
    now: Now,
) -> Result<Caller, Doubt> {
    if !attributes.has_integrity {
        return Err(Doubt::Unauthorized);
    }
    let (Some(username), Some(realm), Some(nonce)) =
        (&attributes.username, &attributes.realm, &attributes.nonce)
    else {
        return Err(Doubt::Malformed);
    };
    if !relay.nonces.recognises(nonce, client, now.instant) {
        return Err(Doubt::StaleNonce);
    }
    if realm != REALM {
        return Err(Doubt::Unauthorized);
    }
    let known = known.filter(|caller| caller.username == *username);
    let key = match known {
        Some(caller) => caller.key.clone(),
        None => new_key(relay, username, now)?,
    };
    match message.validate_integrity_with_key(&key) {
        Ok(_) => Ok(Caller {
            username: username.clone(),
            key,
        }),
        Err(_) => Err(Doubt::Unauthorized),
    }
}

fn new_key(relay: &Relay, username: &str, now: Now) -> Result<IntegrityKey, Doubt> {
    let parsed = Username::parse(username).ok_or(Doubt::Unauthorized)?;
    if parsed.has_expired(now.time) {
        return Err(Doubt::Unauthorized);
    }
    let credentials = LongTermKeyCredentials::new(
        username.to_owned(),
        relay.secret.credential(username),
        REALM.to_owned(),
    );
    Ok(credentials.make_key(IntegrityAlgorithm::Sha1))
}
