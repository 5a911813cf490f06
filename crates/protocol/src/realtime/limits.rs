//! Bounds that both sides keep. What happens beyond each is in `docs/protocol.md`, "Limits".

use std::time::Duration;

/// The largest frame a client may send, in bytes of UTF-8.
pub const MAX_CLIENT_FRAME_BYTES: usize = 64 * 1024;

/// The largest frame the server sends, in bytes of UTF-8: a 28 KiB message, escaped, with its metadata.
pub const MAX_SERVER_FRAME_BYTES: usize = 256 * 1024;

/// Commands or notices that may wait for an acknowledgement, per direction and session.
pub const MAX_UNACKNOWLEDGED: usize = 512;

/// How often a client says something at least, so that a dead path is noticed.
pub const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(10);

/// Silence after which either side takes the socket for dead: two and a half heartbeats.
pub const HEARTBEAT_TIMEOUT: Duration = Duration::from_secs(25);

/// How long the server waits for `hello` after the socket opened.
pub const HELLO_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a session outlives its socket by default.
pub const SESSION_GRACE: Duration = Duration::from_secs(30);

/// How long a session outlives a socket that ended without a close frame, at most.
pub const BROKEN_SOCKET_GRACE: Duration = Duration::from_secs(15);

/// Received notices after which an acknowledgement is due at once.
pub const ACK_EVERY: u64 = 16;

/// How long an acknowledgement may be held back otherwise.
pub const ACK_DELAY: Duration = Duration::from_millis(200);
