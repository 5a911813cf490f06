//! One `RTCPeerConnection` with a microphone and a camera transceiver. Decides nothing about negotiation: it does
//! what the call core asks, one operation at a time, and reports what the browser tells.
//!
//! Both transceivers are made by whoever offers first, and stay `sendrecv`: media starts and stops by putting a
//! track in and out, without another round of negotiation. Those of a screen come after them, see `pkg/screen_share.js`.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use js_sys::{Object, Reflect};
use openline_protocol::realtime::{IceCandidate, IceServer, SessionDescription, SessionDescriptionType};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    MediaStreamTrack, RtcBundlePolicy, RtcConfiguration, RtcIceCandidateInit, RtcIceServer,
    RtcPeerConnection, RtcPeerConnectionIceEvent, RtcPeerConnectionState, RtcRtpTransceiver,
    RtcRtpTransceiverDirection, RtcRtpTransceiverInit, RtcSdpType, RtcSessionDescriptionInit, RtcTrackEvent,
};

use super::{
    listener::Listener,
    media_quality::MediaQuality,
    rtc_bindings::{NegotiatingConnection, TrackSender},
};

/// The two kinds of media of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MediaKind {
    Audio,
    Video,
}

impl MediaKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Audio => "audio",
            Self::Video => "video",
        }
    }
}

/// Where transceivers of screens begin.
const FIRST_OF_SCREEN: i32 = 2;

/// What the browser tells about a peer connection.
#[derive(Debug)]
pub(crate) enum PeerEvent {
    /// An offer is wanted.
    NegotiationNeeded,
    /// A local candidate for the other side; an empty one: no more follow.
    Candidate(IceCandidate),
    /// The path came up, broke, or is gone.
    ConnectionState(RtcPeerConnectionState),
    /// The other side's media of one kind can be played from now on.
    RemoteTrack(RemoteTrack),
}

/// A track of the other side's.
#[derive(Debug)]
pub(crate) struct RemoteTrack {
    pub(crate) kind: MediaKind,
    /// Whether it belongs to a screen.
    pub(crate) screen: bool,
    pub(crate) track: MediaStreamTrack,
}

/// The browser refused an operation. The text is for logs: the browser's message may carry addresses and is left out.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{operation} failed: {reason}")]
pub(crate) struct PeerError {
    operation: &'static str,
    reason: String,
}

impl PeerError {
    fn new(operation: &'static str, error: &JsValue) -> Self {
        let name = super::text_of(error, "name").unwrap_or_default();
        let message = super::text_of(error, "message").unwrap_or_default();
        Self {
            operation,
            reason: format!("{name} {message}"),
        }
    }
}

/// A peer connection. Closing it, or dropping it, ends it and detaches every callback.
pub(crate) struct PeerConnection {
    connection: NegotiatingConnection,
    quality: Rc<MediaQuality>,
    audio: Slot,
    video: Slot,
    closed: Cell<bool>,
    listeners: RefCell<Vec<Listener>>,
}

/// One transceiver, once it exists, and what it shall send.
#[derive(Default)]
struct Slot {
    transceiver: RefCell<Option<RtcRtpTransceiver>>,
    track: RefCell<Option<MediaStreamTrack>>,
}

impl PeerConnection {
    /// Makes a connection. `on_event` is called for as long as it is open, never from within a method of it.
    ///
    /// # Errors
    /// The browser has no WebRTC, or refuses the servers.
    pub(crate) fn new(
        ice_servers: &[IceServer],
        quality: Rc<MediaQuality>,
        on_event: impl Fn(PeerEvent) + 'static,
    ) -> Result<Self, PeerError> {
        let connection = RtcPeerConnection::new_with_configuration(&configuration(ice_servers))
            .map_err(|error| PeerError::new("new RTCPeerConnection", &error))?;
        let connection: NegotiatingConnection = connection.unchecked_into();
        // Before the listeners here: what was agreed is known before the next offer is made.
        quality.tell("connect", &connection);
        let listeners = listen(&connection, Rc::new(on_event));
        Ok(Self {
            connection,
            quality,
            audio: Slot::default(),
            video: Slot::default(),
            closed: Cell::new(false),
            listeners: RefCell::new(listeners),
        })
    }

    /// Makes the two transceivers; for the side that offers first. A second time it does nothing.
    pub(crate) fn add_transceivers(&self) {
        for kind in [MediaKind::Audio, MediaKind::Video] {
            let slot = self.slot(kind);
            if self.closed.get() || slot.transceiver.borrow().is_some() {
                continue;
            }
            let init = RtcRtpTransceiverInit::new();
            init.set_direction(RtcRtpTransceiverDirection::Sendrecv);
            let track = slot.track.borrow().clone();
            let transceiver = match &track {
                Some(track) => self
                    .connection
                    .add_transceiver_with_media_stream_track_and_init(track, &init),
                None => self
                    .connection
                    .add_transceiver_with_str_and_init(kind.name(), &init),
            };
            slot.transceiver.replace(Some(transceiver));
        }
    }

    /// Sends `track` from now on, or nothing. Before there is a transceiver the track waits for it.
    ///
    /// # Errors
    /// The track cannot be sent here, for example after [`close`](Self::close).
    pub(crate) async fn send_track(
        &self,
        kind: MediaKind,
        track: Option<MediaStreamTrack>,
    ) -> Result<(), PeerError> {
        let slot = self.slot(kind);
        slot.track.replace(track);
        self.put_track(slot).await
    }

    /// Makes and applies the description that the signalling state asks for: an offer when stable, else an answer.
    /// Where it has to look for a path, it does with these servers: the credentials of former ones may have expired.
    ///
    /// # Errors
    /// The browser refused, for example because a remote offer was applied in between.
    pub(crate) async fn set_local_description(
        &self,
        ice_servers: &[IceServer],
    ) -> Result<SessionDescription, PeerError> {
        let operation = "setLocalDescription";
        // A browser that does not take them goes on with those it has.
        drop(
            self.connection
                .set_configuration_with_configuration(&configuration(ice_servers)),
        );
        JsFuture::from(self.connection.set_implicit_local_description())
            .await
            .map_err(|error| PeerError::new(operation, &error))?;
        let missing = || PeerError {
            operation,
            reason: "no description was made".to_owned(),
        };
        let description = self.connection.local_description().ok_or_else(missing)?;
        let description_type = match description.type_() {
            RtcSdpType::Offer => SessionDescriptionType::Offer,
            RtcSdpType::Answer => SessionDescriptionType::Answer,
            RtcSdpType::Pranswer | RtcSdpType::Rollback | _ => return Err(missing()),
        };
        Ok(SessionDescription {
            description_type,
            sdp: self.quality.description("outgoing", description.sdp()),
            offer: None,
        })
    }

    /// Applies the other side's description, rolling back an own offer where the browser has to. From an offer it
    /// takes the transceivers, if it has none, and puts the waiting tracks in, so that the answer covers them.
    ///
    /// # Errors
    /// The description is malformed or does not fit the signalling state.
    pub(crate) async fn set_remote_description(
        &self,
        description: &SessionDescription,
    ) -> Result<(), PeerError> {
        let init = RtcSessionDescriptionInit::new(match description.description_type {
            SessionDescriptionType::Offer => RtcSdpType::Offer,
            SessionDescriptionType::Answer => RtcSdpType::Answer,
        });
        let sdp = description.sdp.clone();
        init.set_sdp(&match description.description_type {
            SessionDescriptionType::Offer => self.quality.description("incomingOffer", sdp),
            SessionDescriptionType::Answer => sdp,
        });
        JsFuture::from(self.connection.set_remote_description(&init))
            .await
            .map_err(|error| PeerError::new("setRemoteDescription", &error))?;
        self.adopt_transceivers();
        self.put_track(&self.audio).await?;
        self.put_track(&self.video).await
    }

    /// Adds a remote candidate.
    ///
    /// # Errors
    /// It is malformed, or belongs to no description that was applied.
    pub(crate) async fn add_candidate(&self, candidate: &IceCandidate) -> Result<(), PeerError> {
        let init = RtcIceCandidateInit::new(&candidate.candidate);
        init.set_sdp_mid(candidate.sdp_mid.as_deref());
        init.set_sdp_m_line_index(candidate.sdp_m_line_index);
        if let Some(fragment) = &candidate.username_fragment {
            // The object is fresh and extensible.
            drop(Reflect::set(
                &init,
                &"usernameFragment".into(),
                &fragment.as_str().into(),
            ));
        }
        JsFuture::from(self.connection.add_candidate(&init))
            .await
            .map_err(|error| PeerError::new("addIceCandidate", &error))?;
        Ok(())
    }

    /// Looks for a new path in the next offer and asks for one.
    pub(crate) fn restart_ice(&self) {
        if !self.closed.get() {
            self.connection.restart_ice();
        }
    }

    /// The statistics, as the browser gives them.
    ///
    /// # Errors
    /// The connection is closed.
    pub(crate) async fn stats(&self) -> Result<web_sys::RtcStatsReport, PeerError> {
        let report = JsFuture::from(self.connection.get_stats())
            .await
            .map_err(|error| PeerError::new("getStats", &error))?;
        Ok(report.unchecked_into())
    }

    /// The connection itself, for what only reads.
    pub(crate) fn browser_object(&self) -> RtcPeerConnection {
        self.connection.clone().into()
    }

    /// How loud the other side is, 0 to 1; `None` while nothing is heard.
    pub(crate) fn remote_audio_level(&self) -> Option<f64> {
        let transceiver = self.audio.transceiver.borrow().clone()?;
        let source = transceiver.receiver().get_synchronization_sources().get(0);
        Reflect::get(&source, &"audioLevel".into()).ok()?.as_f64()
    }

    /// Ends the connection. Nothing is reported after it.
    pub(crate) fn close(&self) {
        if !self.closed.replace(true) {
            self.listeners.borrow_mut().clear();
            self.connection.close();
            self.quality.tell("close", &JsValue::UNDEFINED);
            for slot in [&self.audio, &self.video] {
                slot.transceiver.replace(None);
                slot.track.replace(None);
            }
        }
    }

    const fn slot(&self, kind: MediaKind) -> &Slot {
        match kind {
            MediaKind::Audio => &self.audio,
            MediaKind::Video => &self.video,
        }
    }

    fn adopt_transceivers(&self) {
        for transceiver in self.connection.get_transceivers().iter() {
            let transceiver: RtcRtpTransceiver = transceiver.unchecked_into();
            let kind = transceiver.receiver().track().kind();
            let slot = if kind == MediaKind::Audio.name() {
                &self.audio
            } else {
                &self.video
            };
            if slot.transceiver.borrow().is_none() {
                transceiver.set_direction(RtcRtpTransceiverDirection::Sendrecv);
                slot.transceiver.replace(Some(transceiver));
            }
        }
    }

    async fn put_track(&self, slot: &Slot) -> Result<(), PeerError> {
        let Some(transceiver) = slot.transceiver.borrow().clone() else {
            return Ok(());
        };
        let wanted = slot.track.borrow().clone();
        let sender: TrackSender = transceiver.sender().unchecked_into();
        // Never by what is in by now: something else may be on its way.
        let put = (self.quality)
            .ask("put", &js_sys::Array::of2(&sender, &wanted.clone().into()))
            .map_or_else(
                |_| sender.replace_track_with(wanted.as_ref()),
                JsValue::unchecked_into,
            );
        JsFuture::from(put)
            .await
            .map_err(|error| PeerError::new("replaceTrack", &error))?;
        Ok(())
    }
}

impl Drop for PeerConnection {
    fn drop(&mut self) {
        self.close();
    }
}

fn configuration(ice_servers: &[IceServer]) -> RtcConfiguration {
    let servers: js_sys::Array = ice_servers.iter().map(ice_server).collect();
    let configuration = RtcConfiguration::new();
    configuration.set_ice_servers(&servers);
    configuration.set_bundle_policy(RtcBundlePolicy::MaxBundle);
    // Gathers while it rings. The object is fresh and extensible.
    drop(Reflect::set(
        &configuration,
        &"iceCandidatePoolSize".into(),
        &1.into(),
    ));
    configuration
}

fn ice_server(server: &IceServer) -> Object {
    let init = RtcIceServer::new();
    init.set_urls(
        &server
            .urls
            .iter()
            .map(|url| JsValue::from_str(url))
            .collect::<js_sys::Array>(),
    );
    if let Some(username) = &server.username {
        init.set_username(username);
    }
    if let Some(credential) = &server.credential {
        init.set_credential(credential);
    }
    init.unchecked_into()
}

fn listen(connection: &NegotiatingConnection, on_event: Rc<dyn Fn(PeerEvent)>) -> Vec<Listener> {
    let needed = Rc::clone(&on_event);
    let candidate = Rc::clone(&on_event);
    let state = Rc::clone(&on_event);
    let state_of = connection.clone();
    let with_tracks = connection.clone();
    vec![
        Listener::new(connection, "negotiationneeded", move |_| {
            needed(PeerEvent::NegotiationNeeded)
        }),
        Listener::new(connection, "icecandidate", move |event| {
            let event: RtcPeerConnectionIceEvent = event.unchecked_into();
            let found = event.candidate();
            let found = found.map(|found| IceCandidate {
                candidate: found.candidate(),
                sdp_mid: found.sdp_mid(),
                sdp_m_line_index: found.sdp_m_line_index(),
                username_fragment: super::text_of(&found, "usernameFragment"),
            });
            candidate(PeerEvent::Candidate(found.unwrap_or_else(no_more_candidates)));
        }),
        Listener::new(connection, "connectionstatechange", move |_| {
            state(PeerEvent::ConnectionState(state_of.connection_state()));
        }),
        Listener::new(connection, "track", move |event| {
            let event: RtcTrackEvent = event.unchecked_into();
            let track = event.track();
            let kind = if track.kind() == MediaKind::Audio.name() {
                MediaKind::Audio
            } else {
                MediaKind::Video
            };
            let place = with_tracks.get_transceivers().index_of(&event.transceiver(), 0);
            let screen = place >= FIRST_OF_SCREEN;
            on_event(PeerEvent::RemoteTrack(RemoteTrack { kind, screen, track }));
        }),
    ]
}

const fn no_more_candidates() -> IceCandidate {
    IceCandidate {
        candidate: String::new(),
        sdp_mid: None,
        sdp_m_line_index: None,
        username_fragment: None,
    }
}
