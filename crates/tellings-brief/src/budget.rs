//! The sections of a story's brief, and what of them fits into a number of words.

use crate::chart::{Chart, Mark};
use crate::{Block, Line};

/// One line of a list or row of a table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    pub cells: Vec<Line>,
    /// What is left out last has the highest.
    pub weight: usize,
    /// How a drawing shows it.
    pub mark: Option<Mark>,
}

impl Row {
    pub(crate) fn new(cells: Vec<Line>, weight: usize) -> Row {
        Row { cells, weight, mark: None }
    }

    fn words(&self) -> usize {
        self.cells.iter().map(count).sum()
    }
}

/// Lines as rows of a list, the first ones the weightiest.
pub(crate) fn rows(lines: Vec<Line>) -> Vec<Row> {
    let count = lines.len();
    lines.into_iter().enumerate().map(|(i, line)| Row::new(vec![line], count - i)).collect()
}

/// Words of a line: the statement and the sources' own words beside it.
fn count(line: &Line) -> usize {
    let count = |words: &str| words.split_whitespace().count();
    count(&line.lead) + count(&line.words) + line.source.as_deref().map_or(0, count)
}

/// Words of a brief: all but headings, column names, citations, and the table of sources.
pub fn length(blocks: &[Block]) -> usize {
    let mut words = 0;
    for block in blocks {
        words += match block {
            Block::Heading(..) | Block::Chart(_) => 0,
            Block::Paragraph(lines) | Block::List(lines) => lines.iter().map(count).sum(),
            Block::Table(head, _) if head[0] == "Report" => 0,
            Block::Table(_, rows) => rows.iter().flatten().map(count).sum(),
        };
    }
    words
}

/// A heading and what stands under it.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    pub(crate) title: &'static str,
    /// Column names; empty for a list.
    head: &'static [&'static str],
    pub(crate) rows: Vec<Row>,
    /// How many of its rows are taken in one turn when room is short.
    share: usize,
}

impl Section {
    pub(crate) fn list(title: &'static str, rows: Vec<Row>) -> Section {
        Section { title, head: &[], rows, share: 1 }
    }

    pub(crate) fn table(title: &'static str, head: &'static [&'static str], rows: Vec<Row>) -> Section {
        Section { title, head, rows, share: 1 }
    }

    /// So many of its rows are taken in one turn.
    pub(crate) fn share(self, share: usize) -> Section {
        Section { share, ..self }
    }

    /// Adds its blocks; none where nothing stands under the heading.
    pub(crate) fn blocks(self, chart: Option<Chart>, out: &mut Vec<Block>) {
        if self.rows.is_empty() {
            return;
        }
        out.push(Block::Heading(2, self.title.to_string()));
        out.extend(chart.map(Block::Chart));
        out.push(if self.head.is_empty() {
            Block::List(self.rows.into_iter().flat_map(|r| r.cells).collect())
        } else {
            Block::Table(self.head.to_vec(), self.rows.into_iter().map(|r| r.cells).collect())
        });
    }
}

/// Leaves out what weighs least until lead and sections have about so many words, and says what was left out. The lead comes first;
/// the sections take turns, so that each keeps its weightiest row as long as there is room.
pub(crate) fn fit(lead: &mut Section, sections: &mut [Section], words: usize) -> String {
    // What the note on what was left out takes, about.
    const NOTE: usize = 20;
    let all: usize = sections.iter().chain([&*lead]).flat_map(|s| &s.rows).map(Row::words).sum();
    if all <= words {
        return String::new();
    }
    let mut room = words.saturating_sub(NOTE);
    // Not more than half of a short brief is its lead.
    let mut lead_room = (words / 2).min(room);
    let mut first = true;
    lead.rows.retain(|row| {
        let fits = row.words() <= lead_room || first;
        first = false;
        if fits {
            lead_room = lead_room.saturating_sub(row.words());
            room = room.saturating_sub(row.words());
        }
        fits
    });
    let mut turns: Vec<(usize, usize, usize)> = Vec::new();
    for (s, section) in sections.iter().enumerate() {
        let mut order: Vec<usize> = (0..section.rows.len()).collect();
        order.sort_by_key(|&r| std::cmp::Reverse(section.rows[r].weight));
        turns.extend(order.into_iter().enumerate().map(|(turn, r)| (turn / section.share, s, r)));
    }
    turns.sort_unstable();
    let mut kept: Vec<Vec<bool>> = sections.iter().map(|s| vec![false; s.rows.len()]).collect();
    for (_, s, r) in turns {
        let cost = sections[s].rows[r].words();
        if cost <= room {
            room -= cost;
            kept[s][r] = true;
        }
    }
    let mut left: Vec<String> = Vec::new();
    for (section, kept) in sections.iter_mut().zip(kept) {
        let mut keep = kept.iter();
        let before = section.rows.len();
        section.rows.retain(|_| keep.next().copied().unwrap_or(true));
        if section.rows.len() < before {
            left.push(format!("{} of “{}”", before - section.rows.len(), section.title));
        }
    }
    const NAMED: usize = 3;
    let more = left.len().saturating_sub(NAMED);
    left.truncate(NAMED);
    if more > 0 {
        left.push("others".to_string());
    }
    if left.is_empty() { String::new() } else { format!("Left out for length (--words 0 tells all): {}.", left.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(words: &str, weight: usize) -> Row {
        Row::new(vec![Line { words: words.to_string(), ..Line::default() }], weight)
    }

    #[test]
    fn the_weightiest_rows_of_every_section_are_kept_in_their_order() {
        let first = Section::list("First", vec![row("a b", 1), row("c d", 3), row("e f", 2)]);
        let second = Section::list("Second", vec![row("g h", 1)]);
        let mut lead = Section::list("", Vec::new());
        let mut sections = [first, second];
        let all: usize = 8;
        assert_eq!(fit(&mut lead, &mut sections.clone(), all), "");
        let note = fit(&mut lead, &mut sections, 6 + 20 - 19);
        assert!(note.is_empty() || note.contains("First"), "{note}");
        let mut sections =
            [Section::list("First", (0..30).map(|i| row("a b", i)).collect()), Section::list("Second", vec![row("g h", 1)])];
        let note = fit(&mut lead, &mut sections, 30);
        assert_eq!((sections[0].rows.len(), sections[1].rows.len()), (4, 1));
        assert!(note.contains("26 of “First”") && !note.contains("Second"), "{note}");
    }

    #[test]
    fn an_empty_section_has_no_heading() {
        let blocks = |section: Section| {
            let mut out = Vec::new();
            section.blocks(None, &mut out);
            out
        };
        assert!(blocks(Section::list("Nothing", Vec::new())).is_empty());
        assert_eq!(blocks(Section::list("Some", vec![row("a", 1)])).len(), 2);
    }
}
