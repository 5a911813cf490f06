//! `<audio>` for a call's sound, which the page never sees, and `<video>` for a view.

use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};

use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, HtmlElement, HtmlMediaElement, HtmlVideoElement, MediaStream, MediaStreamTrack};

use super::{listener::Listener, rtc_bindings::SinkElement};
use crate::js::promise::spawn;

/// Plays the other side's sound by itself. Dropping it makes it silent and takes the element away.
pub(crate) struct SoundElement {
    element: SinkElement,
    waiting: RefCell<Vec<Listener>>,
}

impl SoundElement {
    /// Starts to play. Where the browser forbids sound before the first touch, it plays from that touch on.
    pub(crate) fn play(track: &MediaStreamTrack, speaker: Option<&str>) -> Option<Rc<Self>> {
        let document = document()?;
        let element = document.create_element("audio").ok()?;
        let sound = Rc::new(Self {
            element: element.unchecked_into(),
            waiting: RefCell::default(),
        });
        let element = &sound.element;
        element.set_autoplay(true);
        hide(element.unchecked_ref());
        element.set_src_object(stream_of(track).as_ref());
        // Some mobile browsers only play what is in the page.
        if let Some(body) = document.body() {
            drop(body.append_child(element));
        }
        sound.set_speaker(speaker);
        sound.start();
        Some(sound)
    }

    /// Plays on that loudspeaker, or on the system's; what the browser cannot do stays as it is.
    pub(crate) fn set_speaker(&self, device_id: Option<&str>) {
        if can_choose_speaker()
            && let Ok(switching) = self.element.set_sink_id(device_id.unwrap_or_default())
        {
            // A loudspeaker that is gone: the sound stays where it is.
            spawn(async move { drop(JsFuture::from(switching).await) });
        }
    }

    /// Silences playback, or undoes that.
    pub(crate) fn set_muted(&self, muted: bool) {
        self.element.set_muted(muted);
    }

    fn start(self: &Rc<Self>) {
        let Ok(playing) = self.element.play() else { return };
        let sound = Rc::downgrade(self);
        spawn(async move {
            if JsFuture::from(playing).await.is_err()
                && let Some(sound) = sound.upgrade()
            {
                sound.wait_for_touch();
            }
        });
    }

    fn wait_for_touch(self: &Rc<Self>) {
        let listeners = ["pointerdown", "keydown", "touchend"]
            .into_iter()
            .filter_map(|gesture| {
                let sound: Weak<Self> = Rc::downgrade(self);
                Listener::global(gesture, move |_| {
                    if let Some(sound) = sound.upgrade() {
                        let done = sound.waiting.take();
                        sound.start();
                        drop(done);
                    }
                })
            });
        let listeners = listeners.collect();
        self.waiting.replace(listeners);
    }
}

impl Drop for SoundElement {
    fn drop(&mut self) {
        self.element.set_src_object(None);
        self.element.remove();
    }
}

/// Whether the browser lets a page choose the loudspeaker.
pub(crate) fn can_choose_speaker() -> bool {
    let prototype = js_sys::Reflect::get(&js_sys::global(), &"HTMLMediaElement".into())
        .and_then(|class| js_sys::Reflect::get(&class, &"prototype".into()));
    prototype.is_ok_and(|prototype| js_sys::Reflect::has(&prototype, &"setSinkId".into()).unwrap_or(false))
}

/// A `<div>` with one silent `<video>` that fills it.
pub(crate) struct VideoElement {
    target: HtmlElement,
    video: HtmlVideoElement,
}

impl VideoElement {
    /// Makes both, outside the page. `None` where there is no document.
    pub(crate) fn new() -> Option<Self> {
        let document = document()?;
        let target: HtmlElement = document.create_element("div").ok()?.unchecked_into();
        let video: HtmlVideoElement = document.create_element("video").ok()?.unchecked_into();
        style(
            &target,
            &[("width", "100%"), ("height", "100%"), ("overflow", "hidden")],
        );
        style(
            &video,
            &[("width", "100%"), ("height", "100%"), ("display", "block")],
        );
        video.set_autoplay(true);
        video.set_muted(true);
        // Without it iOS plays full screen.
        drop(video.set_attribute("playsinline", ""));
        drop(target.append_child(&video));
        Some(Self { target, video })
    }

    /// The element for the page.
    pub(crate) const fn target(&self) -> &HtmlElement {
        &self.target
    }

    /// The element that events come from.
    pub(crate) const fn video(&self) -> &HtmlVideoElement {
        &self.video
    }

    /// Shows that stream, or nothing.
    pub(crate) fn show(&self, stream: Option<&MediaStream>) {
        self.video.set_src_object(stream);
        if stream.is_some()
            && let Ok(playing) = self.video.play()
        {
            // Rejected when another stream follows at once, or when it leaves the page; `autoplay` goes on.
            spawn(async move { drop(JsFuture::from(playing).await) });
        }
    }

    /// Width and height of the picture in pixels; zeros before the first.
    pub(crate) fn size(&self) -> (u32, u32) {
        (self.video.video_width(), self.video.video_height())
    }

    /// Whether there is a picture.
    pub(crate) fn has_frame(&self) -> bool {
        self.video.video_width() > 0 && self.video.ready_state() >= HtmlMediaElement::HAVE_CURRENT_DATA
    }

    /// Sets how the picture fills the element (`object-fit`).
    pub(crate) fn set_fit(&self, fit: &str) {
        style(&self.video, &[("object-fit", fit)]);
    }

    /// Flips the picture.
    pub(crate) fn set_mirrored(&self, mirrored: bool) {
        style(
            &self.video,
            &[("transform", if mirrored { "scaleX(-1)" } else { "none" })],
        );
    }
}

impl Drop for VideoElement {
    fn drop(&mut self) {
        self.video.set_src_object(None);
        self.target.remove();
    }
}

/// A stream of one track.
pub(crate) fn stream_of(track: &MediaStreamTrack) -> Option<MediaStream> {
    let stream = MediaStream::new().ok()?;
    stream.add_track(track);
    Some(stream)
}

/// The very stream. `MediaStream::clone` is the browser's, which copies the tracks: those nobody would stop.
pub(crate) fn same_stream(stream: &MediaStream) -> MediaStream {
    Clone::clone(stream)
}

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

fn hide(element: &HtmlElement) {
    style(element, &[("display", "none")]);
    drop(element.set_attribute("aria-hidden", "true"));
}

fn style(element: &JsValue, rules: &[(&str, &str)]) {
    let style = element.unchecked_ref::<HtmlElement>().style();
    for (property, value) in rules {
        // Fails only for read-only styles; these are our own elements.
        drop(style.set_property(property, value));
    }
}
