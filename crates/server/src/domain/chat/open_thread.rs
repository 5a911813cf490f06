//! A thread somebody may act in, inside a transaction: its row, its clock, and how its changes are told.

use openline_chat::{ChatAction, Standing, limits, next_sequence, next_version};
use openline_protocol::{
    RawId, ThreadId, Timestamp,
    realtime::{ChatEvent, ChatThreadEvent},
    rest::chat::{ChatMessageContent, ChatMessageType},
};

use super::{
    act::Act,
    logged::{Logged, Told},
    refusal::{MESSAGE_NOT_FOUND, thread_too_large},
    view,
};
use crate::{
    domain::DomainError,
    storage::{
        Transaction,
        chat::{MessageRow, ParticipantRow, ThreadKey, ThreadRow, ThreadView},
    },
};

/// A thread and the actor in it.
pub(super) struct OpenThread {
    pub(super) key: ThreadKey,
    pub(super) thread: ThreadRow,
    pub(super) me: ParticipantRow,
}

impl OpenThread {
    /// Opens a thread for `action`.
    ///
    /// # Errors
    ///
    /// [`DomainError::Forbidden`] for an unknown thread just as for one the actor is not in;
    /// [`DomainError::NotFound`] for a participant of a deleted thread.
    pub(super) async fn enter(
        tx: &mut dyn Transaction,
        act: &Act,
        thread_id: &ThreadId,
        action: ChatAction,
    ) -> Result<Self, DomainError> {
        let view = Self::look_up(tx, act, thread_id).await?;
        Self::open(view, act, action)
    }

    /// As [`Self::enter`], but a deleted thread opens too.
    pub(super) async fn enter_deleted(
        tx: &mut dyn Transaction,
        act: &Act,
        thread_id: &ThreadId,
        action: ChatAction,
    ) -> Result<Self, DomainError> {
        let view = Self::look_up(tx, act, thread_id).await?;
        Self::open_deleted(view, act, action)
    }

    /// The first half of [`Self::enter`].
    pub(super) async fn look_up(
        tx: &mut dyn Transaction,
        act: &Act,
        thread_id: &ThreadId,
    ) -> Result<Option<ThreadView>, DomainError> {
        Ok(tx
            .find_chat_thread(&act.resource_id, thread_id, &act.raw_id)
            .await?)
    }

    /// The second half of [`Self::enter`].
    pub(super) fn open(view: Option<ThreadView>, act: &Act, action: ChatAction) -> Result<Self, DomainError> {
        let open = Self::open_deleted(view, act, action)?;
        if open.thread.deleted_on.is_some() {
            return Err(DomainError::NotFound { what: "thread" });
        }
        Ok(open)
    }

    /// As [`Self::open`], for what the actor has there, in it or not any more.
    pub(super) fn open_as_owner(view: ThreadView, act: &Act) -> Result<Self, DomainError> {
        if view.thread.deleted_on.is_some() {
            return Err(DomainError::NotFound { what: "thread" });
        }
        let nobody = ParticipantRow {
            raw_id: act.raw_id.clone(),
            display_name: String::new(),
            share_history_time: act.now,
            metadata: None,
            ordinal: 0,
        };
        Ok(Self {
            key: view.key,
            thread: view.thread,
            me: view.participant.unwrap_or(nobody),
        })
    }

    fn open_deleted(view: Option<ThreadView>, act: &Act, action: ChatAction) -> Result<Self, DomainError> {
        let Some((key, thread, me)) = view.and_then(|view| Some((view.key, view.thread, view.participant?)))
        else {
            act.may(action, Standing::Outsider)?;
            return Err(DomainError::Forbidden);
        };
        // Whose a message is, the use cases on messages decide.
        act.may(action, Standing::Sender)?;
        Ok(Self { key, thread, me })
    }

    /// The version of the change that is being made.
    pub(super) fn tick(&mut self, now: Timestamp) -> Timestamp {
        self.thread.version = next_version(now, self.thread.version);
        self.thread.version
    }

    /// The thread as events carry it.
    pub(super) fn event(&self) -> ChatThreadEvent {
        view::event_thread(&self.thread)
    }

    /// A message that the actor sees, by the id in a request.
    pub(super) async fn message(
        &self,
        tx: &mut dyn Transaction,
        act: &Act,
        message_id: &str,
    ) -> Result<MessageRow, DomainError> {
        let id = parse_message_id(message_id).ok_or(MESSAGE_NOT_FOUND)?;
        if id < self.me.share_history_time {
            return Err(MESSAGE_NOT_FOUND);
        }
        tx.find_chat_message(&act.resource_id, self.key, id)
            .await?
            .ok_or(MESSAGE_NOT_FOUND)
    }

    /// Gives `message` its id and place and stores it. The thread's clock is saved by [`Self::log`].
    pub(super) async fn store_message(
        &mut self,
        tx: &mut dyn Transaction,
        act: &Act,
        mut message: MessageRow,
    ) -> Result<MessageRow, DomainError> {
        let version = self.tick(act.now);
        self.thread.last_sequence = next_sequence(self.thread.last_sequence);
        self.thread.last_message_on = version;
        message.message_id = version;
        message.version = version;
        message.sequence = self.thread.last_sequence;
        tx.insert_chat_message(&act.resource_id, self.key, &message)
            .await?;
        Ok(message)
    }

    /// Stores a system message.
    pub(super) async fn store_system_message(
        &mut self,
        tx: &mut dyn Transaction,
        act: &Act,
        message_type: ChatMessageType,
        content: ChatMessageContent,
    ) -> Result<(), DomainError> {
        let content = ChatMessageContent {
            initiator_communication_identifier: Some((&act.raw_id).into()),
            ..content
        };
        let json =
            serde_json::to_string(&content).expect("content has string keys and no failing serialiser");
        self.store_message(tx, act, new_message(message_type, None, json))
            .await?;
        Ok(())
    }

    /// Appends an event to the log and saves the thread's clock: every change is told. `about_on` is the
    /// creation time of the message it tells of.
    pub(super) async fn log(
        &mut self,
        tx: &mut dyn Transaction,
        act: &Act,
        event: &ChatEvent,
        about_on: Option<Timestamp>,
    ) -> Result<Logged, DomainError> {
        let told = Told {
            event,
            about_on,
            now: act.now,
        };
        Logged::append(tx, &act.resource_id, self.key, &mut self.thread, told).await
    }

    /// Who is told: everybody in the thread, or those who share the history of `about_on`.
    pub(super) async fn recipients(
        &self,
        tx: &mut dyn Transaction,
        act: &Act,
        about_on: Option<Timestamp>,
    ) -> Result<Vec<RawId>, DomainError> {
        Ok(tx
            .list_chat_recipients(&act.resource_id, self.key, about_on)
            .await?)
    }

    /// Logs an event and has everybody in the thread told of it after the commit.
    pub(super) async fn tell(
        &mut self,
        tx: &mut dyn Transaction,
        act: &Act,
        event: &ChatEvent,
        about_on: Option<Timestamp>,
    ) -> Result<(), DomainError> {
        let logged = self.log(tx, act, event, about_on).await?;
        let recipients = self.recipients(tx, act, about_on).await?;
        logged.publish(tx, &act.bus, &act.resource_id, recipients);
        Ok(())
    }

    /// Refuses what only small threads have.
    pub(super) async fn check_small(&self, tx: &mut dyn Transaction, act: &Act) -> Result<(), DomainError> {
        let participants = tx.count_chat_participants(&act.resource_id, self.key).await?;
        if participants > limits::MAX_PARTICIPANTS_FOR_PRESENCE {
            return Err(thread_too_large());
        }
        Ok(())
    }
}

/// A message before [`OpenThread::store_message`] gives it its place.
pub(super) fn new_message(
    message_type: ChatMessageType,
    sender: Option<RawId>,
    content: String,
) -> MessageRow {
    MessageRow {
        message_id: Timestamp::default(),
        sequence: 0,
        version: Timestamp::default(),
        message_type,
        sender,
        sender_display_name: String::new(),
        content: Some(content),
        metadata: None,
        attachments: Vec::new(),
        edited_on: None,
        deleted_on: None,
    }
}

/// The id of a message, if the text can be one.
fn parse_message_id(text: &str) -> Option<Timestamp> {
    let decimal = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let millis = if decimal { text.parse().ok()? } else { return None };
    (millis <= i64::MAX.cast_unsigned()).then(|| Timestamp::from_millis(millis))
}
