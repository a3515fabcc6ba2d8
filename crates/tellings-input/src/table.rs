//! Tables with named columns (CSV, TSV): one report a row.

use crate::source::Source;
use crate::{Fault, Name, Report, row};
use csv::{ByteRecord, Reader, ReaderBuilder};
use serde_json::{Map, Value};
use std::io::{BufRead, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes of one row; beyond it a quotation mark is taken to be missing.
const LONGEST: usize = 64 << 20;

/// The mark between the columns, where the first line names columns that are known, one of them the text.
pub(crate) fn mark(head: &[u8]) -> Option<u8> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let line = String::from_utf8_lossy(head.split(|&b| b == b'\n').next()?).into_owned();
    [b'\t', b',', b';', b'|'].into_iter().find(|&mark| {
        let names: Vec<String> = line.split(mark as char).map(|name| row::plain_name(name.trim().trim_matches('"'))).collect();
        names.len() >= 2
            && names.iter().any(|name| row::is_text(name))
            && names.iter().filter(|name| row::is_known(name)).count() >= 2
    })
}

/// Reads a table row by row.
pub(crate) struct Rows {
    name: Name,
    reader: Reader<Limited>,
    columns: Vec<String>,
    taken: Arc<AtomicUsize>,
    number: usize,
    ended: bool,
}

/// Bytes that end with an error where a row is too long.
struct Limited {
    source: Source,
    taken: Arc<AtomicUsize>,
}

impl Read for Limited {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let buffer = self.source.fill_buf()?;
        let read = buffer.len().min(out.len());
        out[..read].copy_from_slice(&buffer[..read]);
        self.source.consume(read);
        if self.taken.fetch_add(read, Ordering::Relaxed) > LONGEST {
            return Err(std::io::Error::other(format!("it is longer than {} MB: a quotation mark is missing", LONGEST >> 20)));
        }
        Ok(read)
    }
}

impl Rows {
    pub(crate) fn new(name: Name, source: Source, tabs: bool) -> Rows {
        let (head, source) = source.peek(crate::kind::HEAD);
        let first = head.split(|&b| b == b'\n').next().unwrap_or(&[]);
        let usual = if tabs { b'\t' } else { b',' };
        let most = [b'\t', b',', b';', b'|'].into_iter().max_by_key(|&m| (first.iter().filter(|&&b| b == m).count(), m == usual));
        let delimiter = if tabs { usual } else { mark(&head).or(most).unwrap_or(usual) };
        let taken = Arc::new(AtomicUsize::new(0));
        let limited = Limited { source, taken: taken.clone() };
        let reader = ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(limited);
        Rows { name, reader, columns: Vec::new(), taken, number: 0, ended: false }
    }

    /// The next row as it stands.
    fn row(&mut self) -> Option<Result<Vec<String>, Fault>> {
        let mut record = ByteRecord::new();
        self.taken.store(0, Ordering::Relaxed);
        let read = self.reader.read_byte_record(&mut record);
        self.number += 1;
        match read {
            Ok(true) => Some(Ok(record.iter().map(field).collect())),
            Ok(false) => None,
            Err(error) => {
                self.ended = !matches!(error.kind(), csv::ErrorKind::Io(io) if io.kind() == std::io::ErrorKind::InvalidData);
                Some(Err(self.name.fault_at("row", self.number, error.to_string())))
            }
        }
    }
}

fn field(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_string(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

impl Iterator for Rows {
    type Item = Result<Report, Fault>;

    fn next(&mut self) -> Option<Result<Report, Fault>> {
        while !self.ended {
            let fields = match self.row() {
                Some(Ok(fields)) => fields,
                Some(Err(fault)) => return Some(Err(fault)),
                None => {
                    self.ended = true;
                    return self.columns.is_empty().then(|| Err(self.name.fault("there is nothing in it")));
                }
            };
            if self.columns.is_empty() {
                self.columns = fields.iter().map(|name| name.trim().trim_start_matches('\u{feff}').to_string()).collect();
                if !self.columns.iter().any(|name| row::is_text(&row::plain_name(name))) {
                    self.ended = true;
                    let known = "the first row names no column of texts (text, body, content …)";
                    return Some(Err(self.name.fault(known)));
                }
                continue;
            }
            let given: Map<String, Value> = self
                .columns
                .iter()
                .cloned()
                .zip(fields)
                .filter(|(_, value)| !value.is_empty())
                .map(|(key, value)| (key, Value::String(value)))
                .collect();
            if given.is_empty() {
                continue;
            }
            let report = row::report(Value::Object(given), self.name.at(self.number));
            return Some(report.map_err(|note| self.name.fault_at("row", self.number, note)));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::{Body, Kind, reports};

    fn read(table: &[u8], kind: Option<Kind>) -> Vec<String> {
        let rows = reports("t.csv", Box::new(std::io::Cursor::new(table.to_vec())), kind);
        let told = |report: crate::Report| {
            let Body::Row(text) = report.body else { unreachable!() };
            format!(
                "{} | {} | {} | {text}",
                report.id,
                report.given.title.unwrap_or_default(),
                report.given.date.unwrap_or_default()
            )
        };
        rows.map(|row| row.map_or_else(|fault| format!("!{fault}"), told)).collect()
    }

    #[test]
    fn rows_with_named_columns() {
        let table = "Title,Publication Date,Full Text\n\"Talks, again\",2014-03-06,\"They met.\nThey parted.\"\nB,2014,\n\nC,,\"They met again.\"\n";
        assert_eq!(
            read(table.as_bytes(), None),
            [
                "t.csv:2 | Talks, again | 2014-03-06 | They met.\nThey parted.",
                "!cannot read row 3 of `t.csv`: no text in it: none of `text`, `maintext`, `plaintext`, `plain_text`, `body`, `content` is there",
                "t.csv:4 | C |  | They met again."
            ]
        );
        assert_eq!(read(b"id\ttext\nx\tZ\xfcrich \"quoted\n", Some(Kind::Tsv)).len(), 1);
        assert_eq!(read(b"id;text\nx;They met.\n", Some(Kind::Csv)), ["x |  |  | They met."]);
        assert!(read(b"a,b\n1,2\n", Some(Kind::Csv))[0].contains("names no column of texts"));
        assert_eq!(read(b"", Some(Kind::Csv)), ["!cannot read `t.csv`: there is nothing in it"]);
    }
}
