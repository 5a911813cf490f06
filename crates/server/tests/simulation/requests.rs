//! What clients ask over REST: here as calls of the use cases that the routes make.

use std::collections::BTreeMap;

use openline_chat::PageRequest;
use openline_protocol::{
    CommunicationIdentifierModel, MessageId, RawId, ThreadId,
    rest::chat::{
        AddChatParticipantsRequest, ChatMessage, ChatMessageType, ChatParticipant, CreateChatThreadRequest,
        SendChatMessageRequest, UpdateChatMessageRequest, UpdateChatThreadRequest,
    },
};
use openline_server::{
    domain::{
        DomainError,
        chat::{Caller, Chats},
    },
    storage::chat::ReceiptKind,
};

use crate::copy::{Message, Thread};

#[derive(Debug, Clone)]
pub(crate) enum Request {
    /// The key is the text: all of them are different.
    Send {
        thread: ThreadId,
        text: String,
    },
    /// The key is the topic.
    Create {
        topic: String,
        people: Vec<RawId>,
    },
    Edit {
        thread: ThreadId,
        message: u64,
        text: String,
    },
    Delete {
        thread: ThreadId,
        message: u64,
    },
    Add {
        thread: ThreadId,
        who: RawId,
        since: Option<String>,
    },
    Remove {
        thread: ThreadId,
        who: RawId,
    },
    Rename {
        thread: ThreadId,
        topic: String,
    },
    Drop {
        thread: ThreadId,
    },
    Read {
        thread: ThreadId,
        message: u64,
    },
    /// The name is of this notification alone.
    Type {
        thread: ThreadId,
        name: String,
    },
    List,
    Load {
        thread: ThreadId,
        number: u64,
    },
}

#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// There was none. The request may have been carried out.
    Lost,
    /// For good.
    Refused,
    Done,
    Sent(MessageId),
    Created(ThreadId),
    Threads(Vec<ThreadId>),
    Loaded(Thread),
    /// The server failed, which nothing here makes it do.
    Failed(String),
}

impl Answer {
    /// For the journal.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Lost => "lost".to_owned(),
            Self::Refused => "refused".to_owned(),
            Self::Done => "done".to_owned(),
            Self::Sent(id) => format!("sent as {}", id.as_str()),
            Self::Created(_) => "created".to_owned(),
            Self::Threads(threads) => format!("{} threads", threads.len()),
            Self::Loaded(thread) => format!("{} messages", thread.messages.len()),
            Self::Failed(error) => error.clone(),
        }
    }
}

impl Request {
    /// Whether it is repeated until it is answered.
    pub(crate) const fn must_be_answered(&self) -> bool {
        matches!(
            self,
            Self::Send { .. } | Self::Create { .. } | Self::List | Self::Load { .. }
        )
    }

    /// Whether the server changes anything for it.
    pub(crate) const fn writes(&self) -> bool {
        !matches!(self, Self::Type { .. } | Self::List | Self::Load { .. })
    }

    /// Whether it is repeated under a key, so that it is done once.
    pub(crate) const fn has_key(&self) -> bool {
        matches!(self, Self::Send { .. } | Self::Create { .. })
    }

    /// Whether a network may deliver it twice: what is repeated under its key, and what changes nothing the second
    /// time.
    pub(crate) const fn may_arrive_twice(&self) -> bool {
        matches!(
            self,
            Self::Send { .. } | Self::Create { .. } | Self::Delete { .. } | Self::Drop { .. }
        )
    }

    /// For the journal. Thread ids are random, so they are numbered.
    pub(crate) fn describe(&self, number: impl Fn(&ThreadId) -> usize) -> String {
        match self {
            Self::Send { thread, text } => format!("send {text} in {}", number(thread)),
            Self::Create { topic, people } => format!("create {topic} with {}", people.len()),
            Self::Edit { thread, message, .. } => format!("edit {message} in {}", number(thread)),
            Self::Delete { thread, message } => format!("delete {message} in {}", number(thread)),
            Self::Add { thread, who, since } => format!("add {who} since {since:?} to {}", number(thread)),
            Self::Remove { thread, who } => format!("remove {who} from {}", number(thread)),
            Self::Rename { thread, topic } => format!("rename {} to {topic}", number(thread)),
            Self::Drop { thread } => format!("delete thread {}", number(thread)),
            Self::Read { thread, message } => format!("read {message} in {}", number(thread)),
            Self::Type { thread, .. } => format!("type in {}", number(thread)),
            Self::List => "list threads".to_owned(),
            Self::Load { thread, number: load } => format!("load {} ({load})", number(thread)),
        }
    }

    pub(crate) async fn run(self, chats: &Chats, caller: &Caller) -> Answer {
        match self.ask(chats, caller).await {
            Ok(answer) => answer,
            Err(DomainError::Invalid { .. } | DomainError::Forbidden | DomainError::NotFound { .. }) => {
                Answer::Refused
            }
            Err(error) => Answer::Failed(error.to_string()),
        }
    }

    async fn ask(self, chats: &Chats, caller: &Caller) -> Result<Answer, DomainError> {
        let done = |()| Answer::Done;
        match self {
            Self::Send { thread, text } => {
                let request = SendChatMessageRequest {
                    content: text.clone(),
                    sender_display_name: None,
                    message_type: None,
                    metadata: None,
                    attachments: None,
                };
                let sent = chats.send_message(caller, thread, request, Some(text)).await?;
                Ok(Answer::Sent(sent))
            }
            Self::Create { topic, people } => {
                let request = CreateChatThreadRequest {
                    topic: topic.clone(),
                    participants: Some(people.iter().map(|who| participant(who, None)).collect()),
                    metadata: None,
                    retention_policy: None,
                };
                let created = chats.create_thread(caller, request, Some(topic)).await?;
                Ok(Answer::Created(ThreadId::new(created.chat_thread.id)))
            }
            Self::Edit {
                thread,
                message,
                text,
            } => {
                let patch = UpdateChatMessageRequest {
                    content: Some(text),
                    ..UpdateChatMessageRequest::default()
                };
                chats
                    .edit_message(caller, thread, message.to_string(), patch)
                    .await
                    .map(done)
            }
            Self::Delete { thread, message } => chats
                .delete_message(caller, thread, message.to_string())
                .await
                .map(done),
            Self::Add { thread, who, since } => {
                let participants = vec![participant(&who, since)];
                let request = AddChatParticipantsRequest { participants };
                chats.add_participants(caller, thread, request).await?;
                Ok(Answer::Done)
            }
            Self::Remove { thread, who } => {
                let who = CommunicationIdentifierModel::from(&who);
                chats.remove_participant(caller, thread, &who).await.map(done)
            }
            Self::Rename { thread, topic } => {
                let patch = UpdateChatThreadRequest {
                    topic: Some(topic),
                    ..UpdateChatThreadRequest::default()
                };
                chats.update_thread(caller, thread, patch).await.map(done)
            }
            Self::Drop { thread } => chats.delete_thread(caller, thread).await.map(done),
            Self::Read { thread, message } => chats
                .send_receipt(caller, thread, ReceiptKind::Read, message.to_string())
                .await
                .map(done),
            Self::Type { thread, name } => chats.send_typing(caller, thread, Some(name)).await.map(done),
            Self::List => list(chats, caller).await.map(Answer::Threads),
            Self::Load { thread, .. } => load(chats, caller, &thread).await.map(Answer::Loaded),
        }
    }
}

/// The caller's threads that are not deleted. It may have been removed from some.
pub(crate) async fn list(chats: &Chats, caller: &Caller) -> Result<Vec<ThreadId>, DomainError> {
    let page = chats.list_threads(caller, None, None, 200).await?;
    assert!(page.next.is_none(), "more threads than a page holds");
    let present = page.items.into_iter().filter(|item| item.deleted_on.is_none());
    Ok(present.map(|item| ThreadId::new(item.id)).collect())
}

/// The thread as the server has it for the caller.
pub(crate) async fn load(chats: &Chats, caller: &Caller, id: &ThreadId) -> Result<Thread, DomainError> {
    let topic = chats.get_thread(caller, id.clone()).await?.topic;
    let page = PageRequest { skip: 0, size: 100 };
    let people = chats.list_participants(caller, id.clone(), page).await?.items;
    let mut messages = BTreeMap::new();
    let mut cursor = None;
    loop {
        let page = chats.list_messages(caller, id.clone(), None, cursor, 200).await?;
        messages.extend(page.items.into_iter().filter_map(message));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let people = people
        .iter()
        .map(|person| {
            person
                .communication_identifier
                .raw_id
                .clone()
                .expect("the server names it")
        })
        .collect();
    Ok(Thread {
        topic,
        people,
        messages,
    })
}

/// What somebody sent; system messages have no events of their own.
fn message(message: ChatMessage) -> Option<(u64, Message)> {
    if !matches!(message.message_type, ChatMessageType::Text) {
        return None;
    }
    let sender = message
        .sender_communication_identifier
        .and_then(|model| model.raw_id);
    let copy = Message {
        version: message.version.parse().unwrap(),
        sender,
        content: message.content.and_then(|content| content.message),
    };
    Some((message.id.parse().unwrap(), copy))
}

fn participant(who: &RawId, since: Option<String>) -> ChatParticipant {
    ChatParticipant {
        communication_identifier: who.into(),
        display_name: None,
        share_history_time: since,
        metadata: None,
    }
}
