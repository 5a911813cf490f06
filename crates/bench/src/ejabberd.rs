//! ejabberd under load, as Debian packages it: XMPP over plain TCP, its message archive (XEP-0313) on for everybody and
//! every room, in its own database with its own settings for how that is written. Anybody may sign in, nothing is
//! shaped. Two people talk one to one, more of them in a room.

mod stream;

use std::{fs, net::TcpListener, path::PathBuf, process::Stdio, sync::Arc, time::Duration};

use anyhow::Context;
use tempfile::TempDir;
use tokio::{net::TcpStream, process::Command, sync::Semaphore, task::JoinHandle};

use self::stream::{Incoming, Outgoing, sign_in};
use crate::{
    process::Process,
    service::{Client, Service},
    tally::Tally,
};

/// Where Debian installs Erlang programs.
const LIBRARIES: &str = "/usr/lib/x86_64-linux-gnu";

/// The name of the host that ejabberd serves.
const HOST: &str = "localhost";

/// The peer.
#[derive(Debug)]
pub(crate) struct Ejabberd {
    process: Process,
    port: u16,
    _data: TempDir,
}

impl Ejabberd {
    /// What it is started from, if it is installed.
    pub(crate) fn find() -> Option<PathBuf> {
        let entries = fs::read_dir(LIBRARIES).ok()?;
        let mut beams = entries.filter_map(|entry| Some(entry.ok()?.path().join("ebin/ejabberd.beam")));
        beams.find(|beam| beam.is_file())
    }

    /// Starts it with an empty database.
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let data = tempfile::tempdir()?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let configuration = data.path().join("ejabberd.yml");
        fs::write(&configuration, CONFIGURATION.replace("{port}", &port.to_string()))?;
        let quoted = |name: &str| format!("{:?}", data.path().join(name).display().to_string());
        let process = Process::start(
            Command::new("erl")
                .args(["-noinput", "+K", "true", "+P", "250000"])
                .args(["-mnesia", "dir", &quoted("database")])
                .args(["-s", "ejabberd"])
                .args(["-ejabberd", "config", &quoted("ejabberd.yml")])
                .args(["log_path", &quoted("ejabberd.log")])
                .env("ERL_LIBS", LIBRARIES)
                .env("ERL_MAX_PORTS", "32000")
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        )?;
        let listens = async {
            while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), listens)
            .await
            .context("ejabberd does not listen")?;
        Ok(Self {
            process,
            port,
            _data: data,
        })
    }
}

impl Service for Ejabberd {
    const NAME: &'static str = "ejabberd";
    type Client = User;
    type Thread = Conversation;

    fn process(&self) -> &Process {
        &self.process
    }

    async fn connect(&self, index: usize, tally: Arc<Tally>) -> anyhow::Result<User> {
        let name = format!("client{index}");
        let tcp = TcpStream::connect(("127.0.0.1", self.port)).await?;
        tcp.set_nodelay(true)?;
        let (mut incoming, outgoing) = sign_in(tcp, &name, HOST).await?;
        let joined = Arc::new(Semaphore::new(0));
        let listening = tokio::spawn({
            let joined = Arc::clone(&joined);
            async move {
                while let Ok(received) = incoming.next().await {
                    match received {
                        Incoming::Message(body) => tally.received(index, &body),
                        Incoming::Joined => joined.add_permits(1),
                        Incoming::Other => {}
                    }
                }
            }
        });
        Ok(User {
            name,
            outgoing,
            joined,
            listening,
        })
    }

    async fn thread(&self, members: &mut [User]) -> anyhow::Result<Conversation> {
        if let [_, other] = members {
            return Ok(Conversation {
                to: format!("{}@{HOST}", other.name),
                kind: "chat",
            });
        }
        let first = members.first().context("a room has members")?;
        let room = format!("room-{}@conference.{HOST}", first.name);
        for member in members {
            member.join(&room).await?;
        }
        Ok(Conversation {
            to: room,
            kind: "groupchat",
        })
    }

    async fn stop(self) -> anyhow::Result<()> {
        self.process.stop().await
    }
}

/// Where messages go.
#[derive(Debug, Clone)]
pub(crate) struct Conversation {
    to: String,
    kind: &'static str,
}

/// A signed-in client.
#[derive(Debug)]
pub(crate) struct User {
    name: String,
    outgoing: Outgoing,
    joined: Arc<Semaphore>,
    listening: JoinHandle<()>,
}

impl Drop for User {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl User {
    async fn join(&mut self, room: &str) -> anyhow::Result<()> {
        let presence = format!(
            "<presence to='{room}/{}'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>",
            self.name
        );
        self.outgoing.write(&presence).await?;
        tokio::time::timeout(Duration::from_secs(30), self.joined.acquire())
            .await
            .context("the room does not answer")??
            .forget();
        Ok(())
    }
}

impl Client for User {
    type Thread = Conversation;

    async fn send(&mut self, thread: &Conversation, text: String) -> anyhow::Result<()> {
        let Conversation { to, kind } = thread;
        let message = format!("<message to='{to}' type='{kind}'><body>{text}</body></message>");
        self.outgoing.write(&message).await
    }
}

const CONFIGURATION: &str = r#"
hosts: [localhost]
loglevel: error
auth_method: [anonymous]
anonymous_protocol: login_anon
allow_multiple_connections: true
listen:
  - port: {port}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    max_stanza_size: 262144
    shaper: none
    access: all
modules:
  mod_mam: {default: always}
  mod_muc:
    access: all
    access_create: all
    max_users: 1000
    max_user_conferences: 1000
    history_size: 0
    default_room_options: {mam: true, max_users: 1000}
"#;
