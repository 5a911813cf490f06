//! What happened, for whoever has to find out why a seed fails.

use std::{cell::RefCell, fmt, rc::Rc};

use openline_protocol::Instant;

/// Lines with their time. Clones are the same.
#[derive(Clone)]
pub(crate) struct Journal(Rc<RefCell<Vec<String>>>);

impl Journal {
    pub(crate) fn new() -> Self {
        Self(Rc::default())
    }

    pub(crate) fn note(&self, now: Instant, what: impl FnOnce() -> String) {
        self.0
            .borrow_mut()
            .push(format!("{:>7} {}", now.as_millis(), what()));
    }
}

impl fmt::Display for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.borrow().iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}
