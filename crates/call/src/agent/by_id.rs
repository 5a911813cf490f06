//! A handful of things by call id, in the order in which they came.
//!
//! The limits of calls keep it short, so that looking through it costs nothing; a tree would be a tenth of the
//! SDK's code.

use openline_protocol::CallId;

#[derive(Debug)]
pub(super) struct ById<T>(Vec<(CallId, T)>);

impl<T> ById<T> {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn contains_key(&self, call_id: &CallId) -> bool {
        self.position(call_id).is_some()
    }

    pub(super) fn get(&self, call_id: &CallId) -> Option<&T> {
        self.position(call_id).map(|index| &self.0[index].1)
    }

    pub(super) fn get_mut(&mut self, call_id: &CallId) -> Option<&mut T> {
        self.position(call_id).map(|index| &mut self.0[index].1)
    }

    /// Adds something, or puts it in the place of what had the id.
    pub(super) fn insert(&mut self, call_id: CallId, item: T) {
        match self.get_mut(&call_id) {
            Some(known) => *known = item,
            None => self.0.push((call_id, item)),
        }
    }

    pub(super) fn remove(&mut self, call_id: &CallId) -> Option<T> {
        self.position(call_id).map(|index| self.0.remove(index).1)
    }

    pub(super) fn retain(&mut self, keep: impl Fn(&CallId, &T) -> bool) {
        self.0.retain(|(call_id, item)| keep(call_id, item));
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&CallId, &T)> {
        self.0.iter().map(|(call_id, item)| (call_id, item))
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (&CallId, &mut T)> {
        self.0.iter_mut().map(|(call_id, item)| (&*call_id, item))
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &CallId> {
        self.0.iter().map(|(call_id, _)| call_id)
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|(_, item)| item)
    }

    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut().map(|(_, item)| item)
    }

    fn position(&self, call_id: &CallId) -> Option<usize> {
        self.keys().position(|known| known == call_id)
    }
}
