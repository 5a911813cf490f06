//! The STUN and TURN servers that clients are told of, with credentials of their own.

use std::{sync::Arc, time::Duration};

use aws_lc_rs::hmac;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use openline_protocol::{RawId, ResourceId, Timestamp, realtime::IceServer};
use openline_session::IceGrant;
use uuid::Uuid;

use super::{DomainError, RateLimit, RateLimiter};
use crate::{
    clock::Clock,
    config::{CallsConfig, TurnConfig},
};

/// The longest validity of credentials that a service asks for, and the default, in seconds.
pub const MAX_TTL_S: i64 = 172_800;

/// How often the services of a resource may ask.
const SERVICE_RATE: RateLimit = RateLimit {
    count: 30_000,
    window: Duration::from_secs(5),
};

/// Bytes of a user's name in credentials. It is sent in the clear, so it says nothing of who the user is.
const ID_BYTES: usize = 12;

/// What the key of the names is made of, with the secret of the first relay. It has no colon, so no credential is it.
const NAMES: &str = "openline names of users";

/// A relay, or several that share a secret.
#[derive(Debug, Clone)]
pub struct RelayGroup {
    /// Its addresses, for every transport.
    pub urls: Vec<String>,
    /// What its credentials are made with.
    pub secret: openline_turn::Secret,
}

/// Makes credentials for clients.
#[derive(Debug)]
pub struct IceServers {
    fixed: Vec<IceServer>,
    relays: Vec<RelayGroup>,
    lifetime: Duration,
    names: hmac::Key,
    limiter: RateLimiter<ResourceId>,
}

/// What a service gets for its client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayConfiguration {
    /// When the credentials expire.
    pub expires_on: Timestamp,
    /// Servers with credentials.
    pub servers: Vec<IceServer>,
}

impl IceServers {
    /// Those of the settings, and this server's own relay, if it has one.
    #[must_use]
    pub fn new(calls: &CallsConfig, turn: &TurnConfig, own: Option<RelayGroup>) -> Self {
        let fixed = calls.ice_servers.iter().map(|server| IceServer {
            urls: server.urls.clone(),
            username: server.username.clone(),
            credential: server.credential.clone(),
        });
        let external = turn.external.iter().map(|relay| RelayGroup {
            urls: relay.urls.clone(),
            secret: openline_turn::Secret::new(relay.secret.expose().as_bytes()),
        });
        let relays: Vec<_> = own.into_iter().chain(external).collect();
        // A user has the same name after a restart: what its credentials from before have is counted with the rest.
        // Without a relay nobody is named.
        let names = relays.first().map(|relay| relay.secret.credential(NAMES));
        Self {
            fixed: fixed.collect(),
            relays,
            lifetime: turn.credential_lifetime(),
            limiter: RateLimiter::new(SERVICE_RATE.window),
            names: hmac::Key::new(hmac::HMAC_SHA256, names.unwrap_or_default().as_bytes()),
        }
    }

    /// What a signed-in client gets, and when it gets it anew: halfway, so that there is time to.
    #[must_use]
    pub fn grant(&self, raw_id: &RawId, now: Timestamp) -> IceGrant {
        let mut servers = self.fixed.clone();
        servers.extend(self.relays(&self.name(raw_id), now + self.lifetime));
        IceGrant {
            servers,
            renew_in: (!self.relays.is_empty()).then_some(self.lifetime / 2),
        }
    }

    /// What a service gets for a client, of one of its identities where it names one.
    ///
    /// # Errors
    ///
    /// [`DomainError::Invalid`] for a `ttl_s` that cannot be, [`DomainError::TooManyRequests`].
    pub fn relay_configuration(
        &self,
        resource_id: &ResourceId,
        raw_id: Option<&RawId>,
        ttl_s: Option<i64>,
        clock: &Arc<dyn Clock>,
    ) -> Result<RelayConfiguration, DomainError> {
        self.limiter
            .check(resource_id.clone(), SERVICE_RATE, clock.monotonic())?;
        let ttl_s = ttl_s.unwrap_or(MAX_TTL_S);
        let ttl = u64::try_from(ttl_s).ok().filter(|_| ttl_s <= MAX_TTL_S);
        let ttl = ttl.ok_or_else(|| {
            let message = format!("The ttl must be 0 to {MAX_TTL_S} seconds, not {ttl_s}.");
            DomainError::validation("ttl", message)
        })?;
        let now = clock.now();
        let name = raw_id.map_or_else(|| Uuid::new_v4().simple().to_string(), |raw_id| self.name(raw_id));
        let expires_on = now + Duration::from_secs(ttl);
        Ok(RelayConfiguration {
            expires_on,
            servers: self.relays(&name, expires_on),
        })
    }

    fn relays(&self, name: &str, expires_on: Timestamp) -> Vec<IceServer> {
        let server = |relay: &RelayGroup| {
            let credentials = relay.secret.issue(name, expires_on);
            IceServer {
                urls: relay.urls.clone(),
                username: Some(credentials.username),
                credential: Some(credentials.credential),
            }
        };
        self.relays.iter().map(server).collect()
    }

    /// The same for all credentials of a user, so that what they use is counted together.
    fn name(&self, raw_id: &RawId) -> String {
        let signature = hmac::sign(&self.names, raw_id.as_str().as_bytes());
        BASE64_URL_SAFE_NO_PAD.encode(signature.as_ref().get(..ID_BYTES).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(secret: &str, raw_id: &RawId) -> String {
        let own = RelayGroup {
            urls: vec!["turn:127.0.0.1:3478".to_owned()],
            secret: openline_turn::Secret::new(secret.as_bytes()),
        };
        let servers = IceServers::new(&CallsConfig::default(), &TurnConfig::default(), Some(own));
        let grant = servers.grant(raw_id, Timestamp::from_millis(1_800_000_000_000));
        let username = grant.servers[0].username.clone().unwrap();
        username.split_once(':').unwrap().1.to_owned()
    }

    #[test]
    fn a_user_has_one_name_over_restarts_and_another_at_other_servers() {
        let [alice, bob] = ["alice", "bob"].map(RawId::new);
        assert_eq!(name("secret", &alice), name("secret", &alice));
        assert_ne!(name("secret", &alice), name("secret", &bob));
        assert_ne!(name("secret", &alice), name("another", &alice));
    }
}
