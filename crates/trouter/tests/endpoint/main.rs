//! One endpoint on a fake clock: case by case, and over thousands of random courses.

#![allow(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

mod cases;
mod explorer;
mod world;
