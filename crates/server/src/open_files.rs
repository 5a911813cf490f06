//! The system's limit of open files, of which every connection is one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::config::Config;

/// Files that are no connections: the database, listening sockets, what is served from disk.
const RESERVED: u64 = 128;

/// Raises the limit as far as the system lets us, and says how many of `limits.max_connections` fit below it. Fewer than
/// were asked for is logged.
pub(crate) fn connections_that_fit(config: &Config) -> usize {
    let max_connections = config.limits.max_connections;
    // An allocation of TURN has a socket, a connection of it another.
    let turn = config.turn.max_allocations + config.turn.max_connections;
    let limit = raise((max_connections + turn) as u64 + RESERVED);
    let fit = fit(max_connections, limit);
    if fit < max_connections {
        tracing::warn!(
            max_connections,
            open_files = limit,
            connections = fit,
            "the system allows too few open files for limits.max_connections: raise its limit (systemd: LimitNOFILE=, \
             shell: ulimit -n) or lower the setting"
        );
    }
    fit
}

/// Returns the limit that holds now; `None`: there is none.
fn raise(needed: u64) -> Option<u64> {
    let limit = getrlimit(Resource::Nofile);
    let set = |current| {
        let maximum = limit.maximum;
        setrlimit(Resource::Nofile, Rlimit { current, maximum }).is_ok()
    };
    // Some systems name a maximum that cannot be had; what is needed may still be possible.
    if !set(limit.maximum) && limit.current.is_some_and(|current| current < needed) {
        set(Some(needed));
    }
    getrlimit(Resource::Nofile).current
}

fn fit(max_connections: usize, limit: Option<u64>) -> usize {
    let Some(limit) = limit else {
        return max_connections;
    };
    let free = limit - RESERVED.min(limit / 2);
    usize::try_from(free).map_or(max_connections, |free| max_connections.min(free).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_files_for_the_rest() {
        assert_eq!(fit(10_000, None), 10_000);
        assert_eq!(fit(10_000, Some(1_048_576)), 10_000);
        assert_eq!(fit(10_000, Some(10_128)), 10_000);
        assert_eq!(fit(10_000, Some(10_127)), 9_999);
        assert_eq!(fit(10_000, Some(1024)), 896);
        assert_eq!(fit(10_000, Some(64)), 32);
        assert_eq!(fit(10_000, Some(0)), 1);
        assert_eq!(fit(5, Some(64)), 5);
    }
}
