//! The task of a client instance: reads its row, then time, chat events and its token while it is connected, and its
//! end when it is not any more.

use std::{sync::Arc, time::Duration};

use openline_protocol::realtime::ServerFrame;
use openline_trouter::{CloseReason, events::payload};
use tokio::time::{Instant, sleep, sleep_until};

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
            sleep(STORAGE_PAUSE).await;
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
    let end = Instant::now() + instance.shared.settings.grace;
    while !instance.is_connected() && !instance.is_stopped() && !instance.shared.shutdown.has_begun() {
        tokio::select! {
            () = instance.wake.notified() => {}
            () = instance.shared.shutdown.begun() => {}
            () = sleep_until(end) => return,
        }
    }
}

/// Looks after the instance for as long as it is connected.
async fn follow(instance: &Arc<Instance>) {
    let key = &instance.key;
    let mut follower = instance.shared.chats.follow(&key.resource_id, &key.raw_id);
    let mut started = false;
    // An event for which there is no room yet.
    let mut waiting: Option<Event> = None;
    let mut check_token_at = Instant::now() + GENERATION_LIFETIME;
    let mut refresh_at = Instant::now() + REFRESH_INTERVAL;
    while instance.is_connected() {
        if waiting.is_none() {
            instance.caught_up(follower.cursor());
        }
        if let Some(event) = waiting.take_if(|_| instance.has_room()) {
            waiting = offer(instance, event);
        }
        tokio::select! {
            () = instance.wake.notified() => {}
            () = sleep(instance.time_left()) => instance.handle_timeout(),
            () = sleep_until(check_token_at) => {
                check_token_at = Instant::now() + GENERATION_LIFETIME;
                check_tokens(instance).await;
            }
            () = sleep_until(refresh_at) => {
                refresh_at = Instant::now() + REFRESH_INTERVAL;
                follower.catch_up();
                instance.shared.saver.save(instance);
            }
            followed = next(instance, &mut follower, &mut started), if waiting.is_none() => {
                waiting = match followed {
                    Ok(event) => event.and_then(|event| offer(instance, event)),
                    Err(error) => {
                        tracing::error!(error = &error as &dyn std::error::Error, "chat events could not be read");
                        sleep(STORAGE_PAUSE).await;
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
        Ok(ServerFrame::<_>::Event { event: chat, .. }) => Some(Event {
            position: event.position,
            body: payload(&chat, &instance.key.raw_id),
        }),
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

/// Looks the tokens up, in case word of a revocation was lost. A database that does not answer closes nothing.
pub(super) async fn check_tokens(instance: &Arc<Instance>) {
    for connection in instance.connections() {
        match instance.shared.tokens.look_up_current(&connection.token).await {
            Ok(true) => {}
            Ok(false) => instance.close(connection.number, CloseReason::Unauthorized),
            Err(error) => tracing::error!(
                error = &error as &dyn std::error::Error,
                "a token could not be checked"
            ),
        }
    }
}
