//! Identifiers and raw ids.

use js_sys::JSON;
use openline::{
    create_identifier_from_raw_id, get_identifier_kind, get_identifier_raw_id,
    is_communication_user_identifier, is_phone_number_identifier, is_teams_extension_user_identifier,
    is_unknown_identifier,
};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::json;

/// Raw ids and what they are read as: the shapes of the published helpers.
const SHAPES: [(&str, &str); 12] = [
    (
        "8:acs:r_u",
        r#"{"kind":"communicationUser","communicationUserId":"8:acs:r_u"}"#,
    ),
    (
        "8:spool:x",
        r#"{"kind":"communicationUser","communicationUserId":"8:spool:x"}"#,
    ),
    (
        "4:+1555",
        r#"{"kind":"phoneNumber","phoneNumber":"+1555","isAnonymous":false}"#,
    ),
    (
        "4:anonymous",
        r#"{"kind":"phoneNumber","phoneNumber":"anonymous","isAnonymous":true}"#,
    ),
    (
        "4:+1555_b7",
        r#"{"kind":"phoneNumber","phoneNumber":"+1555_b7","isAnonymous":false,"assertedId":"b7"}"#,
    ),
    (
        "8:orgid:o",
        r#"{"kind":"microsoftTeamsUser","microsoftTeamsUserId":"o","isAnonymous":false,"cloud":"public"}"#,
    ),
    (
        "8:gcch:o",
        r#"{"kind":"microsoftTeamsUser","microsoftTeamsUserId":"o","isAnonymous":false,"cloud":"gcch"}"#,
    ),
    (
        "8:teamsvisitor:v",
        r#"{"kind":"microsoftTeamsUser","microsoftTeamsUserId":"v","isAnonymous":true}"#,
    ),
    (
        "28:dod:a",
        r#"{"kind":"microsoftTeamsApp","teamsAppId":"a","cloud":"dod"}"#,
    ),
    (
        "8:acs:r_t_u",
        r#"{"kind":"teamsExtensionUser","userId":"u","tenantId":"t","resourceId":"r","cloud":"public"}"#,
    ),
    ("48:abc", r#"{"kind":"unknown","id":"48:abc"}"#),
    ("", r#"{"kind":"unknown","id":""}"#),
];

#[wasm_bindgen_test]
fn raw_ids_become_plain_objects_and_come_back() {
    for (raw_id, shape) in SHAPES {
        let identifier = create_identifier_from_raw_id(raw_id);
        assert_eq!(stringify(&identifier), shape);
        assert_eq!(get_identifier_raw_id(&identifier), Ok(raw_id.to_owned()));
    }
}

#[wasm_bindgen_test]
fn identifiers_without_a_kind_get_one_in_a_copy() {
    let identifier = json(r#"{"communicationUserId":"8:acs:r_u"}"#);
    let copy = get_identifier_kind(&identifier);
    assert_eq!(
        stringify(&copy),
        r#"{"communicationUserId":"8:acs:r_u","kind":"communicationUser"}"#
    );
    assert_eq!(stringify(&identifier), r#"{"communicationUserId":"8:acs:r_u"}"#);
    assert_eq!(
        stringify(&get_identifier_kind(&json("{}"))),
        r#"{"kind":"unknown"}"#
    );
}

#[wasm_bindgen_test]
fn a_raw_id_in_the_identifier_wins() {
    let identifier = json(r#"{"phoneNumber":"+1","rawId":"4:other"}"#);
    assert_eq!(get_identifier_raw_id(&identifier), Ok("4:other".to_owned()));
}

#[wasm_bindgen_test]
fn guards_look_at_the_fields_of_their_kind() {
    assert!(is_communication_user_identifier(&json(
        r#"{"communicationUserId":"x"}"#
    )));
    assert!(!is_communication_user_identifier(&json(
        r#"{"communicationUserId":5}"#
    )));
    assert!(is_phone_number_identifier(&json(r#"{"phoneNumber":"+1"}"#)));
    assert!(is_teams_extension_user_identifier(&json(
        r#"{"userId":"u","tenantId":"t","resourceId":"r"}"#
    )));
    assert!(!is_teams_extension_user_identifier(&json(r#"{"userId":"u"}"#)));
    assert!(is_unknown_identifier(&json(r#"{"id":"x"}"#)));
    for nothing in [JsValue::UNDEFINED, JsValue::NULL, JsValue::from_str("8:acs:r_u")] {
        assert!(!is_unknown_identifier(&nothing));
    }
}

#[wasm_bindgen_test]
fn what_is_no_identifier_is_a_type_error() {
    for nothing in [json("{}"), JsValue::UNDEFINED, JsValue::from_str("8:acs:r_u")] {
        let error: js_sys::Object = get_identifier_raw_id(&nothing).expect_err("refused").into();
        assert!(wasm_bindgen::JsCast::is_instance_of::<js_sys::TypeError>(&error));
    }
}

fn stringify(value: &JsValue) -> String {
    JSON::stringify(value).expect("plain data").into()
}
