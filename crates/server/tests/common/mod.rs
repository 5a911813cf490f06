//! The router with a clock that stands still, the real binary, and signed requests.

pub(crate) mod app;
pub(crate) mod binary;
pub(crate) mod signing;
