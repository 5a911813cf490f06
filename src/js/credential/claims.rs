//! The claims of a token, through the browser's JSON parser.

use openline_identity::Claims;

use crate::js::object::{get, get_string, parse_json};

/// What `openline_identity::Claims::decode` reads; `None` under the same conditions.
pub(crate) fn claims(token: &str) -> Option<Claims> {
    let claims = parse_json(&Claims::json(token)?)?;
    Some(Claims {
        exp: get(&claims, "exp")?.as_f64()?,
        skypeid: get_string(&claims, "skypeid"),
        acs_scope: get_string(&claims, "acsScope"),
        resource_id: get_string(&claims, "resourceId"),
        iss: get_string(&claims, "iss"),
    })
}
