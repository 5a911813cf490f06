//! Who shook hands and has not connected yet: for a minute, and no more than there may be connections.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use openline_protocol::Instant;

use crate::{domain::token::VerifiedToken, storage::TrouterEndpointKey};

/// A handshake.
#[derive(Debug, Clone)]
pub(super) struct Handshake {
    pub(super) key: TrouterEndpointKey,
    /// The token it was made with: a WebSocket brings none.
    pub(super) token: VerifiedToken,
    /// A WebSocket began with it. Where it got nowhere, the client goes on to poll.
    opened: bool,
}

/// There is no room for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooManyHandshakes;

/// The handshakes of this process.
#[derive(Default)]
pub(super) struct Handshakes {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    by_sid: HashMap<String, Handshake>,
    /// The oldest first.
    ends: VecDeque<(Instant, String)>,
}

/// Without the sids: who knows one may connect.
impl fmt::Debug for Handshakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handshakes").finish_non_exhaustive()
    }
}

impl Handshakes {
    /// Remembers a handshake for `lifetime`, unless there are `limit` already.
    pub(super) fn insert(
        &self,
        sid: String,
        (key, token): (TrouterEndpointKey, VerifiedToken),
        (now, lifetime): (Instant, Duration),
        limit: usize,
    ) -> Result<(), TooManyHandshakes> {
        self.with(now, |state| {
            if state.by_sid.len() >= limit {
                return Err(TooManyHandshakes);
            }
            state.ends.push_back((now + lifetime, sid.clone()));
            let handshake = Handshake {
                key,
                token,
                opened: false,
            };
            state.by_sid.insert(sid, handshake);
            Ok(())
        })
    }

    /// The handshake for a WebSocket. A sid opens one only.
    pub(super) fn open(&self, sid: &str, now: Instant) -> Option<Handshake> {
        self.with(now, |state| {
            let handshake = state.by_sid.get_mut(sid).filter(|handshake| !handshake.opened)?;
            handshake.opened = true;
            Some(handshake.clone())
        })
    }

    /// The handshake for polls of the identity that `token` names, which ends with it.
    pub(super) fn take(&self, sid: &str, token: &VerifiedToken, now: Instant) -> Option<Handshake> {
        self.with(now, |state| {
            state.by_sid.get(sid).filter(|handshake| handshake.is_of(token))?;
            state.by_sid.remove(sid)
        })
    }

    fn with<T>(&self, now: Instant, step: impl FnOnce(&mut State) -> T) -> T {
        // Nothing panics between lock and unlock, so a poisoned lock is used on.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some((_, sid)) = state.ends.pop_front_if(|(end, _)| *end <= now) {
            state.by_sid.remove(&sid);
        }
        step(&mut state)
    }
}

impl Handshake {
    fn is_of(&self, token: &VerifiedToken) -> bool {
        self.key.resource_id == token.resource_id && self.key.raw_id == token.raw_id
    }
}
