//! The Openline server.
