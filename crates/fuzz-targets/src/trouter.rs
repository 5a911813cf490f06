//! The protocol of the published chat client: framing of socket.io 0.9, what its frames do, and events for it.

use std::time::Duration;

use openline_protocol::{Instant, RawId, realtime::ChatEvent};
use openline_trouter::{
    ConnectionNumber, Endpoint, EndpointConfig, EndpointOutput, Frame, Ledger, events, payload,
};

use crate::lines;

/// What the client sends, a frame a line, ten seconds each; `c` connects anew.
pub fn trouter_frames(data: &[u8]) {
    let mut now = Instant::from_millis(0);
    let token = Duration::from_secs(3600);
    let mut endpoint = Endpoint::new(EndpointConfig::default(), Ledger::default());
    let mut number = 0;
    endpoint.attach(ConnectionNumber(number), token, now);
    for (position, line) in lines(data).enumerate() {
        now = now + Duration::from_secs(10);
        if let Ok(frame) = Frame::parse(line) {
            assert_eq!(frame.to_string(), line);
        }
        if line == "c" {
            number += 1;
            endpoint.attach(ConnectionNumber(number), token, now);
        }
        let _full = endpoint.offer(Some(position as u64 + 1), "{}".to_owned(), now);
        endpoint.frame_received(ConnectionNumber(number), line, now);
        if endpoint.poll_timeout().is_some_and(|due| due <= now) {
            endpoint.handle_timeout(now);
        }
        while let Some(output) = endpoint.poll_output() {
            if let EndpointOutput::Send { frame, .. } = output {
                Frame::parse(&frame).expect("what is sent can be read");
            }
        }
    }
}

/// A body of long polling.
pub fn trouter_payload(data: &[u8]) {
    let Ok(body) = std::str::from_utf8(data) else {
        return;
    };
    let Ok(frames) = payload::decode(body) else { return };
    assert!(frames.len() <= payload::MAX_FRAMES);
    for frame in &frames {
        drop(Frame::parse(frame));
    }
    // A single one stands alone, and a body that begins like several cannot be one.
    let written = payload::encode(&frames);
    if frames.len() > 1 {
        assert_eq!(written, body);
    }
}

/// A chat event as JSON.
pub fn trouter_events(data: &[u8]) {
    let Ok(event) = serde_json::from_slice::<ChatEvent>(data) else {
        return;
    };
    let Some(json) = events::payload(&event, &RawId::new("8:acs:r_u")) else {
        return;
    };
    let payload: serde_json::Value = serde_json::from_str(&json).expect("a payload is JSON");
    assert!(payload["eventId"].is_u64());
}
