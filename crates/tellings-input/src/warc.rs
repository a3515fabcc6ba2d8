//! Archives of web pages: WARC, WET and the older ARC, a record at a time. A damaged record is passed and told.

use crate::http::{self, Headers};
use crate::source::Source;
use crate::{Body, Fault, Name, Report};
use std::io::{BufRead, ErrorKind};
use tellings_article::{Format, Given};
use tellings_doc::Problem;

/// Bytes of a record that are kept; the rest is passed over.
const KEPT: usize = 16 << 20;
/// Bytes of a record's headers.
const HEAD: usize = 1 << 16;

/// The pages of an archive.
pub(crate) struct Records {
    name: Name,
    source: Source,
    /// The record that was begun last.
    number: usize,
    /// The head line that was found behind a record, before it was asked for.
    ahead: Option<Vec<u8>>,
    /// In bytes that are no record, which was told.
    lost: bool,
    pages: usize,
    faults: usize,
    ended: bool,
}

/// What a record says of its block.
struct Record {
    kind: String,
    address: Option<String>,
    date: Option<String>,
    content: String,
    block: Vec<u8>,
    length: u64,
}

impl Records {
    pub(crate) fn new(name: Name, source: Source) -> Records {
        Records { name, source, number: 0, ahead: None, lost: false, pages: 0, faults: 0, ended: false }
    }

    fn fault(&mut self, note: impl Into<String>) -> Fault {
        self.faults += 1;
        self.name.fault_at("record", self.number.max(1), note)
    }

    /// The next record; nothing at the end.
    fn record(&mut self) -> Option<Result<Record, Fault>> {
        loop {
            let line = match self.ahead.take() {
                Some(line) => line,
                None => match self.source.line(HEAD) {
                    Ok(Some((line, _))) => line,
                    Ok(None) => return None,
                    Err(error) => {
                        self.number += 1;
                        self.lost = true;
                        return Some(Err(self.fault(error.to_string())));
                    }
                },
            };
            if line.trim_ascii().is_empty() {
                continue;
            }
            if line.starts_with(b"WARC/") {
                self.lost = false;
                self.number += 1;
                return Some(self.warc());
            }
            if let Some(record) = arc(&line) {
                self.lost = false;
                self.number += 1;
                return Some(self.block(record));
            }
            if !std::mem::replace(&mut self.lost, true) {
                return Some(Err(self.fault("bytes behind it that are no record were passed over")));
            }
        }
    }

    /// The record whose first line was read.
    fn warc(&mut self) -> Result<Record, Fault> {
        let mut head = Vec::new();
        loop {
            match self.source.line(HEAD) {
                Ok(Some((line, length))) => {
                    if line.trim_ascii().is_empty() {
                        break;
                    }
                    if line.starts_with(b"WARC/") {
                        self.ahead = Some(line);
                        return Err(self.fault("its headers are cut short"));
                    }
                    if head.len() + line.len() > HEAD || length > HEAD as u64 {
                        self.lost = true;
                        return Err(self.fault("its headers are too long"));
                    }
                    head.extend_from_slice(&line);
                }
                Ok(None) => return Err(self.fault("the input ends in its headers: truncated")),
                Err(error) => {
                    self.lost = true;
                    return Err(self.fault(error.to_string()));
                }
            }
        }
        let headers = Headers::read(&String::from_utf8_lossy(&head));
        let Some(length) = headers.get("content-length").and_then(|length| length.parse::<u64>().ok()) else {
            self.lost = true;
            return Err(self.fault("its length is not told"));
        };
        let address = headers.get("warc-target-uri").map(|uri| uri.trim_matches(['<', '>']).to_string());
        self.block(Record {
            kind: headers.get("warc-type").unwrap_or("").to_ascii_lowercase(),
            address,
            date: headers.get("warc-date").map(str::to_string),
            content: headers.kind(),
            block: Vec::new(),
            length,
        })
    }

    /// Reads the block of a record.
    fn block(&mut self, mut record: Record) -> Result<Record, Fault> {
        let wanted = matches!(record.kind.as_str(), "response" | "resource" | "conversion");
        let mut left = record.length;
        while left > 0 {
            let buffer = match self.source.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.lost = true;
                    return Err(self.fault(error.to_string()));
                }
            };
            if buffer.is_empty() {
                let note = format!("the input ends {left} bytes before the record does: truncated");
                return Err(self.fault(note));
            }
            let taken = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            if wanted {
                record.block.extend_from_slice(&buffer[..taken.min(KEPT.saturating_sub(record.block.len()))]);
            }
            self.source.consume(taken);
            left -= taken as u64;
        }
        Ok(record)
    }

    /// The page in a record; nothing where it holds none.
    fn page(&mut self, record: Record) -> Option<Result<Report, Fault>> {
        let Record { kind, address, date, content, block, length } = record;
        if address.as_deref().is_some_and(|address| address.ends_with("/robots.txt")) {
            return None;
        }
        let mut problems = Vec::new();
        let (bytes, content, charset) = match kind.as_str() {
            "conversion" => (block, content, Some("utf-8".to_string())),
            "response" | "resource" => match http::answer(&block) {
                Some((200, headers, raw)) => {
                    let (bytes, wrong) = http::body(&headers, raw, KEPT);
                    if let Some(wrong) = wrong {
                        problems.push(Problem::new("truncated", wrong));
                    }
                    let charset = headers.particular("charset");
                    (bytes, headers.kind(), charset)
                }
                Some(_) => return None,
                None if kind == "response" && content == "application/http" && !block.is_empty() => {
                    return Some(Err(self.fault("it is no answer of a web server")));
                }
                None => (block, content, None),
            },
            _ => return None,
        };
        let format = match content.as_str() {
            "text/html" | "application/xhtml+xml" => Format::Html,
            "text/plain" => Format::Text,
            "" | "application/octet-stream" | "unknown" if looks_like_a_page(&bytes) => Format::Html,
            _ => return None,
        };
        if bytes.trim_ascii().is_empty() {
            return None;
        }
        if length > KEPT as u64 {
            problems.push(crate::too_large(length));
        }
        let mut given = Given { charset, ..Given::default() };
        given.source.path = Some(self.name.at(self.number));
        given.source.url = address;
        // Nothing in an archive was published after it was fetched.
        given.today = date.and_then(|date| date.get(..10)?.parse::<jiff::civil::Date>().ok()?.tomorrow().ok());
        self.pages += 1;
        Some(Ok(Report { id: self.name.at(self.number), given, body: Body::Raw(bytes, format), problems, keys: Vec::new() }))
    }
}

/// The record that a line of an ARC file begins: `address ip date kind length`.
fn arc(line: &[u8]) -> Option<Record> {
    let line = std::str::from_utf8(line).ok()?.trim_end();
    let mut fields = line.rsplitn(5, ' ');
    let length = fields.next()?.parse().ok()?;
    let content = fields.next()?.to_ascii_lowercase();
    let date = fields.next()?;
    let (_, address) = (fields.next()?, fields.next()?);
    let stamp = date.len() == 14 && date.bytes().all(|b| b.is_ascii_digit());
    if !stamp || !address.contains(':') {
        return None;
    }
    let date = format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..8]);
    let kind = if address.starts_with("filedesc:") { "warcinfo" } else { "response" };
    Some(Record {
        kind: kind.to_string(),
        address: Some(address.to_string()),
        date: Some(date),
        content,
        block: Vec::new(),
        length,
    })
}

fn looks_like_a_page(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    head.contains("<html") || head.contains("<!doctype html")
}

impl Iterator for Records {
    type Item = Result<Report, Fault>;

    fn next(&mut self) -> Option<Result<Report, Fault>> {
        while !self.ended {
            match self.record() {
                Some(Ok(record)) => {
                    if let Some(page) = self.page(record) {
                        return Some(page);
                    }
                }
                Some(Err(fault)) => return Some(Err(fault)),
                None => self.ended = true,
            }
            if self.ended && self.pages == 0 && self.faults == 0 {
                return Some(Err(self.name.fault("there is no page in the archive")));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, reports};

    fn record(kind: &str, content: &str, address: &str, block: &str) -> String {
        format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2014-03-06T10:00:00Z\r\nContent-Type: {content}\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
            block.len()
        )
    }

    fn answer(body: &str) -> String {
        format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=windows-1252\r\n\r\n{body}")
    }

    fn read(bytes: &[u8]) -> Vec<String> {
        let records = reports("a.warc", Box::new(std::io::Cursor::new(bytes.to_vec())), Some(Kind::Warc));
        let told =
            |report: Report| format!("{} {} {}", report.id, report.given.source.url.unwrap_or_default(), report.body.len());
        records.map(|record| record.map_or_else(|fault| format!("!{fault}"), told)).collect()
    }

    fn archive() -> [String; 4] {
        [
            record("warcinfo", "application/warc-fields", "", "software: x"),
            record("response", "application/http; msgtype=response", "https://ledger.example/a", &answer("<html><p>They met.")),
            record("response", "application/http", "https://ledger.example/b", &answer("<html><p>They met again.")),
            record("conversion", "text/plain", "https://ledger.example/c", "They parted."),
        ]
    }

    #[test]
    fn pages_come_one_by_one() {
        let wanted = [
            "a.warc:2 https://ledger.example/a 18",
            "a.warc:3 https://ledger.example/b 24",
            "a.warc:4 https://ledger.example/c 12",
        ];
        assert_eq!(read(archive().concat().as_bytes()), wanted);
        assert_eq!(
            read(b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n"),
            ["!cannot read `a.warc`: there is no page in the archive"]
        );
    }

    #[test]
    fn damaged_records_are_passed_and_told() {
        let [info, a, b, c] = archive();
        let garbage = [info.as_str(), &a, "garbage\r\nmore garbage\r\n", &b, &c].concat();
        assert_eq!(
            read(garbage.as_bytes()),
            [
                "a.warc:2 https://ledger.example/a 18",
                "!cannot read record 2 of `a.warc`: bytes behind it that are no record were passed over",
                "a.warc:3 https://ledger.example/b 24",
                "a.warc:4 https://ledger.example/c 12"
            ]
        );
        let unsized_a = a.replace("Content-Length", "Content-Lenght");
        let read_unsized = read([info.as_str(), &unsized_a, &b].concat().as_bytes());
        assert_eq!(
            read_unsized,
            ["!cannot read record 2 of `a.warc`: its length is not told", "a.warc:3 https://ledger.example/b 24"]
        );
        let cut = [a.as_str(), &b[..b.len() - 20]].concat();
        assert!(read(cut.as_bytes())[1].ends_with("before the record does: truncated"));
        let arc = "https://ledger.example/a 1.2.3.4 20140306100000 text/html 24\n<html><p>They met again.\n";
        assert_eq!(read(arc.as_bytes()), ["a.warc:1 https://ledger.example/a 24"]);
    }
}
