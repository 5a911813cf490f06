//! The call notices of a session: from the bus into its numbered queue, with or without a socket.
//!
//! A notice is acknowledged by the client alone: from the bus it goes straight into the session, which keeps it for
//! as long. Where the bus lost some, the session ends, and with it the client's calls.

use std::sync::Arc;

use openline_protocol::realtime::CallNotice;
use tokio_util::task::AbortOnDropHandle;

use super::session::{Session, State};
use crate::bus::{BusItem, Subscription};

/// A session's subscription, and the task that looks after it. Dropping it ends both.
pub(super) struct Notices {
    subscription: Subscription<CallNotice>,
    _task: AbortOnDropHandle<()>,
}

impl Session {
    /// Subscribes to the notices of this endpoint, once: before the exchange hears anything of it.
    pub(super) fn expect_notices(self: &Arc<Self>, state: &mut State) {
        if state.notices.is_some() {
            return;
        }
        let subscription = self.shared.bus.subscribe_notices(self.endpoint_id());
        let arrivals = subscription.arrivals();
        let session = Arc::downgrade(self);
        let task = tokio::spawn(async move {
            loop {
                arrivals.wait().await;
                let Some(session) = session.upgrade() else { return };
                session.take_notices();
            }
        });
        state.notices = Some(Notices {
            subscription,
            _task: AbortOnDropHandle::new(task),
        });
    }

    /// Takes over the notices that wait.
    pub(super) fn take_notices(self: &Arc<Self>) {
        let now = self.shared.now();
        let mut state = self.state();
        let State { core, notices, .. } = &mut *state;
        let waiting = notices.as_mut().map(|notices| &mut notices.subscription);
        for item in waiting
            .into_iter()
            .flat_map(|waiting| std::iter::from_fn(|| waiting.try_recv()))
        {
            match item {
                BusItem::Message(notice) => core.push_notice(notice),
                BusItem::Lagged => {
                    tracing::warn!(endpoint_id = %self.endpoint_id(), "call notices were lost: a session ends");
                    core.notices_lost();
                }
            }
        }
        self.settle(&mut state, now);
    }
}
