//! The TypeScript declarations that are written by hand: plain data, options, event maps and errors. The build
//! puts them beside the generated classes.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const CREDENTIAL: &str = include_str!("credential.d.ts");

#[wasm_bindgen(typescript_custom_section)]
const IDENTIFIERS: &str = include_str!("identifiers.d.ts");
