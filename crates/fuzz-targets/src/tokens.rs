//! User access tokens: as a client reads them, and as the server verifies them.

use std::sync::LazyLock;

use openline_identity::{Claims, SuppliedToken};
use openline_protocol::ResourceId;
use openline_server::fuzzing::TokenReader;

const RESOURCE: &str = "r";

static READER: LazyLock<TokenReader> = LazyLock::new(|| TokenReader::new(ResourceId::new(RESOURCE)));

/// A token that an application was given.
pub fn client_token(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let claims = Claims::decode(text);
    assert!(claims.is_none() || Claims::json(text).is_some());
    if let Some(claims) = &claims {
        drop((claims.identity(), claims.scopes().count()));
    }
    let SuppliedToken::Text { expires_on, .. } = SuppliedToken::text(text) else {
        unreachable!("a text was supplied");
    };
    assert_eq!(expires_on, claims.map(|claims| claims.expires_on()));
}

/// A token that somebody made up, and a payload that is signed.
pub fn server_token(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    assert!(READER.read(text).is_err(), "a token is taken that nobody signed");
    let Some(token) = READER.sign(text) else { return };
    if let Ok(verified) = READER.read(&token) {
        assert!(verified.raw_id.belongs_to(&ResourceId::new(RESOURCE)));
    }
}
