//! What TURN counts.

use metrics::{Counter, Unit, counter, describe_counter, describe_gauge, gauge};

/// Counters of what is relayed, looked up once.
pub(super) struct Relayed {
    pub(super) to_peers: Way,
    pub(super) to_clients: Way,
    over_rate: Counter,
}

/// Counters of one direction.
pub(super) struct Way {
    packets: Counter,
    bytes: Counter,
    dropped: Counter,
}

impl Relayed {
    pub(super) fn new(transport: &'static str) -> Self {
        let way = |direction: &'static str| Way {
            packets: counter!("openline_turn_packets_total", "transport" => transport, "direction" => direction),
            bytes: counter!("openline_turn_bytes_total", "transport" => transport, "direction" => direction),
            dropped: counter!("openline_turn_dropped_total", "transport" => transport, "direction" => direction),
        };
        Self {
            to_peers: way("to_peer"),
            to_clients: way("to_client"),
            over_rate: counter!("openline_turn_over_rate_total", "transport" => transport),
        }
    }

    /// A datagram that was not relayed since its user has more relayed than may be.
    pub(super) fn over_rate(&self) {
        self.over_rate.increment(1);
    }
}

impl Way {
    pub(super) fn sent(&self, packets: usize, bytes: usize) {
        self.packets.increment(packets as u64);
        self.bytes.increment(bytes as u64);
    }

    pub(super) fn dropped(&self, packets: usize) {
        if packets > 0 {
            self.dropped.increment(packets as u64);
        }
    }
}

/// A request was refused.
pub(super) fn refused(code: u16) {
    counter!("openline_turn_refused_total", "code" => code.to_string()).increment(1);
}

/// A connection over TCP or TLS was closed at once, since all have too many, or its address has.
pub(super) fn connection_refused(who: &'static str) {
    counter!("openline_turn_connections_refused_total", "limit" => who).increment(1);
}

/// How many allocations there are.
pub(super) fn allocations(count: usize) {
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    gauge!("openline_turn_allocations").set(count as f64);
}

pub(super) fn describe() {
    describe_gauge!("openline_turn_allocations", "TURN allocations");
    describe_gauge!(
        "openline_turn_connections",
        "Connections of TURN over TCP and TLS, by transport"
    );
    describe_counter!(
        "openline_turn_packets_total",
        "Datagrams relayed, by the client's transport and direction"
    );
    describe_counter!(
        "openline_turn_bytes_total",
        Unit::Bytes,
        "Bytes relayed, without headers, likewise"
    );
    describe_counter!(
        "openline_turn_dropped_total",
        "Datagrams that the system did not take, likewise"
    );
    describe_counter!(
        "openline_turn_over_rate_total",
        "Datagrams of clients that were over their rate, by transport"
    );
    describe_counter!(
        "openline_turn_connections_refused_total",
        "Connections of TURN that were one too many, of all or of their address"
    );
    describe_counter!("openline_turn_refused_total", "TURN requests refused, by code");
}
