//! Identities: create, issue tokens, revoke, delete.

mod create;
mod delete;
mod issue;
mod revoke;
mod service;

pub(in crate::domain) use self::service::new_raw_id;
pub use self::{
    create::CreatedIdentity,
    service::{Identities, IdentityLimits, MAX_VALIDITY_MINUTES, MIN_VALIDITY_MINUTES},
};
