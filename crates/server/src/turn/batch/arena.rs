//! Room for datagrams that are looked at and sent on where they are.

use std::{io, os::fd::AsFd};

use super::{Arrived, BATCH, SLOT_BYTES, system::Headers};

/// Slots of one datagram each.
pub(in super::super) struct Arena {
    bytes: Box<[u8]>,
    used: usize,
    headers: Headers,
}

impl Arena {
    /// Room for so many batches.
    pub(in super::super) fn new(batches: usize) -> Self {
        Self {
            bytes: vec![0; batches * BATCH * SLOT_BYTES].into_boxed_slice(),
            used: 0,
            headers: Headers::new(),
        }
    }

    /// Whether a whole batch fits.
    pub(in super::super) const fn has_room(&self) -> bool {
        (self.used + BATCH) * SLOT_BYTES <= self.bytes.len()
    }

    /// Forgets what is in the slots.
    pub(in super::super) const fn clear(&mut self) {
        self.used = 0;
    }

    /// A datagram's bytes.
    pub(in super::super) fn datagram(&self, arrived: Arrived) -> &[u8] {
        let begin = arrived.slot * SLOT_BYTES;
        self.bytes.get(begin..begin + arrived.length).unwrap_or_default()
    }

    /// Takes what has arrived on a socket, `most` datagrams of a batch, and says whether there may be more. What is too
    /// long is left out.
    pub(in super::super) fn receive(
        &mut self,
        socket: &impl AsFd,
        (v4, most): (bool, usize),
        arrived: &mut Vec<Arrived>,
    ) -> io::Result<bool> {
        let begin = self.used * SLOT_BYTES;
        let free = self
            .bytes
            .get_mut(begin..begin + most * SLOT_BYTES)
            .unwrap_or_default();
        let first = self.used;
        let mut count = 0;
        self.headers.receive(socket, v4, free, |from, length| {
            let slot = first + count;
            count += 1;
            if let Some(from) = from.filter(|_| length < SLOT_BYTES) {
                arrived.push(Arrived { from, slot, length });
            }
        })?;
        self.used += count;
        Ok(count == most)
    }
}
