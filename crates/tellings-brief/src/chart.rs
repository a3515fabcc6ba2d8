//! What is drawn: the data of the timeline, of who dealt with whom, and of the reports' descent.

use crate::budget::Row;

/// Kinds of acts that a drawing keeps apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// Talks, agreements, help.
    Talks,
    /// Accusations, demands, refusals, threats.
    Words,
    /// Force and coercion.
    Force,
}

/// How a drawing shows a row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// On a timeline.
    At {
        /// ISO date, as exact as it is known.
        date: String,
        /// The kind of act.
        lane: Lane,
        /// Not yet held.
        planned: bool,
    },
    /// Between two.
    Tie {
        /// Who did it.
        from: String,
        /// To whom.
        to: String,
        /// The kind of act.
        lane: Lane,
        /// How often.
        times: usize,
        /// Both did it.
        mutual: bool,
    },
}

/// A report in the drawing of descent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Position in the record's documents.
    pub document: usize,
    /// Outlet or id.
    pub name: String,
    /// ISO day, where known.
    pub date: Option<String>,
    /// What it is of its origin; `None` for the origin.
    pub relation: Option<&'static str>,
}

/// A drawing; the table that follows it says the same in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chart {
    /// The rows of the timeline, in their order.
    Timeline(Vec<Mark>),
    /// The rows of the table of relations.
    Relations(Vec<Mark>),
    /// Lineages, each with its origin first.
    Lineage(Vec<Vec<Node>>),
}

/// Fewer marks than this are read faster than drawn.
const FEW: usize = 2;

impl Chart {
    pub(crate) fn timeline(rows: &[Row]) -> Option<Chart> {
        let marks: Vec<Mark> = rows.iter().filter_map(|r| r.mark.clone()).collect();
        (marks.len() >= FEW && marks.len() == rows.len()).then_some(Chart::Timeline(marks))
    }

    pub(crate) fn relations(rows: &[Row]) -> Option<Chart> {
        let marks: Vec<Mark> = rows.iter().filter_map(|r| r.mark.clone()).collect();
        (marks.len() >= FEW).then_some(Chart::Relations(marks))
    }
}
