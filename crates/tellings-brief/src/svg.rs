//! The drawings of a page, as inline SVG without script: what they say stands in the table after each.

use crate::chart::{Chart, Lane, Mark, Node};
use crate::html::escape;
use crate::phrases;
use std::fmt::Write;

/// The drawing as a `figure` element; `number` makes its ids its own in the page. Marks of a timeline lead to `#tNUMBER-1` …, the
/// rows of the table; reports lead to `#r1` ….
pub fn figure(chart: &Chart, number: usize) -> String {
    let (title, text, body, width, height) = match chart {
        Chart::Timeline(marks) => timeline(marks, number),
        Chart::Relations(marks) => relations(marks, number),
        Chart::Lineage(lines) => lineage(lines),
    };
    let mut out = String::new();
    let _ = write!(
        out,
        "<figure>\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"{}\">\n<svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"group\" \
         aria-labelledby=\"g{number}-t g{number}-d\">\n<title id=\"g{number}-t\">{}</title>\n<desc id=\"g{number}-d\">{}</desc>\n{body}</svg>\n</div>\n",
        escape(&title),
        escape(&title),
        escape(&text)
    );
    if let Some(key) = key(chart) {
        let _ = writeln!(out, "<figcaption>{key}</figcaption>");
    }
    out.push_str("</figure>\n");
    out
}

fn class(lane: Lane) -> &'static str {
    match lane {
        Lane::Talks => "talks",
        Lane::Words => "words",
        Lane::Force => "force",
    }
}

/// What the shapes stand for: only those that are drawn.
fn key(chart: &Chart) -> Option<String> {
    let lanes = |marks: &[Mark]| -> Vec<Lane> {
        let mut lanes: Vec<Lane> = marks
            .iter()
            .map(|m| match m {
                Mark::At { lane, .. } | Mark::Tie { lane, .. } => *lane,
            })
            .collect();
        lanes.sort_unstable();
        lanes.dedup();
        lanes
    };
    let name = |lane: Lane| match lane {
        Lane::Talks => "talks, agreements, help",
        Lane::Words => "accusations, demands, refusals",
        Lane::Force => "force and pressure",
    };
    match chart {
        Chart::Timeline(marks) => {
            let mut items: Vec<String> = lanes(marks)
                .into_iter()
                .map(|l| {
                    format!(
                        "<span class=\"key\"><svg width=\"16\" height=\"16\" aria-hidden=\"true\">{}</svg> {}</span>",
                        shape(l, 8.0, 8.0, 6.0, false),
                        name(l)
                    )
                })
                .collect();
            if marks.iter().any(|m| matches!(m, Mark::At { planned: true, .. })) {
                items.push(format!(
                    "<span class=\"key\"><svg width=\"16\" height=\"16\" aria-hidden=\"true\">{}</svg> planned</span>",
                    shape(Lane::Talks, 8.0, 8.0, 6.0, true)
                ));
            }
            Some(items.join(" "))
        }
        Chart::Relations(marks) => {
            let item = |l: Lane| {
                format!(
                    "<span class=\"key\"><svg width=\"26\" height=\"16\" aria-hidden=\"true\"><path class=\"tie {}\" d=\"M1 8H25\"/></svg> {}</span>",
                    class(l),
                    name(l)
                )
            };
            Some(lanes(marks).into_iter().map(item).collect::<Vec<_>>().join(" "))
        }
        Chart::Lineage(_) => None,
    }
}

/// A circle for talks, a diamond for words, a square for force: told apart without colour.
fn shape(lane: Lane, x: f64, y: f64, r: f64, planned: bool) -> String {
    let class = format!("{}{}", class(lane), if planned { " planned" } else { "" });
    match lane {
        Lane::Talks => format!("<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{r:.1}\"/>"),
        Lane::Words => {
            let d = r * 1.25;
            format!("<path class=\"{class}\" d=\"M{x:.1} {:.1}l{d:.1} {d:.1}-{d:.1} {d:.1}-{d:.1}-{d:.1}z\"/>", y - d)
        }
        Lane::Force => format!(
            "<rect class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
            x - r,
            y - r,
            2.0 * r,
            2.0 * r
        ),
    }
}

type Drawn = (String, String, String, usize, usize);

/// Columns by date, equally far apart; a gap is marked where days are left out. A mark's number is that of its row.
fn timeline(marks: &[Mark], number: usize) -> Drawn {
    const COLUMN: f64 = 62.0;
    const STEP: f64 = 30.0;
    let day = |date: &str| date.split('T').next().unwrap_or(date).to_string();
    let mut dates: Vec<String> = Vec::new();
    let mut at: Vec<(usize, usize, Lane, bool)> = Vec::new();
    for mark in marks {
        let Mark::At { date, lane, planned } = mark else { continue };
        let date = day(date);
        let column = dates.iter().position(|d| *d == date).unwrap_or_else(|| {
            dates.push(date.clone());
            dates.len() - 1
        });
        let level = at.iter().filter(|a| a.0 == column).count();
        at.push((column, level, *lane, *planned));
    }
    let levels = at.iter().map(|a| a.1 + 1).max().unwrap_or(1);
    let width = (COLUMN * dates.len() as f64 + 8.0).max(200.0);
    let base = STEP * levels as f64 + 6.0;
    let height = base + 42.0;
    let x = |column: usize| COLUMN * (column as f64 + 0.5) + 4.0;
    let mut body = format!("<path class=\"axis\" d=\"M4 {base:.1}H{:.1}\"/>\n", width - 4.0);
    for (column, date) in dates.iter().enumerate() {
        let _ = write!(body, "<path class=\"axis\" d=\"M{0:.1} {base:.1}v5\"/>", x(column));
        let words = phrases::date(date).replace("the week of ", "week ");
        let (top, year) =
            words.rsplit_once(' ').filter(|(_, y)| y.len() == 4 && y.bytes().all(|b| b.is_ascii_digit())).unwrap_or((&words, ""));
        let short: Vec<String> = top
            .split(' ')
            .map(|w| if w.len() > 4 && w != "week" { w.chars().take(3).collect() } else { w.to_string() })
            .collect();
        let _ = writeln!(
            body,
            "<text class=\"label\" x=\"{0:.1}\" y=\"{1:.1}\" text-anchor=\"middle\">{2}</text><text class=\"label soft\" x=\"{0:.1}\" y=\"{3:.1}\" text-anchor=\"middle\">{4}</text>",
            x(column),
            base + 19.0,
            escape(&short.join(" ")),
            base + 34.0,
            escape(year)
        );
        if column > 0 && !follows(&dates[column - 1], date) {
            let gap = COLUMN * column as f64 + 4.0;
            let _ = writeln!(body, "<path class=\"gap\" d=\"M{:.1} {:.1}l4-10m3 10l4-10\"/>", gap - 6.0, base + 5.0);
        }
    }
    for (i, &(column, level, lane, planned)) in at.iter().enumerate() {
        let y = base - STEP * (level as f64 + 0.5) - 2.0;
        let _ = writeln!(
            body,
            "<a href=\"#t{number}-{0}\" aria-label=\"row {0}\">{1}<text class=\"number\" x=\"{2:.1}\" y=\"{3:.1}\" text-anchor=\"middle\">{0}</text></a>",
            i + 1,
            shape(lane, x(column), y, 11.0, planned),
            x(column),
            y + 4.0
        );
    }
    let title = "Timeline".to_string();
    let text = format!("{} events on {} dates, each numbered as in the table that follows.", at.len(), dates.len());
    (title, text, body, width as usize, height as usize)
}

/// Is `b` the day after `a`? Other precisions: no gap is drawn between them.
fn follows(a: &str, b: &str) -> bool {
    match (a.parse::<days::Day>(), b.parse::<days::Day>()) {
        (Ok(a), Ok(b)) => b.0 - a.0 <= 1,
        _ => false,
    }
}

/// Days counted, from an ISO date.
mod days {
    use std::str::FromStr;

    pub(super) struct Day(pub(super) i64);

    impl FromStr for Day {
        type Err = ();

        /// Days since the year 0, by the proleptic Gregorian calendar.
        fn from_str(date: &str) -> Result<Day, ()> {
            let mut parts = date.split('-').map(|p| p.parse::<i64>().map_err(|_| ()));
            let mut next = || parts.next().unwrap_or(Err(()));
            let (year, month, day) = (next()?, next()?, next()?);
            let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
            Ok(Day(365 * y + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + day - 1))
        }
    }
}

/// Names under one another, an arc for each tie: on the right, from who did it to whom.
fn relations(marks: &[Mark], number: usize) -> Drawn {
    const ROW: f64 = 34.0;
    const NAMES: f64 = 168.0;
    const CHARS: usize = 24;
    let mut names: Vec<&str> = Vec::new();
    for mark in marks {
        let Mark::Tie { from, to, .. } = mark else { continue };
        for name in [from, to] {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
    }
    // Those who deal with one another most stand near: a few rounds of moving each to the middle of its ties.
    let at = |names: &[&str], n: &str| names.iter().position(|x| *x == n).unwrap_or(0) as f64;
    for _ in 0..8 {
        let place = |n: &str| {
            let ends: Vec<f64> = (marks.iter())
                .filter_map(|m| match m {
                    Mark::Tie { from, to, .. } if from == n => Some(at(&names, to)),
                    Mark::Tie { from, to, .. } if to == n => Some(at(&names, from)),
                    _ => None,
                })
                .collect();
            ends.iter().sum::<f64>() / ends.len().max(1) as f64
        };
        let mut order: Vec<(i64, usize, &str)> =
            names.iter().enumerate().map(|(i, n)| ((place(n) * 1000.0) as i64 + i as i64, i, *n)).collect();
        order.sort_unstable();
        names = order.into_iter().map(|o| o.2).collect();
    }
    let y = |name: &str| ROW * (at(&names, name) + 0.5) + 4.0;
    let furthest = (marks.iter())
        .filter_map(|m| match m {
            Mark::Tie { from, to, .. } => Some((y(from) - y(to)).abs()),
            Mark::At { .. } => None,
        })
        .fold(ROW, f64::max);
    let reach = (furthest * 0.55).min(150.0) + 26.0;
    let width = NAMES + reach + 14.0;
    let height = ROW * names.len() as f64 + 8.0;
    let mut body = String::from("<defs>");
    for lane in [Lane::Talks, Lane::Words, Lane::Force] {
        let _ = write!(
            body,
            "<marker id=\"g{number}-{0}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" markerUnits=\"userSpaceOnUse\" orient=\"auto-start-reverse\"><path class=\"head {0}\" d=\"M0 0L8 4 0 8z\"/></marker>",
            class(lane)
        );
    }
    body.push_str("</defs>\n");
    let mut drawn: Vec<(String, String)> = Vec::new();
    for mark in marks {
        let Mark::Tie { from, to, lane, times, mutual } = mark else { continue };
        let (a, b) = (y(from), y(to));
        // Several ties between the same two lie beside one another.
        let pair = if from < to { (from.clone(), to.clone()) } else { (to.clone(), from.clone()) };
        let beside = drawn.iter().filter(|d| **d == pair).count() as f64;
        drawn.push(pair);
        let bend = ((a - b).abs() * 0.55).min(150.0) + 12.0 * beside;
        let x = NAMES + 8.0;
        let start = if *mutual { format!(" marker-start=\"url(#g{number}-{})\"", class(*lane)) } else { String::new() };
        let _ = writeln!(
            body,
            "<path class=\"tie {0}\" stroke-width=\"{1:.1}\"{start} marker-end=\"url(#g{number}-{0})\" d=\"M{x:.1} {a:.1}C{2:.1} {a:.1} {2:.1} {b:.1} {x:.1} {b:.1}\"/>",
            class(*lane),
            1.4 + 0.6 * (*times as f64 - 1.0).min(4.0),
            x + bend * 1.33
        );
    }
    for name in &names {
        let short = if name.chars().count() > CHARS {
            format!("{}…", name.chars().take(CHARS - 1).collect::<String>())
        } else {
            name.to_string()
        };
        let _ = writeln!(
            body,
            "<text class=\"label\" x=\"{NAMES:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            y(name) + 4.0,
            escape(&short)
        );
    }
    let text = format!("{} ties between {} names; each is a row of the table that follows.", drawn.len(), names.len());
    ("Who dealt with whom".to_string(), text, body, width as usize, height as usize)
}

/// One row a lineage: its origin, then what descends from it.
fn lineage(lines: &[Vec<Node>]) -> Drawn {
    const ROW: f64 = 54.0;
    const BOX: f64 = 158.0;
    const GAP: f64 = 58.0;
    const CHARS: usize = 18;
    let columns = lines.iter().map(Vec::len).max().unwrap_or(1);
    let width = BOX * columns as f64 + GAP * (columns as f64 - 1.0) + 8.0;
    let height = ROW * lines.len() as f64 + 4.0;
    let mut body = String::new();
    for (row, line) in lines.iter().enumerate() {
        let y = ROW * row as f64 + 4.0;
        for (column, node) in line.iter().enumerate() {
            let x = (BOX + GAP) * column as f64 + 4.0;
            if let Some(relation) = node.relation {
                // From the origin, past what stands between.
                let _ = writeln!(
                    body,
                    "<path class=\"descent\" d=\"M{0:.1} {3:.1}H{1:.1}\"/><text class=\"label soft\" x=\"{2:.1}\" y=\"{4:.1}\" text-anchor=\"middle\">{relation}</text>",
                    x - GAP + 2.0,
                    x - 2.0,
                    x - GAP / 2.0,
                    y + 22.0,
                    y + 16.0
                );
            }
            let name = if node.name.chars().count() > CHARS {
                format!("{}…", node.name.chars().take(CHARS - 1).collect::<String>())
            } else {
                node.name.clone()
            };
            let date = node.date.as_deref().map_or_else(|| "undated".to_string(), phrases::date);
            let _ = writeln!(
                body,
                "<a href=\"#r{0}\"><rect class=\"node\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{BOX:.1}\" height=\"44\" rx=\"5\"/><text class=\"label\" x=\"{1:.1}\" y=\"{2:.1}\">{0}. {3}</text><text class=\"label soft\" x=\"{1:.1}\" y=\"{4:.1}\">{5}</text></a>",
                node.document + 1,
                x + 8.0,
                y + 18.0,
                escape(&name),
                y + 35.0,
                escape(&date)
            );
        }
    }
    let reports: usize = lines.iter().map(Vec::len).sum();
    let text =
        format!("{reports} reports of {} origins, a row for each origin; the table that follows says the same.", lines.len());
    ("Which report descends from which".to_string(), text, body, width as usize, height as usize)
}
