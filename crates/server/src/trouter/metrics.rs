//! What is counted.

use openline_trouter::{CloseReason, Delivered};

pub(super) fn count_delivered(delivered: Delivered) {
    let outcome = match delivered {
        Delivered::Taken => "taken",
        Delivered::Refused => "refused",
        Delivered::TimedOut => "timed_out",
        Delivered::GivenUp => "given_up",
    };
    metrics::counter!("openline_trouter_events_total", "outcome" => outcome).increment(1);
}

pub(super) fn count_closed(reason: CloseReason) {
    metrics::counter!("openline_trouter_closes_total", "reason" => label(reason)).increment(1);
}

const fn label(reason: CloseReason) -> &'static str {
    match reason {
        CloseReason::Left => "left",
        CloseReason::Superseded => "superseded",
        CloseReason::BadFrame => "bad_frame",
        CloseReason::Silent => "silent",
        CloseReason::Unanswered => "unanswered",
        CloseReason::Flood => "flood",
        CloseReason::Unread => "unread",
        CloseReason::Unauthorized => "unauthorized",
        CloseReason::Stopping => "stopping",
        _ => "other",
    }
}

pub(super) fn describe() {
    metrics::describe_gauge!(
        "openline_trouter_connections",
        "Open connections of published chat clients, by transport"
    );
    metrics::describe_gauge!(
        "openline_trouter_instances",
        "Published chat clients that are connected, or were lately"
    );
    metrics::describe_counter!(
        "openline_trouter_events_total",
        "Chat events that published clients are done with, by outcome"
    );
    metrics::describe_counter!(
        "openline_trouter_closes_total",
        "Connections of published clients that the server closed, by reason"
    );
}
