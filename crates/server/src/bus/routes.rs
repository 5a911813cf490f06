//! Which queues a subject leads to.

use std::{collections::HashMap, hash::Hash, sync::Arc};

use super::{Message, queue::Queue};

/// The queues of the subjects of one kind. A subject without any takes no memory.
#[derive(Debug)]
pub(super) struct Routes<K, T> {
    queues: HashMap<K, Vec<Arc<Queue<T>>>>,
}

impl<K, T> Default for Routes<K, T> {
    fn default() -> Self {
        Self {
            queues: HashMap::new(),
        }
    }
}

impl<K: Clone + Eq + Hash, T: Message> Routes<K, T> {
    pub(super) fn add(&mut self, subject: &K, queue: &Arc<Queue<T>>) {
        let queues = self.queues.entry(subject.clone()).or_default();
        queues.push(Arc::clone(queue));
    }

    pub(super) fn remove(&mut self, subject: &K, queue: &Arc<Queue<T>>) {
        if let Some(queues) = self.queues.get_mut(subject) {
            queues.retain(|other| !Arc::ptr_eq(other, queue));
            if queues.is_empty() {
                self.queues.remove(subject);
            }
        }
    }

    pub(super) fn deliver(&self, subject: &K, message: &T) {
        for queue in self.queues.get(subject).into_iter().flatten() {
            queue.push(message.clone());
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queues.is_empty()
    }
}
