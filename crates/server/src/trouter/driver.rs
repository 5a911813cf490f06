//! The task of a client instance: reads its row, then time, chat events and its token while it is connected, and its
//! end when it is not any more.

use std::{sync::Arc, time::Duration};

use openline_protocol::{Instant, realtime::ServerFrame};
use openline_trouter::events::payload;

use super::instance::Instance;
use crate::{
    bus::BusEvent,
    domain::{
        DomainError,
        chat::{ChatFollower, Followed},
        token::GENERATION_LIFETIME,
    },
};

/// How long to wait before storage is asked again.
const STORAGE_PAUSE: Duration = Duration::from_secs(1);

/// How often the row of an instance for which nothing happens is brought up to the present: it must not be taken for one
/// of a client that has been away since.
const REFRESH_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// Drives the instance to its end.
pub(super) async fn run(instance: Arc<Instance>) {
    match instance.shared.ledger(&instance.key).await {
        Ok(ledger) => {
            instance.begin(ledger);
            drive(&instance).await;
        }
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a client instance could not be read"
            );
            instance.fail();
            // The client comes back at once.
            instance.shared.sleep(STORAGE_PAUSE).await;
        }
    }
    instance.shared.registry.remove(&instance);
    instance.ended.cancel();
}

async fn drive(instance: &Arc<Instance>) {
    loop {
        if instance.is_connected() {
            follow(instance).await;
        }
        wait_for_return(instance).await;
        if instance.end() {
            return instance.shared.saver.save_and_wait(instance).await;
        }
    }
}

/// Returns once the instance is connected again, has been without a connection for its time, or stopped.
async fn wait_for_return(instance: &Instance) {
    let clock = &instance.shared.clock;
    let end = clock.monotonic() + instance.shared.settings.grace;
    while !instance.is_connected() && !instance.is_stopped() && !instance.shared.shutdown.has_begun() {
        tokio::select! {
            () = instance.wake.notified() => {}
            () = instance.shared.shutdown.begun() => {}
            () = clock.reached(end) => return,
        }
    }
}

/// What is due for a connected instance whatever happens.
struct Upkeep {
    check_tokens_at: Instant,
    refresh_at: Instant,
    /// The log could not be read: it is left alone until then.
    read_at: Option<Instant>,
}

impl Upkeep {
    fn new(now: Instant) -> Self {
        Self {
            check_tokens_at: now + GENERATION_LIFETIME,
            refresh_at: now + REFRESH_INTERVAL,
            read_at: None,
        }
    }

    fn due(&self) -> Instant {
        let first = self.check_tokens_at.min(self.refresh_at);
        self.read_at.map_or(first, |at| at.min(first))
    }

    async fn run(&mut self, instance: &Arc<Instance>, follower: &mut ChatFollower) {
        let now = instance.shared.clock.monotonic();
        self.read_at = self.read_at.filter(|at| *at > now);
        if self.refresh_at <= now {
            self.refresh_at = now + REFRESH_INTERVAL;
            follower.catch_up();
            instance.shared.saver.save(instance);
        }
        if self.check_tokens_at <= now {
            self.check_tokens_at = now + GENERATION_LIFETIME;
            instance.check_tokens().await;
        }
    }
}

/// Looks after the instance for as long as it is connected.
async fn follow(instance: &Arc<Instance>) {
    let (key, clock) = (&instance.key, &instance.shared.clock);
    let mut follower = instance.shared.chats.follow(&key.resource_id, &key.raw_id);
    let mut started = false;
    // An event for which there is no room yet.
    let mut waiting: Option<Event> = None;
    let mut upkeep = Upkeep::new(clock.monotonic());
    while instance.is_connected() {
        if waiting.is_none() {
            instance.caught_up(follower.cursor());
        }
        if let Some(event) = waiting.take_if(|_| instance.has_room()) {
            waiting = offer(instance, event);
        }
        let due = instance.due().map_or(upkeep.due(), |due| due.min(upkeep.due()));
        let reads = waiting.is_none() && upkeep.read_at.is_none();
        tokio::select! {
            () = instance.wake.notified() => {}
            () = clock.reached(due) => {
                instance.handle_timeout();
                upkeep.run(instance, &mut follower).await;
            }
            followed = next(instance, &mut follower, &mut started), if reads => {
                waiting = match followed {
                    Ok(event) => event.and_then(|event| offer(instance, event)),
                    Err(error) => {
                        tracing::error!(error = &error as &dyn std::error::Error, "chat events could not be read");
                        upkeep.read_at = Some(clock.monotonic() + STORAGE_PAUSE);
                        None
                    }
                };
            }
        }
    }
}

/// An event in the client's terms.
struct Event {
    position: Option<u64>,
    body: String,
}

/// The next event; `None` for one that cannot be told. Nothing is lost when the future is dropped.
async fn next(
    instance: &Arc<Instance>,
    follower: &mut ChatFollower,
    started: &mut bool,
) -> Result<Option<Event>, DomainError> {
    if !*started {
        let start = follower.start(Some(instance.through())).await?;
        *started = true;
        if start.expired {
            instance.events_lost(start.cursor);
        }
    }
    match follower.next().await? {
        Followed::Missed(event) | Followed::Live(event) => Ok(told(instance, &event)),
        Followed::Expired(cursor) => {
            instance.events_lost(cursor);
            Ok(None)
        }
    }
}

fn told(instance: &Instance, event: &BusEvent) -> Option<Event> {
    match serde_json::from_str(event.frame.as_str()) {
        Ok(ServerFrame::<_>::Event { event: chat, .. }) => {
            let body = payload(&chat, &instance.key.raw_id)?;
            let position = event.position;
            Some(Event { position, body })
        }
        Ok(_) | Err(_) => {
            tracing::error!(position = event.position, "an event could not be read");
            None
        }
    }
}

/// Gives the event to the instance, or back.
fn offer(instance: &Arc<Instance>, event: Event) -> Option<Event> {
    let refused = instance.offer(event.position, &event.body).is_err();
    // What is of the moment does not wait.
    refused.then_some(event).filter(|event| event.position.is_some())
}
