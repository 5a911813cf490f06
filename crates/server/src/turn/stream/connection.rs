//! A connection: messages of its client one way, what peers sent the other.

use std::{io, net::SocketAddr, ops::Range, pin::Pin, sync::Arc, time::Duration};

use openline_turn::{Action, AllocateRequest, Client, Now, frame_length};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    time::{Instant, Sleep, sleep_until},
};

use super::{
    super::{
        Shared,
        batch::SLOT_BYTES,
        metrics::{Relayed, allocations, refused},
    },
    addresses::AddressPlace,
    outbox::Outbox,
    relayed::RelayedSocket,
};

/// The longest message that is read: the longest datagram, with what may be around it.
const MAX_FRAME_BYTES: usize = SLOT_BYTES + 256;

/// What is read at once.
const READ_BYTES: usize = 16 * 1024;

/// What waits to be sent before no more is taken from peers and client.
const MAX_WAITING_BYTES: usize = 64 * 1024;

/// How often the allocation is looked at.
const LOOK: Duration = Duration::from_secs(5);

/// What a connection is made from.
pub(super) struct ConnectionParts {
    pub(super) shared: Arc<Shared>,
    pub(super) address: SocketAddr,
    pub(super) transport: &'static str,
    /// Kept until it has an allocation.
    pub(super) place: AddressPlace,
    /// How long it may be without one.
    pub(super) unallocated: Duration,
}

/// A connection of a client.
pub(super) struct Connection {
    shared: Arc<Shared>,
    client: Client,
    address: SocketAddr,
    relay: Option<RelayedSocket>,
    inbox: Vec<u8>,
    outbox: Outbox,
    relayed: Relayed,
    place: Option<AddressPlace>,
    unallocated: Duration,
    /// When it ends, unless it gets an allocation.
    unused_until: Instant,
    looked_at: Instant,
}

/// The connection is at its end.
struct Ended;

impl From<io::Error> for Ended {
    fn from(_: io::Error) -> Self {
        Self
    }
}

/// Parts of what was read that go to peers.
type ToPeers = Vec<(SocketAddr, Range<usize>)>;

impl Connection {
    pub(super) fn new(parts: ConnectionParts) -> Self {
        let now = Instant::now();
        Self {
            shared: parts.shared,
            client: Client::new(parts.address, true),
            address: parts.address,
            relay: None,
            inbox: Vec::new(),
            outbox: Outbox::default(),
            relayed: Relayed::new(parts.transport),
            place: Some(parts.place),
            unallocated: parts.unallocated,
            unused_until: now + parts.unallocated,
            looked_at: now,
        }
    }

    /// Serves it to its end.
    pub(super) async fn serve(mut self, reader: impl AsyncRead + Unpin, writer: impl AsyncWrite + Unpin) {
        let (mut reader, mut writer) = (reader, writer);
        // One timer, which is set when it was: what is due moves with every packet.
        let mut timer = Box::pin(sleep_until(self.due()));
        while self.step(&mut reader, &mut writer, timer.as_mut()).await.is_ok() {}
    }

    async fn step(
        &mut self,
        reader: &mut (impl AsyncRead + Unpin),
        writer: &mut (impl AsyncWrite + Unpin),
        mut timer: Pin<&mut Sleep>,
    ) -> Result<(), Ended> {
        self.outbox.turn();
        let due = self.due();
        if due < timer.deadline() {
            timer.as_mut().reset(due);
        }
        let accepts = self.outbox.waiting() < MAX_WAITING_BYTES;
        let (writes, flushes) = (self.outbox.writes(), self.outbox.flushes());
        if self.inbox.capacity() - self.inbox.len() < READ_BYTES / 4 {
            self.inbox.reserve(READ_BYTES);
        }
        let Self {
            client,
            relay,
            shared,
            inbox,
            outbox,
            relayed,
            ..
        } = self;
        let (rest, next) = outbox.split();
        let from_peers = async {
            match relay {
                Some(relay) => relay.receive(client, shared, next).await,
                None => std::future::pending().await,
            }
        };
        let to_client = async {
            if writes {
                return writer.write(rest).await.map(Some);
            }
            writer.flush().await.map(|()| None)
        };
        tokio::select! {
            read = reader.read_buf(inbox), if accepts => match read? {
                0 => return Err(Ended),
                _ => self.take_messages()?,
            },
            sent = to_client, if writes || flushes => match sent? {
                Some(bytes) => outbox.written(bytes),
                None => outbox.flushed(),
            },
            received = from_peers, if accepts => {
                let (packets, bytes) = received?;
                relayed.to_clients.sent(packets, bytes);
            }
            () = timer.as_mut() => {
                if due <= Instant::now() {
                    self.look()?;
                }
                timer.reset(self.due());
            }
        }
        Ok(())
    }

    /// When [`Self::look`] is due: with nothing read yet, when the connection ends.
    pub(super) fn due(&self) -> Instant {
        let used = match &self.relay {
            Some(_) => self.looked_at + LOOK,
            None => self.unused_until,
        };
        self.outbox
            .stalled_at()
            .map_or(used, |stalled_at| stalled_at.min(used))
    }

    /// Whether there is still reason to go on.
    fn look(&mut self) -> Result<(), Ended> {
        let now = Instant::now();
        self.looked_at = now;
        if self
            .outbox
            .stalled_at()
            .is_some_and(|stalled_at| stalled_at <= now)
        {
            return Err(Ended);
        }
        if self.relay.is_some() && !self.client.is_allocated(self.shared.clock.monotonic()) {
            self.release();
        }
        if self.relay.is_none() && self.unused_until <= now {
            return Err(Ended);
        }
        Ok(())
    }

    /// Does what the whole messages in the inbox ask for.
    fn take_messages(&mut self) -> Result<(), Ended> {
        let inbox = std::mem::take(&mut self.inbox);
        let now = self.shared.now();
        let mut begin = 0;
        let mut to_peers = ToPeers::new();
        while let Some(length) =
            frame_length(inbox.get(begin..).unwrap_or_default()).map_err(|_error| Ended)?
        {
            if length > MAX_FRAME_BYTES {
                return Err(Ended);
            }
            let Some(message) = inbox.get(begin..begin + length) else {
                break;
            };
            match self.client.handle_message(&self.shared.relay, message, now) {
                Action::Send(peer, range) => to_peers.push((peer, begin + range.start..begin + range.end)),
                action @ (Action::Ignore
                | Action::OverRate
                | Action::Answer(_)
                | Action::Refuse(..)
                | Action::Allocate(_)
                | Action::Release(_)) => {
                    // In the order in which they came: the socket may be another after it.
                    self.send(&inbox, &mut to_peers);
                    self.carry_out(action, now);
                }
            }
            begin += length;
        }
        self.send(&inbox, &mut to_peers);
        self.inbox = inbox;
        self.inbox.drain(..begin);
        Ok(())
    }

    fn send(&self, inbox: &[u8], to_peers: &mut ToPeers) {
        if let Some(relay) = self.relay.as_ref().filter(|_| !to_peers.is_empty()) {
            let bytes = to_peers.iter().map(|(_, range)| range.len()).sum();
            let lost = relay.send(inbox, to_peers);
            self.relayed.to_peers.sent(to_peers.len() - lost, bytes);
            self.relayed.to_peers.dropped(lost);
        }
        to_peers.clear();
    }

    fn carry_out(&mut self, action: Action, now: Now) {
        match action {
            Action::Ignore | Action::Send(..) => {}
            Action::OverRate => self.relayed.over_rate(),
            Action::Answer(answer) => self.outbox.push(&answer),
            Action::Refuse(code, answer) => {
                refused(code);
                self.outbox.push(&answer);
            }
            Action::Release(answer) => {
                self.release();
                self.outbox.push(&answer);
            }
            Action::Allocate(request) => self.allocate(request, now),
        }
    }

    fn allocate(&mut self, request: AllocateRequest, now: Now) {
        let answer = match RelayedSocket::bind(&self.shared, &request) {
            Ok((socket, public)) => {
                self.relay = Some(socket);
                self.place = None;
                self.client
                    .allocated(&self.shared.relay, request, public, now.instant)
            }
            Err(error) => {
                tracing::warn!(%error, "no socket for a TURN allocation");
                refused(508);
                self.client.not_allocated(&request)
            }
        };
        self.outbox.push(&answer);
        allocations(self.shared.relay.allocations());
    }

    fn release(&mut self) {
        self.relay = None;
        self.client = Client::new(self.address, true);
        self.unused_until = Instant::now() + self.unallocated;
        allocations(self.shared.relay.allocations());
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.release();
    }
}
