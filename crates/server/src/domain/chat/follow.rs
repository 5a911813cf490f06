//! Following what happens to an identity: what was missed from the log, then what happens from the bus, in the order
//! of positions and without repeating any.

use std::{collections::VecDeque, fmt};

use openline_protocol::{RawId, ResourceId};

use super::{
    Chats,
    replay::{ReplayBatch, ReplayStart},
};
use crate::{
    bus::{Arrivals, BusEvent, BusItem, Subscription},
    domain::DomainError,
};

/// What one subscriber is told, whatever carries it. It listens from when it was made.
pub struct ChatFollower {
    chats: Chats,
    resource_id: ResourceId,
    raw_id: RawId,
    bus: Subscription<BusEvent>,
    arrivals: Arrivals<BusEvent>,
    /// Nothing up to here is told again.
    cursor: u64,
    /// Read from the log and not yet told.
    missed: VecDeque<BusEvent>,
    /// Where the log goes on after `missed`.
    missed_through: u64,
    /// Whether there is more in the log than `missed`.
    behind: bool,
}

impl fmt::Debug for ChatFollower {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChatFollower")
            .field("cursor", &self.cursor)
            .field("behind", &self.behind)
            .finish_non_exhaustive()
    }
}

/// The next event of a [`ChatFollower`].
#[derive(Debug, Clone)]
pub enum Followed {
    /// It was missed: there may be many more of them than anybody can wait for at once.
    Missed(BusEvent),
    /// It just happened.
    Live(BusEvent),
    /// What was missed is not kept any more: events after this position follow, and the client reads its threads
    /// again.
    Expired(u64),
}

impl Chats {
    /// Listens to what concerns `raw_id`; [`ChatFollower::start`] comes next.
    #[must_use]
    pub fn follow(&self, resource_id: &ResourceId, raw_id: &RawId) -> ChatFollower {
        // Before anything is read: nothing falls between log and bus.
        let bus = self.bus.subscribe_events(resource_id, raw_id);
        let arrivals = bus.arrivals();
        ChatFollower {
            chats: self.clone(),
            resource_id: resource_id.clone(),
            raw_id: raw_id.clone(),
            bus,
            arrivals,
            cursor: 0,
            missed: VecDeque::new(),
            missed_through: 0,
            behind: true,
        }
    }
}

impl ChatFollower {
    /// Decides where the subscription begins, see [`Chats::start_replay`]. Once, before any event is asked for.
    ///
    /// # Errors
    ///
    /// Storage failed.
    pub async fn start(&mut self, cursor: Option<u64>) -> Result<ReplayStart, DomainError> {
        let start = self.chats.start_replay(&self.resource_id, cursor).await?;
        self.cursor = start.cursor;
        Ok(start)
    }

    /// Nothing up to here is told any more: what concerns the identity was.
    #[must_use]
    pub const fn cursor(&self) -> u64 {
        self.cursor
    }

    /// Reads the log once more, so that the cursor gets past what does not concern the identity.
    pub const fn catch_up(&mut self) {
        self.behind = true;
    }

    /// The next event; waits where there is none. Nothing is lost when the future is dropped.
    ///
    /// # Errors
    ///
    /// Storage failed. Asking again reads again.
    pub async fn next(&mut self) -> Result<Followed, DomainError> {
        loop {
            if let Some(followed) = self.try_next().await? {
                return Ok(followed);
            }
            self.arrivals.wait().await;
        }
    }

    /// The next event, if there is one by now. Nothing is lost when the future is dropped.
    ///
    /// # Errors
    ///
    /// Storage failed. Asking again reads again.
    pub async fn try_next(&mut self) -> Result<Option<Followed>, DomainError> {
        loop {
            if let Some(event) = self.missed.pop_front() {
                if self.is_new(&event) {
                    return Ok(Some(Followed::Missed(event)));
                }
                continue;
            }
            self.cursor = self.cursor.max(self.missed_through);
            if self.behind {
                if self.read().await? {
                    return Ok(Some(Followed::Expired(self.cursor)));
                }
                continue;
            }
            match self.bus.try_recv() {
                Some(BusItem::Message(event)) => {
                    if self.is_new(&event) {
                        return Ok(Some(Followed::Live(event)));
                    }
                }
                Some(BusItem::Lagged) => self.behind = true,
                None => return Ok(None),
            }
        }
    }

    /// Reads what comes next in the log. True if it is not kept any more.
    async fn read(&mut self) -> Result<bool, DomainError> {
        let ReplayBatch {
            events,
            cursor,
            complete,
            expired,
        } = self
            .chats
            .replay(&self.resource_id, &self.raw_id, self.cursor)
            .await?;
        self.missed = events.into();
        self.missed_through = cursor;
        self.behind = !complete;
        if expired {
            self.cursor = cursor;
        }
        Ok(expired)
    }

    /// Whether the event was not told yet. Moves the cursor.
    fn is_new(&mut self, event: &BusEvent) -> bool {
        let Some(position) = event.position else {
            return true;
        };
        let is_new = position > self.cursor;
        self.cursor = self.cursor.max(position);
        is_new
    }
}
