//! Metrics, for Prometheus to read at `/metrics`.

use std::{sync::OnceLock, time::Duration};

use metrics::Unit;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// How often histograms are folded, so that memory does not grow between two readings.
const UPKEEP_INTERVAL: Duration = Duration::from_secs(5);

static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();

/// Starts collecting. To be called within the runtime; a second call in a process changes nothing.
///
/// # Panics
///
/// Never: the lists of buckets are not empty.
pub fn init() {
    if HANDLE.get().is_some() {
        return;
    }
    let seconds = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
    ];
    let operations = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0];
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &seconds)
        .and_then(|builder| {
            builder.set_buckets_for_metric(Matcher::Suffix("_operations".to_owned()), &operations)
        })
        .expect("the lists of buckets are not empty")
        .build_recorder();
    let handle = recorder.handle();
    if metrics::set_global_recorder(recorder).is_ok() && HANDLE.set(handle.clone()).is_ok() {
        describe();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(UPKEEP_INTERVAL).await;
                handle.run_upkeep();
            }
        });
    }
}

/// The metrics as text; `None` if nothing is collected.
#[must_use]
pub fn render() -> Option<String> {
    HANDLE.get().map(PrometheusHandle::render)
}

fn describe() {
    metrics::describe_counter!(
        "openline_http_requests_total",
        "Requests answered, by method, route and status"
    );
    metrics::describe_histogram!(
        "openline_http_request_seconds",
        Unit::Seconds,
        "Time from a request's headers to its answer's, by method and route"
    );
    metrics::describe_histogram!(
        "openline_storage_commit_operations",
        "Writes that shared a commit"
    );
    metrics::describe_histogram!(
        "openline_storage_commit_seconds",
        Unit::Seconds,
        "Time from the first write of a group to the end of its commit"
    );
    metrics::describe_gauge!("openline_connections", "Open connections, by listener");
}
