//! `tellings export`: every layout of a sample story has the rows and columns it says, and its codebook tells them all.

use super::root;
use std::collections::BTreeSet;
use std::process::Command;

fn export(layout: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_tellings"))
        .args(["export", "--layout", layout, "examples/ceasefire"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{layout}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn table(text: &str) -> Vec<csv::StringRecord> {
    csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes()).records().map(Result::unwrap).collect()
}

/// Rows of one layout, each of `columns` fields.
fn tabbed(layout: &str, columns: usize) -> Vec<Vec<String>> {
    let text = export(layout);
    let rows: Vec<Vec<String>> = text.lines().map(|l| l.split('\t').map(String::from).collect()).collect();
    assert!(!rows.is_empty() && rows.iter().all(|r| r.len() == columns), "{layout}");
    rows
}

#[test]
fn tables_are_whole_and_their_columns_are_in_the_codebook() {
    let codebook = std::fs::read_to_string(root().join("docs/exports.md")).unwrap();
    let words: BTreeSet<&str> = codebook.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
    for (layout, id) in [
        ("events", "event_id"),
        ("tellings", "event_id"),
        ("claims", "claim_id"),
        ("quotes", "quote_id"),
        ("stories", "story_id"),
        ("reports", "document_id"),
        ("entities", "entity_id"),
    ] {
        let rows = table(&export(layout));
        assert!(rows.len() > if layout == "stories" { 1 } else { 5 }, "{layout}");
        assert_eq!(&rows[0][0], id);
        for column in &rows[0] {
            assert!(words.contains(column), "{layout}: docs/exports.md does not tell the column `{column}`");
        }
    }
    let ids = |layout| table(&export(layout)).iter().skip(1).map(|r| r[0].to_string()).collect::<BTreeSet<String>>();
    assert_eq!(ids("events"), ids("tellings"), "an event without a telling, or a telling without its event");
}

#[test]
fn layouts_of_others_are_exact_to_the_column() {
    let events = tabbed("gdelt", 61);
    let numbers: BTreeSet<&String> = events.iter().map(|r| &r[0]).collect();
    assert_eq!(numbers.len(), events.len(), "an id stands twice");
    for row in &events {
        assert!((3..=4).contains(&row[26].len()) && row[26].starts_with(&row[28]) && row[26].starts_with(&row[27]));
        assert!(row[1].is_empty() || row[1].len() == 8, "a day is whole or unknown: {}", row[1]);
        assert!(row[34].is_empty(), "a tone is made up");
    }
    let mentions = tabbed("gdelt-mentions", 16);
    assert!(mentions.iter().all(|r| numbers.contains(&r[0])));
    assert_eq!(tabbed("polecat", 40)[0][2], "Event Type");
    assert!(tabbed("phoenix", 26).iter().all(|r| r[1].len() == 8));
    let ucdp = table(&export("ucdp"));
    assert_eq!((ucdp[0].len(), &ucdp[0][46]), (49, "low"));
    let shelling = ucdp.iter().skip(1).find(|r| r[45] != r[46]);
    assert!(shelling.is_some_and(|r| &r[45] == "7" && &r[46] == "4"), "the disputed toll of Maresh is 4 to 7: {ucdp:?}");
}

#[test]
fn json_layouts_parse_and_lead_to_words() {
    let lines =
        |layout: &str| -> Vec<serde_json::Value> { export(layout).lines().map(|l| serde_json::from_str(l).unwrap()).collect() };
    for event in lines("plover") {
        assert_eq!(event["date"].as_str().map(str::len), Some(10));
        assert!(event["actor"].is_array() && event["event"][0].is_string());
    }
    let annotations = lines("annotations");
    let ids: BTreeSet<&str> = annotations.iter().map(|a| a["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), annotations.len());
    let source = std::fs::read_to_string(root().join("examples/ceasefire/norwire-0412.txt")).unwrap();
    let here = annotations.iter().filter(|a| a["target"]["source"] == "urn:tellings:document:norwire-0412");
    for annotation in here {
        let selectors = &annotation["target"]["selector"];
        let bytes = |key: &str| selectors[2][key].as_u64().unwrap() as usize;
        assert_eq!(selectors[1]["exact"].as_str(), source.get(bytes("start")..bytes("end")), "{annotation}");
    }
    let map: serde_json::Value = serde_json::from_str(&export("geojson")).unwrap();
    assert!(map["features"].as_array().is_some_and(|f| !f.is_empty()));
    let reports: serde_json::Value = serde_json::from_str(&export("csl")).unwrap();
    assert_eq!(reports.as_array().map(Vec::len), Some(6));
}

#[test]
fn graphs_name_both_ends_of_every_edge() {
    let graph = export("graphml");
    let attribute = |line: &str, name: &str| {
        line.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next()).map(String::from)
    };
    let nodes: BTreeSet<String> = graph.lines().filter(|l| l.contains("<node ")).filter_map(|l| attribute(l, "id")).collect();
    let edges: Vec<&str> = graph.lines().filter(|l| l.contains("<edge ")).collect();
    assert!(!edges.is_empty());
    for edge in edges {
        for end in ["source", "target"] {
            assert!(attribute(edge, end).is_some_and(|id| nodes.contains(&id)), "{edge}");
        }
    }
    let prov = export("prov");
    assert!(prov.contains("prov:wasDerivedFrom <urn:tellings:document:norwire-0412>"), "the copy of the wire is not told");
}

#[test]
fn parquet_and_notes_are_for_those_layouts_that_have_them() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("export");
    std::fs::create_dir_all(&folder).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tellings"));
        command.args(["export", "--quiet"]).args(arguments).arg("examples/ceasefire").current_dir(root()).output().unwrap()
    };
    let told = |arguments: &[&str]| String::from_utf8(run(arguments).stderr).unwrap();
    assert!(told(&["--layout", "gdelt", "--form", "parquet"]).contains("as Parquet there are events, tellings"));
    assert!(told(&["--layout", "notes"]).contains("-o FOLDER"));
    let path = folder.join("events.parquet");
    assert!(run(&["-o", path.to_str().unwrap()]).status.success());
    let bytes = std::fs::read(&path).unwrap();
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    assert_eq!(run(&["--form", "parquet"]).stdout, bytes, "the same reports give the same bytes");
    let notes = folder.join("notes");
    assert!(run(&["--layout", "notes", "-o", notes.to_str().unwrap()]).status.success());
    let index = std::fs::read_to_string(notes.join("index.md")).unwrap();
    assert!(index.starts_with("---\ntype: \"record\"") && index.contains("[[stories/"), "{index}");
}

#[test]
fn an_unknown_layout_is_named() {
    let output = Command::new(env!("CARGO_BIN_EXE_tellings"))
        .args(["export", "--layout", "xlsx", "examples/ceasefire"])
        .current_dir(root())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("xlsx") && error.contains("graphml"), "{error}");
}
