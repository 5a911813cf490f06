//! Tests of the browser edge, compiled to wasm and run in headless Chromium and Firefox.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::{Outcome, temporary::TemporaryDir};
use crate::{
    failure::Result,
    setup::{
        browsers::{self, Browsers},
        tools, wasm,
    },
    step::run as run_step,
    workspace::{prepend_path, root, scratch_dir, write},
};

pub(super) fn run() -> Result<Outcome> {
    let toolchain = wasm::ensure()?;
    let bindgen = tools::wasm_bindgen()?;
    let wasm_pack = tools::wasm_pack()?;
    let browsers = browsers::ensure()?;
    let settings = write_settings(&browsers)?;
    let temporary = TemporaryDir::new("web")?;
    let mut failed = Vec::new();
    for (name, browser_flag, driver_flag, driver) in [
        ("Chromium", "--chrome", "--chromedriver", &browsers.chromedriver),
        ("Firefox", "--firefox", "--geckodriver", &browsers.geckodriver),
    ] {
        let mut command = Command::new(&wasm_pack);
        command
            .args(["test", "--headless", browser_flag, driver_flag])
            .arg(driver);
        command.args(["--mode", "no-install"]).current_dir(root());
        command.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &settings);
        toolchain.select(&mut command);
        temporary.lend_to(&mut command);
        // For all tests together: by itself it is 20 s, and they take nearly that.
        command.env("WASM_BINDGEN_TEST_TIMEOUT", "300");
        // wasm-pack takes the test runner that it finds in PATH.
        prepend_path(&mut command, bindgen.parent().unwrap_or(Path::new(".")))?;
        if let Err(failure) = run_step(&format!("Running the wasm tests in {name}"), &mut command) {
            failed.push(failure.to_string());
        }
    }
    Ok(if failed.is_empty() {
        Outcome::Passed
    } else {
        Outcome::Failed(failed.join("\n"))
    })
}

/// Writes how the drivers start the browsers: with devices and a network of their own, and without
/// questions to a user who is not there.
fn write_settings(browsers: &Browsers) -> Result<PathBuf> {
    let path = scratch_dir().join("webdriver.json");
    let quoted = |path: &Path| format!("{:?}", path.display().to_string());
    let text = SETTINGS
        .replace("@CHROMIUM@", &quoted(&browsers.chromium))
        .replace("@FIREFOX@", &quoted(&browsers.firefox));
    write(&path, text)?;
    Ok(path)
}

const SETTINGS: &str = r#"{
  "goog:chromeOptions": {
    "binary": @CHROMIUM@,
    "args": [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
      "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
      "--autoplay-policy=no-user-gesture-required",
      "--allow-loopback-in-peer-connection", "--disable-features=WebRtcHideLocalIpsWithMdns"
    ]
  },
  "moz:firefoxOptions": {
    "binary": @FIREFOX@,
    "args": ["-headless"],
    "prefs": {
      "media.navigator.streams.fake": true,
      "media.navigator.permission.disabled": true,
      "media.peerconnection.ice.loopback": true,
      "media.peerconnection.ice.obfuscate_host_addresses": false,
      "network.connectivity-service.enabled": false,
      "media.autoplay.default": 0
    }
  }
}
"#;
