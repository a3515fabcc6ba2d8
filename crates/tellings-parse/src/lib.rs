//! Text to sentences, tokens, tags, lemmas, heads and names.

mod irregular;
pub mod lemma;
mod mend;
pub mod model;
pub mod names;
pub mod net;
pub mod sentences;
pub mod tagger;
mod titles;
pub mod tokens;
pub mod tree;
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

    /// The shipped models, but for that of names, which is opened on `bytes`.
    pub fn with_names(bytes: &'static [u8]) -> Parser {
        Parser { model: Model::open(SHIPPED), names: NameModel::open(bytes) }
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
            titles::settle(&mut parse, &article.text);
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
    let dateline = dateline_end(article);
    for block in &article.blocks {
        // Text between blocks, if there is any, is read as a block of its own; so is a dateline before its report.
        let cut = dateline.filter(|&at| block.span.contains(at)).unwrap_or(block.span.start());
        let parts =
            [Span::new(done, block.span.start().max(done)), Span::new(block.span.start(), cut), Span::new(cut, block.span.end())];
        for span in parts {
            read(model, text, Span::new(span.start().max(done), span.end()), &mut out, &mut scratch);
            done = done.max(span.end());
        }
    }
    read(model, text, Span::new(done, text.len()), &mut out, &mut scratch);
    Parse::new(out.sentences, out.tokens, out.lemmas)
}

/// Bytes after a dateline's place in which the dash ends it.
const DATELINE: usize = 60;

/// Where the text after the dateline begins, its dash left behind.
fn dateline_end(article: &Article) -> Option<usize> {
    let text = article.text.as_str();
    let from = article.dateline.as_ref()?.span.end();
    let to = (from..=(from + DATELINE).min(text.len())).rev().find(|&i| text.is_char_boundary(i))?;
    let after = text.get(from..to)?;
    let dash = ["—", "–", " - ", "--"].iter().filter_map(|dash| after.find(dash).map(|at| at + dash.len())).min()?;
    Some(from + dash)
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
    batch: Vec<usize>,
    read: Vec<net::Read>,
    room: net::Room,
}

/// Words that the network reads at a time, more or less: enough to use the machine well, few enough to stay near it.
const BATCH: usize = 128;

/// Reads one block.
fn read(model: &Model<'_>, text: &str, span: Span, out: &mut Out, s: &mut Scratch) {
    s.pieces.clear();
    s.words.clear();
    s.ends.clear();
    tokens::tokens(text, span, &mut s.pieces);
    s.words.extend(s.pieces.iter().map(|p| Word::new(text, p.span)));
    sentences::ends(&model.sentences, text, &s.pieces, &s.words, &mut s.ends);
    let (mut from, mut done) = (0, 0);
    s.batch.clear();
    for k in 0..s.ends.len() {
        let end = s.ends[k];
        s.batch.push(end - from);
        if end - from < BATCH && k + 1 < s.ends.len() {
            continue;
        }
        s.read.clear();
        model.net.read(&s.words[from..end], &s.batch, &model.labels, &mut s.room, &mut s.read);
        for &stop in &s.ends[done..=k] {
            let base = out.tokens.len();
            let first = if done == 0 { 0 } else { s.ends[done - 1] };
            mend::mend(&mut s.read[first - from..stop - from], |i| s.pieces[first + i].span.of(text));
            for i in first..stop {
                let (piece, read) = (s.pieces[i], s.read[i - from]);
                let start = out.lemmas.len();
                lemma::lemma(&model.lemmas, &model.rules, model.net.known(), piece.span.of(text), read.tag, &mut out.lemmas);
                out.tokens.push(Token {
                    span: piece.span,
                    lemma: Span::new(start, out.lemmas.len()),
                    upos: read.tag.upos,
                    xpos: read.tag.xpos,
                    feats: tagger::feats(&model.feats, &model.all_feats, &s.words[i], read.tag),
                    head: read.head.map(|head| Id::new(base + head)),
                    deprel: read.deprel,
                });
            }
            let sentence = s.pieces[first].span.join(s.pieces[stop - 1].span);
            out.sentences.push(Sentence { span: sentence, tokens: base..out.tokens.len() });
            done += 1;
        }
        s.batch.clear();
        from = end;
    }
}

#[cfg(test)]
mod tests;
