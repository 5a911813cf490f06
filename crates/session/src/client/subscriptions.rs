//! What the client wants to receive, and what of it the server knows.

use openline_protocol::realtime::{ClientFrame, Topic};

use super::chat_feed::{Arrival, ChatFeed, Place};

#[derive(Debug, Default)]
pub(super) struct Subscriptions {
    chat: Option<ChatFeed>,
    calls: Calls,
}

#[derive(Debug, Default)]
struct Calls {
    wanted: Option<Wanted>,
    /// Whether the session on the server has the subscription, or may have.
    asked: bool,
    /// Whether the wish, as it is now, was said on this socket.
    said: bool,
    confirmed: bool,
}

#[derive(Debug)]
struct Wanted {
    display_name: Option<String>,
}

impl Subscriptions {
    pub(super) const fn chat_cursor(&self) -> Option<u64> {
        match &self.chat {
            Some(chat) => chat.cursor(),
            None => None,
        }
    }

    pub(super) fn want_chat(&mut self, cursor: Option<u64>) {
        self.chat = Some(ChatFeed::new(cursor));
    }

    pub(super) fn want_calls(&mut self, display_name: Option<String>) {
        self.calls.wanted = Some(Wanted { display_name });
        self.calls.said = false;
        self.calls.confirmed = false;
    }

    /// Whether it was wanted.
    pub(super) fn drop_topic(&mut self, topic: Topic) -> bool {
        match topic {
            Topic::Chat => self.chat.take().is_some(),
            Topic::Calls => {
                self.calls.confirmed = false;
                self.calls.wanted.take().is_some()
            }
        }
    }

    /// The session on the server is gone or new.
    pub(super) const fn session_lost(&mut self) {
        self.calls.asked = false;
        self.calls.said = false;
        self.calls.confirmed = false;
    }

    /// What was said on the last socket may not have arrived.
    pub(super) const fn socket_opened(&mut self) {
        self.calls.said = false;
        if let Some(chat) = &mut self.chat {
            chat.socket_opened();
        }
    }

    pub(super) fn chat_frame(&mut self) -> Option<ClientFrame> {
        let chat = self.chat.as_mut()?;
        chat.subscribing();
        Some(chat_frame(chat.cursor()))
    }

    pub(super) fn calls_frame(&mut self) -> Option<ClientFrame> {
        let wanted = self.calls.wanted.as_ref()?;
        self.calls.asked = true;
        self.calls.said = true;
        Some(ClientFrame::Subscribe {
            topic: Topic::Calls,
            cursor: None,
            display_name: wanted.display_name.clone(),
        })
    }

    /// What to say about calls once the server answered `hello`. The topic goes on by itself in a resumed session.
    pub(super) fn calls_frame_after_welcome(&mut self) -> Option<ClientFrame> {
        if self.calls.wanted.is_some() {
            return if self.calls.confirmed || self.calls.said {
                None
            } else {
                self.calls_frame()
            };
        }
        self.calls.asked.then(|| {
            self.calls.asked = false;
            ClientFrame::Unsubscribe { topic: Topic::Calls }
        })
    }

    /// Whether the confirmation is wanted still.
    pub(super) const fn calls_confirmed(&mut self) -> bool {
        self.calls.confirmed = self.calls.wanted.is_some();
        self.calls.confirmed
    }

    /// The cursor from here on, or `None` where chat is not wanted any more.
    pub(super) fn chat_confirmed(&mut self, cursor: Option<u64>, expired: bool) -> Option<Option<u64>> {
        let chat = self.chat.as_mut()?;
        chat.subscribed(cursor, expired);
        Some(chat.cursor())
    }

    /// Whether the event is to be handed on, and what to ask for where one before it is missing. `place` is none
    /// for what is not kept.
    pub(super) fn chat_event(&mut self, place: Option<Place>) -> (bool, Option<ClientFrame>) {
        let Some(chat) = self.chat.as_mut() else {
            return (false, None);
        };
        match place.map_or(Arrival::New, |place| chat.event(place)) {
            Arrival::New => (true, None),
            Arrival::Dropped => (false, None),
            Arrival::Gap(cursor) => {
                chat.subscribing();
                (false, Some(chat_frame(Some(cursor))))
            }
        }
    }
}

const fn chat_frame(cursor: Option<u64>) -> ClientFrame {
    ClientFrame::Subscribe {
        topic: Topic::Chat,
        cursor,
        display_name: None,
    }
}
