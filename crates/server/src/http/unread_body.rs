//! Requests that are answered before their body was read: those that are refused.
//!
//! A connection of HTTP/1 cannot go on to the next request before it is through with a body. Without this it would be
//! closed in that moment, while its client already sends the next request on it. So the rest of a small body is read;
//! of a large one the answer says that the connection closes.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    body::{Body, BodyDataStream, Bytes, HttpBody as _},
    extract::Request,
    http::{HeaderValue, Version, header},
    middleware::Next,
    response::Response,
};
use futures::{Stream, StreamExt as _};

/// The most that is read of a body for the connection's sake: as much as any body but a file has.
const LIMIT: usize = 256 * 1024;

/// How long a client has to send it.
const PATIENCE: Duration = Duration::from_secs(5);

/// Runs a request, then reads what is left of its body.
pub(super) async fn read_to_its_end(request: Request, next: Next) -> Response {
    if request.version() > Version::HTTP_11 || request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    // A client that asks first has not begun to send.
    let asks_first = parts.headers.contains_key(header::EXPECT);
    let body = Shared::new(body);
    let rest = body.clone();
    let mut response = next
        .run(Request::from_parts(parts, Body::from_stream(body)))
        .await;
    if !rest.is_over() && (asks_first || !rest.read().await) {
        response
            .headers_mut()
            .insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// A body that somebody else may go on with; none: it is over.
#[derive(Clone)]
struct Shared(Arc<Mutex<Option<BodyDataStream>>>);

impl Shared {
    fn new(body: Body) -> Self {
        Self(Arc::new(Mutex::new(Some(body.into_data_stream()))))
    }

    fn is_over(&self) -> bool {
        self.body().is_none()
    }

    /// Reads what is left; whether that was all of it.
    async fn read(mut self) -> bool {
        let reading = async {
            let mut read = 0;
            while let Some(Ok(piece)) = self.next().await {
                read += piece.len();
                if read > LIMIT {
                    break;
                }
            }
        };
        // Whether it came to the end in time is asked below.
        drop(tokio::time::timeout(PATIENCE, reading).await);
        self.is_over()
    }

    fn body(&self) -> MutexGuard<'_, Option<BodyDataStream>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stream for Shared {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut body = self.body();
        let Some(stream) = body.as_mut() else {
            return Poll::Ready(None);
        };
        let piece = ready!(stream.poll_next_unpin(cx));
        if piece.is_none() {
            *body = None;
        }
        Poll::Ready(piece)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::{Router, http::StatusCode, middleware::from_fn, routing::post};
    use futures::stream;
    use tower::ServiceExt as _;

    use super::*;

    /// What is answered to a body of so many pieces of 64 KiB that nobody wants, and how many were read.
    async fn refused(pieces: usize, expects: bool) -> (Response, usize) {
        let router = Router::new()
            .route("/", post(|| async { StatusCode::UNAUTHORIZED }))
            .layer(from_fn(read_to_its_end));
        let read = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&read);
        let body = stream::iter(0..pieces).map(move |_| {
            counter.fetch_add(1, Ordering::SeqCst);
            Ok::<_, std::io::Error>(Bytes::from(vec![0; 64 * 1024]))
        });
        let mut request = Request::post("/").body(Body::from_stream(body)).unwrap();
        if expects {
            let value = HeaderValue::from_static("100-continue");
            request.headers_mut().insert(header::EXPECT, value);
        }
        let response = router.oneshot(request).await.unwrap();
        (response, read.load(Ordering::SeqCst))
    }

    #[tokio::test]
    async fn a_small_body_is_read_and_the_connection_stays() {
        let (response, read) = refused(4, false).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(response.headers().get(header::CONNECTION), None);
        assert_eq!(read, 4);
    }

    #[tokio::test]
    async fn a_large_one_ends_the_connection() {
        let (response, read) = refused(100, false).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(response.headers()[header::CONNECTION], "close");
        assert_eq!(read, 5);
    }

    #[tokio::test]
    async fn a_client_that_asks_first_is_not_told_to_send() {
        let (response, read) = refused(1, true).await;
        assert_eq!(response.headers()[header::CONNECTION], "close");
        assert_eq!(read, 0);
    }
}
