//! Both halves over a scripted link: sockets that carry frames one by one, can be cut with frames on their way, and
//! whose end each side notices separately, or never.

#![allow(dead_code, unreachable_pub, reason = "each test file uses its part")]

use std::{collections::VecDeque, time::Duration};

use openline_protocol::{
    CallId, EndpointId, Instant, SessionId,
    realtime::{CallCommand, CallNotice, ClientFrame, CloseCode, ServerFrame},
};
use openline_session::{
    ClientConfig, ClientEvent, ClientOutput, ClientSession, ClientState, IceGrant, ServerHandshake,
    ServerOutput, ServerSession, ServerSessionConfig, SessionEnd,
};

pub enum Up {
    Frame(ClientFrame),
    Close(u16),
}

pub enum Down {
    Frame(ServerFrame),
    Close(u16),
}

/// One socket. Frames written after the cut go nowhere.
#[derive(Default)]
pub struct Socket {
    pub up: VecDeque<Up>,
    pub down: VecDeque<Down>,
    pub cut: bool,
}

pub struct World {
    pub now: Instant,
    pub client: ClientSession,
    pub config: ServerSessionConfig,
    /// What each new socket is granted.
    pub ice: IceGrant,
    pub server: Option<ServerSession>,
    pub sockets: Vec<Socket>,
    /// The socket each side believes in.
    pub client_socket: Option<usize>,
    pub server_socket: Option<usize>,
    pub network_up: bool,
    pub token_lifetime: Duration,
    /// Commands as the server handled them: session number and tag.
    pub handled: Vec<(usize, u64)>,
    /// Notices as the client handled them: session number and tag.
    pub noticed: Vec<(usize, u64)>,
    pub events: Vec<ClientEvent>,
    pub ended: Vec<SessionEnd>,
    pub client_closed_with: Vec<u16>,
    pub forced_tokens: usize,
    pub sessions_started: usize,
    /// Those that came after the next one.
    pub late_hellos: usize,
    pub client_sessions: usize,
    pub accepted: u64,
    /// The first command of the client's present session.
    pub first_of_session: u64,
    pub pushed: u64,
}

impl World {
    pub fn new(seed: u64) -> Self {
        Self {
            now: Instant::from_millis(1_000),
            client: ClientSession::new(ClientConfig::default(), seed),
            config: ServerSessionConfig::default(),
            ice: IceGrant::default(),
            server: None,
            sockets: Vec::new(),
            client_socket: None,
            server_socket: None,
            network_up: true,
            token_lifetime: Duration::from_secs(86_400),
            handled: Vec::new(),
            noticed: Vec::new(),
            events: Vec::new(),
            ended: Vec::new(),
            client_closed_with: Vec::new(),
            forced_tokens: 0,
            sessions_started: 0,
            late_hellos: 0,
            client_sessions: 0,
            accepted: 0,
            first_of_session: 1,
            pushed: 0,
        }
    }

    pub fn connected(seed: u64) -> Self {
        let mut world = Self::new(seed);
        world.connect();
        world.settle();
        assert_eq!(world.client.state(), ClientState::Connected);
        world
    }

    pub fn connect(&mut self) {
        self.client.connect(self.now);
        self.drain_client();
    }

    /// Sends the next command; false when the client does not take it.
    pub fn command(&mut self) -> bool {
        let command = CallCommand::HangUp {
            call_id: tag(self.accepted + 1),
        };
        let taken = self.client.send_command(command, self.now).is_ok();
        self.accepted += u64::from(taken);
        self.drain_client();
        taken
    }

    /// Pushes the next notice into the server's session, if there is one.
    pub fn notice(&mut self) {
        let Some(server) = &mut self.server else { return };
        self.pushed += 1;
        server.push_notice(CallNotice::Ringing {
            call_id: tag(self.pushed),
        });
        self.drain_server();
    }

    /// Carries one frame to the server, if one is on its way.
    pub fn carry_up(&mut self) -> bool {
        self.carry_first_up(|indexes| indexes.min())
    }

    /// The same of the newest socket: what went before it on another path is late.
    pub fn carry_up_newest(&mut self) -> bool {
        self.carry_first_up(|indexes| indexes.max())
    }

    fn carry_first_up(&mut self, choose: fn(&mut dyn Iterator<Item = usize>) -> Option<usize>) -> bool {
        let sockets = self.sockets.iter().enumerate();
        let mut waiting = sockets.filter_map(|(index, socket)| (!socket.up.is_empty()).then_some(index));
        let Some(index) = choose(&mut waiting) else {
            return false;
        };
        let Some(up) = self.sockets[index].up.pop_front() else {
            return false;
        };
        match up {
            Up::Frame(frame) => self.server_frame(index, frame),
            Up::Close(code) if self.server_socket == Some(index) => self.server_notices_end(Some(code)),
            Up::Close(_) => {}
        }
        true
    }

    /// Carries one frame to the client, if one is on its way.
    pub fn carry_down(&mut self) -> bool {
        let Some((index, down)) = take(&mut self.sockets, |socket| socket.down.pop_front()) else {
            return false;
        };
        if self.client_socket != Some(index) {
            return true;
        }
        match down {
            Down::Frame(frame) => self.client.frame_received(frame, self.now),
            Down::Close(code) => {
                self.client_socket = None;
                self.client.socket_closed(Some(code), self.now);
            }
        }
        self.drain_client();
        true
    }

    /// Loses the path: what is on its way is gone. Neither side knows yet.
    pub fn cut(&mut self) {
        for socket in &mut self.sockets {
            socket.cut = true;
            socket.up.clear();
            socket.down.clear();
        }
    }

    pub fn client_notices_cut(&mut self) {
        if let Some(index) = self.client_socket
            && self.sockets[index].cut
        {
            self.client_socket = None;
            self.client.socket_closed(None, self.now);
            self.drain_client();
        }
    }

    pub fn server_notices_cut(&mut self) {
        if self.server_socket.is_some_and(|index| self.sockets[index].cut) {
            self.server_notices_end(None);
        }
    }

    /// Moves to the next timer of either side; false where none is armed.
    pub fn next_timer(&mut self) -> bool {
        let server = self.server.as_ref().and_then(ServerSession::poll_timeout);
        let Some(due) = [self.client.poll_timeout(), server].into_iter().flatten().min() else {
            return false;
        };
        self.advance_to(due.max(self.now));
        true
    }

    pub fn advance(&mut self, duration: Duration) {
        let end = self.now + duration;
        loop {
            let server = self.server.as_ref().and_then(ServerSession::poll_timeout);
            let due = [self.client.poll_timeout(), server].into_iter().flatten().min();
            match due.filter(|due| *due <= end) {
                Some(due) => {
                    self.advance_to(due.max(self.now));
                    self.carry_all();
                }
                None => break,
            }
        }
        self.advance_to(end);
        self.carry_all();
    }

    pub fn carry_all(&mut self) {
        while self.carry_up() || self.carry_down() {}
    }

    /// Lets everything happen that happens within a few seconds on a good network.
    pub fn settle(&mut self) {
        self.carry_all();
        self.advance(Duration::from_secs(3));
    }

    pub fn told(&self, wanted: impl Fn(&ClientEvent) -> bool) -> usize {
        self.events.iter().filter(|event| wanted(event)).count()
    }

    fn advance_to(&mut self, now: Instant) {
        self.now = now;
        self.client.handle_timeout(now);
        self.drain_client();
        if let Some(server) = &mut self.server {
            server.handle_timeout(now);
        }
        self.drain_server();
    }

    fn server_notices_end(&mut self, code: Option<u16>) {
        self.server_socket = None;
        if let Some(server) = &mut self.server {
            server.detach(code, self.now);
        }
        self.drain_server();
    }

    fn server_frame(&mut self, index: usize, frame: ClientFrame) {
        if self.server_socket == Some(index) {
            if let Some(server) = &mut self.server {
                server.frame_received(frame, self.now);
            }
        } else if matches!(frame, ClientFrame::Hello { .. }) {
            self.greet(index, frame);
        }
        self.drain_server();
    }

    fn greet(&mut self, index: usize, frame: ClientFrame) {
        let hello = ServerHandshake::new(self.now)
            .frame_received(frame)
            .expect("a hello");
        let same = hello.resume.filter(|resume| {
            self.server
                .as_ref()
                .is_some_and(|server| *server.session_id() == resume.session_id)
        });
        if same.is_none() && self.server.is_some() && self.client_socket != Some(index) {
            // A session of its own, which nobody uses.
            return;
        }
        if same.is_none() {
            self.sessions_started += 1;
            self.pushed = 0;
            let name = format!("session-{}", self.sessions_started);
            self.server = Some(ServerSession::new(
                self.config.clone(),
                SessionId::new(name),
                EndpointId::new("endpoint"),
                self.now,
            ));
        }
        let server = self.server.as_mut().expect("made above");
        let attached = server.attach(same.as_ref(), self.token_lifetime, self.ice.clone(), self.now);
        let closed = match attached {
            Ok(()) => self.server_socket.replace(index),
            Err(code) => {
                assert_eq!(code, CloseCode::Superseded, "the client acknowledges what it got");
                self.late_hellos += 1;
                Some(index)
            }
        };
        if let Some(closed) = closed {
            self.sockets[closed]
                .down
                .push_back(Down::Close(CloseCode::Superseded.code()));
        }
    }

    pub fn drain_client(&mut self) {
        while let Some(output) = self.client.poll_output() {
            match output {
                ClientOutput::FetchToken { force } => {
                    self.forced_tokens += usize::from(force);
                    self.client.token_ready(Ok("token".to_owned()), self.now);
                }
                ClientOutput::OpenSocket if self.network_up => {
                    self.client_socket = Some(self.sockets.len());
                    self.sockets.push(Socket::default());
                    self.client.socket_opened(self.now);
                }
                ClientOutput::OpenSocket => self.client.socket_closed(None, self.now),
                ClientOutput::SendFrame(frame) => self.write_up(Up::Frame(frame)),
                ClientOutput::CloseSocket { code } => {
                    self.client_closed_with.push(code);
                    self.write_up(Up::Close(code));
                    self.client_socket = None;
                }
                ClientOutput::Event(event) => self.note(event),
            }
        }
    }

    pub fn drain_server(&mut self) {
        while let Some(output) = self.server.as_mut().and_then(ServerSession::poll_output) {
            match output {
                ServerOutput::Send(frame) => self.write_down(Down::Frame(frame)),
                ServerOutput::Close(code) => {
                    self.write_down(Down::Close(code.code()));
                    self.server_socket = None;
                }
                ServerOutput::Command(command) => {
                    self.handled
                        .push((self.sessions_started, untag(command.call_id())));
                }
                ServerOutput::Ended(end) => {
                    self.ended.push(end);
                    self.server = None;
                }
                ServerOutput::CheckToken(_) => {
                    let lifetime = self.token_lifetime;
                    if let Some(server) = &mut self.server {
                        server.token_accepted(lifetime, self.now);
                    }
                }
                ServerOutput::RenewIceServers => {
                    let ice = self.ice.clone();
                    if let Some(server) = &mut self.server {
                        server.ice_servers_granted(ice, self.now);
                    }
                }
                ServerOutput::SubscribeCalls { .. }
                | ServerOutput::SubscribeChat { .. }
                | ServerOutput::Unsubscribe(_)
                | ServerOutput::Detached => {}
            }
        }
    }

    fn note(&mut self, event: ClientEvent) {
        if let ClientEvent::SessionStarted { resumed: false, .. } = &event {
            self.client_sessions += 1;
        } else if let ClientEvent::SessionLost { .. } = &event {
            self.first_of_session = self.accepted + 1;
        } else if let ClientEvent::Notice(notice) = &event {
            self.noticed.push((self.client_sessions, untag(notice.call_id())));
        }
        self.events.push(event);
    }

    fn write_up(&mut self, up: Up) {
        let Some(index) = self.client_socket else { return };
        if !self.sockets[index].cut {
            self.sockets[index].up.push_back(up);
        }
    }

    fn write_down(&mut self, down: Down) {
        let Some(index) = self.server_socket else { return };
        if !self.sockets[index].cut {
            self.sockets[index].down.push_back(down);
        }
    }
}

fn take<T>(sockets: &mut [Socket], mut pop: impl FnMut(&mut Socket) -> Option<T>) -> Option<(usize, T)> {
    sockets
        .iter_mut()
        .enumerate()
        .find_map(|(index, socket)| pop(socket).map(|item| (index, item)))
}

fn tag(number: u64) -> CallId {
    CallId::new(number.to_string())
}

fn untag(call: &CallId) -> u64 {
    call.as_str().parse().expect("a tag")
}
