//! What applications send along with a call.

mod support;

use openline_protocol::{
    CallEndReason,
    realtime::{CallCommand, CallNotice, MAX_CUSTOM_CONTEXT_CHARS, MediaState},
};
use support::{
    World,
    exchange::{answered_call, command_of, ended, exchange, user},
    two_people,
};

#[test]
fn it_comes_with_the_call_on_every_device_and_after_a_restart() {
    let (mut world, alice, bob) = two_people(1);
    let call = world.start_with(alice, World::raw_id("bob"), Some(context()));
    world.settle();
    let context_at = |world: &World, client: usize| {
        let invitation = &world.clients[client].record.invitations[&call];
        invitation.custom_context.clone()
    };
    assert_eq!(context_at(&world, bob), Some(context()));
    let tablet = world.sign_in("bob");
    world.settle();
    assert_eq!(context_at(&world, tablet), Some(context()));
    world.kill_server();
    world.run_for(std::time::Duration::from_secs(20));
    let laptop = world.sign_in("bob");
    world.settle();
    assert_eq!(context_at(&world, laptop), Some(context()));
    world.accept(bob, &call);
    world.settle();
    assert!(world.flows(&call));
}

#[test]
fn it_comes_with_a_transfer() {
    let mut exchange = exchange(&["alice", "bob", "carol"]);
    answered_call(&mut exchange);
    let transfer = CallCommand::Transfer {
        call_id: "call".into(),
        into: "into".into(),
        target: user("carol"),
        custom_context: Some(context()),
    };
    let told = command_of(&mut exchange, "alice", transfer);
    assert_eq!(told[1].endpoint_id, "carol".into());
    assert!(
        matches!(
            &told[1].notice,
            CallNotice::Incoming { custom_context: Some(sent), .. } if *sent == context()
        ),
        "{told:?}"
    );
}

#[test]
fn one_that_is_too_long_is_refused() {
    let text = |chars| "ä".repeat(chars);
    let mut exchange = exchange(&["alice", "bob"]);
    assert_eq!(
        command_of(&mut exchange, "alice", start(text(MAX_CUSTOM_CONTEXT_CHARS + 1))),
        [ended("alice", "call", CallEndReason::NOT_ALLOWED)]
    );
    let allowed = start(text(MAX_CUSTOM_CONTEXT_CHARS));
    assert_eq!(command_of(&mut exchange, "alice", allowed).len(), 2);
}

fn start(custom_context: String) -> CallCommand {
    CallCommand::Start {
        call_id: "call".into(),
        callee: user("bob"),
        display_name: None,
        media: MediaState::default(),
        custom_context: Some(custom_context),
    }
}

fn context() -> String {
    r#"{"userToUser":"order 4711"}"#.to_owned()
}
