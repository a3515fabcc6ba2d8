//! Letters on a page to lines, and lines of all pages to paragraphs.

use std::collections::{HashMap, HashSet};

/// Letters that one code shows, and where: on this line, from here to there.
pub(crate) struct Glyph {
    pub(crate) x: f32,
    pub(crate) end: f32,
    pub(crate) y: f32,
    pub(crate) size: f32,
    pub(crate) letters: Box<str>,
}

/// A line of a page.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    x: f32,
    end: f32,
    y: f32,
    size: f32,
    text: String,
}

/// Lines that a page may repeat at its head and foot.
const EDGE: usize = 4;
/// A gap in a line, in sizes of its letters, beyond which something else may begin.
const WIDE: f32 = 1.8;

/// The lines of a page, in reading order.
pub(crate) fn of_page(glyphs: Vec<Glyph>) -> Vec<Line> {
    let mut parts: Vec<Line> = Vec::new();
    for glyph in glyphs {
        let size = glyph.size.max(1.0);
        let here = parts.last_mut().filter(|line| {
            // As high as the line, give or take an index figure; neither far back nor beyond a wide gap.
            (line.y - glyph.y).abs() < 0.45 * line.size.max(size)
                && (line.end - 2.0 * size.max(line.size)..line.end + WIDE * size).contains(&glyph.x)
        });
        let blank = glyph.letters.trim().is_empty();
        match here {
            Some(line) => {
                let gap = glyph.x - line.end;
                // The same letters set twice for boldness.
                if gap < -0.5 * size && line.text.ends_with(&*glyph.letters) && !blank {
                    continue;
                }
                if (gap > 0.17 * size || blank) && !line.text.ends_with(' ') {
                    line.text.push(' ');
                }
                if !blank {
                    line.text.push_str(&glyph.letters);
                    line.size = line.size.max(size);
                    line.end = line.end.max(glyph.end);
                }
            }
            None if blank => {}
            None => parts.push(Line { x: glyph.x, end: glyph.end, y: glyph.y, size, text: glyph.letters.into() }),
        }
    }
    parts.retain_mut(|line| {
        line.text.truncate(line.text.trim_end().len());
        !line.text.is_empty()
    });
    ordered(parts)
}

/// Do two parts stand on one line?
fn level(a: &Line, b: &Line) -> bool {
    (a.y - b.y).abs() < 0.3 * a.size.max(b.size)
}

/// Parts of one line become one, with two blanks for a wide gap.
fn joined(parts: Vec<Line>) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::with_capacity(parts.len());
    for part in parts {
        match out.last_mut() {
            Some(last) if level(last, &part) && part.x >= last.end => {
                last.text.push_str(if part.x - last.end < 1.5 * part.size { " " } else { "  " });
                last.text.push_str(&part.text);
                last.end = part.end;
            }
            _ => out.push(part),
        }
    }
    out
}

/// Parts as they are read. Most documents are written in that order; where one jumps up and down, or across the gap between two
/// columns, places decide.
fn ordered(mut parts: Vec<Line>) -> Vec<Line> {
    let (left, right) = parts.iter().fold((f32::MAX, f32::MIN), |(l, r), line| (l.min(line.x), r.max(line.end)));
    // A gap from top to bottom parts two columns, each of running words.
    let across = |x: f32| parts.iter().filter(|line| line.x < x && line.end > x).count();
    let columns = |&x: &f32| {
        let side = |before: bool| parts.iter().filter(move |line| if before { line.end <= x } else { line.x >= x });
        let running = |before: bool| {
            let (count, words) = (side(before).count(), side(before).map(|line| line.text.len()).sum::<usize>());
            count >= 8 && words >= 18 * count
        };
        across(x) * 8 <= parts.len() && running(true) && running(false)
    };
    let places = (30..=70).step_by(2).map(|part| left + (right - left) * part as f32 / 100.0);
    let gap = places.filter(columns).min_by_key(|&x| across(x));
    let crossed =
        |x: f32| parts.windows(2).filter(|pair| pair[0].end <= x && pair[1].x >= x && level(&pair[0], &pair[1])).count();
    if gap.is_none_or(|x| crossed(x) < 4) {
        parts = joined(parts);
        let up = parts.windows(2).filter(|pair| pair[1].y > pair[0].y + 0.5 * pair[0].size).count();
        if up <= 3.max(parts.len() / 12) {
            return parts;
        }
    }
    parts.sort_by(|a, b| b.y.total_cmp(&a.y).then(a.x.total_cmp(&b.x)));
    let Some(x) = gap else { return joined(parts) };
    // What stands across both columns parts what is above it from what is below.
    let (mut out, mut other) = (Vec::with_capacity(parts.len()), Vec::new());
    let mut one = Vec::new();
    for part in parts {
        if part.end <= x {
            one.push(part);
        } else if part.x >= x {
            other.push(part);
        } else {
            out.append(&mut one);
            out.append(&mut other);
            out.push(part);
        }
    }
    out.append(&mut one);
    out.append(&mut other);
    out
}

/// A line without its numbers: the same on every page.
fn shape(line: &Line) -> String {
    let mut out = String::new();
    for c in line.text.chars().filter(|c| !c.is_whitespace()) {
        match c {
            '0'..='9' if out.ends_with('#') => {}
            '0'..='9' => out.push('#'),
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// `7`, `Page 7 of 12`, `- 7 -`
fn numbers_page(shape: &str) -> bool {
    let plain = shape.trim_matches(['-', '–', '—', '|', '·', '[', ']']);
    matches!(plain, "#" | "page#" | "page#of#" | "#of#" | "#/#" | "p.#" | "page#/#")
}

/// Positions of a page's lines that may be its head and its foot, from without.
fn edges(page: &[Line]) -> [Vec<usize>; 2] {
    let mut by_height: Vec<usize> = (0..page.len()).collect();
    by_height.sort_by(|&a, &b| page[b].y.total_cmp(&page[a].y));
    let head = by_height.iter().take(EDGE).copied().collect();
    [head, by_height.iter().rev().take(EDGE).copied().collect()]
}

/// Which lines of each page are its head or foot: numbers of pages, and what most pages, or the one before or behind, have at
/// the same place; from without, as far as it goes.
fn furniture(pages: &[Vec<Line>]) -> Vec<HashSet<usize>> {
    type Edge = Vec<(String, f32)>;
    let edges: Vec<[Vec<usize>; 2]> = pages.iter().map(|page| edges(page)).collect();
    let shapes: Vec<[Edge; 2]> = (pages.iter().zip(&edges))
        .map(|(page, edges)| edges.each_ref().map(|edge| edge.iter().map(|&at| (shape(&page[at]), page[at].y)).collect()))
        .collect();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for page in &shapes {
        let here: HashSet<&str> = page.iter().flatten().map(|(shape, _)| shape.as_str()).collect();
        here.into_iter().for_each(|shape| *seen.entry(shape).or_default() += 1);
    }
    let often = (pages.iter().filter(|page| !page.is_empty()).count() * 3).div_ceil(5).max(3);
    let same = |page: Option<&[Edge; 2]>, side: usize, line: &(String, f32)| {
        page.is_some_and(|page| page[side].iter().any(|(shape, y)| *shape == line.0 && (y - line.1).abs() < 4.0))
    };
    (0..pages.len())
        .map(|page| {
            let mut out = HashSet::new();
            for side in 0..2 {
                let mut outer: Option<&Line> = None;
                for (&at, line) in edges[page][side].iter().zip(&shapes[page][side]) {
                    let here = &pages[page][at];
                    // Several lines of a head stand close together; reports in a download end in the same words.
                    let close = outer.is_none_or(|outer| (outer.y - here.y).abs() < 2.2 * outer.size.max(here.size));
                    let parts_reports = line.0 == "endofdocument" || line.0.ends_with("of#documents");
                    let beside = same(shapes.get(page + 1), side, line) || page > 0 && same(shapes.get(page - 1), side, line);
                    if !close || parts_reports || !(numbers_page(&line.0) || seen[line.0.as_str()] >= often || beside) {
                        break;
                    }
                    out.insert(at);
                    outer = Some(here);
                }
            }
            out
        })
        .collect()
}

/// Lines to paragraphs, over all pages, without heads and feet.
pub(crate) fn paragraphs(pages: Vec<Vec<Line>>) -> Vec<String> {
    let furniture = furniture(&pages);
    let mut words = Words::default();
    pages.iter().flatten().for_each(|line| words.learn(&line.text));
    let (mut out, mut last): (Vec<String>, Option<Line>) = (Vec::new(), None);
    for (page, furniture) in pages.into_iter().zip(furniture) {
        let lines = page.into_iter().enumerate().filter(|(at, _)| !furniture.contains(at));
        let lines: Vec<Line> = lines.map(|(_, line)| line).collect();
        let measure = Measure::of(&lines);
        let mut first = true;
        for line in lines {
            let goes_on = match &last {
                Some(before) if first => flows(before, &line),
                Some(before) => measure.goes_on(before, &line),
                None => false,
            };
            match out.last_mut().filter(|_| goes_on) {
                Some(paragraph) => words.join(paragraph, &line.text),
                None => {
                    // A gap, or another page, stands as an empty line.
                    let apart = last.as_ref().is_some_and(|before| first || measure.apart(before, &line));
                    out.extend(apart.then(String::new));
                    out.push(line.text.clone());
                }
            }
            last = Some(line);
            first = false;
        }
    }
    out
}

/// Over the end of a page: does the sentence go on?
fn flows(before: &Line, line: &Line) -> bool {
    let open = !before.text.ends_with(['.', '!', '?', '"', '”', '’', ':', ')']);
    open && line.text.starts_with(|c: char| c.is_lowercase()) && (before.size - line.size).abs() < 0.15 * before.size
}

/// How the lines of a page are set.
struct Measure {
    /// How long full lines are.
    width: f32,
    /// From one line of a paragraph to the next.
    step: f32,
}

impl Measure {
    fn of(lines: &[Line]) -> Measure {
        let mut steps: Vec<f32> = lines
            .windows(2)
            .filter(|pair| (pair[0].size - pair[1].size).abs() < 0.1 * pair[0].size)
            .map(|pair| (pair[0].y - pair[1].y) / pair[0].size)
            .filter(|step| (0.8..3.0).contains(step))
            .collect();
        steps.sort_by(f32::total_cmp);
        let mut widths: Vec<f32> =
            lines.iter().filter(|line| line.text.chars().count() >= 25).map(|line| line.end - line.x).collect();
        widths.sort_by(f32::total_cmp);
        // The usual step is a small one: most lines are within paragraphs.
        let step = steps.get(steps.len() / 4).copied().unwrap_or(1.2);
        Measure { width: widths.get(widths.len() * 9 / 10).copied().unwrap_or(f32::MAX), step }
    }

    /// Is there more between them than between lines?
    fn apart(&self, before: &Line, line: &Line) -> bool {
        let step = (before.y - line.y) / before.size;
        (before.size - line.size).abs() > 0.1 * before.size || !(0.0..1.25 * self.step).contains(&step)
    }

    /// Is the second line of the same paragraph?
    fn goes_on(&self, before: &Line, line: &Line) -> bool {
        let step = (before.y - line.y) / before.size;
        let alike = (before.size - line.size).abs() < 0.1 * before.size;
        if !alike || step > 1.25 * self.step || step < 0.5 * self.step {
            // A column ends at the foot of a page and goes on at its head.
            return alike && step < 0.0 && flows(before, line);
        }
        // An indented line begins a paragraph; one that ends early, ended one: the next word would have fitted.
        let indented = line.x - before.x > 0.8 * line.size && before.text.ends_with(['.', '!', '?', '"', '”', ':']);
        let word = line.text.split_whitespace().next().map_or(0, |word| word.chars().count());
        let letter = (before.end - before.x) / before.text.chars().count().max(1) as f32;
        let fitted = before.end - before.x.min(line.x) + (word as f32 + 1.5) * letter < self.width;
        !indented && (!fitted || line.text.starts_with(|c: char| c.is_lowercase()))
    }
}

/// The words of a document, to tell which hyphens are its own and which the setter's.
#[derive(Default)]
struct Words(HashSet<String>);

impl Words {
    fn learn(&mut self, line: &str) {
        if self.0.len() < 200_000 {
            let words =
                line.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| word.len() > 3 && !word.ends_with('-'));
            self.0.extend(words.map(str::to_lowercase));
        }
    }

    /// Adds a line to a paragraph; a word that was parted becomes one again.
    fn join(&self, paragraph: &mut String, line: &str) {
        let soft = paragraph.ends_with('\u{ad}');
        let parted = soft || paragraph.ends_with(['-', '\u{2010}']) && line.starts_with(char::is_lowercase);
        if !parted {
            if !paragraph.ends_with(['-', '—', '–', '/'])
                || paragraph.ends_with(" -")
                || paragraph.ends_with(" –")
                || paragraph.ends_with(" —")
            {
                paragraph.push(' ');
            }
            paragraph.push_str(line);
            return;
        }
        let letters = |c: char| c.is_alphanumeric() || c == '-';
        let hyphen = paragraph.len() - paragraph.chars().next_back().map_or(0, char::len_utf8);
        let start = paragraph[..hyphen]
            .rfind(|c: char| !letters(c))
            .map_or(0, |at| at + paragraph[at..].chars().next().map_or(1, char::len_utf8));
        let rest: String = line.chars().take_while(|&c| letters(c)).collect();
        let (one, two) = (format!("{}{rest}", &paragraph[start..hyphen]), format!("{}-{rest}", &paragraph[start..hyphen]));
        let keeps = !soft && self.0.contains(&two.to_lowercase()) && !self.0.contains(&one.to_lowercase());
        paragraph.truncate(hyphen);
        if keeps {
            paragraph.push('-');
        }
        paragraph.push_str(line);
    }
}
