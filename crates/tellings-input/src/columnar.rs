//! Parquet files: one report a row, of the columns that are known.
//!
//! What a file claims is walked before it is believed: the nesting of its schema, the size of its lists, and what every page
//! unpacks to.

use crate::thrift::Walk;
use crate::{Fault, Name, Report, row};
use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use jiff::Timestamp;
use parquet::basic::{Compression, ConvertedType, LogicalType, TimeUnit};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::ColumnDescPtr;
use serde_json::{Map, Value};
use std::collections::VecDeque;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Bytes of a page when it is unpacked; usual are one million.
const PAGE: u64 = 64 << 20;
/// Values of a page, missing ones included; usual are twenty thousand.
const VALUES: i64 = 4 << 20;
/// The kind of page that holds values which others name by number.
const DICTIONARY: i64 = 2;
/// Elements of a schema, and groups among them, which may all stand in each other.
const ELEMENTS: usize = 20_000;
const GROUPS: usize = 500;
/// Bytes of pages that are held at once, all columns together; a row's texts may be as long as they are.
const HELD: u64 = 128 << 20;
/// Rows that are held at once.
const BATCH: usize = 16;
/// Bytes of a footer; what is said of a column of a group takes up to thirty times its bytes.
const FOOTER: usize = 8 << 20;
/// Names of groups that stand for a list, in the ways that writers have.
const LISTS: [&str; 6] = ["list", "element", "array", "item", "bag", "array_element"];

/// Does a Parquet file begin so?
pub(crate) fn is(head: &[u8]) -> bool {
    head.starts_with(b"PAR1") || head.starts_with(b"PARE")
}

/// Reads a file row by row.
pub(crate) struct Rows {
    name: Name,
    file: SerializedFileReader<Bytes>,
    bytes: Bytes,
    /// Positions of the columns that are read.
    wanted: Vec<usize>,
    group: usize,
    columns: Vec<Column>,
    /// Rows of the group that are held at once.
    batch: usize,
    ready: VecDeque<Map<String, Value>>,
    /// Rows that may still come: no file has more of them than bytes.
    left: usize,
    number: usize,
    ended: bool,
}

impl Rows {
    pub(crate) fn new(name: &Name, bytes: Vec<u8>) -> Result<Rows, Fault> {
        sound(&bytes).map_err(|note| name.fault(note))?;
        let bytes = Bytes::from(bytes);
        let file = guarded(|| SerializedFileReader::new(bytes.clone())).map_err(|note| name.fault(note))?;
        let schema = file.metadata().file_metadata().schema_descr_ptr();
        let plain = |at: usize| row::plain_name(schema.column(at).path().parts().first().map_or("", String::as_str));
        let wanted = (0..schema.num_columns()).filter(|&at| schema.column(at).max_rep_level() <= 1 && row::is_wanted(&plain(at)));
        let wanted: Vec<usize> = wanted.take(64).collect();
        if !wanted.iter().any(|&at| row::is_text(&plain(at)) || row::is_part(&plain(at))) {
            return Err(name.fault("no column of it is named as texts are (text, body, content …)"));
        }
        let left = bytes.len();
        let (name, ready) = (name.clone(), VecDeque::new());
        Ok(Rows { name, file, bytes, wanted, group: 0, columns: Vec::new(), batch: BATCH, ready, left, number: 0, ended: false })
    }

    /// Reads on; `false` at the end.
    fn fill(&mut self) -> Result<bool, String> {
        while self.ready.is_empty() {
            if self.columns.is_empty() {
                if self.group == self.file.num_row_groups() {
                    return Ok(false);
                }
                // A group that cannot be opened is passed as well.
                self.group += 1;
                self.columns = self.open(self.group - 1)?;
            }
            let rows = guarded(|| -> parquet::errors::Result<Vec<Map<String, Value>>> {
                let mut rows: Vec<Map<String, Value>> = Vec::new();
                for column in &mut self.columns {
                    let values = column.values(self.batch)?;
                    rows.resize_with(rows.len().max(values.len()), Map::new);
                    for (row, value) in rows.iter_mut().zip(values) {
                        if value != Value::Null {
                            column.put(row, value);
                        }
                    }
                }
                Ok(rows)
            });
            let rows = rows.inspect_err(|_| self.columns.clear())?;
            if rows.is_empty() {
                self.columns.clear();
            }
            let Some(left) = self.left.checked_sub(rows.len()) else {
                self.columns.clear();
                self.group = self.file.num_row_groups();
                return Err("it claims more rows than it can hold: refused".to_string());
            };
            self.left = left;
            self.ready.extend(rows);
        }
        Ok(true)
    }

    /// The columns of a group of rows, after a look at their pages.
    fn open(&mut self, group: usize) -> Result<Vec<Column>, String> {
        let schema = self.file.metadata().file_metadata().schema_descr_ptr();
        let meta = self.file.metadata().row_group(group);
        let mut held = 1;
        for chunk in self.wanted.iter().filter_map(|&at| meta.columns().get(at)) {
            let start = chunk.dictionary_page_offset().unwrap_or(chunk.data_page_offset());
            let end = start.checked_add(chunk.compressed_size());
            let range = usize::try_from(start).ok().zip(end.and_then(|end| usize::try_from(end).ok()));
            let pages =
                range.and_then(|(start, end)| self.bytes.get(start..end)).ok_or("a column lies beyond its end: truncated")?;
            held += measured(pages, chunk.compression(), chunk.num_values())?;
        }
        if held > HELD {
            return Err("its pages are larger than can be held together: refused".to_string());
        }
        self.batch = usize::try_from(HELD / held).map_or(1, |rows| rows.clamp(1, BATCH));
        guarded(|| {
            let group = self.file.get_row_group(group)?;
            let columns = self.wanted.iter().filter(|&&at| at < group.num_columns());
            columns.map(|&at| Ok(Column::new(schema.column(at), group.get_column_reader(at)?))).collect()
        })
    }
}

impl Iterator for Rows {
    type Item = Result<Report, Fault>;

    fn next(&mut self) -> Option<Result<Report, Fault>> {
        if self.ended {
            return None;
        }
        match self.fill() {
            Ok(true) => {
                self.number += 1;
                let report = row::report(Value::Object(self.ready.pop_front()?), self.name.at(self.number));
                Some(report.map_err(|note| self.name.fault_at("row", self.number, note)))
            }
            Ok(false) => {
                self.ended = true;
                None
            }
            Err(note) => {
                // A damaged group of rows is passed.
                self.ended = self.group == self.file.num_row_groups();
                Some(Err(self.name.fault_at("row group", self.group.max(1), note)))
            }
        }
    }
}

/// Runs what the crate does with content; its errors, and what it did not foresee, in words.
fn guarded<T>(run: impl FnOnce() -> parquet::errors::Result<T>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(done) => done.map_err(|error| format!("it is damaged ({error})")),
        Err(_) => Err("it is damaged".to_string()),
    }
}

/// Is the footer what it claims to be?
fn sound(bytes: &[u8]) -> Result<(), String> {
    if bytes.starts_with(b"PARE") || bytes.ends_with(b"PARE") {
        return Err("it is encrypted".to_string());
    }
    let Some(body) = bytes.strip_suffix(b"PAR1").filter(|body| body.len() >= 8) else {
        return Err("its last part is not there: truncated".to_string());
    };
    let (body, length) = body.split_at(body.len() - 4);
    let length = u32::from_le_bytes(length.try_into().unwrap_or([0; 4])) as usize;
    if length > FOOTER {
        return Err("its footer is longer than can be: refused".to_string());
    }
    let footer =
        body.len().checked_sub(length).map(|start| &body[start..]).ok_or("its footer is longer than the file: damaged")?;
    // The schema is a list of elements, each of which says how many children follow it.
    let (mut elements, mut groups) = (0usize, 0);
    let walked = Walk::new(footer).structure(|path, value| {
        if path == [2, 5] && value != 0 {
            elements = elements.saturating_add(usize::try_from(value).unwrap_or(usize::MAX));
            groups += 1;
        }
    });
    if walked.is_none() {
        return Err("its footer is damaged".to_string());
    }
    if elements > ELEMENTS || groups > GROUPS {
        return Err("it has more columns than can be".to_string());
    }
    Ok(())
}

/// Bytes of a column that are held at once, its dictionary and the longest page, if its pages unpack to what they say.
fn measured(mut pages: &[u8], packing: Compression, values: i64) -> Result<u64, String> {
    let mut promised = values.saturating_add(VALUES);
    let (mut dictionary, mut longest) = (0, 0);
    while !pages.is_empty() {
        let mut walk = Walk::new(pages);
        let (mut kind, mut unpacked, mut packed, mut count, mut plain) = (0, -1, -1, 0, 0);
        let walked = walk.structure(|path, value| match path {
            [1] => kind = value,
            [2] => unpacked = value,
            [3] => packed = value,
            // Values of a data page, a dictionary, a data page of the second form, whose levels are not packed.
            [5 | 7 | 8, 1] => count = value,
            [8, 5 | 6] => plain += value,
            _ => {}
        });
        let start = walk.walked();
        let sizes = u64::try_from(unpacked).ok().zip(usize::try_from(packed).ok()).zip(usize::try_from(plain).ok());
        let Some((((unpacked, packed), plain), ())) = sizes.zip(walked) else {
            return Err("a page of it is damaged".to_string());
        };
        let page =
            start.checked_add(packed).and_then(|end| pages.get(start..end)).ok_or("a page of it ends too soon: truncated")?;
        promised = promised.saturating_sub(count.max(0));
        if unpacked > PAGE || !(0..=VALUES).contains(&count) || promised < 0 {
            return Err("a page of it is larger than can be: refused".to_string());
        }
        let levels = page.get(plain..).unwrap_or(&[]);
        let length = match packing {
            Compression::GZIP(_) => Some(length(MultiGzDecoder::new(levels), unpacked)),
            Compression::ZSTD(_) => zstd::stream::read::Decoder::new(levels).ok().map(|decoder| length(decoder, unpacked)),
            _ => None,
        };
        if length.is_some_and(|length| length > unpacked) {
            return Err("a page of it expands to more than it says: refused".to_string());
        }
        let held = if kind == DICTIONARY { &mut dictionary } else { &mut longest };
        *held = unpacked.max(*held);
        pages = &pages[start + packed..];
    }
    Ok(dictionary + longest)
}

/// Bytes that a stream unpacks to, `most` and one at most.
fn length(stream: impl Read, most: u64) -> u64 {
    let mut counted = 0;
    let (mut stream, mut buffer) = (stream.take(most + 1), [0; 1 << 14]);
    while let Ok(read @ 1..) = stream.read(&mut buffer) {
        counted += read as u64;
    }
    counted
}

/// One column of a group of rows.
struct Column {
    about: ColumnDescPtr,
    /// Where its values go in a row: the names that lead to it.
    path: Vec<String>,
    reader: ColumnReader,
}

impl Column {
    fn new(about: ColumnDescPtr, reader: ColumnReader) -> Column {
        let parts = about.path().parts();
        let named = parts.iter().enumerate().filter(|(i, part)| *i == 0 || !LISTS.contains(&part.as_str()));
        let path = named.map(|(_, part)| part.clone()).collect();
        Column { about, path, reader }
    }

    /// Puts a value into a row.
    fn put(&self, row: &mut Map<String, Value>, value: Value) {
        let Some((last, groups)) = self.path.split_last() else { return };
        let mut row = row;
        for group in groups {
            let inner = row.entry(group.clone()).or_insert_with(|| Value::Object(Map::new()));
            let Value::Object(inner) = inner else { return };
            row = inner;
        }
        row.entry(last.clone()).or_insert(value);
    }

    /// The values of the next rows; a list for a column of lists.
    fn values(&mut self, rows: usize) -> parquet::errors::Result<Vec<Value>> {
        let about = self.about.clone();
        let time = |value: i64, unit: TimeUnit, zoned: bool| {
            let moment = match unit {
                TimeUnit::MILLIS => Timestamp::from_millisecond(value),
                TimeUnit::MICROS => Timestamp::from_microsecond(value),
                TimeUnit::NANOS => Timestamp::from_nanosecond(i128::from(value)),
            };
            let form = if zoned { "%Y-%m-%dT%H:%M:%SZ" } else { "%Y-%m-%dT%H:%M:%S" };
            moment.map_or(Value::Null, |moment| Value::String(moment.strftime(form).to_string()))
        };
        let text = |bytes: &[u8]| Value::String(String::from_utf8_lossy(bytes).into_owned());
        match &mut self.reader {
            ColumnReader::BoolColumnReader(reader) => next(&about, reader, rows, |_| Value::Null),
            ColumnReader::Int32ColumnReader(reader) => {
                let day = about.converted_type() == ConvertedType::DATE || about.logical_type_ref() == Some(&LogicalType::Date);
                next(&about, reader, rows, |&value| if day { date(value) } else { Value::from(value) })
            }
            ColumnReader::Int64ColumnReader(reader) => {
                let unit = match (about.logical_type_ref(), about.converted_type()) {
                    (Some(LogicalType::Timestamp(stamp)), _) => Some((stamp.unit, stamp.is_adjusted_to_u_t_c)),
                    (_, ConvertedType::TIMESTAMP_MILLIS) => Some((TimeUnit::MILLIS, true)),
                    (_, ConvertedType::TIMESTAMP_MICROS) => Some((TimeUnit::MICROS, true)),
                    _ => None,
                };
                next(&about, reader, rows, |&value| {
                    unit.map_or_else(|| Value::from(value), |(unit, zoned)| time(value, unit, zoned))
                })
            }
            ColumnReader::Int96ColumnReader(reader) => {
                // Days of the Julian calendar and nanoseconds, as older writers keep moments.
                next(&about, reader, rows, |value| {
                    let parts = value.data();
                    let nanoseconds = i64::from(parts[0]) | i64::from(parts[1]) << 32;
                    let seconds = (i64::from(parts[2]) - 2_440_588) * 86_400;
                    time(seconds.saturating_mul(1000).saturating_add(nanoseconds / 1_000_000), TimeUnit::MILLIS, false)
                })
            }
            ColumnReader::FloatColumnReader(reader) => next(&about, reader, rows, |&value| Value::from(value)),
            ColumnReader::DoubleColumnReader(reader) => next(&about, reader, rows, |&value| Value::from(value)),
            ColumnReader::ByteArrayColumnReader(reader) => next(&about, reader, rows, |value| text(value.data())),
            ColumnReader::FixedLenByteArrayColumnReader(reader) => next(&about, reader, rows, |value| text(value.data())),
        }
    }
}

/// A number of days as a date.
fn date(days: i32) -> Value {
    let day = Timestamp::from_second(i64::from(days) * 86_400);
    day.map_or(Value::Null, |day| Value::String(day.strftime("%Y-%m-%d").to_string()))
}

/// The next rows of a column.
fn next<T: DataType>(
    about: &ColumnDescPtr,
    reader: &mut ColumnReaderImpl<T>,
    rows: usize,
    value: impl Fn(&T::T) -> Value,
) -> parquet::errors::Result<Vec<Value>> {
    let (mut present, mut repeated, mut values) = (Vec::new(), Vec::new(), Vec::new());
    let (count, _, levels) = reader.read_records(rows, Some(&mut present), Some(&mut repeated), &mut values)?;
    let mut values = values.iter().map(value);
    let mut found: Vec<Value> = Vec::with_capacity(count);
    for level in 0..levels {
        let there = about.max_def_level() == 0 || present.get(level).is_some_and(|&level| level == about.max_def_level());
        let value = if there { values.next().unwrap_or(Value::Null) } else { Value::Null };
        if about.max_rep_level() == 0 {
            found.push(value);
            continue;
        }
        if repeated.get(level).is_none_or(|&level| level == 0) {
            found.push(Value::Array(Vec::new()));
        }
        if let (Some(Value::Array(list)), true) = (found.last_mut(), there) {
            list.push(value);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Body, Kind, reports};
    use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;
    use std::sync::Arc;

    /// A table of titles, texts (missing where empty), days of publication and lists of authors.
    fn file(rows: &[(&str, &str)], packing: Compression) -> Vec<u8> {
        let schema =
            "message m { required binary Title (UTF8); optional binary text (UTF8); optional int64 date (TIMESTAMP_MILLIS);
            optional group authors (LIST) { repeated group list { optional binary element (UTF8); } } optional int32 clicks; }";
        let properties = WriterProperties::builder().set_compression(packing).build();
        let mut file =
            SerializedFileWriter::new(Vec::new(), Arc::new(parse_message_type(schema).unwrap()), Arc::new(properties)).unwrap();
        let bytes = |words: &str| ByteArray::from(words.as_bytes().to_vec());
        for half in rows.chunks(rows.len().div_ceil(2).max(1)) {
            let mut group = file.next_row_group().unwrap();
            let mut column = group.next_column().unwrap().unwrap();
            let titles: Vec<_> = half.iter().map(|row| bytes(row.0)).collect();
            column.typed::<ByteArrayType>().write_batch(&titles, None, None).unwrap();
            column.close().unwrap();
            let mut column = group.next_column().unwrap().unwrap();
            let (texts, there): (Vec<_>, Vec<i16>) = (
                half.iter().filter(|row| !row.1.is_empty()).map(|row| bytes(row.1)).collect(),
                half.iter().map(|row| i16::from(!row.1.is_empty())).collect(),
            );
            column.typed::<ByteArrayType>().write_batch(&texts, Some(&there), None).unwrap();
            column.close().unwrap();
            let mut column = group.next_column().unwrap().unwrap();
            let days = vec![1_394_100_000_000; half.len()];
            column.typed::<Int64Type>().write_batch(&days, Some(&vec![1; half.len()]), None).unwrap();
            column.close().unwrap();
            let mut column = group.next_column().unwrap().unwrap();
            let authors: Vec<_> = half.iter().flat_map(|_| [bytes("Ann Lee"), bytes("Bo Roe")]).collect();
            let (present, repeated) = (vec![3; 2 * half.len()], [0, 1].repeat(half.len()));
            column.typed::<ByteArrayType>().write_batch(&authors, Some(&present), Some(&repeated)).unwrap();
            column.close().unwrap();
            let mut column = group.next_column().unwrap().unwrap();
            column.typed::<parquet::data_type::Int32Type>().write_batch(&[], Some(&vec![0; half.len()]), None).unwrap();
            column.close().unwrap();
            group.close().unwrap();
        }
        file.into_inner().unwrap()
    }

    fn read(bytes: &[u8]) -> Vec<String> {
        let rows = reports("t", Box::new(std::io::Cursor::new(bytes.to_vec())), None);
        let told = |report: Report| {
            let Body::Row(text) = report.body else { unreachable!() };
            let given = report.given;
            format!("{} | {} | {} | {} | {text}", report.id, given.title.unwrap(), given.date.unwrap(), given.bylines.join("+"))
        };
        rows.map(|row| row.map_or_else(|fault| format!("!{fault}"), told)).collect()
    }

    const ROWS: [(&str, &str); 3] = [("Talks", "They met."), ("None", ""), ("Talks again", "They met again.")];

    #[test]
    fn rows_of_every_packing() {
        use Compression::{GZIP, SNAPPY, UNCOMPRESSED, ZSTD};
        for packing in [UNCOMPRESSED, SNAPPY, GZIP(Default::default()), ZSTD(Default::default())] {
            let found = read(&file(&ROWS, packing));
            assert_eq!(found[0], "t:1 | Talks | 2014-03-06T10:00:00Z | Ann Lee+Bo Roe | They met.");
            assert!(found[1].starts_with("!cannot read row 2 of `t`: no text in it"), "{found:?}");
            assert_eq!(found[2], "t:3 | Talks again | 2014-03-06T10:00:00Z | Ann Lee+Bo Roe | They met again.");
            assert_eq!(found.len(), 3);
        }
    }

    #[test]
    fn damaged_files_are_told() {
        let whole = file(&ROWS, Compression::SNAPPY);
        assert!(read(&whole[..whole.len() - 9])[0].contains("truncated"));
        assert!(read(b"PAR1PAR1")[0].starts_with('!'));
        assert!(read(b"PARE....PARE")[0].contains("encrypted"));
        for i in 0..whole.len() {
            let mut bad = whole.clone();
            bad[i] ^= 0x55;
            assert!(reports("t", Box::new(std::io::Cursor::new(bad)), Some(Kind::Parquet)).count() <= whole.len());
        }
    }

    #[test]
    fn a_page_that_expands_beyond_what_it_says_is_refused() {
        // Two pages as they stand in a file: a header {1: kind, 2: size, 3: packed size, 5: {1: values}}, then packed bytes.
        let packed = zstd::stream::encode_all(&vec![b'a'; 1 << 20][..], 3).unwrap();
        let varint = |n: usize| {
            let (mut n, mut out) = (n << 1, Vec::new());
            while n >= 0x80 {
                out.push(n as u8 | 0x80);
                n >>= 7;
            }
            out.push(n as u8);
            out
        };
        let page = |says: usize, values: usize| {
            [
                vec![0x15, 0, 0x15],
                varint(says),
                vec![0x15],
                varint(packed.len()),
                vec![0x2c, 0x15],
                varint(values),
                vec![0, 0],
                packed.clone(),
            ]
            .concat()
        };
        let zstd = Compression::ZSTD(Default::default());
        assert_eq!(measured(&page(1 << 20, 9), zstd, 9), Ok(1 << 20));
        assert!(measured(&page(1 << 10, 9), zstd, 9).unwrap_err().contains("more than it says"));
        assert!(measured(&page(1 << 30, 9), zstd, 9).unwrap_err().contains("larger than can be"));
        assert!(measured(&page(1 << 20, 1 << 30), zstd, 9).unwrap_err().contains("larger than can be"));
    }
}
