//! Words a second on one core: each stage, the whole of reading, its JSON, pages, and the record of a story.
//! `cargo bench -p tellings`; of one stage `cargo bench -p tellings -- parse`.
//!
//! Reads the sample reports in `examples/`, and the raw news and pages of the shared data where they are there
//! (`TELLINGS_SHARED`, default `../shared`; pages unpacked in `.gold/pages/wcxb`). The machine may be busy: of the columns take
//! `fastest`. Items are words; of pages, pages.

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use tellings::doc::{Article, Doc};
use tellings::{Format, Given, Models, json};
use tellings_read::article::{article, row};

fn main() {
    divan::main();
}

static MODELS: LazyLock<Models> = LazyLock::new(Models::shipped);

/// What is measured on: texts in one kind.
struct Set {
    texts: Vec<String>,
    docs: Vec<Doc>,
    words: usize,
}

impl Set {
    fn new(texts: Vec<String>) -> Set {
        let docs: Vec<Doc> = texts.iter().map(|text| read(text)).collect();
        let words = docs.iter().map(|doc| doc.parse.tokens.len()).sum();
        Set { texts, docs, words }
    }
}

static SAMPLES: LazyLock<Set> = LazyLock::new(|| Set::new(samples()));
static NEWS: LazyLock<Set> = LazyLock::new(|| Set::new(news()));
static PAGES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(pages);

/// The sets by name; one that is not there is empty.
const SETS: [&str; 2] = ["samples", "news"];

fn set(name: &str) -> &'static Set {
    if name == "news" { &NEWS } else { &SAMPLES }
}

fn given() -> Given {
    Given { date: Some("2020-06-15".into()), ..Given::default() }
}

fn read(text: &str) -> Doc {
    tellings::read_row(&MODELS, "report", text, &given())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The texts of the sample reports.
fn samples() -> Vec<String> {
    let stories = std::fs::read_dir(root().join("examples")).into_iter().flatten().flatten();
    let reports = stories.flat_map(|story| std::fs::read_dir(story.path()).into_iter().flatten().flatten());
    let mut paths: Vec<PathBuf> =
        reports.map(|report| report.path()).filter(|p| p.extension().is_some_and(|e| e == "txt")).collect();
    paths.sort();
    paths.iter().filter_map(|path| std::fs::read_to_string(path).ok()).collect()
}

/// Texts of Wikinews: the last column of a table with quoted fields.
fn news() -> Vec<String> {
    let shared = std::env::var_os("TELLINGS_SHARED").map_or_else(|| root().join("../shared"), Into::into);
    let Ok(source) = std::fs::read_to_string(shared.join("gold/raw/wikinews-2019-2020/wikinews_2020.csv")) else {
        return Vec::new();
    };
    let (mut rows, mut field, mut quoted) = (Vec::new(), String::new(), false);
    for c in source.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => field.clear(),
            '\n' if !quoted => rows.push(std::mem::take(&mut field)),
            c => field.push(c),
        }
    }
    rows.into_iter().skip(1).filter(|r| r.len() > 200).take(100).collect()
}

/// Some pages of the web.
fn pages() -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(root().join(".gold/pages/wcxb/html")).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths.iter().take(100).filter_map(|path| std::fs::read(path).ok()).collect()
}

#[divan::bench(args = SETS)]
fn stage_1_article(bencher: Bencher<'_, '_>, name: &str) {
    let set = set(name);
    bencher
        .counter(ItemsCount::new(set.words))
        .bench(|| set.texts.iter().map(|text| row(text, &given())).collect::<Vec<Article>>());
}

#[divan::bench(args = SETS)]
fn stage_2_parse_and_names(bencher: Bencher<'_, '_>, name: &str) {
    let set = set(name);
    bencher
        .counter(ItemsCount::new(set.words))
        .bench(|| set.docs.iter().map(|doc| MODELS.parser.parse(&doc.article).tokens.len()).sum::<usize>());
}

#[divan::bench(args = SETS)]
fn stage_3_time(bencher: Bencher<'_, '_>, name: &str) {
    let set = set(name);
    bencher
        .counter(ItemsCount::new(set.words))
        .bench(|| set.docs.iter().map(|doc| tellings_time::times(&doc.article, &doc.parse).len()).sum::<usize>());
}

#[divan::bench(args = SETS)]
fn stage_4_link(bencher: Bencher<'_, '_>, name: &str) {
    let set = set(name);
    bencher.counter(ItemsCount::new(set.words)).bench(|| {
        let link = |doc: &Doc| MODELS.linker.link(&doc.article, &doc.parse, &doc.times).mentions.len();
        set.docs.iter().map(link).sum::<usize>()
    });
}

#[divan::bench(args = SETS)]
fn stage_5_speech(bencher: Bencher<'_, '_>, name: &str) {
    let set = set(name);
    bencher.counter(ItemsCount::new(set.words)).bench(|| {
        let speech = |doc: &Doc| MODELS.speech.speech(&doc.article, &doc.parse, &doc.times, &doc.link).claims.len();
        set.docs.iter().map(speech).sum::<usize>()
    });
}

#[divan::bench(args = SETS)]
fn stage_6_event(bencher: Bencher<'_, '_>, name: &str) {
    let set = set(name);
    bencher.counter(ItemsCount::new(set.words)).bench(|| {
        let events = |doc: &Doc| MODELS.events.events(&doc.article, &doc.parse, &doc.times, &doc.link, &doc.speech).0.len();
        set.docs.iter().map(events).sum::<usize>()
    });
}

#[divan::bench(args = SETS)]
fn stage_7_json(bencher: Bencher<'_, '_>, name: &str) {
    let set = set(name);
    bencher.counter(ItemsCount::new(set.words)).bench(|| written(&set.docs));
}

fn written(docs: &[Doc]) -> Vec<u8> {
    let mut out = Vec::new();
    docs.iter().for_each(|doc| json::write_reading(doc, &mut out).expect("memory takes it"));
    out
}

#[divan::bench(args = SETS)]
fn whole_1_reading(bencher: Bencher<'_, '_>, name: &str) {
    let set = set(name);
    bencher.counter(ItemsCount::new(set.words)).bench(|| set.texts.iter().map(|text| read(text).events.len()).sum::<usize>());
}

#[divan::bench(args = SETS)]
fn whole_2_reading_and_json(bencher: Bencher<'_, '_>, name: &str) {
    let set = set(name);
    bencher.counter(ItemsCount::new(set.words)).bench(|| {
        let mut bytes = 0;
        for text in &set.texts {
            bytes += written(&[read(text)]).len();
        }
        bytes
    });
}

/// From the bytes of a page to its text.
#[divan::bench]
fn page_1_article(bencher: Bencher<'_, '_>) {
    bencher
        .counter(ItemsCount::new(PAGES.len()))
        .counter(BytesCount::new(PAGES.iter().map(Vec::len).sum::<usize>()))
        .bench(|| PAGES.iter().map(|page| article(page, Format::Html, &Given::default()).text.len()).sum::<usize>());
}

/// From the bytes of a page to every layer.
#[divan::bench]
fn page_2_reading(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(PAGES.len())).counter(BytesCount::new(PAGES.iter().map(Vec::len).sum::<usize>())).bench(
        || {
            PAGES
                .iter()
                .map(|page| tellings::read(&MODELS, "page", page, Format::Html, &Given::default()).events.len())
                .sum::<usize>()
        },
    );
}

/// The record of the sample reports, read already.
#[divan::bench]
fn record_of_samples(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(SAMPLES.words)).bench(|| tellings::reconcile(&MODELS, SAMPLES.docs.clone()).1.stories.len());
}
