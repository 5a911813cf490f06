//! Tokens for the connection, from the credentials of its users.

use std::{rc::Rc, time::Duration};

use openline_identity::AccessToken;
use openline_protocol::RawId;
use openline_session::TokenFailure;

use super::{ConnectionError, shared::Shared};
use crate::{
    browser::{clock, timer::sleep},
    js::{
        credential::{CredentialHandle, claims},
        promise::spawn,
    },
};

/// How long before the end another token is insisted on. A credential has one by itself once less than
/// `openline_identity::EXPIRY_MARGIN` is left.
const LAST_CALL: Duration = Duration::from_secs(4);

/// Whose connection it is, as its first token says, and what that token allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Principal {
    pub(super) identity: RawId,
    /// A connection is not shared with a token of other scopes: one could not subscribe to what the other may.
    scopes: Option<String>,
}

/// The first token of a connection, and whose it is; `None` where it does not say.
pub(super) async fn first_token(
    credential: &CredentialHandle,
) -> Result<(AccessToken, Option<Principal>), ConnectionError> {
    let token = credential.get_token(None).await;
    let token = token.map_err(|unavailable| ConnectionError::TokenUnavailable(Some(unavailable.error)))?;
    let principal = claims(&token.token).and_then(|claims| {
        Some(Principal {
            identity: claims.identity()?,
            scopes: claims.acs_scope,
        })
    });
    Ok((token, principal))
}

impl Shared {
    /// Answers the session's question for a token. `force`: the last one was refused.
    pub(super) fn fetch_token(self: &Rc<Self>, force: bool) {
        let known = self
            .first_token
            .take()
            .filter(|token| !force && !token.has_expired(clock::wall()));
        // One that was sent on a live socket may have come too late to be judged.
        let judged = force && self.token_greeted.get();
        let refused = self.token.borrow().clone().filter(|_| judged);
        let shared = Rc::clone(self);
        spawn(async move {
            let token = match known {
                Some(token) => Ok(token),
                None => shared.ask_credentials(refused.as_deref()).await,
            };
            let refused_again = |token: &AccessToken| {
                let judged = shared.token_greeted.get() && shared.sent_token(token);
                force && (judged || token.has_expired(clock::wall()))
            };
            let token = match token {
                // A fixed token, most likely: the server will refuse it for ever.
                Ok(token) if refused_again(&token) => Err(TokenFailure::Permanent),
                Ok(token) => {
                    shared.note_sent(&token, true);
                    Ok(token.token)
                }
                Err(failure) => Err(failure),
            };
            shared.with_session(|session, now| session.token_ready(token, now));
        });
    }

    /// Gives the running session a newer token, as soon as a credential has one.
    pub(super) fn renew_token(self: &Rc<Self>, remaining: Duration) {
        let shared = Rc::clone(self);
        let expiring = self.token.borrow().clone();
        spawn(async move {
            if shared.offer_token(None).await {
                return;
            }
            // The credential still holds on to the old one, which is about to expire whatever the page's clock says.
            sleep(remaining.saturating_sub(LAST_CALL)).await;
            shared.offer_token(expiring.as_deref()).await;
        });
    }

    async fn offer_token(self: &Rc<Self>, refused: Option<&str>) -> bool {
        if !self.has_users() {
            return true;
        }
        let Ok(token) = self.ask_credentials(refused).await else {
            return false;
        };
        if self.sent_token(&token) {
            return false;
        }
        self.note_sent(&token, false);
        self.with_session(|session, now| session.token_refreshed(token.token, now));
        true
    }

    fn note_sent(&self, token: &AccessToken, greeted: bool) {
        self.token.replace(Some(token.token.clone()));
        self.token_greeted.set(greeted);
    }

    fn sent_token(&self, token: &AccessToken) -> bool {
        self.token.borrow().as_ref() == Some(&token.token)
    }

    /// Asks the users' credentials in turn, until one answers.
    async fn ask_credentials(&self, refused: Option<&str>) -> Result<AccessToken, TokenFailure> {
        let mut failure = TokenFailure::Permanent;
        for credential in self.credentials() {
            match credential.get_token(refused).await {
                Ok(token) => return Ok(token),
                Err(unavailable) if unavailable.permanent => {}
                Err(_) => failure = TokenFailure::Temporary,
            }
        }
        Err(failure)
    }
}
