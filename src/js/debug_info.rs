//! `Features.DebugInfo`: which browser this is.

use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::*;

use super::object::Plain;
use crate::text::{after, contains};

/// Which browser this is, and whether calls work in it.
#[wasm_bindgen(skip_typescript)]
pub struct DebugInfoFeature {
    _private: (),
}

impl DebugInfoFeature {
    pub(crate) const fn new() -> Self {
        Self { _private: () }
    }
}

#[wasm_bindgen]
impl DebugInfoFeature {
    /// `DebugInfo`.
    #[wasm_bindgen(getter)]
    pub fn name(&self) -> String {
        super::features::DEBUG_INFO.to_owned()
    }

    /// The operating system, the browser, and whether it can call.
    #[wasm_bindgen(js_name = getEnvironmentInfo)]
    pub fn get_environment_info(&self) -> Promise {
        let agent = user_agent();
        let (browser, version) = browser_of(&agent);
        let supported = ["RTCPeerConnection", "WebSocket"]
            .iter()
            .all(|name| Reflect::has(&js_sys::global(), &(*name).into()).unwrap_or(false));
        let environment = Plain::new()
            .with("platform", platform_of(&agent))
            .with("browser", browser)
            .with("browserVersion", version)
            .build();
        let info = Plain::new()
            .with("environment", environment)
            .with("isSupportedPlatform", true)
            .with("isSupportedBrowser", supported)
            .with("isSupportedBrowserVersion", supported)
            .with("isSupportedEnvironment", supported)
            .build();
        Promise::resolve(&info)
    }
}

fn user_agent() -> String {
    web_sys::window()
        .and_then(|window| window.navigator().user_agent().ok())
        .unwrap_or_default()
}

// The first that matches: Edge and Chromium also name Chrome and Safari.
fn browser_of(agent: &str) -> (&'static str, String) {
    for (mark, name) in [
        ("Edg/", "edge"),
        ("Firefox/", "firefox"),
        ("Chrome/", "chrome"),
        ("CriOS/", "chrome"),
        ("Version/", "safari"),
    ] {
        if let Some(rest) = after(agent, mark) {
            return (name, rest.split([' ', ';']).next().unwrap_or_default().to_owned());
        }
    }
    ("unknown", String::new())
}

fn platform_of(agent: &str) -> &'static str {
    for (mark, name) in [
        ("Android", "android"),
        ("iPhone", "ios"),
        ("iPad", "ios"),
        ("Windows", "windows"),
        ("Mac OS", "mac"),
        ("CrOS", "chromeos"),
        ("Linux", "linux"),
    ] {
        if contains(agent, mark) {
            return name;
        }
    }
    "unknown"
}
