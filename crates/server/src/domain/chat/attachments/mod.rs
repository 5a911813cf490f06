//! Files of messages: upload, preview, download, and what becomes of them.
//!
//! A file is received whole, looked at, stored, and only then has a row. It belongs to one thread; its uploader
//! has a message take it up, or it expires. Whoever sees the message sees the file. Rows and objects are kept
//! together by the erasures in the database: before an object is stored one is noted, and a row that goes leaves
//! one.

mod addresses;
pub(super) mod attach;
mod clean_up;
mod delete;
mod file_name;
#[cfg(feature = "_fuzz")]
pub(crate) mod fuzzing;
mod keep;
mod media_type;
mod open;
mod picture;
mod places;
mod receive;
mod service;
mod upload;

pub use self::{
    addresses::addressed,
    clean_up::run_attachment_housekeeping,
    open::{AttachmentFile, AttachmentView},
    receive::{BodyBroken, UploadBody},
    service::{AttachmentLimits, Attachments},
    upload::Upload,
};
