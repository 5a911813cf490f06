//! Resources and their keys: created once, kept in memory, read again when something unknown is asked for.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use aws_lc_rs::hmac;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use openline_protocol::{Instant, ResourceId, Timestamp};
use rand::RngExt as _;
use uuid::Uuid;

use super::token::{SigningKey, VerifyingKey};
use crate::storage::{AccessKeyRow, ResourceRow, SigningKeyRow, Storage, StorageError, Transaction};

/// Length of an access key, in bytes.
const ACCESS_KEY_BYTES: usize = 64;

/// How often an unknown key may make the server read all keys again.
const RELOAD_INTERVAL: Duration = Duration::from_secs(2);

/// The longest name of a resource, in characters.
pub const MAX_NAME_CHARS: usize = 64;

/// A resource with its keys, ready to use.
#[derive(Debug)]
pub struct Resource {
    /// Its id.
    pub resource_id: ResourceId,
    /// Its name.
    pub name: String,
    access_keys: Vec<hmac::Key>,
    signing_key: SigningKey,
}

impl Resource {
    /// The keys that authenticate requests to it: primary, then secondary.
    #[must_use]
    pub fn access_keys(&self) -> &[hmac::Key] {
        &self.access_keys
    }

    /// The key that signs its tokens.
    #[must_use]
    pub fn signing_key(&self) -> &SigningKey {
        &self.signing_key
    }
}

#[derive(Debug, Default)]
struct Snapshot {
    resources: Vec<Arc<Resource>>,
    verifying_keys: HashMap<String, Arc<VerifyingKey>>,
}

/// Why a resource could not be created.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CreateResourceError {
    /// There is one of this name. Choose another name.
    #[error("there is a resource of this name already")]
    NameTaken,
    /// The name is empty, too long, or has other characters than letters, digits, `-` and `_`.
    #[error("a resource's name has 1 to {MAX_NAME_CHARS} letters, digits, `-` or `_`")]
    NameInvalid,
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// All resources of this server.
#[derive(Debug)]
pub struct Resources {
    storage: Storage,
    snapshot: RwLock<Arc<Snapshot>>,
    last_load: tokio::sync::Mutex<Instant>,
}

impl Resources {
    /// Reads the resources.
    ///
    /// # Errors
    ///
    /// Storage failed, or a stored key is damaged.
    pub async fn load(storage: Storage, now: Instant) -> Result<Self, StorageError> {
        let resources = Self {
            storage,
            snapshot: RwLock::default(),
            last_load: tokio::sync::Mutex::new(now),
        };
        resources.reload().await?;
        Ok(resources)
    }

    /// All resources, by name.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<Resource>> {
        self.current().resources.clone()
    }

    /// The resource of this id.
    #[must_use]
    pub fn find(&self, resource_id: &ResourceId) -> Option<Arc<Resource>> {
        self.current()
            .resources
            .iter()
            .find(|resource| resource.resource_id == *resource_id)
            .cloned()
    }

    /// The resource of this name.
    #[must_use]
    pub fn find_by_name(&self, name: &str) -> Option<Arc<Resource>> {
        self.current()
            .resources
            .iter()
            .find(|resource| resource.name == name)
            .cloned()
    }

    /// The key that a token names.
    #[must_use]
    pub fn verifying_key(&self, key_id: &str) -> Option<Arc<VerifyingKey>> {
        self.current().verifying_keys.get(key_id).cloned()
    }

    /// Reads everything again, after something was asked for that is not in memory: another process may have
    /// created it. Does nothing (`false`) if that was done moments ago, so that bad requests cost little.
    ///
    /// # Errors
    ///
    /// Storage failed.
    pub async fn reload_on_miss(&self, now: Instant) -> Result<bool, StorageError> {
        // Whoever finds the lock taken is served by the reload under way, or by the next request.
        let Ok(mut last_load) = self.last_load.try_lock() else {
            return Ok(false);
        };
        if now.saturating_duration_since(*last_load) < RELOAD_INTERVAL {
            return Ok(false);
        }
        *last_load = now;
        self.reload().await?;
        Ok(true)
    }

    async fn reload(&self) -> Result<(), StorageError> {
        let (resources, access_keys, signing_keys) = self
            .storage
            .read(|tx| {
                Box::pin(async move {
                    let resources = tx.list_resources().await?;
                    let access_keys = tx.list_access_keys().await?;
                    let signing_keys = tx.list_signing_keys().await?;
                    Ok::<_, StorageError>((resources, access_keys, signing_keys))
                })
            })
            .await?;
        let snapshot = Snapshot::assemble(resources, &access_keys, &signing_keys)?;
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
        Ok(())
    }

    fn current(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Snapshot {
    fn assemble(
        resources: Vec<ResourceRow>,
        access_keys: &[AccessKeyRow],
        signing_keys: &[SigningKeyRow],
    ) -> Result<Self, StorageError> {
        let mut snapshot = Self::default();
        for row in signing_keys {
            let key = VerifyingKey::from_row(row)?;
            snapshot.verifying_keys.insert(row.key_id.clone(), Arc::new(key));
        }
        for ResourceRow {
            resource_id, name, ..
        } in resources
        {
            let newest = signing_keys.iter().rfind(|row| row.resource_id == resource_id);
            let signing_key = newest.ok_or(StorageError::Corrupt {
                what: "signing key of a resource",
            })?;
            let access_keys = access_keys
                .iter()
                .filter(|row| row.resource_id == resource_id)
                .map(|row| hmac::Key::new(hmac::HMAC_SHA256, &row.secret))
                .collect();
            snapshot.resources.push(Arc::new(Resource {
                signing_key: SigningKey::from_row(signing_key)?,
                resource_id,
                name,
                access_keys,
            }));
        }
        Ok(snapshot)
    }
}

/// Creates a resource with two access keys and a signing key.
///
/// # Errors
///
/// See [`CreateResourceError`].
pub async fn create_resource(
    storage: &Storage,
    name: &str,
    now: Timestamp,
) -> Result<ResourceId, CreateResourceError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || name.len() > MAX_NAME_CHARS || !name.chars().all(allowed) {
        return Err(CreateResourceError::NameInvalid);
    }
    let resource_id = ResourceId::new(Uuid::new_v4().to_string());
    let resource = ResourceRow {
        resource_id: resource_id.clone(),
        name: name.to_owned(),
        created_on: now,
    };
    let access_keys = [1, 2].map(|slot| AccessKeyRow {
        resource_id: resource_id.clone(),
        slot,
        secret: random_bytes(ACCESS_KEY_BYTES),
        created_on: now,
    });
    let signing_key = SigningKeyRow {
        resource_id: resource_id.clone(),
        key_id: Uuid::new_v4().simple().to_string(),
        private_key: SigningKey::generate_pkcs8(),
        created_on: now,
    };
    storage
        .write(move |tx| {
            Box::pin(async move {
                tx.insert_resource(&resource).await.map_err(name_taken)?;
                for key in &access_keys {
                    tx.insert_access_key(key).await?;
                }
                Ok::<_, CreateResourceError>(tx.insert_signing_key(&signing_key).await?)
            })
        })
        .await?;
    Ok(resource_id)
}

fn name_taken(error: StorageError) -> CreateResourceError {
    if matches!(error, StorageError::Conflict) {
        CreateResourceError::NameTaken
    } else {
        error.into()
    }
}

/// The connection strings of a resource, primary first: what an app's owner configures a client with. Secret.
///
/// # Errors
///
/// Storage failed.
pub async fn connection_strings(
    storage: &Storage,
    resource_id: &ResourceId,
    endpoint: &str,
) -> Result<Vec<String>, StorageError> {
    let keys = storage
        .read(|tx: &mut dyn Transaction| tx.list_access_keys())
        .await?;
    Ok(keys
        .iter()
        .filter(|row| row.resource_id == *resource_id)
        .map(|row| {
            format!(
                "endpoint={endpoint};accesskey={}",
                BASE64_STANDARD.encode(&row.secret)
            )
        })
        .collect())
}

fn random_bytes(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    rand::rng().fill(bytes.as_mut_slice());
    bytes
}
