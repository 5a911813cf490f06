//! The claims of a user access token that clients read (`acs-rest/auth.md`, section 5).

use openline_protocol::{RawId, Scope, Timestamp};
use serde::{Deserialize, Serialize};

use crate::base64url;

/// The claims of a user access token. What else a token carries is left alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Claims {
    /// When the token expires, in seconds since 1970; fractions are allowed.
    pub exp: f64,
    /// The identity's raw id without the leading `8:`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skypeid: Option<String>,
    /// What the token allows: scopes, joined by commas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acs_scope: Option<String>,
    /// The communication resource that the identity belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<String>,
    /// Who issued the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
}

impl Claims {
    /// Reads the claims out of a JWT, unverified. Two parts are enough; `None` where the second one is not
    /// base64url of a JSON object with a numeric `exp`.
    #[must_use]
    pub fn decode(token: &str) -> Option<Self> {
        serde_json::from_str(&Self::json(token)?).ok()
    }

    /// The claims of a JWT as they stand in it, unverified, for who reads JSON in another way. `None` where the
    /// second part is not base64url of text.
    #[must_use]
    pub fn json(token: &str) -> Option<String> {
        let payload = base64url::decode(token.split('.').nth(1)?)?;
        String::from_utf8(payload).ok()
    }

    /// When the token expires. A time before 1970 counts as 1970.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`as` saturates, which is meant"
    )]
    pub fn expires_on(&self) -> Timestamp {
        Timestamp::from_millis((self.exp * 1000.0) as u64)
    }

    /// The identity that the token stands for.
    #[must_use]
    pub fn identity(&self) -> Option<RawId> {
        self.skypeid.as_ref().map(|id| RawId::new(format!("8:{id}")))
    }

    /// The scopes that this version knows.
    pub fn scopes(&self) -> impl Iterator<Item = Scope> + '_ {
        self.acs_scope
            .iter()
            .flat_map(|list| list.split(','))
            .filter_map(|scope| scope.trim().parse().ok())
    }
}
