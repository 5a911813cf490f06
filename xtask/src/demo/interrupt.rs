//! Keeps this program alive on Ctrl-C for as long as the server takes to stop, so that the terminal
//! is free only when nothing runs any more.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use crate::failure::Result;

/// Knows whether somebody asked to stop.
pub(super) struct Interrupts(Arc<AtomicBool>);

impl Interrupts {
    pub(super) fn happened(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Passes each request to stop on to the server. In a terminal, Ctrl-C reaches it directly as well;
/// a second request while it stops changes nothing there.
#[cfg(unix)]
pub(super) fn pass_on_to(pid: u32) -> Result<Interrupts> {
    use std::{process::Command, thread};

    use signal_hook::{
        consts::{SIGHUP, SIGINT, SIGTERM},
        iterator::Signals,
    };

    use crate::{failure::Failure, step::probe};

    let happened = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&happened);
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])
        .map_err(|error| Failure::new(format!("Ctrl-C cannot be handled: {error}.")))?;
    thread::spawn(move || {
        for _ in signals.forever() {
            seen.store(true, Ordering::Relaxed);
            drop(probe(Command::new("kill").args(["-TERM", &pid.to_string()])));
        }
    });
    Ok(Interrupts(happened))
}

/// Windows ends both programs by itself.
#[cfg(not(unix))]
pub(super) fn pass_on_to(_pid: u32) -> Result<Interrupts> {
    Ok(Interrupts(Arc::new(AtomicBool::new(false))))
}
