//! A peer connection that keeps the browser's rules of signalling and moves no media.
//!
//! It is strict where a browser is: one operation at a time, an answer only to the own offer, candidates only for
//! descriptions that are there. Its "SDP" names the description, the ICE credentials, and for an answer the offer, then
//! the role in DTLS. It chooses that as Firefox does, and is as strict about it as Chromium.

use openline_protocol::realtime::{IceCandidate, SessionDescription, SessionDescriptionType};

/// Something the browser would report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectionEvent {
    /// `negotiationneeded`.
    NegotiationNeeded,
    /// `icecandidate`.
    Candidate(IceCandidate),
}

/// What an operation ended in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finished {
    /// `setLocalDescription()`, with what is now the local description.
    Local(SessionDescription),
    /// `setRemoteDescription()`.
    Remote,
}

/// A browser would have thrown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OperationError {
    /// An operation was begun while another was under way, or none was to be finished.
    #[error("one operation at a time")]
    Busy,
    /// The description does not fit the signalling state.
    #[error("wrong signalling state for {0}")]
    InvalidState(String),
    /// The answer belongs to another offer.
    #[error("the answer {answer} does not belong to the offer {offer}")]
    WrongAnswer {
        /// What was applied.
        answer: String,
        /// What was out.
        offer: String,
    },
    /// The answer changes who is the client in DTLS.
    #[error("another role in DTLS than before")]
    OtherRole,
    /// There is no description of the other side.
    #[error("a candidate before any remote description")]
    NoRemoteDescription,
    /// The candidate belongs to ICE credentials that are not in use. Browsers tell, applications ignore it.
    #[error("a candidate for unknown credentials")]
    UnknownCredentials,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Signaling {
    Stable,
    HaveLocalOffer { offer: String },
    HaveRemoteOffer { offer: String },
}

#[derive(Debug)]
enum Operation {
    SetLocal,
    SetRemote(SessionDescription),
}

/// The model. Make it, then [`take_events`](Self::take_events) after every call.
#[derive(Debug)]
pub struct FakePeerConnection {
    name: String,
    described: u32,
    credentials: u32,
    signaling: Signaling,
    operation: Option<Operation>,
    restart_wanted: bool,
    /// Changes of the tracks so far, those in the last own description, and those both sides agreed on.
    tracks: u32,
    described_tracks: u32,
    agreed_tracks: u32,
    current: Option<(String, String)>,
    /// Whether it is the client in DTLS, once that is agreed on.
    client: Option<bool>,
    remote_candidates: Vec<String>,
    events: Vec<ConnectionEvent>,
}

impl FakePeerConnection {
    /// A connection with tracks added, so that it asks for negotiation. `name` must differ between connections.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            described: 0,
            credentials: 0,
            signaling: Signaling::Stable,
            operation: None,
            restart_wanted: false,
            tracks: 1,
            described_tracks: 0,
            agreed_tracks: 0,
            current: None,
            client: None,
            remote_candidates: Vec::new(),
            events: vec![ConnectionEvent::NegotiationNeeded],
        }
    }

    /// What the browser would have reported since the last time.
    pub fn take_events(&mut self) -> Vec<ConnectionEvent> {
        std::mem::take(&mut self.events)
    }

    /// `setLocalDescription()`; [`finish`](Self::finish) it.
    ///
    /// # Errors
    ///
    /// [`OperationError::Busy`].
    pub fn set_local_description(&mut self) -> Result<(), OperationError> {
        self.begin(Operation::SetLocal)
    }

    /// `setRemoteDescription()`; [`finish`](Self::finish) it.
    ///
    /// # Errors
    ///
    /// [`OperationError::Busy`].
    pub fn set_remote_description(&mut self, description: SessionDescription) -> Result<(), OperationError> {
        self.begin(Operation::SetRemote(description))
    }

    /// Does the operation that was begun.
    ///
    /// # Errors
    ///
    /// As a browser would throw.
    pub fn finish(&mut self) -> Result<Finished, OperationError> {
        match self.operation.take().ok_or(OperationError::Busy)? {
            Operation::SetLocal => Ok(Finished::Local(self.apply_local())),
            Operation::SetRemote(description) => {
                match description.description_type {
                    SessionDescriptionType::Offer => self.apply_offer(description.sdp)?,
                    SessionDescriptionType::Answer => self.apply_answer(&description.sdp)?,
                }
                Ok(Finished::Remote)
            }
        }
    }

    /// `addIceCandidate()`.
    ///
    /// # Errors
    ///
    /// As a browser would throw.
    pub fn add_ice_candidate(&mut self, candidate: &IceCandidate) -> Result<(), OperationError> {
        let pending = match &self.signaling {
            Signaling::HaveRemoteOffer { offer } => Some(credentials_of(offer)),
            Signaling::Stable | Signaling::HaveLocalOffer { .. } => None,
        };
        let current = self.current.as_ref().map(|(_, remote)| credentials_of(remote));
        let ufrag = candidate.username_fragment.as_deref().unwrap_or_default();
        if pending.is_none() && current.is_none() {
            return Err(OperationError::NoRemoteDescription);
        }
        if pending != Some(ufrag) && current != Some(ufrag) {
            return Err(OperationError::UnknownCredentials);
        }
        self.remote_candidates.push(ufrag.to_owned());
        Ok(())
    }

    /// `restartIce()`.
    pub fn restart_ice(&mut self) {
        self.restart_wanted = true;
        self.ask_if_needed();
    }

    /// Something that needs an offer happens, for example a track is added.
    pub fn change_tracks(&mut self) {
        self.tracks += 1;
        self.ask_if_needed();
    }

    /// Whether an offer and an answer were agreed on and nothing is under way.
    #[must_use]
    pub fn is_stable(&self) -> bool {
        self.signaling == Signaling::Stable && self.operation.is_none() && self.current.is_some()
    }

    /// The ICE credentials both sides would use, if they agree on descriptions and know each other's candidates.
    #[must_use]
    pub fn path_to(&self, other: &Self) -> Option<(String, String)> {
        let (local, remote) = self.current.as_ref()?;
        let (other_local, other_remote) = other.current.as_ref()?;
        let (mine, theirs) = (credentials_of(local), credentials_of(remote));
        let agreed = name_of(local) == name_of(other_remote) && name_of(remote) == name_of(other_local);
        let candidates = self.remote_candidates.iter().any(|ufrag| ufrag == theirs)
            && other.remote_candidates.iter().any(|ufrag| ufrag == mine);
        (agreed && candidates).then(|| (mine.to_owned(), theirs.to_owned()))
    }

    fn begin(&mut self, operation: Operation) -> Result<(), OperationError> {
        if self.operation.is_some() {
            return Err(OperationError::Busy);
        }
        self.operation = Some(operation);
        Ok(())
    }

    fn apply_local(&mut self) -> SessionDescription {
        match self.signaling.clone() {
            Signaling::HaveRemoteOffer { offer } => {
                let restarted = match &self.current {
                    Some((_, remote)) => credentials_of(remote) != credentials_of(&offer),
                    None => true,
                };
                if restarted {
                    self.renew_credentials();
                    self.restart_wanted = false;
                }
                let client = match role_in(&offer) {
                    ACTIVE => false,
                    PASSIVE => true,
                    // Whenever ICE restarts, Firefox forgets which it was.
                    _ => restarted || self.client.unwrap_or(true),
                };
                let role = if client { ACTIVE } else { PASSIVE };
                let answer = self.describe(name_of(&offer), role);
                self.client = Some(client);
                self.settle(answer.clone(), offer);
                SessionDescription {
                    description_type: SessionDescriptionType::Answer,
                    sdp: answer,
                    offer: None,
                }
            }
            Signaling::Stable | Signaling::HaveLocalOffer { .. } => {
                if self.restart_wanted || self.credentials == 0 {
                    self.renew_credentials();
                }
                let offer = self.describe("offer", "a=setup:actpass");
                self.signaling = Signaling::HaveLocalOffer { offer: offer.clone() };
                SessionDescription {
                    description_type: SessionDescriptionType::Offer,
                    sdp: offer,
                    offer: None,
                }
            }
        }
    }

    fn apply_offer(&mut self, offer: String) -> Result<(), OperationError> {
        match &self.signaling {
            Signaling::HaveRemoteOffer { .. } => Err(OperationError::InvalidState(offer)),
            // From have-local-offer this rolls the own one back.
            Signaling::Stable | Signaling::HaveLocalOffer { .. } => {
                self.signaling = Signaling::HaveRemoteOffer { offer };
                Ok(())
            }
        }
    }

    fn apply_answer(&mut self, answer: &str) -> Result<(), OperationError> {
        let Signaling::HaveLocalOffer { offer } = self.signaling.clone() else {
            return Err(OperationError::InvalidState(answer.to_owned()));
        };
        if answer.split_whitespace().nth(2) != Some(name_of(&offer)) {
            return Err(OperationError::WrongAnswer {
                answer: answer.to_owned(),
                offer,
            });
        }
        let client = role_in(answer) == PASSIVE;
        if *self.client.get_or_insert(client) != client {
            return Err(OperationError::OtherRole);
        }
        self.restart_wanted = false;
        self.settle(offer, answer.to_owned());
        Ok(())
    }

    fn settle(&mut self, local: String, remote: String) {
        self.signaling = Signaling::Stable;
        self.agreed_tracks = self.described_tracks;
        self.current = Some((local, remote));
        self.ask_if_needed();
    }

    fn ask_if_needed(&mut self) {
        if self.signaling == Signaling::Stable && (self.restart_wanted || self.agreed_tracks != self.tracks) {
            self.events.push(ConnectionEvent::NegotiationNeeded);
        }
    }

    fn renew_credentials(&mut self) {
        self.credentials += 1;
        let ufrag = self.ufrag();
        for candidate in ["candidate:1", "candidate:2", ""] {
            self.events.push(ConnectionEvent::Candidate(IceCandidate {
                candidate: candidate.to_owned(),
                sdp_mid: Some("0".to_owned()),
                sdp_m_line_index: Some(0),
                username_fragment: Some(ufrag.clone()),
            }));
        }
    }

    fn ufrag(&self) -> String {
        format!("{}u{}", self.name, self.credentials)
    }

    fn describe(&mut self, answers: &str, role: &str) -> String {
        self.described += 1;
        self.described_tracks = self.tracks;
        format!(
            "{}#{} {} {}\r\n{role}\r\n",
            self.name,
            self.described,
            self.ufrag(),
            answers
        )
    }
}

const ACTIVE: &str = "a=setup:active";
const PASSIVE: &str = "a=setup:passive";

/// The second line of a description.
fn role_in(sdp: &str) -> &str {
    sdp.lines().nth(1).unwrap_or_default()
}

/// The first word of a description.
fn name_of(sdp: &str) -> &str {
    sdp.split_whitespace().next().unwrap_or_default()
}

/// The second word of a description.
fn credentials_of(sdp: &str) -> &str {
    sdp.split_whitespace().nth(1).unwrap_or_default()
}
