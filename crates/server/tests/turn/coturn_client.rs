//! coturn's own client against our server. `cargo xtask setup` installs it; where it is not, these tests say so and
//! pass.

use std::{
    net::SocketAddr,
    process::{Command, Stdio},
};

use crate::server::{LOOPBACK, SECRET, TurnServer};

const CLIENT: &str = "turnutils_uclient";

/// Whether it is installed. In CI it is.
fn installed() -> bool {
    let found = Command::new(CLIENT)
        .arg("-h")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok();
    if !found {
        assert!(
            std::env::var_os("CI").is_none(),
            "{CLIENT} is not installed: cargo xtask setup"
        );
        eprintln!("skipped: {CLIENT} is not installed (apt-get install coturn)");
    }
    found
}

/// Two pairs of clients that send each other 25 messages each: the server relays every one of them, once to a peer and
/// once to a client. What the client says that it received is no measure: version 4.6.1 takes a message for the answer
/// that it waits for if it comes first, and misses what shares a record of TLS with another one. Against coturn, too.
/// That what is relayed is what was sent, [`crate::streams`] and [`crate::datagrams`] show.
async fn passes(turn: &TurnServer, server: SocketAddr, options: &[&str]) {
    let before = relayed(turn).await;
    let mut client = Command::new(CLIENT);
    client
        .args(["-u", "alice", "-W", SECRET, "-p", &server.port().to_string()])
        .args(["-y", "-c", "-n", "25", "-m", "4", "-l", "900"])
        .args(options)
        .arg(server.ip().to_string());
    let output = client.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{options:?}\n{text}");
    let received = text.rsplit_once("tot_send_msgs=100, tot_recv_msgs=").unwrap().1;
    let received: u32 = received.split_whitespace().next().unwrap().parse().unwrap();
    assert!(received > 0, "{options:?}\n{text}");
    let after = relayed(turn).await;
    let [to_peers, to_clients] = [after[0] - before[0], after[1] - before[1]];
    assert_eq!([to_peers, to_clients], [100.0; 2], "{options:?}\n{text}");
    assert_eq!(turn.metric("openline_turn_dropped_total").await, 0.0);
}

/// Datagrams sent to peers, and to clients.
async fn relayed(turn: &TurnServer) -> [f64; 2] {
    let to = async |direction| {
        turn.metric_with(
            "openline_turn_packets_total",
            &format!("direction=\"{direction}\""),
        )
        .await
    };
    [to("to_peer").await, to("to_client").await]
}

#[tokio::test]
async fn coturns_client_passes_over_udp() {
    if installed() {
        let turn = TurnServer::start(LOOPBACK);
        passes(&turn, turn.udp[0], &[]).await;
        passes(&turn, turn.udp[0], &["-s"]).await;
        passes(&turn, turn.udp[0], &["-G"]).await;
        passes(&turn, turn.udp[1], &["-x"]).await;
    }
}

#[tokio::test]
async fn coturns_client_passes_over_tcp() {
    if installed() {
        let turn = TurnServer::start(LOOPBACK);
        passes(&turn, turn.tcp[0], &["-t"]).await;
        passes(&turn, turn.tcp[0], &["-t", "-s"]).await;
    }
}

#[tokio::test]
async fn coturns_client_passes_over_tls() {
    if installed() {
        let turn = TurnServer::start(LOOPBACK);
        passes(&turn, turn.tls[0], &["-t", "-S"]).await;
    }
}
