//! Layers of readings and tables of records as Arrow's columns, handed to Python without a copy.

use crate::offsets::Characters;
use crate::reading::Reading;
use arrow_array::builder::{Float64Builder, Int64Builder, ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray, StructArray};
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use pyo3_arrow::ffi::{ArrayIterator, to_schema_pycapsule, to_stream_pycapsule};
use rayon::prelude::*;
use serde_json::Value;
use std::sync::Arc;
use tellings::doc::Doc;
use tellings::json;

/// What stands in a column, and how it is found in a reading.
#[derive(Clone, Copy)]
enum Is {
    /// Words.
    Text,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// An offset in the text.
    At,
    /// The words at a place.
    Words,
    /// Several words.
    Texts,
    /// Several numbers.
    Wholes,
    /// Which row of its reading it is.
    Row,
    /// The id of the reading.
    Document,
}

/// A column: its name, where its value stands in the contract's JSON, and what it is. `a.b` is a field of a field, `a.0` an item of a
/// list, `*` all items; behind `>` stands the field of the layer that a number counts.
type Column = (&'static str, &'static str, Is);

const DOCUMENT: Column = ("document", "", Is::Document);
const START: Column = ("start", "span.0", Is::At);
const END: Column = ("end", "span.1", Is::At);

/// The layers that are tables, and where their rows stand in the JSON.
const LAYERS: [(&str, &str, &[Column]); 13] = [
    (
        "reports",
        "",
        &[
            ("id", "id", Is::Text),
            ("title", "title", Is::Text),
            ("published", "published.value", Is::Text),
            ("published_precision", "published.precision", Is::Text),
            ("published_basis", "published.basis", Is::Text),
            ("language", "language", Is::Text),
            ("path", "source.path", Is::Text),
            ("url", "source.url", Is::Text),
            ("outlet", "source.outlet", Is::Text),
            ("bylines", "bylines", Is::Texts),
            ("credits", "credits", Is::Texts),
            ("dateline", "dateline.place", Is::Text),
            ("text", "text", Is::Text),
            ("problems", "problems.*.kind", Is::Texts),
        ],
    ),
    ("sentences", "sentences", &[DOCUMENT, ("sentence", "", Is::Row), ("start", "0", Is::At), ("end", "1", Is::At)]),
    (
        "tokens",
        "tokens",
        &[
            DOCUMENT,
            ("token", "", Is::Row),
            START,
            END,
            ("lemma", "lemma", Is::Text),
            ("upos", "upos", Is::Text),
            ("xpos", "xpos", Is::Text),
            ("feats", "feats", Is::Text),
            ("head", "head", Is::Whole),
            ("deprel", "deprel", Is::Text),
        ],
    ),
    (
        "mentions",
        "mentions",
        &[
            DOCUMENT,
            START,
            END,
            ("head_start", "head.0", Is::At),
            ("head_end", "head.1", Is::At),
            ("kind", "kind", Is::Text),
            ("form", "form", Is::Text),
            ("entity", "entity", Is::Whole),
            ("name", "entity>entities.name", Is::Text),
            ("words", "span", Is::Words),
        ],
    ),
    (
        "entities",
        "entities",
        &[
            DOCUMENT,
            ("entity", "", Is::Row),
            ("name", "name", Is::Text),
            ("kind", "kind", Is::Text),
            ("country", "country", Is::Text),
            ("sectors", "sectors", Is::Texts),
            ("role", "role", Is::Text),
        ],
    ),
    (
        "times",
        "times",
        &[DOCUMENT, START, END, ("type", "type", Is::Text), ("value", "value", Is::Text), ("words", "span", Is::Words)],
    ),
    (
        "places",
        "places",
        &[
            DOCUMENT,
            ("place", "", Is::Row),
            START,
            END,
            ("name", "name", Is::Text),
            ("country", "country", Is::Text),
            ("lat", "lat", Is::Number),
            ("lon", "lon", Is::Number),
            ("geonames", "geonames", Is::Whole),
            ("feature", "feature", Is::Text),
        ],
    ),
    (
        "quantities",
        "quantities",
        &[
            DOCUMENT,
            START,
            END,
            ("value", "value", Is::Number),
            ("low", "low", Is::Number),
            ("high", "high", Is::Number),
            ("unit", "unit", Is::Text),
            ("of", "of", Is::Text),
            ("words", "span", Is::Words),
        ],
    ),
    (
        "quotes",
        "quotes",
        &[
            DOCUMENT,
            ("quote", "", Is::Row),
            ("start", "content.0.0", Is::At),
            ("end", "content.0.1", Is::At),
            ("kind", "kind", Is::Text),
            ("speaker_start", "speaker.0", Is::At),
            ("speaker_end", "speaker.1", Is::At),
            ("entity", "entity", Is::Whole),
            ("name", "entity>entities.name", Is::Text),
            ("words", "content.0", Is::Words),
        ],
    ),
    (
        "claims",
        "claims",
        &[
            DOCUMENT,
            ("claim", "", Is::Row),
            START,
            END,
            ("kind", "kind", Is::Text),
            ("by", "by", Is::Whole),
            ("by_name", "by>entities.name", Is::Text),
            ("toward", "toward", Is::Whole),
            ("toward_name", "toward>entities.name", Is::Text),
            ("label", "label", Is::Text),
            ("class", "class", Is::Text),
            ("issue", "issue", Is::Text),
            ("realis", "realis", Is::Text),
            ("quote", "quote", Is::Whole),
            ("answers", "answers", Is::Whole),
            ("words", "span", Is::Words),
        ],
    ),
    (
        "events",
        "events",
        &[
            DOCUMENT,
            ("event", "", Is::Row),
            START,
            END,
            ("trigger_start", "trigger.0", Is::At),
            ("trigger_end", "trigger.1", Is::At),
            ("type", "type", Is::Text),
            ("modes", "modes", Is::Texts),
            ("contexts", "contexts", Is::Texts),
            ("cameo", "cameo", Is::Text),
            ("actors", "actors.*.entity", Is::Wholes),
            ("actor_names", "actors.*.entity>entities.name", Is::Texts),
            ("actor_countries", "actors.*.entity>entities.country", Is::Texts),
            ("recipients", "recipients.*.entity", Is::Wholes),
            ("recipient_names", "recipients.*.entity>entities.name", Is::Texts),
            ("recipient_countries", "recipients.*.entity>entities.country", Is::Texts),
            ("date", "time.value", Is::Text),
            ("date_precision", "time.precision", Is::Text),
            ("date_basis", "time.basis", Is::Text),
            ("place", "place.place>places.name", Is::Text),
            ("place_country", "place.place>places.country", Is::Text),
            ("lat", "place.place>places.lat", Is::Number),
            ("lon", "place.place>places.lon", Is::Number),
            ("realis", "realis", Is::Text),
            ("rule", "rule", Is::Text),
            ("score", "score", Is::Number),
            ("words", "span", Is::Words),
        ],
    ),
    ("uncoded", "uncoded", &[DOCUMENT, START, END, ("reason", "reason", Is::Text), ("words", "span", Is::Words)]),
    ("problems", "problems", &[DOCUMENT, ("kind", "kind", Is::Text), START, END, ("note", "note", Is::Text)]),
];

/// Values of a column as they come.
enum Values {
    Text(StringBuilder),
    Whole(Int64Builder),
    Number(Float64Builder),
    Texts(ListBuilder<StringBuilder>),
    Wholes(ListBuilder<Int64Builder>),
}

impl Values {
    fn new(is: Is) -> Values {
        match is {
            Is::Text | Is::Words | Is::Document => Values::Text(StringBuilder::new()),
            Is::Whole | Is::At | Is::Row => Values::Whole(Int64Builder::new()),
            Is::Number => Values::Number(Float64Builder::new()),
            Is::Texts => Values::Texts(ListBuilder::new(StringBuilder::new())),
            Is::Wholes => Values::Wholes(ListBuilder::new(Int64Builder::new())),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Values::Text(values) => Arc::new(values.finish()),
            Values::Whole(values) => Arc::new(values.finish()),
            Values::Number(values) => Arc::new(values.finish()),
            Values::Texts(values) => Arc::new(values.finish()),
            Values::Wholes(values) => Arc::new(values.finish()),
        }
    }
}

/// One reading on its way into a table.
struct Row<'v> {
    reading: &'v Value,
    text: &'v str,
    characters: Option<&'v Characters>,
}

impl<'v> Row<'v> {
    /// What stands at a path: several where it goes through all items of a list.
    fn find(&self, from: &'v Value, path: &str) -> Vec<&'v Value> {
        let (path, counted) = path.split_once('>').map_or((path, None), |(path, counted)| (path, counted.split_once('.')));
        let mut found = vec![from];
        for step in path.split('.').filter(|step| !step.is_empty()) {
            let list = |value: &'v Value| value.as_array().map(|list| list.iter().collect()).unwrap_or_default();
            found = match step {
                "*" => found.into_iter().flat_map(|value: &'v Value| -> Vec<&'v Value> { list(value) }).collect(),
                _ => {
                    let at = step.parse::<usize>().ok();
                    found.into_iter().filter_map(|value| at.map_or_else(|| value.get(step), |at| value.get(at))).collect()
                }
            };
        }
        match counted {
            Some((layer, name)) => {
                found.into_iter().filter_map(|at| self.reading.get(layer)?.get(at.as_u64()? as usize)?.get(name)).collect()
            }
            None => found,
        }
    }

    fn push(&self, item: &'v Value, row: usize, column: &Column, values: &mut Values) {
        let &(_, path, is) = column;
        let found = if matches!(is, Is::Row | Is::Document) { Vec::new() } else { self.find(item, path) };
        let first = found.first().copied();
        match (values, is) {
            (Values::Text(values), Is::Document) => values.append_option(self.reading["id"].as_str()),
            (Values::Text(values), Is::Words) => {
                let place = first.and_then(|place| Some(place[0].as_u64()? as usize..place[1].as_u64()? as usize));
                values.append_option(place.and_then(|place| self.text.get(place)));
            }
            (Values::Text(values), _) => values.append_option(first.and_then(Value::as_str)),
            (Values::Whole(values), Is::Row) => values.append_value(row as i64),
            (Values::Whole(values), Is::At) => {
                let place = |byte: i64| self.characters.map_or(byte, |c| c.at(byte as u64) as i64);
                values.append_option(first.and_then(Value::as_i64).map(place));
            }
            (Values::Whole(values), _) => values.append_option(first.and_then(Value::as_i64)),
            (Values::Number(values), _) => values.append_option(first.and_then(Value::as_f64)),
            (Values::Texts(values), _) => {
                // A list of words as such, or the words found on the way through a list.
                let all = found.iter().flat_map(|v| v.as_array().map_or_else(|| vec![*v], |list| list.iter().collect()));
                all.for_each(|value| values.values().append_option(value.as_str()));
                values.append(true);
            }
            (Values::Wholes(values), _) => {
                found.iter().for_each(|value| values.values().append_option(value.as_i64()));
                values.append(true);
            }
        }
    }
}

pub(crate) fn bad(error: ArrowError) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// The table of a layer of readings.
fn layer(docs: &[Arc<Doc>], name: &str, characters: bool) -> PyResult<Table> {
    let Some(&(_, rows, columns)) = LAYERS.iter().find(|layer| layer.0 == name) else {
        let known: Vec<&str> = LAYERS.iter().map(|layer| layer.0).collect();
        return Err(PyValueError::new_err(format!("`{name}` is no layer; there are {}", known.join(", "))));
    };
    // As many readings at a time as make a batch of a handy size.
    let batches = docs.par_chunks(64).map(|docs| {
        let mut values: Vec<Values> = columns.iter().map(|column| Values::new(column.2)).collect();
        for doc in docs {
            let reading = json::reading_value(doc, rows == "tokens");
            let map = (characters && !doc.text().is_ascii()).then(|| Characters::of(doc.text()));
            let row = Row { reading: &reading, text: doc.text(), characters: map.as_ref() };
            let whole = [&reading];
            let items: Vec<&Value> = match reading.get(rows) {
                Some(list) => list.as_array().map(|list| list.iter().collect()).unwrap_or_default(),
                None => whole.to_vec(),
            };
            for (at, item) in items.into_iter().enumerate() {
                columns.iter().zip(&mut values).for_each(|(column, values)| row.push(item, at, column, values));
            }
        }
        batch(&columns.iter().map(|column| column.0).collect::<Vec<_>>(), values.iter_mut().map(Values::finish).collect())
    });
    let mut batches: Vec<RecordBatch> = batches.collect::<Result<_, _>>().map_err(bad)?;
    if batches.is_empty() {
        let empty = columns.iter().map(|column| Values::new(column.2).finish()).collect();
        batches.push(batch(&columns.iter().map(|column| column.0).collect::<Vec<_>>(), empty).map_err(bad)?);
    }
    Ok(Table::new(batches))
}

/// The table of a layer of readings.
#[pyfunction]
#[pyo3(signature = (readings, name, characters = false))]
pub(crate) fn table(py: Python<'_>, readings: Vec<Py<Reading>>, name: &str, characters: bool) -> PyResult<Table> {
    let docs: Vec<Arc<Doc>> = readings.iter().map(|reading| reading.get().doc.clone()).collect();
    py.detach(|| layer(&docs, name, characters))
}

pub(crate) fn batch(names: &[&str], columns: Vec<ArrayRef>) -> Result<RecordBatch, ArrowError> {
    let fields: Vec<Field> =
        names.iter().zip(&columns).map(|(name, column)| Field::new(*name, column.data_type().clone(), true)).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
}

/// A table in Arrow's layout: any library that knows the PyCapsule interface takes it over without a copy.
#[pyclass(frozen, module = "tellings._engine")]
pub(crate) struct Table {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl Table {
    fn new(batches: Vec<RecordBatch>) -> Table {
        let schema = batches.first().map_or_else(|| Arc::new(Schema::empty()), RecordBatch::schema);
        Table { schema, batches }
    }

    /// A table of these columns.
    pub(crate) fn one(names: &[&str], columns: Vec<ArrayRef>) -> PyResult<Table> {
        Ok(Table::new(vec![batch(names, columns).map_err(bad)?]))
    }

    /// A table of our export's columns.
    pub(crate) fn of(columns: &[tellings::export::Column]) -> PyResult<Table> {
        let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
        Table::one(&names, columns.iter().map(column_array).collect())
    }
}

/// A column of our exports as Arrow's.
pub(crate) fn column_array(column: &tellings::export::Column) -> ArrayRef {
    use tellings::export::Values as V;
    match &column.values {
        V::Text(values) => Arc::new(values.iter().map(Option::as_deref).collect::<StringArray>()),
        V::Whole(values) => Arc::new(values.iter().copied().collect::<Int64Array>()),
        V::Number(values) => Arc::new(values.iter().copied().collect::<Float64Array>()),
    }
}

#[pymethods]
impl Table {
    /// Names of its columns.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    /// How many rows it has.
    #[getter]
    fn num_rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    fn __len__(&self) -> usize {
        self.num_rows()
    }

    fn __repr__(&self) -> String {
        format!("<Table of {} rows: {}>", self.num_rows(), self.column_names().join(", "))
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let arrays: Vec<Result<ArrayRef, ArrowError>> =
            (self.batches.iter()).map(|batch| Ok(Arc::new(StructArray::from(batch.clone())) as ArrayRef)).collect();
        let field = Field::new_struct("", self.schema.fields().clone(), false).with_metadata(self.schema.metadata().clone());
        Ok(to_stream_pycapsule(py, Box::new(ArrayIterator::new(arrays, Arc::new(field))), requested_schema)?)
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(to_schema_pycapsule(py, self.schema.as_ref())?)
    }
}
