use std::collections::VecDeque;

use proptest::prelude::*;

use super::*;

/// An event of thread 1.
const fn at(position: u64, sequence: u64) -> Place {
    of(1, position, sequence)
}

const fn of(thread: u64, position: u64, sequence: u64) -> Place {
    Place {
        position,
        in_thread: Some((thread, sequence)),
    }
}

/// A feed whose subscription was answered.
fn feed(cursor: u64) -> ChatFeed {
    let mut feed = ChatFeed::new(Some(cursor));
    feed.subscribing();
    feed.subscribed(Some(cursor), false);
    feed
}

#[test]
fn a_missing_event_is_fetched_and_comes_before_the_one_that_told_of_it() {
    let mut feed = feed(0);
    assert_eq!(feed.event(at(4, 1)), Arrival::New);
    assert_eq!(feed.event(at(9, 3)), Arrival::Gap(4));
    feed.subscribing();
    assert_eq!(feed.event(at(10, 4)), Arrival::Dropped, "on the old subscription");
    feed.subscribed(Some(4), false);
    for event in [at(7, 2), at(9, 3), at(10, 4)] {
        assert_eq!(feed.event(event), Arrival::New);
    }
    assert_eq!(feed.cursor(), Some(10));
}

#[test]
fn a_gap_that_is_still_there_after_one_fill_is_none() {
    let mut feed = feed(0);
    feed.event(at(4, 1));
    assert_eq!(feed.event(at(9, 3)), Arrival::Gap(4));
    feed.subscribing();
    feed.subscribed(Some(4), false);
    assert_eq!(feed.event(at(9, 3)), Arrival::New);
    assert_eq!(
        feed.event(at(12, 5)),
        Arrival::Gap(9),
        "the next one is looked into again"
    );
}

#[test]
fn what_went_missing_before_another_threads_event_is_fetched_too() {
    let mut feed = feed(0);
    feed.event(of(1, 4, 1));
    feed.event(of(2, 6, 1));
    assert_eq!(feed.event(of(1, 8, 3)), Arrival::Gap(4));
    feed.subscribing();
    feed.subscribed(Some(4), false);
    let arrivals = [of(1, 5, 2), of(2, 6, 1), of(1, 8, 3)].map(|event| feed.event(event));
    assert_eq!(arrivals, [Arrival::New, Arrival::Dropped, Arrival::New]);
}

#[test]
fn a_fill_says_nothing_of_a_thread_that_was_silent_for_longer() {
    let mut feed = feed(0);
    feed.event(of(2, 3, 1));
    feed.event(of(1, 5, 1));
    assert_eq!(feed.event(of(1, 8, 3)), Arrival::Gap(5));
    feed.subscribing();
    feed.event(of(2, 9, 3));
    feed.subscribed(Some(5), false);
    assert_eq!(feed.event(of(1, 8, 3)), Arrival::New);
    assert_eq!(feed.event(of(2, 9, 3)), Arrival::Gap(3), "its second may be at 4");
}

#[test]
fn an_answer_to_an_older_question_does_not_end_the_wait() {
    let mut feed = feed(0);
    feed.event(at(4, 1));
    feed.subscribing();
    feed.event(at(9, 3));
    feed.subscribed(Some(4), false);
    assert_eq!(feed.event(at(9, 3)), Arrival::New, "read again meanwhile");
    assert_eq!(feed.event(at(12, 5)), Arrival::Gap(9));
    feed.subscribing();
    feed.subscribing();
    feed.subscribed(Some(9), false);
    assert_eq!(feed.event(of(2, 13, 1)), Arrival::Dropped);
}

#[test]
fn events_without_a_number_go_by_their_position() {
    let mut feed = feed(5);
    let plain = |position| Place {
        position,
        in_thread: None,
    };
    let arrivals = [5, 6, 6, 9].map(|position| feed.event(plain(position)));
    assert_eq!(
        arrivals,
        [Arrival::Dropped, Arrival::New, Arrival::Dropped, Arrival::New]
    );
}

#[test]
fn memory_is_bounded_and_the_latest_threads_are_kept() {
    let mut feed = feed(0);
    let many = u64::try_from(MAX_THREADS).expect("small") + 1;
    for thread in 1..=many {
        feed.event(of(thread, thread, 1));
    }
    assert_eq!(feed.threads.len(), MAX_THREADS);
    assert_eq!(
        feed.event(of(1, many + 1, 9)),
        Arrival::New,
        "forgotten: no number to miss"
    );
    assert_eq!(feed.event(of(many, many + 2, 9)), Arrival::Gap(many));
}

#[test]
fn after_an_expiry_the_servers_place_counts_even_where_it_is_lower() {
    let mut feed = feed(700);
    feed.event(at(701, 50));
    feed.subscribing();
    feed.subscribed(Some(5), true);
    assert_eq!(feed.cursor(), Some(5));
    assert_eq!(feed.event(at(6, 1)), Arrival::New);
}

/// A feed, its line to a server, and the server's log.
struct World {
    feed: ChatFeed,
    log: Vec<Place>,
    /// Whether the client may see the event.
    seen: Vec<bool>,
    /// How much of the log has happened.
    happened: usize,
    line: VecDeque<Down>,
    got: Vec<Place>,
}

enum Down {
    Subscribed(u64),
    Event(Place),
}

impl World {
    fn new(script: &[Step]) -> Self {
        let mut sequences = [0_u64; THREADS];
        let log = (1..).zip(script).map(|(position, step)| {
            sequences[step.thread] += 1;
            of(step.thread as u64, position, sequences[step.thread])
        });
        let mut world = Self {
            feed: ChatFeed::new(Some(0)),
            log: log.collect(),
            seen: script.iter().map(|step| step.seen).collect(),
            happened: 0,
            line: VecDeque::new(),
            got: Vec::new(),
        };
        world.connect();
        world
    }

    fn visible(&self) -> impl Iterator<Item = Place> {
        let visible = self.log.iter().zip(&self.seen).take(self.happened);
        visible.filter_map(|(event, seen)| seen.then_some(*event))
    }

    /// A new socket.
    fn connect(&mut self) {
        self.line.clear();
        self.feed.socket_opened();
        self.subscribe(self.feed.cursor().expect("known"));
    }

    fn subscribe(&mut self, cursor: u64) {
        self.feed.subscribing();
        let replay: Vec<Place> = self.visible().filter(|event| event.position > cursor).collect();
        self.line.push_back(Down::Subscribed(cursor));
        self.line.extend(replay.into_iter().map(Down::Event));
    }

    fn happen(&mut self, step: &Step) {
        let event = self.log[self.happened];
        self.happened += 1;
        if step.seen && step.arrives {
            self.line.push_back(Down::Event(event));
        }
    }

    fn read_line(&mut self) {
        while let Some(frame) = self.line.pop_front() {
            match frame {
                Down::Subscribed(cursor) => self.feed.subscribed(Some(cursor), false),
                Down::Event(event) => match self.feed.event(event) {
                    Arrival::New => self.got.push(event),
                    Arrival::Dropped => {}
                    Arrival::Gap(cursor) => self.subscribe(cursor),
                },
            }
        }
    }
}

const THREADS: usize = 4;

#[derive(Debug, Clone)]
struct Step {
    thread: usize,
    seen: bool,
    arrives: bool,
    /// Whether the client reads what has arrived by then.
    read: bool,
    breaks: bool,
}

fn step() -> impl Strategy<Value = Step> {
    let often = prop::bool::weighted(0.85);
    (0..THREADS, often, often, any::<bool>(), prop::bool::weighted(0.1)).prop_map(
        |(thread, seen, arrives, read, breaks)| Step {
            thread,
            seen,
            arrives,
            read,
            breaks,
        },
    )
}

fn numbers(events: &[Place], thread: u64) -> Vec<u64> {
    let of_threads = events.iter().filter_map(|event| event.in_thread);
    of_threads
        .filter_map(|(key, number)| (key == thread).then_some(number))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Any events get lost on the way, sockets break anywhere, and some events are none of the client's business.
    #[test]
    fn every_event_is_handed_on_once_and_in_the_order_of_its_thread(script in prop::collection::vec(step(), 1..100)) {
        let mut world = World::new(&script);
        for step in &script {
            world.happen(step);
            if step.breaks {
                world.connect();
            }
            if step.read {
                world.read_line();
            }
        }
        world.read_line();
        let visible: Vec<Place> = world.visible().collect();
        for thread in 0..THREADS as u64 {
            let got = numbers(&world.got, thread);
            // From the first that was handed on through the last: before it there was no number to miss, and after it
            // nothing told of more.
            let (Some(first), Some(last)) = (got.first(), got.last()) else { continue };
            let due = numbers(&visible, thread).into_iter().filter(|number| (first..=last).contains(&number));
            prop_assert_eq!(&got, &due.collect::<Vec<_>>());
        }
    }
}
