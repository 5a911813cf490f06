//! A bound on open connections: one over it is closed before anything is read from it.

use std::{io, sync::Arc, time::Duration};

use axum_server::accept::Accept;
use futures::{FutureExt as _, future::BoxFuture};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout_at},
};

use super::{Opening, Stall, stream::Connection};
use crate::shutdown::Shutdown;

/// The places for connections, of all listeners together. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Places(Arc<Semaphore>);

impl Places {
    pub(crate) fn new(count: usize) -> Self {
        Self(Arc::new(Semaphore::new(count)))
    }
}

/// How long a connection may do nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadlines {
    /// From its beginning until its TLS handshake is done and the version of HTTP is clear.
    pub(crate) opening: Duration,
    /// While something is to be sent and nothing is taken.
    pub(crate) send: Duration,
}

/// Lets connections through to another acceptor while there are places, until the server stops.
#[derive(Debug, Clone)]
pub(crate) struct ConnectionLimit<A> {
    pub(crate) inner: A,
    pub(crate) places: Places,
    pub(crate) deadlines: Deadlines,
    pub(crate) shutdown: Shutdown,
    /// For the metrics.
    pub(crate) listener: &'static str,
}

impl<A, I, S> Accept<I, S> for ConnectionLimit<A>
where
    A: Accept<I, S>,
    A::Stream: Send + 'static,
    A::Service: Send + 'static,
    A::Future: Send + 'static,
{
    type Stream = Connection<A::Stream>;
    type Service = A::Service;
    type Future = BoxFuture<'static, io::Result<(Self::Stream, Self::Service)>>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        let Ok(permit) = Arc::clone(&self.places.0).try_acquire_owned() else {
            metrics::counter!("openline_connections_refused_total").increment(1);
            return futures::future::ready(Err(io::Error::other("too many connections"))).boxed();
        };
        let place = Place::new(permit, self.listener);
        let deadline = Instant::now() + self.deadlines.opening;
        let stall = Stall::new(self.deadlines.send);
        let shutdown = self.shutdown.clone();
        let accepted = timeout_at(deadline, self.inner.accept(stream, service));
        async move {
            let (stream, service) = tokio::select! {
                biased;
                () = shutdown.begun() => return Err(io::Error::other("the server stops")),
                accepted = accepted => accepted??,
            };
            let connection = Connection {
                stream,
                opening: Some(Opening::new(deadline)),
                stall,
                linger: None,
                shutdown,
                _place: place,
            };
            Ok((connection, service))
        }
        .boxed()
    }
}

/// A place that an open connection holds.
pub(super) struct Place {
    _permit: OwnedSemaphorePermit,
    open: metrics::Gauge,
}

impl Place {
    fn new(permit: OwnedSemaphorePermit, listener: &'static str) -> Self {
        let open = metrics::gauge!("openline_connections", "listener" => listener);
        open.increment(1.0);
        Self {
            _permit: permit,
            open,
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.open.decrement(1.0);
    }
}
