//! Goldens: `testdata/articles/NAME.{txt,md,html}` beside `NAME.blocks`, what is read from it. `UPDATE=1` writes them.

use crate::{Format, Given, article, row};
use std::fmt::Write;
use std::io::Read;
use std::path::{Path, PathBuf};
use tellings_doc::{Article, Span};

fn show(article: &Article) -> String {
    let mut out = String::new();
    let mut line = |name: &str, value: String| {
        if !value.is_empty() {
            let _ = writeln!(out, "{name}: {value}");
        }
    };
    line("title", article.title.as_ref().map(|t| t.text.clone()).unwrap_or_default());
    line("bylines", article.bylines.join("; "));
    line("credits", article.credits.join("; "));
    line("outlet", article.source.outlet.clone().unwrap_or_default());
    line("dateline", article.dateline.as_ref().map(|d| d.place.clone()).unwrap_or_default());
    line(
        "published",
        article
            .published
            .as_ref()
            .map(|p| format!("{} {} {}", p.value, p.precision.as_str(), p.basis.as_str()))
            .unwrap_or_default(),
    );
    line("language", article.language.clone().unwrap_or_default());
    for problem in &article.problems {
        line("problem", format!("{} ({})", problem.kind, problem.note));
    }
    for block in &article.blocks {
        line(&format!("{:9}", block.kind.as_str()), block.span.of(&article.text).replace('\n', "⏎"));
    }
    out
}

/// What must hold of every article.
fn sound(article: &Article, raw: &[u8]) {
    let text = &article.text;
    let mut end = 0;
    for block in &article.blocks {
        assert!(block.span.start() >= end && !block.span.is_empty(), "blocks overlap or are empty: {block:?}");
        assert!(text[end..block.span.start()].trim().is_empty(), "text outside blocks: {:?}", &text[end..block.span.start()]);
        end = block.span.end();
    }
    assert!(text[end..].trim().is_empty());
    let spans = article.dates.iter().filter_map(|d| d.span).chain(article.dateline.iter().map(|d| d.span));
    for span in spans.chain(article.problems.iter().filter_map(|p| p.span)) {
        assert!(!span.of(text).is_empty());
    }
    let mut last = 0;
    for piece in &article.map.pieces {
        assert!(piece.text >= last && (piece.raw + piece.raw_len) as usize <= raw.len());
        assert!(text.is_char_boundary(piece.text as usize));
        last = piece.text + piece.text_len;
    }
    assert!(last as usize <= text.len());
}

fn shared() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.join(std::env::var("TELLINGS_SHARED").unwrap_or_else(|_| "../shared".to_string()))
}

fn format_of(path: &Path) -> Option<Format> {
    Some(match path.extension()?.to_str()? {
        "txt" => Format::Text,
        "md" => Format::Markdown,
        "html" => Format::Html,
        _ => return None,
    })
}

#[test]
fn goldens() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/articles");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut failed = Vec::new();
    for path in paths {
        let Some(format) = format_of(&path) else { continue };
        let bytes = std::fs::read(&path).unwrap();
        let article = article(&bytes, format, &Given::default());
        sound(&article, &bytes);
        let (found, golden) = (show(&article), path.with_extension("blocks"));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&golden, &found).unwrap();
        }
        let expected = std::fs::read_to_string(&golden).unwrap_or_default();
        if found != expected {
            failed.push(format!("{}\n--- expected\n{expected}--- found\n{found}", path.display()));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn the_three_seed_reports() {
    let Ok(entries) = std::fs::read_dir(shared().join("seeds")) else {
        eprintln!("skipped: no seed reports");
        return;
    };
    for path in entries.map(|e| e.unwrap().path()) {
        let bytes = std::fs::read(&path).unwrap();
        let article = article(&bytes, Format::Text, &Given::default());
        sound(&article, &bytes);
        assert_eq!(article.language.as_deref(), Some("en"));
        assert!(article.title.is_some());
        let text = std::str::from_utf8(&bytes).unwrap();
        let same = row(text, &Given::default());
        sound(&same, &bytes);
        assert_eq!(same.text, text);
        assert_eq!(same.map.raw(Span::new(3, 9)), Some(3..9));
    }
}

fn read(bytes: &[u8], format: Format) -> Article {
    let article = article(bytes, format, &Given::default());
    sound(&article, bytes);
    article
}

fn kinds(article: &Article) -> Vec<&'static str> {
    article.problems.iter().map(|problem| problem.kind).collect()
}

#[test]
fn nothing_and_no_text() {
    for format in [Format::Text, Format::Markdown, Format::Html] {
        assert_eq!(kinds(&read(b"", format)), ["empty"]);
        assert_eq!(kinds(&read(b" \n\r\n\t", format)), ["empty"]);
        assert_eq!(kinds(&read(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", format)), ["binary"]);
        assert_eq!(kinds(&read(&[7u8, 0, 3, 0, 0, 0, 200, 1].repeat(50), format)), ["binary"]);
    }
    assert_eq!(kinds(&read(b"<html><body><img src=a.png></body></html>", Format::Html)), ["empty"]);
    assert!(kinds(&read(b"Read more: the truce\n", Format::Text)).contains(&"no-paragraphs"));
}

#[test]
fn a_wrong_encoding_is_read_all_the_same() {
    let text = "The envoy said in Zürich that “gaps of trust” remained between the two delegations.";
    let page = format!("<html><head><meta charset=\"utf-8\"></head><body><article><p>{text}</p></article></body></html>");
    let bytes = encoding_rs::WINDOWS_1252.encode(&page).0.into_owned();
    assert!(read(&bytes, Format::Html).text.contains(text));
    let declared = page.replace("utf-8", "windows-1252");
    assert!(read(&encoding_rs::WINDOWS_1252.encode(&declared).0, Format::Html).text.contains(text));
}

#[test]
fn a_huge_page_is_cut() {
    let paragraph = "<p>The two delegations met again on Thursday and said that they would go on talking until the summer.</p>\n";
    let page = format!("<html><body><article>{}</article></body></html>", paragraph.repeat((100 << 20) / paragraph.len()));
    let article = read(page.as_bytes(), Format::Html);
    assert!(kinds(&article).contains(&"too-large"));
    assert!(article.text.starts_with("The two delegations met"));
}

#[test]
fn deep_nesting_does_not_overflow() {
    let words = "<p>The two delegations met again on Thursday and said that they would go on talking until the summer came.</p>"
        .repeat(5);
    for tag in ["div", "span", "blockquote", "table><tr><td", "ul><li", "b", "font"] {
        let close = tag.split('>').rev().map(|t| format!("</{}>", t.trim_start_matches('<'))).collect::<String>();
        let page = format!("<html><body>{}{words}{}</body></html>", format!("<{tag}>").repeat(100_000), close.repeat(100_000));
        let article = read(page.as_bytes(), Format::Html);
        assert!(kinds(&article).contains(&"deep-nesting"), "{tag}");
        assert!(article.text.contains("two delegations met"), "{tag}");
    }
}

#[test]
fn other_languages_are_kept_but_said() {
    let article = read(
        "Les deux délégations se sont retrouvées jeudi à Genève et sont convenues de poursuivre les pourparlers.".as_bytes(),
        Format::Text,
    );
    assert_eq!(article.language.as_deref(), Some("fr"));
    assert!(kinds(&article).contains(&"not-english") && article.text.starts_with("Les deux"));
}

#[test]
fn dates_missing_ahead_and_contradicting() {
    let given = |date: &str| Given {
        date: Some(date.to_string()).filter(|d| !d.is_empty()),
        today: Some(jiff::civil::date(2020, 1, 1)),
        ..Given::default()
    };
    let text = "The two delegations met again on Thursday.";
    assert_eq!(kinds(&row(text, &given(""))), ["no-date"]);
    assert_eq!(kinds(&row(text, &given("2031-05-06"))), ["future-date", "no-date"]);
    assert_eq!(kinds(&row(text, &given("some day"))), ["date-unread", "no-date"]);
    let known = row(text, &given("2014-03-06T10:00:00+01:00"));
    assert_eq!(known.published.unwrap().value, "2014-03-06T10:00:00+01:00");
    let both = row(&format!("Talks resume\n\nAFP, March 9, 2014\n\n{text}"), &given("2014-03-06"));
    assert_eq!((kinds(&both), both.published.unwrap().value.as_str()), (vec!["date-conflict"], "2014-03-06"));
    assert_eq!(both.dates.len(), 2);
}

#[test]
fn input_cut_short_is_noticed() {
    assert!(kinds(&read(&"The minister left Zü".as_bytes()[..20], Format::Text)).contains(&"truncated"));
    let page = "<html><body><article><p>The two delegations met again on Thursday in Geneva.</p><a href=\"/more";
    assert!(kinds(&read(page.as_bytes(), Format::Html)).contains(&"truncated"));
}

#[test]
fn odd_bytes_never_break_it() {
    // A cheap generator in place of random input: every piece in every neighbourhood, in a fixed order.
    let pieces: [&[u8]; 22] = [
        b"By ",
        b"\n\n",
        b"GENEVA (",
        b"AP) ",
        "— ".as_bytes(),
        b"\xff\xfe",
        b"\xe2\x80",
        b"<p",
        b"<a href='",
        b"</",
        b"&#x",
        b"<!--",
        b"- ",
        b"12:00AM ",
        b"March 6, ",
        b"2014",
        b"\r",
        b"---\n",
        b"](",
        b"**",
        "Zü".as_bytes(),
        b"<script>",
    ];
    let mut seed = 9u64;
    for _ in 0..3000 {
        let mut bytes = Vec::new();
        for _ in 0..12 {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            bytes.extend_from_slice(pieces[(seed >> 33) as usize % pieces.len()]);
        }
        for format in [Format::Text, Format::Markdown, Format::Html] {
            read(&bytes, format);
        }
        if let Ok(text) = std::str::from_utf8(&bytes) {
            sound(&row(text, &Given::default()), &bytes);
        }
    }
}

/// Pages that fuzzing found to lead through all ways (`fuzz/pack.py`).
#[test]
fn what_fuzzing_kept_is_read() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/fuzz/article.gz");
    let (mut packed, mut count) = (Vec::new(), 0);
    flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_end(&mut packed).unwrap();
    let mut rest = packed.as_slice();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let (page, after) = after.split_at(u32::from_le_bytes(*length) as usize);
        sound(&article(page, Format::Html, &Given::default()), page);
        (rest, count) = (after, count + 1);
    }
    assert!(count > 50, "{count} pages");
}
