//! Tellings that are no coded events: a sentence in which nothing was coded, or another act than the one that is told elsewhere ("two
//! guards were hurt in the blast", "no deal was reached in the talks"). Such a sentence joins an event of independent reports where it
//! gives the same day and names the act, and who, where, in which words and how many leave no doubt. It makes no event of its own.

use crate::lexicon::{self, Acts};
use crate::lineage::Descent;
use crate::people::Cast;
use crate::same::{self, Told, is_country, is_deed, one_place, same_side};
use crate::terms::{is_content, lemma};
use crate::words::common;
use rustc_hash::{FxHashMap, FxHashSet};
use tellings_doc::{
    DateRange, Deprel, Doc, Event, EventTime, EventType, Fact, FactValue, Id, Kind, Participant, Place, Precision, Quad,
    Quantity, Realis, Sentence, Span, Time, TimeBasis, TimeKind, Token, Upos,
};
use xxhash_rust::xxh3::xxh3_64;

/// One sentence as it is compared.
pub(crate) struct Stated<'a> {
    pub(crate) document: usize,
    pub(crate) lineage: usize,
    pub(crate) span: Span,
    /// The word that names the act.
    trigger: Span,
    acts: Acts,
    /// Everybody who is named, positions in the cast.
    mentioned: Vec<usize>,
    time: Option<(Id<Time>, DateRange)>,
    pub(crate) place: Option<(Id<Place>, &'a Place)>,
    /// What it says besides names, days and who reports it: meanings, ordered.
    words: Vec<u64>,
    facts: Vec<Fact>,
    by_phone: bool,
    /// Those of them that can be the sides of a meeting: people, states and bodies by name, each state once.
    sides: Vec<usize>,
    /// All who may take part: nobody who only names where it was.
    present: Vec<usize>,
    /// The sides as participants.
    people: Vec<Participant>,
    /// Does it speak of weapons or of who bears them?
    armed: bool,
}

/// Words longer than which a sentence is not looked at.
const LONGEST: usize = 80;

impl<'a> Stated<'a> {
    /// A sentence of a document; `None` where it names no act that is said to have happened.
    pub(crate) fn new(doc: &'a Doc, document: usize, sentence: &Sentence, cast: &Cast, lineage: usize) -> Option<Stated<'a>> {
        if sentence.tokens.len() > LONGEST {
            return None;
        }
        let mut named = sentence.tokens.clone().map(|t| (t, lexicon::acts(&lemma(doc, t)))).filter(|n| n.1 != 0).peekable();
        named.peek()?;
        let (mut acts, mut trigger) = (0, None);
        for (t, of) in named.filter(|&(t, _)| doc.parse.tokens[t].upos != Upos::Propn && happened(doc, t)) {
            acts |= of;
            trigger = trigger.or(Some(doc.parse.tokens[t].span));
        }
        let trigger = trigger?;
        let times = times(doc, sentence.span);
        let mentions = doc.link.mentions.partition_point(|m| m.span.start() < sentence.span.start());
        let mentions = doc.link.mentions[mentions..].iter().take_while(|m| m.span.start() < sentence.span.end());
        let mut mentioned: Vec<usize> = Vec::new();
        let mut people: Vec<(usize, Participant)> = Vec::new();
        for (entity, span) in mentions.filter_map(|m| Some((m.entity?, m.span))) {
            let inside = |h| {
                doc.parse.by_relation(h, Deprel::Case).any(|c| matches!(doc.parse.lemma(c), "in" | "at" | "near" | "outside"))
            };
            if !doc.parse.head_of(span).is_some_and(inside) {
                people.extend(cast.index(document, entity).map(|at| (at, Participant { entity: Some(entity), span })));
            }
            let group = &doc.link.entities[entity.index()].members;
            let ids = if group.is_empty() { std::slice::from_ref(&entity) } else { group };
            mentioned.extend(ids.iter().filter_map(|&id| cast.index(document, id)));
        }
        mentioned.sort_unstable();
        mentioned.dedup();
        let time = times.clone().find_map(|(id, t)| Some((id, t.range?))).filter(|t| t.1.days() <= 3);
        let from = doc.link.places.partition_point(|p| p.span.start() < sentence.span.start());
        let places = doc.link.places.iter().enumerate().skip(from).take_while(|p| p.1.span.start() < sentence.span.end());
        let place = places
            .filter(|(_, p)| !p.associative && !p.dateline && !is_country(p) && somewhere(doc, p))
            .map(|(i, p)| (Id::new(i), p));
        let place = place.min_by_key(|p| (p.1.feature.starts_with("ADM"), p.0.index()));
        const REPORTING: [&str; 10] =
            ["say", "tell", "official", "spokesman", "spokeswoman", "report", "announce", "according", "add", "people"];
        let own = |&t: &usize| {
            let token = &doc.parse.tokens[t];
            is_content(token)
                && !matches!(token.upos, Upos::Propn | Upos::Num)
                && !times.clone().any(|x| x.1.span.touches(token.span))
        };
        let lemmas = sentence.tokens.clone().filter(own).map(|t| lemma(doc, t)).filter(|l| !REPORTING.contains(&l.as_str()));
        let mut words: Vec<u64> = lemmas.map(|l| lexicon::sense(&l)).collect();
        words.sort_unstable();
        words.dedup();
        let named: Vec<usize> = people.iter().map(|p| p.0).collect();
        let sides = sides(cast, &named);
        let mut present = named;
        present.sort_unstable();
        present.dedup();
        let phone = |t| matches!(&*lemma(doc, t), "phone" | "telephone" | "call" | "video" | "videoconference");
        Some(Stated {
            document,
            lineage,
            span: sentence.span,
            trigger,
            acts,
            time,
            place,
            words,
            facts: facts(doc, sentence),
            by_phone: sentence.tokens.clone().any(phone),
            people: (sides.iter()).filter_map(|s| people.iter().find(|p| p.0 == *s)).map(|p| p.1.clone()).collect(),
            sides,
            present,
            armed: sentence.tokens.clone().any(|t| ARMED.contains(&&*lemma(doc, t)))
                || mentioned
                    .iter()
                    .any(|&e| cast.entities[e].sectors.iter().any(|s| matches!(s.as_str(), "MIL" | "REB" | "IMG"))),
            mentioned,
        })
    }

    fn numbers(&self) -> impl Iterator<Item = (&'static str, f64)> {
        self.facts.iter().filter_map(|f| match f.value {
            FactValue::Count { best, .. } => Some((f.attribute, best)),
            _ => None,
        })
    }

    /// The sentence as a telling of an event of that type.
    pub(crate) fn event(&self, kind: EventType) -> Event {
        // A length or an outcome is that of a meeting; the dead are those of a deed.
        let fits = |f: &&Fact| match f.attribute {
            "duration" => kind.is_mutual() || matches!(kind, EventType::Coerce | EventType::Retreat),
            "outcome" => kind.is_mutual() || kind == EventType::Support,
            "count" => !matches!(kind, EventType::Assault | EventType::Coerce) && is_deed(kind),
            _ => is_deed(kind),
        };
        Event {
            trigger: self.trigger,
            span: self.span,
            kind,
            modes: Vec::new(),
            contexts: Vec::new(),
            cameo: "".into(),
            actors: if kind.is_mutual() { self.people.clone() } else { Vec::new() },
            recipients: Vec::new(),
            time: self.time.map(|(time, range)| EventTime {
                value: if range.is_day() { range.first.to_string() } else { format!("{}/{}", range.first, range.last) },
                range: Some(range),
                precision: if range.is_day() { Precision::Day } else { Precision::Week },
                basis: TimeBasis::Expression,
                time: Some(time),
            }),
            place: self.place.map(|(place, _)| tellings_doc::EventPlace { place, basis: tellings_doc::PlaceBasis::Sentence }),
            facts: self.facts.iter().filter(fits).cloned().collect(),
            realis: Realis::Actual,
            attributed_to: None,
            rule: "story.statement".into(),
            score: 0.5,
        }
    }

    /// What another sentence that is no coded event may tell of it: its kind where its words leave no doubt.
    fn kind(&self) -> Option<EventType> {
        let is = |kind: EventType| self.acts & lexicon::acts_of(&self.event(kind)) != 0;
        let harmed = self.facts.iter().any(|f| matches!(f.attribute, "killed" | "injured"));
        match () {
            () if self.armed && (harmed || is(EventType::Assault)) => Some(EventType::Assault),
            () if is(EventType::Consult) && self.mentioned.len() > 1 => Some(EventType::Consult),
            () if is(EventType::Protest) => Some(EventType::Protest),
            () if self.armed && is(EventType::Mobilize) => Some(EventType::Mobilize),
            () => None,
        }
    }

    /// The sentence as something that another one may tell, too.
    fn other(&'a self) -> Option<Other<'a>> {
        let kind = self.kind()?;
        let everybody = if kind.is_mutual() { &self.sides } else { &self.mentioned };
        Some(Other {
            document: self.document,
            lineage: self.lineage,
            acts: lexicon::acts_of(&self.event(kind)) & self.acts,
            mutual: kind.is_mutual(),
            day: self.time?.1,
            everybody,
            place: self.place.map(|p| p.1),
            words: &self.words,
            numbers: self.numbers().collect(),
            by_phone: self.by_phone,
        })
    }

    /// A minister and the state, the state and its minister: in a meeting they are one side, unless another of that state is named.
    fn speaks_for(&self, cast: &Cast, other: usize, own: usize) -> bool {
        let (x, y) = (&cast.entities[other], &cast.entities[own]);
        let state = |e: &crate::RecordEntity| matches!(e.kind, Kind::Gpe | Kind::Norp);
        let office = |e: &crate::RecordEntity| e.kind == Kind::Per && e.sectors.iter().any(|s| s == "GOV");
        let named = |e: &&usize| {
            cast.entities[**e].kind == Kind::Per && !cast.entities[**e].generic && cast.entities[**e].country == x.country
        };
        x.country.is_some()
            && x.country == y.country
            && (state(x) && office(y) || state(y) && office(x) && !self.present.iter().any(|e| named(&e)))
    }

    /// How well the sentence tells what another report tells; `None` where it cannot.
    fn likeness(&self, cast: &Cast, other: &Other<'_>) -> Option<f32> {
        if self.lineage == other.lineage || self.document == other.document || self.acts & other.acts == 0 {
            return None;
        }
        if !self.time.is_some_and(|t| t.1.touches(other.day)) {
            return None;
        }
        let list = if other.mutual { &self.present } else { &self.mentioned };
        let same = |&&e: &&usize| list.iter().any(|&m| same_side(cast, e, m) || other.mutual && self.speaks_for(cast, e, m));
        let hits = other.everybody.iter().filter(same).count();
        let all = !other.everybody.is_empty() && hits == other.everybody.len();
        let least = other.words.len().min(self.words.len());
        let words = if least < 2 { 0.0 } else { common(other.words, &self.words) as f32 / least as f32 };
        let there = match (self.place, other.place) {
            (Some((_, x)), Some(y)) if x.name == y.name => 1.0,
            (Some((_, x)), Some(y)) if one_place(x, y) => 0.5,
            (Some(_), Some(_)) if words < 0.7 && !(other.mutual && all) => return None,
            _ => 0.0,
        };
        let number = self.numbers().any(|n| n.1 > 1.0 && other.numbers.contains(&n));
        let named = |e: usize| !cast.entities[e].generic && cast.entities[e].kind == Kind::Per;
        let who = match () {
            () if other.mutual && !all => return None,
            () if other.mutual && other.everybody.len() < 2 && there < 1.0 => return None,
            // The same people met once that day.
            () if all && other.mutual && other.everybody.len() > 1 => 1.6,
            () if all => 0.8,
            () if hits > 0 => 0.5,
            // Somebody is named there whom the sentence does not name.
            () if other.everybody.iter().any(|&e| named(e)) => return None,
            () => 0.0,
        };
        if other.mutual && other.by_phone != self.by_phone && (self.place.is_some() || other.place.is_some()) {
            return None;
        }
        let signs = usize::from(who > 0.0)
            + usize::from(who > 1.0)
            + usize::from(there > 0.0)
            + usize::from(words >= 0.4)
            + usize::from(number);
        Some(who + there + 1.5 * words + if number { 0.6 } else { 0.0 }).filter(|_| signs > 1)
    }
}

/// What a sentence is compared with: an event's telling with its sentence, or another sentence.
struct Other<'a> {
    document: usize,
    lineage: usize,
    acts: Acts,
    mutual: bool,
    day: DateRange,
    everybody: &'a [usize],
    place: Option<&'a Place>,
    words: &'a [u64],
    numbers: Vec<(&'static str, f64)>,
    by_phone: bool,
}

impl<'a> Other<'a> {
    fn told(told: &'a Told<'_>, of: Option<&'a Stated<'_>>) -> Option<Other<'a>> {
        let event = told.event();
        if !matches!(event.realis, Realis::Actual | Realis::Historical) {
            return None;
        }
        // What a meeting agreed is told in one sentence with it.
        let agreed = lexicon::acts("agreement");
        let acts = lexicon::acts_of(event);
        Some(Other {
            document: told.document,
            lineage: told.lineage,
            acts: acts | if event.kind.is_mutual() { agreed } else { 0 },
            mutual: event.kind.is_mutual(),
            day: told.range.or_else(|| Some(of?.time?.1))?,
            everybody: &told.everybody,
            place: told.place.filter(|p| !is_country(p)).or_else(|| of?.place.map(|p| p.1)),
            words: of.map_or(&[], |s| &s.words),
            numbers: told.numbers().chain(of.iter().flat_map(|s| s.numbers())).collect(),
            by_phone: told.by_phone(),
        })
    }
}

/// Denials of a story that are looked at.
const DENIED: usize = 64;
/// Likeness from which a sentence tells an event.
const TELLS: f32 = 1.6;
/// The same of two sentences in which nothing was coded.
const BOTH_TELL: f32 = 2.0;

/// Words of weapons and of who bears them.
const ARMED: [&str; 45] = [
    "bomb",
    "bomber",
    "bombing",
    "shell",
    "shelling",
    "artillery",
    "mortar",
    "rocket",
    "missile",
    "gunman",
    "gunmen",
    "gunfire",
    "shoot",
    "shooting",
    "airstrike",
    "air-strike",
    "warplane",
    "drone",
    "militant",
    "rebel",
    "soldier",
    "troop",
    "army",
    "militia",
    "militiaman",
    "fighter",
    "insurgent",
    "grenade",
    "mine",
    "sniper",
    "attacker",
    "attack",
    "raid",
    "ambush",
    "jet",
    "taliban",
    "bombard",
    "bombardment",
    "explosive",
    "assailant",
    "police",
    "armoured",
    "armored",
    "tank",
    "warship",
];

/// Who of those mentioned may be the sides of a meeting: people and bodies by name, states, each state once.
fn sides(cast: &Cast, mentioned: &[usize]) -> Vec<usize> {
    let mut sides: Vec<usize> = Vec::new();
    let named = |e: &&usize| {
        let entity = &cast.entities[**e];
        let body = matches!(entity.kind, Kind::Gpe | Kind::Norp | Kind::Org)
            && entity.sectors.iter().any(|s| matches!(s.as_str(), "GOV" | "REB" | "IGO" | "OPP"));
        !entity.generic && (entity.kind == Kind::Per || body)
    };
    for &e in mentioned.iter().filter(named) {
        if !sides.iter().any(|&s| same_side(cast, s, e)) {
            sides.push(e);
        }
    }
    sides
}

/// The sentences' time expressions that give days, in text order.
fn times(doc: &Doc, span: Span) -> impl Iterator<Item = (Id<Time>, &Time)> + Clone {
    let from = doc.times.partition_point(|t| t.span.start() < span.start());
    doc.times.iter().enumerate().skip(from).take_while(move |t| t.1.span.start() < span.end()).map(|(i, t)| (Id::new(i), t))
}

/// Is the place where something is, rather than part of somebody's name or who says so ("according to Seoul")?
fn somewhere(doc: &Doc, place: &Place) -> bool {
    const THERE: [&str; 20] = [
        "in", "at", "near", "outside", "inside", "around", "across", "off", "on", "into", "to", "through", "over", "of", "from",
        "between", "along", "north", "south", "beside",
    ];
    let parse = &doc.parse;
    let Some(head) = parse.head_of(place.span) else { return false };
    let compound = matches!(parse.token(head).deprel.base(), Deprel::Compound | Deprel::Nmod)
        && parse.token(head).deprel == Deprel::Compound;
    let own = |c: Id<Token>| {
        let after =
            c.index().checked_sub(1).is_some_and(|b| parse.tokens[b].span.of(doc.text()).eq_ignore_ascii_case("according"));
        THERE.contains(&parse.lemma(c)) && !after
    };
    // "the Syrian capital" hangs by its noun.
    compound || parse.by_relation(head, Deprel::Case).any(own) || parse.token(head).deprel == Deprel::NmodPoss
}

/// The one place of a sentence that is no country, if it says where something is.
pub(crate) fn only_place<'a>(doc: &'a Doc, sentence: &Sentence) -> Option<&'a Place> {
    let from = doc.link.places.partition_point(|p| p.span.start() < sentence.span.start());
    let own = doc.link.places[from..].iter().take_while(|p| p.span.start() < sentence.span.end());
    let mut places = own.filter(|p| !p.associative && !p.dateline && !is_country(p));
    places.next().filter(|p| places.next().is_none() && somewhere(doc, p))
}

/// What is denied: by a claim that denies, or by a sentence that says that it was not done.
pub(crate) struct Denial {
    pub(crate) span: Span,
    pub(crate) by: Option<Id<tellings_doc::Entity>>,
    pub(crate) by_span: Option<Span>,
}

/// The denials of a document.
pub(crate) fn denials(doc: &Doc) -> impl Iterator<Item = Denial> {
    let claims = doc.speech.claims.iter().filter(|c| c.kind == tellings_doc::ClaimKind::Deny && c.by.is_some());
    let claims = claims.map(|c| Denial { span: c.span, by: c.by, by_span: c.by_span });
    // "Its soldiers did not fire across the line."
    let not = |t: usize| {
        let deed = !matches!(doc.parse.tokens[t].upos, Upos::Noun | Upos::Propn)
            && lexicon::acts(&lemma(doc, t)) & lexicon::acts_of_deeds() != 0;
        let deps = doc.parse.dependents(Id::new(t)).iter();
        let (mut not, mut done) = (false, false);
        for &d in deps {
            not |= matches!(doc.parse.lemma(d), "not" | "n't" | "never");
            done |= matches!(doc.parse.tokens[d.index()].span.of(doc.text()), "did" | "had" | "has" | "have" | "was" | "were");
        }
        deed && not && done
    };
    let sentences = doc.parse.sentences.iter().filter(move |s| s.tokens.len() <= LONGEST && s.tokens.clone().any(not));
    claims.chain(sentences.map(|s| {
        let says = s.tokens.clone().find(|&t| matches!(&*lemma(doc, t), "say" | "insist" | "state" | "deny"));
        let subject = says.and_then(|t| doc.parse.by_relation(Id::new(t), Deprel::Nsubj).next());
        let mention = subject.and_then(|s| doc.link.mention_at(doc.parse.token(s).span)).map(|m| &doc.link.mentions[m.index()]);
        Denial { span: s.span, by: mention.and_then(|m| m.entity), by_span: mention.map(|m| m.span) }
    }))
}

/// Who is said to have done what the sentence tells, in a clause of its own: "shells hit a clinic; the army says that the rebels fired
/// them", "... a blast for which the rebels were blamed".
pub(crate) fn blamed(doc: &Doc, sentence: &Sentence) -> Option<Id<tellings_doc::Entity>> {
    const DONE: [&str; 9] = ["fire", "launch", "carry", "stage", "plant", "conduct", "commit", "do", "drop"];
    let parse = &doc.parse;
    let child = |t: usize, deprels: &[Deprel]| {
        parse.dependents(Id::new(t)).iter().copied().find(|&d| deprels.contains(&parse.token(d).deprel.base())).map(Id::index)
    };
    let entity = |t: usize| doc.link.mentions[doc.link.mention_at(parse.tokens[t].span)?.index()].entity;
    sentence.tokens.clone().find_map(|t| {
        let word = parse.lemma(Id::new(t));
        let who = match word {
            _ if DONE.contains(&word) => {
                let object = child(t, &[Deprel::Obj])?;
                let it = matches!(
                    parse.lemma(Id::new(object)),
                    "it" | "they" | "them" | "this" | "attack" | "strike" | "shell" | "rocket"
                );
                let clause = matches!(parse.tokens[t].deprel.base(), Deprel::Ccomp | Deprel::Parataxis);
                child(t, &[Deprel::Nsubj]).filter(|_| it && clause && happened(doc, t))?
            }
            "blame" => child(t, &[Deprel::Obj]).or_else(|| child(t, &[Deprel::NsubjPass]))?,
            "behind" | "responsible" => child(t, &[Deprel::Nsubj])?,
            _ => return None,
        };
        entity(who)
    })
}

/// Is the act that a word names told as done: not denied, planned, feared, asked for or only possible?
fn happened(doc: &Doc, token: usize) -> bool {
    const OPEN: [&str; 34] = [
        "will", "would", "may", "might", "could", "should", "can", "must", "shall", "plan", "threaten", "deny", "vow", "warn",
        "expect", "hope", "call", "urge", "demand", "ask", "propose", "prepare", "intend", "aim", "offer", "pledge", "promise",
        "if", "unless", "consider", "fear", "refuse", "want", "prevent",
    ];
    let parse = &doc.parse;
    let open = |id: Id<Token>| OPEN.contains(&parse.lemma(id));
    let mut at = Id::new(token);
    let agreed = lexicon::acts(&lemma(doc, token)) & lexicon::acts("agreement") != 0;
    for _ in 0..5 {
        let turned = parse.dependents(at).iter().any(|&d| {
            let deprel = parse.token(d).deprel.base();
            // That nothing was agreed is what is told of talks.
            let not = !agreed && matches!(parse.lemma(d), "not" | "n't" | "never");
            not || matches!(deprel, Deprel::Aux | Deprel::Mark) && open(d)
        });
        if turned || at.index() != token && open(at) {
            return false;
        }
        match parse.token(at).head {
            Some(head) => at = head,
            None => break,
        }
    }
    true
}

/// What a sentence counts and measures: the killed, the hurt, the arrested, each by the nearest number; how long; with what result.
pub(crate) fn facts(doc: &Doc, sentence: &Sentence) -> Vec<Fact> {
    const WORDS: [(&str, &[&str]); 4] = [
        ("killed", &["kill", "die", "dead", "death", "fatality", "toll", "perish", "massacre", "slay", "life"]),
        ("injured", &["wound", "injure", "hurt", "injury", "wounded", "injured", "maim", "hospitalise", "hospitalize"]),
        ("arrested", &["arrest", "detain", "detention", "custody", "round", "jail", "detainee", "seize", "hold"]),
        ("displaced", &["displace", "flee", "homeless", "uproot"]),
    ];
    /// Words between a number and what it is a number of, at most.
    const REACH: usize = 12;
    let parse = &doc.parse;
    let tokens = sentence.tokens.clone();
    let mut found: Vec<Fact> = Vec::new();
    let named: Vec<(usize, &'static str)> = (tokens.clone())
        .filter_map(|t| {
            let word = lemma(doc, t);
            let (attribute, _) = WORDS.iter().find(|w| w.1.contains(&word.as_str()))?;
            // Lives are lost; "held" and "seized" are people only in the passive.
            let lost = || tokens.clone().any(|v| matches!(&*lemma(doc, v), "lose" | "claim" | "cost"));
            let passive = || {
                parse.by_relation(Id::new(t), Deprel::Aux).next().is_some()
                    && !parse.dependents(Id::new(t)).iter().any(|&d| parse.token(d).deprel.base() == Deprel::Obj)
            };
            let fits = match word.as_str() {
                "life" => lost(),
                "hold" | "seize" | "jail" => doc.parse.tokens[t].upos == Upos::Verb && passive(),
                "round" => tokens.clone().any(|v| v == t + 1 && lemma(doc, v) == "up"),
                _ => true,
            };
            fits.then_some((t, *attribute))
        })
        .collect();
    if !named.is_empty() {
        let from = doc.link.quantities.partition_point(|q| q.span.end() <= sentence.span.start());
        let own = doc.link.quantities[from..].iter().take_while(|q| q.span.start() < sentence.span.end());
        let people = |q: &&Quantity| q.unit.is_none() && q.of.as_deref().is_none_or(|of| !is_thing(of));
        for q in own.filter(people) {
            let Some(at) = parse.head_of(q.span).map(Id::index) else { continue };
            let semicolon = |a: usize, b: usize| (a.min(b)..a.max(b)).any(|t| matches!(parse.tokens[t].span.of(doc.text()), ";"));
            let near = named.iter().filter(|n| n.0.abs_diff(at) <= REACH && !semicolon(n.0, at));
            let Some(&(_, attribute)) = near.min_by_key(|n| (n.0.abs_diff(at), n.0)) else { continue };
            if !found.iter().any(|f| f.attribute == attribute) {
                found.push(Fact { attribute, value: FactValue::count(q), span: q.span });
            }
        }
        // "No one was killed", "nobody was hurt".
        for &(t, attribute) in &named {
            if found.iter().any(|f| f.attribute == attribute) {
                continue;
            }
            let subject = parse.dependents(Id::new(t)).iter().find(|&&d| parse.token(d).deprel.base() == Deprel::Nsubj);
            let none = |w: &str| matches!(w, "nobody" | "none") || w == "no";
            if let Some(&s) = subject
                && parse.tokens_in(parse.subtree(s)).take(2).any(|w| none(&lemma(doc, w)))
            {
                found.push(Fact {
                    attribute,
                    value: FactValue::Count { low: 0.0, best: 0.0, high: 0.0 },
                    span: parse.subtree(s),
                });
            }
        }
    }
    found.extend(crowd(doc, sentence, &found));
    // "within two weeks", "the second in two days" say no length.
    let lasts = |t: &&Time| {
        let words = &doc.text()[..t.span.start()];
        let last = words.trim_end().rsplit(char::is_whitespace).next().unwrap_or("");
        !matches!(last, "in" | "within" | "every" | "per" | "past" | "last" | "next" | "least" | "since")
    };
    let mut lengths =
        times(doc, sentence.span).map(|t| t.1).filter(|t| t.kind == TimeKind::Duration && !t.value.contains('X')).filter(lasts);
    if let Some(time) = lengths.next() {
        let mut fact = Fact { attribute: "duration", value: FactValue::Duration(time.value.clone()), span: time.span };
        // "an hour and 50 minutes"
        if let Some(rest) = lengths.next()
            && rest.span.start() > time.span.end()
            && Span::new(time.span.end(), rest.span.start()).of(doc.text()) == " and "
            && let (Some(hours), Some(minutes)) =
                (time.value.strip_prefix("PT").filter(|v| v.ends_with('H')), rest.value.strip_prefix("PT"))
        {
            fact.value = FactValue::Duration(format!("PT{hours}{minutes}"));
            fact.span = time.span.join(rest.span);
        }
        found.push(fact);
    }
    let words = sentence.span.of(doc.text());
    if crate::compare::reached(words).is_some() {
        found.push(Fact {
            attribute: "outcome",
            value: FactValue::Text(words.trim_end_matches('.').to_string()),
            span: sentence.span,
        });
    }
    found
}

/// Does a sentence speak of talks or a meeting?
pub(crate) fn of_talks(doc: &Doc, sentence: &Sentence) -> bool {
    sentence
        .tokens
        .clone()
        .any(|t| matches!(&*lemma(doc, t), "talk" | "talks" | "meeting" | "summit" | "negotiation" | "session"))
}

/// How many marched, were sent, freed, expelled or fired: the one number of a sentence that is of none harmed; or how many they are
/// said to have been ("put their number at 2,000").
fn crowd(doc: &Doc, sentence: &Sentence, harmed: &[Fact]) -> Option<Fact> {
    let from = doc.link.quantities.partition_point(|q| q.span.end() <= sentence.span.start());
    let own = doc.link.quantities[from..].iter().take_while(|q| q.span.start() < sentence.span.end());
    let mut free = own.filter(|q| q.unit.is_none() && !harmed.iter().any(|f| f.span == q.span));
    let first = free.next()?;
    let several = free.next().is_some();
    let named = |l: &str| lexicon::acts(l) & COUNTED.iter().fold(0, |all, w| all | lexicon::acts(w)) != 0;
    let acts = sentence.tokens.clone().any(|t| named(&lemma(doc, t)));
    (acts && !several).then(|| Fact { attribute: "count", value: FactValue::count(first), span: first.span })
}

/// Acts in which people or things are counted.
const COUNTED: [&str; 5] = ["protest", "expel", "release", "deploy", "launch"];

/// Things that are counted beside people.
fn is_thing(noun: &str) -> bool {
    const THINGS: [&str; 40] = [
        "house",
        "home",
        "building",
        "village",
        "town",
        "vehicle",
        "car",
        "truck",
        "tank",
        "missile",
        "rocket",
        "shell",
        "bomb",
        "drone",
        "plane",
        "aircraft",
        "ship",
        "boat",
        "school",
        "hospital",
        "attack",
        "strike",
        "raid",
        "explosion",
        "blast",
        "shot",
        "round",
        "weapon",
        "point",
        "country",
        "state",
        "city",
        "district",
        "province",
        "agreement",
        "meeting",
        "hit",
        "motorcycle",
        "bus",
        "store",
    ];
    THINGS.contains(&noun)
}

/// Sentences of independent reports that tell an event of a group, `told` and `groups` being what was joined so far.
pub(crate) fn tell(
    docs: &[Doc],
    members: &[usize],
    cast: &Cast,
    descent: &Descent,
    told: &[Told<'_>],
    groups: &[Vec<usize>],
    inside: &impl Fn(usize, Span) -> bool,
) -> Tellings {
    if descent.lineages.len() < 2 {
        return Tellings::default();
    }
    let mut stated: Vec<Stated<'_>> = Vec::new();
    let mut at: FxHashMap<(usize, Span), usize> = FxHashMap::default();
    for (position, &d) in members.iter().enumerate() {
        let doc = &docs[d];
        let body = |span: Span| {
            doc.article.blocks.is_empty() || doc.article.blocks.iter().any(|b| b.kind.is_body() && b.span.touches(span))
        };
        let mut coded: Vec<Span> = doc.events.iter().map(|e| e.span).collect();
        coded.sort_unstable();
        for sentence in doc.parse.sentences.iter().filter(|s| inside(d, s.span)) {
            let dated = times(doc, sentence.span).any(|t| t.1.range.is_some());
            let holds = coded.binary_search_by(|c| c.cmp(&sentence.span)).is_ok();
            if (dated || holds) && (holds || body(sentence.span)) {
                if let Some(one) = Stated::new(doc, d, sentence, cast, descent.at(position, sentence.span)) {
                    at.insert((d, sentence.span), stated.len());
                    stated.push(one);
                }
            }
        }
    }
    // Which groups each sentence has tellings in, and which groups stand under what a sentence may share with them.
    let sentence_of = |t: &Told<'_>| -> Option<usize> {
        let sentence = docs[t.document].parse.sentence_at(t.event().span.start())?;
        at.get(&(t.document, docs[t.document].parse.sentences[sentence].span)).copied()
    };
    let of: Vec<Option<usize>> = told.iter().map(sentence_of).collect();
    let mut own: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
    let mut under: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
    for (g, group) in groups.iter().enumerate() {
        for &t in group.iter().take(8) {
            if let Some(s) = of[t] {
                own.entry(s).or_default().push(g);
            }
            let place = told[t].place.or_else(|| of[t].and_then(|s| stated[s].place.map(|p| p.1)));
            let range = told[t].range.or_else(|| of[t].and_then(|s| stated[s].time.map(|x| x.1)));
            for key in keys(cast, &told[t].everybody, place, range) {
                let list = under.entry(key).or_default();
                if list.len() < 64 && list.last() != Some(&(g as u32)) {
                    list.push(g as u32);
                }
            }
        }
    }
    let lineages = |g: usize| groups[g].iter().any(|&t| told[t].lineage != told[groups[g][0]].lineage);
    let (mut tellings, mut one) = (Vec::new(), Vec::new());
    let mut gone = vec![false; groups.len()];
    for (s, sentence) in stated.iter().enumerate() {
        let mine = own.get(&s).map_or(&[][..], Vec::as_slice);
        if sentence.time.is_none() {
            continue;
        }
        // What is told elsewhere, too, needs no likeness.
        let joint: Vec<EventType> = mine.iter().filter(|&&g| lineages(g)).map(|&g| told[groups[g][0]].event().kind).collect();
        let range = sentence.time.map(|t| t.1);
        let mut near: Vec<u32> = keys(cast, &sentence.mentioned, sentence.place.map(|p| p.1), range)
            .iter()
            .filter_map(|k| under.get(k))
            .flatten()
            .copied()
            .collect();
        near.sort_unstable();
        near.dedup();
        let fit = |g: usize| -> Option<f32> {
            let others = groups[g].iter().take(8).filter_map(|&t| Other::told(&told[t], of[t].map(|s| &stated[s])));
            others.filter_map(|o| sentence.likeness(cast, &o)).max_by(f32::total_cmp).filter(|&f| f >= TELLS)
        };
        let candidates = near
            .iter()
            .map(|&g| g as usize)
            .filter(|g| !mine.contains(g) && !gone[*g] && !joint.contains(&told[groups[*g][0]].event().kind));
        let best = candidates.filter_map(|g| Some((fit(g)?, g))).max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let Some((_, g)) = best else { continue };
        // Its own event of that kind is the same one, unless it cannot be.
        let kind = told[groups[g][0]].event().kind;
        let like = |&&m: &&usize| {
            let own = told[groups[m][0]].event();
            groups[m].len() == 1
                && (own.kind == kind || is_deed(own.kind) && is_deed(kind) && own.kind.quad() == Quad::MaterialConflict)
        };
        let alike =
            mine.iter().filter(like).find(|&&m| told[groups[m][0]].event().kind == kind).or_else(|| mine.iter().find(like));
        match alike {
            Some(&m) if same::may_be_one(cast, &told[groups[m][0]], &told[groups[g][0]], kind.is_mutual()) => {
                gone[m] = true;
                one.push((m, g));
            }
            Some(_) => (),
            None => tellings.push((s, g)),
        }
    }
    // What nobody coded and two independent reports tell alike.
    let mut known: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
    let mut pairs: Vec<Vec<usize>> = Vec::new();
    let told_already: FxHashSet<usize> = tellings.iter().map(|t: &(usize, usize)| t.0).collect();
    for (s, sentence) in
        stated.iter().enumerate().filter(|(s, x)| !own.contains_key(s) && !told_already.contains(s) && x.time.is_some())
    {
        let Some(kind) = sentence.kind() else { continue };
        let keys = keys(cast, &sentence.mentioned, sentence.place.map(|p| p.1), sentence.time.map(|t| t.1));
        let mut near: Vec<u32> = keys.iter().filter_map(|k| known.get(k)).flatten().copied().collect();
        near.sort_unstable();
        near.dedup();
        let fit = |g: usize| -> Option<f32> {
            let other = &stated[pairs[g][0]];
            let like = sentence.likeness(cast, &other.other()?)?;
            (other.kind() == Some(kind) && like >= BOTH_TELL).then_some(like)
        };
        let best = near
            .iter()
            .filter_map(|&g| Some((fit(g as usize)?, g as usize)))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let g = best.map_or(pairs.len(), |b| b.1);
        match pairs.get_mut(g) {
            Some(pair) => pair.push(s),
            None => pairs.push(vec![s]),
        }
        for key in keys {
            let list = known.entry(key).or_default();
            if list.len() < 64 && !list.contains(&(g as u32)) {
                list.push(g as u32);
            }
        }
    }
    // A group that itself went into another is followed there.
    let end = |mut g: usize| {
        for _ in 0..8 {
            match one.iter().find(|o: &&(usize, usize)| o.0 == g) {
                Some(o) => g = o.1,
                None => break,
            }
        }
        g
    };
    let mut found = Tellings { one: one.iter().map(|o| (o.0, end(o.1))).filter(|o| o.0 != o.1).collect(), ..Tellings::default() };
    let event = |s: usize, kind: EventType| (stated[s].document, stated[s].lineage, stated[s].event(kind));
    found.of = tellings.iter().map(|&(s, g)| (end(g), event(s, told[groups[g][0]].event().kind))).collect();
    // What one report tells, nobody coded, and another one says was not so.
    let denied: Vec<(usize, usize, Vec<u64>)> = (members.iter().enumerate())
        .flat_map(|(position, &d)| denials(&docs[d]).map(move |c| (position, d, c)))
        .filter(|(_, d, c)| inside(*d, c.span))
        .take(DENIED)
        .map(|(position, d, c)| (descent.at(position, c.span), d, crate::words::matter(&docs[d], c.span)))
        .collect();
    let against = |s: &Stated<'_>| {
        let words = || crate::words::matter(&docs[s.document], s.span);
        denied.iter().any(|(lineage, d, denial)| {
            *lineage != s.lineage && *d != s.document && {
                let words = words();
                let shared = common(&words, denial);
                shared >= 3 && shared as f32 >= 0.6 * denial.len().min(words.len()) as f32
            }
        })
    };
    for pair in pairs.iter().filter(|p| p.len() > 1 || !denied.is_empty() && against(&stated[p[0]])) {
        let Some(kind) = stated[pair[0]].kind() else { continue };
        found.new.push(pair.iter().map(|&s| event(s, kind)).collect());
    }
    found
}

/// A sentence as a telling: its document, its lineage, and the event that it tells.
pub(crate) type Coined = (usize, usize, Event);

/// What sentences tell.
#[derive(Default)]
pub(crate) struct Tellings {
    /// Tellings of coded events, each with the event's group.
    pub(crate) of: Vec<(usize, Coined)>,
    /// Groups that are one with another: from, into.
    pub(crate) one: Vec<(usize, usize)>,
    /// Events that were coded nowhere.
    pub(crate) new: Vec<Vec<Coined>>,
}

/// What a sentence and a telling of one event may share, each with its day: somebody, a state, the place.
fn keys(cast: &Cast, who: &[usize], place: Option<&Place>, range: Option<DateRange>) -> Vec<u64> {
    let Some(range) = range.filter(|r| r.days() <= 3) else { return Vec::new() };
    let mut parts: Vec<(&str, &str)> = Vec::new();
    for &e in who {
        let entity = &cast.entities[e];
        parts.push(("who", entity.id.as_str()));
        parts.extend(entity.country.as_deref().map(|c| ("state", c)));
    }
    parts.extend(place.map(|p| ("place", p.name.as_str())));
    parts.extend(place.and_then(|p| p.country.as_deref()).map(|c| ("state", c)));
    let mut keys: Vec<u64> = Vec::new();
    let mut day = range.first;
    loop {
        keys.extend(parts.iter().map(|(kind, value)| xxh3_64(format!("{kind} {value} {day}").as_bytes())));
        match day.tomorrow() {
            Ok(next) if next <= range.last => day = next,
            _ => break,
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}
