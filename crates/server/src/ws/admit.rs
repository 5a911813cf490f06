//! Who may go on after `hello`, and with which session.

use std::sync::Arc;

use openline_protocol::realtime::{CloseCode, Resume};
use openline_session::Hello;

use super::{
    realtime::Shared,
    session::{AttachRefused, Session, SocketRef},
};
use crate::domain::token::{TokenRefused, VerifiedToken};

/// Checks the token and gives the socket its session, the one it names or a new one.
pub(super) async fn admit(
    shared: &Arc<Shared>,
    socket: SocketRef,
    hello: Hello,
) -> Result<Arc<Session>, CloseCode> {
    let token = check_token(shared, &hello.token).await?;
    let session = match resumed(shared, &socket, hello.resume, &token)? {
        Some(session) => session,
        None => begin(shared, socket, token.clone())?,
    };
    // A revocation that came while the session was not yet registered would have missed it.
    match shared.tokens.is_current(&token).await {
        Ok(true) => {}
        Ok(false) => session.close(CloseCode::TokenRefused),
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a token could not be checked"
            );
            session.close(CloseCode::ServerFailed);
        }
    }
    if shared.shutdown.has_begun() {
        session.close(CloseCode::ServerRestart);
    }
    Ok(session)
}

/// Verifies a token.
pub(super) async fn check_token(shared: &Shared, token: &str) -> Result<VerifiedToken, CloseCode> {
    shared.tokens.verify(token).await.map_err(|refused| {
        if let TokenRefused::Storage(error) = &refused {
            tracing::error!(
                error = error as &dyn std::error::Error,
                "a token could not be checked"
            );
            return CloseCode::ServerFailed;
        }
        tracing::debug!(%refused, "a token was refused");
        CloseCode::TokenRefused
    })
}

/// The session the client names, if it is still there and the client's.
fn resumed(
    shared: &Shared,
    socket: &SocketRef,
    resume: Option<Resume>,
    token: &VerifiedToken,
) -> Result<Option<Arc<Session>>, CloseCode> {
    let Some(resume) = resume else {
        return Ok(None);
    };
    let same = |session: &Arc<Session>| {
        *session.raw_id() == token.raw_id && *session.resource_id() == token.resource_id
    };
    let Some(session) = shared.registry.find(&resume.session_id).filter(same) else {
        return Ok(None);
    };
    match session.attach(socket.clone(), Some(&resume), token.clone()) {
        Ok(()) => Ok(Some(session)),
        Err(AttachRefused::Ended) => Ok(None),
        Err(AttachRefused::Closed(code)) => Err(code),
    }
}

fn begin(shared: &Arc<Shared>, socket: SocketRef, token: VerifiedToken) -> Result<Arc<Session>, CloseCode> {
    let session = Session::new(Arc::clone(shared), token.clone());
    shared
        .registry
        .insert(&session, shared.settings.max_sessions_per_identity)
        .map_err(|_too_many| CloseCode::TooManyRequests)?;
    session
        .attach(socket, None, token)
        .map_err(|_refused| CloseCode::ServerFailed)?;
    Ok(session)
}
