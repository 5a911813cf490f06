//! A camera, or the page's own picture, on its way out. Opened for its first user and turned off after the last,
//! so that the camera's light tells the truth.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use js_sys::{Promise, WeakRef};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{MediaDeviceKind, MediaStream, MediaStreamTrack};

use super::stream_registry;
use crate::{
    browser::{
        listener::Listener,
        media_devices::{self, ListedDevice, OpenFailure, Wanted},
        media_element::same_stream,
    },
    js::{
        events::{self, EventEmitter},
        local_video_stream::change_source,
        promise::spawn,
    },
};

/// Where the picture comes from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum VideoSource {
    /// A camera by the browser's id; an empty one means any.
    Camera { id: String, name: String },
    /// The page's own stream, which the page stops itself.
    Custom(MediaStream),
}

type Observer = Rc<dyn Fn(Option<MediaStream>)>;

/// One local video stream.
pub(crate) struct LocalVideo {
    key: u32,
    source: RefCell<VideoSource>,
    ends_with_call: bool,
    // The page has the media stream itself, and stops it by `dispose`.
    handed_out: Cell<bool>,
    // By the page, which has it no more.
    disposed: Cell<bool>,
    media: RefCell<Option<MediaStream>>,
    opening: RefCell<Option<Promise>>,
    failure: Cell<OpenFailure>,
    // Counts switches and releases, so that a camera that opens too late is turned off again.
    generation: Cell<u32>,
    uses: Cell<u32>,
    observers: RefCell<Vec<(u32, Observer)>>,
    next_observer: Cell<u32>,
    ended: RefCell<Option<Listener>>,
    events: Rc<EventEmitter>,
    object: RefCell<Option<WeakRef>>,
}

/// Keeps the camera on. Dropping the last one turns it off.
pub(crate) struct VideoUse {
    video: Rc<LocalVideo>,
}

/// Follows the stream. Dropping it ends that.
pub(crate) struct Observation {
    video: Rc<LocalVideo>,
    id: u32,
}

impl LocalVideo {
    /// A stream that is not open yet.
    pub(crate) fn new(source: VideoSource, ends_with_call: bool) -> Rc<Self> {
        let media = match &source {
            VideoSource::Camera { .. } => None,
            VideoSource::Custom(stream) => Some(same_stream(stream)),
        };
        let video = Rc::new(Self {
            key: stream_registry::next_key(),
            source: RefCell::new(source),
            ends_with_call,
            handed_out: Cell::new(false),
            disposed: Cell::new(false),
            media: RefCell::new(media),
            opening: RefCell::default(),
            failure: Cell::new(OpenFailure::Other),
            generation: Cell::new(0),
            uses: Cell::new(0),
            observers: RefCell::default(),
            next_observer: Cell::new(0),
            ended: RefCell::default(),
            events: EventEmitter::new(),
            object: RefCell::default(),
        });
        stream_registry::register_local(video.key, &video);
        video
    }

    /// The number that finds this stream from its JavaScript object.
    pub(crate) const fn key(&self) -> u32 {
        self.key
    }

    /// The source.
    pub(crate) fn source(&self) -> VideoSource {
        self.source.borrow().clone()
    }

    /// Whether the page made the stream itself.
    pub(crate) fn is_custom(&self) -> bool {
        matches!(*self.source.borrow(), VideoSource::Custom(_))
    }

    /// The events of the stream.
    pub(crate) const fn events(&self) -> &Rc<EventEmitter> {
        &self.events
    }

    /// Remembers which JavaScript object stands for this stream.
    pub(crate) fn remember_object(&self, object: &JsValue) {
        if let Some(object) = object.dyn_ref() {
            self.object.replace(Some(WeakRef::new(object)));
        }
    }

    /// The JavaScript object that was last seen for this stream.
    pub(crate) fn object(&self) -> Option<JsValue> {
        self.object.borrow().as_ref()?.deref().map(Into::into)
    }

    /// The open stream; `None` while the camera is off.
    pub(crate) fn current(&self) -> Option<MediaStream> {
        self.media.borrow().clone()
    }

    /// Opens the camera if need be and keeps it on until the use is dropped.
    pub(crate) async fn acquire(self: &Rc<Self>) -> Result<(VideoUse, MediaStream), OpenFailure> {
        self.uses.set(self.uses.get() + 1);
        let usage = VideoUse {
            video: Rc::clone(self),
        };
        let stream = self.open().await?;
        Ok((usage, stream))
    }

    /// Whether the end of a call that sends it is its end, too.
    pub(crate) const fn ends_with_call(&self) -> bool {
        self.ends_with_call
    }

    /// The page lets go of it.
    pub(crate) fn dispose_by_page(self: &Rc<Self>) {
        self.disposed.set(true);
        self.dispose();
    }

    /// Opens the camera for the page itself.
    pub(crate) async fn hand_out(self: &Rc<Self>) -> Result<MediaStream, OpenFailure> {
        if self.disposed.get() {
            return Err(OpenFailure::NoPicture);
        }
        self.handed_out.set(true);
        self.open().await
    }

    /// Opens the camera if need be. Calls at the same time share one opening.
    async fn open(self: &Rc<Self>) -> Result<MediaStream, OpenFailure> {
        if let Some(stream) = self.current() {
            if self.ended.borrow().is_none() {
                self.watch_end(&stream);
            }
            return Ok(stream);
        }
        let running = self.opening.borrow().clone();
        let opening = running.unwrap_or_else(|| {
            let video = Rc::clone(self);
            let opening = future_to_promise(async move {
                video.open_camera().await;
                Ok(JsValue::UNDEFINED)
            });
            self.opening.replace(Some(opening.clone()));
            opening
        });
        // The outcome is in `media` and `failure`.
        drop(JsFuture::from(opening).await);
        self.current().ok_or_else(|| self.failure.get())
    }

    /// Goes over to another source; whoever uses the stream follows.
    pub(crate) async fn switch_to(self: &Rc<Self>, source: VideoSource) -> Result<(), OpenFailure> {
        let generation = self.next_generation();
        let old = self.current();
        let opened = match &source {
            VideoSource::Custom(stream) => Some(same_stream(stream)),
            VideoSource::Camera { .. } if old.is_none() => None,
            VideoSource::Camera { id, .. } => Some(self.open_beside(id).await?),
        };
        if generation != self.generation.get() {
            // Another switch or the end came in between.
            if let (VideoSource::Camera { .. }, Some(late)) = (&source, opened) {
                media_devices::stop(&late);
            }
            return Ok(());
        }
        self.turn_off();
        self.source.replace(source);
        if let Some(stream) = opened {
            self.turn_on(stream);
        }
        Ok(())
    }

    /// Turns the camera off, whoever uses it.
    pub(crate) fn dispose(self: &Rc<Self>) {
        self.next_generation();
        self.turn_off();
        if !self.is_custom() {
            self.notify(None);
        }
    }

    /// Calls `observer` with the stream, or nothing, whenever it changes.
    pub(crate) fn observe(self: &Rc<Self>, observer: impl Fn(Option<MediaStream>) + 'static) -> Observation {
        let id = self.next_observer.get();
        self.next_observer.set(id.wrapping_add(1));
        self.observers.borrow_mut().push((id, Rc::new(observer)));
        Observation {
            video: Rc::clone(self),
            id,
        }
    }

    async fn open_camera(self: &Rc<Self>) {
        let generation = self.generation.get();
        let VideoSource::Camera { id, name } = self.source() else {
            return;
        };
        let opened = match media_devices::open(&Wanted::Camera(Some(id))).await {
            Err(OpenFailure::Constraints) => self.open_by_name(name).await,
            opened => opened,
        };
        self.opening.replace(None);
        match opened {
            Ok(stream) if generation == self.generation.get() => self.turn_on(stream),
            Ok(late) => {
                media_devices::stop(&late);
                self.failure.set(OpenFailure::Other);
            }
            Err(failure) => self.failure.set(failure),
        }
    }

    // Ids change when the page's data is cleared or the permission is given anew; names stay.
    async fn open_by_name(&self, name: String) -> Result<MediaStream, OpenFailure> {
        let found = cameras().await.into_iter().find(|camera| camera.label == name);
        let id = found
            .filter(|_| !name.is_empty())
            .ok_or(OpenFailure::Constraints)?
            .id;
        let opened = media_devices::open(&Wanted::Camera(Some(id.clone()))).await;
        if opened.is_ok() {
            self.source.replace(VideoSource::Camera { id, name });
        }
        opened
    }

    // Some machines run one camera at a time only: then the old one goes first.
    async fn open_beside(&self, id: &str) -> Result<MediaStream, OpenFailure> {
        let wanted = Wanted::Camera(Some(id.to_owned()));
        match media_devices::open(&wanted).await {
            Err(OpenFailure::Busy) => {
                self.stop_tracks();
                media_devices::open(&wanted).await
            }
            opened => opened,
        }
    }

    fn turn_on(self: &Rc<Self>, stream: MediaStream) {
        self.watch_end(&stream);
        self.media.replace(Some(stream));
        self.notify(self.current());
    }

    fn watch_end(self: &Rc<Self>, stream: &MediaStream) {
        let weak = Rc::downgrade(self);
        let ended = media_devices::first_track(&stream.get_video_tracks()).map(|track| {
            Listener::new(&track, "ended", move |_| {
                if let Some(video) = weak.upgrade() {
                    spawn(async move {
                        video.on_ended().await;
                        events::flush();
                    });
                }
            })
        });
        self.ended.replace(ended);
    }

    // A camera that was unplugged gives way to another one. One that is still there was taken from the page.
    async fn on_ended(self: Rc<Self>) {
        let VideoSource::Camera { id, .. } = self.source() else {
            return self.notify(None);
        };
        let generation = self.generation.get();
        let cameras = cameras().await;
        if generation != self.generation.get() {
            return;
        }
        let unplugged = cameras.iter().all(|camera| camera.id != id);
        if let Some(other) = cameras.into_iter().next().filter(|_| unplugged) {
            let source = VideoSource::Camera {
                id: other.id,
                name: other.label,
            };
            if change_source(&self, source).await.is_ok() {
                return;
            }
        }
        if self
            .current()
            .is_some_and(|stream| live_video_track(&stream).is_none())
        {
            self.dispose();
        }
    }

    fn turn_off(&self) {
        self.ended.replace(None);
        if !self.is_custom() {
            self.stop_tracks();
            self.media.replace(None);
        }
    }

    fn stop_tracks(&self) {
        if let Some(stream) = self.current() {
            media_devices::stop(&stream);
        }
    }

    fn notify(&self, stream: Option<MediaStream>) {
        let observers: Vec<Observer> = self
            .observers
            .borrow()
            .iter()
            .map(|(_, observer)| Rc::clone(observer))
            .collect();
        for observer in observers {
            observer(stream.clone());
        }
    }

    fn next_generation(&self) -> u32 {
        let next = self.generation.get().wrapping_add(1);
        self.generation.set(next);
        next
    }
}

impl Drop for LocalVideo {
    fn drop(&mut self) {
        stream_registry::forget(self.key);
        if !self.handed_out.get() {
            self.turn_off();
        }
    }
}

impl Drop for VideoUse {
    fn drop(&mut self) {
        let left = self.video.uses.get().saturating_sub(1);
        self.video.uses.set(left);
        if left == 0 {
            self.video.next_generation();
            self.video.turn_off();
        }
    }
}

impl Drop for Observation {
    fn drop(&mut self) {
        self.video.observers.borrow_mut().retain(|(id, _)| *id != self.id);
    }
}

/// The video track of a stream, if it runs.
pub(crate) fn live_video_track(stream: &MediaStream) -> Option<MediaStreamTrack> {
    media_devices::first_track(&stream.get_video_tracks()).filter(media_devices::is_live)
}

async fn cameras() -> Vec<ListedDevice> {
    let mut found = media_devices::list().await;
    found.retain(|device| device.kind == MediaDeviceKind::Videoinput);
    found
}
