//! What a custom context may have.

use openline_protocol::realtime::{
    CustomContext, CustomHeader, MAX_HEADER_KEY_CHARS, MAX_SIP_HEADERS, MAX_USER_TO_USER_CHARS,
    MAX_VOIP_HEADER_VALUE_CHARS, MAX_VOIP_HEADERS,
};

#[test]
fn one_at_the_limits_is_allowed_and_one_over_them_is_not() {
    let value = |chars: usize| "ä".repeat(chars);
    let headers = |count: usize, key: usize, chars: usize| {
        let header = CustomHeader {
            key: value(key),
            value: value(chars),
        };
        vec![header; count]
    };
    let user_to_user = |chars| CustomContext {
        user_to_user: Some(value(chars)),
        ..CustomContext::default()
    };
    let sip = |count, key, chars| CustomContext {
        sip_headers: headers(count, key, chars),
        ..CustomContext::default()
    };
    let voip = |count, key, chars| CustomContext {
        voip_headers: headers(count, key, chars),
        ..CustomContext::default()
    };
    let (key, longest) = (MAX_HEADER_KEY_CHARS, MAX_VOIP_HEADER_VALUE_CHARS);
    let allowed = [
        user_to_user(MAX_USER_TO_USER_CHARS),
        sip(MAX_SIP_HEADERS, key, MAX_USER_TO_USER_CHARS),
        voip(MAX_VOIP_HEADERS, key, longest),
        voip(1, 1, 0),
    ];
    for context in allowed {
        assert!(context.is_allowed());
    }
    let refused = [
        user_to_user(MAX_USER_TO_USER_CHARS + 1),
        sip(MAX_SIP_HEADERS + 1, 1, 1),
        sip(1, key + 1, 1),
        sip(1, 0, 1),
        sip(1, 1, MAX_USER_TO_USER_CHARS + 1),
        voip(MAX_VOIP_HEADERS + 1, 1, 1),
        voip(1, key + 1, 1),
        voip(1, 1, longest + 1),
    ];
    for (index, context) in refused.iter().enumerate() {
        assert!(!context.is_allowed(), "{index}");
    }
}

#[test]
fn what_is_not_in_it_is_refused() {
    let whole = r#"{"userToUser":"u","sipHeaders":[{"key":"k","value":"v"}],"voipHeaders":[{"key":"k","value":"v"}]}"#;
    let context: CustomContext = serde_json::from_str(whole).expect(whole);
    assert_eq!(serde_json::to_string(&context).expect("JSON"), whole);
    for text in [
        "",
        "1",
        "[1]",
        r#"{"userToUser":1}"#,
        r#"{"other":"x"}"#,
        r#"{"sipHeaders":[{"key":"k"}]}"#,
        r#"{"sipHeaders":[{"key":"k","value":"v","other":"x"}]}"#,
        r#"{"voipHeaders":{"k":"v"}}"#,
    ] {
        assert!(serde_json::from_str::<CustomContext>(text).is_err(), "{text}");
    }
}
