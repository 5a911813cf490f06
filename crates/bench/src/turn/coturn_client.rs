//! coturn's own client as a load: 20 clients in pairs, each of which sends 10,000 messages of 1,000 bytes over UDP to the
//! other one, as fast as it can.

use anyhow::{Context, ensure};
use tokio::process::Command;

use super::relays::{RelayServer, SECRET};

pub(super) const NAME: &str = "UDP, 20 of coturn's own clients, both relayed";

const CLIENTS: u32 = 20;
const MESSAGES: u32 = 10_000;
const BYTES: u32 = 1_000;

/// Microseconds of the server's processor time for each relayed datagram. `user` has no allocations yet: the client
/// leaves its own behind.
pub(super) async fn cost(server: &RelayServer, user: &str) -> anyhow::Result<f64> {
    let [address, _] = server.plain;
    let before = server.process.cpu_seconds()?;
    let output = Command::new("turnutils_uclient")
        .args(["-y", "-c", "-z", "0", "-u", user, "-W", SECRET])
        .args(["-m", &CLIENTS.to_string(), "-n", &MESSAGES.to_string()])
        .args(["-l", &BYTES.to_string(), "-p", &address.port().to_string()])
        .arg(address.ip().to_string())
        .kill_on_drop(true)
        .output()
        .await?;
    let cpu_seconds = server.process.cpu_seconds()? - before;
    let text = String::from_utf8_lossy(&output.stdout);
    let received = received(&text).with_context(|| format!("coturn's client failed: {text}"))?;
    ensure!(
        received > CLIENTS * MESSAGES * 9 / 10,
        "of {} messages {received} arrived",
        CLIENTS * MESSAGES
    );
    Ok(cpu_seconds * 1e6 / f64::from(2 * received))
}

/// How many messages arrived, of all clients.
fn received(text: &str) -> Option<u32> {
    let (_, total) = text.rsplit_once(" tot_recv_msgs=")?;
    total.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::received;

    #[test]
    fn the_last_sum_is_that_of_all() {
        let text = "5: : start_mclient: msz=20, tot_send_msgs=31850, tot_recv_msgs=31800, tot_send_bytes ~ 1\n\
                    5: : start_mclient: tot_send_msgs=40000, tot_recv_msgs=39907\n5: : Total transmit time is 5\n";
        assert_eq!(received(text), Some(39_907));
        assert_eq!(received("Cannot complete Allocation"), None);
    }
}
