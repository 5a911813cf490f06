//! Finds the stream behind a JavaScript object. Objects come back as arguments, inside options and arrays, and
//! through proxies, where wasm-bindgen's own conversion would take them from the page; each carries a number
//! instead.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use wasm_bindgen::JsValue;

use super::{local_video::LocalVideo, remote_video::RemoteVideo};
use crate::js::object::get;

/// The getter of every stream class that gives its number.
pub(crate) const KEY_FIELD: &str = "_streamKey";

/// A stream that can be shown.
pub(crate) enum AnyStream {
    /// From here.
    Local(Rc<LocalVideo>),
    /// From the other side.
    Remote(Rc<RemoteVideo>),
}

enum Known {
    Local(Weak<LocalVideo>),
    Remote(Weak<RemoteVideo>),
}

thread_local! {
    static STREAMS: RefCell<Vec<(u32, Known)>> = const { RefCell::new(Vec::new()) };
    static NEXT_KEY: Cell<u32> = const { Cell::new(1) };
}

/// A number that no stream had before.
pub(crate) fn next_key() -> u32 {
    NEXT_KEY.with(|next| next.replace(next.get().wrapping_add(1)))
}

/// Makes a local stream findable.
pub(crate) fn register_local(key: u32, video: &Rc<LocalVideo>) {
    register(key, Known::Local(Rc::downgrade(video)));
}

/// Makes a remote stream findable.
pub(crate) fn register_remote(key: u32, video: &Rc<RemoteVideo>) {
    register(key, Known::Remote(Rc::downgrade(video)));
}

/// Takes a stream off the list.
pub(crate) fn forget(key: u32) {
    STREAMS.with_borrow_mut(|streams| streams.retain(|(known, _)| *known != key));
}

/// The stream that `object` stands for, if it is one of ours.
pub(crate) fn find(object: &JsValue) -> Option<AnyStream> {
    // Keys are small whole numbers; anything else finds nothing.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "saturates, and then finds nothing"
    )]
    let key = get(object, KEY_FIELD)?.as_f64()? as u32;
    STREAMS.with_borrow(
        |streams| match &streams.iter().find(|(known, _)| *known == key)?.1 {
            Known::Local(video) => video.upgrade().map(AnyStream::Local),
            Known::Remote(video) => video.upgrade().map(AnyStream::Remote),
        },
    )
}

/// The local stream that `object` stands for; it remembers the object.
pub(crate) fn find_local(object: &JsValue) -> Option<Rc<LocalVideo>> {
    match find(object)? {
        AnyStream::Local(video) => {
            video.remember_object(object);
            Some(video)
        }
        AnyStream::Remote(_) => None,
    }
}

fn register(key: u32, stream: Known) {
    STREAMS.with_borrow_mut(|streams| streams.push((key, stream)));
}
