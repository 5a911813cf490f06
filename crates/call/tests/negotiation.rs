//! Perfect negotiation: two negotiators on peer connections that are as strict as a browser's.

use std::collections::VecDeque;

use openline_call::{
    limits::{MAX_SDP_BYTES, MAX_WAITING_SIGNALS},
    negotiation::{NegotiationError, NegotiationOutput, Negotiator},
};
use openline_protocol::realtime::{IceCandidate, PeerSignal, SessionDescription, SessionDescriptionType};
use openline_test_support::{ConnectionEvent, FakePeerConnection, Finished, OperationError, Random};

#[test]
fn the_impolite_side_makes_the_first_offer_and_the_polite_one_waits() {
    let mut polite = Negotiator::new(true);
    polite.handle_negotiation_needed();
    assert_eq!(polite.poll_output(), None);
    let mut impolite = Negotiator::new(false);
    impolite.handle_negotiation_needed();
    assert_eq!(
        impolite.poll_output(),
        Some(NegotiationOutput::SetLocalDescription)
    );
}

#[test]
fn many_requests_for_an_offer_are_one() {
    let mut negotiator = Negotiator::new(false);
    for _ in 0..5 {
        negotiator.handle_negotiation_needed();
    }
    assert_eq!(drain(&mut negotiator), [NegotiationOutput::SetLocalDescription]);
    negotiator
        .handle_local_description(offer("1"))
        .expect("asked for");
    assert_eq!(
        drain(&mut negotiator),
        [sent(offer("1"))],
        "no second offer while one is out"
    );
}

#[test]
fn the_impolite_side_ignores_a_colliding_offer() {
    let mut negotiator = with_own_offer(false);
    negotiator
        .handle_signal(PeerSignal::Description(offer("theirs")))
        .expect("room");
    assert_eq!(drain(&mut negotiator), []);
    negotiator
        .handle_signal(PeerSignal::Description(answer("theirs")))
        .expect("room");
    assert_eq!(
        drain(&mut negotiator),
        [NegotiationOutput::SetRemoteDescription(answer("theirs"))]
    );
}

#[test]
fn a_candidate_waits_for_its_description() {
    let mut negotiator = with_own_offer(false);
    negotiator
        .handle_signal(PeerSignal::Candidate(candidate("early")))
        .expect("room");
    negotiator
        .handle_signal(PeerSignal::Description(answer("theirs")))
        .expect("room");
    negotiator
        .handle_signal(PeerSignal::Candidate(candidate("of the answer")))
        .expect("room");
    assert_eq!(
        drain(&mut negotiator),
        [NegotiationOutput::SetRemoteDescription(answer("theirs"))]
    );
    negotiator.handle_remote_description_applied().expect("asked for");
    assert_eq!(
        drain(&mut negotiator),
        [
            NegotiationOutput::AddIceCandidate(candidate("early")),
            NegotiationOutput::AddIceCandidate(candidate("of the answer"))
        ]
    );
}

#[test]
fn a_late_candidate_of_what_was_agreed_on_counts_after_an_ignored_offer() {
    let mut negotiator = with_own_offer(false);
    negotiator
        .handle_signal(PeerSignal::Description(answer("theirs")))
        .expect("room");
    negotiator.handle_remote_description_applied().expect("asked for");
    negotiator.handle_negotiation_needed();
    negotiator
        .handle_local_description(offer("second"))
        .expect("asked for");
    drain(&mut negotiator);
    negotiator
        .handle_signal(PeerSignal::Description(offer("ignored")))
        .expect("room");
    negotiator
        .handle_signal(PeerSignal::Candidate(candidate("of the answer")))
        .expect("room");
    assert_eq!(
        drain(&mut negotiator),
        [NegotiationOutput::AddIceCandidate(candidate("of the answer"))]
    );
}

#[test]
fn the_polite_side_gives_way_to_a_colliding_offer() {
    let mut negotiator = with_own_offer(true);
    negotiator
        .handle_signal(PeerSignal::Description(offer("theirs")))
        .expect("room");
    assert_eq!(
        drain(&mut negotiator),
        [NegotiationOutput::SetRemoteDescription(offer("theirs"))]
    );
    negotiator.handle_remote_description_applied().expect("asked for");
    assert_eq!(drain(&mut negotiator), [NegotiationOutput::SetLocalDescription]);
    negotiator
        .handle_local_description(answer("mine"))
        .expect("asked for");
    assert_eq!(drain(&mut negotiator), [sent(answer("mine"))]);
}

#[test]
fn the_polite_side_asks_the_other_one_for_another_path() {
    let mut polite = Negotiator::new(true);
    polite.restart_ice();
    assert_eq!(
        drain(&mut polite),
        [NegotiationOutput::Send(PeerSignal::RestartIce)]
    );
    let mut impolite = stable(false);
    impolite.handle_signal(PeerSignal::RestartIce).expect("room");
    assert_eq!(drain(&mut impolite), [NegotiationOutput::RestartIce]);
    polite.handle_signal(PeerSignal::RestartIce).expect("room");
    assert_eq!(drain(&mut polite), [], "only the polite side asks");
}

#[test]
fn an_offer_that_is_out_is_not_followed_by_another_one_on_request() {
    let mut impolite = with_own_offer(false);
    impolite.handle_signal(PeerSignal::RestartIce).expect("room");
    assert_eq!(drain(&mut impolite), []);
}

#[test]
fn without_a_path_the_polite_side_offers_nothing() {
    let mut polite = stable(true);
    polite.set_path_lost(true);
    polite.handle_negotiation_needed();
    polite.renew();
    assert_eq!(drain(&mut polite), []);
    polite.set_path_lost(false);
    assert_eq!(drain(&mut polite), [NegotiationOutput::SetLocalDescription]);

    let mut impolite = stable(false);
    impolite.set_path_lost(true);
    impolite.handle_negotiation_needed();
    assert_eq!(drain(&mut impolite), [NegotiationOutput::SetLocalDescription]);
}

#[test]
fn without_a_path_the_polite_side_leaves_an_offer_that_is_out_as_it_is() {
    let mut polite = stable(true);
    polite.handle_negotiation_needed();
    polite.handle_local_description(offer("mine")).expect("asked for");
    drain(&mut polite);
    polite.set_path_lost(true);
    polite.renew();
    assert_eq!(drain(&mut polite), []);
    polite.set_path_lost(false);
    assert_eq!(drain(&mut polite), [NegotiationOutput::SetLocalDescription]);
}

#[test]
fn an_offer_that_comes_while_the_own_one_is_being_made_collides() {
    let mut negotiator = Negotiator::new(false);
    negotiator.handle_negotiation_needed();
    drain(&mut negotiator);
    negotiator
        .handle_signal(PeerSignal::Description(offer("theirs")))
        .expect("room");
    assert_eq!(drain(&mut negotiator), [], "one operation at a time");
    negotiator
        .handle_local_description(offer("mine"))
        .expect("asked for");
    assert_eq!(
        drain(&mut negotiator),
        [sent(offer("mine"))],
        "and ignored afterwards"
    );
}

#[test]
fn an_answer_to_an_offer_that_is_not_out_is_dropped() {
    let mut negotiator = Negotiator::new(false);
    negotiator
        .handle_signal(PeerSignal::Description(answer("stale")))
        .expect("room");
    assert_eq!(drain(&mut negotiator), []);
    negotiator.handle_negotiation_needed();
    assert_eq!(drain(&mut negotiator), [NegotiationOutput::SetLocalDescription]);
}

#[test]
fn an_own_candidate_does_not_overtake_its_description() {
    let mut negotiator = Negotiator::new(false);
    negotiator.handle_negotiation_needed();
    drain(&mut negotiator);
    negotiator.handle_local_candidate(candidate("1")).expect("room");
    assert_eq!(drain(&mut negotiator), []);
    negotiator
        .handle_local_description(offer("1"))
        .expect("asked for");
    let sent_candidate = NegotiationOutput::Send(PeerSignal::Candidate(candidate("1")));
    assert_eq!(drain(&mut negotiator), [sent(offer("1")), sent_candidate]);
}

#[test]
fn an_offer_after_the_first_leaves_no_choice_of_the_role_in_dtls() {
    for (polite, role) in [(true, "active"), (false, "passive")] {
        let mut negotiator = with_own_offer(polite);
        negotiator
            .handle_signal(PeerSignal::Description(answer("theirs")))
            .expect("room");
        negotiator.handle_remote_description_applied().expect("asked for");
        negotiator.handle_negotiation_needed();
        let sdp = |role: &str| format!("v=0\r\na=setup:{role}\r\nm=video\r\na=setup:{role}\r\n");
        let mut made = offer("");
        made.sdp = sdp("actpass");
        negotiator.handle_local_description(made).expect("asked for");
        let Some(NegotiationOutput::Send(PeerSignal::Description(sent))) = drain(&mut negotiator).pop()
        else {
            panic!("no offer");
        };
        assert_eq!(sent.sdp, sdp(role), "polite: {polite}");
    }
}

#[test]
fn a_side_that_floods_is_cut_off() {
    let mut negotiator = Negotiator::new(false);
    negotiator.handle_negotiation_needed();
    for _ in 0..MAX_WAITING_SIGNALS {
        negotiator
            .handle_signal(PeerSignal::Candidate(candidate("x")))
            .expect("room");
    }
    let refused = negotiator.handle_signal(PeerSignal::Candidate(candidate("x")));
    assert_eq!(refused, Err(NegotiationError::TooManySignals));
}

#[test]
fn a_result_nobody_asked_for_is_a_defect() {
    let mut negotiator = Negotiator::new(false);
    assert_eq!(
        negotiator.handle_local_description(offer("1")),
        Err(NegotiationError::UnexpectedResult)
    );
    assert_eq!(
        negotiator.handle_remote_description_applied(),
        Err(NegotiationError::UnexpectedResult)
    );
    negotiator.handle_negotiation_needed();
    assert_eq!(
        negotiator.handle_local_description(answer("1")),
        Err(NegotiationError::UnexpectedResult)
    );
}

#[test]
fn a_description_that_fits_no_frame_is_not_sent() {
    let mut negotiator = Negotiator::new(false);
    negotiator.handle_negotiation_needed();
    let large = offer(&"x".repeat(MAX_SDP_BYTES));
    assert_eq!(
        negotiator.handle_local_description(large),
        Err(NegotiationError::DescriptionTooLarge)
    );
}

#[test]
fn whatever_both_sides_do_at_once_they_agree_in_the_end() {
    let mut collisions = 0;
    for seed in 0..3_000 {
        collisions += Pair::new(seed).run();
    }
    assert!(
        collisions > 500,
        "only {collisions} offers collided: nothing was tried"
    );
}

/// Two sides and what is under way between them; what happens next is drawn.
struct Pair {
    random: Random,
    sides: [Side; 2],
    seed: u64,
}

struct Side {
    negotiator: Negotiator,
    connection: FakePeerConnection,
    busy: bool,
    inbox: VecDeque<PeerSignal>,
    reported: VecDeque<ConnectionEvent>,
}

impl Pair {
    fn new(seed: u64) -> Self {
        let side = |name: &str, polite| Side {
            negotiator: Negotiator::new(polite),
            connection: FakePeerConnection::new(name),
            busy: false,
            inbox: VecDeque::new(),
            reported: VecDeque::new(),
        };
        Self {
            random: Random::new(seed),
            sides: [side("impolite", false), side("polite", true)],
            seed,
        }
    }

    /// Gives how many offers of the polite side came while one of the impolite side was out.
    fn run(mut self) -> u32 {
        let mut changes = self.random.below(6);
        let mut collisions = 0;
        while changes > 0 || self.sides.iter_mut().any(Side::is_moving) {
            let index = usize::from(self.random.chance(50));
            if changes > 0 && self.random.chance(10) {
                changes -= 1;
                self.change(index);
            }
            self.step(index, &mut collisions);
        }
        let [impolite, polite] = &self.sides;
        assert!(
            impolite.connection.path_to(&polite.connection).is_some()
                && impolite.connection.is_stable()
                && polite.connection.is_stable(),
            "seed {}: {impolite:?} {polite:?}",
            self.seed,
            impolite = impolite.connection,
            polite = polite.connection,
        );
        collisions
    }

    fn change(&mut self, index: usize) {
        if self.random.chance(50) {
            self.sides[index].connection.change_tracks();
        } else {
            self.sides[index].negotiator.restart_ice();
        }
    }

    /// Lets one thing happen at a side, if there is one.
    fn step(&mut self, index: usize, collisions: &mut u32) {
        let choice = self.random.below(3);
        let side = &mut self.sides[index];
        match choice {
            0 => side.report(),
            1 => side.finish(),
            _ => side.read(collisions),
        }
        let outputs = drain(&mut side.negotiator);
        for output in outputs {
            match output {
                NegotiationOutput::Send(signal) => self.sides[1 - index].inbox.push_back(signal),
                NegotiationOutput::SetLocalDescription => {
                    self.sides[index]
                        .connection
                        .set_local_description()
                        .expect("one at a time");
                    self.sides[index].busy = true;
                }
                NegotiationOutput::SetRemoteDescription(description) => {
                    self.sides[index]
                        .connection
                        .set_remote_description(description)
                        .expect("one at a time");
                    self.sides[index].busy = true;
                }
                NegotiationOutput::AddIceCandidate(candidate) => {
                    let added = self.sides[index].connection.add_ice_candidate(&candidate);
                    assert!(
                        matches!(added, Ok(()) | Err(OperationError::UnknownCredentials)),
                        "{added:?}"
                    );
                }
                NegotiationOutput::RestartIce => self.sides[index].connection.restart_ice(),
            }
        }
    }
}

impl Side {
    fn is_moving(&mut self) -> bool {
        self.reported.extend(self.connection.take_events());
        self.busy || !self.reported.is_empty() || !self.inbox.is_empty()
    }

    fn report(&mut self) {
        match self.reported.pop_front() {
            Some(ConnectionEvent::NegotiationNeeded) => self.negotiator.handle_negotiation_needed(),
            Some(ConnectionEvent::Candidate(candidate)) => {
                self.negotiator.handle_local_candidate(candidate).expect("room");
            }
            None => {}
        }
    }

    fn finish(&mut self) {
        if !std::mem::take(&mut self.busy) {
            return;
        }
        match self.connection.finish().expect("the browser agrees") {
            Finished::Local(description) => {
                self.negotiator
                    .handle_local_description(description)
                    .expect("asked for");
            }
            Finished::Remote => self
                .negotiator
                .handle_remote_description_applied()
                .expect("asked for"),
        }
    }

    fn read(&mut self, collisions: &mut u32) {
        let Some(signal) = self.inbox.pop_front() else {
            return;
        };
        let offered = matches!(&signal, PeerSignal::Description(description)
            if description.description_type == SessionDescriptionType::Offer);
        if offered && (self.busy || !self.connection.is_stable()) {
            *collisions += 1;
        }
        self.negotiator.handle_signal(signal).expect("room");
    }
}

fn drain(negotiator: &mut Negotiator) -> Vec<NegotiationOutput> {
    std::iter::from_fn(|| negotiator.poll_output()).collect()
}

/// After the first agreement.
fn stable(polite: bool) -> Negotiator {
    let mut negotiator = Negotiator::new(polite);
    if polite {
        negotiator
            .handle_signal(PeerSignal::Description(offer("theirs")))
            .expect("room");
        negotiator.handle_remote_description_applied().expect("asked for");
        negotiator
            .handle_local_description(answer("mine"))
            .expect("asked for");
    } else {
        negotiator.handle_negotiation_needed();
        negotiator
            .handle_local_description(offer("mine"))
            .expect("asked for");
        negotiator
            .handle_signal(PeerSignal::Description(answer("theirs")))
            .expect("room");
        negotiator.handle_remote_description_applied().expect("asked for");
    }
    drain(&mut negotiator);
    negotiator
}

/// After one round, with an own offer out.
fn with_own_offer(polite: bool) -> Negotiator {
    let mut negotiator = Negotiator::new(polite);
    if polite {
        negotiator
            .handle_signal(PeerSignal::Description(offer("first")))
            .expect("room");
        negotiator.handle_remote_description_applied().expect("asked for");
        negotiator
            .handle_local_description(answer("first"))
            .expect("asked for");
    }
    negotiator.handle_negotiation_needed();
    negotiator
        .handle_local_description(offer("mine"))
        .expect("asked for");
    drain(&mut negotiator);
    negotiator
}

fn offer(sdp: &str) -> SessionDescription {
    SessionDescription {
        description_type: SessionDescriptionType::Offer,
        sdp: format!("{sdp} offer"),
        offer: None,
    }
}

fn answer(sdp: &str) -> SessionDescription {
    SessionDescription {
        description_type: SessionDescriptionType::Answer,
        sdp: format!("{sdp} answer"),
        offer: None,
    }
}

fn candidate(text: &str) -> IceCandidate {
    IceCandidate {
        candidate: text.to_owned(),
        sdp_mid: None,
        sdp_m_line_index: None,
        username_fragment: None,
    }
}

/// The first own offer, or the answer to one without a number.
fn sent(mut description: SessionDescription) -> NegotiationOutput {
    description.offer = (description.description_type == SessionDescriptionType::Offer).then_some(1);
    NegotiationOutput::Send(PeerSignal::Description(description))
}
