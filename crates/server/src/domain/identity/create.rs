//! Create an identity, with or without a token.

use openline_protocol::{RawId, rest::identity::CreateIdentityRequest};

use super::{
    Identities,
    service::{Operation, new_raw_id, scopes, validity},
};
use crate::domain::{
    DomainError,
    resource::Resource,
    token::{IssuedToken, TokenRequest},
};

/// A new identity.
#[derive(Debug)]
pub struct CreatedIdentity {
    /// Its raw id.
    pub raw_id: RawId,
    /// The token, if one was asked for.
    pub token: Option<IssuedToken>,
}

impl Identities {
    /// Creates an identity. Every call makes another one.
    ///
    /// # Errors
    ///
    /// [`DomainError::Invalid`] for a scope or validity that cannot be, [`DomainError::TooManyRequests`], storage.
    pub async fn create(
        &self,
        resource: &Resource,
        request: &CreateIdentityRequest,
        issuer: &str,
    ) -> Result<CreatedIdentity, DomainError> {
        self.check_rate(&resource.resource_id, Operation::Create)?;
        let scopes = scopes(
            "CreateTokenWithScopes",
            request.create_token_with_scopes.as_deref().unwrap_or_default(),
        )?;
        let validity = validity(request.expires_in_minutes)?;
        let raw_id = new_raw_id(&resource.resource_id);
        let (row_resource, row_id, now) = (resource.resource_id.clone(), raw_id.clone(), self.clock.now());
        self.storage
            .write(move |tx| {
                Box::pin(async move {
                    Ok::<_, DomainError>(tx.insert_identity(&row_resource, &row_id, now).await?)
                })
            })
            .await?;
        let token = if scopes.as_slice().is_empty() {
            None
        } else {
            let request = TokenRequest {
                raw_id: &raw_id,
                generation: 1,
                scopes: &scopes,
                validity,
                issuer,
            };
            Some(self.tokens.issue(resource, &request)?)
        };
        Ok(CreatedIdentity { raw_id, token })
    }
}
