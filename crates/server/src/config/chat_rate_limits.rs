//! How often chat may be used.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::ConfigError;
use crate::domain::chat::{ChatRate, ChatRates};

/// The group `[chat.rate_limits]`. A limit of 0 is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChatRateLimitsConfig {
    /// Whether anything is limited. `OPENLINE_CHAT__RATE_LIMITS__ENABLED`, default true.
    pub enabled: bool,
    /// The window of the limits, in seconds, 1 to 3,600. `OPENLINE_CHAT__RATE_LIMITS__WINDOW_S`, default 10.
    pub window_s: u64,
    /// The window of those whose name ends in `_long`, in seconds, 1 to 3,600.
    /// `OPENLINE_CHAT__RATE_LIMITS__LONG_WINDOW_S`, default 60.
    pub long_window_s: u64,
    /// Threads created per user. `OPENLINE_CHAT__RATE_LIMITS__CREATE_THREAD`, default 10.
    pub create_thread: u32,
    /// Threads deleted per user. `OPENLINE_CHAT__RATE_LIMITS__DELETE_THREAD`, default 10.
    pub delete_thread: u32,
    /// Threads updated per user. `OPENLINE_CHAT__RATE_LIMITS__UPDATE_THREAD`, default 5.
    pub update_thread: u32,
    /// Requests that get or list threads, per user. `OPENLINE_CHAT__RATE_LIMITS__READ_THREADS`, default 50.
    pub read_threads: u32,
    /// Requests that list messages, per user. `OPENLINE_CHAT__RATE_LIMITS__LIST_MESSAGES`, default 50.
    pub list_messages: u32,
    /// Searches, per user. `OPENLINE_CHAT__RATE_LIMITS__SEARCH_MESSAGES`, default 50.
    pub search_messages: u32,
    /// Requests that add or remove participants, per thread. `OPENLINE_CHAT__RATE_LIMITS__PARTICIPANTS`, default 10.
    pub participants: u32,
    /// The same in the long window. `OPENLINE_CHAT__RATE_LIMITS__PARTICIPANTS_LONG`, default 30.
    pub participants_long: u32,
    /// Messages sent, edited and deleted, per thread. `OPENLINE_CHAT__RATE_LIMITS__MESSAGES`, default 10.
    pub messages: u32,
    /// The same in the long window. `OPENLINE_CHAT__RATE_LIMITS__MESSAGES_LONG`, default 30.
    pub messages_long: u32,
    /// Delivery receipts sent, per thread: one for each message by each of 20 participants.
    /// `OPENLINE_CHAT__RATE_LIMITS__DELIVERY_RECEIPTS`, default 200.
    pub delivery_receipts: u32,
    /// The same in the long window. `OPENLINE_CHAT__RATE_LIMITS__DELIVERY_RECEIPTS_LONG`, default 600.
    pub delivery_receipts_long: u32,
    /// Read receipts sent, per thread. `OPENLINE_CHAT__RATE_LIMITS__READ_RECEIPTS`, default 10.
    pub read_receipts: u32,
    /// The same in the long window. `OPENLINE_CHAT__RATE_LIMITS__READ_RECEIPTS_LONG`, default 30.
    pub read_receipts_long: u32,
    /// Typing notifications sent, per thread. `OPENLINE_CHAT__RATE_LIMITS__TYPING`, default 5.
    pub typing: u32,
    /// The same in the long window. `OPENLINE_CHAT__RATE_LIMITS__TYPING_LONG`, default 15.
    pub typing_long: u32,
}

impl Default for ChatRateLimitsConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            window_s: 10,
            long_window_s: 60,
            create_thread: 10,
            delete_thread: 10,
            update_thread: 5,
            read_threads: 50,
            list_messages: 50,
            search_messages: 50,
            participants: 10,
            participants_long: 30,
            messages: 10,
            messages_long: 30,
            delivery_receipts: 200,
            delivery_receipts_long: 600,
            read_receipts: 10,
            read_receipts_long: 30,
            typing: 5,
            typing_long: 15,
        }
    }
}

impl ChatRateLimitsConfig {
    /// The limits; `None` where nothing is limited.
    #[must_use]
    pub fn rates(&self) -> Option<ChatRates> {
        let short = |short| ChatRate { short, long: 0 };
        let both = |short, long| ChatRate { short, long };
        self.enabled.then(|| ChatRates {
            short_window: Duration::from_secs(self.window_s),
            long_window: Duration::from_secs(self.long_window_s),
            create_thread: short(self.create_thread),
            delete_thread: short(self.delete_thread),
            update_thread: short(self.update_thread),
            read_threads: short(self.read_threads),
            list_messages: short(self.list_messages),
            search_messages: short(self.search_messages),
            participants: both(self.participants, self.participants_long),
            messages: both(self.messages, self.messages_long),
            delivery_receipts: both(self.delivery_receipts, self.delivery_receipts_long),
            read_receipts: both(self.read_receipts, self.read_receipts_long),
            typing: both(self.typing, self.typing_long),
        })
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        for (setting, seconds) in [("window_s", self.window_s), ("long_window_s", self.long_window_s)] {
            if !(1..=3600).contains(&seconds) {
                return Err(ConfigError::invalid(
                    "chat.rate_limits",
                    setting,
                    "must be 1 to 3600",
                ));
            }
        }
        Ok(())
    }
}
