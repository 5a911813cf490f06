//! The sample page's own identity service: a typed name stands for a person. It is what an app's owner writes;
//! the server has it in dev mode only.

use std::{sync::Arc, time::Duration};

use openline_protocol::{RawId, Scope};

use super::{
    DomainError,
    identity::MAX_VALIDITY_MINUTES,
    identity::new_raw_id,
    resource::Resource,
    token::{IssuedToken, Scopes, TokenRequest, Tokens},
};
use crate::{
    clock::Clock,
    storage::{DemoPersonRow, Storage},
};

/// The longest name, in characters.
const MAX_NAME_CHARS: usize = 64;

/// People in the list at most.
const MAX_PEOPLE: u32 = 1000;

/// Somebody who signed in on the sample page.
#[derive(Debug)]
pub struct SignedIn {
    /// The name as first typed.
    pub display_name: String,
    /// The identity.
    pub raw_id: RawId,
    /// A token for chat and calls.
    pub token: IssuedToken,
}

/// The sample page's people.
pub struct Demo {
    storage: Storage,
    tokens: Arc<Tokens>,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Demo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Demo").finish_non_exhaustive()
    }
}

impl Demo {
    /// The sample page's people in `storage`.
    #[must_use]
    pub fn new(storage: Storage, tokens: Arc<Tokens>, clock: Arc<dyn Clock>) -> Self {
        Self {
            storage,
            tokens,
            clock,
        }
    }

    /// Finds or creates the identity of a name and issues a token for it.
    ///
    /// # Errors
    ///
    /// [`DomainError::Invalid`] for a name that is empty or too long; storage.
    pub async fn sign_in(
        &self,
        resource: &Resource,
        name: &str,
        issuer: &str,
    ) -> Result<SignedIn, DomainError> {
        let name = name.trim();
        let length = name.chars().count();
        if length == 0 || length > MAX_NAME_CHARS || name.chars().any(char::is_control) {
            return Err(DomainError::validation(
                "name",
                format!("A name has 1 to {MAX_NAME_CHARS} characters, none of them a control character."),
            ));
        }
        let (name, name_key) = (name.to_owned(), name.to_lowercase());
        let (resource_id, now) = (resource.resource_id.clone(), self.clock.now());
        let (person, generation) = self
            .storage
            .write(move |tx| {
                Box::pin(async move {
                    if let Some(person) = tx.find_demo_person(&resource_id, &name_key).await? {
                        let identity = tx.find_identity(&resource_id, &person.raw_id).await?;
                        let identity = identity.ok_or(DomainError::NotFound { what: "identity" })?;
                        return Ok((person, identity.token_generation));
                    }
                    let person = DemoPersonRow {
                        name,
                        raw_id: new_raw_id(&resource_id),
                    };
                    tx.insert_identity(&resource_id, &person.raw_id, now).await?;
                    tx.put_demo_person(&resource_id, &name_key, &person).await?;
                    Ok::<_, DomainError>((person, 1))
                })
            })
            .await?;
        let request = TokenRequest {
            raw_id: &person.raw_id,
            generation,
            scopes: &[Scope::Chat, Scope::Voip].into_iter().collect::<Scopes>(),
            validity: Duration::from_secs(MAX_VALIDITY_MINUTES.unsigned_abs() * 60),
            issuer,
        };
        let token = self.tokens.issue(resource, &request)?;
        Ok(SignedIn {
            display_name: person.name,
            raw_id: person.raw_id,
            token,
        })
    }

    /// Everybody who ever signed in, by name, at most 1,000.
    ///
    /// # Errors
    ///
    /// Storage failed.
    pub async fn people(&self, resource: &Resource) -> Result<Vec<DemoPersonRow>, DomainError> {
        let resource_id = resource.resource_id.clone();
        self.storage
            .read(move |tx| {
                Box::pin(
                    async move { Ok::<_, DomainError>(tx.list_demo_people(&resource_id, MAX_PEOPLE).await?) },
                )
            })
            .await
    }
}
