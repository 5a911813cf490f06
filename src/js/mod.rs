//! What JavaScript sees: exported classes and functions, and how Rust values become JavaScript ones.
//!
//! Every exported method takes `&self`, no borrow is held while JavaScript runs, and plain data is handed out
//! as fresh plain objects.

pub(crate) mod credential;
pub(crate) mod error;
pub(crate) mod events;
pub(crate) mod identifiers;
pub(crate) mod object;
pub(crate) mod promise;
mod types;
