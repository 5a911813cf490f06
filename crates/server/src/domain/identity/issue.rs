//! Issue a token for an identity.

use openline_protocol::{RawId, rest::identity::IssueAccessTokenRequest};

use super::{
    Identities,
    service::{Operation, check_id, scopes, validity},
};
use crate::{
    domain::{
        DomainError,
        resource::Resource,
        token::{IssuedToken, TokenRequest},
    },
    storage::IdentityRow,
};

impl Identities {
    /// Issues a token. Reads only: what a token is good for stands in it.
    ///
    /// # Errors
    ///
    /// [`DomainError::Invalid`] for an id of another form, missing or unknown scopes or a validity out of range,
    /// [`DomainError::NotFound`] for an unknown or deleted identity, [`DomainError::TooManyRequests`], storage.
    pub async fn issue_token(
        &self,
        resource: &Resource,
        raw_id: &RawId,
        request: &IssueAccessTokenRequest,
        issuer: &str,
    ) -> Result<IssuedToken, DomainError> {
        self.check_rate(&resource.resource_id, Operation::Issue)?;
        check_id(raw_id)?;
        let names = request.scopes.as_deref().unwrap_or_default();
        if names.is_empty() {
            return Err(DomainError::validation(
                "Scopes",
                "Scopes: The Scopes field is required.",
            ));
        }
        let scopes = scopes("Scopes", names)?;
        let validity = validity(request.expires_in_minutes)?;
        let identity = self.existing(resource, raw_id).await?;
        let generation = identity.token_generation;
        let request = TokenRequest {
            raw_id,
            generation,
            scopes: &scopes,
            validity,
            issuer,
        };
        Ok(self.tokens.issue(resource, &request)?)
    }

    /// Checks that there is such an identity.
    ///
    /// # Errors
    ///
    /// [`DomainError::Invalid`] for an id of another form, or of no identity of the resource, storage.
    pub async fn check_exists(&self, resource: &Resource, raw_id: &RawId) -> Result<(), DomainError> {
        check_id(raw_id)?;
        match self.existing(resource, raw_id).await {
            Ok(_) => Ok(()),
            Err(DomainError::NotFound { .. }) => {
                let message = "The id is not that of an identity of this resource.";
                Err(DomainError::validation("id", message))
            }
            Err(error) => Err(error),
        }
    }

    async fn existing(&self, resource: &Resource, raw_id: &RawId) -> Result<IdentityRow, DomainError> {
        let (resource_id, row_id) = (resource.resource_id.clone(), raw_id.clone());
        self.storage
            .read(move |tx| {
                Box::pin(async move { Ok::<_, DomainError>(tx.find_identity(&resource_id, &row_id).await?) })
            })
            .await?
            .filter(|identity| identity.deleted_on.is_none())
            .ok_or(DomainError::NotFound { what: "identity" })
    }
}
