//! One event of the record as one English sentence.

use crate::acts::{Act, act};
use crate::phrases;
use tellings_doc::{EventType, Mode, Realis};
use tellings_story::{Agreement, RecordEvent};

/// Most names told of one side of an event; the others are counted.
const NAMES: usize = 4;

/// What a sentence tells beside the act.
#[derive(Clone, Copy, Default)]
pub(crate) struct Detail {
    /// `on 5 September 2016`.
    pub date: bool,
    /// `for 90 minutes`.
    pub duration: bool,
}

/// The sentence without its full stop: who did what to whom, and where; `actors` and `recipients` are names for people.
pub(crate) fn statement(
    event: &RecordEvent,
    actors: &[String],
    recipients: &[String],
    triggers: &[&str],
    detail: Detail,
) -> String {
    let act = act(code(event, triggers), event.kind);
    let mut words = core(act, event.realis, actors, recipients);
    if let Some(place) = &event.place {
        words.push_str(&format!(" in {}", place.name));
    }
    if let Some(date) = event.date.as_ref().filter(|_| detail.date) {
        words.push_str(&phrases::on_date(&date.value));
    }
    if let Some(duration) = event.facts.iter().find(|f| f.attribute == "duration").filter(|_| detail.duration) {
        let told = phrases::values(&duration.values);
        match &told[..] {
            [one] => words.push_str(&format!(" for {one}")),
            _ if duration.agreement == Agreement::Disputed => words.push_str(&format!(" for {} (disputed)", told.join(" or "))),
            _ => (),
        }
    }
    capital(&words)
}

/// The CAMEO code, made exact by mode and words where the coded one is general.
fn code<'a>(event: &'a RecordEvent, triggers: &[&str]) -> &'a str {
    let has = |mode: Mode| event.modes.contains(&mode);
    let met = || triggers.iter().any(|t| ["meet", "met", "huddle"].iter().any(|m| t.to_lowercase().starts_with(m)));
    match event.kind {
        EventType::Consult if has(Mode::Phone) => "041",
        EventType::Consult if event.cameo.as_ref() == "040" && has(Mode::Visit) => "042",
        EventType::Consult if matches!(event.cameo.as_ref(), "040" | "046") && met() => "044",
        EventType::Retreat if has(Mode::Release) => "0841",
        EventType::Retreat if has(Mode::Resign) => "0831",
        EventType::Accuse if has(Mode::Investigate) => "090",
        _ => event.cameo.as_ref(),
    }
}

fn core(act: Act, realis: Realis, actors: &[String], recipients: &[String]) -> String {
    let (subject, object) = (list(actors), list(recipients));
    match (actors.is_empty(), recipients.is_empty(), act.passive) {
        (true, true, _) => format!("{}{}", hedge(realis), act.noun),
        (true, false, Some(passive)) => format!("{object} {} {passive}", be(realis, recipients)),
        (true, false, None) => {
            let link = if act.link.is_empty() { "concerning" } else { act.link };
            format!("{}{} {link} {object}", hedge(realis), act.noun)
        }
        (false, alone, _) => {
            let (past, base) = if alone { (act.alone_past, act.alone_base) } else { (act.past, act.base) };
            let verb = match realis {
                Realis::Actual | Realis::Historical => past.to_string(),
                Realis::Future => format!("will {base}"),
                Realis::Hypothetical => format!("may {base}"),
                Realis::Negated => format!("did not {base}"),
            };
            let link = if alone || act.link.is_empty() { String::new() } else { format!(" {}", act.link) };
            let object = if alone { String::new() } else { format!(" {object}") };
            format!("{subject} {verb}{link}{object}")
        }
    }
}

/// What goes before an act told as a noun.
fn hedge(realis: Realis) -> &'static str {
    match realis {
        Realis::Actual | Realis::Historical => "",
        Realis::Future => "planned: ",
        Realis::Hypothetical => "possible: ",
        Realis::Negated => "not so: ",
    }
}

fn be(realis: Realis, names: &[String]) -> &'static str {
    // "Four people", "900 fighters", "the men", "rebels": more than one, as far as words without a parse can tell.
    let many = names.len() > 1
        || names.first().is_some_and(|n| {
            let own = n.rsplit(' ').next().is_some_and(|w| w.starts_with(char::is_lowercase));
            let number = n.starts_with(|c: char| c.is_ascii_digit());
            number || own && (n.ends_with('s') || n.ends_with("people") || n.ends_with("men") || n.ends_with("children"))
        });
    match (realis, many) {
        (Realis::Actual | Realis::Historical, true) => "were",
        (Realis::Actual | Realis::Historical, false) => "was",
        (Realis::Future, _) => "will be",
        (Realis::Hypothetical, _) => "may be",
        (Realis::Negated, true) => "were not",
        (Realis::Negated, false) => "was not",
    }
}

/// `a`, `a and b`, `a, b and c`, at most [`NAMES`] of them.
pub(crate) fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        many if many.len() > NAMES => {
            let rest = many.len() - NAMES;
            format!("{} and {rest} more", many[..NAMES].join(", "))
        }
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// With a capital at its start.
fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|n| n.to_string()).collect()
    }

    #[test]
    fn sentences_fit_who_is_known() {
        let accuse = act("112", EventType::Accuse);
        let (orlin, front) = (names(&["Orlin"]), names(&["the Front"]));
        assert_eq!(core(accuse, Realis::Actual, &orlin, &front), "Orlin accused the Front");
        assert_eq!(core(accuse, Realis::Actual, &orlin, &[]), "Orlin made an accusation");
        assert_eq!(core(accuse, Realis::Actual, &[], &front), "the Front was accused");
        assert_eq!(core(accuse, Realis::Hypothetical, &[], &[]), "possible: an accusation");
        assert_eq!(core(accuse, Realis::Negated, &orlin, &front), "Orlin did not accuse the Front");
        let talks = act("040", EventType::Consult);
        assert_eq!(core(talks, Realis::Future, &orlin, &front), "Orlin will hold talks with the Front");
        assert_eq!(core(talks, Realis::Actual, &[], &front), "talks with the Front");
        let killed = act("190", EventType::Assault);
        assert_eq!(core(killed, Realis::Actual, &[], &names(&["four people"])), "four people were attacked");
    }

    #[test]
    fn long_lists_are_counted() {
        assert_eq!(list(&names(&["A", "B", "C", "D", "E", "F"])), "A, B, C, D and 2 more");
        assert_eq!(list(&names(&["A", "B"])), "A and B");
    }
}
