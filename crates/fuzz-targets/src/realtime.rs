//! Frames of the realtime socket, in both directions, and the sessions that they drive.

use std::time::Duration;

use openline_protocol::{
    Instant,
    realtime::{CallNotice, ClientFrame, ServerFrame},
};
use openline_server::fuzzing::client_frame;
use openline_session::{
    ClientConfig, ClientOutput, ClientSession, IceGrant, ServerHandshake, ServerOutput, ServerSession,
    ServerSessionConfig,
};

use crate::{assert_written_and_read, lines};

/// What a client sends, a frame a line, a second each.
pub fn realtime_client_frames(data: &[u8]) {
    let mut now = Instant::from_millis(0);
    let token = Duration::from_secs(3600);
    let mut session = ServerSession::new(ServerSessionConfig::default(), "s".into(), "e".into(), now);
    session
        .attach(None, token, IceGrant::default(), now)
        .expect("a new session takes a socket");
    for line in lines(data) {
        now = now + Duration::from_secs(1);
        let Ok(frame) = client_frame(line) else { continue };
        assert_written_and_read(&frame);
        // The first frame of a socket is read elsewhere; a resume may come at any time.
        drop(ServerHandshake::new(now).frame_received(frame.clone()));
        if let ClientFrame::Hello {
            resume: Some(resume), ..
        } = &frame
        {
            let _refused = session.attach(Some(resume), token, IceGrant::default(), now);
        }
        session.frame_received(frame, now);
        session.push_notice(CallNotice::Ringing { call_id: "c".into() });
        while let Some(output) = session.poll_output() {
            if let ServerOutput::Send(frame) = output {
                assert_written_and_read(&frame);
            }
        }
    }
}

/// What a server sends, a frame a line, a second each, to a client that wants everything.
pub fn realtime_server_frames(data: &[u8]) {
    let mut now = Instant::from_millis(0);
    let mut session = ClientSession::new(ClientConfig::default(), 0);
    session.connect(now);
    session.subscribe_chat(None, now);
    session.subscribe_calls(None, now);
    carry_out(&mut session, now);
    for line in lines(data) {
        now = now + Duration::from_secs(1);
        if let Ok(frame) = serde_json::from_str::<ServerFrame>(line) {
            assert_written_and_read(&frame);
            session.frame_received(frame, now);
        } else if let Ok(code) = line.parse() {
            session.socket_closed(Some(code), now);
        }
        carry_out(&mut session, now);
        if session.poll_timeout().is_some_and(|due| due <= now) {
            session.handle_timeout(now);
            carry_out(&mut session, now);
        }
    }
}

/// Tokens and sockets are there at once.
fn carry_out(session: &mut ClientSession, now: Instant) {
    while let Some(output) = session.poll_output() {
        match output {
            ClientOutput::FetchToken { .. } => session.token_ready(Ok("token".to_owned()), now),
            ClientOutput::OpenSocket => session.socket_opened(now),
            ClientOutput::SendFrame(frame) => assert_written_and_read(&frame),
            ClientOutput::CloseSocket { .. } | ClientOutput::Event(_) => {}
        }
    }
}
