//! Scripted network and clock for tests.
