//! The TypeScript declarations that are written by hand: plain data, options, event maps and errors. The build
//! puts them beside the generated classes.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const CALLING: &str = include_str!("calling.d.ts");

#[wasm_bindgen(typescript_custom_section)]
const MEDIA_STATS: &str = include_str!("media_stats.d.ts");

#[wasm_bindgen(typescript_custom_section)]
const DIAGNOSTICS: &str = include_str!("diagnostics.d.ts");

#[wasm_bindgen(typescript_custom_section)]
const PRE_CALL: &str = include_str!("pre_call.d.ts");

#[wasm_bindgen(typescript_custom_section)]
const SURVEY: &str = include_str!("survey.d.ts");

#[wasm_bindgen(typescript_custom_section)]
const TRANSFER: &str = include_str!("transfer.d.ts");

#[wasm_bindgen(typescript_custom_section)]
const CREDENTIAL: &str = include_str!("credential.d.ts");

#[wasm_bindgen(typescript_custom_section)]
const IDENTIFIERS: &str = include_str!("identifiers.d.ts");

#[wasm_bindgen(typescript_custom_section)]
const PAGING: &str = include_str!("paging.d.ts");

#[wasm_bindgen(typescript_custom_section)]
const REST: &str = include_str!("rest.d.ts");

#[wasm_bindgen(typescript_custom_section)]
const CHAT: &str = include_str!("chat.d.ts");

#[wasm_bindgen(typescript_custom_section)]
const CHAT_EVENTS: &str = include_str!("chat_events.d.ts");
