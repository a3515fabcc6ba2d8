//! Mutated inputs of every kind: no panic, no hang, nothing out of measure.
//!
//! `TELLINGS_FUZZ_MINUTES=20 cargo test -p tellings-input --test it mutations` runs them that long; `TELLINGS_FUZZ_SEED` starts
//! them elsewhere. What breaks a reader is kept in `testdata/crashes/input` and read ever after.

use crate::gold;
use std::io::{Cursor, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};
use tellings_input::{Kind, feed, lists, reports};
use tellings_testing::mutate::{Dice, document, mutate};

const KINDS: [Kind; 13] = [
    Kind::Text,
    Kind::Markdown,
    Kind::Html,
    Kind::Jsonl,
    Kind::Csv,
    Kind::Tsv,
    Kind::Parquet,
    Kind::Bundle,
    Kind::Feed,
    Kind::Warc,
    Kind::Mhtml,
    Kind::Opml,
    Kind::Sitemap,
];

/// Reads bytes as what they look like and as `kind`; panics on what is unsound.
fn swallow(name: &str, bytes: &[u8], kind: Kind) {
    for kind in [None, Some(kind)] {
        let (mut items, mut length) = (0, 0);
        for item in reports(name, Box::new(Cursor::new(bytes.to_vec())), kind) {
            items += 1;
            length += item.map_or(0, |report| report.body.len());
        }
        assert!(items <= bytes.len() + 2, "{items} items in {} bytes", bytes.len());
        // What is packed grows when it is unpacked, but not without bound.
        assert!(length <= 64 * bytes.len() + (64 << 20), "{length} bytes of text in {}", bytes.len());
    }
    let _ = feed::read(bytes, Some("utf-8"), Some("https://ledger.example/"));
    let (mut feeds, mut again) = (Vec::new(), 0);
    lists::opml(bytes, |feed| feeds.push(feed));
    lists::opml(lists::to_opml("x", &feeds).as_bytes(), |_| again += 1);
    assert_eq!(again, feeds.len());
    lists::sitemap(bytes, |_| {});
    let _ = lists::feeds_of_page(bytes, "https://ledger.example/");
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// One sample and more of each kind.
fn samples() -> Vec<(String, Vec<u8>)> {
    let answer = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n12\r\n<html><p>They met.\r\n0\r\n\r\n";
    let record = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://ledger.example/a\r\nWARC-Date: 2014-03-06T10:00:00Z\r\nContent-Type: application/http\r\nContent-Length: {}\r\n\r\n{answer}\r\n\r\n",
        answer.len()
    );
    let texts: [(&str, &str); 14] = [
        (
            "a.rss",
            "<?xml version='1.0' encoding='utf-8'?><!DOCTYPE rss [<!ENTITY x \"y\">]><rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>The Ledger</title><item><title>Talks &amp;amp; &x;</title><link>https://ledger.example/a</link><author>a@b.example (Ann Lee)</author><content:encoded><![CDATA[<p>They <b>met</b>.</p>]]></content:encoded></item></channel></rss>",
        ),
        (
            "a.atom",
            "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://wire.example/'><entry><title type='html'>A &lt;i>b</title><link href='a'/><author><name>Ann</name></author><content type='xhtml'><div><p>They met.</p></div></content></entry></feed>",
        ),
        (
            "a.rdf",
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><item rdf:about='https://a.example/'><title>A</title><description>They met.</description></item></rdf:RDF>",
        ),
        (
            "a.json",
            "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{\"id\":\"1\",\"content_html\":\"<p>They met.\"}]}",
        ),
        (
            "a.jsonl",
            "{\"id\":\"a\",\"text\":\"They met.\",\"date\":\"2014-03-06\"}\n[{\"maintext\":[\"a\",\"b\"]}]\n{\n\"articles\": [{\"content\": \"x\"}]}",
        ),
        ("a.csv", "title,date,text\n\"Talks, again\",2014-03-06,\"They met.\nThey parted.\"\nB;2014|x\tThey met again.\n"),
        (
            "a.opml",
            "<opml version='2.0'><body><outline text='Region'><outline text='The Ledger' type='rss' xmlUrl='https://ledger.example/rss'/></outline></body></opml>",
        ),
        (
            "a.xml",
            "<urlset><url><loc>https://ledger.example/a</loc><news:news><news:publication><news:name>L</news:name></news:publication><news:title>T</news:title></news:news></url></urlset>",
        ),
        ("a.warc", &record),
        ("a.arc", "https://ledger.example/a 1.2.3.4 20140306100000 text/html 24\n<html><p>They met again.\n"),
        (
            "a.mhtml",
            "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>They met in Z=C3=BCri=\r\nch.\r\n--b--\r\n",
        ),
        (
            "a.rtf",
            "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}{\\*\\x y}\\pard\\uc1 The \\b envoy\\b0  said \\ldblquote no\\rdblquote \\u8212?\\'fc\\par {\\field{\\*\\fldinst X}{\\fldrslt here}}}",
        ),
        (
            "a.txt",
            "Talks resume\nThe Ledger\nMarch 6, 2014 Thursday\nCopyright 2014 L\nSection: A; Pg. 1\nLength: 12 words\nByline: By ANN LEE\nDateline: ORLAV\nBody\nThey met.\nLoad-Date: March 6, 2014\nEnd of Document\n1 of 2 DOCUMENTS\nHD  Talks\nSN  Ledger\nPD  6 March 2014\nLP\nThey met.\nDocument LEDGER0020140306ea3600001\n12 words\n",
        ),
        (
            "a.html",
            "<html><head><link rel=alternate type='application/rss+xml' href='/rss'></head><body><!-- x --><table><tr><td>HD</td><td>Talks</td></tr></table><p>They met.</p></body></html>",
        ),
    ];
    let mut samples: Vec<(String, Vec<u8>)> =
        texts.iter().map(|(name, text)| (name.to_string(), text.as_bytes().to_vec())).collect();
    samples.push(("a.warc.gz".into(), [packed(record.as_bytes()), packed(record.as_bytes())].concat()));
    samples.push(("a.jsonl.gz".into(), packed(texts[4].1.as_bytes())));
    samples.push(("a.docx".into(), include_bytes!("../../../../testdata/input/talks.docx").to_vec()));
    samples
}

/// What fuzzing found to lead readers through all their ways (`fuzz/pack.py`), as the kind it was found for.
#[test]
fn what_fuzzing_kept_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/fuzz");
    let kinds = [
        ("feed", Kind::Feed),
        ("warc", Kind::Warc),
        ("mail", Kind::Mhtml),
        ("bundle", Kind::Bundle),
        ("docx", Kind::Bundle),
        ("pdf", Kind::Bundle),
        ("rows", Kind::Jsonl),
        ("rows", Kind::Csv),
        ("rows", Kind::Tsv),
        ("parquet", Kind::Parquet),
        ("input", Kind::Html),
    ];
    for (name, kind) in kinds {
        let (mut packed, mut count) = (Vec::new(), 0);
        let file = std::fs::File::open(folder.join(name).with_extension("gz")).unwrap();
        flate2::read::GzDecoder::new(file).read_to_end(&mut packed).unwrap();
        let mut rest = packed.as_slice();
        while let Some((length, after)) = rest.split_first_chunk::<4>() {
            let (input, after) = after.split_at(u32::from_le_bytes(*length) as usize);
            match name == "docx" && !input.starts_with(b"PK") {
                true => swallow(name, &document(input), kind),
                false => swallow(name, input, kind),
            }
            (rest, count) = (after, count + 1);
        }
        assert!(count > 100, "{count} inputs of {name}");
    }
}

#[test]
fn what_once_broke_a_reader_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/crashes/input");
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let (name, bytes) = (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).unwrap());
        KINDS.into_iter().for_each(|kind| swallow(&name, &bytes, kind));
    }
}

#[test]
fn mutations_of_every_kind_are_read() {
    let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse::<f64>().ok());
    let time = Duration::from_secs_f64(number("TELLINGS_FUZZ_MINUTES").map_or(3.0, |minutes| minutes * 60.0));
    let mut seed = number("TELLINGS_FUZZ_SEED").map_or(0, |n| n as u64);
    let (samples, started, first) = (samples(), Instant::now(), seed);
    let mut broken = Vec::new();
    while started.elapsed() < time && broken.len() < 10 {
        let mut dice = Dice::new(seed);
        let (name, input) = &samples[dice.below(samples.len())];
        let other = &samples[dice.below(samples.len())].1;
        let bytes = mutate(input, other, &mut dice);
        let kind = KINDS[dice.below(KINDS.len())];
        let before = Instant::now();
        let read = catch_unwind(AssertUnwindSafe(|| swallow(name, &bytes, kind)));
        if read.is_err() || before.elapsed() > Duration::from_secs(10) {
            let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("input-{seed}"));
            std::fs::write(&kept, &bytes).unwrap();
            broken.push(format!("{name} as {kind:?}, seed {seed}: {}", kept.display()));
        }
        seed += 1;
    }
    eprintln!("{} mutations in {:?}", seed - first, started.elapsed());
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn foreign_fixtures_are_read_as_every_kind() {
    for folder in ["hostile/html5lib", "hostile/warc", "hostile/feed-rs"] {
        let Some(root) = gold(folder) else { continue };
        let mut paths = Vec::new();
        crate::feedparser::files(&root, &mut paths);
        paths.sort();
        for path in paths {
            let bytes = std::fs::read(&path).unwrap();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            KINDS.into_iter().for_each(|kind| swallow(&name, &bytes[..bytes.len().min(1 << 18)], kind));
        }
    }
}
