//! An annotated document to political events with participants, by rules.

use tellings_doc::{Article, Event, Link, Parse, Speech, Time, Uncoded};

/// The event rules and lexicons, read once.
#[derive(Debug)]
pub struct EventRules {}

impl EventRules {
    /// The rules shipped with the program.
    pub fn shipped() -> EventRules {
        EventRules {}
    }

    /// Events of an article in text order, and what looked like one but was not coded.
    pub fn events(
        &self,
        article: &Article,
        parse: &Parse,
        times: &[Time],
        link: &Link,
        speech: &Speech,
    ) -> (Vec<Event>, Vec<Uncoded>) {
        let _ = (article, parse, times, link, speech);
        (Vec::new(), Vec::new())
    }
}
