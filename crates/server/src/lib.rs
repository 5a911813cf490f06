//! The Openline server: identities and tokens, chat, and signalling for calls, over HTTP and one WebSocket per client.

pub mod storage;
