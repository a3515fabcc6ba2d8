//! The event rules' own sentences: each `must` is coded as its rule says (another rule may do it), no `must-not` is
//! coded by it.

use crate::models;
use tellings::{Given, read_row};

#[test]
fn rules_code_their_own_sentences() {
    let mut failures = String::new();
    let mut count = 0;
    for examples in models().events.examples() {
        for (sentences, must) in [(examples.must, true), (examples.must_not, false)] {
            for sentence in sentences {
                count += 1;
                let doc = read_row(models(), "case", sentence, &Given::default());
                let coded = doc.events.iter().any(|e| e.rule == examples.rule || must && Some(e.kind) == examples.kind);
                let right = if examples.kind.is_none() { doc.uncoded.is_empty() != must } else { coded == must };
                if !right {
                    let found: Vec<&str> = doc.events.iter().map(|e| &*e.rule).collect();
                    let word = if must { "must" } else { "must not" };
                    failures += &format!("\n{} {word} code: {sentence}\n    coded by {found:?}", examples.rule);
                }
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(count > 200, "only {count} sentences");
}
