//! What stands in a token, in the names that existing clients read.

use openline_protocol::{RawId, ResourceId, Scope, Timestamp};
use serde::{Deserialize, Serialize};

/// The payload of a token.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Claims {
    /// The raw id without its leading `8:`.
    pub(super) skypeid: String,
    /// The scopes as bits, for older clients; see [`Scopes::bits`].
    pub(super) scp: u32,
    /// When the token was issued, in seconds, as text.
    pub(super) csi: String,
    /// When it expires, in seconds.
    pub(super) exp: u64,
    /// The geography.
    pub(super) rgn: String,
    /// The scopes, separated by commas: what this server reads.
    pub(super) acs_scope: String,
    /// The resource.
    pub(super) resource_id: String,
    /// Where the resource's data lives.
    pub(super) resource_location: String,
    /// When it was issued, in seconds.
    pub(super) iat: u64,
    /// Where the server is reached: a client finds it by this.
    pub(super) iss: String,
    /// The identity's token generation.
    #[serde(rename = "gen")]
    pub(super) generation: u64,
}

impl Claims {
    /// The payload as JSON whose base64url has neither `-` nor `_`: Python's clients decode it with the plain
    /// alphabet, as ASCII. Of ASCII, only `>`, `?`, `~` and DEL can need those two, so they are escaped.
    pub(super) fn to_json(&self) -> serde_json::Result<String> {
        let plain = serde_json::to_string(self)?;
        let mut json = String::with_capacity(plain.len());
        let mut units = [0; 2];
        for character in plain.chars() {
            if character.is_ascii() && !matches!(character, '>' | '?' | '~' | '\u{7f}') {
                json.push(character);
                continue;
            }
            for unit in character.encode_utf16(&mut units) {
                json.push_str(&format!("\\u{unit:04x}"));
            }
        }
        Ok(json)
    }

    pub(super) fn raw_id(&self) -> RawId {
        RawId::new(format!("8:{}", self.skypeid))
    }

    pub(super) fn resource_id(&self) -> ResourceId {
        ResourceId::new(self.resource_id.clone())
    }

    pub(super) fn expires_on(&self) -> Timestamp {
        Timestamp::from_millis(self.exp.saturating_mul(1000))
    }
}

/// What a token allows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// Whether one of `allowed` is among them.
    #[must_use]
    pub fn has_any(&self, allowed: &[Scope]) -> bool {
        self.0.iter().any(|scope| allowed.contains(scope))
    }

    /// The scopes.
    #[must_use]
    pub fn as_slice(&self) -> &[Scope] {
        &self.0
    }

    /// The scopes as the claim `scp` has them. Chat with voice is 1792 as elsewhere; the single bits are ours.
    pub(super) fn bits(&self) -> u32 {
        self.0.iter().fold(0, |bits, scope| bits | bit(*scope))
    }

    pub(super) fn to_claim(&self) -> String {
        self.0
            .iter()
            .map(|scope| scope.as_str())
            .collect::<Vec<_>>()
            .join(",")
    }

    /// Reads the claim. A scope that a later version may have issued allows nothing here.
    pub(super) fn from_claim(claim: &str) -> Self {
        Self(claim.split(',').filter_map(|name| name.parse().ok()).collect())
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        let mut unique = Vec::new();
        for scope in scopes {
            if !unique.contains(&scope) {
                unique.push(scope);
            }
        }
        Self(unique)
    }
}

/// Reads the scopes of a request.
///
/// # Errors
///
/// The first name that is no scope.
pub fn parse_scopes(names: &[String]) -> Result<Scopes, &str> {
    names
        .iter()
        .map(|name| name.parse::<Scope>().map_err(|_unknown| name.as_str()))
        .collect()
}

fn bit(scope: Scope) -> u32 {
    match scope {
        Scope::Chat => 0x300,
        Scope::ChatJoin => 0x200,
        Scope::ChatJoinLimited => 0x100,
        Scope::Voip => 0x400,
        Scope::VoipJoin => 0x800,
        // A scope without a bit is carried by `acsScope` alone.
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

    use super::*;

    #[test]
    fn chat_with_voice_is_1792() {
        let scopes: Scopes = [Scope::Chat, Scope::Voip].into_iter().collect();
        assert_eq!(scopes.bits(), 1792);
    }

    #[test]
    fn scopes_survive_the_claim() {
        let scopes: Scopes = [Scope::ChatJoin, Scope::VoipJoin, Scope::ChatJoin]
            .into_iter()
            .collect();
        assert_eq!(scopes.to_claim(), "chat.join,voip.join");
        assert_eq!(Scopes::from_claim(&scopes.to_claim()), scopes);
        assert_eq!(
            Scopes::from_claim("chat,from.the.future"),
            [Scope::Chat].into_iter().collect()
        );
    }

    #[test]
    fn an_encoded_payload_is_ascii_and_never_needs_the_url_alphabet() {
        for shift in 0..3 {
            let claims = Claims {
                skypeid: "acs:r_u".to_owned(),
                scp: 1792,
                csi: "1700000000".to_owned(),
                exp: 1_700_000_000,
                rgn: "x".repeat(shift),
                acs_scope: "chat".to_owned(),
                resource_id: "r".to_owned(),
                resource_location: "Zürich 😀".to_owned(),
                iat: 1_700_000_000,
                iss: "https://host/~~~>>>???\u{7f}\u{7f}\u{7f}".to_owned(),
                generation: 1,
            };
            let json = claims.to_json().unwrap();
            assert!(json.is_ascii());
            assert!(!BASE64_URL_SAFE_NO_PAD.encode(&json).contains(['-', '_']));
            let read: Claims = serde_json::from_str(&json).unwrap();
            assert_eq!(read.iss, claims.iss);
            assert_eq!(read.resource_location, claims.resource_location);
        }
    }
}
