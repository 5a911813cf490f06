//! `VideoStreamRenderer` and its views: a stream as an element for the page.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

use super::{
    error::services_error,
    media_error::camera_error,
    object::{Plain, get, get_string},
    promise::promise,
};
use crate::{
    browser::media_element::VideoElement,
    call_driver::{
        remote_video::RemoteVideo,
        stream_registry::{self, AnyStream},
        video_view::{VideoView, ViewFailure},
    },
};

/// Views that one renderer has at once at most.
const MAX_VIEWS: usize = 16;

/// Shows a `LocalVideoStream` or `RemoteVideoStream`.
#[wasm_bindgen(skip_typescript)]
pub struct VideoStreamRenderer {
    inner: Rc<Renderer>,
}

/// A view of a stream: `target` is the element for the page.
#[wasm_bindgen(skip_typescript)]
pub struct VideoStreamRendererView {
    inner: Rc<View>,
}

struct Renderer {
    stream: AnyStream,
    disposed: Cell<bool>,
    pending: Cell<usize>,
    views: RefCell<Vec<Weak<View>>>,
}

thread_local! {
    // A page may keep nothing but `target`: an open view lives until it is disposed, or its stream is over.
    static OPEN: RefCell<Vec<Rc<View>>> = const { RefCell::new(Vec::new()) };
}

struct View {
    of_remote: Option<Weak<RemoteVideo>>,
    // Outlives the view itself, so that `target` stays the same element afterwards.
    element: Rc<VideoElement>,
    view: RefCell<Option<VideoView>>,
    scaling_mode: Cell<ScalingMode>,
    mirrored: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ScalingMode {
    Stretch,
    Crop,
    Fit,
}

#[wasm_bindgen]
impl VideoStreamRenderer {
    /// A renderer of that stream.
    ///
    /// # Errors
    /// An argument is of the wrong kind.
    #[wasm_bindgen(constructor)]
    pub fn new(video_stream: &JsValue) -> Result<VideoStreamRenderer, JsValue> {
        let stream = stream_registry::find(video_stream).ok_or_else(|| {
            services_error(
                "A VideoStreamRenderer needs a LocalVideoStream or a RemoteVideoStream.",
                400,
                43200,
            )
        })?;
        if let AnyStream::Local(video) = &stream {
            video.remember_object(video_stream);
        }
        let inner = Renderer {
            stream,
            disposed: Cell::new(false),
            pending: Cell::new(0),
            views: RefCell::default(),
        };
        Ok(Self {
            inner: Rc::new(inner),
        })
    }

    /// The size of the picture in pixels.
    #[wasm_bindgen(getter)]
    pub fn size(&self) -> JsValue {
        let (width, height) = match &self.inner.stream {
            AnyStream::Remote(video) => video.size(),
            AnyStream::Local(_) => self
                .inner
                .live_views()
                .first()
                .map_or((0, 0), |view| view.element.size()),
        };
        Plain::new().with("width", width).with("height", height).build()
    }

    /// Shows the stream in an element.
    #[wasm_bindgen(js_name = createView)]
    pub fn create_view(&self, options: &JsValue) -> Promise {
        let renderer = Rc::clone(&self.inner);
        let scaling_mode = get_string(options, "scalingMode");
        let mirrored = get(options, "isMirrored").is_some_and(|mirrored| mirrored.is_truthy());
        promise(async move {
            let scaling_mode = scaling_mode.map_or(Ok(ScalingMode::Crop), |mode| ScalingMode::read(&mode))?;
            renderer.create_view(scaling_mode, mirrored).await
        })
    }

    /// Ends all views, or this one.
    ///
    /// # Errors
    /// It was disposed before.
    pub fn dispose(&self) -> Result<(), JsValue> {
        if self.inner.disposed.replace(true) {
            return Err(services_error("This renderer was disposed before.", 400, 43210));
        }
        for view in self.inner.live_views() {
            view.close();
        }
        Ok(())
    }
}

impl Renderer {
    async fn create_view(
        self: Rc<Self>,
        mode: ScalingMode,
        mirrored: bool,
    ) -> Result<VideoStreamRendererView, JsValue> {
        if self.disposed.get() {
            return Err(disposed());
        }
        if self.live_views().len() + self.pending.get() >= MAX_VIEWS {
            return Err(services_error(
                "This renderer has too many views. Dispose one first.",
                400,
                43220,
            ));
        }
        self.pending.set(self.pending.get() + 1);
        let opened = VideoView::open(&self.stream).await;
        self.pending.set(self.pending.get() - 1);
        let view = opened.map_err(view_error)?;
        if self.disposed.get() {
            return Err(disposed());
        }
        view.element().set_fit(mode.object_fit());
        view.element().set_mirrored(mirrored);
        let of_remote = match &self.stream {
            AnyStream::Remote(video) => Some(Rc::downgrade(video)),
            AnyStream::Local(_) => None,
        };
        let view = Rc::new(View {
            of_remote,
            element: Rc::clone(view.element()),
            view: RefCell::new(Some(view)),
            scaling_mode: Cell::new(mode),
            mirrored,
        });
        close_ended();
        OPEN.with_borrow_mut(|open| open.push(Rc::clone(&view)));
        self.views.borrow_mut().push(Rc::downgrade(&view));
        Ok(VideoStreamRendererView { inner: view })
    }

    fn live_views(&self) -> Vec<Rc<View>> {
        let mut views = self.views.borrow_mut();
        views.retain(|view| view.upgrade().is_some_and(|view| view.view.borrow().is_some()));
        views.iter().filter_map(Weak::upgrade).collect()
    }
}

#[wasm_bindgen]
impl VideoStreamRendererView {
    /// The element for the page.
    #[wasm_bindgen(getter)]
    pub fn target(&self) -> HtmlElement {
        self.inner.element.target().clone()
    }

    /// How the picture fills the element.
    #[wasm_bindgen(getter, js_name = scalingMode)]
    pub fn scaling_mode(&self) -> String {
        self.inner.scaling_mode.get().name().to_owned()
    }

    /// Whether the picture is flipped.
    #[wasm_bindgen(getter, js_name = isMirrored)]
    pub fn is_mirrored(&self) -> bool {
        self.inner.mirrored
    }

    /// Changes how the picture fills the element.
    #[wasm_bindgen(js_name = updateScalingMode)]
    pub fn update_scaling_mode(&self, scaling_mode: &str) -> Promise {
        match ScalingMode::read(scaling_mode) {
            Ok(mode) => {
                self.inner.scaling_mode.set(mode);
                self.inner.element.set_fit(mode.object_fit());
                Promise::resolve(&JsValue::UNDEFINED)
            }
            Err(error) => Promise::reject(&error),
        }
    }

    /// Ends all views, or this one.
    pub fn dispose(&self) {
        self.inner.close();
    }
}

/// Closes the views whose stream is over. Called at the end of a call.
pub(crate) fn close_ended() {
    let ended: Vec<Rc<View>> =
        OPEN.with_borrow(|open| open.iter().filter(|view| view.stream_ended()).cloned().collect());
    for view in ended {
        view.close();
    }
}

impl View {
    fn stream_ended(&self) -> bool {
        self.of_remote
            .as_ref()
            .is_some_and(|video| video.upgrade().is_none_or(|video| video.ended()))
    }

    fn close(&self) {
        OPEN.with_borrow_mut(|open| open.retain(|view| !std::ptr::eq(&raw const **view, self)));
        drop(self.view.take());
        self.element.show(None);
        self.element.target().remove();
    }
}

impl ScalingMode {
    fn read(name: &str) -> Result<Self, JsValue> {
        match name {
            "Stretch" => Ok(Self::Stretch),
            "Crop" => Ok(Self::Crop),
            "Fit" => Ok(Self::Fit),
            _ => Err(services_error(
                "The scaling mode must be Stretch, Crop or Fit.",
                400,
                43204,
            )),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Stretch => "Stretch",
            Self::Crop => "Crop",
            Self::Fit => "Fit",
        }
    }

    const fn object_fit(self) -> &'static str {
        match self {
            Self::Stretch => "fill",
            Self::Crop => "cover",
            Self::Fit => "contain",
        }
    }
}

fn disposed() -> JsValue {
    services_error("The renderer was disposed before the view was ready.", 405, 43209)
}

fn view_error(failure: ViewFailure) -> JsValue {
    match failure {
        ViewFailure::NotAvailable => services_error(
            "The other side sends no picture. Wait for isAvailable before creating a view.",
            404,
            43202,
        ),
        ViewFailure::Camera(failure) => camera_error("VideoStreamRenderer.createView", failure),
        ViewFailure::NoFrame => services_error("No picture arrived in time. Try again.", 408, 43203),
        ViewFailure::NoDocument => services_error("Views can be made in a page only.", 500, 43204),
    }
}
