//! Ending what tokens opened once they are revoked: for whoever holds connections longer than a request.

use super::Tokens;
use crate::{
    bus::{BusItem, Revocation, Subscription},
    shutdown::Shutdown,
};

/// What was opened with tokens.
pub(crate) trait TokenHolders {
    /// Ends what the identity opened with tokens of earlier generations.
    fn end_revoked(&self, revocation: &Revocation);

    /// Looks every token up: word of some revocations was lost.
    async fn check_all(&self);
}

/// Has `holders` end what they hold as tokens are revoked, until the server stops.
pub(crate) async fn watch_revocations(
    holders: &impl TokenHolders,
    tokens: &Tokens,
    mut revocations: Subscription<Revocation>,
    shutdown: &Shutdown,
) {
    loop {
        let revocation = tokio::select! {
            () = shutdown.begun() => return,
            revocation = revocations.recv() => revocation,
        };
        match revocation {
            BusItem::Message(revocation) => {
                tokens.note_revocation(&revocation);
                holders.end_revoked(&revocation);
            }
            BusItem::Lagged => holders.check_all().await,
        }
    }
}
