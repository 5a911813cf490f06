//! Talks to a relay: `openline_turn::Requests` on a socket.

use std::{
    collections::VecDeque,
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use openline_turn::{Credentials, Reading, Requests, frame_length, transaction};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::UdpSocket,
    time::{Instant, timeout_at},
};

use super::connect::Duplex;
use crate::doctor::judge::relay::Unanswered;

/// The longest message that is read.
const MAX_MESSAGE_BYTES: usize = 64 * 1024;

/// Datagrams are sent again after this, and then after twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(300);

/// Data that other than ours may send; what comes beyond is dropped.
const MAX_DATA: usize = 16;

/// The way to a relay.
pub(in crate::doctor) enum Link {
    Datagrams(UdpSocket),
    /// A stream, and what of it is not taken yet.
    Stream(Box<dyn Duplex>, Vec<u8>),
}

impl Link {
    pub(in crate::doctor) async fn datagrams(server: SocketAddr) -> io::Result<Self> {
        let socket = any_socket(server).await?;
        socket.connect(server).await?;
        Ok(Self::Datagrams(socket))
    }

    async fn send(&mut self, message: &[u8]) -> io::Result<()> {
        match self {
            Self::Datagrams(socket) => socket.send(message).await.map(drop),
            Self::Stream(stream, _) => {
                stream.write_all(message).await?;
                stream.flush().await
            }
        }
    }

    /// The next message. Nothing is lost if this is dropped.
    async fn receive(&mut self) -> Result<Vec<u8>, Unanswered> {
        match self {
            Self::Datagrams(socket) => {
                let mut bytes = vec![0; MAX_MESSAGE_BYTES];
                let length = socket
                    .recv(&mut bytes)
                    .await
                    .map_err(|_error| Unanswered::Closed)?;
                bytes.truncate(length);
                Ok(bytes)
            }
            Self::Stream(stream, inbox) => receive_from(stream, inbox).await,
        }
    }
}

async fn receive_from(stream: &mut Box<dyn Duplex>, inbox: &mut Vec<u8>) -> Result<Vec<u8>, Unanswered> {
    loop {
        let length = frame_length(inbox).map_err(|_not_turn| Unanswered::NotTurn)?;
        if let Some(length) = length.filter(|length| *length <= inbox.len()) {
            return Ok(inbox.drain(..length).collect());
        }
        let read = stream.read_buf(inbox).await;
        if matches!(read, Ok(0) | Err(_)) {
            // Text that has the form of the beginning of a message is none.
            let not_turn = !inbox.is_empty();
            return Err(if not_turn {
                Unanswered::NotTurn
            } else {
                Unanswered::Closed
            });
        }
    }
}

/// A socket of the family of `other`.
pub(in crate::doctor) async fn any_socket(other: SocketAddr) -> io::Result<UdpSocket> {
    if other.is_ipv4() {
        UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).await
    } else {
        UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0)).await
    }
}

/// Requests and answers, and data that comes in between.
pub(in crate::doctor) struct Conversation {
    link: Link,
    requests: Requests,
    data: VecDeque<(SocketAddr, Vec<u8>)>,
    limit: Duration,
}

impl Conversation {
    pub(in crate::doctor) fn new(link: Link, credentials: Credentials, limit: Duration) -> Self {
        Self {
            link,
            requests: Requests::new(credentials),
            data: VecDeque::new(),
            limit,
        }
    }

    /// Asks until it is granted or refused: the first time a relay asks back who we are.
    pub(in crate::doctor) async fn ask(
        &mut self,
        write: impl Fn(&mut Requests) -> Vec<u8>,
    ) -> Result<Reading, Unanswered> {
        let mut introduced = self.requests.nonce.is_some();
        loop {
            let request = write(&mut self.requests);
            let answer = self.answer(&request).await?;
            match answer.code {
                None => return Ok(answer),
                Some(401 | 438) if !introduced && answer.nonce.is_some() => introduced = true,
                Some(code) => return Err(Unanswered::Refused(code)),
            }
        }
    }

    async fn answer(&mut self, request: &[u8]) -> Result<Reading, Unanswered> {
        let deadline = Instant::now() + self.limit;
        let mut pause = FIRST_PAUSE;
        let mut strange = false;
        loop {
            self.link
                .send(request)
                .await
                .map_err(|_error| Unanswered::Closed)?;
            let until = match self.link {
                Link::Datagrams(_) => deadline.min(Instant::now() + pause),
                Link::Stream(..) => deadline,
            };
            if let Ok(answer) = timeout_at(until, self.answer_to(transaction(request), &mut strange)).await {
                return answer;
            }
            if Instant::now() >= deadline {
                return Err(if strange {
                    Unanswered::NotTurn
                } else {
                    Unanswered::Silence
                });
            }
            pause *= 2;
        }
    }

    async fn answer_to(
        &mut self,
        transaction: Option<u128>,
        strange: &mut bool,
    ) -> Result<Reading, Unanswered> {
        loop {
            match self.reading().await? {
                Some(reading) if Some(reading.transaction) == transaction => return Ok(reading),
                Some(_) => {}
                None => *strange = true,
            }
        }
    }

    /// The next message, noting the data in it; `None`: it is none.
    async fn reading(&mut self) -> Result<Option<Reading>, Unanswered> {
        let message = self.link.receive().await?;
        let reading = self.requests.read(&message);
        if let Some((peer, data)) = reading
            .as_ref()
            .and_then(|reading| reading.peer.zip(reading.data.clone()))
            && self.data.len() < MAX_DATA
        {
            self.data.push_back((peer, data));
        }
        Ok(reading)
    }

    /// Sends data through the relay, without a word of whether it arrives.
    pub(in crate::doctor) async fn tell(&mut self, peer: SocketAddr, data: &[u8]) -> Result<(), Unanswered> {
        let indication = self.requests.send(peer, data);
        self.link
            .send(&indication)
            .await
            .map_err(|_error| Unanswered::Closed)
    }

    /// Waits for this data, and says who sent it.
    pub(in crate::doctor) async fn hear(&mut self, expected: &[u8]) -> Result<SocketAddr, Unanswered> {
        loop {
            while let Some((peer, data)) = self.data.pop_front() {
                if data == expected {
                    return Ok(peer);
                }
            }
            self.reading().await?;
        }
    }
}
