//! Revoke all tokens of an identity.

use std::sync::Arc;

use openline_protocol::RawId;

use super::{
    Identities,
    service::{Operation, check_id},
};
use crate::domain::{DomainError, resource::Resource};

impl Identities {
    /// Makes every token issued so far invalid, and tells those who hold sockets open for them.
    ///
    /// # Errors
    ///
    /// [`DomainError::Invalid`] for an id of another form, [`DomainError::NotFound`] for an unknown or deleted
    /// identity, [`DomainError::TooManyRequests`], storage.
    pub async fn revoke_tokens(&self, resource: &Resource, raw_id: &RawId) -> Result<(), DomainError> {
        self.check_rate(&resource.resource_id, Operation::Revoke)?;
        check_id(raw_id)?;
        let (resource_id, raw_id) = (resource.resource_id.clone(), raw_id.clone());
        let tokens = Arc::clone(&self.tokens);
        self.storage
            .write(move |tx| {
                Box::pin(async move {
                    let generation = tx
                        .revoke_tokens(&resource_id, &raw_id)
                        .await?
                        .ok_or(DomainError::NotFound { what: "identity" })?;
                    tokens.announce_revocation(tx, &resource_id, &raw_id, Some(generation));
                    Ok(())
                })
            })
            .await
    }
}
