//! The brief of a record as JSON: what it says, piece by piece, with where it stands. Kept beside a story's record, and read back by
//! whoever shows it.

use serde::{Deserialize, Serialize};
use tellings_brief::{Block, Chart, Lane, Line, Mark, Options, compose};
use tellings_doc::Doc;
use tellings_story::Record;

/// A brief.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BriefView {
    /// `tellings.brief/1`.
    pub schema: String,
    /// Its pieces, in order.
    pub pieces: Vec<BriefPiece>,
}

/// A piece of a brief.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum BriefPiece {
    /// A heading: level 1 = the story, 2 = a section.
    Heading {
        /// See above.
        level: u8,
        /// Its words.
        words: String,
    },
    /// Sentences that are read as one paragraph.
    Paragraph {
        /// The sentences.
        lines: Vec<BriefLine>,
    },
    /// A list.
    List {
        /// Its items.
        lines: Vec<BriefLine>,
    },
    /// A table.
    Table {
        /// Names of its columns.
        columns: Vec<String>,
        /// Its rows, a cell for each column.
        rows: Vec<Vec<BriefLine>>,
    },
    /// A drawing of what the table after it says: when.
    Timeline {
        /// A mark for each row.
        marks: Vec<TimeMark>,
    },
    /// A drawing of what the table after it says: who dealt with whom.
    Relations {
        /// A tie for each row.
        ties: Vec<TieMark>,
    },
    /// A drawing of what the table after it says: which report descends from which.
    Lineage {
        /// Lineages, each with its origin first.
        lineages: Vec<Vec<BriefNode>>,
    },
}

/// A statement and what it rests on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BriefLine {
    /// Set apart before the words: a date, a name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub lead: String,
    /// The statement.
    pub words: String,
    /// Words of the sources that it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Where they stand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cites: Vec<Cite>,
    /// Id in the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// Words of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cite {
    /// Its id.
    pub document: String,
    /// First byte, one past the last.
    pub span: [usize; 2],
}

/// A mark on a timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimeMark {
    date: String,
    lane: String,
    planned: bool,
}

/// A tie between two.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TieMark {
    from: String,
    to: String,
    lane: String,
    times: usize,
    mutual: bool,
}

/// A report in the drawing of descent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BriefNode {
    /// Its id.
    pub document: String,
    /// Its place among the reports of the brief, from 0.
    pub number: usize,
    /// Outlet or id.
    pub name: String,
    /// ISO day, where known.
    pub date: Option<String>,
    /// What it is of its origin: `copy excerpt rewrite`; of the origin nothing.
    pub relation: Option<String>,
}

const LANES: [(Lane, &str); 3] = [(Lane::Talks, "talks"), (Lane::Words, "words"), (Lane::Force, "force")];

fn lane(lane: Lane) -> String {
    LANES.iter().find(|known| known.0 == lane).map_or("words", |known| known.1).to_string()
}

fn lane_of(name: &str) -> Lane {
    LANES.iter().find(|known| known.1 == name).map_or(Lane::Words, |known| known.0)
}

/// The brief of a record, with all there is.
pub fn brief(record: &Record, docs: &[Doc]) -> BriefView {
    let pieces = compose(record, docs, &Options::default()).into_iter().map(|block| piece(block, docs)).collect();
    BriefView { schema: "tellings.brief/1".to_string(), pieces }
}

fn piece(block: Block, docs: &[Doc]) -> BriefPiece {
    let lines = |all: Vec<Line>| all.into_iter().map(|l| line(l, docs)).collect();
    match block {
        Block::Heading(level, words) => BriefPiece::Heading { level, words },
        Block::Paragraph(all) => BriefPiece::Paragraph { lines: lines(all) },
        Block::List(all) => BriefPiece::List { lines: lines(all) },
        Block::Table(columns, rows) => BriefPiece::Table {
            columns: columns.into_iter().map(str::to_string).collect(),
            rows: rows.into_iter().map(lines).collect(),
        },
        Block::Chart(Chart::Timeline(marks)) => BriefPiece::Timeline {
            marks: (marks.into_iter())
                .filter_map(|mark| match mark {
                    Mark::At { date, lane: of, planned } => Some(TimeMark { date, lane: lane(of), planned }),
                    Mark::Tie { .. } => None,
                })
                .collect(),
        },
        Block::Chart(Chart::Relations(marks)) => BriefPiece::Relations {
            ties: (marks.into_iter())
                .filter_map(|mark| match mark {
                    Mark::Tie { from, to, lane: of, times, mutual } => Some(TieMark { from, to, lane: lane(of), times, mutual }),
                    Mark::At { .. } => None,
                })
                .collect(),
        },
        Block::Chart(Chart::Lineage(all)) => {
            let node = |node: tellings_brief::Node| BriefNode {
                document: docs[node.document].id.clone(),
                number: node.document,
                name: node.name,
                date: node.date,
                relation: node.relation.map(str::to_string),
            };
            BriefPiece::Lineage { lineages: all.into_iter().map(|one| one.into_iter().map(node).collect()).collect() }
        }
    }
}

fn line(line: Line, docs: &[Doc]) -> BriefLine {
    let Line { lead, words, source, cites, id } = line;
    let cite = |c: tellings_story::Citation| Cite { document: docs[c.document].id.clone(), span: [c.span.start(), c.span.end()] };
    BriefLine { lead, words, source, cites: cites.into_iter().map(cite).collect(), id }
}

impl BriefPiece {
    /// What is drawn, where it is a drawing.
    pub fn chart(&self) -> Option<Chart> {
        Some(match self {
            BriefPiece::Timeline { marks } => Chart::Timeline(
                marks.iter().map(|m| Mark::At { date: m.date.clone(), lane: lane_of(&m.lane), planned: m.planned }).collect(),
            ),
            BriefPiece::Relations { ties } => {
                let tie = |t: &TieMark| Mark::Tie {
                    from: t.from.clone(),
                    to: t.to.clone(),
                    lane: lane_of(&t.lane),
                    times: t.times,
                    mutual: t.mutual,
                };
                Chart::Relations(ties.iter().map(tie).collect())
            }
            BriefPiece::Lineage { lineages } => {
                let node = |n: &BriefNode| tellings_brief::Node {
                    document: n.number,
                    name: n.name.clone(),
                    date: n.date.clone(),
                    relation: ["copy", "excerpt", "rewrite"].into_iter().find(|r| n.relation.as_deref() == Some(r)),
                };
                Chart::Lineage(lineages.iter().map(|one| one.iter().map(node).collect()).collect())
            }
            _ => return None,
        })
    }
}
