//! The microphone of one call: which one is open, whether it is muted, and why.

use std::cell::{Cell, RefCell};

use web_sys::{MediaStream, MediaStreamTrack};

use crate::browser::{
    listener::Listener,
    media_devices::{self, OpenFailure, Wanted},
    media_element::same_stream,
};

/// The id that Chromium gives to whatever the system's settings say.
const SYSTEM: &str = "default";

/// A microphone that ends by itself is replaced this many times until the person acts: a broken one would be forever.
const MAX_REPLACEMENTS: u32 = 5;

/// The microphone of one call.
#[derive(Default)]
pub(super) struct CallMicrophone {
    open: RefCell<Option<OpenMicrophone>>,
    /// Counts openings, so that of two at once the later one counts.
    wish: Cell<u32>,
    /// Whether another one is opening in place of one that was open.
    switching: Cell<bool>,
    muted: Cell<bool>,
    /// Muted because it went away: it is unmuted with the next one.
    lost: Cell<bool>,
    replacements: Cell<u32>,
}

/// What was open before; it is on until this is dropped.
pub(super) struct Former(#[expect(dead_code, reason = "dropping it turns it off")] Option<OpenMicrophone>);

struct OpenMicrophone {
    id: Option<String>,
    /// The page's own, which the page stops.
    given: bool,
    stream: MediaStream,
    _ended: Option<Listener>,
}

impl Drop for OpenMicrophone {
    fn drop(&mut self) {
        if !self.given {
            media_devices::stop(&self.stream);
        }
    }
}

impl CallMicrophone {
    /// Whether one is open.
    pub(super) fn is_open(&self) -> bool {
        self.open.borrow().is_some()
    }

    /// Whether it is open and still delivers.
    pub(super) fn is_live(&self) -> bool {
        self.track().is_some_and(|track| media_devices::is_live(&track))
    }

    /// Whether another one is opening in place of one that was open.
    pub(super) fn is_switching(&self) -> bool {
        self.switching.get()
    }

    /// Whether it is on, was opened under that id, and no other one is opening; none is the system's.
    pub(super) fn is_of(&self, id: Option<&str>) -> bool {
        let is_of = |open: &OpenMicrophone| open.id.as_deref() == id.filter(|id| *id != SYSTEM);
        !self.is_switching() && self.is_live() && self.open.borrow().as_ref().is_some_and(is_of)
    }

    /// The stream of what is sent.
    pub(super) fn stream(&self) -> Option<MediaStream> {
        Some(same_stream(&self.open.borrow().as_ref()?.stream))
    }

    /// What is sent.
    pub(super) fn track(&self) -> Option<MediaStreamTrack> {
        media_devices::first_track(&self.open.borrow().as_ref()?.stream.get_audio_tracks())
    }

    /// Whether it is muted.
    pub(super) fn muted(&self) -> bool {
        self.muted.get()
    }

    /// Whether it is muted only because it went away.
    pub(super) fn is_lost(&self) -> bool {
        self.lost.get()
    }

    /// Somebody wishes it muted, or not.
    pub(super) fn set_muted(&self, muted: bool) {
        self.replacements.set(0);
        self.lost.set(false);
        self.muted.set(muted);
        self.apply_muted();
    }

    /// Takes the stream that is given, or opens that microphone or the system's, in place of the former; where it cannot be
    /// opened the former goes on. Gives the former, to be dropped once the new one is sent; nothing if another was asked for
    /// meanwhile. `on_ended` is called when it ends by itself.
    ///
    /// # Errors
    /// See [`OpenFailure`].
    pub(super) async fn open(
        &self,
        given: Option<MediaStream>,
        id: Option<String>,
        on_ended: impl Fn() + 'static,
    ) -> Result<Option<Former>, OpenFailure> {
        let wish = self.next_wish();
        let id = id.filter(|id| id != SYSTEM);
        let is_given = given.is_some();
        self.switching
            .set(!is_given && (self.is_open() || self.switching.get()));
        let stream = if let Some(given) = given {
            given
        } else {
            let wanted = Wanted::Microphone(id.clone());
            let mut opened = media_devices::open(&wanted).await;
            if matches!(opened, Err(OpenFailure::Busy)) && self.is_open() && wish == self.wish.get() {
                // Some machines run one microphone at a time only.
                self.open.replace(None);
                opened = media_devices::open(&wanted).await;
            }
            if wish != self.wish.get() {
                if let Ok(late) = opened {
                    media_devices::stop(&late);
                }
                return Ok(None);
            }
            self.switching.set(false);
            opened?
        };
        let ended = media_devices::first_track(&stream.get_audio_tracks())
            .map(|track| Listener::new(&track, "ended", move |_| on_ended()));
        let former = self.open.replace(Some(OpenMicrophone {
            id,
            given: is_given,
            stream,
            _ended: ended,
        }));
        self.apply_muted();
        Ok(Some(Former(former)))
    }

    /// Whether one that ended may be replaced once more.
    pub(super) fn may_be_replaced(&self) -> bool {
        let replacements = self.replacements.get();
        self.replacements.set(replacements + 1);
        replacements < MAX_REPLACEMENTS
    }

    /// There is none: it is muted. `forgoes` is `false` where the next microphone may be opened without being asked for.
    pub(super) fn lose(&self, forgoes: bool) {
        self.close();
        let audible = !self.muted.replace(true);
        self.lost.set((audible || self.lost.get()) && !forgoes);
    }

    /// Lets go of it, also of one that is opening.
    pub(super) fn close(&self) {
        self.next_wish();
        self.switching.set(false);
        self.open.replace(None);
    }

    fn apply_muted(&self) {
        if let Some(track) = self.track() {
            track.set_enabled(!self.muted.get());
        }
    }

    fn next_wish(&self) -> u32 {
        let wish = self.wish.get().wrapping_add(1);
        self.wish.set(wish);
        wish
    }
}
