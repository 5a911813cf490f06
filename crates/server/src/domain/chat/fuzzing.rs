//! See [`crate::fuzzing`].

use openline_protocol::{RawId, rest::chat::ChatParticipant};

use super::invite::read_invites;

/// The identities that a request names, if it may.
#[must_use]
pub fn invited(participants: Vec<ChatParticipant>) -> Option<Vec<RawId>> {
    let invites = read_invites(participants).ok()?;
    Some(invites.into_iter().map(|invite| invite.raw_id).collect())
}
