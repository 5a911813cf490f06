//! Chat: the rules of threads that the server decides by and the client may check beforehand.
//!
//! Nothing here stores or sends. The server's use cases ask these rules inside their transactions; the
//! SDK asks [`TypingThrottle`].

mod clock;
pub mod limits;
mod metadata;
mod paging;
mod permission;
#[cfg(feature = "search")]
pub mod search;
mod thread_id;
mod typing_throttle;
mod validation;

pub use clock::{history_start, next_sequence, next_version};
pub use metadata::{merge_metadata, metadata_bytes};
pub use paging::{CursorInvalid, MessageCursor, PageRequest, SearchCursor, ThreadCursor};
pub use permission::{ChatAction, Denied, Standing, granted_history, has_chat_scope, may};
pub use thread_id::{THREAD_ID_RANDOM_BYTES, thread_id};
pub use typing_throttle::TypingThrottle;
pub use validation::{
    Invalid, check_content, check_display_name, check_message_type, check_metadata, check_page_size,
    check_participant_count, check_request_id, check_retention, check_search_page_size, check_topic,
};
