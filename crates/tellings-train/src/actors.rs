//! Codes of those who act and are acted on: country and first sector of the entities at the words that a gold file of reports
//! marks as actors and recipients (`report` task of the shared scorer, which scores countries only on events).

use crate::corpora;
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use tellings_article::Given;
use tellings_doc::{Entity, Link, Parse, Span};
use tellings_link::Linker;
use tellings_parse::Parser;

/// Right and counted.
type Share = (usize, usize);

/// What was counted.
#[derive(Clone, Debug, Default)]
struct Counts {
    /// Gold participants with a code, and those of them where some entity of ours stands.
    found: Share,
    country: Share,
    first: Share,
    among: Share,
    differences: Vec<String>,
}

/// The entity of ours at these words: of the mention with the same span, else of the one that has their syntactic head, else of
/// the one that has most of them.
fn at<'a>(link: &'a Link, parse: &Parse, span: Span) -> Option<&'a Entity> {
    let head = parse.head_of(span).map(|token| parse.token(token).span);
    let overlap = |s: Span| s.end().min(span.end()).saturating_sub(s.start().max(span.start())) as i64;
    let mentions = link.mentions.iter().filter(|m| m.span == span || span.touches(m.head));
    let best = mentions.max_by_key(|m| {
        let heads = head.is_some_and(|head| m.head.touches(head));
        (m.span == span, heads, m.entity.is_some(), 2 * overlap(m.span) - m.span.len() as i64)
    })?;
    Some(&link.entities[best.entity?.index()])
}

fn count(path: &Path) -> Result<Counts> {
    let (parser, linker) = (Parser::shipped(), Linker::shipped());
    let mut counts = Counts::default();
    for line in corpora::read(path)?.lines().filter(|line| !line.is_empty()) {
        let report: Value = serde_json::from_str(line).with_context(|| format!("`{}` is not JSON Lines", path.display()))?;
        let words = |name: &str| report[name].as_str().map(str::to_string);
        let text = words("text").unwrap_or_default();
        let article = tellings_article::row(&text, &Given { title: words("title"), date: words("date"), ..Given::default() });
        let parse = parser.parse(&article);
        let times = tellings_time::times(&article, &parse);
        let link = linker.link(&article, &parse, &times);
        let events = report["gold"]["events"].as_array().into_iter().flatten();
        let people =
            events.flat_map(|event| ["actors", "recipients"].map(|role| event[role].as_array().cloned().unwrap_or_default()));
        for gold in people.flatten() {
            let end = |i: usize| gold["span"][i].as_u64().map(|n| n as usize);
            let (Some(from), Some(to)) = (end(0), end(1)) else { continue };
            let span = Span::new(from, to);
            let (country, sector) = (gold["country"].as_str(), gold["sector"].as_str());
            counts.found.1 += 1;
            let Some(entity) = at(&link, &parse, span) else {
                counts.differences.push(format!("{}: `{}` is nobody", words("id").unwrap_or_default(), span.of(&text)));
                continue;
            };
            counts.found.0 += 1;
            let add = |share: &mut Share, right: bool| {
                *share = (share.0 + usize::from(right), share.1 + 1);
            };
            let same = entity.country.as_deref() == country;
            country.iter().for_each(|_| add(&mut counts.country, same));
            let Some(sector) = sector else { continue };
            let first = entity.sectors.first().is_some_and(|s| s == sector);
            add(&mut counts.first, first);
            add(&mut counts.among, entity.sectors.iter().any(|s| s == sector));
            if !first || country.is_some() && !same {
                let ours = format!("{} {}", entity.country.as_deref().unwrap_or("-"), entity.sectors.join(","));
                counts.differences.push(format!(
                    "{}: `{}`: gold {} {sector}, ours {ours} ({}, {})",
                    words("id").unwrap_or_default(),
                    span.of(&text),
                    country.unwrap_or("-"),
                    entity.name,
                    entity.rule,
                ));
            }
        }
    }
    Ok(counts)
}

impl Counts {
    fn figures(&self) -> BTreeMap<String, f64> {
        let share = |s: Share| s.0 as f64 / s.1.max(1) as f64;
        [("found", self.found), ("country", self.country), ("first sector", self.first), ("sector among ours", self.among)]
            .map(|(name, value)| (name.to_string(), share(value)))
            .into()
    }
}

/// Prints the figures; with `show` the differences before them.
pub fn score(path: &Path, show: bool) -> Result<()> {
    let counts = count(path)?;
    counts.differences.iter().filter(|_| show).for_each(|line| println!("{line}"));
    counts.figures().iter().for_each(|(name, value)| println!("{name:18} {value:.4}"));
    println!("{} actors and recipients, {} found, {} of them with a sector", counts.found.1, counts.found.0, counts.first.1);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_actors_hold_their_floors() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let Some(shared) = tellings_testing::floors::shared(&root, "actor-codes") else { return };
        let figures = count(&shared.join("eval/dev/report-wikinews-dev.jsonl")).unwrap().figures();
        tellings_testing::floors::check(&root.join("testdata/floors.toml"), "actor-codes", &figures);
    }
}
