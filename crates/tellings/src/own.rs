//! Users' own dictionaries and rule files: from paths to opened models.

use anyhow::{Context, Error};
use std::path::{Path, PathBuf};
use tellings_doc::{Doc, Participant};
use tellings_read::article::Given;
use tellings_read::{Models, Own, OwnFile, read_row};

/// Paths of a user's own files, in the order in which they count.
#[derive(Clone, Debug, Default)]
pub struct OwnFiles {
    /// Actor and agent dictionaries of the TABARI and PETRARCH family.
    pub actors: Vec<PathBuf>,
    /// Verb dictionaries of that family.
    pub verbs: Vec<PathBuf>,
    /// Discard lists of that family.
    pub discards: Vec<PathBuf>,
    /// Rule files in the project's own format.
    pub rules: Vec<PathBuf>,
}

/// The models with a user's own files, and what in those could not be read or used. Nothing of it ends the run.
pub fn models(files: &OwnFiles) -> (Models, Vec<Error>) {
    let mut errors = Vec::new();
    let mut read = |paths: &[PathBuf]| -> Vec<OwnFile> {
        let mut out = Vec::new();
        for path in paths {
            match text(path) {
                Ok(text) => out.push((path.display().to_string(), text)),
                Err(error) => errors.push(error),
            }
        }
        out
    };
    let own = Own {
        actors: read(&files.actors),
        verbs: read(&files.verbs),
        discards: read(&files.discards),
        rules: read(&files.rules),
    };
    if own.is_empty() {
        return (Models::shipped(), errors);
    }
    let (models, problems) = Models::with_own(&own);
    errors.extend(problems.into_iter().map(Error::msg));
    errors.extend(unlike_their_sentences(&models).into_iter().map(Error::msg));
    (models, errors)
}

/// What a user's own rules do with their own sentences other than they say.
fn unlike_their_sentences(models: &Models) -> Vec<String> {
    let mut out = Vec::new();
    for examples in models.events.own_examples() {
        for (sentences, must) in [(examples.must, true), (examples.must_not, false)] {
            for sentence in sentences {
                let doc = read_row(models, "case", sentence, &Given::default());
                let coded = doc.events.iter().any(|e| e.rule == examples.rule || must && Some(e.kind) == examples.kind);
                let right = if examples.kind.is_none() { doc.uncoded.is_empty() != must } else { coded == must };
                if !right {
                    let what = if must { "does not do what it says with" } else { "codes what it must not:" };
                    let (at, rule) = (examples.at, examples.rule);
                    out.push(format!("{at}: rule `{rule}` {what} “{sentence}”\n  hint: mend the rule or its sentence"));
                }
            }
        }
    }
    out
}

/// Who did what to whom in the codes of a user's own dictionaries: source, target and event code of every pair, each once.
/// Events whose participants have no code give none.
pub fn coded_dyads(doc: &Doc) -> Vec<(String, String, String)> {
    let codes = |side: &[Participant]| -> Vec<String> {
        let codes = side.iter().filter_map(|p| doc.link.code_at(p.span));
        codes.flat_map(|c| c.code.split('/')).map(str::to_string).collect()
    };
    let mut out: Vec<(String, String, String)> = Vec::new();
    for event in &doc.events {
        let targets = codes(&event.recipients);
        for source in codes(&event.actors) {
            for target in targets.iter().filter(|target| **target != source) {
                let dyad = (source.clone(), target.clone(), event.cameo.to_string());
                if !out.contains(&dyad) {
                    out.push(dyad);
                }
            }
        }
    }
    out
}

/// A file's text: UTF-8, or Latin-1 where it is not, as older dictionaries are.
fn text(path: &Path) -> Result<String, Error> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    Ok(String::from_utf8(bytes).unwrap_or_else(|e| e.into_bytes().iter().map(|&b| char::from(b)).collect()))
}
