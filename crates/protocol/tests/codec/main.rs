//! What is written is read back as it was, and nothing that is read takes anybody down.

#![allow(clippy::expect_used, reason = "a test fails where it expects")]

mod call;
mod custom_context;
mod event;
mod frame;
mod identifier;
mod rest;
mod values;
