//! The bounds of threads, messages and pages. Sizes are bytes of UTF-8.

use std::time::Duration;

/// Participants a thread can have.
pub const MAX_PARTICIPANTS: usize = 250;

/// Participants one call can name.
pub const MAX_PARTICIPANTS_PER_CALL: usize = 200;

/// The size of a message's content.
pub const MAX_CONTENT_BYTES: usize = 28 * 1024;

/// The size of one metadata object: all its keys and values together.
pub const MAX_METADATA_BYTES: usize = 1024;

/// The size of a topic.
pub const MAX_TOPIC_BYTES: usize = 1024;

/// The size of a display name.
pub const MAX_DISPLAY_NAME_BYTES: usize = 1024;

/// The size of a `repeatability-request-id`.
pub const MAX_REQUEST_ID_BYTES: usize = 256;

/// The largest page of a list.
pub const MAX_PAGE_SIZE: u32 = 200;

/// The page of a list where none is asked for.
pub const DEFAULT_PAGE_SIZE: u32 = 100;

/// The size of a search's query.
pub const MAX_SEARCH_BYTES: usize = 512;

/// The words of a search's query.
pub const MAX_SEARCH_WORDS: usize = 32;

/// The largest page of what a search found.
pub const MAX_SEARCH_PAGE_SIZE: u32 = 100;

/// The page of what a search found where none is asked for.
pub const DEFAULT_SEARCH_PAGE_SIZE: u32 = 25;

/// Days after which a thread may delete itself: the least and the most.
pub const RETENTION_DAYS: std::ops::RangeInclusive<i64> = 30..=90;

/// Receipts and typing notifications exist in threads of up to so many participants.
pub const MAX_PARTICIPANTS_FOR_PRESENCE: usize = 20;

/// How close together a client sends typing notifications at most.
pub const TYPING_INTERVAL: Duration = Duration::from_secs(8);

/// How long a `repeatability-request-id` is remembered: an outbox may wait that long for its answer.
pub const REQUEST_ID_KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);
