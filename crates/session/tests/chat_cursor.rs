//! The cursor of the chat subscription: what was handled is not handled again, and not asked for again.

mod support;

use openline_protocol::{
    RawId, ThreadId, Timestamp,
    realtime::{ChatEvent, ClientFrame, ServerFrame, Topic},
};
use openline_session::ClientEvent;
use support::{Down, Up, World};

#[test]
fn an_event_at_or_below_the_cursor_is_dropped() {
    let mut world = subscribed(Some(10));
    for position in [Some(10), Some(11), Some(11), None, Some(9), Some(15)] {
        event(&mut world, position);
    }
    assert_eq!(positions(&world), [Some(11), None, Some(15)]);
    assert_eq!(world.client.chat_cursor(), Some(15));
}

#[test]
fn the_next_socket_asks_from_the_last_event() {
    let mut world = subscribed(Some(10));
    event(&mut world, Some(12));
    world.cut();
    world.client_notices_cut();
    world.next_timer();
    assert_eq!(asked_cursor(&world), Some(12));
}

#[test]
fn without_a_cursor_the_servers_word_is_kept() {
    let mut world = subscribed(None);
    confirm(&mut world, Some(40), false);
    world.cut();
    world.client_notices_cut();
    world.next_timer();
    assert_eq!(asked_cursor(&world), Some(40));
}

#[test]
fn an_expired_cursor_is_reported_and_replaced() {
    let mut world = subscribed(Some(10));
    confirm(&mut world, Some(5), true);
    assert!(world.events.contains(&ClientEvent::ChatSubscribed {
        cursor: Some(5),
        expired: true
    }));
    event(&mut world, Some(6));
    assert_eq!(positions(&world), [Some(6)]);
}

#[test]
fn a_skipped_number_is_asked_for_from_the_threads_last_event_on() {
    let mut world = subscribed(Some(10));
    numbered_event(&mut world, Some(12), Some(1));
    numbered_event(&mut world, Some(15), Some(3));
    assert_eq!(positions(&world), [Some(12)]);
    assert_eq!(asked_cursor(&world), Some(12));

    numbered_event(&mut world, Some(16), Some(4));
    event(&mut world, None);
    assert_eq!(
        positions(&world),
        [Some(12), None],
        "what is kept comes again, what is not kept passes"
    );
    confirm(&mut world, Some(12), false);
    for (position, number) in [(13, 2), (15, 3), (16, 4)] {
        numbered_event(&mut world, Some(position), Some(number));
    }
    let told = [Some(12), None, Some(13), Some(15), Some(16)];
    assert_eq!(positions(&world), told);
    assert_eq!(world.client.chat_cursor(), Some(16));
}

#[test]
fn a_break_during_the_fill_leaves_nothing_out() {
    let mut world = subscribed(Some(10));
    numbered_event(&mut world, Some(12), Some(1));
    numbered_event(&mut world, Some(15), Some(3));
    world.cut();
    world.client_notices_cut();
    world.next_timer();
    assert_eq!(asked_cursor(&world), Some(12));
    world.settle();
    confirm(&mut world, Some(12), false);
    for (position, number) in [(13, 2), (15, 3)] {
        numbered_event(&mut world, Some(position), Some(number));
    }
    assert_eq!(positions(&world), [Some(12), Some(13), Some(15)]);
}

#[test]
fn after_unsubscribing_events_on_their_way_are_dropped() {
    let mut world = subscribed(Some(1));
    world.client.unsubscribe(Topic::Chat, world.now);
    world.drain_client();
    event(&mut world, Some(2));
    assert!(positions(&world).is_empty());
}

fn subscribed(cursor: Option<u64>) -> World {
    let mut world = World::connected(1);
    world.client.subscribe_chat(cursor, world.now);
    world.drain_client();
    world.carry_all();
    if cursor.is_some() {
        confirm(&mut world, cursor, false);
    }
    world
}

fn confirm(world: &mut World, cursor: Option<u64>, expired: bool) {
    send(
        world,
        ServerFrame::Subscribed {
            topic: Topic::Chat,
            cursor,
            expired,
        },
    );
}

fn event(world: &mut World, position: Option<u64>) {
    numbered_event(world, position, None);
}

fn numbered_event(world: &mut World, position: Option<u64>, thread_sequence: Option<u64>) {
    let event = ChatEvent::TypingIndicatorReceived {
        thread_id: ThreadId::new("19:t@thread.v2"),
        sender: RawId::new("8:acs:r_u"),
        sender_display_name: String::new(),
        received_on: Timestamp::from_millis(0),
        version: "0".to_owned(),
    };
    send(
        world,
        ServerFrame::Event {
            position,
            thread_sequence,
            event: Box::new(event),
        },
    );
}

fn send(world: &mut World, frame: ServerFrame) {
    let index = world.client_socket.expect("connected");
    world.sockets[index].down.push_back(Down::Frame(frame));
    world.carry_down();
}

fn positions(world: &World) -> Vec<Option<u64>> {
    let of_chat = |event: &ClientEvent| {
        if let ClientEvent::ChatEvent { position, .. } = event {
            Some(*position)
        } else {
            None
        }
    };
    world.events.iter().filter_map(of_chat).collect()
}

fn asked_cursor(world: &World) -> Option<u64> {
    let socket = world.sockets.last()?;
    socket.up.iter().find_map(|up| match up {
        Up::Frame(ClientFrame::Subscribe { cursor, .. }) => *cursor,
        Up::Frame(_) | Up::Close(_) => None,
    })
}
