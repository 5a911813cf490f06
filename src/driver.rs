//! The shared realtime connection: one per server and identity, used by the chat client and the call agent of
//! that identity together. Feeds `openline_session::ClientSession` and carries out what it asks for.
//!
//! Observers are told through the event queue (`js::events`), so that none is called while it calls.

mod error;
mod frames;
mod observer;
mod registry;
mod shared;
mod token;

use std::rc::{Rc, Weak};

use openline_protocol::{
    EndpointId, RawId, SessionId,
    realtime::{CallCommand, IceServer, Topic},
};
use openline_session::CommandRefused;

pub(crate) use self::{
    error::ConnectionError,
    observer::{ConnectionObserver, ConnectionState},
};
use self::{
    shared::{Shared, UserId},
    token::first_token,
};
use crate::{
    browser::{clock, endpoint::Endpoint, web_socket::Socket},
    js::credential::CredentialHandle,
};

/// A user's hold on the shared connection. Dropping the last one of a connection leaves: the server ends the
/// session at once.
pub(crate) struct Connection {
    shared: Rc<Shared>,
    user: UserId,
}

impl Connection {
    /// Joins the connection of that server and identity, or makes it. It connects in the background and stays
    /// connected; what happens is told to `observer`.
    ///
    /// # Errors
    /// [`ConnectionError::TokenUnavailable`]: the credential gave no token to begin with.
    /// [`ConnectionError::NoWebSocket`]: there is nothing to connect with.
    pub(crate) async fn open(
        endpoint: &Endpoint,
        credential: CredentialHandle,
        observer: Weak<dyn ConnectionObserver>,
    ) -> Result<Self, ConnectionError> {
        if !Socket::is_supported() {
            return Err(ConnectionError::NoWebSocket);
        }
        let (token, principal) = first_token(&credential).await?;
        let shared = registry::find(endpoint, principal.as_ref())
            .unwrap_or_else(|| registry::keep(Shared::new(endpoint.clone(), principal, token)));
        let user = shared.add_user(credential, observer);
        shared.with_session(|session, now| session.connect(now));
        Ok(Self { shared, user })
    }

    /// Who is connected; `None` where the token does not say.
    pub(crate) fn identity(&self) -> Option<RawId> {
        self.shared
            .principal
            .as_ref()
            .map(|principal| principal.identity.clone())
    }

    /// Where the connection stands.
    pub(crate) fn state(&self) -> ConnectionState {
        self.shared.state()
    }

    /// This client as its peers in a call know it; `None` before the first session.
    pub(crate) fn endpoint_id(&self) -> Option<EndpointId> {
        self.shared.endpoint_id()
    }

    /// What ends the session, by whatever way.
    pub(crate) fn session_id(&self) -> Option<SessionId> {
        self.shared.session_id()
    }

    /// STUN and TURN servers, as the server last named them.
    pub(crate) fn ice_servers(&self) -> Vec<IceServer> {
        self.shared.ice_servers.borrow().clone()
    }

    /// What the server understands.
    pub(crate) fn level(&self) -> u32 {
        self.shared.level.get()
    }

    /// Asks for chat events from now on; confirmed by `on_subscribed`.
    pub(crate) fn subscribe_chat(&self) {
        self.shared.want(self.user, Topic::Chat, true);
        if self.shared.chat_subscribed.get() {
            self.shared
                .tell_user(self.user, |observer| observer.on_subscribed(Topic::Chat, false));
        } else {
            self.shared
                .with_session(|session, now| session.subscribe_chat(session.chat_cursor(), now));
        }
    }

    /// Registers this client as an endpoint that rings, under that name; confirmed by `on_subscribed`.
    pub(crate) fn subscribe_calls(&self, display_name: Option<String>) {
        self.shared.want(self.user, Topic::Calls, true);
        self.shared
            .with_session(|session, now| session.subscribe_calls(display_name, now));
    }

    /// Asks whether the socket is alive, or connects again at once: there is a sign that the network changed.
    pub(crate) fn look_after(&self) {
        self.shared.with_session(|session, now| session.network_hint(now));
    }

    /// Sends a command, now or once there is a session; in order and once.
    pub(crate) fn send_command(&self, command: CallCommand) -> Result<(), CommandRefused> {
        self.shared
            .with_session(|session, now| session.send_command(command, now))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.shared.remove_user(self.user);
        if self.shared.has_users() {
            return;
        }
        registry::forget(&self.shared);
        self.shared.leave(clock::now());
    }
}
