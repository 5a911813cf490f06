//! People with tokens, and what they do in chats: on the domain's own services, whatever door is under test.

use std::{sync::Arc, time::Duration};

use openline_protocol::{
    RawId, Scope, ThreadId,
    rest::chat::{ChatParticipant, CreateChatThreadRequest, SendChatMessageRequest},
};
use openline_server::{
    bus::Revocation,
    clock::Clock,
    domain::{
        chat::{Caller, Chats},
        identity::{Identities, IdentityLimits},
        resource::Resource,
        token::{TokenRequest, Tokens},
    },
    storage::{Storage, StorageError},
};

const HOUR: Duration = Duration::from_secs(3600);

const UNLIMITED: IdentityLimits = IdentityLimits {
    create: 0,
    issue: 0,
    revoke: 0,
    delete: 0,
    window: Duration::from_secs(30),
};

/// The people of a resource.
pub(crate) struct People {
    pub(crate) storage: Storage,
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) identities: Identities,
    pub(crate) chats: Chats,
    pub(crate) resource: Arc<Resource>,
}

/// An identity with a token.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) caller: Caller,
    pub(crate) token: String,
}

impl Person {
    pub(crate) fn raw_id(&self) -> RawId {
        self.caller.raw_id.clone()
    }
}

impl People {
    pub(crate) fn new(
        storage: Storage,
        tokens: Arc<Tokens>,
        chats: Chats,
        resource: Arc<Resource>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            identities: Identities::new(storage.clone(), Arc::clone(&tokens), clock, UNLIMITED),
            storage,
            tokens,
            chats,
            resource,
        }
    }

    /// A new identity with a token of these scopes, good for an hour.
    pub(crate) async fn person(&self, scopes: &[Scope]) -> Person {
        let request = serde_json::from_str("{}").unwrap();
        let created = self
            .identities
            .create(&self.resource, &request, "http://test/")
            .await
            .unwrap();
        self.token(&created.raw_id, scopes).await
    }

    /// Another token of the identity, good for an hour.
    pub(crate) async fn token(&self, raw_id: &RawId, scopes: &[Scope]) -> Person {
        self.token_for(raw_id, scopes, HOUR).await
    }

    /// Another token of the identity, good for so long.
    pub(crate) async fn token_for(&self, raw_id: &RawId, scopes: &[Scope], validity: Duration) -> Person {
        let (resource_id, key) = (self.resource.resource_id.clone(), raw_id.clone());
        let row = self
            .storage
            .read(move |tx| Box::pin(async move { tx.find_identity(&resource_id, &key).await }))
            .await
            .unwrap()
            .unwrap();
        let scopes = scopes.iter().copied().collect();
        let request = TokenRequest {
            raw_id,
            generation: row.token_generation,
            scopes: &scopes,
            validity,
            issuer: "http://test/",
        };
        let issued = self.tokens.issue(&self.resource, &request).unwrap();
        Person {
            caller: Caller {
                resource_id: self.resource.resource_id.clone(),
                raw_id: raw_id.clone(),
                scopes,
            },
            token: issued.token,
        }
    }

    pub(crate) async fn revoke(&self, person: &Person) {
        self.identities
            .revoke_tokens(&self.resource, &person.caller.raw_id)
            .await
            .unwrap();
    }

    /// Revokes as another process does, whose word is yet to come.
    pub(crate) async fn revoke_elsewhere(&self, raw_id: &RawId) -> Revocation {
        let (resource_id, raw_id) = (self.resource.resource_id.clone(), raw_id.clone());
        self.storage
            .write(move |tx| {
                Box::pin(async move {
                    let generation = tx.revoke_tokens(&resource_id, &raw_id).await?;
                    Ok::<_, StorageError>(Revocation {
                        resource_id,
                        raw_id,
                        generation: generation.unwrap(),
                    })
                })
            })
            .await
            .unwrap()
    }

    pub(crate) async fn thread(&self, creator: &Person, others: &[&Person]) -> ThreadId {
        let participants = others
            .iter()
            .map(|person| ChatParticipant {
                communication_identifier: (&person.caller.raw_id).into(),
                display_name: None,
                share_history_time: None,
                metadata: None,
            })
            .collect();
        let request = CreateChatThreadRequest {
            topic: "Lunch".to_owned(),
            participants: Some(participants),
            metadata: None,
            retention_policy: None,
        };
        let created = self
            .chats
            .create_thread(&creator.caller, request, None)
            .await
            .unwrap();
        ThreadId::new(created.chat_thread.id)
    }

    pub(crate) async fn send(&self, sender: &Person, thread: &ThreadId, text: &str) {
        let request = SendChatMessageRequest {
            content: text.to_owned(),
            sender_display_name: None,
            message_type: None,
            metadata: None,
            attachments: None,
        };
        self.chats
            .send_message(&sender.caller, thread.clone(), request, None)
            .await
            .unwrap();
    }

    pub(crate) async fn typing(&self, sender: &Person, thread: &ThreadId) {
        self.chats
            .send_typing(&sender.caller, thread.clone(), None)
            .await
            .unwrap();
    }
}
