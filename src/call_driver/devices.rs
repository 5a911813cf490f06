//! The devices of this machine as one call client sees them: what there is, what is selected, and who follows.
//!
//! What the person chose is kept. While it is there it is selected; while it is gone the system's default is, and it
//! is taken again when it is back.

use std::{
    cell::{Cell, RefCell},
    future::Future,
    pin::Pin,
    rc::{Rc, Weak},
};

use wasm_bindgen::JsValue;
use web_sys::MediaDeviceKind;

use crate::{
    browser::{
        device_memory::{self, ChosenDevice},
        listener::Listener,
        media_devices::{self, ListedDevice, OpenFailure},
    },
    js::{
        device_info::{device_info, is_system_default},
        events::{self, EventEmitter},
        object::{Plain, array},
        promise::spawn,
    },
};

/// When a device is in use.
pub(crate) type Switching = Pin<Box<dyn Future<Output = Result<(), OpenFailure>>>>;

/// Somebody who plays or records with the selected devices.
pub(crate) trait DeviceFollower {
    /// Goes over to that microphone, or to the system's; where it cannot be opened, the former one goes on. `anew`: also
    /// if that is in use, because the id stands for another device now.
    fn use_microphone(self: Rc<Self>, id: Option<String>, anew: bool) -> Switching;
    /// Goes over to that loudspeaker, or to the system's.
    fn use_speaker(&self, id: Option<&str>);
}

/// The list and the selection.
pub(crate) struct Devices {
    events: Rc<EventEmitter>,
    // Nothing until the first listing, which changes nothing for anybody and so fires nothing.
    known: RefCell<Option<Vec<ListedDevice>>>,
    microphone: Selection,
    speaker: Selection,
    followers: RefCell<Vec<Weak<dyn DeviceFollower>>>,
    change: RefCell<Option<Listener>>,
    disposed: Cell<bool>,
}

struct Selection {
    kind: MediaDeviceKind,
    event: &'static str,
    chosen: RefCell<Option<ChosenDevice>>,
    selected: RefCell<Option<ListedDevice>>,
    /// Counts choices, of which the last one counts.
    wish: Cell<u32>,
    /// Whether that is under way: it decides, and nothing else until then.
    choosing: Cell<bool>,
}

impl Devices {
    /// Starts to watch the devices. No permission is asked for.
    pub(crate) fn new() -> Rc<Self> {
        let devices = Rc::new(Self {
            events: EventEmitter::new(),
            known: RefCell::default(),
            microphone: Selection::new(MediaDeviceKind::Audioinput, "selectedMicrophoneChanged"),
            speaker: Selection::new(MediaDeviceKind::Audiooutput, "selectedSpeakerChanged"),
            followers: RefCell::default(),
            change: RefCell::default(),
            disposed: Cell::new(false),
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
        for selection in [&self.microphone, &self.speaker] {
            if !selection.choosing.get() {
                self.select_best(selection, false);
            }
        }
        found
    }

    // `again`: every follower is told, also where that is selected already.
    fn select_best(&self, selection: &Selection, again: bool) {
        let next = selection.best_of(self.known.borrow().as_deref().unwrap_or_default());
        let changed = *selection.selected.borrow() != next;
        if again || changed {
            for switching in self.tell_followers(selection, next.as_ref()) {
                // Where the new one cannot be opened, the former goes on.
                spawn(async move {
                    switching.await.ok();
                });
            }
        }
        if changed {
            selection.selected.replace(next);
            self.events.queue(selection.event, []);
        }
    }

    /// The selected microphone.
    pub(crate) fn microphone(&self) -> Option<ListedDevice> {
        self.microphone.selected.borrow().clone()
    }

    /// The selected loudspeaker.
    pub(crate) fn speaker(&self) -> Option<ListedDevice> {
        self.speaker.selected.borrow().clone()
    }

    /// Selects what the person chose, once every follower uses it, and keeps the choice. Where a follower cannot open
    /// it nothing changes: those that could go back. Where another one is chosen meanwhile that one counts, and this has
    /// no effect.
    ///
    /// # Errors
    /// See [`OpenFailure`].
    pub(crate) async fn choose(&self, device: ListedDevice) -> Result<(), OpenFailure> {
        let selection = if device.kind == MediaDeviceKind::Audioinput {
            &self.microphone
        } else {
            &self.speaker
        };
        let wish = selection.wish.get().wrapping_add(1);
        selection.wish.set(wish);
        selection.choosing.set(true);
        let mut switched = Ok(());
        for switching in self.tell_followers(selection, Some(&device)) {
            switched = switching.await;
            if switched.is_err() || wish != selection.wish.get() {
                break;
            }
        }
        if wish != selection.wish.get() {
            return Ok(());
        }
        selection.choosing.set(false);
        if switched.is_ok() {
            let ListedDevice { id, label, .. } = device;
            let chosen = ChosenDevice { id, label };
            device_memory::write(selection.kind, &chosen);
            selection.chosen.replace(Some(chosen));
        }
        // Also those that came meanwhile, and those that had gone over to what another could not open.
        self.select_best(selection, true);
        switched
    }

    /// Tells `follower` of every selection for as long as it lives.
    pub(crate) fn follow(&self, follower: Weak<dyn DeviceFollower>) {
        let mut followers = self.followers.borrow_mut();
        followers.retain(|known| known.strong_count() > 0);
        followers.push(follower);
    }

    /// Whether the client was disposed.
    pub(crate) fn is_disposed(&self) -> bool {
        self.disposed.get()
    }

    /// Stops watching. The caller holds no borrow.
    pub(crate) fn dispose(&self) {
        self.disposed.set(true);
        self.events.emit("_disposed", &[]);
        self.change.replace(None);
        self.followers.borrow_mut().clear();
        self.events.end();
    }

    fn tell_followers(&self, selection: &Selection, device: Option<&ListedDevice>) -> Vec<Switching> {
        let followers: Vec<_> = self.followers.borrow().iter().filter_map(Weak::upgrade).collect();
        let id = device.map(|device| device.id.clone());
        let mut switching = Vec::new();
        // A copy: a follower may come back here.
        let former = selection.selected.borrow().clone();
        let anew = former.as_ref() != device && former.as_ref().map(|former| &former.id) == id.as_ref();
        for follower in followers {
            if selection.kind == MediaDeviceKind::Audioinput {
                switching.push(follower.use_microphone(id.clone(), anew));
            } else {
                follower.use_speaker(id.as_deref());
            }
        }
        switching
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

impl Selection {
    fn new(kind: MediaDeviceKind, event: &'static str) -> Self {
        Self {
            kind,
            event,
            chosen: RefCell::new(device_memory::read(kind)),
            selected: RefCell::default(),
            wish: Cell::new(0),
            choosing: Cell::new(false),
        }
    }

    /// What was chosen, by id or else by name; else what is selected; else the system's default; else the first. Names
    /// are empty before permission: then nothing is.
    fn best_of(&self, found: &[ListedDevice]) -> Option<ListedDevice> {
        let first = |fits: &dyn Fn(&ListedDevice) -> bool| {
            found
                .iter()
                .find(|device| device.kind == self.kind && !device.label.is_empty() && fits(device))
                .cloned()
        };
        let (chosen, selected) = (self.chosen.borrow(), self.selected.borrow());
        let chosen = chosen.as_ref();
        first(&|device| chosen.is_some_and(|chosen| chosen.id == device.id))
            .or_else(|| first(&|device| chosen.is_some_and(|chosen| chosen.label == device.label)))
            .or_else(|| first(&|device| selected.as_ref().is_some_and(|selected| selected.id == device.id)))
            .or_else(|| first(&is_system_default))
            .or_else(|| first(&|_| true))
    }
}

#[cfg(all(test, target_family = "wasm"))]
mod tests;
