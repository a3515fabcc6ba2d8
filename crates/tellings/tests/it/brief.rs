//! What holds for every brief of the sample stories: each statement leads to words that hold it, and the length is kept.

use crate::{models, root};
use tellings::brief::{Block, Line, Options, compose, length};
use tellings::doc::Doc;
use tellings::story::{Citation, Record};

const STORIES: [&str; 3] = ["hangzhou", "ceasefire", "vienna"];

fn sample(name: &str) -> (Vec<Doc>, Record) {
    let path = root().join("examples").join(name).display().to_string();
    let reports = tellings::gather(&[path], None).map(|report| report.expect("a report"));
    tellings::reconcile(models(), reports.map(|report| tellings::read_report(models(), &report)).collect())
}

/// The statements of a brief: lines, and rows of tables as one line each; the table of sources apart.
fn statements(blocks: &[Block]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph(all) | Block::List(all) => lines.extend(all.iter().cloned()),
            Block::Table(head, rows) if head[0] != "Report" => lines.extend(rows.iter().map(|row| Line {
                words: row.iter().flat_map(|c| [c.lead.as_str(), c.words.as_str()]).collect::<Vec<_>>().join(" | "),
                cites: row.iter().flat_map(|c| c.cites.clone()).collect(),
                id: row.iter().find_map(|c| c.id.clone()),
                ..Line::default()
            })),
            _ => (),
        }
    }
    lines
}

/// Letters and digits alone: quotation marks and spaces are set anew.
fn bare(words: &str) -> String {
    words.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The parts of a statement that stand in double quotation marks, cut at what was put in or left out: those are the reports' words.
fn quoted(words: &str) -> Vec<String> {
    let inside = words.split('“').skip(1).filter_map(|rest| rest.split('”').next());
    inside.flat_map(|q| q.split(['[', ']', '…']).step_by(1).map(bare).collect::<Vec<_>>()).filter(|w| w.len() > 12).collect()
}

/// Words from the start of the passage's paragraph to the end of the next: a sentence may be completed beyond a broken paragraph.
fn around(docs: &[Doc], cite: &Citation) -> String {
    let doc = &docs[cite.document];
    let blocks = &doc.article.blocks;
    let first = blocks.iter().position(|b| b.span.touches(cite.span)).unwrap_or(0);
    let last = blocks.iter().rposition(|b| b.span.touches(cite.span)).unwrap_or(0) + 1;
    let end = blocks.get(last).or(blocks.last()).map_or(0, |b| b.span.end());
    bare(doc.text().get(blocks[first].span.start()..end).unwrap_or(""))
}

#[test]
fn every_statement_is_cited_and_quotes_what_it_cites() {
    for name in STORIES {
        let (docs, record) = sample(name);
        let blocks = compose(&record, &docs, &Options::default());
        let all = statements(&blocks);
        assert!(all.len() > 40, "{name}: {} statements", all.len());
        for line in all {
            // The line under a story's title counts reports; it cites nothing.
            let counts = line.id.as_deref().is_some_and(|id| id.starts_with("s-")) || line.words.contains("Left out for length");
            assert!(counts || !line.cites.is_empty(), "{name}: nothing is cited: {line:?}");
            for cite in &line.cites {
                let words = cite.span.of(docs[cite.document].text());
                assert!(!words.trim().is_empty(), "{name}: {cite:?} has no words: {}", line.words);
            }
            let passages: Vec<String> = line.cites.iter().map(|c| around(&docs, c)).collect();
            for part in quoted(&line.words).into_iter().chain(line.source.as_deref().map(|s| bare(s.trim_end_matches('…')))) {
                // A name put in for a pronoun is no word of the report's; what stands round it is.
                let brackets = line.source.as_deref().is_some_and(|s| s.contains('['));
                assert!(
                    brackets || passages.iter().any(|p| p.contains(&part)),
                    "{name}: not in what is cited: {part}\n{}",
                    line.words
                );
            }
        }
    }
}

#[test]
fn names_and_numbers_of_our_own_sentences_stand_in_what_they_cite() {
    for name in STORIES {
        let (docs, record) = sample(name);
        for story in &record.stories {
            let one = Record { stories: vec![story.clone()], documents: record.documents.clone() };
            for line in statements(&compose(&one, &docs, &Options::default())) {
                let Some(event) = story.events.iter().find(|e| Some(&e.id) == line.id.as_ref()) else { continue };
                let ours = line.words.split(['“', '[', '(']).next().unwrap_or("");
                // Who is named is mentioned in a paragraph that is cited, by this or another name.
                for entity in story
                    .entities
                    .iter()
                    .filter(|e| !e.generic && e.name.contains(' ') && !e.name.contains(" and ") && ours.contains(&e.name))
                {
                    let near = |m: &Citation| {
                        line.cites.iter().any(|c| c.document == m.document && paragraph(&docs[m.document], c).covers(m.span))
                    };
                    assert!(entity.mentions.iter().any(near), "{name}: {} is not in what is cited: {}", entity.name, line.words);
                }
                // A length that is told is a fact of the event.
                if let Some((before, _)) = ours.split_once(" minutes") {
                    let number = before.rsplit(' ').next().unwrap_or("");
                    let facts = event.facts.iter().filter(|f| f.attribute == "duration").flat_map(|f| &f.values);
                    assert!(facts.into_iter().any(|v| v.value.contains(number)), "{name}: {}", line.words);
                }
                // A place that is told is the event's.
                if let Some(place) = &event.place {
                    assert!(!place.evidence.is_empty(), "{name}: {}", line.words);
                }
            }
        }
    }
}

/// The paragraph of a citation, or the whole of what it cites where that is more.
fn paragraph(doc: &Doc, cite: &Citation) -> tellings::doc::Span {
    let touching = doc.article.blocks.iter().filter(|b| b.span.touches(cite.span));
    touching.fold(cite.span, |span, b| span.join(b.span))
}

#[test]
fn the_length_is_kept() {
    for name in STORIES {
        let (docs, record) = sample(name);
        // The first story with what is told beside it.
        let main = &record.stories[0];
        let beside = |s: &&tellings::story::Story| {
            s.id == main.id || s.documents.is_empty() && s.parts.iter().any(|p| main.documents.contains(&p.at.document))
        };
        let one =
            Record { stories: record.stories.iter().filter(beside).cloned().collect(), documents: record.documents.clone() };
        let words = |n: Option<usize>| length(&compose(&one, &docs, &Options { words: n, since: None }));
        let whole = words(None);
        for n in [200, 350, 500, 800, 1200].into_iter().filter(|&n| n < whole) {
            let told = words(Some(n));
            assert!(told * 10 <= n * 11 && told * 10 >= n * 9, "{name}: {told} words where {n} were wanted ({whole} in all)");
        }
        assert_eq!(words(Some(whole + 50)), whole);
    }
}

#[test]
fn what_is_new_is_told_by_later_reports_alone() {
    for (name, day) in [("hangzhou", "2016-09-08"), ("ceasefire", "2021-04-14"), ("vienna", "2015-07-14")] {
        let (docs, record) = sample(name);
        let blocks = compose(&record, &docs, &Options { words: None, since: Some(day.into()) });
        let at =
            blocks.iter().position(|b| *b == Block::Heading(2, "New".into())).unwrap_or_else(|| panic!("{name}: nothing new"));
        let Some(Block::List(lines)) = blocks.get(at + 1) else { panic!("{name}: no list") };
        for line in lines {
            let late = |c: &Citation| {
                let published = &record.documents[c.document].published;
                published.as_ref().is_some_and(|p| p.range.first.to_string().as_str() >= day)
            };
            // A value of a known event cites what was told before besides.
            assert!(line.cites.iter().any(late), "{name}: {}", line.words);
            assert!(line.words.contains("is now told as") || line.cites.iter().all(late), "{name}: told before: {}", line.words);
        }
    }
}

#[test]
fn what_two_want_is_told_once_with_both_names() {
    let given = tellings::Given { date: Some("2021-03-10".to_string()), ..tellings::Given::default() };
    let text = "Moscow and Tehran want the sanctions lifted. The talks will go on in Vienna next week.";
    let (docs, record) = tellings::reconcile(models(), vec![tellings::read_row(models(), "a", text, &given)]);
    let blocks = compose(&record, &docs, &Options::default());
    let rows: Vec<String> = statements(&blocks).into_iter().map(|l| l.words).filter(|w| w.contains("sanctions lifted")).collect();
    assert_eq!(rows.iter().filter(|r| r.contains("Iran") && r.contains("Russia")).count(), 1, "{rows:#?}");
    assert!(!rows.iter().any(|r| r.contains("Iran") != r.contains("Russia")), "{rows:#?}");
}
