//! What people do, and what goes wrong: drawn from the seed.

use openline_protocol::{RawId, ThreadId};
use openline_server::domain::chat::iso_millis;
use openline_test_support::Random;

use crate::{client::Client, clock::FakeClock, disk::people, names::Names, requests::Request};
use openline_server::clock::Clock as _;

/// Something a person does.
#[derive(Debug)]
pub(crate) enum Act {
    Ask(Request),
    Reload { remembers: bool },
    NetworkHint,
}

/// Something that goes wrong.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    Cut,
    CutAll,
    Stall,
    /// The server dies after so many steps of its work.
    Fuse(u64),
    Kill,
    Stop,
    Clock,
    Prune,
    Burst,
    Flood,
}

pub(crate) fn fault(random: &mut Random) -> Fault {
    match random.below(100) {
        0..30 => Fault::Cut,
        30..35 => Fault::CutAll,
        35..45 => Fault::Stall,
        45..67 => Fault::Fuse(1 + random.below(24)),
        67..75 => Fault::Kill,
        75..79 => Fault::Stop,
        79..87 => Fault::Clock,
        87..92 => Fault::Prune,
        92 => Fault::Burst,
        _ => Fault::Flood,
    }
}

/// Draws what a client does next; `None` where there is nothing to do it with.
pub(crate) struct Script<'a> {
    pub(crate) random: &'a mut Random,
    pub(crate) names: &'a Names,
    pub(crate) clock: &'a FakeClock,
    /// Makes every text and name another one.
    pub(crate) serial: u64,
}

impl Script<'_> {
    pub(crate) fn act(mut self, client: &Client) -> Option<Act> {
        match self.random.below(100) {
            0..3 => return Some(Act::Reload { remembers: true }),
            3..5 => return Some(Act::Reload { remembers: false }),
            5..8 => return Some(Act::NetworkHint),
            _ => {}
        }
        let threads = self.names.sorted(client.copy.threads.keys().cloned().collect());
        let Some(thread) = self.random.pick(&threads).cloned() else {
            return Some(Act::Ask(self.create(client)));
        };
        let request = match self.random.below(100) {
            0..40 => Request::Send {
                thread,
                text: self.text("text"),
            },
            40..45 => self.create(client),
            45..56 => {
                let message = self.own_message(client, &thread)?;
                Request::Edit {
                    thread,
                    message,
                    text: self.text("edit"),
                }
            }
            56..62 => {
                let message = self.own_message(client, &thread)?;
                Request::Delete { thread, message }
            }
            62..71 => {
                let since = self.since();
                Request::Add {
                    thread,
                    who: self.somebody(),
                    since,
                }
            }
            71..78 => Request::Remove {
                thread,
                who: self.somebody(),
            },
            78..82 => Request::Rename {
                thread,
                topic: self.text("topic"),
            },
            82..84 => Request::Drop { thread },
            84..92 => {
                let messages: Vec<u64> = client
                    .copy
                    .threads
                    .get(&thread)?
                    .messages
                    .keys()
                    .copied()
                    .collect();
                let message = *self.random.pick(&messages)?;
                Request::Read { thread, message }
            }
            _ => Request::Type {
                thread,
                name: self.text("name"),
            },
        };
        Some(Act::Ask(request))
    }

    fn create(&mut self, client: &Client) -> Request {
        let all: Vec<RawId> = people().into_iter().map(|person| person.raw_id).collect();
        let (observer, others) = all.split_first().expect("there are people");
        let mut chosen = vec![observer.clone()];
        chosen.extend(
            others
                .iter()
                .filter(|who| *who != client.me() && self.random.chance(60))
                .cloned(),
        );
        Request::Create {
            topic: self.text("topic"),
            people: chosen,
        }
    }

    /// Anybody but the observer, who is in every thread.
    fn somebody(&mut self) -> RawId {
        let all: Vec<RawId> = people().into_iter().skip(1).map(|person| person.raw_id).collect();
        self.random.pick(&all).expect("there are people").clone()
    }

    fn own_message(&mut self, client: &Client, thread: &ThreadId) -> Option<u64> {
        let messages = &client.copy.threads.get(thread)?.messages;
        let own = messages
            .iter()
            .filter(|(_, message)| message.content.is_some() && message.sender.as_ref() == Some(client.me()));
        let own: Vec<u64> = own.map(|(id, _)| *id).collect();
        self.random.pick(&own).copied()
    }

    /// From when on somebody new sees what was said: all of it, the last while, or what comes.
    fn since(&mut self) -> Option<String> {
        let back = match self.random.below(4) {
            0 => return None,
            1 => u64::MAX,
            2 => 1_000 * self.random.below(20),
            _ => 0,
        };
        let now = self.clock.now().as_millis();
        Some(iso_millis(openline_protocol::Timestamp::from_millis(
            now.saturating_sub(back),
        )))
    }

    fn text(&self, what: &str) -> String {
        format!("{what} {}", self.serial)
    }
}
