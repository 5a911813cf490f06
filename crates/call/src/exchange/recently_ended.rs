//! How the last answered calls ended: for who comes back to one, or repeats what made it.

use std::collections::{HashMap, VecDeque};

use openline_protocol::{CallEndReason, CallId, RawId};

/// Ends that are remembered. Whoever comes back to one that is not waits as long as for somebody who vanished.
const MAX_REMEMBERED: usize = 8_192;

#[derive(Debug, Default)]
pub(super) struct RecentlyEnded {
    ends: HashMap<CallId, End>,
    /// The oldest first.
    order: VecDeque<CallId>,
}

#[derive(Debug)]
struct End {
    members: [RawId; 2],
    reason: CallEndReason,
}

impl RecentlyEnded {
    pub(super) fn note(&mut self, call_id: CallId, members: [RawId; 2], reason: CallEndReason) {
        let end = End { members, reason };
        if self.ends.insert(call_id.clone(), end).is_some() {
            return;
        }
        self.order.push_back(call_id);
        if self.order.len() > MAX_REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.ends.remove(&oldest);
        }
    }

    /// Why the call ended, for somebody who was in it and was not told. Who was unreachable had lost the network.
    pub(super) fn reason_for(&self, call_id: &CallId, raw_id: &RawId) -> Option<CallEndReason> {
        let end = self
            .ends
            .get(call_id)
            .filter(|end| end.members.contains(raw_id))?;
        Some(if end.reason == CallEndReason::PEER_UNREACHABLE {
            CallEndReason::NETWORK_LOST
        } else {
            end.reason
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_end_is_forgotten_first_and_strangers_learn_nothing() {
        let mut ended = RecentlyEnded::default();
        let members: [RawId; 2] = ["a".into(), "b".into()];
        for number in 0..=MAX_REMEMBERED {
            ended.note(number.to_string().into(), members.clone(), CallEndReason::HUNG_UP);
        }
        assert_eq!(ended.reason_for(&"0".into(), &"a".into()), None);
        assert_eq!(
            ended.reason_for(&"1".into(), &"a".into()),
            Some(CallEndReason::HUNG_UP)
        );
        assert_eq!(ended.reason_for(&"1".into(), &"c".into()), None);
        assert_eq!(ended.ends.len(), MAX_REMEMBERED);
    }
}
