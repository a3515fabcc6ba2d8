//! Sentences, words and trees.

use crate::{Deprel, Feats, Id, Name, Span, Upos, Xpos};
use std::ops::Range;

/// A Universal Dependencies syntactic word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Token {
    /// Its letters.
    pub span: Span,
    /// Where its lemma stands in the layer's lemma buffer; see [`Parse::lemma`].
    pub lemma: Span,
    /// Universal part of speech.
    pub upos: Upos,
    /// Penn Treebank tag.
    pub xpos: Xpos,
    /// Morphological features.
    pub feats: Feats,
    /// The word it depends on; `None` for a root.
    pub head: Option<Id<Token>>,
    /// How it depends.
    pub deprel: Deprel,
}

/// A sentence: its text and its tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// From its first word to its last, closing marks included.
    pub span: Span,
    /// Positions in [`Parse::tokens`].
    pub tokens: Range<usize>,
}

/// A word's new place in its tree, for [`Parse::rehang`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The word.
    pub word: Id<Token>,
    /// Its new head.
    pub head: Option<Id<Token>>,
    /// How it depends on that.
    pub deprel: Deprel,
}

/// The parse layer. Made by [`Parse::new`], which builds the index of dependents.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parse {
    /// In text order; they do not overlap.
    pub sentences: Vec<Sentence>,
    /// All words in text order; each belongs to one sentence.
    pub tokens: Vec<Token>,
    /// Names, in text order; they do not overlap.
    pub names: Vec<Name>,
    lemmas: String,
    /// `dependents[first[i]..first[i + 1]]` are the dependents of token `i`, in text order.
    first: Vec<u32>,
    dependents: Vec<Id<Token>>,
}

impl Parse {
    /// The layer of these sentences and tokens; `lemmas` holds what the tokens' `lemma` spans point into.
    pub fn new(sentences: Vec<Sentence>, tokens: Vec<Token>, lemmas: String) -> Parse {
        let mut parse = Parse { sentences, tokens, lemmas, ..Parse::default() };
        parse.index();
        parse
    }

    /// Hangs words on other heads. What results must still be trees.
    pub fn rehang(&mut self, changes: &[Change]) {
        for change in changes {
            let token = &mut self.tokens[change.word.index()];
            (token.head, token.deprel) = (change.head, change.deprel);
        }
        self.index();
    }

    /// Builds the index of dependents.
    fn index(&mut self) {
        let tokens = &self.tokens;
        let mut first = vec![0u32; tokens.len() + 1];
        for head in tokens.iter().filter_map(|t| t.head) {
            first[head.index() + 1] += 1;
        }
        for i in 1..first.len() {
            first[i] += first[i - 1];
        }
        let mut next = first.clone();
        let mut dependents = vec![Id::new(0); first.last().copied().unwrap_or(0) as usize];
        for (i, token) in tokens.iter().enumerate() {
            if let Some(head) = token.head {
                let at = &mut next[head.index()];
                dependents[*at as usize] = Id::new(i);
                *at += 1;
            }
        }
        (self.first, self.dependents) = (first, dependents);
    }

    /// The token at `id`.
    #[inline]
    pub fn token(&self, id: Id<Token>) -> &Token {
        &self.tokens[id.index()]
    }

    /// Dictionary form of a word.
    #[inline]
    pub fn lemma(&self, id: Id<Token>) -> &str {
        self.tokens[id.index()].lemma.of(&self.lemmas)
    }

    /// The words that depend on `id`, in text order.
    #[inline]
    pub fn dependents(&self, id: Id<Token>) -> &[Id<Token>] {
        &self.dependents[self.first[id.index()] as usize..self.first[id.index() + 1] as usize]
    }

    /// The dependents of `id` whose relation, subtype apart, is `deprel`'s.
    pub fn by_relation(&self, id: Id<Token>, deprel: Deprel) -> impl Iterator<Item = Id<Token>> {
        self.dependents(id).iter().copied().filter(move |&d| self.token(d).deprel.base() == deprel.base())
    }

    /// Ids of the tokens of a sentence.
    pub fn ids(&self, sentence: &Sentence) -> impl DoubleEndedIterator<Item = Id<Token>> + use<> {
        sentence.tokens.clone().map(Id::new)
    }

    /// The sentence that holds a token.
    pub fn sentence_of(&self, id: Id<Token>) -> Option<&Sentence> {
        let at = self.sentences.partition_point(|s| s.tokens.end <= id.index());
        self.sentences.get(at).filter(|s| s.tokens.contains(&id.index()))
    }

    /// Position of the sentence that holds the byte at `offset`.
    pub fn sentence_at(&self, offset: usize) -> Option<usize> {
        let at = self.sentences.partition_point(|s| s.span.end() <= offset);
        self.sentences.get(at).filter(|s| s.span.contains(offset)).map(|_| at)
    }

    /// The tokens that touch `span`.
    pub fn tokens_in(&self, span: Span) -> Range<usize> {
        let from = self.tokens.partition_point(|t| t.span.end() <= span.start());
        let to = self.tokens.partition_point(|t| t.span.start() < span.end());
        from..to.max(from)
    }

    /// First and last byte of the word and all that hangs on it.
    pub fn subtree(&self, id: Id<Token>) -> Span {
        let mut span = self.token(id).span;
        let mut stack = vec![id];
        while let Some(top) = stack.pop() {
            span = span.join(self.token(top).span);
            stack.extend(self.dependents(top));
        }
        span
    }

    /// The word of `span` that no other word of it governs: its syntactic head. The first such word of several.
    pub fn head_of(&self, span: Span) -> Option<Id<Token>> {
        let range = self.tokens_in(span);
        range.clone().map(Id::new).find(|&id: &Id<Token>| self.token(id).head.is_none_or(|h| !range.contains(&h.index())))
    }
}
