//! A client of a relay: its line, and what it has allocated.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, bail};
use openline_turn::{
    frame_length,
    testing::{Reading, TestClient},
};
use rustls_pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf, split},
    net::{TcpStream, UdpSocket},
    time::timeout,
};
use tokio_rustls::TlsConnector;

use super::relays::RelayServer;

/// The channel to a client's partner.
pub(super) const CHANNEL: u16 = 0x4000;

/// How long an answer over UDP may take before it is asked for again, and how often that is.
const PATIENCE: Duration = Duration::from_millis(500);
const ATTEMPTS: usize = 20;

/// How a client talks to the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transport {
    Udp,
    Tcp,
    Tls,
}

impl Transport {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Udp => "UDP",
            Self::Tcp => "TCP",
            Self::Tls => "TLS",
        }
    }
}

/// What bytes go through.
pub(super) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// The way to the relay.
pub(super) enum Sender {
    Datagrams(Arc<UdpSocket>),
    Stream(WriteHalf<Box<dyn Duplex>>),
}

impl Sender {
    pub(super) async fn send(&mut self, message: &[u8]) -> anyhow::Result<()> {
        match self {
            // No room is a loss.
            Self::Datagrams(socket) => drop(socket.send(message).await),
            Self::Stream(stream) => {
                stream.write_all(message).await?;
                stream.flush().await?;
            }
        }
        Ok(())
    }
}

/// The way from the relay.
pub(super) struct Receiver {
    from: From,
    buffer: Vec<u8>,
    /// The message before, which is still in the buffer.
    read: usize,
}

enum From {
    Datagrams(Arc<UdpSocket>),
    Stream(ReadHalf<Box<dyn Duplex>>),
}

impl Receiver {
    const fn new(from: From) -> Self {
        Self {
            from,
            buffer: Vec::new(),
            read: 0,
        }
    }

    /// The next message.
    pub(super) async fn next(&mut self) -> anyhow::Result<&[u8]> {
        match &mut self.from {
            From::Datagrams(socket) => {
                self.buffer.resize(2048, 0);
                let length = socket.recv(&mut self.buffer).await?;
                self.buffer.truncate(length);
                Ok(&self.buffer)
            }
            From::Stream(stream) => {
                self.buffer.drain(..std::mem::take(&mut self.read));
                loop {
                    let length = frame_length(&self.buffer)
                        .ok()
                        .context("the relay sends messages")?;
                    if let Some(length) = length.filter(|length| *length <= self.buffer.len()) {
                        self.read = length;
                        return self.buffer.get(..length).context("it is there");
                    }
                    if stream.read_buf(&mut self.buffer).await? == 0 {
                        bail!("the relay closed the connection");
                    }
                }
            }
        }
    }
}

/// A client with an allocation.
pub(super) struct Client {
    sender: Sender,
    receiver: Receiver,
    test: TestClient,
    relayed: SocketAddr,
}

/// So many clients, each with an allocation.
pub(super) async fn allocate(
    server: &RelayServer,
    transport: Transport,
    count: usize,
    group: &str,
) -> anyhow::Result<Vec<Client>> {
    let mut clients = Vec::with_capacity(count);
    for index in 0..count {
        clients.push(Client::connect(server, transport, &format!("{group}{index}")).await?);
    }
    Ok(clients)
}

/// Who a client talks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Partner {
    /// Another client, so that a message is relayed twice.
    Client,
    /// A socket of this machine.
    Peer,
}

/// One of two that talk to each other.
pub(super) struct End {
    pub(super) sender: Sender,
    pub(super) receiver: Receiver,
    /// Whether what it sends goes to the relay on a channel, or to a relayed address as it is.
    pub(super) on_channel: bool,
}

/// So many in pairs, who can reach each other.
pub(super) async fn pairs(
    server: &RelayServer,
    (transport, partner): (Transport, Partner),
    count: usize,
) -> anyhow::Result<Vec<End>> {
    /// What those of before allocated stays for minutes, and counts against them.
    static GROUPS: AtomicUsize = AtomicUsize::new(0);
    let group = GROUPS.fetch_add(1, Ordering::Relaxed);
    let mut ends = Vec::with_capacity(count);
    for pair in 0..count / 2 {
        let mut one = Client::connect(server, transport, &format!("{group}-one{pair}")).await?;
        let other = match partner {
            Partner::Client => {
                let mut other = Client::connect(server, transport, &format!("{group}-other{pair}")).await?;
                other.bind(one.relayed).await?;
                one.bind(other.relayed).await?;
                other.end()
            }
            Partner::Peer => {
                let socket = Arc::new(UdpSocket::bind("127.0.0.1:0").await?);
                socket.connect(one.relayed).await?;
                one.bind(socket.local_addr()?).await?;
                End {
                    sender: Sender::Datagrams(Arc::clone(&socket)),
                    receiver: Receiver::new(From::Datagrams(socket)),
                    on_channel: false,
                }
            }
        };
        ends.extend([one.end(), other]);
    }
    Ok(ends)
}

impl Client {
    /// Where the system gives it a port that a client of another load had, which is still allocated, it takes another.
    async fn connect(server: &RelayServer, transport: Transport, id: &str) -> anyhow::Result<Self> {
        let mut taken = Vec::new();
        loop {
            let (client, code) = Self::try_connect(server, transport, id).await?;
            match code {
                None => return Ok(client),
                Some(437 | 441) if taken.len() < ATTEMPTS => taken.push(client),
                Some(code) => bail!("no allocation: {code}"),
            }
        }
    }

    /// With an allocation, or the code with which it was refused.
    async fn try_connect(
        server: &RelayServer,
        transport: Transport,
        id: &str,
    ) -> anyhow::Result<(Self, Option<u16>)> {
        let (sender, from) = match transport {
            Transport::Udp => {
                let socket = UdpSocket::bind("127.0.0.1:0").await?;
                socket.connect(server.plain[0]).await?;
                let socket = Arc::new(socket);
                (Sender::Datagrams(Arc::clone(&socket)), From::Datagrams(socket))
            }
            Transport::Tcp => streams(Box::new(connected(server.plain[1]).await?)),
            Transport::Tls => {
                let tcp = connected(server.tls).await?;
                let connector = TlsConnector::from(Arc::clone(&server.trusts));
                let tls = connector.connect(ServerName::try_from("localhost")?, tcp).await?;
                streams(Box::new(tls))
            }
        };
        let mut client = Self {
            sender,
            receiver: Receiver::new(from),
            test: TestClient::new(RelayServer::credentials(id)?),
            relayed: SocketAddr::from(([0; 4], 0)),
        };
        let request = client.test.allocate(false);
        client.ask(&request).await?;
        let request = client.test.allocate(false);
        let answer = client.ask(&request).await?;
        if let Some(relayed) = answer.relayed {
            client.relayed = relayed;
        }
        Ok((client, answer.code))
    }

    fn end(self) -> End {
        End {
            sender: self.sender,
            receiver: self.receiver,
            on_channel: true,
        }
    }

    async fn bind(&mut self, peer: SocketAddr) -> anyhow::Result<()> {
        let request = self.test.channel_bind(CHANNEL, peer);
        let answer = self.ask(&request).await?;
        anyhow::ensure!(answer.success, "no channel: {:?}", answer.code);
        Ok(())
    }

    async fn ask(&mut self, request: &[u8]) -> anyhow::Result<Reading> {
        for _ in 0..ATTEMPTS {
            self.sender.send(request).await?;
            if let Ok(answer) = timeout(PATIENCE, self.receiver.next()).await {
                return Ok(self.test.read(answer?));
            }
        }
        bail!("the relay does not answer")
    }
}

async fn connected(address: SocketAddr) -> anyhow::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

fn streams(stream: Box<dyn Duplex>) -> (Sender, From) {
    let (reader, writer) = split(stream);
    (Sender::Stream(writer), From::Stream(reader))
}
