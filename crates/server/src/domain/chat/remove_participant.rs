//! Remove a participant from a thread, or leave it.

use openline_chat::ChatAction;
use openline_protocol::{
    CommunicationIdentifierModel, ThreadId,
    realtime::ChatEvent,
    rest::chat::{ChatMessageContent, ChatMessageType},
};

use super::{Caller, Chats, invite::read_identifier, open_thread::OpenThread, rates::ThreadRate, view};
use crate::{domain::DomainError, storage::chat::MembershipEnd};

impl Chats {
    /// Removes a participant, who may be the caller. The removal is the last the removed one learns of the
    /// thread. Removing somebody who is not in it changes nothing, so that the request can be repeated.
    ///
    /// # Errors
    ///
    /// [`DomainError::Invalid`] for an identifier that names nobody, [`DomainError::Forbidden`],
    /// [`DomainError::NotFound`] once the thread is deleted, [`DomainError::TooManyRequests`], storage.
    pub async fn remove_participant(
        &self,
        caller: &Caller,
        thread_id: ThreadId,
        identifier: &CommunicationIdentifierModel,
    ) -> Result<(), DomainError> {
        let act = self.act(caller, ChatAction::RemoveParticipants)?;
        let raw_id = read_identifier(identifier)?;
        self.storage
            .write(move |tx| {
                Box::pin(async move {
                    let action = ChatAction::RemoveParticipants;
                    let mut open = OpenThread::enter(tx, &act, &thread_id, action).await?;
                    act.count_in_thread(open.key, ThreadRate::Participants)?;
                    let found = tx
                        .find_chat_participant(&act.resource_id, open.key, &raw_id)
                        .await?;
                    let Some(removed) = found else { return Ok(()) };
                    let content = ChatMessageContent {
                        participants: Some(vec![view::participant(&removed)]),
                        ..ChatMessageContent::default()
                    };
                    open.store_system_message(tx, &act, ChatMessageType::ParticipantRemoved, content)
                        .await?;
                    let event = ChatEvent::ParticipantsRemoved {
                        thread: open.event(),
                        participants: vec![view::event_participant(&removed)],
                        removed_by: act.raw_id.clone(),
                        removed_on: act.now,
                    };
                    let logged = open.log(tx, &act, &event, None).await?;
                    // Before the removal, so that the removed one is among them.
                    let recipients = open.recipients(tx, &act, None).await?;
                    tx.delete_chat_participant(&act.resource_id, open.key, &raw_id)
                        .await?;
                    let end = MembershipEnd {
                        position: logged.position,
                        topic: open.thread.topic.clone(),
                        last_message_on: open.thread.last_message_on,
                    };
                    tx.close_chat_membership(&act.resource_id, open.key, &raw_id, &end)
                        .await?;
                    logged.publish(tx, &act.bus, &act.resource_id, recipients);
                    Ok(())
                })
            })
            .await
    }
}
