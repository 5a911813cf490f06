//! One type per id, so that one cannot stand where another belongs.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the text as the id, unchecked.
            #[must_use]
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The id as owned text.
            #[must_use]
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }
    };
}

id!(
    /// A communication resource, the tenant: a lower-case GUID.
    ResourceId
);
id!(
    /// An identity's raw id, for example `8:acs:<resource>_<user>`.
    RawId
);
id!(
    /// A chat thread: opaque, of the form `19:<base64url>@thread.v2`.
    ThreadId
);
id!(
    /// A chat message within its thread: its creation time in milliseconds, decimal, unique per thread.
    MessageId
);
id!(
    /// A call: a lower-case GUID that the caller's client draws.
    CallId
);
id!(
    /// A realtime session: secret to its client and the server, since it is what a resume names.
    SessionId
);
id!(
    /// One client instance (a tab) as its peers in a call may know it.
    EndpointId
);

impl RawId {
    /// The raw id of a communication user: `8:acs:<resource>_<user>`.
    #[must_use]
    pub fn communication_user(resource: &ResourceId, user: &str) -> Self {
        Self(format!("8:acs:{resource}_{user}"))
    }

    /// Whether this is an identity that `resource` issued.
    #[must_use]
    pub fn belongs_to(&self, resource: &ResourceId) -> bool {
        self.0
            .strip_prefix("8:acs:")
            .and_then(|rest| rest.strip_prefix(resource.as_str()))
            .is_some_and(|rest| rest.starts_with('_') && rest.len() > 1)
    }
}
