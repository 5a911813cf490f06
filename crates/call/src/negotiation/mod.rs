//! Perfect negotiation (W3C `webrtc`, section 10.7) as a state machine for one peer connection.
//!
//! Decides who offers, whose offer counts when both do, and in which order descriptions and candidates are applied.
//! The impolite side makes the first offer; the polite one gives way. Operations of a browser are asynchronous, so
//! that one runs at a time here and what arrives meanwhile waits, in order. The caller is the call agent.

mod signal;

use std::collections::VecDeque;

use openline_protocol::realtime::{IceCandidate, PeerSignal, SessionDescription, SessionDescriptionType};

use crate::limits::{MAX_SDP_BYTES, MAX_WAITING_SIGNALS};

/// The negotiation cannot go on: the call ends with 410/3111.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NegotiationError {
    /// The other side sends faster than this one applies, beyond [`MAX_WAITING_SIGNALS`].
    #[error("too many signals of the other side wait")]
    TooManySignals,
    /// An operation finished that was not under way, or with the wrong kind of description. A defect of the edge.
    #[error("the peer connection finished an operation that was not asked for")]
    UnexpectedResult,
    /// The own description does not fit a frame, see [`MAX_SDP_BYTES`].
    #[error("the session description is too large to be sent")]
    DescriptionTooLarge,
}

/// Something to carry out, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NegotiationOutput {
    /// To the other side.
    Send(PeerSignal),
    /// `setLocalDescription()`, answered by [`Negotiator::handle_local_description`].
    SetLocalDescription,
    /// `setRemoteDescription()`, answered by [`Negotiator::handle_remote_description_applied`].
    SetRemoteDescription(SessionDescription),
    /// `addIceCandidate()`, not answered.
    AddIceCandidate(IceCandidate),
    /// `restartIce()`, answered by [`Negotiator::handle_negotiation_needed`].
    RestartIce,
}

/// What `signalingState` is once the operations so far are done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signaling {
    Stable,
    HaveLocalOffer,
    HaveRemoteOffer,
}

/// The operation the browser works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    None,
    SettingLocal(SessionDescriptionType),
    SettingRemote(SessionDescriptionType),
}

/// The negotiation of one peer connection.
#[derive(Debug)]
pub struct Negotiator {
    polite: bool,
    signaling: Signaling,
    operation: Operation,
    /// The browser wants an offer made.
    needed: bool,
    /// The own offer that is out may be lost, or its answer.
    repeat: bool,
    /// Own offers made so far: the number of the last.
    own_offers: u32,
    /// The number of the other side's offer that was applied last.
    remote_offer: Option<u32>,
    /// Some description of the other side was applied.
    has_remote: bool,
    /// There was a path and it is lost.
    path_lost: bool,
    /// Of the other side, not looked at yet.
    waiting: VecDeque<PeerSignal>,
    /// Candidates of the other side that came before any description of it.
    early_candidates: Vec<IceCandidate>,
    /// Own candidates that must not overtake the description they belong to.
    held_candidates: Vec<IceCandidate>,
    outputs: VecDeque<NegotiationOutput>,
}

impl Negotiator {
    /// The negotiation of a new peer connection; `polite` as the server assigned it.
    #[must_use]
    pub const fn new(polite: bool) -> Self {
        Self {
            polite,
            signaling: Signaling::Stable,
            operation: Operation::None,
            needed: false,
            repeat: false,
            own_offers: 0,
            remote_offer: None,
            has_remote: false,
            path_lost: false,
            waiting: VecDeque::new(),
            early_candidates: Vec::new(),
            held_candidates: Vec::new(),
            outputs: VecDeque::new(),
        }
    }

    /// The browser asks for an offer. Any number of requests before the next offer are one.
    pub fn handle_negotiation_needed(&mut self) {
        self.needed = true;
        self.advance();
    }

    /// Another path is to be looked for. The polite side asks the other one: were both to offer, the polite one's would
    /// be rolled back, and after that, with no path, Chromium 148 sends nothing any more whatever is done.
    pub fn restart_ice(&mut self) {
        self.outputs.push_back(if self.polite {
            NegotiationOutput::Send(PeerSignal::RestartIce)
        } else {
            NegotiationOutput::RestartIce
        });
    }

    /// The path of media is lost, or there again. The polite side makes no offers without one, see
    /// [`restart_ice`](Self::restart_ice).
    pub fn set_path_lost(&mut self, lost: bool) {
        self.path_lost = lost;
        self.advance();
    }

    /// What was under way between the two sides may be lost: an own offer without an answer is made again, and answers
    /// to the former ones are of no use any more.
    pub fn renew(&mut self) {
        self.repeat = self.has_unanswered_offer();
        self.advance();
    }

    /// Whether an offer was sent and its answer has not come.
    #[must_use]
    pub fn has_unanswered_offer(&self) -> bool {
        self.signaling == Signaling::HaveLocalOffer
            && self.operation != Operation::SettingLocal(SessionDescriptionType::Offer)
    }

    /// Something came from the other side.
    ///
    /// # Errors
    ///
    /// [`NegotiationError::TooManySignals`]; end the call.
    pub fn handle_signal(&mut self, signal: PeerSignal) -> Result<(), NegotiationError> {
        if self.waiting.len() + self.early_candidates.len() >= MAX_WAITING_SIGNALS {
            return Err(NegotiationError::TooManySignals);
        }
        self.waiting.push_back(signal);
        self.advance();
        Ok(())
    }

    /// `setLocalDescription()` is done.
    ///
    /// # Errors
    ///
    /// [`NegotiationError::UnexpectedResult`], [`NegotiationError::DescriptionTooLarge`]; end the call.
    pub fn handle_local_description(
        &mut self,
        mut description: SessionDescription,
    ) -> Result<(), NegotiationError> {
        if self.operation != Operation::SettingLocal(description.description_type) {
            return Err(NegotiationError::UnexpectedResult);
        }
        if description.sdp.len() > MAX_SDP_BYTES {
            return Err(NegotiationError::DescriptionTooLarge);
        }
        self.operation = Operation::None;
        (self.signaling, description.offer) = match description.description_type {
            SessionDescriptionType::Offer => {
                if self.has_remote {
                    description.sdp = with_role(&description.sdp, self.polite);
                }
                self.own_offers = self.own_offers.wrapping_add(1);
                (Signaling::HaveLocalOffer, Some(self.own_offers))
            }
            SessionDescriptionType::Answer => (Signaling::Stable, self.remote_offer),
        };
        self.outputs
            .push_back(NegotiationOutput::Send(PeerSignal::Description(description)));
        for candidate in self.held_candidates.drain(..) {
            self.outputs
                .push_back(NegotiationOutput::Send(PeerSignal::Candidate(candidate)));
        }
        self.advance();
        Ok(())
    }

    /// `setRemoteDescription()` is done.
    ///
    /// # Errors
    ///
    /// [`NegotiationError::UnexpectedResult`]; end the call.
    pub fn handle_remote_description_applied(&mut self) -> Result<(), NegotiationError> {
        let Operation::SettingRemote(description_type) = self.operation else {
            return Err(NegotiationError::UnexpectedResult);
        };
        self.operation = Operation::None;
        self.has_remote = true;
        self.repeat = false;
        self.signaling = match description_type {
            SessionDescriptionType::Offer => Signaling::HaveRemoteOffer,
            SessionDescriptionType::Answer => Signaling::Stable,
        };
        for candidate in self.early_candidates.drain(..) {
            self.outputs
                .push_back(NegotiationOutput::AddIceCandidate(candidate));
        }
        self.advance();
        Ok(())
    }

    /// The peer connection found a candidate.
    ///
    /// # Errors
    ///
    /// [`NegotiationError::TooManySignals`]; end the call.
    pub fn handle_local_candidate(&mut self, candidate: IceCandidate) -> Result<(), NegotiationError> {
        match self.operation {
            Operation::SettingLocal(_) if self.held_candidates.len() >= MAX_WAITING_SIGNALS => {
                return Err(NegotiationError::TooManySignals);
            }
            Operation::SettingLocal(_) => self.held_candidates.push(candidate),
            Operation::None | Operation::SettingRemote(_) => {
                self.outputs
                    .push_back(NegotiationOutput::Send(PeerSignal::Candidate(candidate)));
            }
        }
        Ok(())
    }

    /// The next thing to carry out.
    pub fn poll_output(&mut self) -> Option<NegotiationOutput> {
        self.outputs.pop_front()
    }

    /// Starts the next operation, if none is under way: an answer that is owed, then what the other side sent, then
    /// an own offer.
    fn advance(&mut self) {
        while self.operation == Operation::None {
            if self.signaling == Signaling::HaveRemoteOffer {
                // Once this answer is applied the browser looks again whether an offer is needed, and says so.
                self.needed = false;
                self.set_local_description(SessionDescriptionType::Answer);
            } else if let Some(signal) = self.waiting.pop_front() {
                self.apply(signal);
            } else if self.offer_is_due() {
                self.needed = false;
                self.repeat = false;
                self.set_local_description(SessionDescriptionType::Offer);
            } else {
                break;
            }
        }
    }

    /// The polite side leaves the first offer to the other one, and those that look for another path.
    fn offer_is_due(&self) -> bool {
        if self.polite && (!self.has_remote || self.path_lost) {
            return false;
        }
        match self.signaling {
            Signaling::Stable => self.needed,
            Signaling::HaveLocalOffer => self.repeat,
            Signaling::HaveRemoteOffer => false,
        }
    }

    fn set_local_description(&mut self, description_type: SessionDescriptionType) {
        self.operation = Operation::SettingLocal(description_type);
        self.outputs.push_back(NegotiationOutput::SetLocalDescription);
    }
}

/// The offer with the role in DTLS that its side has since the first answer, which is the polite side's and makes it
/// the client. Left the choice, Firefox becomes the client whenever ICE restarts, and Chromium refuses that answer.
fn with_role(sdp: &str, client: bool) -> String {
    let role = if client {
        "a=setup:active\r\n"
    } else {
        "a=setup:passive\r\n"
    };
    let lines = sdp.split_inclusive('\n');
    lines
        .map(|line| {
            if line.starts_with("a=setup:actpass") {
                role
            } else {
                line
            }
        })
        .collect()
}
