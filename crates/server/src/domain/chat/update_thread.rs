//! Change a thread's topic, metadata or retention.

use openline_chat::{ChatAction, check_metadata, check_retention, check_topic, merge_metadata};
use openline_protocol::{
    ThreadId,
    realtime::ChatEvent,
    rest::chat::{ChatMessageContent, ChatMessageType, UpdateChatThreadRequest},
};

use super::{Caller, Chats, open_thread::OpenThread, rates::UserRate};
use crate::{domain::DomainError, storage::chat::ThreadRow};

impl Chats {
    /// Applies a merge patch. What changes nothing is told to nobody.
    ///
    /// # Errors
    ///
    /// [`DomainError::Invalid`], [`DomainError::Forbidden`], [`DomainError::NotFound`] once the thread is
    /// deleted, [`DomainError::TooManyRequests`], storage.
    pub async fn update_thread(
        &self,
        caller: &Caller,
        thread_id: ThreadId,
        patch: UpdateChatThreadRequest,
    ) -> Result<(), DomainError> {
        let act = self.act(caller, ChatAction::UpdateThread)?;
        patch.topic.as_deref().map(check_topic).transpose()?;
        patch.retention_policy.as_ref().map(check_retention).transpose()?;
        self.storage
            .write(move |tx| {
                Box::pin(async move {
                    let mut open = OpenThread::enter(tx, &act, &thread_id, ChatAction::UpdateThread).await?;
                    act.count_for_user(UserRate::UpdateThread)?;
                    let before = open.thread.clone();
                    apply(&mut open.thread, patch)?;
                    if open.thread == before {
                        return Ok(());
                    }
                    if open.thread.topic == before.topic {
                        open.tick(act.now);
                    } else {
                        let topic = Some(open.thread.topic.clone());
                        let content = ChatMessageContent {
                            topic,
                            ..ChatMessageContent::default()
                        };
                        open.store_system_message(tx, &act, ChatMessageType::TopicUpdated, content)
                            .await?;
                    }
                    tx.update_chat_thread(&act.resource_id, open.key, &open.thread)
                        .await?;
                    let event = ChatEvent::ChatThreadPropertiesUpdated {
                        thread: open.event(),
                        updated_by: act.raw_id.clone(),
                        updated_on: act.now,
                    };
                    open.tell(tx, &act, &event, None).await
                })
            })
            .await
    }
}

fn apply(thread: &mut ThreadRow, patch: UpdateChatThreadRequest) -> Result<(), DomainError> {
    if let Some(topic) = patch.topic {
        thread.topic = topic;
    }
    if let Some(metadata) = patch.metadata {
        thread.metadata = merge_metadata(thread.metadata.take(), metadata);
        thread.metadata.as_ref().map(check_metadata).transpose()?;
    }
    if let Some(policy) = patch.retention_policy {
        thread.retention = Some(policy);
    }
    Ok(())
}
