//! The steps by which records of more reports than one machine holds are made, each on a batch of rows: what Spark, Sail or Ray hand to
//! a worker, and take back. Rows that belong together stand together and are all in one batch; `python/tellings/spark.py` sees to that.

use crate::columns::{Column, batches};
use crate::models;
use crate::reading::Rows;
use crate::tables::{Table, bad, batch, column_array};
use arrow_array::builder::{BinaryBuilder, Int32Builder, Int64Builder, ListBuilder, StringBuilder};
use arrow_array::{Array, ArrayRef, Int64Array, LargeBinaryArray, ListArray, RecordBatch, StructArray};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{DataType, Field};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use rayon::prelude::*;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};
use tellings::doc::Doc;
use tellings::export::{self, Layout};
use tellings::spread;
use tellings::story::blocks::{Grouped, Loose, group, links};
use tellings::story::{Dating, Rarity, Sketch};
use tellings::{failures, json};

fn rarity() -> &'static Rarity {
    static RARITY: OnceLock<Rarity> = OnceLock::new();
    RARITY.get_or_init(Rarity::shipped)
}

/// One batch of rows with its columns by name.
struct Given(RecordBatch);

impl Given {
    fn new(object: &Bound<'_, PyAny>) -> PyResult<Given> {
        let all = batches(object)?;
        match <[RecordBatch; 1]>::try_from(all) {
            Ok([one]) => Ok(Given(one)),
            Err(_) => Err(PyValueError::new_err("one batch of rows is wanted")),
        }
    }

    fn column(&self, name: &str, kind: &DataType) -> PyResult<ArrayRef> {
        let missing = || PyValueError::new_err(format!("there is no column `{name}`"));
        arrow_cast::cast(self.0.column_by_name(name).ok_or_else(missing)?, kind).map_err(bad)
    }

    fn numbers(&self, name: &str) -> PyResult<Int64Array> {
        let column = self.column(name, &DataType::Int64)?;
        column.as_any().downcast_ref::<Int64Array>().cloned().ok_or_else(|| PyValueError::new_err("not a column of numbers"))
    }

    fn texts(&self, name: &str) -> PyResult<Column> {
        Column::pieces(&[self.column(name, &DataType::Utf8View)?])
    }

    fn bytes(&self, name: &str) -> PyResult<LargeBinaryArray> {
        let column = self.column(name, &DataType::LargeBinary)?;
        column.as_any().downcast_ref::<LargeBinaryArray>().cloned().ok_or_else(|| PyValueError::new_err("not a column of bytes"))
    }

    fn pieces(&self) -> PyResult<Vec<Loose>> {
        let bytes = self.bytes("piece")?;
        let piece = |bytes: &[u8]| {
            let other = || PyValueError::new_err("a piece was made by another version of tellings: begin in an empty folder");
            Loose::from_bytes(bytes).ok_or_else(other)
        };
        (0..bytes.len()).map(|row| piece(bytes.value(row))).collect()
    }

    fn reports(&self) -> PyResult<Rows> {
        Rows::of_batch(&self.0)
    }
}

/// Stretches of rows that are alike in what `same` compares.
fn stretches(rows: usize, same: impl Fn(usize, usize) -> bool) -> Vec<Range<usize>> {
    let mut starts: Vec<usize> = (0..rows).filter(|&row| row == 0 || !same(row - 1, row)).collect();
    starts.push(rows);
    starts.windows(2).map(|pair| pair[0]..pair[1]).collect()
}

/// Reads reports: a row each with its id, day of publication, the contract's JSON, and what was wrong with it.
#[pyfunction]
pub(crate) fn spread_read(py: Python<'_>, rows: &Bound<'_, PyAny>) -> PyResult<Table> {
    let rows = Given::new(rows)?.reports()?;
    py.detach(|| {
        let docs = rows.read_all();
        let lines: Vec<String> = docs.par_iter().map(|doc| json::reading_of(doc, true)).collect();
        let (mut ids, mut days, mut readings) = (StringBuilder::new(), StringBuilder::new(), StringBuilder::new());
        let mut problems = ListBuilder::new(StringBuilder::new());
        for (doc, line) in docs.iter().zip(lines) {
            ids.append_value(&doc.id);
            days.append_option(doc.article.published.as_ref().map(|p| p.value.as_str()));
            readings.append_value(line);
            failures(doc).iter().for_each(|failure| problems.values().append_value(failure));
            problems.append(true);
        }
        let columns: Vec<ArrayRef> =
            vec![Arc::new(ids.finish()), Arc::new(days.finish()), Arc::new(readings.finish()), Arc::new(problems.finish())];
        Table::one(&["id", "published", "reading", "failures"], columns)
    })
}

/// Rows of pieces as they are built.
#[derive(Default)]
struct Pieces {
    ids: StringBuilder,
    parts: Int32Builder,
    nodes: Int64Builder,
    undated: arrow_array::builder::BooleanBuilder,
    windows: ListBuilder<Int32Builder>,
    keys: ListBuilder<Int64Builder>,
    pieces: BinaryBuilder,
}

const PIECES: [&str; 7] = ["id", "part", "node", "undated", "windows", "keys", "piece"];

impl Pieces {
    fn add(&mut self, doc: &Doc) -> usize {
        let loose = Sketch::of(rarity(), doc).loose();
        for piece in &loose {
            self.ids.append_value(&piece.id);
            self.parts.append_value(piece.part() as i32);
            self.nodes.append_value(piece.number() as i64);
            self.undated.append_value(doc.article.published.is_none());
            piece.windows().iter().flatten().for_each(|&window| self.windows.values().append_value(window));
            self.windows.append(true);
            piece.keys().into_iter().for_each(|key| self.keys.values().append_value(key.into()));
            self.keys.append(true);
            self.pieces.append_value(piece.to_bytes());
        }
        loose.len()
    }

    fn finish(mut self) -> Vec<ArrayRef> {
        vec![
            Arc::new(self.ids.finish()),
            Arc::new(self.parts.finish()),
            Arc::new(self.nodes.finish()),
            Arc::new(self.undated.finish()),
            Arc::new(self.windows.finish()),
            Arc::new(self.keys.finish()),
            Arc::new(self.pieces.finish()),
        ]
    }
}

/// Reads reports for their pieces: a row for each report's main matter and for each part of it that is about something else.
#[pyfunction]
pub(crate) fn spread_pieces(py: Python<'_>, rows: &Bound<'_, PyAny>) -> PyResult<Table> {
    let rows = Given::new(rows)?.reports()?;
    py.detach(|| {
        let mut pieces = Pieces::default();
        for doc in &rows.read_all() {
            pieces.add(doc);
        }
        Table::one(&PIECES, pieces.finish())
    })
}

/// Links between pieces that stand under one `key` and `window`: a row with the nodes of each.
#[pyfunction]
pub(crate) fn spread_links(py: Python<'_>, rows: &Bound<'_, PyAny>) -> PyResult<Table> {
    let given = Given::new(rows)?;
    let (keys, windows, nodes) = (given.numbers("key")?, given.numbers("window")?, given.numbers("node")?);
    let bytes = given.bytes("piece")?;
    py.detach(|| {
        let same = |a: usize, b: usize| (keys.value(a), windows.value(a)) == (keys.value(b), windows.value(b));
        let buckets: Vec<Range<usize>> = stretches(keys.len(), same).into_iter().filter(|rows| rows.len() > 1).collect();
        let pairs: Vec<(i64, i64)> = (buckets.into_par_iter())
            .flat_map_iter(|rows| {
                let pieces: Vec<Loose> = rows.clone().filter_map(|row| Loose::from_bytes(bytes.value(row))).collect();
                links(&pieces).into_iter().map(move |(a, b)| (rows.start + a, rows.start + b)).collect::<Vec<_>>()
            })
            .map(|(a, b)| (nodes.value(a), nodes.value(b)))
            .collect();
        let (a, b): (Vec<i64>, Vec<i64>) = pairs.into_iter().map(|(a, b)| (a.min(b), a.max(b))).filter(|(a, b)| a != b).unzip();
        Table::one(&["a", "b"], vec![Arc::new(Int64Array::from(a)), Arc::new(Int64Array::from(b))])
    })
}

/// Stories of the pieces of one `block`: a row for each piece of each.
#[pyfunction]
pub(crate) fn spread_group(py: Python<'_>, rows: &Bound<'_, PyAny>) -> PyResult<Table> {
    let given = Given::new(rows)?;
    let (blocks, pieces) = (given.numbers("block")?, given.pieces()?);
    py.detach(|| {
        let blocks = stretches(blocks.len(), |a, b| blocks.value(a) == blocks.value(b));
        let stories: Vec<Grouped> = blocks.into_par_iter().flat_map_iter(|rows| group(pieces[rows].to_vec())).collect();
        let (mut ids, mut parts) = (StringBuilder::new(), Int32Builder::new());
        let [mut names, mut merged, mut parents] = [(); 3].map(|()| StringBuilder::new());
        for story in stories {
            for (id, part) in &story.members {
                names.append_value(&story.id);
                ids.append_value(id);
                parts.append_value(*part as i32);
                merged.append_value(story.merged.join(","));
                parents.append_value(story.parents.join(","));
            }
        }
        let columns: Vec<ArrayRef> = vec![
            Arc::new(names.finish()),
            Arc::new(ids.finish()),
            Arc::new(parts.finish()),
            Arc::new(merged.finish()),
            Arc::new(parents.finish()),
        ];
        Table::one(&["story", "id", "part", "merged", "parents"], columns)
    })
}

/// Stories with their reports read: rows of reports that stand under one `story`, a row for each part of them.
fn stories(given: &Given) -> PyResult<Vec<(Grouped, Vec<usize>)>> {
    let [names, ids, merged, parents] = ["story", "id", "merged", "parents"].map(|name| given.texts(name));
    let (names, ids, merged, parents, parts) = (names?, ids?, merged?, parents?, given.numbers("part")?);
    let list = |text: Option<&str>| text.unwrap_or_default().split(',').filter(|id| !id.is_empty()).map(str::to_string).collect();
    let story = |rows: Range<usize>| {
        let members = rows.clone().map(|row| (ids.get(row).unwrap_or_default().to_string(), parts.value(row) as u32)).collect();
        let mut seen: HashMap<&str, usize> = HashMap::new();
        rows.clone().for_each(|row| _ = seen.entry(ids.get(row).unwrap_or_default()).or_insert(row));
        let mut reports: Vec<usize> = seen.into_values().collect();
        reports.sort_unstable();
        let id = names.get(rows.start).unwrap_or_default().to_string();
        (Grouped { id, members, merged: list(merged.get(rows.start)), parents: list(parents.get(rows.start)) }, reports)
    };
    Ok(stretches(given.0.num_rows(), |a, b| names.get(a) == names.get(b)).into_iter().map(story).collect())
}

/// Dates for the undated reports of stories: a row for each piece of each that got one, as it is with that date.
#[pyfunction]
pub(crate) fn spread_date(py: Python<'_>, rows: &Bound<'_, PyAny>) -> PyResult<Table> {
    let given = Given::new(rows)?;
    let (reports, stories) = (given.reports()?, stories(&given)?);
    py.detach(|| {
        let dated: Vec<(Doc, Vec<u8>)> = (stories.into_par_iter())
            .flat_map_iter(|(story, rows)| {
                let mut docs: Vec<Doc> = rows.into_iter().map(|row| reports.read(row)).collect();
                let datings = spread::datings(rarity(), &mut docs, &story);
                let dated = datings.into_iter().map(|dating| {
                    let (at, bytes) = (dating.document, dating.to_bytes());
                    spread::date(models(), &mut docs, dating);
                    (docs[at].clone(), bytes)
                });
                dated.collect::<Vec<_>>()
            })
            .collect();
        let (mut pieces, mut datings) = (Pieces::default(), BinaryBuilder::new());
        for (doc, bytes) in &dated {
            (0..pieces.add(doc)).for_each(|_| datings.append_value(bytes));
        }
        let mut columns = pieces.finish();
        columns.push(Arc::new(datings.finish()));
        Table::one(&[&PIECES[..], &["dating"]].concat(), columns)
    })
}

/// Our flat tables that a record is also given as.
const TABLES: [Layout; 5] = [Layout::Events, Layout::Tellings, Layout::Claims, Layout::Quotes, Layout::Entities];

/// Records of stories: a row each, with the contract's JSON and the flat tables as lists of rows.
#[pyfunction]
pub(crate) fn spread_record(py: Python<'_>, rows: &Bound<'_, PyAny>) -> PyResult<Table> {
    let given = Given::new(rows)?;
    let (reports, stories, datings) = (given.reports()?, stories(&given)?, given.bytes("dating")?);
    py.detach(|| {
        let made: Vec<_> = (stories.into_par_iter())
            .map(|(story, rows)| {
                let mut docs: Vec<Doc> = rows.iter().map(|&row| reports.read(row)).collect();
                for (at, &row) in rows.iter().enumerate().filter(|(_, row)| datings.is_valid(**row)) {
                    if let Some(dating) = Dating::from_bytes(at, datings.value(row)) {
                        spread::date(models(), &mut docs, dating);
                    }
                }
                let record = spread::record(rarity(), &mut docs, &story);
                let (story, documents) = json::parts(&record);
                let tables = TABLES.map(|layout| export::columns(layout, &record, &docs));
                let told = record.stories.first();
                let days = told.map_or((None, None), |s| (s.first.clone(), s.last.clone()));
                let counts = told.map_or((0, 0, 0), |s| (s.documents.len(), s.lineages.len(), s.events.len()));
                (told.map_or_else(Default::default, |s| (s.id.clone(), s.title.clone())), days, counts, story, documents, tables)
            })
            .collect();
        let [mut ids, mut titles, mut firsts, mut lasts, mut records] = [(); 5].map(|()| StringBuilder::new());
        let [mut reports, mut origins, mut events] = [(); 3].map(|()| Int64Builder::new());
        let mut documents = ListBuilder::new(StringBuilder::new());
        let mut tables: Vec<Vec<Vec<export::Column>>> = vec![Vec::new(); TABLES.len()];
        for ((id, title), (first, last), counts, story, own, rows) in made {
            ids.append_value(id);
            titles.append_value(title);
            firsts.append_option(first);
            lasts.append_option(last);
            reports.append_value(counts.0 as i64);
            origins.append_value(counts.1 as i64);
            events.append_value(counts.2 as i64);
            records.append_value(story);
            own.iter().for_each(|document| documents.values().append_value(document));
            documents.append(true);
            tables.iter_mut().zip(rows).for_each(|(table, rows)| table.push(rows));
        }
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(ids.finish()),
            Arc::new(titles.finish()),
            Arc::new(firsts.finish()),
            Arc::new(lasts.finish()),
            Arc::new(reports.finish()),
            Arc::new(origins.finish()),
            Arc::new(events.finish()),
            Arc::new(records.finish()),
            Arc::new(documents.finish()),
        ];
        let mut names = vec!["id", "title", "first", "last", "reports", "origins", "events_count", "record", "documents"];
        for (layout, table) in TABLES.iter().zip(tables) {
            names.push(layout.as_str());
            columns.push(nested(*layout, table)?);
        }
        Table::one(&names, columns)
    })
}

/// A table for each story as one column of lists of rows.
fn nested(layout: Layout, tables: Vec<Vec<export::Column>>) -> PyResult<ArrayRef> {
    let lengths: Vec<usize> = tables.iter().map(|table| table.first().map_or(0, |column| column.values.len())).collect();
    // The columns are those of the layout, also where there is no story.
    let mut whole = export::columns(layout, &tellings::story::Record::default(), &[]);
    for table in tables {
        whole.iter_mut().zip(table).for_each(|(all, own)| all.values.append(own.values));
    }
    let names: Vec<&str> = whole.iter().map(|column| column.name).collect();
    let rows = StructArray::from(batch(&names, whole.iter().map(column_array).collect()).map_err(bad)?);
    let item = Arc::new(Field::new("item", rows.data_type().clone(), true));
    Ok(Arc::new(ListArray::try_new(item, OffsetBuffer::from_lengths(lengths), Arc::new(rows), None).map_err(bad)?))
}
