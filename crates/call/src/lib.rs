//! Calls: the client's and the server's state machines, without network or browser.
