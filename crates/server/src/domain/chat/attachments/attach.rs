//! Messages take uploads up.

use std::collections::BTreeSet;

use openline_chat::check_content;
use openline_protocol::rest::chat::{ChatAttachment, ChatAttachmentReference};

use super::super::{act::Act, open_thread::OpenThread};
use crate::{
    domain::DomainError,
    storage::{
        Transaction,
        chat::{AttachmentId, AttachmentRow, MessageRow},
    },
};

/// Files that one message can have.
const MAX_ATTACHMENTS: usize = 10;

/// Checks the text of a message, which may be empty beside files.
pub(in crate::domain::chat) fn check_content_beside(
    content: &str,
    has_attachments: bool,
) -> Result<(), DomainError> {
    if !(content.is_empty() && has_attachments) {
        check_content(content)?;
    }
    Ok(())
}

/// What a new message shows of the uploads that it names.
pub(in crate::domain::chat) async fn find_uploads(
    tx: &mut dyn Transaction,
    act: &Act,
    open: &OpenThread,
    references: &[ChatAttachmentReference],
) -> Result<Vec<ChatAttachment>, DomainError> {
    let ids = named(references)?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.push(find_upload(tx, act, open, id).await?);
    }
    Ok(found)
}

/// Ties a stored message's files to it.
pub(in crate::domain::chat) async fn attach(
    tx: &mut dyn Transaction,
    act: &Act,
    message: &MessageRow,
) -> Result<(), DomainError> {
    for attachment in &message.attachments {
        let id = AttachmentId::parse(&attachment.id).ok_or_else(no_such_upload)?;
        tx.attach_chat_attachment(&act.resource_id, id, message.message_id)
            .await?;
    }
    Ok(())
}

/// Gives a message the files that `references` name: it keeps its own, takes up uploads, and deletes the others.
pub(in crate::domain::chat) async fn replace(
    tx: &mut dyn Transaction,
    act: &Act,
    open: &OpenThread,
    message: &mut MessageRow,
    references: &[ChatAttachmentReference],
) -> Result<(), DomainError> {
    let before = std::mem::take(&mut message.attachments);
    for id in named(references)? {
        let text = id.to_string();
        let attachment = match before.iter().find(|attachment| attachment.id == text) {
            Some(kept) => kept.clone(),
            None => find_upload(tx, act, open, id).await?,
        };
        message.attachments.push(attachment);
    }
    for gone in before
        .iter()
        .filter(|before| !message.attachments.iter().any(|kept| kept.id == before.id))
    {
        if let Some(id) = AttachmentId::parse(&gone.id) {
            tx.delete_chat_attachment(&act.resource_id, id).await?;
        }
    }
    attach(tx, act, message).await
}

/// A file as messages show it, without its addresses.
pub(super) fn shown(row: &AttachmentRow) -> ChatAttachment {
    ChatAttachment {
        id: row.attachment_id.to_string(),
        attachment_type: row.attachment_type,
        name: row.name.clone(),
        url: None,
        preview_url: None,
        content_type: row.content_type.clone(),
        size_bytes: row.size_bytes,
        width: row.dimensions.map(|(width, _)| width),
        height: row.dimensions.map(|(_, height)| height),
    }
}

async fn find_upload(
    tx: &mut dyn Transaction,
    act: &Act,
    open: &OpenThread,
    id: AttachmentId,
) -> Result<ChatAttachment, DomainError> {
    let row = tx.find_chat_attachment(&act.resource_id, open.key, id).await?;
    row.filter(|row| row.uploader == act.raw_id && row.message_id.is_none())
        .map(|row| shown(&row))
        .ok_or_else(no_such_upload)
}

/// The ids, each once.
fn named(references: &[ChatAttachmentReference]) -> Result<Vec<AttachmentId>, DomainError> {
    if references.len() > MAX_ATTACHMENTS {
        let message = format!("attachments must be {MAX_ATTACHMENTS} at most.");
        return Err(invalid(message));
    }
    let ids: Option<Vec<_>> = references
        .iter()
        .map(|reference| AttachmentId::parse(&reference.id))
        .collect();
    let ids = ids.ok_or_else(no_such_upload)?;
    if ids.iter().collect::<BTreeSet<_>>().len() < ids.len() {
        return Err(invalid("attachments must name each upload once.".to_owned()));
    }
    Ok(ids)
}

fn no_such_upload() -> DomainError {
    invalid(
        "attachments must name your own uploads to this thread that no message has yet and that are not expired."
            .to_owned(),
    )
}

fn invalid(message: String) -> DomainError {
    DomainError::Invalid {
        code: "BadRequest",
        message,
        target: Some("attachments"),
    }
}
