//! Properties: no input makes the stage panic, and what it returns lies inside the text.

use crate::SpeechRules;
use proptest::prelude::*;
use tellings_doc::{Article, Block, BlockKind, Deprel, Feats, Id, Link, Parse, Sentence, Span, Token, Upos, Xpos};

/// Words that steer the rules, marks among them; the tag they mostly have.
const WORDS: [(&str, Upos, Xpos); 34] = [
    ("said", Upos::Verb, Xpos::Vbd),
    ("told", Upos::Verb, Xpos::Vbd),
    ("says", Upos::Verb, Xpos::Vbz),
    ("insists", Upos::Noun, Xpos::Nns),
    ("accused", Upos::Verb, Xpos::Vbd),
    ("blame", Upos::Adj, Xpos::Jj),
    ("considers", Upos::Verb, Xpos::Vbz),
    ("terrorists", Upos::Noun, Xpos::Nns),
    ("according", Upos::Verb, Xpos::Vbg),
    ("to", Upos::Part, Xpos::To),
    ("that", Upos::Sconj, Xpos::In),
    ("Kent", Upos::Propn, Xpos::Nnp),
    ("officials", Upos::Noun, Xpos::Nns),
    ("they", Upos::Pron, Xpos::Prp),
    ("who", Upos::Pron, Xpos::Wp),
    ("will", Upos::Aux, Xpos::Md),
    ("is", Upos::Aux, Xpos::Vbz),
    ("not", Upos::Part, Xpos::Rb),
    ("leave", Upos::Verb, Xpos::Vb),
    ("statement", Upos::Noun, Xpos::Nn),
    ("demand", Upos::Noun, Xpos::Nn),
    ("and", Upos::Cconj, Xpos::Cc),
    ("on", Upos::Adp, Xpos::In),
    ("Friday", Upos::Propn, Xpos::Nnp),
    ("the", Upos::Det, Xpos::Dt),
    ("été", Upos::X, Xpos::Fw),
    (",", Upos::Punct, Xpos::Comma),
    (":", Upos::Punct, Xpos::Colon),
    (".", Upos::Punct, Xpos::Stop),
    ("\"", Upos::Punct, Xpos::OpenQuote),
    ("“", Upos::Punct, Xpos::OpenQuote),
    ("”", Upos::Punct, Xpos::CloseQuote),
    ("'s", Upos::Part, Xpos::Pos),
    ("'", Upos::Punct, Xpos::CloseQuote),
];

/// An article of one paragraph a sentence, with any trees over it.
fn article(sentences: &[Vec<(usize, usize, usize)>]) -> (Article, Parse) {
    let (mut text, mut lemmas) = (String::new(), String::new());
    let (mut tokens, mut found, mut blocks) = (Vec::new(), Vec::new(), Vec::new());
    for words in sentences {
        let (first, start) = (tokens.len(), text.len());
        for (i, &(word, head, relation)) in words.iter().enumerate() {
            let (letters, upos, xpos) = WORDS[word % WORDS.len()];
            let at = text.len();
            text.push_str(letters);
            let span = Span::new(at, text.len());
            text.push(' ');
            let lemma = Span::new(lemmas.len(), lemmas.len() + letters.len());
            lemmas.push_str(letters);
            let head = (i > 0).then(|| Id::new(first + head % i));
            let deprel = if i == 0 { Deprel::Root } else { Deprel::ALL[relation % Deprel::ALL.len()] };
            tokens.push(Token { span, lemma, upos, xpos, feats: Feats::NONE, head, deprel });
        }
        let span = Span::new(start, text.len()).trimmed(&text);
        found.push(Sentence { span, tokens: first..tokens.len() });
        blocks.push(Block { kind: BlockKind::Paragraph, span });
        text.push('\n');
    }
    (Article { text, blocks, ..Article::default() }, Parse::new(found, tokens, lemmas))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_trees_give_spans_inside_the_text(
        sentences in prop::collection::vec(prop::collection::vec((0usize..34, 0usize..60, 0usize..60), 1..24), 1..5)
    ) {
        let (article, parse) = article(&sentences);
        let speech = SpeechRules::shipped().speech(&article, &parse, &[], &Link::default());
        let inside = |span: Span| article.text.get(span.range()).is_some_and(|t| !t.is_empty());
        for quote in &speech.quotes {
            prop_assert!(!quote.content.is_empty());
            prop_assert!(quote.content.iter().copied().chain(quote.cue).chain(quote.speaker).chain(quote.audience).all(inside));
        }
        for claim in &speech.claims {
            prop_assert!(inside(claim.span) && claim.by_span.is_none_or(inside) && claim.label.is_none_or(inside));
            prop_assert!(claim.quote.is_none_or(|q| q.index() < speech.quotes.len()));
            prop_assert!(claim.answers.is_none_or(|a| a.index() < speech.claims.len()));
        }
    }

    #[test]
    fn any_text_has_marks_inside_it(text in "[a-z \"'“”‘’`.,\\n]{0,80}") {
        let (mut at, mut blocks) = (0, Vec::new());
        for line in text.split('\n') {
            blocks.push(Block { kind: BlockKind::Paragraph, span: Span::new(at, at + line.len()) });
            at += line.len() + 1;
        }
        let article = Article { text, blocks, ..Article::default() };
        for marked in crate::marks::marked(&article) {
            prop_assert!(article.text.get(marked.outer.range()).is_some());
            prop_assert!(marked.outer.covers(marked.inner) && !marked.inner.is_empty());
        }
    }
}
