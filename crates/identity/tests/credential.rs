//! When tokens are handed out and refreshed, on a fake clock.

use openline_identity::{
    AccessToken, Credential, CredentialConfig, GetTokenError, MAX_TIMER, Output, RefreshId, RequestId,
    SuppliedToken, TokenInvalid,
};
use openline_protocol::Timestamp;

const START: u64 = 1_700_000_000_000;
const MINUTE: u64 = 60_000;

#[test]
fn a_fixed_token_is_handed_out_even_after_it_expired() {
    let mut world = World::fixed(token("a", 0));
    world.advance(MINUTE);
    world.get_token();
    assert_eq!(world.answers(), ["a"]);
}

#[test]
fn without_a_first_token_the_first_request_calls_the_refresher() {
    let mut world = World::on_demand(None);
    assert!(world.refreshes().is_empty());
    assert_eq!(world.credential.poll_timeout(), None);
    world.get_token();
    world.refresher_returns(token("a", 60 * MINUTE));
    assert_eq!(world.answers(), ["a"]);
}

#[test]
fn a_valid_first_token_is_used_without_the_refresher() {
    let mut world = World::on_demand(Some(token("a", 60 * MINUTE)));
    world.get_token();
    assert_eq!(world.answers(), ["a"]);
    assert!(world.refreshes().is_empty());
}

#[test]
fn in_its_last_ten_minutes_a_token_is_still_handed_out_on_demand() {
    let mut world = World::on_demand(Some(token("a", 60 * MINUTE)));
    world.advance(55 * MINUTE);
    world.get_token();
    assert_eq!(world.answers(), ["a"]);
    assert!(world.refreshes().is_empty());
}

#[test]
fn an_expired_token_is_refreshed_on_demand() {
    let mut world = World::on_demand(Some(token("a", MINUTE)));
    world.advance(MINUTE);
    world.get_token();
    assert!(world.answers().is_empty());
    world.refresher_returns(token("b", 60 * MINUTE));
    assert_eq!(world.answers(), ["b"]);
}

#[test]
fn a_token_that_is_about_to_expire_is_refreshed_on_demand() {
    let mut world = World::on_demand(Some(token("a", MINUTE)));
    world.advance(MINUTE - 4_000);
    world.get_token();
    assert_eq!(world.refreshes().len(), 1);
}

#[test]
fn concurrent_requests_share_one_refresh() {
    let mut world = World::on_demand(None);
    for _ in 0..10 {
        world.get_token();
    }
    world.refresher_returns(token("a", 60 * MINUTE));
    assert_eq!(world.answers(), ["a"; 10]);
}

#[test]
fn a_failing_refresher_rejects_everybody_and_the_next_request_tries_again() {
    let mut world = World::on_demand(None);
    world.get_token();
    world.get_token();
    world.refresher_fails();
    assert_eq!(world.answers(), ["refresher: offline"; 2]);
    assert_eq!(world.credential.poll_timeout(), None);
    world.get_token();
    world.refresher_returns(token("a", 60 * MINUTE));
    assert_eq!(world.answers(), ["a"]);
}

#[test]
fn a_refresher_that_returns_an_expired_token_is_asked_once_and_reported() {
    let mut world = World::on_demand(None);
    world.get_token();
    world.refresher_returns(token("a", 0));
    assert_eq!(world.answers(), ["expired"]);
    assert!(world.refreshes().is_empty());
}

#[test]
fn a_refresher_may_return_opaque_text_but_not_blank_text() {
    let mut world = World::on_demand(None);
    world.get_token();
    world.refresher_returns(SuppliedToken::text("opaque"));
    assert_eq!(world.answers(), ["opaque"]);
    world.advance(11 * MINUTE);
    world.get_token();
    world.refresher_returns(SuppliedToken::text(" "));
    assert_eq!(world.answers(), ["invalid"]);
}

#[test]
fn strict_rejects_opaque_text_from_the_refresher() {
    let config = CredentialConfig {
        strict: true,
        ..CredentialConfig::default()
    };
    let mut world = World::refreshing(None, config);
    world.get_token();
    world.refresher_returns(SuppliedToken::text("opaque"));
    assert_eq!(world.answers(), ["invalid"]);
}

#[test]
fn a_refused_token_is_replaced_by_one_refresh_for_everybody() {
    let mut world = World::on_demand(Some(token("a", 60 * MINUTE)));
    for _ in 0..3 {
        world.refused("a");
        world.get_token();
    }
    assert_eq!(world.refreshes().len(), 1);
    world.refresher_returns(token("b", 60 * MINUTE));
    assert_eq!(world.answers(), ["b"; 3]);

    world.refused("a");
    world.get_token();
    assert_eq!(world.answers(), ["b"], "word of the old one came late");
    world.refused("b");
    world.get_token();
    world.refresher_returns(token("c", 60 * MINUTE));
    assert_eq!(world.answers(), ["c"], "revoked while the first was fetched");
}

#[test]
fn where_every_token_is_refused_the_refresher_is_asked_less_and_less_often() {
    let mut world = World::on_demand(Some(token("0", 60 * MINUTE)));
    let mut asked = Vec::new();
    while world.elapsed() < 6 * MINUTE {
        world.refused(&asked.len().to_string());
        world.get_token();
        if !world.refreshes().is_empty() {
            asked.push(world.elapsed() / 1_000);
            world.refresher_returns(token(&asked.len().to_string(), 60 * MINUTE));
        }
        assert_eq!(world.answers(), [asked.len().to_string()]);
        world.advance(500);
    }
    assert_eq!(asked, [0, 0, 1, 3, 7, 15, 31, 63, 123, 183, 243, 303]);
}

#[test]
fn a_refresher_that_insists_on_a_refused_token_is_not_asked_all_the_time() {
    let mut world = World::on_demand(Some(token("a", 60 * MINUTE)));
    for refreshes in [1, 1, 0, 0] {
        world.refused("a");
        world.get_token();
        assert_eq!(world.refreshes().len(), refreshes);
        if refreshes > 0 {
            world.refresher_returns(token("a", 60 * MINUTE));
        }
        assert_eq!(world.answers(), ["a"]);
    }
}

#[test]
fn a_refusal_long_after_others_counts_as_the_first_again_and_so_it_does_on_a_clock_that_was_set_back() {
    let mut world = World::on_demand(Some(token("0", 600 * MINUTE)));
    let mut last = 0;
    for wait in [0, 0, 1_000, 2 * MINUTE + 2_000] {
        world.advance(wait);
        last = world.replaced(last);
    }
    last = world.replaced(last);
    world.now -= 60 * MINUTE;
    last = world.replaced(last);
    world.replaced(last);
}

#[test]
fn a_refused_token_stays_away_while_the_refresher_fails() {
    let mut world = World::on_demand(Some(token("a", 60 * MINUTE)));
    world.refused("a");
    for _ in 0..2 {
        world.get_token();
        world.refresher_fails();
        assert_eq!(world.answers(), ["refresher: offline"]);
    }
}

#[test]
fn a_refused_token_waits_for_the_refresh_that_is_under_way() {
    let mut world = World::proactive(Some(token("a", 60 * MINUTE)));
    world.advance(50 * MINUTE);
    world.refused("a");
    world.get_token();
    assert_eq!(world.refreshes().len(), 1);
    world.refresher_returns(token("b", 60 * MINUTE));
    assert_eq!(world.answers(), ["b"]);
    assert_eq!(world.due_in(), Some(50 * MINUTE));
}

#[test]
fn a_fixed_token_that_is_refused_is_all_there_is() {
    let mut world = World::fixed(token("a", 60 * MINUTE));
    world.refused("a");
    world.get_token();
    assert_eq!(world.answers(), ["a"]);
}

#[test]
fn proactive_refresh_starts_ten_minutes_before_expiry() {
    let mut world = World::proactive(Some(token("a", 60 * MINUTE)));
    assert_eq!(world.due_in(), Some(50 * MINUTE));
    world.advance(50 * MINUTE - 1);
    assert!(world.refreshes().is_empty());
    world.advance(1);
    world.refresher_returns(token("b", 60 * MINUTE));
    assert_eq!(world.due_in(), Some(50 * MINUTE), "rescheduled after a success");
    world.get_token();
    assert_eq!(world.answers(), ["b"]);
}

#[test]
fn proactive_refresh_without_a_valid_token_starts_at_once_but_on_the_timer() {
    for first in [None, Some(token("a", 0))] {
        let mut world = World::proactive(first);
        assert!(world.refreshes().is_empty());
        assert_eq!(world.due_in(), Some(0));
        world.advance(0);
        assert_eq!(world.refreshes().len(), 1);
    }
}

#[test]
fn inside_the_window_refreshes_get_denser_by_halves() {
    let expiry = 20 * MINUTE;
    let mut world = World::proactive(Some(token("a", expiry)));
    let mut starts = Vec::new();
    while world.elapsed() <= expiry - 1_000 {
        if !world.refreshes().is_empty() {
            starts.push(world.elapsed());
            world.finish(Ok(SuppliedToken::Token(AccessToken {
                token: "a".into(),
                expires_on: Timestamp::from_millis(START + expiry),
            })));
        }
        let step = world.due_in().expect("keeps going");
        world.advance(step);
    }
    assert_eq!(starts.first(), Some(&(10 * MINUTE)));
    assert_eq!(starts.get(1), Some(&(15 * MINUTE)));
    assert_eq!(starts.len(), 10, "floor(log2(1200)): {starts:?}");
}

#[test]
fn a_request_during_a_proactive_refresh_shares_it() {
    let mut world = World::proactive(None);
    world.advance(0);
    world.get_token();
    world.refresher_returns(token("a", 60 * MINUTE));
    assert_eq!(world.answers(), ["a"]);
}

#[test]
fn the_timer_during_a_refresh_on_demand_shares_it_and_keeps_it_going() {
    let mut world = World::proactive(None);
    let request = world.get_token();
    world.advance(0);
    world.credential.handle_abort(request);
    assert_eq!(world.answers(), ["aborted"]);
    assert!(!world.aborted_any(), "the schedule still wants the token");
    world.refresher_returns(token("a", 60 * MINUTE));
    assert_eq!(world.due_in(), Some(50 * MINUTE));
}

#[test]
fn a_failing_proactive_refresh_is_tried_again_with_growing_jittered_delays() {
    let mut world = World::proactive(None);
    let mut delays = Vec::new();
    for _ in 0..9 {
        let step = world.due_in().expect("keeps trying");
        world.advance(step);
        world.refresher_fails();
        delays.push(world.due_in().expect("keeps trying"));
    }
    assert_eq!(
        delays,
        [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]
    );

    world.jitter = 0.5;
    world.advance(60_000);
    world.refresher_fails();
    assert_eq!(world.due_in(), Some(45_000));

    world.advance(45_000);
    world.refresher_returns(token("a", 60 * MINUTE));
    world.advance(50 * MINUTE);
    world.refresher_fails();
    assert_eq!(world.due_in(), Some(750), "a success starts the delays over");
}

#[test]
fn a_failing_proactive_refresh_leaves_the_valid_token_in_use() {
    let mut world = World::proactive(Some(token("a", 60 * MINUTE)));
    world.advance(50 * MINUTE);
    world.refresher_fails();
    world.get_token();
    assert_eq!(world.answers(), ["a"]);
}

#[test]
fn waking_up_starts_what_came_due_and_what_waited_for_its_retry() {
    let mut world = World::proactive(Some(token("a", 60 * MINUTE)));
    world.now += 3 * 60 * MINUTE;
    world.credential.handle_wake(world.time());
    assert_eq!(world.refreshes().len(), 1);
    world.finish(Err("offline"));
    assert_eq!(world.due_in(), Some(1_000));
    world.credential.handle_wake(world.time());
    assert_eq!(world.refreshes().len(), 1);
}

#[test]
fn waking_up_early_changes_nothing() {
    let mut world = World::proactive(Some(token("a", 60 * MINUTE)));
    world.credential.handle_wake(world.time());
    assert!(world.refreshes().is_empty());
    assert_eq!(world.due_in(), Some(50 * MINUTE));
}

#[test]
fn a_timer_never_runs_longer_than_a_browser_can() {
    let year = 365 * 24 * 60 * MINUTE;
    let mut world = World::proactive(Some(token("a", year)));
    assert_eq!(world.credential.poll_delay(world.time()), Some(MAX_TIMER));
    world.advance(u64::try_from(MAX_TIMER.as_millis()).expect("fits"));
    assert!(world.refreshes().is_empty(), "an early timer starts nothing");
    assert!(world.credential.poll_timeout().is_some());
}

#[test]
fn a_shared_refresh_is_aborted_only_when_everybody_gave_up() {
    let mut world = World::on_demand(None);
    let first = world.get_token();
    let second = world.get_token();
    world.credential.handle_abort(first);
    assert_eq!(world.answers(), ["aborted"]);
    assert!(!world.aborted_any());
    world.credential.handle_abort(second);
    assert_eq!(world.answers(), ["aborted"]);
    assert!(world.aborted_any());
}

#[test]
fn one_callers_abort_leaves_the_token_to_the_other() {
    let mut world = World::on_demand(None);
    let first = world.get_token();
    world.get_token();
    world.credential.handle_abort(first);
    world.refresher_returns(token("a", 60 * MINUTE));
    assert_eq!(world.answers(), ["aborted", "a"]);
}

#[test]
fn after_an_abandoned_refresh_the_next_request_starts_another() {
    let mut world = World::on_demand(None);
    let first = world.get_token();
    let abandoned = world.refreshes()[0].0;
    world.credential.handle_abort(first);
    world.get_token();
    world
        .credential
        .handle_refreshed(abandoned, Err("aborted"), world.time(), 0.0);
    world.refresher_returns(token("b", 60 * MINUTE));
    assert_eq!(world.answers(), ["aborted", "b"]);
}

#[test]
fn a_signal_that_was_aborted_before_is_passed_on_and_the_refresher_decides() {
    let mut world = World::on_demand(None);
    world.credential.handle_get_token(true, world.time());
    let [(refresh, aborted)] = world.refreshes()[..] else {
        panic!("one call")
    };
    assert!(aborted);
    let supplied = issued(token("a", 60 * MINUTE), world.now);
    world
        .credential
        .handle_refreshed(refresh, Ok(supplied), world.time(), 0.0);
    assert_eq!(world.answers(), ["a"]);
}

#[test]
fn a_request_with_an_aborted_signal_gets_the_token_at_hand() {
    let mut world = World::on_demand(Some(token("a", 60 * MINUTE)));
    world.credential.handle_get_token(true, world.time());
    assert_eq!(world.answers(), ["a"]);
}

#[test]
fn aborting_after_the_answer_changes_nothing() {
    let mut world = World::on_demand(Some(token("a", 60 * MINUTE)));
    let request = world.get_token();
    world.credential.handle_abort(request);
    assert_eq!(world.answers(), ["a"]);
}

#[test]
fn a_disposed_credential_refuses() {
    for mut world in [
        World::fixed(token("a", 60 * MINUTE)),
        World::proactive(Some(token("a", 60 * MINUTE))),
    ] {
        world.credential.dispose();
        world.credential.dispose();
        world.get_token();
        assert_eq!(world.answers(), ["disposed"]);
        assert_eq!(world.credential.poll_timeout(), None);
    }
}

#[test]
fn disposing_during_a_refresh_rejects_aborts_and_schedules_nothing() {
    let mut world = World::proactive(None);
    world.get_token();
    let refresh = world.refreshes()[0].0;
    world.credential.dispose();
    assert_eq!(world.answers(), ["disposed"]);
    assert!(world.aborted_any());
    world
        .credential
        .handle_refreshed(refresh, Ok(token("a", 60 * MINUTE)), world.time(), 0.0);
    world.get_token();
    assert_eq!(world.answers(), ["disposed"]);
    assert_eq!(world.credential.poll_timeout(), None);
}

/// A credential, a clock, and what it asked for.
struct World {
    credential: Credential<&'static str>,
    now: u64,
    jitter: f64,
    answers: Vec<String>,
    refreshes: Vec<(RefreshId, bool)>,
    aborts: usize,
}

/// A token that expires so many milliseconds from the time it is issued.
fn token(name: &str, left: u64) -> SuppliedToken {
    SuppliedToken::Token(AccessToken {
        token: name.into(),
        expires_on: Timestamp::from_millis(left),
    })
}

impl World {
    fn fixed(supplied: SuppliedToken) -> Self {
        Self::of(Credential::fixed(
            issued(supplied, START),
            CredentialConfig::default(),
            Timestamp::from_millis(START),
        ))
    }

    fn on_demand(first: Option<SuppliedToken>) -> Self {
        Self::refreshing(first, CredentialConfig::default())
    }

    fn proactive(first: Option<SuppliedToken>) -> Self {
        Self::refreshing(
            first,
            CredentialConfig {
                refresh_proactively: true,
                ..CredentialConfig::default()
            },
        )
    }

    fn refreshing(first: Option<SuppliedToken>, config: CredentialConfig) -> Self {
        let first = first.map(|first| issued(first, START));
        Self::of(Credential::refreshing(
            first,
            config,
            Timestamp::from_millis(START),
        ))
    }

    fn of(credential: Result<Credential<&'static str>, TokenInvalid>) -> Self {
        Self {
            credential: credential.expect("a valid token"),
            now: START,
            jitter: 0.0,
            answers: Vec::new(),
            refreshes: Vec::new(),
            aborts: 0,
        }
    }

    fn time(&self) -> Timestamp {
        Timestamp::from_millis(self.now)
    }

    fn elapsed(&self) -> u64 {
        self.now - START
    }

    fn due_in(&self) -> Option<u64> {
        self.credential
            .poll_timeout()
            .map(|due| due.as_millis().saturating_sub(self.now))
    }

    fn advance(&mut self, millis: u64) {
        self.now += millis;
        self.credential.handle_timeout(self.time());
    }

    fn get_token(&mut self) -> RequestId {
        self.credential.handle_get_token(false, self.time())
    }

    fn refused(&mut self, token: &str) {
        let now = self.time();
        self.credential.handle_refused(token, now);
    }

    /// The server refuses a token, and the refresher is asked for the next.
    fn replaced(&mut self, last: u32) -> u32 {
        self.refused(&last.to_string());
        self.get_token();
        self.refresher_returns(token(&(last + 1).to_string(), 60 * MINUTE));
        assert_eq!(self.answers(), [(last + 1).to_string()]);
        last + 1
    }

    fn refresher_returns(&mut self, supplied: SuppliedToken) {
        let supplied = issued(supplied, self.now);
        self.finish(Ok(supplied));
    }

    fn refresher_fails(&mut self) {
        self.finish(Err("offline"));
    }

    /// Ends the only refresh that is under way.
    fn finish(&mut self, result: Result<SuppliedToken, &'static str>) {
        self.drain();
        let (refresh, _) = self.refreshes.pop().expect("a refresh is under way");
        self.refreshes.clear();
        self.credential
            .handle_refreshed(refresh, result, self.time(), self.jitter);
    }

    fn refreshes(&mut self) -> Vec<(RefreshId, bool)> {
        self.drain();
        self.refreshes.clone()
    }

    fn aborted_any(&mut self) -> bool {
        self.drain();
        self.aborts > 0
    }

    /// The answers since the last look.
    fn answers(&mut self) -> Vec<String> {
        self.drain();
        std::mem::take(&mut self.answers)
    }

    fn drain(&mut self) {
        while let Some(output) = self.credential.poll_output() {
            match output {
                Output::Refresh { refresh, aborted } => self.refreshes.push((refresh, aborted)),
                Output::AbortRefresh { .. } => self.aborts += 1,
                Output::Resolve { token, .. } => self.answers.push(token.token),
                Output::Reject { error, .. } => self.answers.push(match error {
                    GetTokenError::Disposed => "disposed".into(),
                    GetTokenError::Expired => "expired".into(),
                    GetTokenError::Invalid(_) => "invalid".into(),
                    GetTokenError::Aborted => "aborted".into(),
                    GetTokenError::Refresher(error) => format!("refresher: {error}"),
                    other => format!("{other:?}"),
                }),
                Output::OpaqueToken => {}
            }
        }
    }
}

/// Turns the time left of [`token`] into an expiry.
fn issued(mut supplied: SuppliedToken, now: u64) -> SuppliedToken {
    if let SuppliedToken::Token(token) = &mut supplied
        && token.expires_on.as_millis() < START
    {
        token.expires_on = Timestamp::from_millis(now + token.expires_on.as_millis());
    }
    supplied
}
