//! Looks at a running connection twice a second: whether a picture arrives and how large it is, and whether the
//! other side is speaking.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
    time::Duration,
};

use js_sys::{Map, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};

use super::{participant::Participant, remote_video::RemoteVideo};
use crate::{
    browser::{peer_connection::PeerConnection, timer::Timer},
    js::{events, promise::spawn},
};

const INTERVAL: Duration = Duration::from_millis(500);

/// Louder than this is speech: above the noise of a quiet room, below a soft voice.
const SPEECH_LEVEL: f64 = 0.02;

/// Looks for this many times without hearing anything before somebody has stopped speaking.
const SILENCE_LOOKS: u32 = 2;

/// Looks for this many times without a new frame before the picture counts as stopped.
const FREEZE_LOOKS: u32 = 3;

/// A running monitor; dropping it stops it.
pub(crate) struct MediaMonitor {
    _looking: Rc<Looking>,
}

struct Looking {
    peer: Rc<PeerConnection>,
    participant: Rc<Participant>,
    pictures: [Picture; 2],
    silent_for: Cell<u32>,
    timer: RefCell<Option<Timer>>,
}

#[derive(Default)]
struct Picture {
    frames: Cell<f64>,
    frozen_for: Cell<u32>,
}

#[derive(Default)]
struct InboundVideo {
    frames: f64,
    width: u32,
    height: u32,
}

impl MediaMonitor {
    /// Starts to look.
    pub(crate) fn start(peer: Rc<PeerConnection>, participant: Rc<Participant>) -> Self {
        let looking = Rc::new(Looking {
            peer,
            participant,
            pictures: Default::default(),
            silent_for: Cell::new(0),
            timer: RefCell::default(),
        });
        looking.look_later();
        Self { _looking: looking }
    }
}

impl Looking {
    fn look_later(self: &Rc<Self>) {
        let weak = Rc::downgrade(self);
        self.timer
            .replace(Some(Timer::after(INTERVAL, move || spawn(Self::look(weak)))));
    }

    async fn look(weak: Weak<Self>) {
        let Some(peer) = weak.upgrade().map(|looking| Rc::clone(&looking.peer)) else {
            return;
        };
        let stats = peer.stats().await;
        // The call may have ended while the browser counted.
        let Some(looking) = weak.upgrade() else { return };
        if let Ok(report) = stats {
            for (picture, video) in looking.pictures.iter().zip(looking.participant.videos()) {
                if let Some(track_id) = video.track_id() {
                    picture.look(video, &inbound_video(&report, &track_id));
                }
            }
        }
        looking.on_sound(peer.remote_audio_level().unwrap_or(0.0));
        looking.look_later();
        events::flush();
    }

    fn on_sound(&self, level: f64) {
        let heard = level > SPEECH_LEVEL && !self.participant.muted();
        self.silent_for.set(if heard {
            0
        } else {
            self.silent_for.get().saturating_add(1)
        });
        if heard || self.silent_for.get() >= SILENCE_LOOKS {
            self.participant.set_speaking(heard);
        }
    }
}

impl Picture {
    fn look(&self, video: &RemoteVideo, inbound: &InboundVideo) {
        if inbound.width > 0 {
            video.set_size((inbound.width, inbound.height));
        }
        let advanced = inbound.frames > self.frames.replace(inbound.frames);
        self.frozen_for.set(if advanced {
            0
        } else {
            self.frozen_for.get().saturating_add(1)
        });
        if advanced || self.frozen_for.get() >= FREEZE_LOOKS {
            video.set_receiving(advanced && video.available());
        }
    }
}

fn inbound_video(report: &web_sys::RtcStatsReport, track_id: &str) -> InboundVideo {
    let mut found = InboundVideo::default();
    // A report is a map from ids to entries.
    report
        .unchecked_ref::<Map>()
        .for_each(&mut |entry: JsValue, _id: JsValue| {
            let field = |name: &str| Reflect::get(&entry, &name.into()).unwrap_or_default();
            let is = |name: &str, value: &str| field(name).as_string().is_some_and(|text| text == value);
            if is("type", "inbound-rtp") && is("trackIdentifier", track_id) {
                let number = |name: &str| field(name).as_f64().unwrap_or(0.0);
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "pixels, and `as` saturates"
                )]
                let pixels = |name: &str| number(name) as u32;
                found.frames += number("framesDecoded");
                if pixels("frameWidth") > 0 {
                    (found.width, found.height) = (pixels("frameWidth"), pixels("frameHeight"));
                }
            }
        });
    found
}
