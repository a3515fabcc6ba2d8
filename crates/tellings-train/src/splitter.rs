//! Learns where sentences end.

use crate::corpora::Document;
use crate::perceptron::{Perceptron, Random};
use std::collections::BTreeSet;
use tellings_doc::Span;
use tellings_parse::sentences;
use tellings_parse::tokens::{Piece, tokens};
use tellings_parse::words::Word;

/// A perceptron that tells sentence ends (label 1) from the other places (label 0).
pub fn train(docs: &[Document], passes: usize, seed: u64) -> Perceptron {
    let mut random = Random::new(seed);
    let mut model = Perceptron::default();
    let mut order: Vec<usize> = (0..docs.len()).collect();
    let mut features = Vec::new();
    for _ in 0..passes {
        random.shuffle(&mut order);
        for &d in &order {
            let doc = &docs[d];
            let ends: BTreeSet<usize> = doc.sentences.iter().map(|s| doc.sentence_span(s).end()).collect();
            // The text is read with its paragraphs, as it comes in use.
            let mut pieces: Vec<Piece> = Vec::new();
            tokens(&doc.text, Span::new(0, doc.text.len()), &mut pieces);
            let words: Vec<Word> = pieces.iter().map(|p| Word::new(&doc.text, p.span)).collect();
            let mut since = 0;
            for i in 0..pieces.len() {
                let gold = ends.contains(&pieces[i].span.end());
                let last = i + 1 == pieces.len();
                if !last
                    && !sentences::certain(&doc.text, &pieces, &words, i, 0)
                    && sentences::candidate(&doc.text, &pieces, &words, i)
                {
                    sentences::features(&doc.text, &pieces, &words, i, since, &mut features);
                    model.tick();
                    let mut scores = [0.0; 2];
                    model.score(&features, &mut scores);
                    let (good, bad) = (gold as u16, !gold as u16);
                    if scores[good as usize] - scores[bad as usize] <= 0.5 {
                        model.update(&features, good, bad);
                    }
                }
                since = if gold { 0 } else { since + 1 };
            }
        }
    }
    model
}
