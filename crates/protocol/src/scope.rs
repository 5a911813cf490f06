//! What a user access token allows.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A scope of a user access token (`acs-rest/identity.md`, "Scopes").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Scope {
    /// Everything in chat, creating and deleting threads included.
    #[serde(rename = "chat")]
    Chat,
    /// Everything in existing threads, but not to create, delete or change one.
    #[serde(rename = "chat.join")]
    ChatJoin,
    /// As [`Scope::ChatJoin`], without adding or removing participants.
    #[serde(rename = "chat.join.limited")]
    ChatJoinLimited,
    /// To place and join calls.
    #[serde(rename = "voip")]
    Voip,
    /// To join existing calls, not to start new ones.
    #[serde(rename = "voip.join")]
    VoipJoin,
}

impl Scope {
    /// The scope as it stands on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::ChatJoin => "chat.join",
            Self::ChatJoinLimited => "chat.join.limited",
            Self::Voip => "voip",
            Self::VoipJoin => "voip.join",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScopeUnknown;

impl FromStr for Scope {
    type Err = ScopeUnknown;

    fn from_str(text: &str) -> Result<Self, ScopeUnknown> {
        match text {
            "chat" => Ok(Self::Chat),
            "chat.join" => Ok(Self::ChatJoin),
            "chat.join.limited" => Ok(Self::ChatJoinLimited),
            "voip" => Ok(Self::Voip),
            "voip.join" => Ok(Self::VoipJoin),
            _ => Err(ScopeUnknown),
        }
    }
}
