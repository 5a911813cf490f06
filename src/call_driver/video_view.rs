//! One stream shown in one element: follows the stream's media until it is dropped.

use std::{cell::RefCell, rc::Rc, time::Duration};

use futures_util::future::{Either, select};
use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::{
    local_video::{LocalVideo, Observation, VideoUse},
    remote_video::{RemoteObservation, RemoteVideo},
    stream_registry::AnyStream,
};
use crate::{
    browser::{listener::Listener, media_devices::OpenFailure, media_element::VideoElement, timer::sleep},
    js::events,
};

/// How long a view waits for its first frame.
const FIRST_FRAME_TIMEOUT: Duration = Duration::from_secs(20);

/// Why a view could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ViewFailure {
    /// The other side's camera is off.
    NotAvailable,
    /// The own camera could not be opened.
    Camera(OpenFailure),
    /// No frame came in time.
    NoFrame,
    /// There is no document.
    NoDocument,
}

/// A stream in an element.
pub(crate) struct VideoView {
    element: Rc<VideoElement>,
    _source: Source,
}

enum Source {
    Local {
        _usage: VideoUse,
        _observation: Observation,
    },
    Remote {
        _observation: RemoteObservation,
    },
}

impl VideoView {
    /// Shows the stream and waits for its first frame.
    ///
    /// # Errors
    /// See [`ViewFailure`].
    pub(crate) async fn open(stream: &AnyStream) -> Result<Self, ViewFailure> {
        let element = Rc::new(VideoElement::new().ok_or(ViewFailure::NoDocument)?);
        let source = match stream {
            AnyStream::Local(video) => show_local(video, &element).await?,
            AnyStream::Remote(video) => show_remote(video, &element)?,
        };
        let view = Self {
            element,
            _source: source,
        };
        view.first_frame().await?;
        if let AnyStream::Remote(video) = stream {
            view.tell_size(video);
        }
        Ok(view)
    }

    /// The stream's size is known from its first frame on; the next look at the connection may be half a second away.
    fn tell_size(&self, video: &Rc<RemoteVideo>) {
        let (video, size) = (Rc::clone(video), self.element.size());
        events::defer(move || video.set_size(size));
        events::flush();
    }

    /// The element.
    pub(crate) const fn element(&self) -> &Rc<VideoElement> {
        &self.element
    }

    async fn first_frame(&self) -> Result<(), ViewFailure> {
        if self.element.has_frame() {
            return Ok(());
        }
        let resolve: Rc<RefCell<Option<Function>>> = Rc::default();
        let resolved = Rc::clone(&resolve);
        let frame = Promise::new(&mut |done, _| {
            resolved.replace(Some(done.unchecked_into::<Function>()));
        });
        let listeners: Vec<Listener> = ["loadeddata", "resize", "playing"]
            .into_iter()
            .map(|event| {
                let (resolve, element) = (Rc::clone(&resolve), Rc::downgrade(&self.element));
                Listener::new(self.element.video(), event, move |_| {
                    let has_frame = element.upgrade().is_some_and(|element| element.has_frame());
                    if has_frame && let Some(done) = resolve.take() {
                        // Resolving cannot throw.
                        drop(done.call0(&JsValue::UNDEFINED));
                    }
                })
            })
            .collect();
        let waiting = select(JsFuture::from(frame), Box::pin(sleep(FIRST_FRAME_TIMEOUT))).await;
        drop(listeners);
        match waiting {
            Either::Left(_) => Ok(()),
            Either::Right(_) => Err(ViewFailure::NoFrame),
        }
    }
}

async fn show_local(video: &Rc<LocalVideo>, element: &Rc<VideoElement>) -> Result<Source, ViewFailure> {
    let (usage, stream) = video.acquire().await.map_err(ViewFailure::Camera)?;
    element.show(Some(&stream));
    let shown = Rc::downgrade(element);
    let observation = video.observe(move |stream| {
        if let Some(element) = shown.upgrade() {
            element.show(stream.as_ref());
        }
    });
    Ok(Source::Local {
        _usage: usage,
        _observation: observation,
    })
}

fn show_remote(video: &Rc<RemoteVideo>, element: &Rc<VideoElement>) -> Result<Source, ViewFailure> {
    if !video.available() {
        return Err(ViewFailure::NotAvailable);
    }
    element.show(video.media().as_ref());
    let (shown, of) = (Rc::downgrade(element), Rc::downgrade(video));
    let observation = video.observe(move || {
        if let (Some(element), Some(video)) = (shown.upgrade(), of.upgrade()) {
            element.show(video.media().as_ref());
        }
    });
    Ok(Source::Remote {
        _observation: observation,
    })
}
