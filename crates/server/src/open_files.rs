//! The system's limit of open files, of which every connection is one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::config::Config;

/// Files that are no connections: the database, listening sockets, what is served from disk.
const RESERVED: u64 = 128;

/// How many there may be at a time of what has an open file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Places {
    /// Connections of HTTP.
    pub(crate) connections: usize,
    /// Connections of TURN.
    pub(crate) turn_connections: usize,
    /// Allocations of TURN: each has a socket.
    pub(crate) turn_allocations: usize,
}

/// Raises the limit as far as the system lets us, and says what of the settings fits below it. Less than was asked for
/// is logged. `relays`: the server listens for TURN.
pub(crate) fn places_that_fit(config: &Config, relays: bool) -> Places {
    let wanted = Places::wanted(config, relays);
    let limit = raise(wanted.sum() as u64 + RESERVED);
    let fit = wanted.below(limit);
    if fit != wanted {
        tracing::warn!(
            open_files = limit,
            needed = wanted.sum() as u64 + RESERVED,
            "limits.max_connections" = fit.connections,
            "turn.max_connections" = fit.turn_connections,
            "turn.max_allocations" = fit.turn_allocations,
            "the system allows too few open files for the settings, so that these hold: raise its limit (systemd: \
             LimitNOFILE=, shell: ulimit -n) or lower them"
        );
    }
    fit
}

/// How many files the settings may take. `relays`: likewise.
pub(crate) fn needed(config: &Config, relays: bool) -> u64 {
    Places::wanted(config, relays).sum() as u64 + RESERVED
}

impl Places {
    fn wanted(config: &Config, relays: bool) -> Self {
        let turn = |places| if relays { places } else { 0 };
        Self {
            connections: config.limits.max_connections,
            turn_connections: turn(config.turn.max_connections),
            turn_allocations: turn(config.turn.max_allocations),
        }
    }

    const fn sum(self) -> usize {
        self.connections + self.turn_connections + self.turn_allocations
    }

    /// To each its share of what is free, so that calls do not take the files of connections, nor they those of calls.
    fn below(self, limit: Option<u64>) -> Self {
        let Some(limit) = limit else { return self };
        let free = limit - RESERVED.min(limit / 2);
        let wanted = self.sum() as u64;
        if free >= wanted {
            return self;
        }
        let share = |places: usize| {
            let share = u128::from(free) * places as u128 / u128::from(wanted);
            usize::try_from(share).unwrap_or(places).max(places.min(1))
        };
        Self {
            connections: share(self.connections),
            turn_connections: share(self.turn_connections),
            turn_allocations: share(self.turn_allocations),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn places(connections: usize, turn_connections: usize, turn_allocations: usize) -> Places {
        Places {
            connections,
            turn_connections,
            turn_allocations,
        }
    }

    #[test]
    fn connections_leave_files_for_the_rest() {
        let below = |limit| places(10_000, 0, 0).below(limit).connections;
        assert_eq!(below(None), 10_000);
        assert_eq!(below(Some(1_048_576)), 10_000);
        assert_eq!(below(Some(10_128)), 10_000);
        assert_eq!(below(Some(10_127)), 9_999);
        assert_eq!(below(Some(1024)), 896);
        assert_eq!(below(Some(64)), 32);
        assert_eq!(below(Some(0)), 1);
        assert_eq!(places(5, 0, 0).below(Some(64)).connections, 5);
    }

    #[test]
    fn relays_and_connections_share_what_there_is() {
        let wanted = places(10_000, 2_000, 4_000);
        assert_eq!(wanted.below(Some(16_128)), wanted);
        assert_eq!(wanted.below(Some(8_128)), places(5_000, 1_000, 2_000));
        assert_eq!(wanted.below(Some(0)), places(1, 1, 1));
        assert_eq!(
            places(usize::MAX / 4, 0, 4).below(Some(1_128)).turn_allocations,
            1
        );
    }
}
