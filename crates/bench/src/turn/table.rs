//! The table: what was measured of both servers in turns, and how one of a pair is to the other.

/// Something that was measured once or several times, of ours and of coturn.
#[derive(Debug)]
pub(super) struct Row {
    what: String,
    pairs: Vec<[f64; 2]>,
}

impl Row {
    pub(super) fn new(what: impl Into<String>, pairs: Vec<[f64; 2]>) -> Self {
        let row = Self {
            what: what.into(),
            pairs,
        };
        eprintln!("{}", row.line());
        row
    }

    fn line(&self) -> String {
        let [ours, coturn] = [0, 1].map(|server| middle(self.pairs.iter().map(|pair| pair[server])));
        let mut ratios: Vec<f64> = self.pairs.iter().map(|[ours, coturn]| ours / coturn).collect();
        ratios.sort_by(f64::total_cmp);
        let spread = match &*ratios {
            [least, .., most] => format!("  ({least:.2} to {most:.2})"),
            [] | [_] => String::new(),
        };
        format!(
            "{:<64}{ours:>12.2}{coturn:>12.2}{:>8.2}{spread}",
            self.what,
            middle(ratios.iter().copied())
        )
    }
}

pub(super) fn heading() -> String {
    format!(
        "{:<64}{:>12}{:>12}{:>8}  (of pairs)",
        "the middle one of what was measured", "openline", "coturn", "ratio"
    )
}

#[expect(clippy::print_stdout, reason = "the table is what the program is for")]
pub(super) fn print(rows: &[Row]) {
    println!("{}", heading());
    for row in rows {
        println!("{}", row.line());
    }
}

/// The middle one; of an even number, the greater one of the two in the middle.
fn middle(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_the_middle_ones_and_the_least_and_greatest_ratio() {
        let row = Row::new("cost", vec![[1.0, 10.0], [3.0, 10.0], [9.0, 10.0]]);
        let columns: Vec<_> = row.line().split_whitespace().map(str::to_owned).collect();
        assert_eq!(columns, ["cost", "3.00", "10.00", "0.30", "(0.10", "to", "0.90)"]);
        let row = Row::new("once", vec![[1.0, 2.0]]);
        assert!(row.line().ends_with("0.50"), "{}", row.line());
    }
}
