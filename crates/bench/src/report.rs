//! The table: what was measured, of one server or of two with the ratio.

/// Measurements of one server, in the order they were taken.
#[derive(Debug)]
pub(crate) struct Report {
    name: &'static str,
    rows: Vec<(String, f64)>,
}

impl Report {
    pub(crate) const fn new(name: &'static str) -> Self {
        Self {
            name,
            rows: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, what: impl Into<String>, value: f64) {
        let what = what.into();
        eprintln!("    {what}: {}", number(value));
        self.rows.push((what, value));
    }
}

/// Prints both, and the ratio of ours to the peer's.
#[expect(clippy::print_stdout, reason = "the table is what the program is for")]
pub(crate) fn compare(ours: &Report, peer: Option<&Report>) {
    let heading = peer.map_or("", |peer| peer.name);
    let ratio = peer.map_or("", |_| "ratio");
    println!("{:<58}{:>14}{heading:>14}{ratio:>9}", "", ours.name);
    for (what, value) in &ours.rows {
        let other = peer.and_then(|peer| peer.rows.iter().find(|(name, _)| name == what));
        let (other, ratio) = other.map_or_else(Default::default, |(_, other)| {
            (number(*other), format!("{:.2}", value / other))
        });
        println!("{what:<58}{:>14}{other:>14}{ratio:>9}", number(*value));
    }
}

fn number(value: f64) -> String {
    if value >= 1000.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}")
    }
}
