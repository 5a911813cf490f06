//! Who is named in a request, and who of them can be in a thread.

use std::collections::{BTreeMap, HashSet};

use openline_chat::{check_display_name, check_metadata};
use openline_protocol::{
    CommunicationIdentifier, CommunicationIdentifierModel, ErrorBody, RawId, Timestamp,
    rest::chat::ChatParticipant,
};

use super::{act::Act, parse_iso, refusal::identifier_invalid, view::invalid_participant};
use crate::{domain::DomainError, storage::Transaction};

/// Somebody named in a request, its fields checked.
pub(super) struct Invite {
    pub(super) raw_id: RawId,
    pub(super) display_name: Option<String>,
    pub(super) share_history_time: Option<Timestamp>,
    pub(super) metadata: Option<BTreeMap<String, String>>,
}

/// Reads the participants of a request. Of several entries for one identity the first counts.
pub(super) fn read_invites(participants: Vec<ChatParticipant>) -> Result<Vec<Invite>, DomainError> {
    let mut seen = HashSet::new();
    let mut invites = Vec::with_capacity(participants.len());
    for participant in participants {
        let raw_id = read_identifier(&participant.communication_identifier)?;
        if let Some(name) = &participant.display_name {
            check_display_name("displayName", name)?;
        }
        if let Some(metadata) = &participant.metadata {
            check_metadata(metadata)?;
        }
        let share_history_time = participant
            .share_history_time
            .map(|text| {
                parse_iso(&text).ok_or_else(|| DomainError::Invalid {
                    code: "BadRequest",
                    message: "shareHistoryTime must be a time such as 2024-05-14T07:51:06Z.".to_owned(),
                    target: Some("shareHistoryTime"),
                })
            })
            .transpose()?;
        if seen.insert(raw_id.clone()) {
            invites.push(Invite {
                raw_id,
                display_name: participant.display_name,
                share_history_time,
                metadata: participant.metadata,
            });
        }
    }
    Ok(invites)
}

/// Reads who is meant.
pub(super) fn read_identifier(model: &CommunicationIdentifierModel) -> Result<RawId, DomainError> {
    let identifier = CommunicationIdentifier::try_from(model).map_err(|_invalid| identifier_invalid())?;
    Ok(identifier.raw_id())
}

/// Parts those who can be in a thread from those who cannot, with the reason.
pub(super) async fn admit(
    tx: &mut dyn Transaction,
    act: &Act,
    invites: Vec<Invite>,
) -> Result<(Vec<Invite>, Vec<ErrorBody>), DomainError> {
    let mut admitted = Vec::with_capacity(invites.len());
    let mut refused = Vec::new();
    for invite in invites {
        let raw_id = &invite.raw_id;
        if !raw_id.belongs_to(&act.resource_id) {
            refused.push(invalid_participant(raw_id, "403", "Permissions check failed"));
            continue;
        }
        match tx.find_identity(&act.resource_id, raw_id).await? {
            Some(identity) if identity.deleted_on.is_none() => admitted.push(invite),
            Some(_) | None => refused.push(invalid_participant(raw_id, "404", "Not found")),
        }
    }
    Ok((admitted, refused))
}

/// A participant's place in the list: by the position of the event it came with, then by the order there.
/// A call names at most 200, so 8 bits hold the order.
pub(super) fn ordinal(position: u64, index: usize) -> u64 {
    position
        .saturating_mul(256)
        .saturating_add(u64::try_from(index.min(255)).unwrap_or(255))
}
