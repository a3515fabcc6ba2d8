//! Text to sentences, tokens, tags, lemmas, heads and names.

pub mod lemma;
pub mod model;
pub mod names;
pub mod sentences;
pub mod tagger;
pub mod tokens;
pub mod trees;
pub mod words;

use model::Model;
use names::NameModel;
use tellings_doc::{Article, Id, Parse, Sentence, Span, Token};
pub use tellings_nn::Table;
use words::Word;

/// The model file shipped with the program; see `models/parse.md`.
static SHIPPED: &[u8] = include_bytes!("../../../models/parse.bin");

/// The model of names; see `models/names.md`.
static SHIPPED_NAMES: &[u8] = include_bytes!("../../../models/names.bin");

/// The trained models of this stage, opened.
#[derive(Debug)]
pub struct Parser {
    model: Option<Model<'static>>,
    names: Option<NameModel<'static>>,
}

impl Parser {
    /// The models shipped with the program.
    pub fn shipped() -> Parser {
        Parser { model: Model::open(SHIPPED), names: NameModel::open(SHIPPED_NAMES) }
    }

    /// Sentences, words, trees and names of an article. Sentences never cross blocks; every byte that is not white
    /// space belongs to a token, in all blocks.
    pub fn parse(&self, article: &Article) -> Parse {
        let mut parse = match &self.model {
            Some(model) => parse(model, article),
            None => Parse::default(),
        };
        if let Some(model) = &self.names {
            parse.names = names::names(model, &article.text, &parse.sentences, &parse.tokens);
        }
        parse
    }
}

/// The parse layer of an article, without names.
pub fn parse(model: &Model<'_>, article: &Article) -> Parse {
    let text = article.text.as_str();
    let mut out = Out::default();
    let mut scratch = Scratch::default();
    let mut done = 0;
    for block in &article.blocks {
        // Text between blocks, if there is any, is read as a block of its own.
        for span in [Span::new(done, block.span.start().max(done)), block.span] {
            read(model, text, Span::new(span.start().max(done), span.end()), &mut out, &mut scratch);
            done = done.max(span.end());
        }
    }
    read(model, text, Span::new(done, text.len()), &mut out, &mut scratch);
    Parse::new(out.sentences, out.tokens, out.lemmas)
}

#[derive(Default)]
struct Out {
    sentences: Vec<Sentence>,
    tokens: Vec<Token>,
    lemmas: String,
}

#[derive(Default)]
struct Scratch {
    pieces: Vec<tokens::Piece>,
    words: Vec<Word>,
    ends: Vec<usize>,
    tags: Vec<tagger::Tag>,
    scores: Vec<i32>,
    features: Vec<u64>,
    state: trees::State,
}

/// Reads one block.
fn read(model: &Model<'_>, text: &str, span: Span, out: &mut Out, s: &mut Scratch) {
    s.pieces.clear();
    s.words.clear();
    s.ends.clear();
    tokens::tokens(text, span, &mut s.pieces);
    s.words.extend(s.pieces.iter().map(|p| Word::new(text, p.span)));
    sentences::ends(&model.sentences, text, &s.pieces, &s.words, &mut s.ends);
    let mut from = 0;
    for &end in &s.ends {
        let (pieces, words) = (&s.pieces[from..end], &s.words[from..end]);
        s.tags.clear();
        tagger::tags(&model.tags, &model.labels, words, &mut s.scores, &mut s.tags);
        trees::tree(&model.trees, words, &s.tags, &mut s.state, &mut s.features);
        let base = out.tokens.len();
        for (i, (piece, word)) in pieces.iter().zip(words).enumerate() {
            let tag = s.tags[i];
            let start = out.lemmas.len();
            lemma::lemma(&model.lemmas, &model.rules, piece.span.of(text), tag, &mut out.lemmas);
            let head = s.state.heads[i];
            out.tokens.push(Token {
                span: piece.span,
                lemma: Span::new(start, out.lemmas.len()),
                upos: tag.upos,
                xpos: tag.xpos,
                feats: tagger::feats(&model.feats, &model.all_feats, word, tag),
                head: (head != u32::MAX).then(|| Id::new(base + head as usize)),
                deprel: s.state.deprels[i],
            });
        }
        let sentence = pieces[0].span.join(pieces[pieces.len() - 1].span);
        out.sentences.push(Sentence { span: sentence, tokens: base..out.tokens.len() });
        from = end;
    }
}
