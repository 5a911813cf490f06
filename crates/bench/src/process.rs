//! A server's process: started for a load, measured through `/proc`, ended after it.

use std::{fs, time::Duration};

use anyhow::{Context, bail};
use tokio::process::{Child, Command};

/// Ticks of `/proc/<pid>/stat` in a second: fixed in Linux's interface to programs.
const TICKS_PER_SECOND: f64 = 100.0;

/// A child process that is killed when it is dropped.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    pid: u32,
}

impl Process {
    pub(crate) fn start(command: &mut Command) -> anyhow::Result<Self> {
        let child = command.kill_on_drop(true).spawn()?;
        let pid = child.id().context("the server ended at once")?;
        Ok(Self { child, pid })
    }

    pub(crate) const fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Processor seconds used so far, user and system.
    pub(crate) fn cpu_seconds(&self) -> anyhow::Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid))?;
        // The name in parentheses may contain blanks; fields are counted after it.
        let (_, fields) = stat.rsplit_once(')').context("no /proc/<pid>/stat")?;
        let mut fields = fields.split_whitespace().skip(11);
        let mut ticks = || fields.next()?.parse::<f64>().ok();
        match (ticks(), ticks()) {
            (Some(user), Some(system)) => Ok((user + system) / TICKS_PER_SECOND),
            (None | Some(_), None | Some(_)) => bail!("/proc/<pid>/stat is not understood"),
        }
    }

    /// Resident memory, in KiB.
    pub(crate) fn resident_kib(&self) -> anyhow::Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().next());
        kib.and_then(|kib| kib.parse().ok())
            .context("/proc/<pid>/status is not understood")
    }

    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        self.child.start_kill()?;
        tokio::time::timeout(Duration::from_secs(10), self.child.wait())
            .await
            .context("the server did not end")??;
        Ok(())
    }
}
