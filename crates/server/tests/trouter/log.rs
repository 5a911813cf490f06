//! What the server logs, for tests that wait until it says something.

use std::{
    io,
    sync::{Arc, Mutex},
};

use tokio::sync::Notify;
use tracing::subscriber::DefaultGuard;

use crate::client::in_time;

/// What this thread logs.
#[derive(Clone, Default)]
pub(crate) struct Log {
    text: Arc<Mutex<String>>,
    written: Arc<Notify>,
}

impl Log {
    /// Listens for as long as the guard lives.
    pub(crate) fn listen() -> (Self, DefaultGuard) {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(move || writer.clone())
            .finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    /// Returns once it says `what`, and forgets what it said.
    pub(crate) async fn says(&self, what: &str) {
        let said = async {
            while !self.forget(what) {
                self.written.notified().await;
            }
        };
        in_time(said).await;
    }

    fn add(&self, line: &str) {
        self.text.lock().unwrap().push_str(line);
        self.written.notify_one();
    }

    fn forget(&self, what: &str) -> bool {
        let mut text = self.text.lock().unwrap();
        let said = text.contains(what);
        if said {
            text.clear();
        }
        said
    }
}

impl io::Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.add(&String::from_utf8_lossy(line));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
