//! The relayed ports that are in use: what one allocation may reach of another on the same server.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

const WORDS: usize = (1 << 16) / 64;

/// A bit for each port, of each family.
#[derive(Debug)]
pub(crate) struct RelayedPorts {
    v4: Box<[AtomicU64]>,
    v6: Box<[AtomicU64]>,
}

impl Default for RelayedPorts {
    fn default() -> Self {
        let empty = || (0..WORDS).map(|_| AtomicU64::new(0)).collect();
        Self {
            v4: empty(),
            v6: empty(),
        }
    }
}

impl RelayedPorts {
    /// Whether an allocation has the port.
    pub(crate) fn contains(&self, address: SocketAddr) -> bool {
        let (word, bit) = self.place(address);
        word.is_some_and(|word| word.load(Ordering::Relaxed) & bit != 0)
    }

    /// Marks the port for as long as the mark lives.
    pub(crate) fn mark(self: &Arc<Self>, address: SocketAddr) -> PortMark {
        let (word, bit) = self.place(address);
        if let Some(word) = word {
            word.fetch_or(bit, Ordering::Relaxed);
        }
        PortMark {
            ports: Arc::clone(self),
            address,
        }
    }

    fn place(&self, address: SocketAddr) -> (Option<&AtomicU64>, u64) {
        let words = if address.is_ipv4() { &self.v4 } else { &self.v6 };
        let port = address.port();
        (words.get(usize::from(port / 64)), 1 << (port % 64))
    }
}

/// A port in use.
#[derive(Debug)]
pub(crate) struct PortMark {
    ports: Arc<RelayedPorts>,
    address: SocketAddr,
}

impl PortMark {
    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for PortMark {
    fn drop(&mut self) {
        let (word, bit) = self.ports.place(self.address);
        if let Some(word) = word {
            word.fetch_and(!bit, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_in_use_while_its_mark_lives() {
        let ports = Arc::new(RelayedPorts::default());
        let [v4, v6] = ["192.0.2.1:50000", "[2001:db8::1]:50000"].map(|text| text.parse().unwrap());
        let mark = ports.mark(v4);
        assert!(ports.contains(v4) && !ports.contains(v6));
        drop(mark);
        assert!(!ports.contains(v4));
    }
}
