//! The brief of the sample reports, as users get it.

use crate::root;
use std::collections::HashSet;
use std::process::Command;

fn brief(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_tellings"))
        .arg("brief")
        .args(arguments)
        .arg(root().join("examples/hangzhou"))
        .output()
        .expect("tellings runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("a brief is UTF-8")
}

/// The lines under a heading of the text form.
fn section<'a>(brief: &'a str, heading: &str) -> Vec<&'a str> {
    brief.lines().skip_while(|l| *l != heading).skip(1).take_while(|l| !l.is_empty()).collect()
}

#[test]
fn every_statement_leads_to_words() {
    let whole = brief(&["--words", "0"]);
    let statements: Vec<&str> = whole.split("\n  - ").skip(1).collect();
    assert!(statements.len() > 40, "{whole}");
    for statement in statements {
        let statement = statement.split("\n\n").next().unwrap_or(statement);
        let flat = statement.split_whitespace().collect::<Vec<_>>().join(" ");
        // `[3:257-506` or, in the table of sources, the report's own number.
        let cited = flat.split('[').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        assert!(cited, "nothing is cited: {flat}");
    }
}

#[test]
fn the_lead_tells_the_main_event_in_a_sentence() {
    let lead = brief(&[]).split("\n\n").nth(2).map(|p| p.split_whitespace().collect::<Vec<_>>().join(" ")).unwrap_or_default();
    assert!(
        lead.starts_with(
            "Barack Obama and Vladimir Putin met in Hangzhou on 5 September 2016 for 70 minutes or 90 minutes (disputed)"
        ),
        "{lead}"
    );
    assert!(!lead.contains("somebody"), "{lead}");
}

#[test]
fn the_lead_of_one_report_begins_with_what_opens_it() {
    let path = std::env::temp_dir().join(format!("tellings-it-opening-{}.txt", std::process::id()));
    let report = "Rockets hit the port of Calder\n\n5 March 2017\n\nRockets fired from the hills hit the port of Calder before dawn, port \
        workers said.\n\nPresident Elena Marsk of Norland met President Ivo Tarn of Sudland in Geneva on 2 March 2017. They met for two \
        hours and spoke of grain.\n";
    std::fs::write(&path, report).expect("a report");
    let output = Command::new(env!("CARGO_BIN_EXE_tellings")).arg("brief").arg(&path).output().expect("tellings runs");
    let brief = String::from_utf8_lossy(&output.stdout).into_owned();
    std::fs::remove_file(path).expect("the report goes");
    let lead = brief.split("\n\n").nth(2).map(|p| p.split_whitespace().collect::<Vec<_>>().join(" ")).unwrap_or_default();
    // In the words of the body: the title stands above already.
    assert!(lead.starts_with("“Rockets fired from the hills hit the port of Calder before dawn"), "{brief}");
    assert!(lead.contains("Ivo Tarn met in Geneva on 2 March 2017"), "{brief}");
}

#[test]
fn the_length_is_chosen_and_what_is_left_out_is_told() {
    let count = |text: &str| text.split_whitespace().count();
    let (short, middle, whole) = (brief(&["--words", "200"]), brief(&[]), brief(&["--words", "0"]));
    assert!(count(&short) < count(&middle) && count(&middle) < count(&whole));
    assert!(short.contains("Left out for length") && !whole.contains("Left out for length"));
}

#[test]
fn what_is_new_since_a_day_is_told_by_later_reports_only() {
    let new = brief(&["--since", "2016-09-08", "--words", "0"]);
    let lines = section(&new, "NEW").join("\n");
    assert!(lines.contains("spoke by telephone") || lines.contains("talk"), "{new}");
    assert!(!lines.contains("for 90 minutes"), "the meeting was told before: {lines}");
    assert_eq!(section(&brief(&["--since", "2030-01-01"]), "NEW"), Vec::<&str>::new());
    let output =
        Command::new(env!("CARGO_BIN_EXE_tellings")).args(["brief", "--since", "soon", "."]).output().expect("tellings runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("soon"));
}

#[test]
fn markdown_is_markdown() {
    let page = brief(&["--output", "markdown"]);
    let pipes = |line: &str| line.replace("\\|", "").matches('|').count();
    let lines: Vec<&str> = page.lines().collect();
    let mut tables = 0;
    for (i, line) in lines.iter().enumerate().filter(|(_, l)| l.starts_with("| ")) {
        // Every row of a table has as many cells as its first.
        let head = lines[..i].iter().rposition(|l| !l.starts_with('|')).map_or(0, |at| at + 1);
        assert_eq!(pipes(line), pipes(lines[head]), "{line}");
        tables += usize::from(head == i);
    }
    assert!(tables > 5, "{page}");
    assert!(page.match_indices('<').all(|(at, _)| page[..at].ends_with('\\')), "no HTML in it");
}

#[test]
fn the_example_in_the_docs_is_what_is_printed() {
    let path = root().join("docs/example-brief.md");
    let page = std::fs::read_to_string(&path).expect("docs/example-brief.md");
    let output = Command::new(env!("CARGO_BIN_EXE_tellings"))
        .current_dir(root())
        .args(["brief", "examples/vienna"])
        .output()
        .expect("tellings runs");
    let printed = String::from_utf8(output.stdout).expect("a brief is UTF-8");
    let (before, rest) = page.split_once("```text\n").expect("the brief stands in a block of text");
    let (pasted, after) = rest.split_once("```").expect("the block ends");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, format!("{before}```text\n{printed}```{after}")).expect("docs/example-brief.md is written");
        return;
    }
    let differs = pasted.lines().zip(printed.lines()).find(|(old, new)| old != new);
    assert!(pasted == printed, "UPDATE=1 pastes it anew; then judge it anew. First difference: {differs:#?}");
}

#[test]
fn every_link_of_the_page_has_its_place() {
    let page = brief(&["--output", "html"]);
    let attributes = |name: &str| -> HashSet<String> {
        page.split(&format!("{name}=\"")).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_string).collect()
    };
    let places = attributes("id");
    let links = attributes("href");
    assert!(links.len() > 30);
    for link in &links {
        let place = link.strip_prefix('#').expect("no link leads out of the page");
        assert!(places.contains(place), "{link} leads nowhere");
    }
    assert!(!page.contains("<script") && !page.contains("http-equiv=\"refresh"));
}
