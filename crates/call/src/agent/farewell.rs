//! What this client ended, for a server that may not know: one that was restarted has to be told again.

use openline_protocol::{CallEndReason, CallId, Instant, realtime::CallCommand};

use super::{CallAgent, call::Phase};
use crate::limits::{FAREWELL_LIFETIME, MAX_FAREWELLS, RETURN_INTERVAL, RETURN_PATIENCE};

/// The end of a call that the server has not confirmed, or may have forgotten.
#[derive(Debug)]
pub(super) struct Farewell {
    call_id: CallId,
    /// Makes the call known, and ends it. None for one that rang here: if it rings again, it is declined again.
    commands: Vec<CallCommand>,
    until: Instant,
    retry_at: Option<Instant>,
}

impl CallAgent {
    /// Ends a call that was hung up, without the server's confirmation.
    pub(super) fn end_unconfirmed(&mut self, call_id: &CallId, now: Instant) {
        let Some(call) = self.calls.get_mut(call_id) else {
            return;
        };
        if let Phase::HangingUp { reason, farewell, .. } = &mut call.phase {
            let (reason, farewell) = (*reason, std::mem::take(farewell));
            self.remember(call_id, farewell, now);
            self.end_call(call_id, reason);
        }
    }

    pub(super) fn remember(&mut self, call_id: &CallId, commands: Vec<CallCommand>, now: Instant) {
        // A call that rang is over by then, even where nobody was told.
        let rings = matches!(commands.first(), Some(CallCommand::Start { .. }));
        let lifetime = if rings { RETURN_PATIENCE } else { FAREWELL_LIFETIME };
        self.farewells
            .retain(|known| known.until > now && known.call_id != *call_id);
        if self.farewells.len() < MAX_FAREWELLS {
            self.farewells.push(Farewell {
                call_id: call_id.clone(),
                commands,
                until: now + lifetime,
                retry_at: None,
            });
        }
    }

    /// The session went on: it has brought what was said in it.
    pub(super) fn farewells_arrived(&mut self) {
        self.farewells.retain(|known| known.commands.is_empty());
    }

    /// Says what the session before may not have brought.
    pub(super) fn send_farewells(&mut self, now: Instant) {
        self.farewells.retain(|known| known.until > now);
        for farewell in &mut self.farewells {
            farewell.retry_at = Some(now);
        }
        self.retry_farewells(now);
    }

    /// Says again what is due.
    pub(super) fn retry_farewells(&mut self, now: Instant) {
        let mut commands = Vec::new();
        for farewell in &mut self.farewells {
            if farewell.retry_at.take_if(|at| *at <= now).is_some() {
                commands.extend(farewell.commands.iter().cloned());
            }
        }
        for command in commands {
            self.send(command);
        }
    }

    pub(super) fn next_farewell(&self) -> Option<Instant> {
        self.farewells.iter().filter_map(|known| known.retry_at).min()
    }

    /// Whether this client ended the call.
    pub(super) fn has_ended(&self, call_id: &CallId) -> bool {
        self.farewells.iter().any(|known| known.call_id == *call_id)
    }

    /// The server's word on a call that was made known to be ended: where the callee is not back, it still shows it.
    pub(super) fn on_farewell_ended(&mut self, call_id: &CallId, reason: CallEndReason, now: Instant) {
        let retry_at = now + RETURN_INTERVAL;
        for farewell in &mut self.farewells {
            if farewell.call_id == *call_id && reason == CallEndReason::NOT_REGISTERED {
                farewell.retry_at = (retry_at < farewell.until).then_some(retry_at);
            }
        }
    }
}
