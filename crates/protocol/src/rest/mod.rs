//! The bodies of the REST interface, as the reference's OpenAPI files have them. Times are ISO 8601 text.

pub mod chat;
pub mod identity;
pub mod relay;
