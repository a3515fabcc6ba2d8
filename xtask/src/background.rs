//! Builds `crates/tellings-story/data/background.tsv`: in how many pieces of ordinary news each term stands, as the program reads
//! them. Counts of Wikinews 2019–2020 (CC BY 2.5), of the texts of the Groningen Meaning Bank (public domain; runs of sentences
//! stand for articles) and of the WCXB pages (CC BY 4.0); no text is kept.

use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::path::Path;
use tellings::{Body, Given, Models, Report};

/// Terms in fewer articles than this are rare enough to be left out.
const FEWEST: usize = 4;
/// Sentences of a corpus without articles that stand for one.
const SENTENCES: usize = 15;

/// Reads the corpora in a folder and writes the table.
pub(crate) fn build(from: &Path, to: &Path) -> Result<()> {
    let mut texts: Vec<String> = Vec::new();
    for year in ["wikinews_2019.csv", "wikinews_2020.csv"] {
        let path = from.join("raw/wikinews-2019-2020").join(year);
        for row in csv::Reader::from_path(&path).with_context(|| format!("cannot read `{}`", path.display()))?.records() {
            texts.push(row?.iter().next_back().unwrap_or("").to_string());
        }
    }
    let path = from.join("ner/gmb-ner/ner_dataset.csv");
    let bytes = std::fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
    // Latin-1: each byte is one character.
    let source: String = bytes.into_iter().map(char::from).collect();
    let (mut text, mut sentences) = (String::new(), 0);
    for row in csv::Reader::from_reader(source.as_bytes()).records() {
        let row = row?;
        if !row[0].is_empty() {
            sentences += 1;
            if sentences % SENTENCES == 0 {
                texts.push(std::mem::take(&mut text));
            }
        }
        text.push_str(&row[1]);
        text.push(' ');
    }
    texts.push(text);
    let folder = from.join("pages/wcxb/ground-truth");
    let mut pages: Vec<_> = std::fs::read_dir(&folder)
        .with_context(|| format!("cannot read `{}`", folder.display()))?
        .flatten()
        .map(|f| f.path())
        .collect();
    pages.sort();
    for page in pages {
        let page: serde_json::Value = serde_json::from_slice(&std::fs::read(page)?)?;
        let content = page.pointer("/ground_truth/main_content").or_else(|| page.get("main_content"));
        texts.extend(content.and_then(|c| c.as_str()).map(str::to_string));
    }
    let reports = (texts.into_iter().enumerate()).map(|(n, text)| {
        Ok(Report { id: n.to_string(), given: Given::default(), body: Body::Row(text), problems: Vec::new(), keys: Vec::new() })
    });
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut articles = 0;
    tellings::read_each(&Models::shipped(), reports, |doc| {
        let Ok(doc) = doc else { return };
        let terms = tellings::story::terms(&doc);
        articles += usize::from(!terms.is_empty());
        terms.into_iter().filter(|t| !t.contains(['\t', '\n'])).for_each(|term| *counts.entry(term).or_default() += 1);
    });
    let mut table = format!("{articles}\n");
    for (word, count) in counts.iter().filter(|(_, count)| **count >= FEWEST) {
        table.push_str(&format!("{word}\t{count}\n"));
    }
    std::fs::write(to, table).with_context(|| format!("cannot write `{}`", to.display()))
}
