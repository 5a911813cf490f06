//! Connections before there are requests on them: how many there are, and how long they may keep a place without
//! using it.
//!
//! Between them these end every connection that does nothing. Until its HTTP version is clear: [`Opening`] (and the
//! same deadline for its TLS handshake). From there to the end of a request's head, and between requests: the header
//! time-out of HTTP/1 and the pings of HTTP/2. A request: its own time-out. A socket: its session. Whatever does not
//! read what it is sent: [`Stall`]. What a client still sends when it was answered is read for a while: [`Linger`].

mod limit;
mod linger;
mod opening;
mod stall;
mod stream;

pub(crate) use self::limit::{ConnectionLimit, Deadlines, Places};
use self::{linger::Linger, opening::Opening, stall::Stall};
