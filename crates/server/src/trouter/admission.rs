//! Who may connect, and the way from a request to a connection.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use axum::http::StatusCode;
use openline_trouter::{CloseReason, ConnectionNumber};
use uuid::Uuid;

use super::{
    driver,
    handshakes::Handshake,
    instance::{Connection, Instance, Transport},
    queue::FrameQueue,
    service::Shared,
};
use crate::{domain::token::VerifiedToken, http::ApiError, storage::TrouterEndpointKey};

impl Shared {
    /// Counts a request of the identity; gives the key of its client instance.
    pub(super) fn admit(&self, token: &VerifiedToken, epid: String) -> Result<TrouterEndpointKey, ApiError> {
        let (resource_id, raw_id) = (token.resource_id.clone(), token.raw_id.clone());
        let identity = (resource_id.clone(), raw_id.clone());
        self.connects
            .check(identity, self.settings.connects, self.clock.monotonic())?;
        Ok(TrouterEndpointKey {
            resource_id,
            raw_id,
            epid,
        })
    }

    /// Expects a connection, and says by which number.
    pub(super) fn expect(&self, key: TrouterEndpointKey, token: VerifiedToken) -> Result<String, ApiError> {
        if self.shutdown.has_begun() {
            return Err(ApiError::unavailable(
                "The server is stopping. Try again in a moment.",
            ));
        }
        if !self
            .registry
            .has_room_for(&key, self.settings.max_instances_per_identity)
        {
            return Err(too_many_instances());
        }
        let now = self.clock.monotonic();
        let limit = self
            .settings
            .max_connections
            .saturating_sub(self.connections.len());
        let sid = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        self.handshakes
            .insert(
                sid.clone(),
                (key, token),
                (now, self.settings.handshake_lifetime),
                limit,
            )
            .map_err(|_full| ApiError::unavailable("The server has no room. Try again in a moment."))?;
        Ok(sid)
    }

    /// Connects who shook hands.
    pub(super) async fn connect(
        self: &Arc<Self>,
        handshake: Handshake,
        transport: Transport,
    ) -> Result<(Arc<Instance>, Connection), ApiError> {
        let number = self.next_connection.fetch_add(1, Ordering::Relaxed) as u64;
        let connection = Connection {
            number: ConnectionNumber(number),
            queue: FrameQueue::default(),
            token: handshake.token,
            transport,
        };
        let instance = loop {
            let instance = self.instance(&handshake.key)?;
            if instance.attach(connection.clone()).is_ok() {
                break instance;
            }
            instance.ended.cancelled().await;
        };
        // A revocation that came while the connection was not yet registered would have missed it.
        if !self.tokens.is_current(&connection.token).await? {
            instance.close(connection.number, CloseReason::Unauthorized);
        }
        if self.shutdown.has_begun() {
            instance.shut_down();
        }
        Ok((instance, connection))
    }

    fn instance(self: &Arc<Self>, key: &TrouterEndpointKey) -> Result<Arc<Instance>, ApiError> {
        let limit = self.settings.max_instances_per_identity;
        let make = || Instance::new(Arc::clone(self), key.clone());
        let found = self
            .registry
            .find_or_insert(key, limit, make)
            .map_err(|_too_many| too_many_instances())?;
        if found.is_new {
            tokio::spawn(driver::run(Arc::clone(&found.instance)));
        }
        Ok(found.instance)
    }
}

fn too_many_instances() -> ApiError {
    let message = "This user is connected in too many places. Close some first.";
    ApiError::new(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", message)
        .with_retry_after(Duration::from_secs(30))
}
