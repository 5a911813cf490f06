//! Say that one types.

use std::sync::Arc;

use openline_chat::{ChatAction, check_display_name};
use openline_protocol::{ThreadId, realtime::ChatEvent};

use super::{
    Caller, Chats,
    frame::{frame, serialise},
    open_thread::OpenThread,
    rates::ThreadRate,
};
use crate::{
    bus::{BusEvent, Publication},
    domain::DomainError,
};

impl Chats {
    /// Tells everybody in the thread who is online, the caller's own clients included. Nothing is stored.
    ///
    /// # Errors
    ///
    /// [`DomainError::Invalid`] for a name that is too long or a thread that is too large,
    /// [`DomainError::Forbidden`], [`DomainError::NotFound`] once the thread is deleted, [`DomainError::TooManyRequests`], storage.
    pub async fn send_typing(
        &self,
        caller: &Caller,
        thread_id: ThreadId,
        sender_display_name: Option<String>,
    ) -> Result<(), DomainError> {
        let act = self.act(caller, ChatAction::SendTyping)?;
        if let Some(name) = &sender_display_name {
            check_display_name("senderDisplayName", name)?;
        }
        let bus = Arc::clone(&act.bus);
        let publication = self
            .storage
            .read(move |tx| {
                Box::pin(async move {
                    let open = OpenThread::enter(tx, &act, &thread_id, ChatAction::SendTyping).await?;
                    act.count_in_thread(open.key, ThreadRate::Typing)?;
                    open.check_small(tx, &act).await?;
                    let recipients = open.recipients(tx, &act, None).await?;
                    let event = ChatEvent::TypingIndicatorReceived {
                        thread_id,
                        sender: act.raw_id,
                        sender_display_name: sender_display_name.unwrap_or(open.me.display_name),
                        received_on: act.now,
                        version: act.now.as_millis().to_string(),
                    };
                    let event = BusEvent {
                        position: None,
                        frame: frame(&serialise(&event)),
                    };
                    Ok::<_, DomainError>(Publication::Event {
                        resource_id: act.resource_id,
                        recipients,
                        event,
                    })
                })
            })
            .await?;
        bus.publish(publication);
        Ok(())
    }
}
