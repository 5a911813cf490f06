//! Why a call ended: the code and sub-code that applications branch on (`acs-calling/api.md`, end codes).

use serde::{Deserialize, Serialize};

/// Why a call, or an incoming call that was never answered, ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallEndReason {
    /// An HTTP- or SIP-like class; 0 for an ordinary end.
    pub code: u32,
    /// The specific reason within the class.
    pub sub_code: u32,
}

impl CallEndReason {
    /// Somebody in the call hung up.
    pub const HUNG_UP: Self = Self::new(0, 0);
    /// The call was handed over to somebody else, who answered.
    pub const TRANSFERRED: Self = Self::new(0, 7015);
    /// The caller hung up before anybody answered.
    pub const CANCELLED: Self = Self::new(487, 0);
    /// The callee declined.
    pub const DECLINED: Self = Self::new(603, 0);
    /// Another device of the same user answered.
    pub const ANSWERED_ELSEWHERE: Self = Self::new(487, 10003);
    /// Nobody answered in time.
    pub const NOT_ANSWERED: Self = Self::new(487, 10004);
    /// The callee has no client connected.
    pub const NOT_REGISTERED: Self = Self::new(480, 10037);
    /// The callee id is malformed or of a kind that cannot be called here.
    pub const CALLEE_MALFORMED: Self = Self::new(400, 10044);
    /// The caller may not call that person, or may not start calls at all.
    pub const NOT_ALLOWED: Self = Self::new(403, 10124);
    /// The other side's client went away without hanging up (a closed tab).
    pub const PEER_VANISHED: Self = Self::new(0, 4521);
    /// The other side's network did not come back within the grace period.
    pub const PEER_UNREACHABLE: Self = Self::new(430, 4521);
    /// This side's network did not come back within the grace period.
    pub const NETWORK_LOST: Self = Self::new(490, 4502);
    /// This side's token was refused or expired and could not be refreshed.
    pub const TOKEN_REFUSED: Self = Self::new(401, 10009);
    /// The media path never came up.
    pub const MEDIA_NOT_CONNECTED: Self = Self::new(410, 301_004);
    /// The media path was lost and could not be restored.
    pub const MEDIA_LOST: Self = Self::new(410, 301_005);
    /// The media could not be negotiated.
    pub const MEDIA_NEGOTIATION_FAILED: Self = Self::new(410, 3111);
    /// The callee accepted but did not finish setting up.
    pub const SETUP_TIMED_OUT: Self = Self::new(408, 10057);
    /// The server refused because a limit is reached or it is shutting down.
    pub const SERVICE_UNAVAILABLE: Self = Self::new(503, 0);
    /// The server knows no such call (any more).
    pub const UNKNOWN_CALL: Self = Self::new(481, 0);

    /// A reason from its two numbers.
    #[must_use]
    pub const fn new(code: u32, sub_code: u32) -> Self {
        Self { code, sub_code }
    }
}
