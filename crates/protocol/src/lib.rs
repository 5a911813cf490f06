//! Wire types, ids and units of Openline: what the SDK and the server say to each other.
//!
//! Pure data. Nothing here reads a clock, opens a socket, draws a random number or names a browser type;
//! the only dependency is serde. `docs/protocol.md` is the prose of this crate.

mod end_reason;
mod error;
mod identifier;
mod ids;
pub mod realtime;
pub mod rest;
mod scope;
mod time;

pub use end_reason::CallEndReason;
pub use error::{ErrorBody, ErrorResponse};
pub use identifier::{
    CloudEnvironment, CommunicationIdentifier, CommunicationIdentifierModel, CommunicationUserModel,
    IdentifierInvalid, MicrosoftTeamsAppModel, MicrosoftTeamsUserModel, PhoneNumberModel,
    TeamsExtensionUserModel,
};
pub use ids::{CallId, EndpointId, MessageId, RawId, ResourceId, SessionId, ThreadId};
pub use scope::{Scope, ScopeUnknown};
pub use time::{Instant, Timestamp};
