//! Delete an identity.

use std::sync::Arc;

use openline_protocol::RawId;

use super::{
    Identities,
    service::{Operation, check_id},
};
use crate::domain::{DomainError, resource::Resource};

impl Identities {
    /// Deletes an identity and with it all its tokens. What it wrote in chats stays.
    ///
    /// # Errors
    ///
    /// [`DomainError::Invalid`] for an id of another form, [`DomainError::NotFound`] for an unknown or deleted
    /// identity, [`DomainError::TooManyRequests`], storage.
    pub async fn delete(&self, resource: &Resource, raw_id: &RawId) -> Result<(), DomainError> {
        self.check_rate(&resource.resource_id, Operation::Delete)?;
        check_id(raw_id)?;
        let (resource_id, raw_id) = (resource.resource_id.clone(), raw_id.clone());
        let (tokens, now) = (Arc::clone(&self.tokens), self.clock.now());
        self.storage
            .write(move |tx| {
                Box::pin(async move {
                    if !tx.delete_identity(&resource_id, &raw_id, now).await? {
                        return Err(DomainError::NotFound { what: "identity" });
                    }
                    tokens.announce_revocation(tx, &resource_id, &raw_id, None);
                    Ok(())
                })
            })
            .await
    }
}
