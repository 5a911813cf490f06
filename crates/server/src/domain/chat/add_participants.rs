//! Add participants to a thread, or change those who are in it.

use openline_chat::{ChatAction, check_participant_count, granted_history, history_start};
use openline_protocol::{
    ThreadId,
    realtime::ChatEvent,
    rest::chat::{
        AddChatParticipantsRequest, AddChatParticipantsResponse, ChatMessageContent, ChatMessageType,
    },
};

use super::{
    Caller, Chats,
    act::Act,
    invite::{Invite, admit, ordinal, read_invites},
    open_thread::OpenThread,
    rates::ThreadRate,
    view,
};
use crate::{
    domain::DomainError,
    storage::{Transaction, chat::ParticipantRow},
};

impl Chats {
    /// Adds those of the named who can be in the thread; the answer says who cannot. Somebody who is in it
    /// already gets the name, history and metadata given here. What changes nothing is told to nobody.
    ///
    /// # Errors
    ///
    /// [`DomainError::Invalid`], also where the thread would become too large; [`DomainError::Forbidden`],
    /// [`DomainError::NotFound`] once the thread is deleted, [`DomainError::TooManyRequests`], storage.
    pub async fn add_participants(
        &self,
        caller: &Caller,
        thread_id: ThreadId,
        request: AddChatParticipantsRequest,
    ) -> Result<AddChatParticipantsResponse, DomainError> {
        let act = self.act(caller, ChatAction::AddParticipants)?;
        check_participant_count(request.participants.len(), 0)?;
        let invites = read_invites(request.participants)?;
        self.storage
            .write(move |tx| {
                Box::pin(async move {
                    let open = OpenThread::enter(tx, &act, &thread_id, ChatAction::AddParticipants).await?;
                    act.count_in_thread(open.key, ThreadRate::Participants)?;
                    let (admitted, refused) = admit(tx, &act, invites).await?;
                    let changes = changes(tx, &act, &open, admitted).await?;
                    if !changes.is_empty() {
                        add(tx, &act, open, changes).await?;
                    }
                    Ok(AddChatParticipantsResponse {
                        invalid_participants: (!refused.is_empty()).then_some(refused),
                    })
                })
            })
            .await
    }
}

/// A participant to store.
struct Change {
    row: ParticipantRow,
    is_new: bool,
}

/// What the admitted change in the thread.
async fn changes(
    tx: &mut dyn Transaction,
    act: &Act,
    open: &OpenThread,
    admitted: Vec<Invite>,
) -> Result<Vec<Change>, DomainError> {
    let my_history = open.me.share_history_time;
    let mut changes = Vec::with_capacity(admitted.len());
    for invite in admitted {
        let current = tx
            .find_chat_participant(&act.resource_id, open.key, &invite.raw_id)
            .await?;
        let is_new = current.is_none();
        let before = current.clone();
        let mut row = current.unwrap_or_else(|| ParticipantRow {
            raw_id: invite.raw_id,
            display_name: String::new(),
            share_history_time: granted_history(None, my_history),
            metadata: None,
            ordinal: 0,
        });
        if let Some(display_name) = invite.display_name {
            row.display_name = display_name;
        }
        if let Some(asked) = invite.share_history_time {
            let asked = history_start(asked, act.now, open.thread.version);
            row.share_history_time = granted_history(Some(asked), my_history);
        }
        if let Some(metadata) = invite.metadata {
            row.metadata = Some(metadata).filter(|metadata| !metadata.is_empty());
        }
        if before.as_ref() != Some(&row) {
            changes.push(Change { row, is_new });
        }
    }
    let in_thread = tx.count_chat_participants(&act.resource_id, open.key).await?;
    check_participant_count(
        0,
        in_thread + changes.iter().filter(|change| change.is_new).count(),
    )?;
    Ok(changes)
}

async fn add(
    tx: &mut dyn Transaction,
    act: &Act,
    mut open: OpenThread,
    changes: Vec<Change>,
) -> Result<(), DomainError> {
    let content = ChatMessageContent {
        participants: Some(
            changes
                .iter()
                .map(|change| view::participant(&change.row))
                .collect(),
        ),
        ..ChatMessageContent::default()
    };
    open.store_system_message(tx, act, ChatMessageType::ParticipantAdded, content)
        .await?;
    let event = ChatEvent::ParticipantsAdded {
        thread: open.event(),
        participants: changes
            .iter()
            .map(|change| view::event_participant(&change.row))
            .collect(),
        added_by: act.raw_id.clone(),
        added_on: act.now,
    };
    let logged = open.log(tx, act, &event, None).await?;
    for (index, Change { mut row, is_new }) in changes.into_iter().enumerate() {
        if is_new {
            row.ordinal = ordinal(logged.position, index);
            tx.open_chat_membership(&act.resource_id, open.key, &row, logged.position)
                .await?;
        } else {
            tx.update_chat_membership(&act.resource_id, open.key, &row)
                .await?;
        }
        tx.put_chat_participant(&act.resource_id, open.key, &row).await?;
    }
    let recipients = open.recipients(tx, act, None).await?;
    logged.publish(tx, &act.bus, &act.resource_id, recipients);
    Ok(())
}
