//! Adapters over the browser's own interfaces. No decisions; everything they hold is let go of on drop.

pub(crate) mod clock;
pub(crate) mod listener;
pub(crate) mod random;
pub(crate) mod timer;
