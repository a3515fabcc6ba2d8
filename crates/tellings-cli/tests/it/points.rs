//! A record of some reports as users get it, and what the tests of points ask of it.

use crate::root;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// A record and the texts of its reports.
pub(crate) struct Points {
    record: Value,
    texts: Vec<(String, String)>,
}

pub(crate) fn list<'a>(value: &'a Value, key: &str) -> Vec<&'a Value> {
    value[key].as_array().map(|a| a.iter().collect()).unwrap_or_default()
}

pub(crate) fn strings<'a>(value: &'a Value, key: &str) -> Vec<&'a str> {
    list(value, key).into_iter().filter_map(Value::as_str).collect()
}

fn run(command: &str, output: &str, path: &Path) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_tellings"))
        .current_dir(root())
        .args([command, "--output", output])
        .arg(path)
        .output()
        .expect("tellings runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

impl Points {
    /// The record of a folder of reports.
    pub(crate) fn of(folder: &Path) -> Points {
        let record = serde_json::from_slice(&run("brief", "json", folder)).expect("the record is JSON");
        let readings = String::from_utf8(run("read", "jsonl", folder)).expect("readings are UTF-8");
        let text = |line: &str| {
            let reading: Value = serde_json::from_str(line).expect("a reading is JSON");
            (reading["id"].as_str().unwrap_or("").to_string(), reading["text"].as_str().unwrap_or("").to_string())
        };
        Points { record, texts: readings.lines().map(text).collect() }
    }

    pub(crate) fn stories(&self) -> Vec<&Value> {
        list(&self.record, "stories")
    }

    pub(crate) fn main(&self) -> &Value {
        &self.record["stories"][0]
    }

    /// The words a telling or mention stands on.
    pub(crate) fn words(&self, at: &Value) -> &str {
        let text = self.texts.iter().find(|t| at["document"] == t.0.as_str()).map_or("", |t| t.1.as_str());
        let span = |i: usize| at["span"][i].as_u64().unwrap_or(0) as usize;
        text.get(span(0)..span(1)).unwrap_or("")
    }

    pub(crate) fn said(&self, thing: &Value) -> String {
        list(thing, "tellings").into_iter().map(|t| self.words(t)).collect::<Vec<_>>().join("\n")
    }

    /// All entities of all stories whose name holds `part`.
    pub(crate) fn ids(&self, part: &str) -> Vec<&str> {
        let all = self.stories().into_iter().flat_map(|s| list(s, "entities"));
        all.filter(|e| e["name"].as_str().is_some_and(|n| n.contains(part))).filter_map(|e| e["id"].as_str()).collect()
    }

    pub(crate) fn entity(&self, id: &Value) -> Option<&Value> {
        self.stories().into_iter().flat_map(|s| list(s, "entities")).find(|e| e["id"] == *id)
    }

    pub(crate) fn name(&self, id: &Value) -> &str {
        self.entity(id).and_then(|e| e["name"].as_str()).unwrap_or("")
    }

    pub(crate) fn country(&self, id: &Value) -> &str {
        self.entity(id).and_then(|e| e["country"].as_str()).unwrap_or("")
    }

    /// Events of the main story.
    pub(crate) fn events(&self) -> Vec<&Value> {
        list(self.main(), "events")
    }

    /// Meetings of the main story in which all of these take part.
    pub(crate) fn meetings(&self, names: &[&str]) -> Vec<&Value> {
        self.events()
            .into_iter()
            .filter(|e| e["type"] == "CONSULT")
            .filter(|e| {
                let who = [strings(e, "actors"), strings(e, "recipients")].concat();
                names.iter().all(|n| self.ids(n).iter().any(|id| who.contains(id)))
            })
            .collect()
    }

    /// The event of the main story one of whose tellings holds `part`.
    pub(crate) fn event(&self, part: &str) -> &Value {
        let found = self.events().into_iter().find(|e| self.said(e).contains(part));
        found.unwrap_or_else(|| panic!("no event tells “{part}”"))
    }

    pub(crate) fn day(event: &Value) -> &str {
        event["date"]["value"].as_str().map_or("", |v| v.get(..10).unwrap_or(v))
    }

    pub(crate) fn fact(&self, event: &Value, attribute: &str) -> Vec<String> {
        let facts = list(event, "facts").into_iter().filter(|f| f["attribute"] == attribute);
        facts.flat_map(|f| list(f, "values")).filter_map(|v| v["value"].as_str()).map(str::to_lowercase).collect()
    }

    pub(crate) fn claims(&self, kinds: &[&str]) -> Vec<&Value> {
        let all = self.stories().into_iter().flat_map(|s| list(s, "claims"));
        all.filter(|c| c["kind"].as_str().is_some_and(|k| kinds.contains(&k))).collect()
    }

    /// The claim of one of these kinds whose words hold `part`.
    pub(crate) fn claim(&self, kinds: &[&str], part: &str) -> &Value {
        let found = self.claims(kinds).into_iter().find(|c| self.said(c).contains(part));
        found.unwrap_or_else(|| panic!("no {kinds:?} says “{part}”"))
    }

    /// The claims that answer this one.
    pub(crate) fn answers(&self, claim: &Value) -> Vec<&Value> {
        let ids = strings(claim, "answered_by");
        let all = self.stories().into_iter().flat_map(|s| list(s, "claims"));
        all.filter(|c| c["id"].as_str().is_some_and(|id| ids.contains(&id))).collect()
    }

    /// The quote whose words hold `part`.
    pub(crate) fn quote(&self, part: &str) -> Option<&Value> {
        self.stories().into_iter().flat_map(|s| list(s, "quotes")).find(|q| q["text"].as_str().is_some_and(|t| t.contains(part)))
    }

    pub(crate) fn speaker(&self, part: &str) -> &str {
        let speaker = self.quote(part).and_then(|q| self.entity(&q["speaker"]));
        speaker.and_then(|e| e["name"].as_str()).unwrap_or("nobody")
    }

    /// Is somebody of these words kept without a name?
    pub(crate) fn anonymous(&self, words: &str) -> bool {
        let entities = self.stories().into_iter().flat_map(|s| list(s, "entities"));
        let mut generic = entities.filter(|e| e["generic"] == true);
        generic.any(|e| list(e, "mentions").iter().any(|m| self.words(m).contains(words)))
    }

    pub(crate) fn document(&self, id: &str) -> &Value {
        list(&self.record, "documents").into_iter().find(|d| d["id"] == id).unwrap_or(&Value::Null)
    }

    /// The documents of a document's lineage in the main story, each with its relation.
    pub(crate) fn lineage(&self, id: &str) -> &Value {
        let holds = |l: &&Value| strings(l, "documents").contains(&id);
        list(self.main(), "lineages").into_iter().find(holds).unwrap_or(&Value::Null)
    }

    /// Is the reference with these words listed as unresolved in this document?
    pub(crate) fn unresolved(&self, document: &str, words: &str) -> bool {
        list(self.main(), "unresolved").into_iter().any(|u| u["document"] == document && self.words(u).contains(words))
    }

    /// Do the lineages differ on this attribute of the event?
    pub(crate) fn disputed(&self, event: &Value, attribute: &str) -> bool {
        list(self.main(), "disagreements").into_iter().any(|d| d["about"] == event["id"] && d["attribute"] == attribute)
    }

    /// A story that only parts of reports tell.
    pub(crate) fn side(&self) -> &Value {
        self.stories().into_iter().find(|s| list(s, "documents").is_empty()).unwrap_or(&Value::Null)
    }
}
