//! Goldens: `testdata/articles/NAME.{txt,md,html}` beside `NAME.blocks`, what is read from it. `UPDATE=1` writes them.

use crate::{Format, Given, article, row};
use std::fmt::Write;
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
        println!("skipped: no seed reports");
        return;
    };
    for path in entries.map(|e| e.unwrap().path()) {
        let bytes = std::fs::read(&path).unwrap();
        let article = article(&bytes, Format::Text, &Given::default());
        sound(&article, &bytes);
        assert_eq!(article.language.as_deref(), Some("en"));
        assert!(article.title.is_some());
        println!("{}\n{}", path.display(), show(&article));
        let text = std::str::from_utf8(&bytes).unwrap();
        let same = row(text, &Given::default());
        sound(&same, &bytes);
        assert_eq!(same.text, text);
        assert_eq!(same.map.raw(Span::new(3, 9)), Some(3..9));
    }
}
