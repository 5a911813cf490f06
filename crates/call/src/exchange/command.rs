//! Commands of endpoints, each by what the endpoint is to the call.

use openline_protocol::{
    CallEndReason, EndpointId, Instant,
    realtime::{CallCommand, CallNotice, MediaState},
};

use super::{
    Exchange,
    call::{CallKey, Phase, Role, Side},
    start::Start,
    ticket::CallSide,
    transfer::Transfer,
};
use crate::limits::MAX_DISPLAY_NAME_CHARS;

impl Exchange {
    /// Handles a command of an endpoint. One about a call that is over, unknown or somebody else's is answered with
    /// `ended` (481) and touches nothing.
    pub fn handle_command(&mut self, endpoint_id: &EndpointId, command: CallCommand, now: Instant) {
        let command = match command {
            CallCommand::Start {
                call_id,
                callee,
                display_name,
                media,
                custom_context,
            } => {
                let display_name = display_name.map(cut_display_name);
                return self.on_start(
                    endpoint_id,
                    Start {
                        call_id,
                        callee,
                        display_name,
                        media,
                        custom_context,
                    },
                    now,
                );
            }
            CallCommand::Accept { .. }
            | CallCommand::Reject { .. }
            | CallCommand::HangUp { .. }
            | CallCommand::Fail { .. }
            | CallCommand::Signal { .. }
            | CallCommand::Media { .. }
            | CallCommand::Connected { .. }
            | CallCommand::Transfer { .. } => command,
            CallCommand::Rejoin {
                call_id,
                ticket,
                media,
            } => return self.on_rejoin(endpoint_id, call_id, &ticket, media, now),
        };
        let key = self.call_keys.get(command.call_id()).copied();
        let role = key
            .and_then(|key| self.calls.get(&key))
            .and_then(|call| call.role_of(endpoint_id));
        match (key, role) {
            (Some(key), Some(Role::Ringing)) => self.on_ringing_command(key, endpoint_id, command),
            (Some(key), Some(role @ (Role::Caller | Role::Callee))) => {
                self.on_member_command(key, role, endpoint_id, command, now);
            }
            (_, None) | (None, _) => self.on_stray_command(key, endpoint_id, command),
        }
    }

    /// From somebody who is not in the call. Who accepted it, and was not told of the answer before its session was
    /// gone, accepts again.
    fn on_stray_command(&mut self, key: Option<CallKey>, endpoint_id: &EndpointId, command: CallCommand) {
        let call_id = command.call_id().clone();
        let raw_id = self.endpoints.get(endpoint_id).map(|endpoint| &endpoint.raw_id);
        let mut reason = CallEndReason::UNKNOWN_CALL;
        if let (
            CallCommand::Accept {
                display_name, media, ..
            },
            Some(raw_id),
        ) = (command, raw_id)
        {
            let call = key.and_then(|key| self.calls.get(&key));
            if let (Some(CallSide::Callee), Some(key)) = (call.and_then(|call| call.awaits(raw_id)), key) {
                let member = Side {
                    endpoint_id: Some(endpoint_id.clone()),
                    raw_id: raw_id.clone(),
                    display_name: display_name.map(cut_display_name),
                    media,
                };
                return self.come_in(key, CallSide::Callee, member);
            }
            if let Some(ended) = self.recently_ended.reason_for(&call_id, raw_id) {
                reason = ended;
            }
        }
        self.refuse(endpoint_id, call_id, reason);
    }

    /// From an endpoint that the call rings at.
    fn on_ringing_command(&mut self, key: CallKey, endpoint_id: &EndpointId, command: CallCommand) {
        match command {
            CallCommand::Accept {
                display_name, media, ..
            } => {
                self.on_accept(key, endpoint_id, display_name.map(cut_display_name), media);
            }
            CallCommand::Reject { .. } | CallCommand::HangUp { .. } | CallCommand::Fail { .. } => {
                self.end_call(key, CallEndReason::DECLINED);
            }
            // These mean something in an answered call only, and `start` was handled before.
            CallCommand::Start { .. }
            | CallCommand::Signal { .. }
            | CallCommand::Media { .. }
            | CallCommand::Connected { .. }
            | CallCommand::Rejoin { .. }
            | CallCommand::Transfer { .. } => {}
        }
    }

    /// From the caller, or the endpoint that answered.
    fn on_member_command(
        &mut self,
        key: CallKey,
        role: Role,
        endpoint_id: &EndpointId,
        command: CallCommand,
        now: Instant,
    ) {
        let Some(call) = self.calls.get_mut(&key) else {
            return;
        };
        let ringing = matches!(call.phase, Phase::Ringing { .. });
        match command {
            CallCommand::HangUp { .. } | CallCommand::Reject { .. } => {
                self.end_call(
                    key,
                    if ringing {
                        CallEndReason::CANCELLED
                    } else {
                        CallEndReason::HUNG_UP
                    },
                );
            }
            CallCommand::Fail { reason, .. } => {
                self.end_call(
                    key,
                    if ringing {
                        CallEndReason::CANCELLED
                    } else {
                        passed_on(reason)
                    },
                );
            }
            CallCommand::Signal { signal, .. } => {
                let call_id = call.call_id.clone();
                // Before the answer there is nobody to hear it.
                if let Some(peer) = call.peer_of(endpoint_id).cloned() {
                    self.notify(&peer, CallNotice::Signal { call_id, signal });
                }
            }
            CallCommand::Media { media, .. } => self.on_media(key, role, media),
            CallCommand::Transfer {
                into,
                target,
                custom_context,
                ..
            } => {
                let transfer = Transfer {
                    into,
                    target,
                    custom_context,
                };
                self.on_transfer(key, role, endpoint_id, transfer, now);
            }
            // Repeated, or of no consequence for anybody else.
            CallCommand::Start { .. }
            | CallCommand::Accept { .. }
            | CallCommand::Connected { .. }
            | CallCommand::Rejoin { .. } => {}
        }
    }

    /// Kept for who answers later, passed on to who has.
    fn on_media(&mut self, key: CallKey, role: Role, media: MediaState) {
        let Some(call) = self.calls.get_mut(&key) else {
            return;
        };
        let notice = CallNotice::Media {
            call_id: call.call_id.clone(),
            media,
        };
        let peer = match (&mut call.phase, role) {
            (Phase::Ringing { .. }, _) => {
                call.caller.media = media;
                None
            }
            (Phase::Answered { callee, .. }, Role::Caller) => {
                call.caller.media = media;
                callee.endpoint_id.clone()
            }
            (Phase::Answered { callee, .. }, Role::Callee | Role::Ringing) => {
                callee.media = media;
                call.caller.endpoint_id.clone()
            }
        };
        if let Some(peer) = peer {
            self.notify(&peer, notice);
        }
    }
}

/// Cuts a display name to what is passed on.
pub(super) fn cut_display_name(mut name: String) -> String {
    if let Some((end, _)) = name.char_indices().nth(MAX_DISPLAY_NAME_CHARS) {
        name.truncate(end);
    }
    name
}

/// The reasons for which a client may end a call for the other side. Another would let it make the other side's
/// application believe what only the server knows, for example that its token was refused.
fn passed_on(reason: CallEndReason) -> CallEndReason {
    const ALLOWED: [CallEndReason; 5] = [
        CallEndReason::MEDIA_NOT_CONNECTED,
        CallEndReason::MEDIA_LOST,
        CallEndReason::MEDIA_NEGOTIATION_FAILED,
        CallEndReason::SETUP_TIMED_OUT,
        CallEndReason::PEER_UNREACHABLE,
    ];
    if ALLOWED.contains(&reason) {
        reason
    } else {
        CallEndReason::MEDIA_NEGOTIATION_FAILED
    }
}
