//! Create a thread.

use openline_chat::{
    ChatAction, THREAD_ID_RANDOM_BYTES, check_metadata, check_participant_count, check_request_id,
    check_retention, check_topic, history_start, thread_id,
};
use openline_protocol::{
    Timestamp,
    realtime::ChatEvent,
    rest::chat::{ChatMessageContent, ChatMessageType, CreateChatThreadRequest, CreateChatThreadResponse},
};

use super::{
    Caller, Chats,
    act::Act,
    invite::{Invite, admit, ordinal, read_invites},
    open_thread::OpenThread,
    rates::UserRate,
    repeatable::{created_before, remember_created},
    view,
};
use crate::{
    domain::DomainError,
    storage::{
        Transaction,
        chat::{ParticipantRow, ThreadRow},
    },
};

impl Chats {
    /// Creates a thread with the caller and those of the named who can be in it. The same `request_id` by
    /// the same caller within 7 days gets the first answer again.
    ///
    /// # Errors
    ///
    /// [`DomainError::Invalid`], [`DomainError::Forbidden`] without the scope, [`DomainError::TooManyRequests`], storage.
    pub async fn create_thread(
        &self,
        caller: &Caller,
        request: CreateChatThreadRequest,
        request_id: Option<String>,
    ) -> Result<CreateChatThreadResponse, DomainError> {
        let act = self.act(caller, ChatAction::CreateThread)?;
        check_topic(&request.topic)?;
        request.metadata.as_ref().map(check_metadata).transpose()?;
        request
            .retention_policy
            .as_ref()
            .map(check_retention)
            .transpose()?;
        request_id.as_deref().map(check_request_id).transpose()?;
        let participants = request.participants.unwrap_or_default();
        check_participant_count(participants.len(), 0)?;
        let invites = read_invites(participants)?;
        let thread = ThreadRow {
            thread_id: thread_id(rand::random::<[u8; THREAD_ID_RANDOM_BYTES]>()),
            topic: request.topic,
            metadata: request.metadata,
            retention: request.retention_policy,
            created_on: act.now,
            created_by: act.raw_id.clone(),
            deleted_on: None,
            version: Timestamp::default(),
            last_sequence: 0,
            last_message_on: act.now,
            last_event_sequence: 0,
        };
        self.storage
            .write(move |tx| {
                Box::pin(async move {
                    let Some(request_id) = request_id else {
                        act.count_for_user(UserRate::CreateThread)?;
                        return create(tx, &act, thread, invites).await;
                    };
                    if let Some(first) = created_before(tx, &act, &request_id).await? {
                        return Ok(first);
                    }
                    act.count_for_user(UserRate::CreateThread)?;
                    let response = create(tx, &act, thread, invites).await?;
                    remember_created(tx, &act, &request_id, &response).await?;
                    Ok(response)
                })
            })
            .await
    }
}

async fn create(
    tx: &mut dyn Transaction,
    act: &Act,
    thread: ThreadRow,
    invites: Vec<Invite>,
) -> Result<CreateChatThreadResponse, DomainError> {
    let (mut admitted, refused) = admit(tx, act, invites).await?;
    // The caller comes first, by the name given for it if there is one.
    let me = admitted
        .iter()
        .position(|invite| invite.raw_id == act.raw_id)
        .map(|at| admitted.remove(at));
    admitted.insert(0, me.unwrap_or_else(|| invite_of_caller(act)));
    check_participant_count(0, admitted.len())?;
    let mut participants: Vec<_> = admitted
        .into_iter()
        .map(|invite| ParticipantRow {
            raw_id: invite.raw_id,
            display_name: invite.display_name.unwrap_or_default(),
            share_history_time: history_start(
                invite.share_history_time.unwrap_or_default(),
                act.now,
                Timestamp::default(),
            ),
            metadata: invite.metadata,
            ordinal: 0,
        })
        .collect();
    let key = tx.insert_chat_thread(&act.resource_id, &thread).await?;
    let mut open = OpenThread {
        key,
        thread,
        me: participants[0].clone(),
    };
    open.store_system_message(
        tx,
        act,
        ChatMessageType::ParticipantAdded,
        ChatMessageContent {
            participants: Some(participants.iter().map(view::participant).collect()),
            ..ChatMessageContent::default()
        },
    )
    .await?;
    let content = ChatMessageContent {
        topic: Some(open.thread.topic.clone()),
        ..ChatMessageContent::default()
    };
    open.store_system_message(tx, act, ChatMessageType::TopicUpdated, content)
        .await?;
    let event = ChatEvent::ChatThreadCreated {
        thread: open.event(),
        participants: participants.iter().map(view::event_participant).collect(),
        created_by: act.raw_id.clone(),
        created_on: open.thread.created_on,
    };
    let logged = open.log(tx, act, &event, None).await?;
    for (index, participant) in participants.iter_mut().enumerate() {
        participant.ordinal = ordinal(logged.position, index);
        tx.put_chat_participant(&act.resource_id, key, participant)
            .await?;
        tx.open_chat_membership(&act.resource_id, key, participant, logged.position)
            .await?;
    }
    logged.publish(
        tx,
        &act.bus,
        &act.resource_id,
        participants
            .into_iter()
            .map(|participant| participant.raw_id)
            .collect(),
    );
    Ok(CreateChatThreadResponse {
        chat_thread: view::thread(&open.thread),
        invalid_participants: (!refused.is_empty()).then_some(refused),
    })
}

fn invite_of_caller(act: &Act) -> Invite {
    Invite {
        raw_id: act.raw_id.clone(),
        display_name: None,
        share_history_time: None,
        metadata: None,
    }
}
