//! The claim rules' own sentences: each `yes` gives a claim of the rule's kind by and toward the named ones, no `no`
//! gives a claim by that rule.

use crate::models;
use tellings::doc::Doc;
use tellings::{Given, read_row};

fn names(doc: &Doc, entity: Option<tellings::doc::Id<tellings::doc::Entity>>, word: &str) -> bool {
    entity.is_some_and(|e| {
        doc.link.entities[e.index()].name.contains(word) || doc.link.mentions_of(e).any(|m| m.span.of(doc.text()).contains(word))
    })
}

#[test]
fn claim_rules_read_their_own_sentences() {
    let mut failures = String::new();
    let examples = models().speech.examples();
    for example in examples {
        let doc = read_row(models(), "case", &example.text, &Given::default());
        let right = doc.speech.claims.iter().any(|c| {
            let spans = |word: &str| c.by_span.is_some_and(|s| s.of(doc.text()).contains(word));
            let by = example.by.as_ref().is_none_or(|word| spans(word) || names(&doc, c.by, word));
            let toward = example.toward.as_ref().is_none_or(|word| names(&doc, c.toward, word));
            if example.matches {
                c.kind == example.kind && by && toward
            } else {
                c.rule == example.rule && c.kind == example.kind
            }
        });
        if right != example.matches {
            let found: Vec<String> = (doc.speech.claims.iter())
                .map(|c| format!("{} {} {:?}", c.rule, c.kind.as_str(), c.by_span.map(|s| s.of(doc.text()))))
                .collect();
            let word = if example.matches { "must" } else { "must not" };
            failures += &format!(
                "\n{} {word} match: {} ({:?} -> {:?})\n    found {found:?}",
                example.rule, example.text, example.by, example.toward
            );
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(examples.len() > 100, "only {} sentences", examples.len());
}
