//! The rule format's errors, the shipped files, and that no tree, however odd, is too much.

use crate::EventRules;
use proptest::prelude::*;
use tellings_doc::{Article, Deprel, EventType, Id, Link, Mode, Parse, Sentence, Span, Speech, Token, Upos, Xpos};

#[test]
fn shipped_rules_compile() {
    let rules = EventRules::shipped();
    assert!(rules.len() > 200, "{}", rules.len());
}

#[test]
fn every_type_has_a_rule() {
    let rules = EventRules::shipped();
    for kind in EventType::ALL {
        assert!(rules.examples().any(|e| e.kind == Some(kind)), "{}", kind.as_str());
    }
}

fn error(text: &str) -> String {
    EventRules::default().add("my.toml", text).expect_err("the file is wrong").to_string()
}

#[test]
fn errors_name_file_and_line() {
    let unknown = "# mine\n\n[[rule]]\nname = \"x\"\nverb = [\"x\"]\ntype = \"FIGHT\"\n";
    assert_eq!(error(unknown), "my.toml:3: rule `x`: no event type `FIGHT`");
    assert!(error("[[rule]]\nname = \"x\"\nverbs = [\"x\"]\n").starts_with("my.toml:3: unknown field `verbs`"));
    assert_eq!(
        error("[[rule]]\nname = \"x\"\ntype = \"AID\"\n"),
        "my.toml:1: rule `x`: no trigger: give `verb`, `noun` or `adj`"
    );
    let mode = "[[rule]]\nname = \"x\"\nverb = [\"x\"]\ntype = \"AID\"\nmodes = [\"arrest\"]\n";
    assert_eq!(error(mode), "my.toml:1: rule `x`: AID has no mode `arrest`");
    let class = "[[rule]]\nname = \"x\"\nverb = [\"x\"]\ntype = \"AID\"\nobj = [\"@nothing\"]\n";
    assert_eq!(error(class), "my.toml:1: rule `x`: no class `nothing`");
    assert!(error("[[rule]\n").starts_with("my.toml:1: "));
}

#[test]
fn a_file_that_fails_adds_nothing() {
    let mut rules = EventRules::shipped();
    let before = rules.len();
    let half = "[[rule]]\nname = \"a\"\nverb = [\"a\"]\ntype = \"AID\"\n\n[[rule]]\nname = \"b\"\n";
    assert!(rules.add("my.toml", half).is_err());
    assert_eq!(rules.len(), before);
}

/// Form, lemma, tags, head and relation of a word.
type Word = (&'static str, &'static str, Upos, Xpos, Option<usize>, Deprel);

/// "police arrest Ann" as a tree of its own, without any model.
fn tree(words: &[Word]) -> (Article, Parse) {
    let (mut text, mut lemmas, mut tokens) = (String::new(), String::new(), Vec::new());
    for &(form, lemma, upos, xpos, head, deprel) in words {
        let start = text.len();
        text.push_str(form);
        let from = lemmas.len();
        lemmas.push_str(lemma);
        let (span, lemma) = (Span::new(start, text.len()), Span::new(from, lemmas.len()));
        tokens.push(Token { span, lemma, upos, xpos, feats: Default::default(), head: head.map(Id::new), deprel });
        text.push(' ');
    }
    let span = Span::new(0, text.trim_end().len());
    let sentence = Sentence { span, tokens: 0..tokens.len() };
    (Article { text, ..Article::default() }, Parse::new(vec![sentence], tokens, lemmas))
}

#[test]
fn an_arrest_by_hand() {
    let (article, parse) = tree(&[
        ("Police", "police", Upos::Noun, Xpos::Nns, Some(1), Deprel::Nsubj),
        ("arrested", "arrest", Upos::Verb, Xpos::Vbd, None, Deprel::Root),
        ("Ann", "Ann", Upos::Propn, Xpos::Nnp, Some(1), Deprel::Obj),
    ]);
    let (events, uncoded) = EventRules::shipped().events(&article, &parse, &[], &Link::default(), &Speech::default());
    assert_eq!(uncoded, []);
    let [event] = &events[..] else { panic!("{events:?}") };
    assert_eq!((event.kind, &event.modes[..]), (EventType::Coerce, &[Mode::Arrest][..]));
    assert_eq!(event.actors[0].span.of(&article.text), "Police");
    assert_eq!(event.recipients[0].span.of(&article.text), "Ann");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]
    /// Trees of trigger words with any tags and relations: no panic, all spans inside the text.
    #[test]
    fn any_tree_is_read(words in prop::collection::vec((0..14usize, 0..17usize, 0..50usize, 0..51usize, 0..40usize), 1..40)) {
        const LEMMAS: [&str; 14] = ["attack", "meet", "talk", "kill", "protest", "by", "with", "president", "Mali", "not", "will", "who", "agree", "sanction"];
        let count = words.len();
        let list: Vec<_> = words
            .iter()
            .enumerate()
            .map(|(i, &(word, upos, xpos, deprel, head))| {
                // Heads point to earlier words, so that the tree is one.
                let head = (i > 0).then(|| head % count.min(i).max(1));
                (LEMMAS[word], LEMMAS[word], Upos::ALL[upos], Xpos::ALL[xpos], head, Deprel::ALL[deprel])
            })
            .collect();
        let (article, parse) = tree(&list);
        static RULES: std::sync::LazyLock<EventRules> = std::sync::LazyLock::new(EventRules::shipped);
        let (events, _) = RULES.events(&article, &parse, &[], &Link::default(), &Speech::default());
        for event in events {
            prop_assert!(event.trigger.end() <= article.text.len());
            for who in event.actors.iter().chain(&event.recipients) {
                prop_assert!(!who.span.of(&article.text).is_empty());
            }
        }
    }
}
