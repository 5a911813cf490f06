//! Connections: each direction delays, keeps order, and may lose what is under way when the connection is cut.

use std::{collections::VecDeque, time::Duration};

use openline_protocol::{
    Instant,
    realtime::{ClientFrame, ServerFrame},
};
use openline_server::bus::Frame;
use openline_test_support::Random;

use crate::names::Names;

/// From a client to the server.
#[derive(Debug, Clone)]
pub(crate) enum Up {
    Open,
    Frame(ClientFrame),
    Closed(Option<u16>),
}

/// From the server to a client.
#[derive(Debug, Clone)]
pub(crate) enum Down {
    Opened,
    Frame(Frame),
    Closed(Option<u16>),
}

impl Down {
    /// For the journal.
    pub(crate) fn describe(&self, names: &Names) -> String {
        match self {
            Self::Opened => "open".to_owned(),
            Self::Frame(frame) => match serde_json::from_str::<ServerFrame>(frame) {
                Ok(ServerFrame::Event { position, event, .. }) => {
                    format!("event {position:?} of {}", names.number(event.thread_id()))
                }
                Ok(frame) => format!("{frame:?}").chars().take(60).collect(),
                Err(error) => format!("no frame: {error}"),
            },
            Self::Closed(code) => format!("closed {code:?}"),
        }
    }
}

/// One direction.
#[derive(Debug)]
struct Line<T> {
    under_way: VecDeque<(Instant, T)>,
    /// Nothing arrives before.
    earliest: Instant,
    cut: bool,
}

impl<T> Line<T> {
    fn new(now: Instant) -> Self {
        Self {
            under_way: VecDeque::new(),
            earliest: now,
            cut: false,
        }
    }

    fn push(&mut self, item: T, at: Instant) {
        if !self.cut {
            self.earliest = self.earliest.max(at);
            self.under_way.push_back((self.earliest, item));
        }
    }

    fn next_at(&self) -> Option<Instant> {
        self.under_way.front().map(|(at, _)| *at)
    }

    fn take_due(&mut self, now: Instant) -> Option<T> {
        self.next_at().filter(|at| *at <= now)?;
        self.under_way.pop_front().map(|(_, item)| item)
    }

    /// Loses the tail of what is under way. `told` arrives where this end notices.
    fn cut(&mut self, random: &mut Random, told: Option<T>, now: Instant) {
        let kept = random.below(self.under_way.len() as u64 + 1);
        self.under_way.truncate(usize::try_from(kept).unwrap());
        if let Some(told) = told {
            self.push(told, now);
        }
        self.cut = true;
    }
}

/// Who notices that a connection is cut, before a heartbeat shows it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Noticed {
    pub(crate) by_client: bool,
    pub(crate) by_server: bool,
}

/// A connection of a client's socket.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) client: usize,
    delay: Duration,
    up: Line<Up>,
    down: Line<Down>,
}

impl Connection {
    pub(crate) fn new(client: usize, delay: Duration, now: Instant) -> Self {
        Self {
            client,
            delay,
            up: Line::new(now),
            down: Line::new(now),
        }
    }

    pub(crate) fn push_up(&mut self, item: Up, now: Instant) {
        self.up.push(item, now + self.delay);
    }

    pub(crate) fn push_down(&mut self, item: Down, now: Instant) {
        self.down.push(item, now + self.delay);
    }

    pub(crate) fn next_at(&self) -> Option<Instant> {
        [self.up.next_at(), self.down.next_at()]
            .into_iter()
            .flatten()
            .min()
    }

    pub(crate) fn take_up(&mut self, now: Instant) -> Option<Up> {
        self.up.take_due(now)
    }

    pub(crate) fn take_down(&mut self, now: Instant) -> Option<Down> {
        self.down.take_due(now)
    }

    pub(crate) const fn is_cut(&self) -> bool {
        self.up.cut || self.down.cut
    }

    /// Nothing gets through for a while; then all of it.
    pub(crate) fn stall(&mut self, until: Instant) {
        self.up.earliest = self.up.earliest.max(until);
        self.down.earliest = self.down.earliest.max(until);
    }

    pub(crate) fn cut(&mut self, random: &mut Random, noticed: Noticed, now: Instant) {
        let (to_server, to_client) = (Up::Closed(None), Down::Closed(None));
        self.up.cut(random, noticed.by_server.then_some(to_server), now);
        self.down.cut(random, noticed.by_client.then_some(to_client), now);
    }

    /// The client closed: it hears no more of it.
    pub(crate) fn close_up(&mut self, code: u16, now: Instant) {
        self.push_up(Up::Closed(Some(code)), now);
        self.down.under_way.clear();
        self.down.cut = true;
    }

    /// The server's end is gone.
    pub(crate) fn close_down(&mut self) {
        self.up.under_way.clear();
        self.up.cut = true;
    }

    /// Nothing is under way, and nothing will be.
    pub(crate) fn is_over(&self) -> bool {
        self.up.cut && self.down.cut && self.next_at().is_none()
    }
}
