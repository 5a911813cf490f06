//! Which microphone and loudspeaker the person chose, in `localStorage`: by the browser's id, and by name, because ids
//! change when the page's data is cleared or the permission is given anew.

use web_sys::{MediaDeviceKind, Storage};

/// What was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChosenDevice {
    pub(crate) id: String,
    pub(crate) label: String,
}

/// The choice of that kind, if there was one and the browser keeps it.
pub(crate) fn read(kind: MediaDeviceKind) -> Option<ChosenDevice> {
    let kept = storage()?.get_item(key(kind)).ok()??;
    let (id, label) = kept.split_once('\n')?;
    Some(ChosenDevice {
        id: id.to_owned(),
        label: label.to_owned(),
    })
}

/// Keeps the choice. Where the browser keeps nothing it lasts as long as the page.
pub(crate) fn write(kind: MediaDeviceKind, chosen: &ChosenDevice) {
    if let Some(storage) = storage() {
        // Full, or refused: see above.
        drop(storage.set_item(key(kind), &[&chosen.id, "\n", &chosen.label].concat()));
    }
}

fn key(kind: MediaDeviceKind) -> &'static str {
    if kind == MediaDeviceKind::Audioinput {
        "openline:microphone"
    } else {
        "openline:speaker"
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}
