//! Numbers for threads: their ids are random, and nothing here may depend on them.

use std::{cell::RefCell, rc::Rc};

use openline_protocol::ThreadId;

/// In the order in which they were first seen. Clones are the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names(Rc<RefCell<Vec<ThreadId>>>);

impl Names {
    pub(crate) fn number(&self, id: &ThreadId) -> usize {
        let mut names = self.0.borrow_mut();
        let known = names.iter().position(|known| known == id);
        known.unwrap_or_else(|| {
            names.push(id.clone());
            names.len() - 1
        })
    }

    /// Each once, by its number.
    pub(crate) fn sorted(&self, mut ids: Vec<ThreadId>) -> Vec<ThreadId> {
        ids.sort_by_cached_key(|id| self.number(id));
        ids.dedup();
        ids
    }
}
