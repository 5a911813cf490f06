//! The files that `browser.js` imports: they are there for the browser because they are named here. Tests take what
//! they need from `browser.js` alone.

use wasm_bindgen::prelude::wasm_bindgen;

macro_rules! bring {
    ($($name:ident: $file:tt,)*) => {
        $(
            #[wasm_bindgen(module = $file)]
            extern "C" {
                // Never called, so not imported a second time.
                fn $name();
            }
        )*
    };
}

bring! {
    local_data: "/pkg/local_data.js",
    senders: "/pkg/senders.js",
    preheat: "/pkg/preheat.js",
    media_quality_of_calls: "/pkg/media_quality.js",
    dtmf: "/pkg/dtmf.js",
    lost_media: "/pkg/lost_media.js",
    features: "/pkg/features.js",
    members: "/pkg/members.js",
    screen_share: "/pkg/screen_share.js",
    local_audio: "/pkg/local_audio.js",
    audio_streams_of_calls: "/pkg/audio_streams.js",
    volume: "/pkg/volume.js",
    provide_local_data: "/tests/web/provide_local_data.js",
    stub: "/tests/web/stub.js",
    call_server: "/tests/web/call_server.js",
    calling: "/tests/web/calling.js",
    machine: "/tests/web/machine.js",
    devices: "/tests/web/devices.js",
    device_wishes: "/tests/web/device_wishes.js",
    media_quality: "/tests/web/media_quality.js",
    screen: "/tests/web/screen.js",
    audio_streams: "/tests/web/audio_streams.js",
}
