//! Chat: threads, participants, messages, receipts, typing, and the log of what happened.
//!
//! One file per use case. Each change is one write: permission, rows and event together, so that what was
//! answered is stored and what is stored reaches everybody concerned. The rules (who may do what, limits,
//! ids) are those of `openline_chat`.

mod act;
mod add_participants;
pub mod attachments;
mod create_thread;
mod delete_message;
mod delete_thread;
mod edit_message;
mod erase_threads;
mod event_content;
mod expire_threads;
mod follow;
mod frame;
#[cfg(feature = "_fuzz")]
pub(crate) mod fuzzing;
mod get_message;
mod get_thread;
mod housekeeping;
mod invite;
mod list_messages;
mod list_participants;
mod list_receipts;
mod list_threads;
mod logged;
mod open_thread;
mod rates;
mod refusal;
mod remove_participant;
mod repeatable;
pub mod replay;
mod scrub;
mod search_messages;
mod send_message;
mod send_receipt;
mod send_typing;
mod service;
mod time;
mod update_thread;
mod view;

pub use self::{
    act::Caller,
    follow::{ChatFollower, Followed},
    housekeeping::{ChatRetention, run_housekeeping},
    list_messages::MessagePage,
    list_threads::ThreadPage,
    rates::{ChatRate, ChatRates},
    scrub::run_scrubbing,
    search_messages::{MessageSearch, SearchPage},
    service::Chats,
    time::{iso_millis, iso_seconds, parse_iso},
    view::Slice,
};
