//! Builds `crates/tellings-story/data/background.tsv`: in how many articles of ordinary news each word stands. Counts of
//! Wikinews 2019–2020 (CC BY 2.5); no text is kept.

use anyhow::{Context, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Words in fewer articles than this are rare enough to be left out.
const FEWEST: usize = 5;

/// Reads `wikinews_*.csv` in a folder (texts in the last column) and writes the table.
pub(crate) fn build(from: &Path, to: &Path) -> Result<()> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut articles = 0;
    for year in ["wikinews_2019.csv", "wikinews_2020.csv"] {
        let path = from.join(year);
        let source = std::fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        for text in last_column(&source).into_iter().skip(1) {
            articles += 1;
            let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| w.len() > 1);
            for word in words.map(str::to_lowercase).collect::<BTreeSet<String>>() {
                *counts.entry(word).or_default() += 1;
            }
        }
    }
    let mut table = format!("{articles}\n");
    for (word, count) in counts.iter().filter(|(_, count)| **count >= FEWEST) {
        table.push_str(&format!("{word}\t{count}\n"));
    }
    std::fs::write(to, table).with_context(|| format!("cannot write `{}`", to.display()))
}

/// The last field of each row of a CSV with quoted fields.
fn last_column(source: &str) -> Vec<String> {
    let (mut rows, mut field, mut quoted) = (Vec::new(), String::new(), false);
    for c in source.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => field.clear(),
            '\n' if !quoted => rows.push(std::mem::take(&mut field)),
            c => field.push(c),
        }
    }
    rows
}
