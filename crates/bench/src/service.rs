//! What a load needs of a chat server, whatever it speaks.

use std::sync::Arc;

use crate::{process::Process, tally::Tally};

/// A running chat server.
pub(crate) trait Service: Sized + 'static {
    /// Its name in the table.
    const NAME: &'static str;
    /// A connected client that can send.
    type Client: Client<Thread = Self::Thread> + Send + 'static;
    /// A conversation.
    type Thread: Clone + Send + Sync + 'static;

    /// The process that is measured.
    fn process(&self) -> &Process;

    /// Signs client `index` in; what it receives goes to `tally`.
    async fn connect(&self, index: usize, tally: Arc<Tally>) -> anyhow::Result<Self::Client>;

    /// Brings the clients together. Two of them talk as the server's way of one-to-one is.
    async fn thread(&self, members: &mut [Self::Client]) -> anyhow::Result<Self::Thread>;

    /// Ends the process.
    async fn stop(self) -> anyhow::Result<()>;
}

/// A signed-in client.
pub(crate) trait Client {
    /// A conversation.
    type Thread;

    /// Sends a message; resolves when the server took it, as far as its protocol says so.
    fn send(
        &mut self,
        thread: &Self::Thread,
        text: String,
    ) -> impl Future<Output = anyhow::Result<()>> + Send;
}
