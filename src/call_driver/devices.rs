//! The devices of this machine as one call client sees them: what there is, what is selected, and who follows.

use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};

use wasm_bindgen::JsValue;
use web_sys::MediaDeviceKind;

use crate::{
    browser::{
        listener::Listener,
        media_devices::{self, ListedDevice},
    },
    js::{
        device_info::{device_info, is_system_default},
        events::{self, EventEmitter},
        object::{Plain, array},
        promise::spawn,
    },
};

/// Somebody who plays or records with the selected devices.
pub(crate) trait DeviceFollower {
    /// Another microphone was selected.
    fn microphone_selected(self: Rc<Self>);
    /// Another loudspeaker was selected.
    fn speaker_selected(self: Rc<Self>);
}

/// The list and the selection.
pub(crate) struct Devices {
    events: Rc<EventEmitter>,
    // Nothing until the first listing, which changes nothing for anybody and so fires nothing.
    known: RefCell<Option<Vec<ListedDevice>>>,
    microphone: RefCell<Option<ListedDevice>>,
    speaker: RefCell<Option<ListedDevice>>,
    followers: RefCell<Vec<Weak<dyn DeviceFollower>>>,
    change: RefCell<Option<Listener>>,
}

impl Devices {
    /// Starts to watch the devices. No permission is asked for.
    pub(crate) fn new() -> Rc<Self> {
        let devices = Rc::new(Self {
            events: EventEmitter::new(),
            known: RefCell::default(),
            microphone: RefCell::default(),
            speaker: RefCell::default(),
            followers: RefCell::default(),
            change: RefCell::default(),
        });
        let weak = Rc::downgrade(&devices);
        let change = media_devices::on_change(move || {
            if let Some(devices) = weak.upgrade() {
                spawn(async move {
                    devices.refresh().await;
                    events::flush();
                });
            }
        });
        devices.change.replace(change);
        devices
    }

    /// The events of the device manager.
    pub(crate) const fn events(&self) -> &Rc<EventEmitter> {
        &self.events
    }

    /// Lists anew; queues the events of what changed since the last time.
    pub(crate) async fn refresh(self: &Rc<Self>) -> Vec<ListedDevice> {
        let found = media_devices::list().await;
        let before = self.known.replace(Some(found.clone()));
        if let Some(before) = before {
            self.queue_updates("videoDevicesUpdated", &before, &found, |kind| {
                kind == MediaDeviceKind::Videoinput
            });
            self.queue_updates("audioDevicesUpdated", &before, &found, |kind| {
                kind != MediaDeviceKind::Videoinput
            });
        }
        self.keep_selection(MediaDeviceKind::Audioinput, &found);
        self.keep_selection(MediaDeviceKind::Audiooutput, &found);
        found
    }

    /// The selected microphone.
    pub(crate) fn microphone(&self) -> Option<ListedDevice> {
        self.microphone.borrow().clone()
    }

    /// The selected loudspeaker.
    pub(crate) fn speaker(&self) -> Option<ListedDevice> {
        self.speaker.borrow().clone()
    }

    /// Selects a microphone or loudspeaker, tells the followers, and queues the event.
    pub(crate) fn select(&self, device: Option<ListedDevice>, kind: MediaDeviceKind) {
        let is_microphone = kind == MediaDeviceKind::Audioinput;
        let slot = if is_microphone {
            &self.microphone
        } else {
            &self.speaker
        };
        if *slot.borrow() == device {
            return;
        }
        slot.replace(device);
        let followers: Vec<_> = self.followers.borrow().iter().filter_map(Weak::upgrade).collect();
        for follower in followers {
            if is_microphone {
                follower.microphone_selected()
            } else {
                follower.speaker_selected()
            }
        }
        self.events.queue(
            if is_microphone {
                "selectedMicrophoneChanged"
            } else {
                "selectedSpeakerChanged"
            },
            [],
        );
    }

    /// Tells `follower` of every selection for as long as it lives.
    pub(crate) fn follow(&self, follower: Weak<dyn DeviceFollower>) {
        let mut followers = self.followers.borrow_mut();
        followers.retain(|known| known.strong_count() > 0);
        followers.push(follower);
    }

    /// Stops watching.
    pub(crate) fn dispose(&self) {
        self.change.replace(None);
        self.followers.borrow_mut().clear();
        self.events.clear();
    }

    // What was selected stays selected while it is there; else the system's default, else the first.
    fn keep_selection(&self, kind: MediaDeviceKind, found: &[ListedDevice]) {
        let selected = if kind == MediaDeviceKind::Audioinput {
            self.microphone()
        } else {
            self.speaker()
        };
        let of_kind = || {
            found
                .iter()
                .filter(|device| device.kind == kind && !device.label.is_empty())
        };
        let kept = selected.and_then(|selected| of_kind().find(|device| device.id == selected.id));
        let next = kept
            .or_else(|| of_kind().find(|device| is_system_default(device)))
            .or_else(|| of_kind().next());
        self.select(next.cloned(), kind);
    }

    fn queue_updates(
        &self,
        event: &'static str,
        before: &[ListedDevice],
        after: &[ListedDevice],
        concerns: impl Fn(MediaDeviceKind) -> bool,
    ) {
        let missing_in = |list: &[ListedDevice], from: &[ListedDevice]| -> Vec<JsValue> {
            let absent = from
                .iter()
                .filter(|device| concerns(device.kind) && !list.contains(device));
            absent.map(device_info).collect()
        };
        let (added, removed) = (missing_in(before, after), missing_in(after, before));
        if !added.is_empty() || !removed.is_empty() {
            let update = Plain::new()
                .with("added", array(added))
                .with("removed", array(removed))
                .build();
            self.events.queue(event, [update]);
        }
    }
}
