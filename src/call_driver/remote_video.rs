//! The other side's camera or screen, as it arrives.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use web_sys::MediaStream;

use super::stream_registry;
use crate::{browser::media_devices, js::events::EventEmitter};

/// One remote video stream. It exists for as long as its participant; whether there is a picture is in
/// [`available`](Self::available).
pub(crate) struct RemoteVideo {
    key: u32,
    is_screen: bool,
    available: Cell<bool>,
    ended: Cell<bool>,
    receiving: Cell<bool>,
    size: Cell<(u32, u32)>,
    media: RefCell<Option<MediaStream>>,
    observers: RefCell<Vec<(u32, Observer)>>,
    next_observer: Cell<u32>,
    events: Rc<EventEmitter>,
}

type Observer = Rc<dyn Fn()>;

/// Follows the stream. Dropping it ends that.
pub(crate) struct RemoteObservation {
    video: Rc<RemoteVideo>,
    id: u32,
}

impl RemoteVideo {
    /// A stream without a picture.
    pub(crate) fn new(is_screen: bool) -> Rc<Self> {
        let video = Rc::new(Self {
            key: stream_registry::next_key(),
            is_screen,
            available: Cell::new(false),
            ended: Cell::new(false),
            receiving: Cell::new(false),
            size: Cell::new((0, 0)),
            media: RefCell::default(),
            observers: RefCell::default(),
            next_observer: Cell::new(0),
            events: EventEmitter::new(),
        });
        stream_registry::register_remote(video.key, &video);
        video
    }

    /// The number that finds this stream from its JavaScript object.
    pub(crate) const fn key(&self) -> u32 {
        self.key
    }

    /// Whether it is a screen, and not a camera.
    pub(crate) const fn is_screen(&self) -> bool {
        self.is_screen
    }

    /// The browser's id of the track, once there is a path for it.
    pub(crate) fn track_id(&self) -> Option<String> {
        let tracks = self.media.borrow().as_ref()?.get_video_tracks();
        Some(media_devices::first_track(&tracks)?.id())
    }

    /// Whether the sender has it on.
    pub(crate) fn available(&self) -> bool {
        self.available.get()
    }

    /// Whether packets arrive.
    pub(crate) fn receiving(&self) -> bool {
        self.receiving.get()
    }

    /// Width and height of the decoded picture in pixels; zeros before the first.
    pub(crate) fn size(&self) -> (u32, u32) {
        self.size.get()
    }

    /// The media; `None` until there is a path for it, and while it is off.
    pub(crate) fn media(&self) -> Option<MediaStream> {
        if self.available() {
            self.media.borrow().clone()
        } else {
            None
        }
    }

    /// The events of the stream.
    pub(crate) const fn events(&self) -> &Rc<EventEmitter> {
        &self.events
    }

    /// The sender turned it on or off.
    pub(crate) fn set_available(&self, available: bool) {
        if self.available.replace(available) != available {
            if !available {
                self.set_receiving(false);
            }
            self.events.emit("isAvailableChanged", &[]);
            self.notify();
        }
    }

    /// Packets arrive, or stopped arriving.
    pub(crate) fn set_receiving(&self, receiving: bool) {
        if self.receiving.replace(receiving) != receiving {
            self.events.emit("isReceivingChanged", &[]);
        }
    }

    /// The decoded picture has another size.
    pub(crate) fn set_size(&self, size: (u32, u32)) {
        if self.size.replace(size) != size {
            self.events.emit("sizeChanged", &[]);
        }
    }

    /// The path for the media came up or went away.
    pub(crate) fn set_media(&self, media: Option<MediaStream>) {
        self.media.replace(media);
        self.notify();
    }

    /// Its participant left: there will be no picture any more.
    pub(crate) fn end(&self) {
        self.ended.set(true);
        self.media.replace(None);
        self.set_available(false);
        self.notify();
    }

    /// Whether its participant left.
    pub(crate) fn ended(&self) -> bool {
        self.ended.get()
    }

    /// Calls `observer` whenever there is other media or none.
    pub(crate) fn observe(self: &Rc<Self>, observer: impl Fn() + 'static) -> RemoteObservation {
        let id = self.next_observer.get();
        self.next_observer.set(id.wrapping_add(1));
        self.observers.borrow_mut().push((id, Rc::new(observer)));
        RemoteObservation {
            video: Rc::clone(self),
            id,
        }
    }

    fn notify(&self) {
        let observers: Vec<Observer> = self
            .observers
            .borrow()
            .iter()
            .map(|(_, observer)| Rc::clone(observer))
            .collect();
        for observer in observers {
            observer();
        }
    }
}

impl Drop for RemoteVideo {
    fn drop(&mut self) {
        stream_registry::forget(self.key);
    }
}

impl Drop for RemoteObservation {
    fn drop(&mut self) {
        self.video.observers.borrow_mut().retain(|(id, _)| *id != self.id);
    }
}
