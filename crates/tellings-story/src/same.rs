//! Do two tellings tell one event? Who, what, when, where and in which words, weighed; contradictions on what makes an event itself
//! forbid it.

use crate::correct::Value;
use crate::lexicon::sense;
use crate::people::{Cast, OFFICES, office};
use crate::terms::lemma;
use crate::words::{common, content, matter};
use tellings_doc::{DateRange, Doc, Event, EventType, FactValue, Kind, Mode, Participant, Place, Realis};

/// What one sentence of one document tells of one act: the act and, where told with it, its harm ("attacked a bus and killed six").
pub(crate) struct Told<'a> {
    pub(crate) document: usize,
    /// The act; then what belongs to it.
    pub(crate) events: Vec<&'a Event>,
    pub(crate) actors: Vec<usize>,
    pub(crate) recipients: Vec<usize>,
    /// Both, ordered.
    pub(crate) everybody: Vec<usize>,
    pub(crate) range: Option<DateRange>,
    /// What is known of the day where the year or the week is not: "Aug. 26", "Sunday" of an undated report.
    open: Option<OpenDay>,
    /// When its report was published.
    published: Option<DateRange>,
    pub(crate) place: Option<&'a Place>,
    pub(crate) lineage: usize,
    /// Content lemmas of its sentence, ordered.
    words: Vec<u64>,
    /// The same without names: what it says beside who and where.
    matter: Vec<u64>,
    /// Lemmas of the words that name the act.
    pub(crate) triggers: Vec<u64>,
    /// "a second strike", "the last meeting".
    another: bool,
    /// What a correction in the same report takes back of it.
    pub(crate) was: Vec<Value<'a>>,
}

impl<'a> Told<'a> {
    pub(crate) fn new(doc: &'a Doc, document: usize, event: &'a Event, cast: &Cast, lineage: usize) -> Told<'a> {
        let who = |list: &[Participant]| -> Vec<usize> {
            let mut who: Vec<usize> = Vec::new();
            for id in list.iter().filter_map(|p| p.entity) {
                // A group whose members are known stands for them.
                let group = &doc.link.entities[id.index()].members;
                let ids = if group.is_empty() { vec![id] } else { group.clone() };
                who.extend(ids.into_iter().filter_map(|id| cast.index(document, id)));
            }
            who.sort_unstable();
            who.dedup();
            who
        };
        let head = doc.parse.head_of(event.trigger);
        let trigger = head.map_or_else(|| event.trigger.of(doc.text()).to_lowercase(), |t| lemma(doc, t.index()));
        let mut told = Told {
            document,
            events: vec![event],
            actors: who(&event.actors),
            recipients: who(&event.recipients),
            everybody: Vec::new(),
            range: event.time.as_ref().and_then(|t| t.range),
            open: event.time.as_ref().filter(|t| t.range.is_none()).and_then(|t| OpenDay::read(&t.value)),
            published: doc.article.published.as_ref().map(|p| p.range),
            place: place(doc, event),
            lineage,
            words: content(doc, &[event.span]),
            matter: matter(doc, event.span),
            triggers: vec![sense(&trigger)],
            another: is_another(doc, event),
            was: Vec::new(),
        };
        told.settle();
        told
    }

    fn settle(&mut self) {
        self.everybody = [self.actors.clone(), self.recipients.clone()].concat();
        self.everybody.sort_unstable();
        self.everybody.dedup();
    }

    /// Takes in a further event of the same sentence that tells the same act.
    pub(crate) fn take(&mut self, other: Told<'a>) {
        self.events.extend(other.events);
        for (own, more) in [(&mut self.actors, other.actors), (&mut self.recipients, other.recipients)] {
            own.extend(more);
            own.sort_unstable();
            own.dedup();
        }
        self.triggers.extend(other.triggers);
        self.range = self.range.or(other.range);
        self.open = self.open.or(other.open).filter(|_| self.range.is_none());
        self.place = self.place.or(other.place);
        self.settle();
    }

    /// The act itself.
    pub(crate) fn event(&self) -> &'a Event {
        self.events[0]
    }

    /// Types that tell one act in different words are one family.
    pub(crate) fn family(&self) -> EventType {
        planned(self.event()).unwrap_or(self.event().kind)
    }

    /// How much it says: day, place, facts, who.
    pub(crate) fn said(&self) -> usize {
        usize::from(self.range.is_some_and(DateRange::is_day))
            + usize::from(self.place.is_some())
            + usize::from(self.events.iter().any(|e| !e.facts.is_empty()))
            + self.everybody.len().min(3)
    }

    /// Does it say that it is one more of its kind?
    pub(crate) fn is_another(&self) -> bool {
        self.another
    }

    /// The two who met, by name, the day, and whether by telephone; of a meeting that took place.
    pub(crate) fn two_who_met(&self, cast: &Cast) -> Option<(Vec<usize>, jiff::civil::Date, bool)> {
        let event = self.event();
        let done = event.kind == EventType::Consult && event.realis == Realis::Actual && planned(event).is_none();
        let named = |&e: &usize| cast.entities[e].kind == Kind::Per && !cast.entities[e].generic;
        let two = self.everybody.len() == 2 && self.everybody.iter().all(named);
        let day = self.range.filter(|r| r.is_day())?.first;
        (done && two && !self.another).then(|| (self.everybody.clone(), day, self.by_phone()))
    }

    pub(crate) fn duration(&self) -> Option<&str> {
        self.events.iter().flat_map(|e| &e.facts).find_map(|f| match &f.value {
            FactValue::Duration(value) if f.attribute == "duration" => Some(value.as_str()),
            _ => None,
        })
    }

    fn by_phone(&self) -> bool {
        self.event().modes.contains(&Mode::Phone)
    }

    /// Content lemmas of its sentence, ordered.
    pub(crate) fn words(&self) -> &[u64] {
        &self.words
    }

    /// Content lemmas of its sentence without names, ordered.
    pub(crate) fn matter(&self) -> &[u64] {
        &self.matter
    }

    /// May it have been on these days, as told before a correction?
    fn was_on(&self, range: DateRange) -> bool {
        self.was.iter().any(|v| matches!(v, Value::Day(r, _) if r.touches(range)))
    }

    fn was_at(&self, place: &Place) -> bool {
        self.was.iter().any(|v| matches!(v, Value::Place(p) if one_place(p, place)))
    }

    /// What is counted in it: the killed, the arrested …
    pub(crate) fn numbers(&self) -> impl Iterator<Item = (&'static str, f64)> {
        self.events.iter().flat_map(|e| &e.facts).filter_map(|f| match f.value {
            FactValue::Count { best, .. } => Some((f.attribute, best)),
            _ => None,
        })
    }
}

/// A day of which part is known.
#[derive(Clone, Copy, PartialEq)]
enum OpenDay {
    /// Month and day of any year.
    OfYear(i8, i8),
    /// ISO day of any week, Monday is 1.
    OfWeek(i8),
}

impl OpenDay {
    /// Reads the TIMEX3 values `XXXX-08-26` and `XXXX-WXX-7`, with or without a time of day.
    fn read(value: &str) -> Option<OpenDay> {
        let rest = value.split('T').next()?.strip_prefix("XXXX-")?;
        let (first, second) = rest.split_once('-')?;
        let second = second.parse().ok()?;
        match first {
            "WXX" => Some(OpenDay::OfWeek(second)),
            _ => Some(OpenDay::OfYear(first.parse().ok()?, second)),
        }
    }

    /// Can it be one of these days?
    fn fits(self, range: DateRange) -> bool {
        let days = range.first.series(jiff::Span::new().days(1)).take(366).take_while(|d| *d <= range.last);
        days.into_iter().any(|d| match self {
            OpenDay::OfYear(month, day) => (d.month(), d.day()) == (month, day),
            OpenDay::OfWeek(day) => d.weekday().to_monday_one_offset() == day,
        })
    }
}

/// Do days of which only part is known allow one day? `None` where they say nothing of one another.
fn open_days(a: &Told<'_>, b: &Told<'_>) -> Option<bool> {
    match (a.open, b.open) {
        (Some(x), Some(y)) => (std::mem::discriminant(&x) == std::mem::discriminant(&y)).then_some(x == y),
        (Some(x), None) => Some(x.fits(b.range?)),
        (None, Some(y)) => Some(y.fits(a.range?)),
        (None, None) => None,
    }
}

/// Can what `plan` announces be what `held` tells as done? Only where that says on which day, or was published then or later.
fn may_be_held(plan: &Told<'_>, held: &Told<'_>) -> bool {
    let done = matches!(held.event().realis, Realis::Actual | Realis::Historical) && planned(held.event()).is_none();
    let (Some(day), true) = (plan.range.filter(|_| planned(plan.event()).is_some()), done) else { return true };
    match held.published {
        Some(published) => published.last >= day.first,
        None => held.range.is_some() || held.open.is_some(),
    }
}

/// What a plan is a plan of: a coming meeting is told as an agreement to meet (CAMEO 036), and is one matter with the meeting.
pub(crate) fn planned(event: &Event) -> Option<EventType> {
    match (event.kind, &*event.cameo) {
        (EventType::Agree, "036") => Some(EventType::Consult),
        (EventType::Agree, "031") => Some(EventType::Cooperate),
        (EventType::Agree, "033") => Some(EventType::Aid),
        (EventType::Agree, _) if event.realis == Realis::Future => Some(EventType::Consult),
        (kind, _) if event.realis == Realis::Future => Some(kind),
        _ => None,
    }
}

/// Where an event of a document takes place.
pub(crate) fn place<'a>(doc: &'a Doc, event: &Event) -> Option<&'a Place> {
    event.place.and_then(|p| doc.link.places.get(p.place.index()))
}

/// Does the second event of a sentence tell the harm of the first, or the first that of the second?
pub(crate) fn one_act(doc: &Doc, cast: &Cast, a: &Told<'_>, b: &Told<'_>) -> bool {
    const HARM: [&str; 7] = ["kill", "injure", "wound", "hurt", "die", "harm", "maim"];
    let (x, y) = (a.event(), b.event());
    let harm = |e: &Event| doc.parse.head_of(e.trigger).is_some_and(|t| HARM.contains(&doc.parse.lemma(t)));
    let who = |e: &Told<'_>, f: &Told<'_>| {
        e.actors.is_empty() || f.actors.is_empty() || e.actors.iter().any(|i| f.everybody.iter().any(|j| same_side(cast, *i, *j)))
    };
    x.span == y.span
        && x.kind == EventType::Assault
        && y.kind == EventType::Assault
        && x.realis == y.realis
        && (harm(x) || harm(y))
        && who(a, b)
        && !(a.another || b.another)
        && a.range.is_none_or(|r| b.range.is_none_or(|s| r.touches(s)))
        && a.place.is_none_or(|p| b.place.is_none_or(|q| one_place(p, q)))
}

/// Share of the shorter sentence's content words that two tellings of one deed have in common, at least.
const SAME_MATTER: f32 = 0.4;
/// Likeness of two tellings that contradict one another in nothing, and have too little in common: others of the event may join them.
const UNLIKE: f32 = 0.3;
/// The same, where both give the same day.
const SAME_MATTER_ONE_DAY: f32 = 0.2;
/// The same, where one word names the act and somebody is the same.
const SAME_MATTER_ONE_WORD: f32 = 0.3;
/// The same within one report, names left out.
const SAME_MATTER_UNNAMED: f32 = 0.25;
/// The same, where the tellings differ on who did it or in which town.
const SAME_WORDS: f32 = 0.5;

/// How well two tellings fit one event; `None` where they contradict one another on what makes an event itself.
pub(crate) fn likeness(cast: &Cast, a: &Told<'_>, b: &Told<'_>) -> Option<f32> {
    let (happened, other) = (a.event().realis, b.event().realis);
    // What may have happened, or did not, says nothing for what did.
    if [Realis::Negated, Realis::Hypothetical].iter().any(|&r| (happened == r) != (other == r)) {
        return None;
    }
    likeness_of_acts(cast, a, b)
}

/// [`likeness`], whatever is said of whether it happened.
pub(crate) fn likeness_of_acts(cast: &Cast, a: &Told<'_>, b: &Told<'_>) -> Option<f32> {
    let one_document = a.document == b.document;
    if a.family() != b.family() || one_document && a.another != b.another {
        return None;
    }
    let opened = open_days(a, b);
    if opened == Some(false) || !may_be_held(a, b) || !may_be_held(b, a) {
        return None;
    }
    let mutual = a.event().kind.is_mutual();
    let one_trigger = a.triggers.iter().any(|t| b.triggers.contains(t));
    let shared = |x: &[u64], y: &[u64]| common(x, y) as f32 / x.len().min(y.len()).max(1) as f32;
    let alike = shared(&a.words, &b.words);
    // The same number of dead, of prisoners, of missiles.
    let one_number = !one_document && a.numbers().any(|x| x.1 > 1.0 && b.numbers().any(|y| x == y));
    // "Rebels killed soldiers" and "soldiers killed rebels".
    let acts = |x: &[usize], y: &[usize]| x.iter().any(|&e| y.iter().any(|&f| same_side(cast, e, f)));
    if !mutual && acts(&a.actors, &b.recipients) && acts(&a.recipients, &b.actors) && !acts(&a.actors, &b.actors) {
        return None;
    }
    let mut score = 0.0;
    // Who: by the same side, or anybody where sides mean nothing.
    let both = [(&a.everybody, &b.everybody)];
    let each = [(&a.actors, &b.actors), (&a.recipients, &b.recipients)];
    let (mut matched, mut differ) = (0, false);
    for (side, (x, y)) in if mutual { both.iter().enumerate() } else { each.iter().enumerate() } {
        if x.is_empty() || y.is_empty() {
            continue;
        }
        let spot = mutual && !one_document && same_spot(a, b);
        let one = |e: usize, f: usize| same_side(cast, e, f) || spot && stands_for(cast, e, f);
        let hits = x.iter().filter(|&&e| y.iter().any(|&f| one(e, f))).count();
        if hits == 0 {
            let unnamed = |list: &[usize]| list.iter().all(|&e| cast.entities[e].generic);
            // "they met" there on that day: the meeting of those who are named elsewhere.
            if mutual {
                if !(same_spot(a, b) && (unnamed(x) || unnamed(y))) {
                    return None;
                }
                (score, matched) = (score + 0.5, matched + 1);
                continue;
            }
            // "gunmen" of one report and "the rebels" of another may be the same; two names are a dispute on who did it, where
            // all else fits.
            let open = x.iter().any(|&e| y.iter().any(|&f| may_be(cast, e, f)));
            // The same number of dead there on that day: whatever they are called.
            let crossed = acts(&a.actors, &b.recipients) || acts(&a.recipients, &b.actors);
            let counted = one_number && same_spot(a, b) && !crossed && a.place.is_some_and(|p| !is_country(p));
            if one_document || !open && !counted && (side == 1 || !one_day(a, b)) {
                return None;
            }
            differ |= !(open || counted && side == 1);
            continue;
        }
        let full = hits == x.len().min(y.len());
        if mutual && !full {
            return None;
        }
        matched += 1;
        let pair = mutual && x.len().min(y.len()) > 1;
        score += if full && (x.len() == y.len() || pair) { 1.0 } else { 0.5 };
    }
    if matched == 0 {
        // Nobody is named on one side: the same meeting or deed there on that day.
        let there = same_spot(a, b) && (mutual || !one_document);
        let told_alike = one_number && one_day(a, b) && alike >= SAME_WORDS;
        if !there && !one_trigger && !told_alike {
            return None;
        }
        score += if there { 0.5 } else { 0.0 };
    }
    match (a.range, b.range) {
        (Some(x), Some(y)) if x.touches(y) => score += if x.is_day() && y.is_day() { 1.0 } else { 0.4 },
        // Reporters date one event a day apart (zones, "last night"); more is another event.
        (Some(x), Some(y)) if distance(x, y) <= 1 && !one_document => score += 0.1,
        (Some(x), Some(y)) if a.was_on(y) || b.was_on(x) => score += 0.4,
        // What is done once, told in the same words on two days of one week, is one act whose day is disputed.
        (Some(x), Some(y)) if !one_document && is_once(a) && distance(x, y) < 7 && told_alike(a, b) => (),
        (Some(_), Some(_)) => return None,
        _ => score += if opened == Some(true) { 0.4 } else { 0.1 },
    }
    // One side often accuses, asks or attacks the other more than once: besides who it must be the same matter, told in
    // like words or on the same day.
    let again = one_document && one_day(a, b) && one_trigger;
    // What is told with the same number, by and to the same people, needs no like words; of one word for the act fewer do.
    let deed = is_deed(a.event().kind);
    let counted = matched == 2 && one_number;
    let least = match () {
        () if one_day(a, b) => SAME_MATTER_ONE_DAY,
        () if one_trigger && deed && (matched > 0 || one_document) => SAME_MATTER_ONE_WORD,
        () => SAME_MATTER,
    };
    if !mutual && !again && !counted && alike < least {
        return Some(UNLIKE);
    }
    // Of one report the names say nothing: it speaks of the same sides throughout.
    let unnamed = if one_trigger && deed { 0.15 } else { SAME_MATTER_UNNAMED };
    if one_document && !mutual && !again && shared(&a.matter, &b.matter) < unnamed {
        return Some(UNLIKE);
    }
    if differ && !(deed && alike >= SAME_WORDS && one_trigger) {
        return None;
    }
    match (a.place, b.place) {
        (Some(x), Some(y)) if x.name == y.name => score += 0.6,
        (Some(x), Some(y)) if one_place(x, y) || a.was_at(y) || b.was_at(x) => score += 0.1,
        // The same people met once that day: another place is a dispute, where all else fits. Other deeds are done in many
        // places of one country, and told of in like words only where they are the same.
        (Some(_), Some(_)) if mutual && !one_document && one_day(a, b) && score >= 2.0 => (),
        (Some(x), Some(y)) if mutual && x.country.is_some() && x.country == y.country => score += 0.1,
        (Some(x), Some(y)) if !one_document && one_day(a, b) && x.country == y.country && alike >= SAME_WORDS => (),
        (Some(_), Some(_)) => return None,
        _ => (),
    }
    score += alike;
    if one_document {
        if a.event().span == b.event().span {
            // One sentence rarely tells one event twice.
            score -= 0.5;
        }
    } else {
        score += if one_trigger { 0.2 } else { 0.0 };
        score += if one_number { 0.4 } else { 0.0 };
    }
    match (a.duration(), b.duration()) {
        (Some(x), Some(y)) if x == y => score += 0.6,
        // Inside one document two lengths are two meetings; across documents they may be a dispute if all else fits.
        (Some(_), Some(_)) if one_document || score < 2.0 => return None,
        _ => (),
    }
    if mutual
        && a.by_phone() != b.by_phone()
        && (a.duration().is_some() || b.duration().is_some() || a.place.is_some() || b.place.is_some())
    {
        return None;
    }
    Some(score)
}

/// Is it something that is done once: signed, ratified, put in force, resigned, expelled?
fn is_once(told: &Told<'_>) -> bool {
    use EventType::*;
    let visit = told.event().modes.contains(&Mode::Visit);
    matches!(told.event().kind, Agree | Support | Cooperate | Concede | Retreat | Sanction) || visit
}

/// Do two tellings say the same of the same people or place in the same words, names, days and the word for the act apart?
fn told_alike(a: &Told<'_>, b: &Told<'_>) -> bool {
    let own = |t: &Told<'_>| -> Vec<u64> { t.matter.iter().copied().filter(|w| !t.triggers.contains(w)).collect() };
    let (x, y) = (own(a), own(b));
    let least = x.len().min(y.len());
    let there = matches!((a.place, b.place), (Some(x), Some(y)) if x.name == y.name);
    let who = !a.everybody.is_empty() && a.everybody.iter().all(|e| b.everybody.contains(e));
    let act = a.event().rule == b.event().rule || a.triggers.iter().any(|t| b.triggers.contains(t));
    // One who resigns is named by an office alone.
    let office = a.event().kind == EventType::Retreat && least > 1;
    act && least > 0 && 3 * common(&x, &y) >= 2 * least && (there || who || office)
}

/// Do both say the same day?
fn one_day(a: &Told<'_>, b: &Told<'_>) -> bool {
    matches!((a.range, b.range), (Some(x), Some(y)) if x.is_day() && x == y)
}

/// The same place by name on the same day.
fn same_spot(a: &Told<'_>, b: &Told<'_>) -> bool {
    one_day(a, b) && matches!((a.place, b.place), (Some(x), Some(y)) if x.name == y.name)
}

/// Does its telling say that it is one more of its kind ("the last meeting", "a second strike")?
fn is_another(doc: &Doc, event: &Event) -> bool {
    const MORE: [&str; 9] = ["last", "previous", "earlier", "next", "second", "third", "another", "latest", "further"];
    let parse = &doc.parse;
    parse.head_of(event.trigger).is_some_and(|t| parse.dependents(t).iter().any(|&d| MORE.contains(&parse.lemma(d))))
}

/// The same entity, or one that acts for the other (a state and its government, a force and its planes).
pub(crate) fn same_side(cast: &Cast, a: usize, b: usize) -> bool {
    let (x, y) = (&cast.entities[a], &cast.entities[b]);
    let collective = |e: &crate::RecordEntity| e.generic || matches!(e.kind, Kind::Gpe | Kind::Norp | Kind::Org);
    let nominal = x.generic || y.generic;
    let alike = nominal
        && head(&x.name) == head(&y.name)
        && (x.country.is_none() || y.country.is_none() || x.country == y.country)
        && !of_others(&x.name, &y.name);
    a == b
        || alike
        || holds_office(x, y)
        || holds_office(y, x)
        || (x.country.is_some() && x.country == y.country && collective(x) && collective(y) && !opposed(x, y))
        || collective(x) && collective(y) && (belongs(&x.name, &y.name) || belongs(&y.name, &x.name))
}

/// "the head of Hamas" and "the head of the African Union": what each is of has another name.
fn of_others(x: &str, y: &str) -> bool {
    let of = |name: &str| name.split_once(" of ").map(|n| n.1.trim_start_matches("the ").to_string());
    match (of(x), of(y)) {
        (Some(x), Some(y)) => {
            let (a, b) = (proper(&x), proper(&y));
            let name = |n: &str| n.starts_with(char::is_uppercase);
            (name(&x) && name(&y) || !a.is_empty() && !b.is_empty())
                && !x.split(' ').any(|w| name(w) && y.split(' ').any(|v| v == w))
        }
        _ => false,
    }
}

/// A state's forces and who fights them, or two groups of different names: of one country and not of one side.
fn opposed(x: &crate::RecordEntity, y: &crate::RecordEntity) -> bool {
    let band = |e: &crate::RecordEntity| e.kind == Kind::Org && !e.generic && force(e) == Some(false);
    matches!([force(x), force(y)], [Some(a), Some(b)] if a != b) || band(x) && band(y) && x.name != y.name
}

/// "his Iranian counterpart", "the country's president": somebody called by an office, and a person of that state who is not known to
/// hold another.
fn holds_office(x: &crate::RecordEntity, y: &crate::RecordEntity) -> bool {
    let called = |e: &crate::RecordEntity| e.generic || office(&e.name).is_some();
    let person = y.kind == Kind::Per && !called(y) && x.country.is_some() && x.country == y.country;
    let noun = head(&x.name);
    if !person || !called(x) || !OFFICES.contains(&noun.as_str()) {
        return false;
    }
    let known = |role: &str| {
        let role = role.to_lowercase();
        let words = x.name.split([' ', '-']).filter(|w| SPECIAL.contains(w));
        role.contains(&noun) && words.into_iter().all(|w| role.contains(w))
    };
    const OPEN: [&str; 4] = ["counterpart", "leader", "chief", "envoy"];
    const SPECIAL: [&str; 9] = ["foreign", "finance", "defence", "defense", "interior", "prime", "deputy", "vice", "justice"];
    y.roles.is_empty() || OPEN.contains(&noun.as_str()) || y.roles.iter().any(|r| known(&r.0))
}

/// Somebody of a state, and that state or people of it: "Zalmay Khalilzad, the American envoy" and "the US".
fn stands_for(cast: &Cast, a: usize, b: usize) -> bool {
    let (x, y) = (&cast.entities[a], &cast.entities[b]);
    let person = |e: &crate::RecordEntity| e.kind == Kind::Per && !e.generic;
    let state = |e: &crate::RecordEntity| e.generic || matches!(e.kind, Kind::Gpe | Kind::Norp);
    let pair = person(x) && state(y) || person(y) && state(x);
    pair && x.country.is_some() && x.country == y.country && !opposed(x, y)
}

/// Can two that are not known to be the same be one: somebody unnamed and somebody else? Not "Kurdish fighters" and "Syrian troops".
pub(crate) fn may_be(cast: &Cast, a: usize, b: usize) -> bool {
    let (x, y) = (&cast.entities[a], &cast.entities[b]);
    let states = x.country.is_none() || y.country.is_none() || x.country == y.country;
    let (of_x, of_y) = (proper(&x.name), proper(&y.name));
    let named = of_x.is_empty() || of_y.is_empty() || of_x.iter().any(|w| of_y.contains(w));
    let sides = [force(x), force(y)];
    (x.generic || y.generic) && states && named && !matches!(sides, [Some(a), Some(b)] if a != b)
}

/// Is it a state's force (`true`) or one against a state? `None`: neither, or unknown ("gunmen").
pub(crate) fn force(entity: &crate::RecordEntity) -> Option<bool> {
    let has = |list: &[&str]| entity.sectors.iter().any(|s| list.contains(&s.as_str()));
    match (has(&["MIL", "GOV", "COP", "SPY"]), has(&["REB", "IMG"])) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

/// The words of a name that begin with a capital, without one that only opens a sentence.
pub(crate) fn proper(name: &str) -> Vec<&str> {
    let words = name.split_whitespace().enumerate();
    let capital = |w: &str| w.starts_with(char::is_uppercase);
    let several = name.split_whitespace().filter(|w| capital(w)).count() > 1;
    let opens = |w: &str| matches!(w, "The" | "A" | "An" | "Some" | "About" | "Several" | "Two" | "Three" | "Four" | "Five");
    let adjective = |w: &str| ["ish", "ian", "an", "ese", "i", "ic", "ch", "led", "backed"].iter().any(|e| w.ends_with(e));
    words.filter(|(i, w)| capital(w) && !opens(w) && (*i > 0 || several || adjective(w))).map(|w| w.1).collect()
}

/// "the coalition's jets", "coalition jets": is the longer name made of the shorter one and what belongs to it?
fn belongs(long: &str, short: &str) -> bool {
    let bare = |name: &str| name.to_lowercase().trim_start_matches("the ").to_string();
    let (long, short) = (bare(long), bare(short));
    short.len() > 3 && long.strip_prefix(&short).is_some_and(|rest| rest.starts_with([' ', '’', '\'']))
}

/// What a group is called without its number and what belongs to it: `soldier` of "at least 12 Malian soldiers in Mopti".
pub(crate) fn head(name: &str) -> String {
    const AFTER: [&str; 8] = ["of", "in", "from", "near", "at", "with", "who", "on"];
    let own = name.split_whitespace().take_while(|w| !AFTER.contains(w));
    own.last().unwrap_or(name).trim_end_matches('s').to_lowercase()
}

pub(crate) fn distance(a: DateRange, b: DateRange) -> i32 {
    let (early, late) = if a.first <= b.first { (a, b) } else { (b, a) };
    early.last.until(late.first).map_or(i32::MAX, |gap| gap.get_days())
}

pub(crate) fn is_country(place: &Place) -> bool {
    place.feature.starts_with("PCL")
}

/// Do two places allow one spot? The same place, a country or division and what lies in it, or towns a short way apart.
pub(crate) fn one_place(a: &Place, b: &Place) -> bool {
    const NEAR_KM: f64 = 40.0;
    const DIVISION_KM: f64 = 300.0;
    let same_country = a.country.is_some() && a.country == b.country;
    let division = |p: &Place| p.feature.starts_with("ADM") || p.feature.starts_with("RGN");
    let apart = || kilometres(a, b).unwrap_or(f64::INFINITY);
    // A village that is not on the map may lie in any country.
    let unknown = |p: &Place| p.country.is_none() && p.lat.is_none();
    let large = |p: &Place| is_country(p) || division(p);
    a.name == b.name
        || unknown(a) && large(b)
        || unknown(b) && large(a)
        || same_country && (is_country(a) || is_country(b))
        || (division(a) || division(b)) && apart() < DIVISION_KM
        || apart() < NEAR_KM
}

/// Great-circle distance (haversine, mean radius 6371 km).
fn kilometres(a: &Place, b: &Place) -> Option<f64> {
    let (lat_a, lat_b) = (a.lat?.to_radians(), b.lat?.to_radians());
    let (dlat, dlon) = (lat_b - lat_a, b.lon?.to_radians() - a.lon?.to_radians());
    let h = (dlat / 2.0).sin().powi(2) + lat_a.cos() * lat_b.cos() * (dlon / 2.0).sin().powi(2);
    Some(2.0 * 6371.0 * h.sqrt().asin())
}

/// Acts that do something to somebody.
pub(crate) fn is_deed(kind: EventType) -> bool {
    use EventType::*;
    matches!(kind, Assault | Coerce | Protest | Mobilize | Sanction | Aid | Retreat)
}
