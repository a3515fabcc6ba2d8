//! Behaviour of the stage: how news text is cut into words and sentences, and what holds for every text.

use crate::{Parser, tokens};
use proptest::prelude::*;
use std::sync::OnceLock;
use tellings_doc::{Article, Block, BlockKind, Parse, Span};

fn parser() -> &'static Parser {
    static PARSER: OnceLock<Parser> = OnceLock::new();
    PARSER.get_or_init(Parser::shipped)
}

fn article(text: &str) -> Article {
    let block = Block { kind: BlockKind::Paragraph, span: Span::new(0, text.len()) };
    Article { text: text.to_string(), blocks: vec![block], ..Article::default() }
}

fn parse(text: &str) -> Parse {
    parser().parse(&article(text))
}

/// The words, set off by blanks.
fn words(text: &str) -> String {
    let mut pieces = Vec::new();
    tokens::tokens(text, Span::new(0, text.len()), &mut pieces);
    pieces.iter().map(|p| p.span.of(text)).collect::<Vec<_>>().join(" ")
}

/// The sentences, one a line.
fn sentences(text: &str) -> Vec<String> {
    parse(text).sentences.iter().map(|s| s.span.of(text).to_string()).collect()
}

#[test]
fn words_are_cut_as_the_treebanks_cut_them() {
    for (text, expected) in [
        ("They don't, can't and won't.", "They do n't , ca n't and wo n't ."),
        ("Obama's aides; the ministers' talks", "Obama 's aides ; the ministers ' talks"),
        ("It’s the envoy’s plan.", "It ’s the envoy ’s plan ."),
        ("We cannot say; he couldn't've known.", "We can not say ; he could n't 've known ."),
        ("a war-torn Syrian-held area", "a war - torn Syrian - held area"),
        ("anti-government, non-aligned, pro-Russian", "anti-government , non-aligned , pro-Russian"),
        ("U.S. Gen. J. Smith met Mr. Lavrov at 5 p.m. on Sept. 4", "U.S. Gen. J. Smith met Mr. Lavrov at 5 p.m. on Sept. 4"),
        ("He said no. No. 5 is next.", "He said no . No. 5 is next ."),
        ("The talks ended.The sides left.", "The talks ended . The sides left ."),
        ("5km, 10am, $3.5bn, 45%, 1,200 men", "5 km , 10 am , $ 3.5 bn , 45 % , 1,200 men"),
        (
            "See http://example.org/a?b=1, or write to desk@example.org.",
            "See http://example.org/a?b=1 , or write to desk@example.org .",
        ),
        ("“Wait…” he said -- twice...", "“ Wait … ” he said -- twice ..."),
        ("GENEVA (AP) — Talks", "GENEVA ( AP ) — Talks"),
        ("the 1990s, the 21st century, 9/11 and 10:30", "the 1990s , the 21st century , 9/11 and 10:30"),
        ("Its not over, its aims were not met.", "It s not over , its aims were not met ."),
        ("and/or", "and / or"),
        ("in talk.politics.misc, in final_draft.doc", "in talk.politics.misc , in final_draft.doc"),
        ("It ended.they left. #CeasefireNow, #1", "It ended . they left . #CeasefireNow , # 1"),
        ("ceasefire\u{a0}talks", "ceasefire talks"),
        ("the 45-minute call with the 15-member council", "the 45 - minute call with the 15 - member council"),
    ] {
        assert_eq!(words(text), expected);
    }
}

#[test]
fn sentences_end_where_readers_end_them() {
    for expected in [
        &["The talks in Geneva ended on Friday.", "Both sides said they would meet again."][..],
        &["The U.S. envoy met Gen. A. B. Smith at 5 p.m. on Monday.", "They spoke for an hour."],
        &["“We will not wait,” he said.", "“The time is now.”", "He then left."],
        &["Is there a deal?", "Nobody knows!", "The ministers did not say."],
        &["GENEVA (AP) — The two sides agreed on Friday to stop fighting."],
    ] {
        assert_eq!(sentences(&expected.join(" ")), expected);
    }
    assert_eq!(
        sentences("Leaders meet in Hangzhou\n\nThe leaders met on Sunday."),
        ["Leaders meet in Hangzhou", "The leaders met on Sunday."]
    );
    assert_eq!(
        sentences("The sides agreed on:\n- a truce\n- access for aid"),
        ["The sides agreed on:", "- a truce", "- access for aid"]
    );
    assert_eq!(sentences("The talks ended.The sides left."), ["The talks ended.", "The sides left."]);
}

#[test]
fn a_simple_clause_has_the_expected_tree() {
    let text = "The minister rejected the offer.";
    let parse = parse(text);
    let read: Vec<_> = parse
        .tokens
        .iter()
        .enumerate()
        .map(|(i, t)| (t.upos.as_str(), parse.lemma(tellings_doc::Id::new(i)), t.head.map(|h| h.index()), t.deprel.as_str()))
        .collect();
    assert_eq!(
        read,
        [
            ("DET", "the", Some(1), "det"),
            ("NOUN", "minister", Some(2), "nsubj"),
            ("VERB", "reject", None, "root"),
            ("DET", "the", Some(4), "det"),
            ("NOUN", "offer", Some(2), "obj"),
            ("PUNCT", ".", Some(2), "punct"),
        ]
    );
}

#[test]
fn very_long_sentences_still_make_one_tree() {
    let text = "envoy and ".repeat(2500);
    let parse = parse(&text);
    assert_eq!(parse.tokens.len(), 5000);
    check(&text, &parse);
}

/// What holds for every text.
fn check(text: &str, parse: &Parse) {
    let mut at = 0;
    for token in &parse.tokens {
        assert!(token.span.start() >= at && !token.span.is_empty());
        assert!(text.get(token.span.range()).is_some(), "{:?} is not on character boundaries", token.span);
        assert!(text[at..token.span.start()].chars().all(char::is_whitespace));
        at = token.span.end();
    }
    assert!(text[at..].chars().all(char::is_whitespace));
    let mut next = 0;
    for sentence in &parse.sentences {
        assert_eq!(sentence.tokens.start, next);
        next = sentence.tokens.end;
        let roots = sentence.tokens.clone().filter(|&i| parse.tokens[i].head.is_none()).count();
        assert_eq!(roots, 1);
        for i in sentence.tokens.clone() {
            let mut at = i;
            let mut left = sentence.tokens.len();
            while let Some(head) = parse.tokens[at].head {
                assert!(sentence.tokens.contains(&head.index()));
                at = head.index();
                left -= 1;
                assert!(left > 0, "a circle");
            }
        }
    }
    assert_eq!(next, parse.tokens.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_text_is_read_in_order_and_whole(text in "\\PC{0,120}|[ -~\n\u{a0}’“”—…éß]{0,200}|([a-zA-Z]{1,9}[-'’.,/@:&_ \n]{1,2}){0,40}") {
        let read = parse(&text);
        check(&text, &read);
        prop_assert_eq!(read, parse(&text));
    }
}
