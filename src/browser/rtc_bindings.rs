//! What web-sys does not have yet of WebRTC, media elements and permissions, bound by hand.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlMediaElement, MediaStreamTrack, RtcPeerConnection, RtcRtpSender};

#[wasm_bindgen]
extern "C" {
    /// `RTCPeerConnection` with the parts that perfect negotiation needs.
    #[wasm_bindgen(extends = RtcPeerConnection)]
    #[derive(Debug, Clone)]
    pub(crate) type NegotiatingConnection;

    /// Makes and applies the offer or the answer that the signalling state asks for.
    #[wasm_bindgen(method, js_name = setLocalDescription)]
    pub(crate) fn set_implicit_local_description(this: &NegotiatingConnection) -> Promise;

    /// Marks ICE for a restart in the next offer and asks for one.
    #[wasm_bindgen(method, js_name = restartIce)]
    pub(crate) fn restart_ice(this: &NegotiatingConnection);

    /// `addIceCandidate` with its promise and without the deprecated callbacks.
    #[wasm_bindgen(method, js_name = addIceCandidate)]
    pub(crate) fn add_candidate(this: &NegotiatingConnection, candidate: &JsValue) -> Promise;

    /// `RTCRtpSender` whose track may be taken away.
    #[wasm_bindgen(extends = RtcRtpSender)]
    pub(crate) type TrackSender;

    /// Sends `track`, or nothing, from now on; no negotiation follows.
    #[wasm_bindgen(method, js_name = replaceTrack)]
    pub(crate) fn replace_track_with(this: &TrackSender, track: Option<&MediaStreamTrack>) -> Promise;

    /// `HTMLMediaElement` with a choice of the loudspeaker.
    #[wasm_bindgen(extends = HtmlMediaElement)]
    pub(crate) type SinkElement;

    /// Plays on the loudspeaker of that device id.
    #[wasm_bindgen(method, catch, js_name = setSinkId)]
    pub(crate) fn set_sink_id(this: &SinkElement, device_id: &str) -> Result<Promise, JsValue>;

    /// `MediaDevices` with the browser's own list of loudspeakers.
    pub(crate) type SpeakerChoice;

    /// Throws where there is no such list; rejects without a click before it.
    #[wasm_bindgen(method, catch, js_name = selectAudioOutput)]
    pub(crate) fn select_audio_output(this: &SpeakerChoice, wanted: &JsValue) -> Result<Promise, JsValue>;

    /// `Permissions`, whose names differ from browser to browser.
    pub(crate) type Permissions;

    /// Rejects, or throws, for a name that the browser does not know.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn query(this: &Permissions, descriptor: &JsValue) -> Result<Promise, JsValue>;
}
