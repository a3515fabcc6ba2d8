//! Did it happen? Scores the event stage's answer on the factuality layer of the English web treebank.

use crate::corpora::{self, Split};
use anyhow::{Context, Result};
use rustc_hash::FxHashMap;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use tellings_article::Given;
use tellings_doc::{Id, Link, Realis};
use tellings_event::EventRules;
use tellings_parse::Parser;

/// Ratings nearer to 0 than this are disputed among their raters and left out.
const SURE: f64 = 0.3;

/// Rated words of each sentence, by its name in the treebank: position from 1, rating (above 0: it happened).
fn ratings(gold: &Path) -> Result<FxHashMap<String, Vec<(usize, f64)>>> {
    let folder = gold.join("srl/uds-factuality");
    let json = |name: &str| -> Result<Value> {
        serde_json::from_str(&corpora::read(&folder.join(name))?).with_context(|| format!("`{name}` is not JSON"))
    };
    let (ids, ratings) = (json("ud_ids.json")?, json("factuality.normalized.json")?);
    let mut found: FxHashMap<String, Vec<(usize, f64)>> = FxHashMap::default();
    for (sentence, words) in ratings["data"].as_object().into_iter().flatten() {
        let Some(id) = ids[sentence]["sentence_id"].as_str() else { continue };
        for (word, rating) in words.as_object().into_iter().flatten() {
            let position = word.rsplit('-').next().and_then(|n| n.parse().ok());
            if let (Some(position), Some(value)) = (position, rating["factuality"]["factual"]["value"].as_f64()) {
                found.entry(id.to_string()).or_default().push((position, value));
            }
        }
    }
    found.values_mut().for_each(|words| words.sort_by_key(|w| w.0));
    Ok(found)
}

/// What was counted.
#[derive(Clone, Debug, Default)]
struct Counts {
    /// By whether it happened and whether we take it to have.
    happened: [[usize; 2]; 2],
    /// By our answer: did not happen, did.
    by_answer: BTreeMap<&'static str, [usize; 2]>,
    /// Rated words that we cut otherwise.
    lost: usize,
    /// One line for each difference.
    differences: Vec<String>,
}

impl Counts {
    /// The figures that floors are kept for.
    fn figures(&self) -> BTreeMap<String, f64> {
        let [[not, missed], [wrong, right]] = self.happened;
        let f1 = |right: usize, a: usize, b: usize| 2.0 * right as f64 / (a + b).max(1) as f64;
        let figures = [
            ("accuracy", ratio(not + right, not + missed + wrong + right)),
            ("happened F1", f1(right, right + missed, right + wrong)),
            ("not F1", f1(not, not + wrong, not + missed)),
            ("not precision", ratio(not, not + wrong)),
            ("not recall", ratio(not, not + missed)),
        ];
        figures.into_iter().map(|(name, value)| (name.to_string(), value)).collect()
    }
}

fn ratio(a: usize, b: usize) -> f64 {
    a as f64 / b.max(1) as f64
}

/// Compares our answers with the raters': raw text in, our own words and trees; words that we cut otherwise are left out.
fn count(gold: &Path, split: Split) -> Result<Counts> {
    let ratings = ratings(gold)?;
    let (parser, rules) = (Parser::shipped(), EventRules::shipped());
    let mut counts = Counts::default();
    for doc in corpora::ewt(gold, split)? {
        let article = tellings_article::row(&doc.text, &Given::default());
        let parse = parser.parse(&article);
        let mut rated = Vec::new();
        for (sentence, id) in doc.sentences.iter().zip(&doc.ids) {
            for &(position, value) in ratings.get(id).into_iter().flatten().filter(|r| r.1.abs() >= SURE) {
                let span = sentence.get(position - 1).map(|word| word.span);
                let token = span.and_then(|span| parse.tokens.iter().position(|t| t.span == span));
                match token {
                    Some(token) => rated.push((token, value > 0.0)),
                    None => counts.lost += 1,
                }
            }
        }
        let words: Vec<_> = rated.iter().map(|r| Id::new(r.0)).collect();
        let found = rules.realis(&article, &parse, &Link::default(), &words);
        for (&(token, happened), realis) in rated.iter().zip(found) {
            let taken = matches!(realis, Realis::Actual | Realis::Historical);
            counts.happened[happened as usize][taken as usize] += 1;
            counts.by_answer.entry(realis.as_str()).or_default()[happened as usize] += 1;
            if happened != taken {
                let sentence = parse.sentence_of(Id::new(token)).map_or("", |s| s.span.of(&doc.text)).replace('\n', " ");
                let (word, gold) = (parse.tokens[token].span.of(&doc.text), if happened { "happened" } else { "not" });
                counts.differences.push(format!("{gold}\t{}\t{word}\t{sentence}", realis.as_str()));
            }
        }
    }
    Ok(counts)
}

/// Prints the figures; with `show` the differences before them.
pub fn score(gold: &Path, split: Split, show: bool) -> Result<()> {
    let counts = count(gold, split)?;
    counts.differences.iter().filter(|_| show).for_each(|line| println!("{line}"));
    counts.figures().iter().for_each(|(name, value)| println!("{name:16} {value:.4}"));
    let [not, happened] = counts.happened.map(|row| row[0] + row[1]);
    println!(
        "{} rated words, {happened} of them happened; {} left out because we cut the words otherwise",
        not + happened,
        counts.lost
    );
    for (realis, [not, happened]) in &counts.by_answer {
        println!("taken as {realis:12} {:5}, did not happen {not:5} ({:.3})", not + happened, ratio(*not, not + happened));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `.gold` holds the unpacked corpora; skipped aloud without them.
    #[test]
    #[allow(clippy::print_stderr)]
    fn realis_holds_its_floor() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let gold = root.join(".gold");
        if !gold.join("srl/uds-factuality").is_dir() || !gold.join("parse/ud-ewt").is_dir() {
            eprintln!("skipped: realis-uds-dev: no corpora in `{}`", gold.display());
            return;
        }
        let figures = count(&gold, Split::Dev).unwrap().figures();
        tellings_testing::floors::check(&root.join("testdata/floors.toml"), "realis-uds-dev", &figures);
    }
}
