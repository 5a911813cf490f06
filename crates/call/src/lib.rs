//! Calls: the client's and the server's state machines, without network or browser.
//!
//! [`agent`] is what a client decides about its calls, [`exchange`] what the server decides about everybody's,
//! [`negotiation`] how two peer connections agree on offers and answers. All three take time as an argument and are
//! driven in the same way: hand in what happened, drain `poll_output`, ask `poll_timeout` when to come back.
//! The rules are those of `docs/protocol.md`, "Calls".

pub mod agent;
pub mod exchange;
pub mod limits;
pub mod negotiation;
