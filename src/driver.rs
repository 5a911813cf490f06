//! The shared realtime connection. Feeds the session core and carries out what it asks for.
