//! A flat table as it is written: CSV with a header, or Parquet with the same columns and typed values.

use crate::{Column, Form, Values};
use parquet::basic::{Compression, ConvertedType, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;
use std::io::{self, Write};
use std::sync::Arc;

/// What the values of a column are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Is {
    /// Words; ids; dates as exact as they are known.
    Text,
    /// A whole number.
    Whole,
    /// A number.
    Number,
}

/// The name of a column and what its values are.
pub(crate) type Head = (&'static str, Is);

/// Where a table is written to.
pub(crate) enum Target<'o> {
    /// Bytes of a form.
    Bytes(Form, &'o mut dyn Write),
    /// Columns in memory.
    Columns(&'o mut Vec<Column>),
}

/// Rows of a group in Parquet, which are held until it is full.
const GROUP: usize = 50_000;

/// A table that is being written.
pub(crate) struct Sheet<'o> {
    to: To<'o>,
    rows: usize,
}

enum To<'o> {
    Csv(Box<csv::Writer<&'o mut dyn Write>>),
    Parquet { head: &'static [Head], columns: Vec<Vec<String>>, file: Box<SerializedFileWriter<Vec<u8>>>, out: &'o mut dyn Write },
    Columns(&'o mut Vec<Column>),
}

fn failed(error: parquet::errors::ParquetError) -> io::Error {
    io::Error::other(error)
}

impl<'o> Sheet<'o> {
    pub(crate) fn new(to: Target<'o>, head: &'static [Head]) -> io::Result<Sheet<'o>> {
        let to = match to {
            Target::Columns(columns) => {
                *columns = head.iter().map(|&(name, is)| Column { name, values: Values::of(is) }).collect();
                To::Columns(columns)
            }
            Target::Bytes(Form::Csv, out) => {
                let mut table = csv::Writer::from_writer(out);
                table.write_record(head.iter().map(|(name, _)| name))?;
                To::Csv(Box::new(table))
            }
            Target::Bytes(Form::Parquet, out) => {
                let file =
                    Box::new(SerializedFileWriter::new(Vec::new(), schema(head).map_err(failed)?, properties()).map_err(failed)?);
                To::Parquet { head, columns: vec![Vec::new(); head.len()], file, out }
            }
        };
        Ok(Sheet { to, rows: 0 })
    }

    /// Writes a row, a value for each column; what is not known is empty.
    pub(crate) fn row<S: AsRef<str>>(&mut self, values: impl IntoIterator<Item = S>) -> io::Result<()> {
        self.rows += 1;
        match &mut self.to {
            To::Csv(table) => {
                for value in values {
                    table.write_field(value.as_ref())?;
                }
                table.write_record(None::<&[u8]>)?;
            }
            To::Parquet { head, columns, file, .. } => {
                for (column, value) in columns.iter_mut().zip(values) {
                    column.push(value.as_ref().to_string());
                }
                if self.rows.is_multiple_of(GROUP) {
                    group(head, columns, file).map_err(failed)?;
                }
            }
            To::Columns(columns) => {
                columns.iter_mut().zip(values).for_each(|(column, value)| column.values.push(value.as_ref()));
            }
        }
        Ok(())
    }

    /// Writes what is left; how many rows there were.
    pub(crate) fn end(self) -> io::Result<usize> {
        match self.to {
            To::Csv(mut table) => table.flush()?,
            To::Parquet { head, mut columns, mut file, out } => {
                group(head, &mut columns, &mut file).map_err(failed)?;
                out.write_all(&file.into_inner().map_err(failed)?)?;
            }
            To::Columns(_) => {}
        }
        Ok(self.rows)
    }
}

impl Values {
    fn of(is: Is) -> Values {
        match is {
            Is::Text => Values::Text(Vec::new()),
            Is::Whole => Values::Whole(Vec::new()),
            Is::Number => Values::Number(Vec::new()),
        }
    }

    /// Adds a value as a table has it; an empty one is not known.
    fn push(&mut self, value: &str) {
        match self {
            Values::Text(values) => values.push((!value.is_empty()).then(|| value.to_string())),
            Values::Whole(values) => values.push(value.parse().ok()),
            Values::Number(values) => values.push(value.parse().ok()),
        }
    }
}

/// Packed as all readers can unpack; nothing of the machine or the hour is in the file.
fn properties() -> Arc<WriterProperties> {
    let made_by = concat!("tellings ", env!("CARGO_PKG_VERSION")).to_string();
    let zstd = Compression::ZSTD(ZstdLevel::default());
    Arc::new(WriterProperties::builder().set_compression(zstd).set_created_by(made_by).build())
}

/// Every column may be empty.
fn schema(head: &[Head]) -> parquet::errors::Result<Arc<Type>> {
    let column = |(name, is): &Head| {
        let (physical, converted) = match is {
            Is::Text => (Physical::BYTE_ARRAY, ConvertedType::UTF8),
            Is::Whole => (Physical::INT64, ConvertedType::NONE),
            Is::Number => (Physical::DOUBLE, ConvertedType::NONE),
        };
        let column = Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
        Ok(Arc::new(column.with_converted_type(converted).build()?))
    };
    let columns = head.iter().map(column).collect::<parquet::errors::Result<_>>()?;
    Ok(Arc::new(Type::group_type_builder("table").with_fields(columns).build()?))
}

/// Writes the rows that are held as a group, and forgets them.
fn group(head: &[Head], columns: &mut [Vec<String>], file: &mut SerializedFileWriter<Vec<u8>>) -> parquet::errors::Result<()> {
    if columns.first().is_none_or(Vec::is_empty) {
        return Ok(());
    }
    let mut group: SerializedRowGroupWriter<'_, Vec<u8>> = file.next_row_group()?;
    for ((_, is), values) in head.iter().zip(columns) {
        let values = std::mem::take(values);
        let Some(mut column) = group.next_column()? else { break };
        let there: Vec<i16> = values.iter().map(|value| i16::from(!value.is_empty())).collect();
        let known = values.into_iter().filter(|value| !value.is_empty());
        match is {
            Is::Text => {
                let values: Vec<ByteArray> = known.map(|value| ByteArray::from(value.into_bytes())).collect();
                column.typed::<ByteArrayType>().write_batch(&values, Some(&there), None)?;
            }
            Is::Whole => {
                let values: Vec<i64> = known.map(|value| value.parse().unwrap_or_default()).collect();
                column.typed::<Int64Type>().write_batch(&values, Some(&there), None)?;
            }
            Is::Number => {
                let values: Vec<f64> = known.map(|value| value.parse().unwrap_or(f64::NAN)).collect();
                column.typed::<DoubleType>().write_batch(&values, Some(&there), None)?;
            }
        }
        column.close()?;
    }
    group.close()?;
    Ok(())
}

/// A row of tabbed fields: tabs and line ends within them are blanks.
pub(crate) fn tabbed<S: AsRef<str>>(fields: &[S], out: &mut dyn Write) -> io::Result<()> {
    for (i, field) in fields.iter().enumerate() {
        let mark = if i == 0 { "" } else { "\t" };
        write!(out, "{mark}{}", field.as_ref().replace(['\t', '\n', '\r'], " "))?;
    }
    writeln!(out)
}
