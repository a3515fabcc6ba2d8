//! What each reader holds of an input of 100 MB: never more than 512 MiB, however it is made.
//!
//! `SLOW_TESTS=1 cargo test -p tellings-input --test it memory -- --nocapture` prints the peaks.

use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::io::{BufReader, Cursor, Read};
use std::process::Command;
use std::sync::Arc;
use tellings_input::{Bytes, Kind, reports};

/// Bytes of an input.
const SIZE: u64 = 100 << 20;
/// What a process may hold, in MiB.
const MOST: u64 = 512;

/// The same bytes over and over.
struct Again(Vec<u8>, usize);

impl Read for Again {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let rest = &self.0[self.1..];
        let count = rest.len().min(out.len());
        out[..count].copy_from_slice(&rest[..count]);
        self.1 = (self.1 + count) % self.0.len();
        Ok(count)
    }
}

/// An input that is never held: a head, then the same over and over, then a foot.
fn input(head: &str, unit: &str, foot: &str) -> Bytes {
    let again = Again(unit.as_bytes().to_vec(), 0).take(SIZE);
    let all = Cursor::new(head.as_bytes().to_vec()).chain(again).chain(Cursor::new(foot.as_bytes().to_vec()));
    Box::new(BufReader::new(all))
}

/// An office document or a PDF with a part of that size, not packed.
fn whole(head: &str, unit: &str, foot: impl Fn(usize) -> Vec<u8>) -> Bytes {
    let mut bytes = head.as_bytes().to_vec();
    bytes.reserve(SIZE as usize + 4096);
    while (bytes.len() as u64) < SIZE {
        bytes.extend_from_slice(unit.as_bytes());
    }
    let foot = foot(bytes.len());
    bytes.extend(foot);
    Box::new(Cursor::new(bytes))
}

const WORDS: &str =
    "The envoys of both sides met in Orlav on Monday for the first time since the spring, and agreed to meet again. ";

/// Names of the inputs that are tried.
const NAMES: [&str; 30] = [
    "text",
    "page",
    "page of tags",
    "page of pictures",
    "rows",
    "one row",
    "one list of rows",
    "table",
    "one line of a table",
    "feed",
    "one entry of a feed",
    "feed of tags",
    "archive",
    "one record",
    "mail",
    "rtf",
    "rtf of groups",
    "docx",
    "docx of paragraphs",
    "pdf",
    "download",
    "sitemap",
    "list of feeds",
    "list of folders",
    "columns",
    "columns of long texts",
    "column of one text",
    "two long columns",
    "long columns",
    "groups of rows",
];

fn made(name: &str) -> (Bytes, Option<Kind>) {
    let paragraph = format!("<p>{WORDS}</p>\n");
    let record = |length: u64| {
        format!(
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://ledger.example/a\r\nContent-Type: application/http\r\nContent-Length: {length}\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
        )
    };
    let zip = |length: usize, start: usize| {
        let name = b"word/document.xml";
        let size = ((length - start) as u32).to_le_bytes();
        let list =
            [b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0\0\0\0\0".as_slice(), &size, &size, &[17, 0], &[0; 16], name].concat();
        let at = (length as u32).to_le_bytes();
        let end = [b"PK\x05\x06\0\0\0\0\x01\0\x01\0".as_slice(), &(list.len() as u32).to_le_bytes(), &at, &[0, 0]].concat();
        [list, end].concat()
    };
    let part = "PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x11\0\0\0word/document.xml";
    match name {
        "text" => (input("", WORDS, ""), Some(Kind::Text)),
        "page" => (input("<html><body>", &paragraph, ""), Some(Kind::Html)),
        "page of tags" => (input("<html><body>", "<b><i>", ""), Some(Kind::Html)),
        "page of pictures" => (
            input("<html><body><p>They met.</p><img src=\"data:image/png;base64,", "iVBORw0KGgo=", "\"></body>"),
            Some(Kind::Html),
        ),
        "rows" => (input("", &format!("{{\"text\":\"{WORDS}\"}}\n"), ""), Some(Kind::Jsonl)),
        "one row" => (input("{\"text\":\"", WORDS, "\"}\n"), Some(Kind::Jsonl)),
        "one list of rows" => (input("[{}", &format!(",{{\"text\":\"{WORDS}\"}}\n"), "]"), Some(Kind::Jsonl)),
        "table" => (input("title,text\n", &format!("Talks,\"{WORDS}\"\n"), ""), Some(Kind::Csv)),
        "one line of a table" => (input("title,text\nTalks,\"", WORDS, "\"\n"), Some(Kind::Csv)),
        "feed" => {
            let entry = format!("<item><title>Talks</title><description>{WORDS}</description></item>\n");
            (input("<rss version='2.0'><channel>", &entry, "</channel></rss>"), Some(Kind::Feed))
        }
        "one entry of a feed" => {
            (input("<rss><channel><item><description>", WORDS, "</description></item></channel></rss>"), Some(Kind::Feed))
        }
        "feed of tags" => (input("<rss><channel>", "<item>", ""), Some(Kind::Feed)),
        "archive" => {
            let page = paragraph.repeat(200);
            (input("", &format!("{}{page}\r\n\r\n", record(47 + page.len() as u64)), ""), Some(Kind::Warc))
        }
        "one record" => (input(&record(47 + SIZE), &paragraph, "\r\n\r\n"), Some(Kind::Warc)),
        "mail" => {
            let head = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n";
            (input(head, &paragraph, "\r\n--b--\r\n"), Some(Kind::Mhtml))
        }
        "rtf" => (input("{\\rtf1 ", &format!("{WORDS}\\par "), "}"), Some(Kind::Bundle)),
        "rtf of groups" => (input("{\\rtf1 ", "{\\b x", "}"), Some(Kind::Bundle)),
        "docx" | "docx of paragraphs" => {
            let unit = if name == "docx" { format!("<w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p>") } else { "<w:p/>".to_string() };
            let start = part.len();
            (whole(part, &unit, |length| zip(length, start)), Some(Kind::Bundle))
        }
        "pdf" => {
            let head = "%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj 2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj\n3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> /Contents 4 0 R >> endobj\n4 0 obj << >>\nstream\nBT /F 10 Tf 12 TL 72 700 Td ";
            let unit = format!("({WORDS}) Tj T* ");
            (whole(head, &unit, |_| b"ET\nendstream endobj\ntrailer << /Root 1 0 R >>\n".to_vec()), Some(Kind::Bundle))
        }
        "download" => {
            let report = format!(
                "Talks resume\nThe Ledger\nMarch 6, 2014 Thursday\nLength: 12 words\nBody\n{}\nLoad-Date: March 6, 2014\nEnd of Document\n",
                WORDS.repeat(20)
            );
            (input("", &report, ""), Some(Kind::Bundle))
        }
        "list of feeds" => (input("<opml><body>", "<outline xmlUrl='a'/>\n", "</body></opml>"), Some(Kind::Opml)),
        "list of folders" => {
            let folder = format!("<outline text='{}'>", WORDS.repeat(1000));
            (input(&format!("<opml><body>{}", folder.repeat(200)), "<outline xmlUrl='a'/>\n", ""), Some(Kind::Opml))
        }
        "columns" | "columns of long texts" | "column of one text" | "two long columns" | "long columns" | "groups of rows" => {
            // Made beforehand by another process: the one that is measured does not make it.
            let file = std::fs::File::open(std::env::var("TELLINGS_TABLE").unwrap()).unwrap();
            (Box::new(BufReader::new(file)), Some(Kind::Parquet))
        }
        _ => (input("<urlset>", "<url><loc>https://ledger.example/a</loc></url>\n", "</urlset>"), Some(Kind::Sitemap)),
    }
}

/// A Parquet file that is hard to read; nothing for other names.
fn table(name: &str) -> Option<Vec<u8>> {
    let text = |length: usize| WORDS.bytes().cycle().take(length).collect::<Vec<u8>>();
    let names = ["text", "title", "date", "url", "author", "outlet", "section", "summary"];
    // Columns, groups, rows of each, the text of a row, whether it is packed and whether equal ones are kept once.
    let (columns, groups, rows, value, packed, once) = match name {
        "columns" => (1, 1, SIZE as usize / WORDS.len(), text(WORDS.len()), false, false),
        "columns of long texts" => (1, 1, 25, text(4 << 20), false, false),
        "column of one text" => (1, 1, 200, text(60 << 20), true, true),
        "long columns" => (names.len(), 1, 1, text(60 << 20), true, false),
        "two long columns" => (2, 1, 1, text(60 << 20), true, false),
        "groups of rows" => (4, 32_000, 1, text(20), false, false),
        _ => return None,
    };
    let schema: String = names[..columns].iter().map(|name| format!("required binary {name} (UTF8); ")).collect();
    let schema = Arc::new(parse_message_type(&format!("message m {{ {schema}}}")).unwrap());
    let packing = if packed { Compression::ZSTD(Default::default()) } else { Compression::UNCOMPRESSED };
    let properties = WriterProperties::builder()
        .set_compression(packing)
        .set_dictionary_enabled(once)
        .set_dictionary_page_size_limit(64 << 20)
        .set_statistics_enabled(EnabledStatistics::None)
        .build();
    let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).unwrap();
    let value = ByteArray::from(value);
    for _ in 0..groups {
        let mut group = file.next_row_group().unwrap();
        while let Some(mut column) = group.next_column().unwrap() {
            for _ in 0..rows {
                column.typed::<ByteArrayType>().write_batch(std::slice::from_ref(&value), None, None).unwrap();
            }
            column.close().unwrap();
        }
        group.close().unwrap();
    }
    Some(file.into_inner().unwrap())
}

/// The largest this process was, in MiB.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib >> 10)
}

#[test]
fn one_input() {
    let Ok(name) = std::env::var("TELLINGS_MEMORY") else { return };
    let (bytes, kind) = made(&name);
    let (mut found, mut faults) = (0, 0);
    for item in reports("input", bytes, kind) {
        match item {
            Ok(report) => found += usize::from(!report.body.is_empty()),
            Err(_) => faults += 1,
        }
    }
    println!("peak {} MiB, {found} reports, {faults} faults", peak().unwrap_or(0));
}

#[test]
fn no_input_of_100_mb_fills_the_memory() {
    if std::env::var_os("SLOW_TESTS").is_none() || peak().is_none() {
        eprintln!("skipped: SLOW_TESTS is not set, or the system does not tell");
        return;
    }
    let mut high = Vec::new();
    let only = std::env::var("TELLINGS_MEMORY_OF").unwrap_or_default();
    for name in NAMES.into_iter().filter(|name| name.contains(&only)) {
        let file = std::env::temp_dir().join(format!("tellings-memory-{}.parquet", std::process::id()));
        if let Some(table) = table(name) {
            std::fs::write(&file, table).unwrap();
        }
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["memory::one_input", "--exact", "--nocapture", "--test-threads", "1"])
            .env("TELLINGS_MEMORY", name)
            .env("TELLINGS_TABLE", &file)
            .output()
            .unwrap();
        let _ = std::fs::remove_file(&file);
        let told = String::from_utf8_lossy(&child.stdout).into_owned();
        let told = told.split_once("peak ").map_or("it broke", |(_, rest)| rest.lines().next().unwrap_or(""));
        eprintln!("{name:>22}: {told}");
        if told.split(' ').next().and_then(|peak| peak.parse().ok()).is_none_or(|peak: u64| peak > MOST) {
            high.push(format!("{name}: {told}"));
        }
    }
    assert!(high.is_empty(), "{high:#?}");
}
