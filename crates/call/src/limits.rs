//! Bounds and times of calls. What happens at each is said where it is used.

use std::time::Duration;

/// Calls an identity may have at once: those it started, and those it answered.
pub const MAX_LIVE_CALLS: usize = 8;

/// Calls that may ring at one identity at once.
pub const MAX_RINGING_CALLS: usize = 32;

/// The longest display name that is passed on, in characters; a longer one is cut.
pub const MAX_DISPLAY_NAME_CHARS: usize = 256;

/// The longest call id that is taken, in bytes: a GUID has 36.
pub const MAX_CALL_ID_BYTES: usize = 64;

/// Signals of the other side that may wait for the browser to finish an operation. A session description takes
/// milliseconds, and a peer connection has a few dozen candidates: more is a defect or an attack.
pub const MAX_WAITING_SIGNALS: usize = 512;

/// The longest session description that is sent, in bytes: escaped in JSON it fits a client frame of 64 KiB.
pub const MAX_SDP_BYTES: usize = 48 * 1024;

/// How long a call rings by default.
pub const RING_TIMEOUT: Duration = Duration::from_secs(60);

/// How long after a session was lost what was being set up in it can go on, and how long the other side may take to be
/// back. A longer outage than this is one that the server has noticed, and has ended the ringing.
pub const RETURN_PATIENCE: Duration = Duration::from_secs(30);

/// How long a call rings in a new session without the server's word: the caller is back by then, or has left while the
/// server was away, which nobody can tell. Of the callers whose set-up survives an outage fewer than one in a hundred
/// take longer, by their back-off; then it rings again.
pub const RINGING_PATIENCE: Duration = Duration::from_secs(15);

/// The same of a call that came by a transfer. The server names at once what rings, and nobody starts such a call again.
pub const TRANSFERRED_PATIENCE: Duration = Duration::from_secs(2);

/// The time between two attempts to go on with a set-up whose other side is not back.
pub const RETURN_INTERVAL: Duration = Duration::from_secs(2);

/// How long a client remembers what it hung up or declined, for a server that does not know.
pub const FAREWELL_LIFETIME: Duration = Duration::from_secs(90);

/// How many of those it remembers.
pub const MAX_FAREWELLS: usize = 64;

/// How long a side that comes back to a call in a new session waits for the other by default: the silence after which
/// that one notices that its socket is dead (25 s), and the grace period (30 s).
pub const REJOIN_PATIENCE: Duration = Duration::from_secs(55);

/// How long a client waits for the server's word on a call that it starts or accepts: the ring timeout, and the grace
/// period of a callee whose socket is broken.
pub const SETUP_TIMEOUT: Duration = Duration::from_secs(90);

/// How long media may take to come up, from the answer on.
pub const MEDIA_SETUP_TIMEOUT: Duration = Duration::from_secs(30);

/// How long media may be lost before the call ends.
pub const MEDIA_LOSS_TIMEOUT: Duration = Duration::from_secs(30);

/// How long the impolite side waits for ICE to recover by itself before it restarts it. A failure is not waited out.
pub const ICE_RECOVERY_DELAY: Duration = Duration::from_secs(2);

/// When the polite side asks the impolite one for an ICE restart, in case that has not noticed.
pub const POLITE_RESTART_DELAY: Duration = Duration::from_secs(5);

/// The time between two ICE restarts.
pub const ICE_RESTART_INTERVAL: Duration = Duration::from_secs(10);

/// How long a client that hung up waits for the server's confirmation. Media is closed before.
pub const HANG_UP_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a client without a socket keeps its calls: the longest the server may keep them, that is the silence after
/// which it notices (25 s), the grace period (30 s), and a little.
pub const INTERRUPTION_LIMIT: Duration = Duration::from_secs(60);
