//! What is read out of a token.

use openline_identity::{
    AccessToken, Claims, Credential, CredentialConfig, Output, SuppliedToken, TokenInvalid,
};
use openline_protocol::{RawId, Scope, Timestamp};

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

#[test]
fn the_claims_of_an_ordinary_token_are_read() {
    // {"skypeid":"acs:r_u","exp":1700003600,"acsScope":"chat,voip,other","resourceId":"r","iat":1700000000}
    let token = "eyJhbGciOiJFUzI1NiJ9.eyJza3lwZWlkIjoiYWNzOnJfdSIsImV4cCI6MTcwMDAwMzYwMCwiYWNzU2NvcGUiOiJjaGF0LHZvaXAsb3RoZXIiLCJyZXNvdXJjZUlkIjoiciIsImlhdCI6MTcwMDAwMDAwMH0.c2ln";
    let claims = Claims::decode(token).expect("decodes");
    assert_eq!(claims.identity(), Some(RawId::new("8:acs:r_u")));
    assert_eq!(claims.expires_on(), Timestamp::from_millis(1_700_003_600_000));
    assert_eq!(claims.scopes().collect::<Vec<_>>(), [Scope::Chat, Scope::Voip]);
    assert_eq!(claims.resource_id.as_deref(), Some("r"));
}

#[test]
fn expiry_is_counted_in_milliseconds_and_keeps_fractions() {
    assert_eq!(expiry_of(r#"{"exp":1700000001.5}"#), Some(1_700_000_001_500));
    assert_eq!(expiry_of(r#"{"exp":0}"#), Some(0));
    assert_eq!(expiry_of(r#"{"exp":-5}"#), Some(0));
    assert_eq!(expiry_of(r#"{"exp":1e300}"#), Some(u64::MAX));
}

#[test]
fn two_parts_and_padding_decode() {
    assert!(Claims::decode("e30.eyJleHAiOjE3fQ").is_some());
    assert!(Claims::decode("e30.eyJleHAiOjE3fQ==.x").is_some());
}

#[test]
fn what_is_no_jwt_with_a_numeric_expiry_is_opaque_and_lasts_ten_minutes() {
    let text_expiry = token_with(r#"{"exp":"1700003600"}"#);
    let no_expiry = token_with(r#"{"skypeid":"acs:r_u"}"#);
    for text in [
        "opaque",
        "a.b.c",
        "a.!!!!.c",
        "..",
        text_expiry.as_str(),
        no_expiry.as_str(),
    ] {
        let (token, opaque) = parse(text, CredentialConfig::default()).expect("accepted");
        assert!(opaque, "{text}");
        assert_eq!(token.expires_on.as_millis(), NOW.as_millis() + 600_000);
    }
}

#[test]
fn the_assumed_lifetime_can_be_set_but_must_be_positive_and_finite() {
    let config = CredentialConfig::default()
        .with_undecodable_token_lifetime(30.5)
        .expect("in range");
    let (token, _) = parse("opaque", config).expect("accepted");
    assert_eq!(token.expires_on.as_millis(), NOW.as_millis() + 30_500);
    for seconds in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-12] {
        assert!(
            CredentialConfig::default()
                .with_undecodable_token_lifetime(seconds)
                .is_err(),
            "{seconds}"
        );
    }
}

#[test]
fn strict_refuses_what_cannot_be_decoded() {
    let config = CredentialConfig {
        strict: true,
        ..CredentialConfig::default()
    };
    assert_eq!(parse("opaque", config), Err(TokenInvalid::Undecodable));
    assert!(parse(&token_with(r#"{"exp":1700003600}"#), config).is_ok());
}

#[test]
fn empty_and_blank_are_refused() {
    for text in ["", "   ", "\n"] {
        assert_eq!(parse(text, CredentialConfig::default()), Err(TokenInvalid::Blank));
    }
}

#[test]
fn debug_output_shows_no_token() {
    let token = AccessToken {
        token: "secret".into(),
        expires_on: NOW,
    };
    assert!(!format!("{token:?} {:?}", SuppliedToken::text("secret")).contains("secret"));
}

fn parse(text: &str, config: CredentialConfig) -> Result<(AccessToken, bool), TokenInvalid> {
    let mut credential = Credential::<()>::fixed(SuppliedToken::text(text), config, NOW)?;
    credential.handle_get_token(false, NOW);
    let mut opaque = false;
    loop {
        let output = credential.poll_output().expect("an answer");
        opaque |= output == Output::OpaqueToken;
        if let Output::Resolve { token, .. } = output {
            return Ok((token, opaque));
        }
    }
}

fn expiry_of(payload: &str) -> Option<u64> {
    Claims::decode(&token_with(payload)).map(|claims| claims.expires_on().as_millis())
}

/// A token with that payload, and no signature worth the name.
fn token_with(payload: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::from("e30.");
    for group in payload.as_bytes().chunks(3) {
        let bytes = [
            0,
            group[0],
            group.get(1).copied().unwrap_or(0),
            group.get(2).copied().unwrap_or(0),
        ];
        let bits = u32::from_be_bytes(bytes);
        for index in 0..=group.len() {
            text.push(ALPHABET[(bits >> (18 - 6 * index) & 63) as usize] as char);
        }
    }
    text + ".sig"
}
