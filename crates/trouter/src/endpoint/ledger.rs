//! What an endpoint was told, in positions of the chat log: all that has to outlive the server.

use std::collections::BTreeSet;

/// The events that need not be sent any more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Everything up to here is settled.
    pub cursor: u64,
    /// What is settled beyond, since answers overtake each other.
    pub beyond: BTreeSet<u64>,
}

impl Ledger {
    /// Nothing after `cursor` is settled.
    #[must_use]
    pub const fn at(cursor: u64) -> Self {
        Self {
            cursor,
            beyond: BTreeSet::new(),
        }
    }

    /// Whether the event at `position` need not be sent any more.
    #[must_use]
    pub fn is_settled(&self, position: u64) -> bool {
        position <= self.cursor || self.beyond.contains(&position)
    }

    pub(super) fn settle(&mut self, position: u64) {
        if position > self.cursor {
            self.beyond.insert(position);
        }
    }

    /// Nothing unsettled is left up to `cursor`.
    pub(super) fn advance(&mut self, cursor: u64) {
        if cursor > self.cursor {
            self.cursor = cursor;
            self.beyond = self.beyond.split_off(&cursor.saturating_add(1));
        }
    }
}
