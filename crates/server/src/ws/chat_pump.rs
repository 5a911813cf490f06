//! The chat subscription of one socket: carries what a follower is told to it.

use std::{convert::Infallible, sync::Arc};

use axum::extract::ws::Message;
use openline_protocol::realtime::{CloseCode, ServerFrame, Topic};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{
    outbound::Closing,
    output::encode,
    session::{Session, SocketRef},
};
use crate::domain::{
    DomainError,
    chat::{ChatFollower, Followed},
};

/// The task of a subscription; dropping it ends the task.
#[derive(Debug)]
pub(super) struct ChatPump {
    task: JoinHandle<()>,
    superseded: CancellationToken,
}

impl Drop for ChatPump {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl ChatPump {
    /// Starts after `cursor`. `before` is the pump that this one replaces.
    pub(super) fn start(
        session: &Arc<Session>,
        socket: &SocketRef,
        cursor: Option<u64>,
        before: Option<Self>,
    ) -> Self {
        let superseded = CancellationToken::new();
        let (session, socket, until) = (Arc::clone(session), socket.clone(), superseded.clone());
        let task = tokio::spawn(async move {
            if let Some(before) = before {
                // An event of the old subscription after `subscribed` would move the client's cursor.
                before.finish().await;
            }
            let follower = session
                .shared
                .chats
                .follow(session.resource_id(), session.raw_id());
            let run = Run {
                session,
                socket,
                follower,
            };
            run.run(cursor, &until).await;
        });
        Self { task, superseded }
    }

    /// Lets it answer its `subscribe`, and ends it.
    async fn finish(mut self) {
        self.superseded.cancel();
        // An error is a panic, which was reported: what follows does not depend on it.
        drop((&mut self.task).await);
    }
}

struct Run {
    session: Arc<Session>,
    socket: SocketRef,
    follower: ChatFollower,
}

/// Why the pump ended before its socket did.
enum Stopped {
    Closing,
    Stalled,
    Failed(DomainError),
}

impl From<Closing> for Stopped {
    fn from(_: Closing) -> Self {
        Self::Closing
    }
}

impl From<DomainError> for Stopped {
    fn from(error: DomainError) -> Self {
        Self::Failed(error)
    }
}

impl Run {
    async fn run(mut self, cursor: Option<u64>, until: &CancellationToken) {
        let pumped = match self.answer(cursor).await {
            Ok(()) => tokio::select! {
                () = until.cancelled() => return,
                pumped = self.pump() => pumped,
            },
            Err(stopped) => Err(stopped),
        };
        let Err(stopped) = pumped;
        let code = match stopped {
            // The outbound queue knows the code; where it overflowed, the socket's task tells the session.
            Stopped::Closing => return,
            Stopped::Stalled => CloseCode::SlowConsumer,
            Stopped::Failed(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "chat events could not be read"
                );
                CloseCode::ServerFailed
            }
        };
        self.session.close_socket(self.socket.number, code);
    }

    /// Says where the subscription begins. Each `subscribe` gets its answer, also one that the next one replaces.
    async fn answer(&mut self, cursor: Option<u64>) -> Result<(), Stopped> {
        let start = self.follower.start(cursor).await?;
        Ok(self.subscribed(start.cursor, start.expired)?)
    }

    fn subscribed(&self, cursor: u64, expired: bool) -> Result<(), Closing> {
        let subscribed = ServerFrame::Subscribed {
            topic: Topic::Chat,
            cursor: Some(cursor),
            expired,
        };
        self.socket.outbound.push(encode(&subscribed))
    }

    async fn pump(&mut self) -> Result<Infallible, Stopped> {
        loop {
            let event = match self.follower.next().await? {
                Followed::Live(event) => event,
                Followed::Missed(event) => {
                    // What was missed may be much more than what may wait for a client: it is read at the client's pace.
                    let room = self.socket.outbound.room();
                    tokio::time::timeout(self.session.shared.settings.replay_patience, room)
                        .await
                        .map_err(|_elapsed| Stopped::Stalled)?;
                    event
                }
                Followed::Expired(cursor) => {
                    self.subscribed(cursor, true)?;
                    continue;
                }
            };
            self.socket.outbound.push(Message::Text(event.frame))?;
        }
    }
}
