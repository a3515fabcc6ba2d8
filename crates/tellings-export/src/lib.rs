//! A record to the layouts that other people's tools read: tables, graphs, maps, citations.
//!
//! Pure: documents and their record in, bytes out. A layout that is somebody else's is exact to the column; what it has no
//! column for is left out, never squeezed in. `docs/exports.md` is the codebook.

mod annotation;
mod calendar;
mod citations;
mod codes;
mod gdelt;
mod geojson;
mod graph;
mod notes;
mod phoenix;
mod plover;
mod polecat;
mod prov;
mod sheet;
mod table;
mod ucdp;
mod view;

use sheet::Target;
use std::io::{self, Write};
use tellings_doc::Doc;
use tellings_story::Record;

/// A layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layout {
    /// Our own flat table, one row an event.
    Events,
    /// Our own flat table, one row for each telling of each event.
    Tellings,
    /// Our own flat table, one row a claim.
    Claims,
    /// Our own flat table, one row for each telling of each quote.
    Quotes,
    /// Our own flat table, one row a story.
    Stories,
    /// Our own flat table, one row a report.
    Reports,
    /// Our own flat table, one row for everybody and everything of a story.
    Entities,
    /// GDELT 2.0 events: 61 columns, no header.
    Gdelt,
    /// GDELT 2.0 mentions: 16 columns, no header.
    GdeltMentions,
    /// PLOVER, JSON Lines.
    Plover,
    /// POLECAT: 40 columns.
    Polecat,
    /// Phoenix: 26 columns, no header.
    Phoenix,
    /// The 49 columns of UCDP GED, for lethal violence.
    Ucdp,
    /// Events with a place, as GeoJSON.
    Geojson,
    /// Who did and said what to whom, as GraphML.
    Graphml,
    /// The words behind events, claims and quotes, as W3C Web Annotations.
    Annotations,
    /// Which report descends from which, as PROV-O in Turtle.
    Prov,
    /// The reports, as CSL-JSON.
    Csl,
    /// Planned meetings and talks, as iCalendar.
    Calendar,
}

impl Layout {
    /// All layouts.
    pub const ALL: [Layout; 19] = [
        Layout::Events,
        Layout::Tellings,
        Layout::Claims,
        Layout::Quotes,
        Layout::Stories,
        Layout::Reports,
        Layout::Entities,
        Layout::Gdelt,
        Layout::GdeltMentions,
        Layout::Plover,
        Layout::Polecat,
        Layout::Phoenix,
        Layout::Ucdp,
        Layout::Geojson,
        Layout::Graphml,
        Layout::Annotations,
        Layout::Prov,
        Layout::Csl,
        Layout::Calendar,
    ];

    /// The name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Layout::Events => "events",
            Layout::Tellings => "tellings",
            Layout::Claims => "claims",
            Layout::Quotes => "quotes",
            Layout::Stories => "stories",
            Layout::Reports => "reports",
            Layout::Entities => "entities",
            Layout::Gdelt => "gdelt",
            Layout::GdeltMentions => "gdelt-mentions",
            Layout::Plover => "plover",
            Layout::Polecat => "polecat",
            Layout::Phoenix => "phoenix",
            Layout::Ucdp => "ucdp",
            Layout::Geojson => "geojson",
            Layout::Graphml => "graphml",
            Layout::Annotations => "annotations",
            Layout::Prov => "prov",
            Layout::Csl => "csl",
            Layout::Calendar => "calendar",
        }
    }
}

impl Layout {
    /// One line for people.
    pub fn about(self) -> &'static str {
        match self {
            Layout::Events => "Our flat table, one row an event (CSV, Parquet)",
            Layout::Tellings => "Our flat table, one row for each telling of each event (CSV, Parquet)",
            Layout::Claims => "Our flat table, one row a claim (CSV, Parquet)",
            Layout::Quotes => "Our flat table, one row for each telling of each quote (CSV, Parquet)",
            Layout::Stories => "Our flat table, one row a story (CSV, Parquet)",
            Layout::Reports => "Our flat table, one row a report (CSV, Parquet)",
            Layout::Entities => "Our flat table, one row for everybody and everything of a story (CSV, Parquet)",
            Layout::Gdelt => "GDELT 2.0 events: 61 columns, no header",
            Layout::GdeltMentions => "GDELT 2.0 mentions: 16 columns, no header",
            Layout::Plover => "PLOVER, JSON Lines",
            Layout::Polecat => "POLECAT: 40 columns, tab-separated",
            Layout::Phoenix => "Phoenix: 26 columns, tab-separated, no header",
            Layout::Ucdp => "The 49 columns of UCDP GED, for lethal violence (CSV)",
            Layout::Geojson => "Events with a place, GeoJSON",
            Layout::Graphml => "Who did and said what to whom, GraphML",
            Layout::Annotations => "The words behind every value, W3C Web Annotations (JSON-LD, one a line)",
            Layout::Prov => "Which report descends from which, PROV-O (Turtle)",
            Layout::Csl => "The reports, CSL-JSON",
            Layout::Calendar => "Planned events, iCalendar",
        }
    }
}

/// How our own flat tables are written; the layouts of others have one form each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// CSV with a header.
    #[default]
    Csv,
    /// Parquet: the same columns, numbers as numbers, what is unknown as null.
    Parquet,
}

impl Layout {
    /// Is it a flat table of our own, which comes in more than one form?
    pub fn is_own(self) -> bool {
        use Layout::{Claims, Entities, Events, Quotes, Reports, Stories, Tellings};
        matches!(self, Events | Tellings | Claims | Quotes | Stories | Reports | Entities)
    }
}

/// A note: one file of a folder of Markdown with front matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its path in the folder: `stories/…`, `events/…`, `entities/…`, `reports/…`.
    pub path: String,
    /// All of it.
    pub text: String,
}

/// The record as notes that link to each other: one a story, an event, a report, and one for everybody named.
pub fn notes(record: &Record, docs: &[Doc]) -> Vec<Note> {
    notes::notes(&view::View::new(record, docs))
}

/// What an export wrote, and what its layout has no room for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Rows, features, nodes and edges.
    pub rows: usize,
    /// Events left out because the layout knows only what took place (negated, hypothetical, planned).
    pub unreal: usize,
    /// Events left out because the layout cannot say them: without a code, a place, a date or deaths, as it asks.
    pub unfit: usize,
}

/// Events of many records as a flat table, as a store lists them: a field for each of [`EVENT_ROWS`].
///
/// # Errors
/// Only those of `out`.
pub fn event_rows(form: Form, rows: impl IntoIterator<Item = [String; 21]>, out: &mut dyn Write) -> io::Result<usize> {
    table::event_rows(rows, Target::Bytes(form, out))
}

/// Names of the columns of [`event_rows`].
pub const EVENT_ROWS: [&str; 21] = table::EVENT_ROW_NAMES;

/// Writes the record in a layout. `docs` are the record's documents, in its order; `form` counts where the layout is our own.
///
/// # Errors
/// Only those of `out`.
pub fn write(layout: Layout, form: Form, record: &Record, docs: &[Doc], out: &mut dyn Write) -> io::Result<Written> {
    let view = view::View::new(record, docs);
    match layout {
        Layout::Events => table::events(&view, Target::Bytes(form, out)),
        Layout::Tellings => table::tellings(&view, Target::Bytes(form, out)),
        Layout::Claims => table::claims(&view, Target::Bytes(form, out)),
        Layout::Quotes => table::quotes(&view, Target::Bytes(form, out)),
        Layout::Stories => table::stories(&view, Target::Bytes(form, out)),
        Layout::Reports => table::reports(&view, Target::Bytes(form, out)),
        Layout::Entities => table::entities(&view, Target::Bytes(form, out)),
        Layout::Gdelt => gdelt::events(&view, out),
        Layout::GdeltMentions => gdelt::mentions(&view, out),
        Layout::Plover => plover::write(&view, out),
        Layout::Polecat => polecat::write(&view, out),
        Layout::Phoenix => phoenix::write(&view, out),
        Layout::Ucdp => ucdp::write(&view, out),
        Layout::Geojson => geojson::write(&view, out),
        Layout::Graphml => graph::write(&view, out),
        Layout::Annotations => annotation::write(&view, out),
        Layout::Prov => prov::write(&view, out),
        Layout::Csl => citations::write(&view, out),
        Layout::Calendar => calendar::write(&view, out),
    }
}

/// A column of a flat table.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What stands in it.
    pub values: Values,
}

/// The values of a column, one a row; `None`: not known.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Words; ids; dates as exact as they are known.
    Text(Vec<Option<String>>),
    /// Whole numbers.
    Whole(Vec<Option<i64>>),
    /// Numbers.
    Number(Vec<Option<f64>>),
}

impl Values {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        match self {
            Values::Text(values) => values.len(),
            Values::Whole(values) => values.len(),
            Values::Number(values) => values.len(),
        }
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds the rows of a column of the same kind; those of another are left out.
    pub fn append(&mut self, other: Values) {
        match (self, other) {
            (Values::Text(values), Values::Text(more)) => values.extend(more),
            (Values::Whole(values), Values::Whole(more)) => values.extend(more),
            (Values::Number(values), Values::Number(more)) => values.extend(more),
            _ => {}
        }
    }
}

/// A flat table of our own as columns; none where the layout is another's. `docs` are the record's documents, in its order.
pub fn columns(layout: Layout, record: &Record, docs: &[Doc]) -> Vec<Column> {
    let view = view::View::new(record, docs);
    let mut columns = Vec::new();
    let to = Target::Columns(&mut columns);
    // Into memory, nothing fails.
    let _ = match layout {
        Layout::Events => table::events(&view, to),
        Layout::Tellings => table::tellings(&view, to),
        Layout::Claims => table::claims(&view, to),
        Layout::Quotes => table::quotes(&view, to),
        Layout::Stories => table::stories(&view, to),
        Layout::Reports => table::reports(&view, to),
        Layout::Entities => table::entities(&view, to),
        _ => Ok(Written::default()),
    };
    columns
}
