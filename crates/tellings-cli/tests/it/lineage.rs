//! Who descends from whom: reports cut, re-ordered, spun and stitched by rule from known origins, among other reports of the same
//! matters that are independent of them. Sources are our own sample reports and, where `.gold/agreement/fnc1` lies unpacked in
//! the checkout, its articles.

use crate::root;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Write;
use std::process::Command;
use tellings_testing::floors;

/// What was done to an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Made {
    Origin,
    /// The same text on the same day with other spacing and an agency's line under it.
    Copy,
    /// Its first paragraphs, on the same day.
    Excerpt,
    /// Paragraphs in another order, one in four left out, led by another report's first sentence.
    Rewrite,
    /// One word in three exchanged.
    Spun,
    /// Half of it and half of another report.
    Stitched,
}

/// A text that descends from no other here.
struct Origin {
    text: String,
    /// What it is about.
    matter: usize,
    /// Another report of the same matter.
    sibling: usize,
}

struct Report {
    id: String,
    origin: usize,
    matter: usize,
    made: Made,
    /// The other origin of a stitched text.
    other: Option<usize>,
    text: String,
    day: Option<u8>,
}

fn paragraphs(text: &str) -> Vec<&str> {
    text.split("\n\n").map(str::trim).filter(|p| p.split_whitespace().count() > 3).collect()
}

/// The first sentence, as far as stops tell.
fn lead(text: &str) -> String {
    let first = paragraphs(text).first().copied().unwrap_or_default();
    first.split_inclusive(". ").next().unwrap_or(first).trim().to_string()
}

fn spin(text: &str, synonyms: &HashMap<&str, &str>) -> String {
    let mut turn = 0usize;
    text.split(' ')
        .map(|word| {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            match synonyms.get(bare.to_lowercase().as_str()).filter(|_| !bare.is_empty()) {
                Some(other) => {
                    turn += 1;
                    let capital = bare.starts_with(char::is_uppercase);
                    let mut letters = other.chars();
                    let first = letters.next().map(|c| if capital { c.to_ascii_uppercase() } else { c });
                    // A spinner leaves some words as they are.
                    if turn.is_multiple_of(4) {
                        word.to_string()
                    } else {
                        word.replace(bare, &first.into_iter().chain(letters).collect::<String>())
                    }
                }
                None => word.to_string(),
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// Every origin with its variants.
fn variants(origins: &[Origin], synonyms: &HashMap<&str, &str>) -> Vec<Report> {
    let mut reports = Vec::new();
    for (i, Origin { text, matter, sibling }) in origins.iter().enumerate() {
        let parts = paragraphs(text);
        let second = origins[*sibling].text.as_str();
        let mut add = |made: Made, text: String, day: Option<u8>, other: Option<usize>| {
            // Ids say nothing of the order in which the texts were made.
            let id = format!("{:04}-{}", (i * 7919 + made as usize * 104_729) % 9973, i * 6 + made as usize);
            reports.push(Report { id, origin: i, matter: *matter, made, other, text, day });
        };
        add(Made::Origin, text.clone(), Some(5), None);
        add(Made::Copy, format!("{}\n\nAdditional reporting by Reuters", parts.join("\n\n").replace("  ", " ")), Some(5), None);
        if parts.len() < 4 {
            continue;
        }
        let (head, tail) = parts.split_at(parts.len().div_ceil(2).min(4));
        add(Made::Excerpt, head.join("\n\n"), Some(5), None);
        let mut order: Vec<&str> = tail.iter().chain(head).copied().collect();
        order = order.into_iter().enumerate().filter(|(n, _)| n % 4 != 3).map(|(_, p)| p).collect();
        let mut text = vec![lead(second)];
        text.extend(order.into_iter().map(str::to_string));
        add(Made::Rewrite, text.join("\n\n"), Some(7), None);
        add(Made::Spun, spin(&parts.join("\n\n"), synonyms), if i % 2 == 0 { Some(7) } else { None }, None);
        let theirs = paragraphs(second);
        let half = theirs.len().div_ceil(2);
        let text = [head, &theirs[theirs.len() - half..]].concat().join("\n\n");
        add(Made::Stitched, text, Some(8), Some(*sibling));
    }
    reports.sort_by(|a, b| a.id.cmp(&b.id));
    reports
}

/// Lineage and relation of each report, as the program tells them.
fn lineages(reports: &[Report], name: &str) -> HashMap<String, (String, String)> {
    let path = std::env::temp_dir().join(format!("tellings-lineage-{name}-{}.jsonl", std::process::id()));
    let mut file = std::fs::File::create(&path).expect("a file in the temporary folder");
    for report in reports {
        let mut row = json!({"id": report.id, "text": report.text});
        if let Some(day) = report.day {
            row["date"] = json!(format!("2021-04-{day:02}"));
        }
        writeln!(file, "{row}").expect("written");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_tellings"))
        .args(["stories", "--quiet", "--input", "jsonl", "--output", "json"])
        .arg(&path)
        .output()
        .expect("tellings runs");
    if std::env::var_os("TELLINGS_SHOW").is_none() {
        let _ = std::fs::remove_file(&path);
    }
    let record: Value = serde_json::from_slice(&output.stdout).expect("stories are JSON");
    let mut found = HashMap::new();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for story in list(&record["stories"]) {
        // A report has its place in the story that it is mainly about.
        let main = list(&story["documents"]);
        for lineage in list(&story["lineages"]) {
            let origin = lineage["origin"].as_str().unwrap_or_default();
            for id in list(&lineage["documents"]).iter().filter(|id| main.contains(id)).filter_map(Value::as_str) {
                let relation = lineage["relation"][id].as_str().unwrap_or("original");
                found.insert(id.to_string(), (origin.to_string(), relation.to_string()));
            }
        }
    }
    found
}

/// Pairs of one origin found (by what was made of it), false pairs among reports of one matter, and how often the origin is named
/// as the origin.
fn figures(reports: &[Report], found: &HashMap<String, (String, String)>) -> BTreeMap<String, f64> {
    let lineage = |r: &Report| found.get(&r.id).map(|f| f.0.as_str());
    let same = |a: &Report, b: &Report| lineage(a).is_some() && lineage(a) == lineage(b);
    let mut of: BTreeMap<usize, Vec<&Report>> = BTreeMap::new();
    for report in reports {
        of.entry(report.origin).or_default().push(report);
    }
    let mut hits: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    let mut count = |name: &'static str, hit: bool| {
        let entry = hits.entry(name).or_default();
        *entry = (entry.0 + f64::from(hit), entry.1 + 1.0);
    };
    for family in of.values() {
        let Some(origin) = family.iter().find(|r| r.made == Made::Origin) else { continue };
        for report in family.iter().filter(|r| r.made != Made::Origin) {
            let hit = match report.other.and_then(|o| of.get(&o)).and_then(|f| f.iter().find(|r| r.made == Made::Origin)) {
                Some(second) => same(origin, report) || same(second, report),
                None => same(origin, report),
            };
            let name = match report.made {
                Made::Copy | Made::Excerpt => "copies and excerpts, recall",
                Made::Stitched => "stitched, recall",
                _ => "rewrites and spun, recall",
            };
            count(name, hit);
            if hit && report.made != Made::Stitched {
                // A text whose own date is not known may not be told from its origin by date.
                count("direction", lineage(report) == Some(origin.id.as_str()));
            }
        }
    }
    // Only reports of one matter are hard to keep apart.
    let pure: Vec<&Report> = reports.iter().filter(|r| r.made == Made::Origin).collect();
    let (mut independent, mut joined) = (0.0, 0.0);
    for (n, a) in pure.iter().enumerate() {
        for b in &pure[n + 1..] {
            if a.matter == b.matter {
                independent += 1.0;
                joined += f64::from(same(a, b));
            }
        }
    }
    let mut figures: BTreeMap<String, f64> = hits.into_iter().map(|(name, (hit, all))| (name.to_string(), hit / all)).collect();
    println!("{independent} pairs of independent reports of one matter");
    figures.insert("independent reports kept apart".to_string(), 1.0 - joined / f64::max(independent, 1.0));
    figures
}

fn synonyms() -> String {
    std::fs::read_to_string(root().join("testdata/lineage/synonyms.tsv")).expect("the table of synonyms")
}

fn measure(section: &str, origins: &[Origin]) {
    let source = synonyms();
    let synonyms = source.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('\t')).collect();
    let reports = variants(origins, &synonyms);
    let found = lineages(&reports, section);
    let figures = figures(&reports, &found);
    println!("{section}: {} reports from {} origins: {figures:.4?}", reports.len(), origins.len());
    if std::env::var_os("TELLINGS_SHOW").is_some() {
        for report in reports.iter().filter(|r| r.made != Made::Stitched) {
            let origin = reports.iter().find(|r| r.origin == report.origin && r.made == Made::Origin).map(|r| r.id.as_str());
            let told = found.get(&report.id);
            if told.map(|f| f.0.as_str()) != origin {
                println!("{} {:?} of {origin:?}: told as {told:?}", report.id, report.made);
            }
        }
    }
    floors::check(&root().join("testdata/floors.toml"), section, &figures);
}

#[test]
fn descent_among_our_own_reports() {
    let mut origins: Vec<Origin> = Vec::new();
    for story in ["hangzhou", "ceasefire"] {
        let mut texts: Vec<_> =
            std::fs::read_dir(root().join("examples").join(story)).expect("samples").flatten().map(|f| f.path()).collect();
        texts.sort();
        // Only those that are independent of one another: the samples hold copies and rewrites of their own.
        texts.retain(|p| {
            let name = p.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
            ["norwire-0905", "meridian-0905", "norwire-0908", "norwire-0412", "valley-post-0413", "norwire-0414"].contains(&name)
        });
        let first = origins.len();
        let count = texts.len();
        for (n, path) in texts.iter().enumerate() {
            let text = std::fs::read_to_string(path).expect("a sample");
            // Bylines, datelines and the agencies' own lines are left to other tests.
            let body: Vec<&str> = paragraphs(&text).into_iter().filter(|p| p.split_whitespace().count() > 12).collect();
            origins.push(Origin { text: body.join("\n\n"), matter: first, sibling: first + (n + 1) % count });
        }
    }
    measure("lineage-samples", &origins);
}

#[test]
fn descent_among_articles_of_the_agreement_corpus() {
    let folder = root().join(".gold/agreement/fnc1");
    if !folder.is_dir() {
        println!("skipped: lineage-fnc1: no articles in `{}`", folder.display());
        return;
    }
    let rows = |name: &str| -> Vec<csv::StringRecord> {
        csv::Reader::from_path(folder.join(name)).expect("a table of the corpus").records().flatten().collect()
    };
    // Headlines that are about two bodies say that these are of one matter.
    let mut matter: HashMap<String, usize> = HashMap::new();
    let mut by_headline: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows("train_stances.csv").iter().filter(|r| &r[2] != "unrelated") {
        by_headline.entry(row[0].to_string()).or_default().push(row[1].to_string());
    }
    for (n, bodies) in by_headline.values().enumerate() {
        let known = bodies.iter().find_map(|b| matter.get(b).copied()).unwrap_or(n);
        for body in bodies {
            matter.entry(body.clone()).or_insert(known);
        }
    }
    let mut matters: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for row in rows("train_bodies.csv") {
        let text = &row[1];
        let words = text.split_whitespace().count();
        if let Some(&m) = matter.get(&row[0]).filter(|_| (150..900).contains(&words) && paragraphs(text).len() >= 6) {
            matters.entry(m).or_default().push(text.to_string());
        }
    }
    // Articles that word for word hold runs of another are no independent origins, whoever copied whom.
    let mut seen: HashSet<Vec<String>> = HashSet::new();
    for texts in matters.values_mut() {
        texts.retain(|text| {
            let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
            let runs: Vec<Vec<String>> = words.windows(8).map(<[String]>::to_vec).collect();
            let known = runs.iter().filter(|r| seen.contains(*r)).count();
            let own = 20 * known < runs.len();
            if own {
                seen.extend(runs);
            }
            own
        });
    }
    let mut origins: Vec<Origin> = Vec::new();
    for texts in matters.values().filter(|t| t.len() >= 2).take(60) {
        let first = origins.len();
        let count = texts.len().min(4);
        origins.extend((0..count).map(|n| Origin { text: texts[n].clone(), matter: first, sibling: first + (n + 1) % count }));
    }
    measure("lineage-fnc1", &origins);
}
