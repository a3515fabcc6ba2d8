//! Coreference: trains the pronoun model of the linking stage, and scores it on GAP and GUM.

use crate::corpora::{self, Document, Split};
use anyhow::{Context, Result};
use rustc_hash::FxHashMap;
use std::path::Path;
use tellings_article::Given;
use tellings_doc::{Article, Form, Kind, Link, Mention, Parse, Span, Time};
use tellings_link::{Linker, PRONOUN_FEATURES, PRONOUN_HIDDEN, PronounCase, PronounModel};
use tellings_parse::Parser;

/// Parser and linker as they are shipped.
struct Reader {
    parser: Parser,
    linker: Linker,
}

impl Reader {
    fn new() -> Reader {
        Reader { parser: Parser::shipped(), linker: Linker::shipped() }
    }

    fn layers(&self, text: &str) -> (Article, Parse, Vec<Time>) {
        let article = tellings_article::row(text, &Given::default());
        let parse = self.parser.parse(&article);
        let times = tellings_time::times(&article, &parse);
        (article, parse, times)
    }

    fn link(&self, text: &str) -> Link {
        let (article, parse, times) = self.layers(text);
        self.linker.link(&article, &parse, &times)
    }

    fn pronouns(&self, text: &str) -> Vec<PronounCase> {
        let (article, parse, times) = self.layers(text);
        self.linker.pronouns(&article, &parse, &times)
    }
}

/// A row of GAP: a pronoun and two names, and which of them it stands for.
struct Gap {
    text: String,
    pronoun: Span,
    names: [(Span, bool); 2],
}

fn gap(path: &Path) -> Result<Vec<Gap>> {
    let mut rows = Vec::new();
    for line in corpora::read(path)?.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        if fields.len() < 10 {
            continue;
        }
        let text = fields[1].to_string();
        let span = |words: &str, offset: &str| -> Option<Span> {
            let start = text.char_indices().nth(offset.parse().ok()?)?.0;
            Some(Span::new(start, start + words.len()))
        };
        let (Some(pronoun), Some(a), Some(b)) =
            (span(fields[2], fields[3]), span(fields[4], fields[5]), span(fields[7], fields[8]))
        else {
            continue;
        };
        let names = [(a, fields[6] == "TRUE"), (b, fields[9] == "TRUE")];
        rows.push(Gap { pronoun, names, text });
    }
    Ok(rows)
}

/// Gold mentions of a GUM document: span, span of the head word, entity.
fn gum_mentions(gold: &Path, doc: &Document) -> Result<Vec<(Span, Span, u32)>> {
    let path = gold.join("coref/gum/gum").join(format!("{}.conll", doc.name));
    let words: Vec<(usize, usize)> =
        doc.sentences.iter().enumerate().flat_map(|(s, sentence)| (0..sentence.len()).map(move |w| (s, w))).collect();
    let mut open: Vec<(u32, usize)> = Vec::new();
    let mut mentions = Vec::new();
    let rows = corpora::read(&path)?;
    for (at, row) in rows.lines().filter(|l| !l.is_empty() && !l.starts_with('#')).enumerate() {
        let marks = row.split('\t').nth(2).unwrap_or("_");
        let number = |text: &str| text.split('-').nth(1).and_then(|n| n.parse::<u32>().ok());
        let mut rest = marks;
        while let Some(next) = rest.find(['(', ')']) {
            let (piece, tail) = rest.split_at(next);
            let close = |open: &mut Vec<(u32, usize)>, mentions: &mut Vec<(usize, usize, u32)>, id: u32| {
                if let Some(i) = open.iter().rposition(|o| o.0 == id) {
                    mentions.push((open.remove(i).1, at, id));
                }
            };
            if let Some(body) = tail.strip_prefix('(') {
                let end = body.find(['(', ')']).unwrap_or(body.len());
                if let Some(id) = number(&body[..end]) {
                    open.push((id, at));
                    if body[end..].starts_with(')') {
                        close(&mut open, &mut mentions, id);
                        rest = &body[end + 1..];
                        continue;
                    }
                }
                rest = &body[end..];
            } else {
                if let Some(id) = number(piece) {
                    close(&mut open, &mut mentions, id);
                }
                rest = &tail[1..];
            }
        }
    }
    let word = |at: usize| words.get(at).map(|&(s, w)| &doc.sentences[s][w]);
    Ok(mentions
        .into_iter()
        .filter_map(|(from, to, id)| {
            let span = word(from)?.span.join(word(to)?.span);
            let (sentence, first) = words[from];
            let inside = |h: usize| h >= first && h <= words[to].1;
            let head = (first..=words[to].1)
                .find(|&w| doc.sentences[sentence].get(w).is_some_and(|x| x.head.is_none_or(|h| !inside(h))));
            let head = head.map_or(span, |w| doc.sentences[sentence][w].span);
            Some((span, head, id))
        })
        .collect())
}

/// The gold entity of a mention of ours: the smallest gold mention whose head lies in our head.
fn gold_of(mentions: &[(Span, Span, u32)], span: Span, head: Span) -> Option<u32> {
    let fits = |m: &&(Span, Span, u32)| head.covers(m.1) && m.0.touches(span);
    mentions.iter().filter(fits).min_by_key(|m| m.0.len().abs_diff(span.len())).map(|m| m.2)
}

/// A pronoun's sentence, and each antecedent it may have with its features and whether it is the right one.
type Ranking = (usize, Vec<([f32; PRONOUN_FEATURES.len()], bool)>);

/// Trains the pronoun model on GUM's train half and GAP's development part, and writes its table.
pub fn train(gold: &Path, out: &Path) -> Result<()> {
    let reader = Reader::new();
    let mut cases: Vec<Ranking> = Vec::new();
    let mut missed = 0;
    for doc in corpora::gum(gold, Split::Train)? {
        let mentions = gum_mentions(gold, &doc)?;
        for case in reader.pronouns(&doc.text) {
            let Some(id) = gold_of(&mentions, case.span, case.span) else { continue };
            let options: Vec<_> = case
                .options
                .iter()
                .map(|o| (o.features, o.spans.iter().rev().take(3).any(|s| gold_of(&mentions, s.0, s.1) == Some(id))))
                .collect();
            if options.iter().any(|o| o.1) { cases.push((case.class, options)) } else { missed += 1 }
        }
    }
    println!("GUM: {} pronouns, {missed} without a right option", cases.len());
    missed = 0;
    let before = cases.len();
    for row in gap(&gold.join("coref/gap/gap-development.tsv"))? {
        let Some(right) = row.names.iter().find(|n| n.1) else { continue };
        let Some(case) = reader.pronouns(&row.text).into_iter().find(|c| c.span == row.pronoun) else { continue };
        let options: Vec<_> = case
            .options
            .iter()
            .map(|o| (o.features, o.spans.iter().any(|s| s.0.touches(right.0) && right.0.covers(s.1))))
            .collect();
        if options.iter().any(|o| o.1) { cases.push((case.class, options)) } else { missed += 1 }
    }
    println!("GAP: {} pronouns, {missed} without a right option", cases.len() - before);

    let mut table = String::from(
        "# The pronoun model, trained on GUM (train) and GAP (development) by `tellings-train coref`.\n\
         # class (he and she, it, they)\tfeature\tweights to the hidden layer. `floor`: how sure it must be.\n",
    );
    for (class, (name, floor)) in [("he", 0.36), ("it", 0.55), ("they", 0.45)].into_iter().enumerate() {
        let cases: Vec<(f32, &Ranking)> = (cases.iter().enumerate())
            .filter(|(_, case)| case.0 == class)
            .map(|(i, case)| (if class == 0 && i < before { 0.5 } else { 1.0 }, case))
            .collect();
        let mut model = fit(&cases, if class == 0 { 15 } else { 30 });
        model.floor = floor;
        let good = cases.iter().filter(|(_, (_, options))| {
            options.iter().max_by(|a, b| model.score(&a.0).total_cmp(&model.score(&b.0))).is_some_and(|o| o.1)
        });
        println!("{name}: {} pronouns, {:.3} right on the training data", cases.len(), good.count() as f64 / cases.len() as f64);
        let mut row = |feature: &str, weights: &[f32]| {
            let weights: Vec<String> = weights.iter().map(|w| format!("{w:.2}")).collect();
            table.push_str(&format!("{name}\t{feature}\t{}\n", weights.join(" ")));
        };
        row("floor", &[model.floor]);
        row("bias", &model.bias);
        row("out", &model.out);
        for (feature, weights) in PRONOUN_FEATURES.iter().zip(&model.weights) {
            row(feature, weights);
        }
    }
    std::fs::write(out, table).with_context(|| format!("cannot write `{}`", out.display()))
}

/// What the hidden layer makes of an antecedent, and the features it saw.
type Unit = ([f32; PRONOUN_HIDDEN], Vec<(usize, f32)>);

/// The network that ranks these best: batches of 64 in an order drawn anew in each round, Adam with decay, and units left
/// out by chance so that none is leant on.
fn fit(cases: &[(f32, &Ranking)], rounds: usize) -> PronounModel {
    const LEFT_OUT: f32 = 0.3;
    const UNSEEN: f32 = 0.09;
    let n = PRONOUN_FEATURES.len();
    let size = n * PRONOUN_HIDDEN + 2 * PRONOUN_HIDDEN;
    let mut random = 0x5EED_u64;
    let mut next = move || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random >> 40) as f32 / (1u64 << 24) as f32
    };
    // Weights in one row: to the hidden layer by feature, its bias, and out of it.
    let near = 1.0 / (n as f32).sqrt();
    let mut weights: Vec<f32> =
        (0..size).map(|i| (next() * 2.0 - 1.0) * if i < size - PRONOUN_HIDDEN { near } else { 0.25 }).collect();
    let (mut first, mut second) = (vec![0f32; size], vec![0f32; size]);
    let (hidden_at, out_at) = (n * PRONOUN_HIDDEN, (n + 1) * PRONOUN_HIDDEN);
    let mut order: Vec<usize> = (0..cases.len()).collect();
    let mut step = 0;
    // The mean of the weights of the last rounds: one run differs less from the next.
    let (mut mean, mut meant) = (vec![0f32; size], 0f32);
    for round in 0..rounds {
        for i in (1..order.len()).rev() {
            order.swap(i, (next() * (i + 1) as f32) as usize);
        }
        for batch in order.chunks(64) {
            let mut slope = vec![0f32; size];
            for &at in batch {
                let (weight, (_, options)) = &cases[at];
                let mut units: Vec<Unit> = Vec::with_capacity(options.len());
                let mut scores: Vec<f32> = Vec::with_capacity(options.len());
                for (features, _) in options {
                    let seen: Vec<(usize, f32)> = (features.iter().enumerate())
                        .filter(|(_, f)| **f != 0.0)
                        .filter_map(|(k, f)| (next() >= UNSEEN).then_some((k, f / (1.0 - UNSEEN))))
                        .collect();
                    let mut hidden = [0f32; PRONOUN_HIDDEN];
                    hidden.copy_from_slice(&weights[hidden_at..out_at]);
                    for &(k, f) in &seen {
                        for (unit, w) in hidden.iter_mut().zip(&weights[k * PRONOUN_HIDDEN..(k + 1) * PRONOUN_HIDDEN]) {
                            *unit += f * w;
                        }
                    }
                    for unit in &mut hidden {
                        *unit = if next() < LEFT_OUT { 0.0 } else { unit.max(0.0) / (1.0 - LEFT_OUT) };
                    }
                    scores.push(hidden.iter().zip(&weights[out_at..]).map(|(unit, w)| unit * w).sum());
                    units.push((hidden, seen));
                }
                let top = scores.iter().copied().fold(f32::MIN, f32::max);
                let exps: Vec<f32> = scores.iter().map(|s| (s - top).exp()).collect();
                let total: f32 = exps.iter().sum();
                let right: f32 = exps.iter().zip(options).filter(|(_, o)| o.1).map(|(e, _)| e).sum::<f32>().max(1e-9);
                for ((e, (_, good)), (hidden, seen)) in exps.iter().zip(options).zip(&units) {
                    let push = weight * (e / total - if *good { e / right } else { 0.0 });
                    for (h, unit) in hidden.iter().enumerate().filter(|(_, unit)| **unit > 0.0) {
                        slope[out_at + h] += push * unit;
                        let back = push * weights[out_at + h] / (1.0 - LEFT_OUT);
                        slope[hidden_at + h] += back;
                        for &(k, f) in seen {
                            slope[k * PRONOUN_HIDDEN + h] += back * f;
                        }
                    }
                }
            }
            step += 1;
            let (a, b) = (1.0 - 0.9f32.powi(step), 1.0 - 0.999f32.powi(step));
            for i in 0..size {
                let s = slope[i] / batch.len() as f32;
                first[i] = 0.9 * first[i] + 0.1 * s;
                second[i] = 0.999 * second[i] + 0.001 * s * s;
                weights[i] -= 2e-3 * (first[i] / a / ((second[i] / b).sqrt() + 1e-8) + 0.1 * weights[i]);
            }
            if 2 * round >= rounds {
                meant += 1.0;
                mean.iter_mut().zip(&weights).for_each(|(mean, w)| *mean += (w - *mean) / meant);
            }
        }
    }
    let row = |from: usize| -> [f32; PRONOUN_HIDDEN] { std::array::from_fn(|h| mean[from + h]) };
    PronounModel {
        weights: (0..n).map(|k| row(k * PRONOUN_HIDDEN)).collect(),
        bias: row(hidden_at),
        out: row(out_at),
        floor: 0.0,
    }
}

/// Says of GAP's development part where the right name is not among what a pronoun could stand for.
pub fn missed(gold: &Path) -> Result<()> {
    let reader = Reader::new();
    for row in gap(&gold.join("coref/gap/gap-development.tsv"))? {
        let Some(right) = row.names.iter().find(|n| n.1) else { continue };
        let case = reader.pronouns(&row.text).into_iter().find(|c| c.span == row.pronoun);
        let covers = |s: &(Span, Span)| s.0.touches(right.0) && right.0.covers(s.1);
        if case.as_ref().is_some_and(|c| c.options.iter().any(|o| o.spans.iter().any(covers))) {
            continue;
        }
        let link = reader.link(&row.text);
        let mention = link.mentions.iter().find(|m| m.form == Form::Name && m.head.touches(right.0));
        let words = |s: Span| s.of(&row.text);
        let why = match (&case, mention) {
            (None, _) => "no case".to_string(),
            (_, None) => "name not found".to_string(),
            (_, Some(m)) => match m.entity {
                None => format!("no entity: {}", m.rule),
                Some(_) if !right.0.covers(m.head) => format!("span {}", words(m.head)),
                Some(e) => {
                    let first = link.mentions_of(e).map(|m| m.span.start()).min().unwrap_or(0);
                    format!("{} {}", m.kind.as_str(), if first > row.pronoun.start() { "after" } else { "" })
                }
            },
        };
        println!(
            "{why}\t{}\t{}\t{}",
            words(right.0),
            words(row.pronoun),
            row.text.replace(words(right.0), &format!("[{}]", words(right.0)))
        );
    }
    Ok(())
}

/// Is it a pronoun of the third person?
fn third(mention: &Mention, text: &str) -> bool {
    const THIRD: [&str; 15] = [
        "he", "him", "his", "himself", "she", "her", "hers", "herself", "it", "its", "itself", "they", "them", "their", "theirs",
    ];
    let words = mention.span.of(text).to_ascii_lowercase();
    mention.form == Form::Pronoun && (THIRD.contains(&words.as_str()) || words == "themselves")
}

fn ratio(a: usize, b: usize) -> f64 {
    a as f64 / b.max(1) as f64
}

/// Precision, recall and F1 on a part of GAP, and how many of its pronouns are left open.
fn gap_figures(reader: &Reader, path: &Path) -> Result<(f64, f64, f64, usize)> {
    let (mut hit, mut wrong, mut missed, mut unresolved) = (0, 0, 0, 0);
    for row in gap(path)? {
        let link = reader.link(&row.text);
        let entity = link.mentions.iter().find(|m| m.span == row.pronoun).and_then(|m| m.entity);
        unresolved += usize::from(entity.is_none());
        for (name, right) in row.names {
            let said = entity.is_some_and(|e| link.mentions_of(e).any(|m| m.form != Form::Pronoun && m.head.touches(name)));
            match (said, right) {
                (true, true) => hit += 1,
                (true, false) => wrong += 1,
                (false, true) => missed += 1,
                (false, false) => {}
            }
        }
    }
    Ok((ratio(hit, hit + wrong), ratio(hit, hit + missed), ratio(2 * hit, 2 * hit + wrong + missed), unresolved))
}

/// Links of one half of GUM by what is linked, right and wrong, and the wrong ones in words.
#[derive(Default)]
struct Links {
    counts: FxHashMap<(&'static str, bool), usize>,
    wrong: Vec<String>,
    /// Third-person pronouns with something before them that they stand for.
    pronouns: usize,
}

impl Links {
    fn made(&self, kind: &'static str) -> usize {
        [true, false].iter().map(|right| self.counts.get(&(kind, *right)).copied().unwrap_or(0)).sum()
    }

    fn right(&self, kind: &'static str) -> f64 {
        ratio(self.counts.get(&(kind, true)).copied().unwrap_or(0), self.made(kind))
    }
}

fn gum_links(reader: &Reader, gold: &Path, split: Split) -> Result<Links> {
    let mut links = Links::default();
    for doc in corpora::gum(gold, split)? {
        let mentions = gum_mentions(gold, &doc)?;
        let link = reader.link(&doc.text);
        let news = doc.name.contains("news");
        let aligned: Vec<Option<u32>> = link.mentions.iter().map(|m| gold_of(&mentions, m.span, m.head)).collect();
        // Is the mention one of gold's, word for word, and not the head of a longer one ("mainland Australia")?
        let whole = |m: &Mention| {
            let bare = |span: Span| {
                let words = span.of(&doc.text);
                let words = words.strip_suffix("'s").or(words.strip_suffix("’s")).unwrap_or(words);
                words.strip_prefix("the ").or(words.strip_prefix("The ")).unwrap_or(words).to_string()
            };
            mentions.iter().any(|g| g.0.touches(m.span) && bare(g.0) == bare(m.span))
        };
        for (i, mention) in link.mentions.iter().enumerate() {
            let third = third(mention, &doc.text);
            let earlier = |id: u32| mentions.iter().any(|m| m.2 == id && m.0.end() <= mention.span.start());
            links.pronouns += usize::from(third && aligned[i].is_some_and(earlier));
            if mention.kind == Kind::Norp {
                continue; // GUM keeps "Dutch" apart from the Netherlands; here they are one by design
            }
            let (Some(entity), Some(id)) = (mention.entity, aligned[i]) else { continue };
            let before = (0..i).rev().find(|&j| {
                let other = &link.mentions[j];
                other.entity == Some(entity)
                    && aligned[j].is_some()
                    && other.kind != Kind::Norp
                    && (mention.form != Form::Name || other.form == Form::Name)
            });
            let Some(before) = before else { continue };
            let right = aligned[before] == Some(id);
            if !right {
                let words = |span: Span| span.of(&doc.text).replace('\n', " ");
                let gold = |at: usize| {
                    let m = &link.mentions[at];
                    let one = mentions.iter().find(|g| Some(g.2) == aligned[at] && m.head.covers(g.1) && g.0.touches(m.span));
                    one.map(|g| words(g.0)).unwrap_or_default()
                };
                let (ours, taken) = (words(mention.span), words(link.mentions[before].span));
                let (form, rule) = (mention.form.as_str(), &mention.rule);
                let (a, b) = (gold(i), gold(before));
                links.wrong.push(format!("{}: {form} `{ours}` taken for `{taken}` ({rule}); gold `{a}`, `{b}`", doc.name));
            }
            let mut count = |kind| *links.counts.entry((kind, right)).or_default() += 1;
            let kind = match mention.form {
                Form::Name => "names",
                Form::Nominal => "nominals",
                Form::Pronoun if third => match &mention.span.of(&doc.text).to_ascii_lowercase()[..1] {
                    "h" | "s" => "he, she",
                    "i" => "it",
                    _ => "they",
                },
                Form::Pronoun => "other pronouns",
            };
            count(kind);
            if kind == "names" && whole(mention) && whole(&link.mentions[before]) {
                count("names, both whole");
            }
            if third {
                count("pronouns");
            }
            if news {
                count(if mention.form == Form::Name { "names in news" } else { "rest in news" });
            }
        }
    }
    Ok(links)
}

/// Prints F1 on GAP's validation part and precision of links on a half of GUM; with `show`, every wrong link.
pub fn score(gold: &Path, split: Split, show: bool) -> Result<()> {
    let reader = Reader::new();
    let (p, r, f1, unresolved) = gap_figures(&reader, &gold.join("coref/gap/gap-validation.tsv"))?;
    println!("GAP validation: P {p:.4} R {r:.4} F1 {f1:.4}, {unresolved} pronouns unresolved");
    let links = gum_links(&reader, gold, split)?;
    links.wrong.iter().filter(|_| show).for_each(|line| println!("{line}"));
    let part = if split == Split::Dev { "dev" } else { "train" };
    for kind in [
        "names",
        "names, both whole",
        "names in news",
        "rest in news",
        "nominals",
        "pronouns",
        "he, she",
        "it",
        "they",
        "other pronouns",
    ] {
        println!("GUM {part}, {kind}: {:.4} of {} links right", links.right(kind), links.made(kind));
    }
    println!("GUM {part}, third-person pronouns with an antecedent: {}", links.pronouns);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// `.gold` holds the unpacked corpora; skipped aloud without them.
    #[test]
    #[allow(clippy::print_stderr)]
    fn coreference_holds_its_floors() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let gold = root.join(".gold");
        if !gold.join("coref/gap").is_dir() || !gold.join("coref/gum").is_dir() || !gold.join("parse/gum").is_dir() {
            eprintln!("skipped: coref-gap-gum: no corpora in `{}`", gold.display());
            return;
        }
        let reader = Reader::new();
        let gap = gap_figures(&reader, &gold.join("coref/gap/gap-validation.tsv")).unwrap();
        let links = gum_links(&reader, &gold, Split::Dev).unwrap();
        let figures = BTreeMap::from([
            ("GAP P".to_string(), gap.0),
            ("GAP F1".to_string(), gap.2),
            ("GUM names".to_string(), links.right("names")),
            ("GUM names, links".to_string(), links.made("names") as f64),
            ("GUM pronouns".to_string(), links.right("pronouns")),
            ("GUM he, she".to_string(), links.right("he, she")),
            ("GUM pronouns, links".to_string(), links.made("pronouns") as f64),
        ]);
        tellings_testing::floors::check(&root.join("testdata/floors.toml"), "coref-gap-gum", &figures);
    }
}
