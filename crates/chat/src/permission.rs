//! Who may do what: by the scopes of the token, by being in the thread, by having sent the message.

use openline_protocol::{Scope, Timestamp};

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChatAction {
    /// Create a thread.
    CreateThread,
    /// List one's own threads.
    ListThreads,
    /// Read a thread's properties, participants, messages or receipts.
    ReadThread,
    /// Change topic, metadata or retention.
    UpdateThread,
    /// Delete a thread.
    DeleteThread,
    /// Add participants.
    AddParticipants,
    /// Remove participants, oneself included.
    RemoveParticipants,
    /// Send a message.
    SendMessage,
    /// Edit or delete a message.
    ChangeMessage,
    /// Say that a message was read, or that it has arrived.
    SendReceipt,
    /// Say that one types.
    SendTyping,
}

/// What somebody is to the thread and the message concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Not in the thread, or no longer; or the action concerns no thread.
    Outsider,
    /// In the thread.
    Participant,
    /// In the thread, and the one who sent the message concerned.
    Sender,
}

/// Why not. The answer on the wire is the same for all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Denied {
    /// The token lacks a scope: ask for a token with it.
    #[error("the token has no scope for this")]
    ScopeMissing,
    /// There is no such thread for this user.
    #[error("the user is not a participant of the thread")]
    NotParticipant,
    /// Only the sender may change a message.
    #[error("the message was sent by somebody else")]
    NotSender,
}

/// Whether the token of `scopes` allows anything in chat.
#[must_use]
pub fn has_chat_scope(scopes: &[Scope]) -> bool {
    scopes.iter().any(|scope| rank(*scope) > 0)
}

/// Decides whether `action` is allowed.
///
/// # Errors
/// [`Denied`], the first reason in the order scope, thread, message.
pub fn may(action: ChatAction, scopes: &[Scope], standing: Standing) -> Result<(), Denied> {
    let held = scopes.iter().map(|scope| rank(*scope)).max().unwrap_or(0);
    if held < needed(action) {
        return Err(Denied::ScopeMissing);
    }
    match (action, standing) {
        (ChatAction::CreateThread | ChatAction::ListThreads, _) => Ok(()),
        (_, Standing::Outsider) => Err(Denied::NotParticipant),
        (ChatAction::ChangeMessage, Standing::Participant) => Err(Denied::NotSender),
        (_, Standing::Participant | Standing::Sender) => Ok(()),
    }
}

/// The history that an added participant gets to see: what was asked for, but not more than whoever adds
/// has. Otherwise a participant could add another identity, or itself again, to read what it must not.
#[must_use]
pub fn granted_history(asked: Option<Timestamp>, of_adder: Timestamp) -> Timestamp {
    asked.unwrap_or_default().max(of_adder)
}

/// The chat scopes include each other: `chat` > `chat.join` > `chat.join.limited`.
const fn rank(scope: Scope) -> u8 {
    match scope {
        Scope::Chat => 3,
        Scope::ChatJoin => 2,
        Scope::ChatJoinLimited => 1,
        Scope::Voip | Scope::VoipJoin => 0,
        // A scope that this version does not know allows nothing.
        _ => 0,
    }
}

const fn needed(action: ChatAction) -> u8 {
    match action {
        ChatAction::CreateThread | ChatAction::UpdateThread | ChatAction::DeleteThread => rank(Scope::Chat),
        ChatAction::AddParticipants | ChatAction::RemoveParticipants => rank(Scope::ChatJoin),
        ChatAction::ListThreads
        | ChatAction::ReadThread
        | ChatAction::SendMessage
        | ChatAction::ChangeMessage
        | ChatAction::SendReceipt
        | ChatAction::SendTyping => rank(Scope::ChatJoinLimited),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [ChatAction; 11] = [
        ChatAction::CreateThread,
        ChatAction::ListThreads,
        ChatAction::ReadThread,
        ChatAction::UpdateThread,
        ChatAction::DeleteThread,
        ChatAction::AddParticipants,
        ChatAction::RemoveParticipants,
        ChatAction::SendMessage,
        ChatAction::ChangeMessage,
        ChatAction::SendReceipt,
        ChatAction::SendTyping,
    ];

    fn allowed(scopes: &[Scope]) -> Vec<ChatAction> {
        ALL.into_iter()
            .filter(|action| may(*action, scopes, Standing::Sender).is_ok())
            .collect()
    }

    #[test]
    fn each_scope_allows_its_row_of_the_table() {
        use ChatAction as A;
        let limited = [
            A::ListThreads,
            A::ReadThread,
            A::SendMessage,
            A::ChangeMessage,
            A::SendReceipt,
            A::SendTyping,
        ];
        let mut join = limited.to_vec();
        join.extend([A::AddParticipants, A::RemoveParticipants]);
        assert_eq!(allowed(&[Scope::Chat]), ALL);
        assert_eq!(allowed(&[Scope::ChatJoin]).len(), join.len());
        assert!(
            join.iter()
                .all(|action| allowed(&[Scope::ChatJoin]).contains(action))
        );
        assert_eq!(allowed(&[Scope::ChatJoinLimited]), limited);
        assert_eq!(allowed(&[Scope::Voip, Scope::VoipJoin]), []);
        assert_eq!(allowed(&[Scope::Voip, Scope::ChatJoinLimited]), limited);
        assert!(!has_chat_scope(&[Scope::Voip]) && has_chat_scope(&[Scope::Voip, Scope::ChatJoin]));
    }

    #[test]
    fn an_outsider_may_only_create_and_list() {
        for action in ALL {
            let decision = may(action, &[Scope::Chat], Standing::Outsider);
            if matches!(action, ChatAction::CreateThread | ChatAction::ListThreads) {
                assert_eq!(decision, Ok(()));
            } else {
                assert_eq!(decision, Err(Denied::NotParticipant));
            }
        }
    }

    #[test]
    fn only_its_sender_changes_a_message() {
        let chat = [Scope::Chat];
        let decide = |standing| may(ChatAction::ChangeMessage, &chat, standing);
        assert_eq!(decide(Standing::Participant), Err(Denied::NotSender));
        assert_eq!(decide(Standing::Sender), Ok(()));
    }

    #[test]
    fn nobody_hands_on_more_history_than_they_see() {
        let (early, late) = (Timestamp::from_millis(10), Timestamp::from_millis(20));
        assert_eq!(granted_history(None, Timestamp::default()), Timestamp::default());
        assert_eq!(granted_history(Some(late), early), late);
        assert_eq!(granted_history(Some(early), late), late);
        assert_eq!(granted_history(None, late), late);
    }
}
