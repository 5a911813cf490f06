//! The realtime session: sequence, acknowledgement, heartbeat and resume, without a socket.
