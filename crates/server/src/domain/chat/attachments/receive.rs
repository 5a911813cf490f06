//! Receiving a file from a client: as much as is allowed, for as long as it keeps coming.

use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt as _, stream::BoxStream};

use crate::{
    domain::DomainError,
    storage::objects::{Objects, StagedFile},
};

/// How long a client may take between two pieces.
const STALL: Duration = Duration::from_secs(30);

/// The connection broke in the middle of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyBroken;

/// A body as it comes in.
pub type UploadBody = BoxStream<'static, Result<Bytes, BodyBroken>>;

/// Receives a file. What breaks off, stalls or is too large leaves nothing.
pub(super) async fn receive(
    objects: &Objects,
    mut body: UploadBody,
    max_bytes: u64,
) -> Result<StagedFile, DomainError> {
    let mut file = objects.stage().await?;
    loop {
        let piece = match tokio::time::timeout(STALL, body.next()).await {
            Ok(None) => break,
            Ok(Some(Ok(piece))) => piece,
            Ok(Some(Err(BodyBroken))) | Err(_) => {
                return Err(DomainError::bad_request("The body ended early."));
            }
        };
        if file.size_bytes() + piece.len() as u64 > max_bytes {
            return Err(DomainError::TooLarge {
                limit_bytes: max_bytes,
            });
        }
        file.write(&piece).await?;
    }
    if file.size_bytes() == 0 {
        return Err(DomainError::bad_request("The file is empty."));
    }
    Ok(file.finish().await?)
}
