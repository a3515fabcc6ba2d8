//! The pipeline: one pure function from a report to a document; the only place where the order of stages is written.

use tellings_article::{Format, Given};
use tellings_dict::{ActorDictionary, Discards, VerbDictionary};
use tellings_doc::{Article, Doc};
use tellings_event::EventRules;
use tellings_link::Linker;
use tellings_parse::Parser;
use tellings_speech::SpeechRules;

pub use tellings_article as article;
pub use tellings_link as link;
pub use tellings_speech as speech;

/// Everything the stages read beside the document: models, tables and rules, opened once and shared by all threads.
#[derive(Debug)]
pub struct Models {
    /// Sentences, words, trees, names.
    pub parser: Parser,
    /// Gazetteer and actor table.
    pub linker: Linker,
    /// Quotes and claims.
    pub speech: SpeechRules,
    /// Events.
    pub events: EventRules,
}

impl Models {
    /// What is shipped with the program.
    pub fn shipped() -> Models {
        Models {
            parser: Parser::shipped(),
            linker: Linker::shipped(),
            speech: SpeechRules::shipped(),
            events: EventRules::shipped(),
        }
    }
}

/// A file of a user's own: its name and text.
pub type OwnFile = (String, String);

/// Users' own files, in the order in which they count.
#[derive(Clone, Debug, Default)]
pub struct Own {
    /// Actor and agent dictionaries of the TABARI and PETRARCH family.
    pub actors: Vec<OwnFile>,
    /// Verb dictionaries of that family; with any, they code the events in place of the rules shipped.
    pub verbs: Vec<OwnFile>,
    /// Discard lists of that family.
    pub discards: Vec<OwnFile>,
    /// Rule files in the project's own format, which go before the rules shipped.
    pub rules: Vec<OwnFile>,
}

impl Own {
    /// Is there none?
    pub fn is_empty(&self) -> bool {
        [&self.actors, &self.verbs, &self.discards, &self.rules].iter().all(|files| files.is_empty())
    }
}

impl Models {
    /// What is shipped, with a user's own files; and what in those could not be used, with file, line and hint.
    pub fn with_own(own: &Own) -> (Models, Vec<String>) {
        let mut models = Models::shipped();
        let mut problems: Vec<String> = Vec::new();
        let mut told = |bad: Vec<tellings_dict::BadLine>| problems.extend(bad.iter().map(ToString::to_string));
        let mut actors = ActorDictionary::default();
        own.actors.iter().for_each(|(name, text)| told(actors.add(name, text)));
        let mut verbs = VerbDictionary::default();
        own.verbs.iter().for_each(|(name, text)| told(verbs.add(name, text)));
        let mut discards = Discards::default();
        own.discards.iter().for_each(|(name, text)| told(discards.add(name, text)));
        if !own.rules.is_empty() {
            problems.extend(models.events.add_first(&own.rules).iter().map(ToString::to_string));
        }
        models.linker = models.linker.with_dictionary(actors);
        models.events = models.events.with_verbs(verbs).with_discards(discards);
        (models, problems)
    }
}

/// Reads one report: bytes to a document with every layer.
pub fn read(models: &Models, id: &str, bytes: &[u8], format: Format, given: &Given) -> Doc {
    read_article(models, id, tellings_article::article(bytes, format, given))
}

/// Reads one report whose text is taken as it is.
pub fn read_row(models: &Models, id: &str, text: &str, given: &Given) -> Doc {
    read_article(models, id, tellings_article::row(text, given))
}

/// Reads an article. Also used to read it again once its date has been inferred from its siblings.
pub fn read_article(models: &Models, id: &str, article: Article) -> Doc {
    if article.language.as_deref().is_some_and(|language| language != "en") {
        let problems = article.problems.clone();
        return Doc { id: id.to_string(), article, problems, ..Doc::default() };
    }
    let parse = models.parser.parse(&article);
    let times = tellings_time::times(&article, &parse);
    let link = models.linker.link(&article, &parse, &times);
    let speech = models.speech.speech(&article, &parse, &times, &link);
    let (events, uncoded) = models.events.events(&article, &parse, &times, &link, &speech);
    let problems = article.problems.clone();
    Doc { id: id.to_string(), article, parse, times, link, speech, events, uncoded, problems }
}
