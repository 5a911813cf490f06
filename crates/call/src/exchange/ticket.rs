//! What a side of an answered call is given, to go on with it in an exchange that knows nothing of it.

use std::fmt;

use openline_protocol::{CallId, RawId};

/// Which side of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallSide {
    /// Who started it; makes the first offer.
    Caller,
    /// Who answered it; gives way.
    Callee,
}

/// Somebody in a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallMember {
    /// The identity.
    pub raw_id: RawId,
    /// The name the other side sees.
    pub display_name: Option<String>,
}

/// A call as one side of it remembers it for the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallTicket {
    /// The call.
    pub call_id: CallId,
    /// Whose ticket it is.
    pub side: CallSide,
    /// Who started the call.
    pub caller: CallMember,
    /// Who answered it.
    pub callee: CallMember,
}

impl CallTicket {
    /// Whose it is.
    #[must_use]
    pub const fn holder(&self) -> &CallMember {
        match self.side {
            CallSide::Caller => &self.caller,
            CallSide::Callee => &self.callee,
        }
    }
}

/// Makes tickets that nobody else can make or change.
pub trait CallTickets: fmt::Debug + Send {
    /// The ticket as text, good for a while.
    fn seal(&self, ticket: &CallTicket) -> String;

    /// What was sealed; `None` where it was not sealed here, or is no longer good.
    fn open(&self, sealed: &str) -> Option<CallTicket>;
}
