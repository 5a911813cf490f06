//! An XMPP stream (RFC 6120): sign in with PLAIN, bind, then stanzas.

use anyhow::{Context, bail, ensure};
use base64::{Engine, engine::general_purpose::STANDARD};
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use tokio::{
    io::{AsyncWriteExt, BufReader},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};

/// A stanza, as far as a load cares.
#[derive(Debug)]
pub(super) enum Incoming {
    /// A message with this body.
    Message(String),
    /// The presence that says that one's own joining of a room is done (status 110).
    Joined,
    /// Anything else.
    Other,
}

/// The sending half.
#[derive(Debug)]
pub(super) struct Outgoing(OwnedWriteHalf);

impl Outgoing {
    pub(super) async fn write(&mut self, stanza: &str) -> anyhow::Result<()> {
        Ok(self.0.write_all(stanza.as_bytes()).await?)
    }
}

/// The receiving half.
pub(super) struct Stanzas {
    reader: Reader<BufReader<OwnedReadHalf>>,
    buffer: Vec<u8>,
}

/// An element below the stream, flattened.
#[derive(Debug, Default)]
struct Stanza {
    path: Vec<String>,
    name: String,
    body: String,
    joined: bool,
}

impl Stanzas {
    /// The next stanza.
    pub(super) async fn next(&mut self) -> anyhow::Result<Incoming> {
        let stanza = self.stanza().await?;
        Ok(match stanza.name.as_str() {
            "message" if !stanza.body.is_empty() => Incoming::Message(stanza.body),
            "presence" if stanza.joined => Incoming::Joined,
            _ => Incoming::Other,
        })
    }

    async fn expect(&mut self, name: &str) -> anyhow::Result<()> {
        let got = self.stanza().await?.name;
        ensure!(got == name, "<{got}> instead of <{name}>");
        Ok(())
    }

    async fn stanza(&mut self) -> anyhow::Result<Stanza> {
        let mut stanza = Stanza::default();
        loop {
            self.buffer.clear();
            let ended = match self.reader.read_event_into_async(&mut self.buffer).await? {
                Event::Start(start) if start.name().as_ref() == "stream:stream" => false,
                Event::Start(start) => {
                    stanza.open(&start)?;
                    false
                }
                Event::Empty(start) => {
                    stanza.open(&start)?;
                    stanza.close()?
                }
                Event::Text(text) => {
                    if stanza.path.last().is_some_and(|name| name == "body") {
                        stanza.body.push_str(&text.xml10_content());
                    }
                    false
                }
                Event::End(_) => stanza.close()?,
                Event::Eof => bail!("the server closed the connection"),
                Event::CData(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::DocType(_)
                | Event::GeneralRef(_) => false,
            };
            if ended {
                return Ok(stanza);
            }
        }
    }
}

impl Stanza {
    fn open(&mut self, start: &BytesStart<'_>) -> anyhow::Result<()> {
        let name = start.name().as_ref().to_owned();
        if self.path.is_empty() {
            self.name.clone_from(&name);
        }
        if name == "status" {
            let code = start.try_get_attribute("code")?;
            self.joined |= code.is_some_and(|code| code.value.as_ref() == "110");
        }
        self.path.push(name);
        Ok(())
    }

    /// Whether that was the end of the stanza.
    fn close(&mut self) -> anyhow::Result<bool> {
        self.path.pop().context("the server ended the stream")?;
        Ok(self.path.is_empty())
    }
}

/// Opens a stream on a fresh connection and makes `name` available on it.
pub(super) async fn sign_in(tcp: TcpStream, name: &str, host: &str) -> anyhow::Result<(Stanzas, Outgoing)> {
    let (read, write) = tcp.into_split();
    let mut outgoing = Outgoing(write);
    let mut stanzas = Stanzas::new(BufReader::new(read));
    let header = format!(
        "<?xml version='1.0'?><stream:stream to='{host}' xmlns='jabber:client' \
         xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
    );
    outgoing.write(&header).await?;
    stanzas.expect("stream:features").await?;
    let secret = STANDARD.encode(format!("\0{name}\0secret"));
    let auth = format!("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{secret}</auth>");
    outgoing.write(&auth).await?;
    stanzas.expect("success").await?;
    // The stream begins anew, and so does what parses it.
    let mut stanzas = Stanzas::new(stanzas.reader.into_inner());
    outgoing.write(&header).await?;
    stanzas.expect("stream:features").await?;
    let bind = "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>";
    outgoing.write(bind).await?;
    stanzas.expect("iq").await?;
    outgoing.write("<presence/>").await?;
    stanzas.expect("presence").await?;
    Ok((stanzas, outgoing))
}

impl Stanzas {
    fn new(from: BufReader<OwnedReadHalf>) -> Self {
        let mut reader = Reader::from_reader(from);
        // A stream is an element that does not end.
        reader.config_mut().check_end_names = false;
        Self {
            reader,
            buffer: Vec::new(),
        }
    }
}
