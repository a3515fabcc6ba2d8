//! The sections of a story's brief, and what of them fits into a number of words.

use crate::{Block, Line};

/// One line of a list or row of a table.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub cells: Vec<Line>,
    /// What is left out last has the highest.
    pub weight: usize,
}

impl Row {
    /// Words of the statements; the sources' own words beside them are not counted.
    fn words(&self) -> usize {
        let count = |words: &str| words.split_whitespace().count();
        self.cells.iter().map(|l| count(&l.lead) + count(&l.words)).sum()
    }
}

/// A heading and what stands under it.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    title: &'static str,
    /// Column names; empty for a list.
    head: &'static [&'static str],
    rows: Vec<Row>,
    left_out: usize,
}

impl Section {
    pub(crate) fn list(title: &'static str, rows: Vec<Row>) -> Section {
        Section { title, head: &[], rows, left_out: 0 }
    }

    pub(crate) fn table(title: &'static str, head: &'static [&'static str], rows: Vec<Row>) -> Section {
        Section { title, head, rows, left_out: 0 }
    }

    /// Its blocks; none where nothing stands under the heading.
    pub(crate) fn blocks(self) -> Vec<Block> {
        if self.rows.is_empty() && self.left_out == 0 {
            return Vec::new();
        }
        let body = if self.head.is_empty() {
            Block::List(self.rows.into_iter().flat_map(|r| r.cells).collect())
        } else {
            Block::Table(self.head.to_vec(), self.rows.into_iter().map(|r| r.cells).collect())
        };
        let mut blocks = vec![Block::Heading(2, self.title.to_string()), body];
        if self.left_out > 0 {
            let words = format!("{} more left out for length (`--words 0` tells all).", self.left_out);
            blocks.push(Block::Paragraph(vec![Line { words, ..Line::default() }]));
        }
        blocks
    }
}

/// Leaves out the rows of least weight until the sections have at most so many words. Sections take turns, so that each keeps its
/// weightiest row as long as there is room.
pub(crate) fn fit(sections: &mut [Section], words: usize) {
    let mut turns: Vec<(usize, usize, usize)> = Vec::new();
    for (s, section) in sections.iter().enumerate() {
        let mut order: Vec<usize> = (0..section.rows.len()).collect();
        order.sort_by_key(|&r| std::cmp::Reverse(section.rows[r].weight));
        turns.extend(order.into_iter().enumerate().map(|(turn, r)| (turn, s, r)));
    }
    turns.sort_unstable();
    let mut kept: Vec<Vec<bool>> = sections.iter().map(|s| vec![false; s.rows.len()]).collect();
    let mut room = words;
    for (_, s, r) in turns {
        let cost = sections[s].rows[r].words();
        if cost <= room {
            room -= cost;
            kept[s][r] = true;
        }
    }
    for (section, kept) in sections.iter_mut().zip(kept) {
        let mut keep = kept.iter();
        let before = section.rows.len();
        section.rows.retain(|_| keep.next().copied().unwrap_or(true));
        section.left_out = before - section.rows.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(words: &str, weight: usize) -> Row {
        Row { cells: vec![Line { words: words.to_string(), ..Line::default() }], weight }
    }

    #[test]
    fn the_weightiest_rows_of_every_section_are_kept_in_their_order() {
        let first = Section::list("First", vec![row("a b", 1), row("c d", 3), row("e f", 2)]);
        let second = Section::list("Second", vec![row("g h", 1)]);
        let mut sections = [first, second];
        fit(&mut sections, 6);
        let words: Vec<&str> = sections[0].rows.iter().map(|r| r.cells[0].words.as_str()).collect();
        assert_eq!(words, ["c d", "e f"]);
        assert_eq!((sections[0].left_out, sections[1].left_out), (1, 0));
        fit(&mut sections, 0);
        assert!(sections.iter().all(|s| s.rows.is_empty()));
    }

    #[test]
    fn an_empty_section_has_no_heading() {
        assert!(Section::list("Nothing", Vec::new()).blocks().is_empty());
        assert_eq!(Section::list("Some", vec![row("a", 1)]).blocks().len(), 2);
    }
}
