//! What somebody sets right: the same wishes from the review page and from assistants.

use crate::{Desk, Fail, Request};
use serde_json::json;
use tellings::OwnFiles;
use tellings::corrections::{Correction, ROOTS, Rule, State, coded};
use tellings::store::{mend, runs};

/// What can be wished.
const ACTIONS: [&str; 6] = ["accept", "reject", "recode", "retime", "replace", "undo"];

/// What somebody wants to be set right.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wish {
    action: String,
    event: String,
    correction: String,
    kind: String,
    date: String,
    place: Option<String>,
    country: Option<String>,
    note: Option<String>,
    author: String,
}

/// What became of it.
pub(crate) struct Done {
    /// Id of the correction.
    pub(crate) id: String,
    /// It was taken back.
    pub(crate) undone: bool,
    /// What stands against it.
    pub(crate) note: Option<String>,
}

impl Wish {
    /// As a form gives it.
    pub(crate) fn of_form(request: &Request, author: &str) -> Wish {
        Wish::of(|name| request.field(name).map(str::to_string), author)
    }

    /// As an assistant gives it.
    pub(crate) fn of_json(arguments: &serde_json::Map<String, serde_json::Value>, author: &str) -> Result<Wish, Fail> {
        let known = schema();
        let unknown = arguments.keys().find(|name| known["properties"].get(name.as_str()).is_none());
        if let Some(name) = unknown {
            return Err(Fail::Bad(format!("There is no `{name}`.")));
        }
        let text = |name: &str| arguments.get(name)?.as_str().map(|t| t.trim().to_string()).filter(|t| !t.is_empty());
        Ok(Wish::of(text, author))
    }

    fn of(text: impl Fn(&str) -> Option<String>, author: &str) -> Wish {
        let must = |name: &str| text(name).unwrap_or_default();
        let note = text("note").map(|note| note.chars().take(500).collect());
        let author = author.chars().take(80).collect();
        Wish {
            action: must("action"),
            event: must("event"),
            correction: must("correction"),
            kind: must("kind"),
            date: must("date"),
            place: text("place"),
            country: text("country"),
            note,
            author,
        }
    }
}

/// What an assistant may wish, as JSON Schema.
pub(crate) fn schema() -> serde_json::Map<String, serde_json::Value> {
    let kinds: Vec<&str> = ROOTS.iter().map(|root| root.0).collect();
    let text = |about: &str| json!({"type": "string", "description": about});
    let schema = json!({
        "type": "object",
        "properties": {
            "action": {"type": "string", "enum": ACTIONS, "description": "accept: it is right; reject: no such event; recode: of another `kind`; retime: on another `date`; replace: at another `place`; undo: takes back a `correction`."},
            "event": text("Id of the event: v-…"),
            "correction": text("To undo: id of the correction, k-…"),
            "kind": {"type": "string", "enum": kinds, "description": "To recode: what it is."},
            "date": text("To retime: 2016-08-26, 2016-08 or 2016."),
            "place": text("To replace: name of the place."),
            "country": text("To replace: ISO 3166-1 alpha-3."),
            "note": text("Why: the report and its words."),
        },
        "required": ["action"],
        "additionalProperties": false,
    });
    schema.as_object().cloned().unwrap_or_default()
}

/// Keeps what somebody set right, and makes the records anew that it concerns.
pub(crate) fn make(desk: &Desk, wish: &Wish) -> Result<Done, Fail> {
    let run = runs::this_run("correct", &[], &OwnFiles::default());
    let made = run.started.clone().unwrap_or_default();
    let correction = if wish.action == "undo" {
        let known = desk.shelf.read(|store| mend::all(store))?;
        let found = known.into_iter().find(|c| c.id == wish.correction && c.undone.is_none());
        let found = found.ok_or_else(|| Fail::Missing(format!("correction `{}` in force", wish.correction)))?;
        Correction { undone: Some((made, wish.author.clone())), ..found }
    } else {
        Correction::new(rule(desk, wish)?, &made, &wish.author, wish.note.clone())
    };
    let models = desk.models();
    let outcomes = desk.shelf.write(|store| mend::correct(models, store, &run, std::slice::from_ref(&correction)))?;
    let conflict = outcomes.into_iter().find(|o| o.correction == correction.id && o.state == State::Conflict);
    Ok(Done { undone: correction.undone.is_some(), id: correction.id, note: conflict.map(|c| c.note) })
}

fn rule(desk: &Desk, wish: &Wish) -> Result<Rule, Fail> {
    let bad = |why: &str| Fail::Bad(why.to_string());
    if !ACTIONS.contains(&wish.action.as_str()) {
        return Err(bad("What is to be done with it?"));
    }
    let found = desk.shelf.read(|store| mend::event(store, &wish.event))?;
    let missing = || Fail::Missing(format!("event `{}`", wish.event));
    let (tellings, was) = found.ok_or_else(missing)?;
    let event = tellings.into_iter().next().ok_or_else(missing)?;
    Ok(match wish.action.as_str() {
        "accept" => Rule::Accept { event, was },
        "reject" => Rule::Reject { event, was },
        "recode" => {
            let (to, cameo) = coded(&wish.kind).ok_or_else(|| bad("There is no such type of event."))?;
            Rule::Recode { event, was, to, cameo }
        }
        "retime" => {
            let to = wish.date.clone();
            let known = [to.clone(), format!("{to}-01"), format!("{to}-01-01")];
            if !known.iter().any(|day| day.len() == 10 && day.parse::<jiff::civil::Date>().is_ok()) {
                return Err(bad("That is no day, month or year: 2016-08-26, 2016-08 or 2016."));
            }
            Rule::Retime { event, was, to }
        }
        _ => {
            let place = wish.place.as_deref().ok_or_else(|| bad("Which place?"))?;
            let country = wish.country.as_deref().map(str::to_uppercase);
            Rule::Replace { event, was, to: mend::place_named(place, country.as_deref()) }
        }
    })
}
