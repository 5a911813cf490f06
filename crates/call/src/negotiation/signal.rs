//! What becomes of a signal of the other side, once it is its turn.

use openline_protocol::realtime::{IceCandidate, PeerSignal, SessionDescription, SessionDescriptionType};

use super::{NegotiationOutput, Negotiator, Operation, Signaling};

impl Negotiator {
    /// Called with no operation under way, in state stable or with an own offer out.
    pub(super) fn apply(&mut self, signal: PeerSignal) {
        match signal {
            PeerSignal::Description(description) => match description.description_type {
                SessionDescriptionType::Offer => self.on_offer(description),
                SessionDescriptionType::Answer => self.on_answer(description),
            },
            PeerSignal::Candidate(candidate) => self.on_candidate(candidate),
            PeerSignal::RestartIce => self.on_restart_wanted(),
        }
    }

    /// An offer that is out, or about to be, looks for another path already.
    fn on_restart_wanted(&mut self) {
        if !self.polite && self.signaling == Signaling::Stable && !self.needed {
            self.outputs.push_back(NegotiationOutput::RestartIce);
        }
    }

    fn on_offer(&mut self, offer: SessionDescription) {
        let collision = self.signaling == Signaling::HaveLocalOffer;
        if !collision || self.polite {
            // Rolls back the own offer, if there is one: the other side ignores it.
            self.remote_offer = offer.offer;
            self.set_remote_description(offer);
        }
    }

    fn on_answer(&mut self, answer: SessionDescription) {
        // Without an own offer it answers one that was rolled back: there is nothing to apply it to. Another number is
        // that of an offer which was made again since.
        let current = answer.offer.is_none_or(|number| number == self.own_offers);
        if self.signaling == Signaling::HaveLocalOffer && current {
            self.set_remote_description(answer);
        }
    }

    /// After an ignored offer, candidates for it fail, and candidates for what was agreed on before still count: the
    /// browser tells them apart by their credentials.
    fn on_candidate(&mut self, candidate: IceCandidate) {
        if self.has_remote {
            self.outputs
                .push_back(NegotiationOutput::AddIceCandidate(candidate));
        } else {
            self.early_candidates.push(candidate);
        }
    }

    fn set_remote_description(&mut self, description: SessionDescription) {
        self.operation = Operation::SettingRemote(description.description_type);
        self.outputs
            .push_back(NegotiationOutput::SetRemoteDescription(description));
    }
}
