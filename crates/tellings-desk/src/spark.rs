//! Reports a day as a row of small bars: all of them, and those that descend from no other.

use jiff::civil::Date;
use maud::{Markup, html};
use std::fmt::Write;

/// Bars at most; a longer time is put together.
const BARS: usize = 30;
const WIDTH: usize = 4;
const HEIGHT: f64 = 22.0;

/// The bars, with what they show in words.
pub(crate) fn bars(days: &[(String, u64, u64)]) -> Markup {
    let dated: Vec<(i64, u64, u64)> = days.iter().filter_map(|d| Some((number(&d.0)?, d.1, d.2))).collect();
    let (Some(first), Some(last)) = (dated.first(), dated.last()) else { return html! { span.unknown { "undated" } } };
    let length = (last.0 - first.0 + 1).max(1) as usize;
    let step = length.div_ceil(BARS);
    let count = length.div_ceil(step);
    let mut sums = vec![(0u64, 0u64); count];
    for (day, originals, all) in &dated {
        let sum = &mut sums[(day - first.0) as usize / step];
        *sum = (sum.0 + originals, sum.1 + all);
    }
    let most = sums.iter().map(|s| s.1).max().unwrap_or(1).max(1) as f64;
    let path = |of: fn(&(u64, u64)) -> u64| {
        let mut path = String::new();
        for (at, sum) in sums.iter().enumerate().filter(|(_, s)| of(s) > 0) {
            let height = (of(sum) as f64 / most * (HEIGHT - 2.0)).max(1.5);
            let _ = write!(path, "M{} {HEIGHT}v-{height:.1}", at * WIDTH + WIDTH / 2);
        }
        path
    };
    let total: u64 = dated.iter().map(|d| d.2).sum();
    let label = match days.iter().max_by_key(|d| d.2) {
        Some(top) if days.len() > 1 => {
            format!("{total} dated reports on {} days, most on {}: {}", days.len(), top.0, top.2)
        }
        _ => format!("{total} on one day"),
    };
    let width = count * WIDTH;
    html! {
        svg.spark width=(width) height="22" viewBox=(format!("0 0 {width} 22")) role="img" aria-label=(label) {
            title { (label) }
            path.all d=(path(|s| s.1)) {}
            path.own d=(path(|s| s.0)) {}
        }
    }
}

/// Days are counted.
fn number(day: &str) -> Option<i64> {
    let date: Date = day.get(..10)?.parse().ok()?;
    let since = date.since(Date::constant(1970, 1, 1)).ok()?;
    Some(i64::from(since.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_of_days() {
        let days = [("2016-09-04".to_string(), 1, 1), ("2016-09-06".to_string(), 1, 4)];
        let drawn = bars(&days).into_string();
        assert!(drawn.contains("d=\"M2 22v-5.0M10 22v-20.0\"") && drawn.contains("most on 2016-09-06: 4"), "{drawn}");
        // A hundred years are drawn in as few bars.
        let far = [("1916-01-01".to_string(), 1, 1), ("2016-09-06".to_string(), 1, 1)];
        assert!(bars(&far).into_string().contains("width=\"120\""));
        assert!(bars(&[("soon".to_string(), 1, 1)]).into_string().contains("undated"));
    }
}
