//! Followers that come back while they are told.

use std::{
    cell::Cell,
    rc::{Rc, Weak},
};

use futures_util::FutureExt as _;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::MediaDeviceKind;

use super::{DeviceFollower, Devices, Switching};
use crate::browser::media_devices::ListedDevice;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// Chooses another loudspeaker as soon as it hears of the first.
struct Restless {
    devices: Rc<Devices>,
    heard: Cell<u32>,
}

impl DeviceFollower for Restless {
    fn use_microphone(self: Rc<Self>, _id: Option<String>, _anew: bool) -> Switching {
        Box::pin(async { Ok(()) })
    }

    fn use_speaker(&self, _id: Option<&str>) {
        self.heard.set(self.heard.get() + 1);
        if self.heard.get() == 1 {
            let chosen = self.devices.choose(speaker("second")).now_or_never();
            assert_eq!(chosen, Some(Ok(())));
        }
    }
}

#[wasm_bindgen_test]
fn a_follower_that_chooses_while_it_is_told_has_the_last_word() {
    let devices = Devices::new();
    devices
        .known
        .replace(Some(vec![speaker("first"), speaker("second")]));
    let follower = Rc::new(Restless {
        devices: Rc::clone(&devices),
        heard: Cell::new(0),
    });
    let weak: Weak<Restless> = Rc::downgrade(&follower);
    devices.follow(weak);
    let chosen = devices.choose(speaker("first")).now_or_never();
    assert_eq!(chosen, Some(Ok(())));
    assert_eq!(devices.speaker(), Some(speaker("second")));
    forget();
}

fn speaker(id: &str) -> ListedDevice {
    ListedDevice {
        kind: MediaDeviceKind::Audiooutput,
        id: id.to_owned(),
        label: id.to_owned(),
    }
}

fn forget() {
    let storage = web_sys::window().and_then(|window| window.local_storage().ok()?);
    storage
        .expect("a page has one")
        .remove_item("openline:speaker")
        .expect("it was kept");
}
