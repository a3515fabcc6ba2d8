//! Annotated corpora read into plain records: CoNLL-U documents with their raw text.

use anyhow::{Context, Result};
use std::path::Path;
use tellings_doc::{Deprel, Feats, Span, Upos, Xpos};

/// One syntactic word of a treebank.
#[derive(Clone, Debug)]
pub struct Word {
    /// Its letters in the document's text.
    pub span: Span,
    /// Its form as the treebank writes it.
    pub form: String,
    /// Dictionary form; `_` where none is given.
    pub lemma: String,
    /// Universal part of speech.
    pub upos: Upos,
    /// Penn tag.
    pub xpos: Xpos,
    /// Morphological features.
    pub feats: Feats,
    /// Position of the head in the sentence, `None` for the root.
    pub head: Option<usize>,
    /// Relation to the head.
    pub deprel: Deprel,
}

/// One document of a treebank: the text rebuilt from `SpaceAfter` and paragraph marks, and its sentences.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// Name in the treebank.
    pub name: String,
    /// The text: sentences of a paragraph set off by a blank, paragraphs by an empty line.
    pub text: String,
    /// Words of each sentence.
    pub sentences: Vec<Vec<Word>>,
    /// Name of each sentence in the treebank.
    pub ids: Vec<String>,
}

impl Document {
    /// Where a sentence stands.
    pub fn sentence_span(&self, sentence: &[Word]) -> Span {
        match (sentence.first(), sentence.last()) {
            (Some(first), Some(last)) => first.span.join(last.span),
            _ => Span::default(),
        }
    }
}

/// The documents of a CoNLL-U file's content.
pub fn conllu(content: &str) -> Vec<Document> {
    let mut docs = vec![Document::default()];
    let (mut glue, mut newpar) = (true, false);
    for block in content.split("\n\n") {
        let mut rows: Vec<Vec<&str>> = Vec::new();
        let mut id = "";
        for line in block.lines() {
            if let Some(name) = line.strip_prefix("# sent_id = ") {
                id = name.trim();
            }
            if line.starts_with("# newdoc") {
                if docs.last().is_some_and(|d| !d.sentences.is_empty()) {
                    docs.push(Document::default());
                }
                (glue, newpar) = (true, false);
                if let (Some(doc), Some((_, name))) = (docs.last_mut(), line.split_once('=')) {
                    doc.name = name.trim().to_string();
                }
            } else if line.starts_with("# newpar") {
                newpar = true;
            } else if !line.is_empty() && !line.starts_with('#') {
                rows.push(line.split('\t').collect());
            }
        }
        let Some(doc) = docs.last_mut() else { continue };
        let mut sentence = Vec::new();
        let mut until = 0;
        for (i, row) in rows.iter().enumerate() {
            if row.len() < 10 || row[0].contains('.') {
                continue;
            }
            let members: Vec<&Vec<&str>> = if let Some((_, last)) = row[0].split_once('-') {
                until = last.parse().unwrap_or(0);
                rows[i + 1..]
                    .iter()
                    .filter(|r| !r[0].contains('.'))
                    .take_while(|r| r[0].parse::<usize>().is_ok_and(|n| n <= until))
                    .collect()
            } else if row[0].parse::<usize>().is_ok_and(|n| n <= until) {
                continue;
            } else {
                vec![row]
            };
            if !doc.sentences.is_empty() && newpar && sentence.is_empty() {
                doc.text.push_str("\n\n");
            } else if !glue {
                doc.text.push(' ');
            }
            let start = doc.text.len();
            doc.text.push_str(row[1]);
            let whole = Span::new(start, doc.text.len());
            let fits = members.iter().map(|m| m[1]).collect::<String>() == row[1];
            let mut at = start;
            for member in members {
                let span = if fits { Span::new(at, at + member[1].len()) } else { whole };
                at += member[1].len();
                sentence.push(Word {
                    span,
                    form: member[1].to_string(),
                    lemma: member[2].to_string(),
                    upos: Upos::parse(member[3]).unwrap_or_default(),
                    xpos: Xpos::parse(member[4]).unwrap_or_default(),
                    feats: Feats::parse(member[5]),
                    head: member[6].parse::<usize>().ok().and_then(|n| n.checked_sub(1)),
                    deprel: Deprel::parse(member[7]).unwrap_or_default(),
                });
            }
            glue = row[9].split('|').any(|m| m == "SpaceAfter=No");
        }
        if !sentence.is_empty() {
            newpar = false;
            doc.sentences.push(sentence);
            doc.ids.push(id.to_string());
        }
    }
    docs.retain(|d| !d.sentences.is_empty());
    docs
}

/// Which half of a corpus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// To learn from.
    Train,
    /// To choose and report by.
    Dev,
}

/// The English web treebank under `gold` (`parse/ud-ewt`).
pub fn ewt(gold: &Path, split: Split) -> Result<Vec<Document>> {
    let name = match split {
        Split::Train => "en_ewt-ud-train.conllu",
        Split::Dev => "en_ewt-ud-dev.conllu",
    };
    let path = gold.join("parse/ud-ewt").join(name);
    Ok(conllu(&read(&path)?))
}

/// The GUM treebank under `gold` (`parse/gum`), documents in the order of `splits.tsv`.
pub fn gum(gold: &Path, split: Split) -> Result<Vec<Document>> {
    let dir = gold.join("parse/gum");
    let want = if split == Split::Train { "train" } else { "dev" };
    let mut docs = Vec::new();
    for line in read(&dir.join("splits.tsv"))?.lines() {
        let mut columns = line.split_whitespace();
        if let (Some(name), Some(half)) = (columns.next(), columns.next())
            && half == want
        {
            docs.extend(conllu(&read(&dir.join("dep").join(format!("{name}.conllu")))?));
        }
    }
    Ok(docs)
}

/// A file's text.
pub fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))
}
