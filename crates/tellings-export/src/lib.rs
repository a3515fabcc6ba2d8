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
mod phoenix;
mod plover;
mod polecat;
mod prov;
mod table;
mod ucdp;
mod view;

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
    pub const ALL: [Layout; 16] = [
        Layout::Events,
        Layout::Tellings,
        Layout::Claims,
        Layout::Quotes,
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
            Layout::Events => "Our flat table, one row an event (CSV)",
            Layout::Tellings => "Our flat table, one row for each telling of each event (CSV)",
            Layout::Claims => "Our flat table, one row a claim (CSV)",
            Layout::Quotes => "Our flat table, one row for each telling of each quote (CSV)",
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

/// Writes the record in a layout. `docs` are the record's documents, in its order.
///
/// # Errors
/// Only those of `out`.
pub fn write(layout: Layout, record: &Record, docs: &[Doc], out: &mut dyn Write) -> io::Result<Written> {
    let view = view::View::new(record, docs);
    match layout {
        Layout::Events => table::events(&view, out),
        Layout::Tellings => table::tellings(&view, out),
        Layout::Claims => table::claims(&view, out),
        Layout::Quotes => table::quotes(&view, out),
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
