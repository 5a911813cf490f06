//! The camera of one call: the one that is wanted, and the one that is sent. They differ while a camera opens; of
//! wishes in quick succession the last one counts.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use web_sys::{MediaStream, MediaStreamTrack};

use super::local_video::{LocalVideo, Observation, VideoUse, live_video_track};
use crate::browser::media_devices::OpenFailure;

/// The camera of one call.
#[derive(Default)]
pub(super) struct CallCamera {
    wanted: RefCell<Option<Rc<LocalVideo>>>,
    /// Counts wishes, so that a camera that opens after the next one is let go of.
    wish: Cell<u32>,
    sent: RefCell<Option<Sent>>,
}

struct Sent {
    video: Rc<LocalVideo>,
    _usage: VideoUse,
    _observation: Observation,
}

impl CallCamera {
    /// The stream that shall be sent; it may still be opening.
    pub(super) fn wanted(&self) -> Option<Rc<LocalVideo>> {
        self.wanted.borrow().clone()
    }

    /// Whether there is a picture to send.
    pub(super) fn is_sent(&self) -> bool {
        self.sent.borrow().is_some()
    }

    /// What is sent.
    pub(super) fn track(&self) -> Option<MediaStreamTrack> {
        live_video_track(&self.sent.borrow().as_ref()?.video.current()?)
    }

    /// Opens a stream that shall be sent. `None`: another wish came meanwhile, so that nobody cares how this one ended.
    ///
    /// # Errors
    /// See [`OpenFailure`]; then nothing is wanted.
    pub(super) async fn open(
        &self,
        video: &Rc<LocalVideo>,
    ) -> Result<Option<(VideoUse, MediaStream)>, OpenFailure> {
        let wish = self.want(Some(Rc::clone(video)));
        let mut opened = video.acquire().await;
        if matches!(&opened, Ok((_, stream)) if video.is_custom() && live_video_track(stream).is_none()) {
            opened = Err(OpenFailure::NoPicture);
        }
        if wish != self.wish.get() {
            return Ok(None);
        }
        if opened.is_err() {
            self.want(None);
        }
        opened.map(Some)
    }

    /// The stream that was opened is sent from now on.
    pub(super) fn send(&self, video: Rc<LocalVideo>, usage: VideoUse, observation: Observation) {
        self.sent.replace(Some(Sent {
            video,
            _usage: usage,
            _observation: observation,
        }));
    }

    /// Nothing shall be sent. The stream that was, which goes off with its last use.
    pub(super) fn stop(&self) -> Option<Rc<LocalVideo>> {
        self.want(None);
        self.sent.take().map(|sent| sent.video)
    }

    fn want(&self, video: Option<Rc<LocalVideo>>) -> u32 {
        self.wanted.replace(video);
        let wish = self.wish.get().wrapping_add(1);
        self.wish.set(wish);
        wish
    }
}
