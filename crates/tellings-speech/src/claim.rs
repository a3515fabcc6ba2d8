//! What people do by saying things: positions, demands, accusations, denials.

use crate::cue::Cues;
use crate::frame::{beside, day, predicate, speaks, tok};
use crate::quote::Said;
use crate::tree::{Tok, Trees};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use tellings_doc::{Claim, ClaimKind, Deprel, Entity, Id, Issue, Kind, QuoteKind, Realis, Rule, Span, Upos, Xpos};

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct ActFile {
    name: String,
    kind: String,
    verbs: String,
    nouns: String,
    adjectives: String,
    needs: Vec<String>,
    object: String,
    clause: String,
    toward: Vec<String>,
    negated: String,
    yes: Vec<String>,
    no: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct SaidFile {
    name: String,
    kind: String,
    subject: String,
    modals: String,
    heads: String,
    words: String,
    form: String,
    negated: Option<bool>,
    toward: String,
    yes: Vec<String>,
    no: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    act: Vec<ActFile>,
    said: Vec<SaidFile>,
}

/// A rule about a word that names the act.
#[derive(Debug)]
struct Act {
    name: String,
    kind: ClaimKind,
    needs: Vec<String>,
    object: FxHashSet<String>,
    clause: String,
    toward: Vec<String>,
    /// The kind of a denied act; `None`: no claim.
    negated: Option<ClaimKind>,
}

/// A rule about a clause that is said.
#[derive(Debug)]
struct Clause {
    name: String,
    kind: ClaimKind,
    subject: String,
    modals: FxHashSet<String>,
    heads: FxHashSet<String>,
    words: FxHashSet<String>,
    form: String,
    negated: Option<bool>,
    toward: bool,
}

/// One example of a rule: the rule must (or must not) find a claim in the sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// Name of the rule, as in [`Claim::rule`].
    pub rule: String,
    /// The kind of claim the rule gives.
    pub kind: ClaimKind,
    /// The sentence.
    pub text: String,
    /// Head word of who claims it, if the example says.
    pub by: Option<String>,
    /// Head word of toward whom, if the example says.
    pub toward: Option<String>,
    /// Must the rule match?
    pub matches: bool,
}

/// Rules and word lists for claims.
#[derive(Debug)]
pub(crate) struct Rules {
    acts: Vec<Act>,
    /// Lemma to acts, with the particle they want.
    verbs: FxHashMap<String, Vec<(usize, String)>>,
    nouns: FxHashMap<String, Vec<usize>>,
    adjectives: FxHashMap<String, Vec<usize>>,
    clauses: Vec<Clause>,
    issues: FxHashMap<String, String>,
    pub(crate) labels: FxHashMap<String, &'static str>,
    examples: Vec<Example>,
}

fn words(list: &str) -> FxHashSet<String> {
    list.split_whitespace().map(str::to_string).collect()
}

fn examples(out: &mut Vec<Example>, rule: &str, kind: ClaimKind, list: &[String], matches: bool) {
    for line in list {
        let mut parts = line.split(" | ");
        let text = parts.next().unwrap_or_default().to_string();
        let mut next = || parts.next().map(str::to_string);
        out.push(Example { rule: rule.to_string(), kind, text, by: next(), toward: next(), matches });
    }
}

/// The classes a label can have.
const CLASSES: [&str; 28] = [
    "terrorist",
    "extremist",
    "militant",
    "rebel",
    "separatist",
    "fighter",
    "moderate",
    "opposition",
    "occupier",
    "aggressor",
    "dictator",
    "puppet",
    "government",
    "usurper",
    "criminal",
    "war-criminal",
    "traitor",
    "enemy",
    "ally",
    "threat",
    "mercenary",
    "spy",
    "rioter",
    "martyr",
    "liar",
    "racist",
    "victim",
    "acceptable",
];

impl Rules {
    /// Reads the rule files, which are part of the program: a mistake in them is a mistake in the program.
    #[expect(clippy::expect_used, reason = "the files are compiled in; the tests read them")]
    pub(crate) fn shipped() -> Rules {
        let file: File = toml::from_str(include_str!("../data/claims.toml")).expect("data/claims.toml");
        let issues: toml::Table = toml::from_str(include_str!("../data/issues.toml")).expect("data/issues.toml");
        let labels: toml::Table = toml::from_str(include_str!("../data/labels.toml")).expect("data/labels.toml");
        let mut rules = Rules {
            acts: Vec::new(),
            verbs: FxHashMap::default(),
            nouns: FxHashMap::default(),
            adjectives: FxHashMap::default(),
            clauses: Vec::new(),
            issues: FxHashMap::default(),
            labels: FxHashMap::default(),
            examples: Vec::new(),
        };
        for act in &file.act {
            let kind = ClaimKind::parse(&act.kind).expect("a kind of claim");
            let name = format!("claim.{}", act.name);
            examples(&mut rules.examples, &name, kind, &act.yes, true);
            examples(&mut rules.examples, &name, kind, &act.no, false);
            let at = rules.acts.len();
            for word in act.verbs.split_whitespace() {
                let (word, particle) = word.split_once('_').unwrap_or((word, ""));
                rules.verbs.entry(word.to_string()).or_default().push((at, particle.to_string()));
            }
            for word in act.nouns.split_whitespace() {
                rules.nouns.entry(word.to_string()).or_default().push(at);
            }
            for word in act.adjectives.split_whitespace() {
                rules.adjectives.entry(word.to_string()).or_default().push(at);
            }
            rules.acts.push(Act {
                name,
                kind,
                needs: act.needs.clone(),
                object: words(&act.object),
                clause: act.clause.clone(),
                toward: act.toward.clone(),
                negated: if act.negated == "same" { Some(kind) } else { ClaimKind::parse(&act.negated) },
            });
        }
        for said in &file.said {
            let kind = ClaimKind::parse(&said.kind).expect("a kind of claim");
            let name = format!("claim.{}", said.name);
            examples(&mut rules.examples, &name, kind, &said.yes, true);
            examples(&mut rules.examples, &name, kind, &said.no, false);
            rules.clauses.push(Clause {
                name,
                kind,
                subject: said.subject.clone(),
                modals: words(&said.modals),
                heads: words(&said.heads),
                words: words(&said.words),
                form: said.form.clone(),
                negated: said.negated,
                toward: said.toward == "subject",
            });
        }
        for (code, list) in &issues {
            for word in list.as_str().unwrap_or_default().split_whitespace() {
                rules.issues.insert(word.to_string(), code.clone());
            }
        }
        for class in CLASSES {
            for word in labels.get(class).and_then(|l| l.as_str()).unwrap_or_default().split_whitespace() {
                rules.labels.insert(word.to_string(), class);
            }
        }
        rules
    }

    pub(crate) fn examples(&self) -> &[Example] {
        &self.examples
    }
}

/// A claim being made, with what linking claims to each other needs.
pub(crate) struct Made {
    pub(crate) claim: Claim,
    pub(crate) trigger: Tok,
}

/// Longer claims than this are not looked for behind a quotation.
const LONGEST: usize = 1500;

/// The claims of an article, in text order.
pub(crate) fn claims(trees: &Trees, cues: &Cues, rules: &Rules, said: &[Said]) -> Vec<Claim> {
    let mut made: Vec<Made> = Vec::new();
    let accident = about_accident(trees);
    for (number, sentence) in trees.parse.sentences.iter().enumerate() {
        if !trees.body[number] {
            continue;
        }
        for id in trees.parse.ids(sentence) {
            act(trees, cues, rules, said, id, &mut made);
            if trees.token(id).upos == Upos::Noun
                && matches!(trees.lemma(id), "demand" | "condition" | "precondition" | "request")
            {
                listed(trees, cues, said, id, &mut made);
            }
            if matches!(trees.token(id).upos, Upos::Noun | Upos::Adj | Upos::Propn | Upos::Verb) {
                crate::label::passing(trees, rules, said, id, &mut made);
            }
        }
    }
    let mut acts: Vec<Span> = made.iter().map(|m| m.claim.span).collect();
    acts.sort_unstable();
    let mut taken: FxHashSet<usize> = made.iter().map(|m| m.trigger.index()).collect();
    for (number, one) in said.iter().enumerate() {
        let quote = Id::new(number);
        // What somebody else says inside a quotation is seldom told for its claim.
        let inner = one.quote.kind == QuoteKind::Indirect
            && one
                .quote
                .cue
                .and_then(|c| within(said, c))
                .is_some_and(|o| o != number && said[o].quote.kind == QuoteKind::Direct);
        if inner {
            continue;
        }
        let before = made.len();
        let said = one;
        for head in clauses(trees, said) {
            if !taken.contains(&head.index())
                && let Some(claim) = clause(trees, rules, said, head)
            {
                taken.insert(head.index());
                made.push(Made { claim: Claim { quote: Some(quote), ..claim }, trigger: head });
            }
        }
        if said.quote.kind == QuoteKind::Direct {
            // Each sentence of words between marks gives a view, if no rule says more of it.
            for part in sentences(trees, said) {
                let touched = made[before..].iter().any(|m| m.claim.span.touches(part)) || {
                    let from = acts.partition_point(|a| a.start() + LONGEST < part.start());
                    acts[from..].iter().take_while(|a| a.start() < part.end()).any(|a| a.touches(part))
                };
                if !touched
                    && !accident
                    && let Some((claim, head)) = stated(trees, cues, rules, said, part)
                {
                    made.push(Made { claim: Claim { quote: Some(quote), ..claim }, trigger: head });
                }
            }
            continue;
        }
        // Words worth quoting are mostly there for the view they give.
        let other = said.quote.content.iter().any(|c| {
            let from = acts.partition_point(|a| a.start() + LONGEST < c.start());
            acts[from..].iter().take_while(|a| a.start() < c.end()).any(|a| a.touches(*c))
        });
        if made.len() == before
            && !other
            && !accident
            && let Some(first) = said.quote.content.first()
            && let Some(claim) = stated(trees, cues, rules, said, *first)
        {
            made.push(Made { claim: Claim { quote: Some(quote), ..claim.0 }, trigger: claim.1 });
        }
    }
    several(trees, &mut made);
    made.sort_by_key(|m| (m.claim.span.start(), m.trigger.index()));
    for one in &mut made {
        one.claim.issue = issue(trees, rules, one.claim.span);
    }
    answers(trees, &mut made);
    made.into_iter().map(|m| m.claim).collect()
}

/// Does a text speak of an accident or a disaster, and hardly of force? What is said of one is a report, no view.
fn about_accident(trees: &Trees) -> bool {
    const ACCIDENT: [&str; 24] = [
        "earthquake",
        "quake",
        "flood",
        "storm",
        "hurricane",
        "cyclone",
        "typhoon",
        "tornado",
        "tsunami",
        "wildfire",
        "blaze",
        "firefighter",
        "fire",
        "crash",
        "collision",
        "derailment",
        "landslide",
        "avalanche",
        "eruption",
        "stampede",
        "wreckage",
        "collapse",
        "motorcycle",
        "smoke",
    ];
    const FORCE: [&str; 20] = [
        "attack",
        "gunman",
        "bomb",
        "shoot",
        "shooting",
        "stab",
        "militant",
        "rebel",
        "terrorist",
        "airstrike",
        "strike",
        "missile",
        "rocket",
        "soldier",
        "troop",
        "war",
        "protest",
        "protester",
        "ceasefire",
        "militia",
    ];
    let (mut accident, mut force) = (0usize, 0usize);
    for id in (0..trees.parse.tokens.len()).map(tok) {
        let token = trees.token(id);
        let plain = matches!(token.upos, Upos::Noun | Upos::Propn | Upos::Verb);
        if plain && token.upos != Upos::Verb && ACCIDENT.iter().any(|w| w.eq_ignore_ascii_case(trees.lemma(id))) {
            accident += 1;
        } else if plain && FORCE.contains(&trees.lemma(id)) {
            force += 1;
        }
    }
    accident >= 3 && accident >= 3 * force
}

/// The innermost quote whose content holds a token's bytes.
pub(crate) fn within(said: &[Said], span: Span) -> Option<usize> {
    let end = said.partition_point(|s| s.quote.content.first().is_none_or(|c| c.start() <= span.start()));
    said[..end]
        .iter()
        .enumerate()
        .rev()
        .take(24)
        .filter(|(_, s)| s.quote.content.iter().any(|c| c.covers(span)))
        .min_by_key(|(_, s)| s.quote.content.iter().map(|c| c.len()).sum::<usize>())
        .map(|(i, _)| i)
}

/// Who claims it: the subject, or who is quoted where the subject is "I" or "we".
fn claimant(trees: &Trees, cues: &Cues, said: &[Said], subject: Tok) -> Option<(Option<Id<Entity>>, Span)> {
    let word = trees.word(subject).to_ascii_lowercase();
    if trees.token(subject).upos == Upos::Pron && matches!(word.as_str(), "i" | "we" | "our" | "us" | "my") {
        let quote = &said.get(within(said, trees.token(subject).span)?)?.quote;
        return Some((quote.entity, trees.token(subject).span));
    }
    speaks(trees, cues, subject).then(|| (crate::quote::who(trees, cues, subject), trees.speaker(subject)))
}

fn act(trees: &Trees, cues: &Cues, rules: &Rules, said: &[Said], id: Tok, made: &mut Vec<Made>) {
    let lemma = trees.lemma(id);
    match trees.token(id).upos {
        Upos::Verb => {
            if let Some(claim) = designation(trees, cues, rules, said, id) {
                each(trees, id, claim, made);
                return;
            }
            // Done within another act ("wants to express …"), or a modifier ("the proposed deal").
            let nested = trees.deprel(id) == Deprel::Xcomp
                && trees.token(id).head.is_some_and(|h| made.last().is_some_and(|m| m.trigger == h));
            let modifier = trees.token(id).xpos == Xpos::Vbn
                && matches!(trees.deprel(id), Deprel::Amod | Deprel::Xcomp)
                && !trees.is_passive(id);
            if nested || modifier {
                return;
            }
            // "is committed to", "was disappointed by".
            if trees.is_passive(id) && trees.child(id, Deprel::OblAgent).is_none_or(|a| !trees.is_agent(a)) {
                let word = trees.word(id).to_ascii_lowercase();
                for &at in rules.adjectives.get(&word).into_iter().flatten() {
                    if let Some(claim) = verb_act(trees, cues, said, id, &rules.acts[at], true) {
                        made.push(Made { claim, trigger: id });
                        return;
                    }
                }
            }
            for (at, particle) in rules.verbs.get(lemma).into_iter().flatten() {
                if !particle.is_empty() && !trees.near(id, 1).is_some_and(|n| trees.word(n).eq_ignore_ascii_case(particle)) {
                    continue;
                }
                if let Some(claim) = verb_act(trees, cues, said, id, &rules.acts[*at], false) {
                    each(trees, id, claim, made);
                    return;
                }
            }
        }
        Upos::Noun => {
            for &at in rules.nouns.get(lemma).into_iter().flatten() {
                if let Some(claim) = noun_act(trees, cues, said, id, &rules.acts[at]) {
                    made.push(Made { claim, trigger: id });
                    return;
                }
            }
        }
        Upos::Adj if mistaken(trees, cues, id) && rules.verbs.contains_key(lemma) => {
            for (at, particle) in rules.verbs.get(lemma).into_iter().flatten() {
                if particle.is_empty()
                    && let Some(claim) = verb_act(trees, cues, said, id, &rules.acts[*at], false)
                {
                    made.push(Made { claim, trigger: id });
                    return;
                }
            }
        }
        Upos::Adj => {
            for &at in rules.adjectives.get(lemma).into_iter().flatten() {
                if let Some(claim) = verb_act(trees, cues, said, id, &rules.acts[at], false) {
                    made.push(Made { claim, trigger: id });
                    return;
                }
            }
        }
        _ => {}
    }
}

/// "The strikers' demands include new elections, the release of all prisoners and an end to the curfew": one demand each.
fn listed(trees: &Trees, cues: &Cues, said: &[Said], id: Tok, made: &mut Vec<Made>) {
    let owner = trees.child(id, Deprel::NmodPoss).or_else(|| trees.with_preposition(id, "of"));
    let Some(owner) = owner.filter(|_| trees.deprel(id) == Deprel::Nsubj) else { return };
    let sentence = trees.parse.sentences[trees.sentence(id)].tokens.clone();
    let after = trees.reach(id).1 + 1;
    let Some(verb) = (after..sentence.end).take(3).find(|&i| matches!(trees.lemma(tok(i)), "include" | "comprise" | "be")) else {
        return;
    };
    let Some((by, by_span)) =
        claimant(trees, cues, said, owner).or_else(|| trees.entity(owner).map(|e| (Some(e), trees.speaker(owner))))
    else {
        return;
    };
    let word = |i: usize| trees.parse.tokens[i].span.of(trees.text);
    let is_word = |i: usize| trees.parse.tokens[i].upos != Upos::Punct;
    let mut items: Vec<(usize, usize)> = Vec::new();
    let mut first = verb + 1;
    let commas = (verb + 1..sentence.end).any(|i| word(i) == ",");
    for i in verb + 1..sentence.end {
        let begins =
            trees.parse.tokens.get(i + 1).is_some_and(|t| matches!(t.upos, Upos::Det | Upos::Adj) || t.xpos == Xpos::Vbg);
        if word(i) == "," || commas && trees.parse.tokens[i].upos == Upos::Cconj && begins {
            items.push((first, i));
            first = i + 1;
        }
    }
    items.push((first, sentence.end));
    for (mut from, mut to) in items {
        while from < to && (!is_word(from) || trees.parse.tokens[from].upos == Upos::Cconj) {
            from += 1;
        }
        while from < to && !is_word(to - 1) {
            to -= 1;
        }
        let thing = (from..to).find(|&i| matches!(trees.parse.tokens[i].upos, Upos::Noun | Upos::Verb));
        let Some(trigger) = thing.filter(|_| to - from < 40) else { continue };
        made.push(Made {
            claim: Claim {
                kind: ClaimKind::Demand,
                span: trees.span(from, to - 1),
                by,
                by_span: Some(by_span),
                toward: None,
                label: None,
                class: None,
                issue: None,
                realis: Realis::Actual,
                quote: quote_of(said, trees, id),
                answers: None,
                rule: Rule::Borrowed("claim.demand.listed"),
            },
            trigger: tok(trigger),
        });
    }
}

/// One claim for each of several that are named together: "blamed both Chad and Sudan".
fn each(trees: &Trees, id: Tok, claim: Claim, made: &mut Vec<Made>) {
    let first = trees
        .parse
        .dependents(id)
        .iter()
        .copied()
        .find(|&d| d > id && trees.entity(d).is_some() && trees.entity(d) == claim.toward);
    let others: Vec<Id<Entity>> = first
        .into_iter()
        .flat_map(|f| trees.parse.dependents(f).iter().copied())
        .filter(|&d| trees.deprel(d) == Deprel::Conj)
        .filter_map(|d| trees.entity(d))
        .filter(|&e| Some(e) != claim.toward && Some(e) != claim.by)
        .collect();
    made.push(Made { claim: claim.clone(), trigger: id });
    for toward in others {
        made.push(Made { claim: Claim { toward: Some(toward), ..claim.clone() }, trigger: id });
    }
}

/// A claim for each of several who make it together: "Sweden and Norway demand", "both presidents' spokesmen". The words that say who stay those
/// of all.
fn several(trees: &Trees, made: &mut Vec<Made>) {
    for at in 0..made.len() {
        let Some(words) = made[at].claim.by_span else { continue };
        let others = beside_one(trees, words, made[at].claim.by);
        for by in others {
            let claim = &made[at].claim;
            let claim = Claim { by: Some(by), toward: claim.toward.filter(|&t| t != by), ..claim.clone() };
            made.push(Made { claim, trigger: made[at].trigger });
        }
    }
}

/// Who else is named in the words for who speaks: those coordinated with their head, `first` aside.
pub(crate) fn beside_one(trees: &Trees, words: Span, first: Option<Id<Entity>>) -> Vec<Id<Entity>> {
    const MOST: usize = 12;
    let mut out: Vec<Id<Entity>> = Vec::new();
    let Some(head) = trees.parse.head_of(words) else { return out };
    let mut heads = vec![head];
    let mut at = 0;
    while at < heads.len() && heads.len() < MOST {
        for &d in trees.parse.dependents(heads[at]) {
            let but = trees.child(d, Deprel::Cc).is_some_and(|c| trees.lemma(c) == "but");
            let named = trees.deprel(d) == Deprel::Conj && trees.is_nominal(d) && words.covers(trees.token(d).span) && !but;
            if named && let Some(entity) = trees.entity(d) {
                heads.push(d);
                if Some(entity) != first && !out.contains(&entity) {
                    out.push(entity);
                }
            }
        }
        at += 1;
    }
    out
}

/// A verb that the tagger took for an adjective: right after somebody, before a phrase ("officials blame smugglers").
fn mistaken(trees: &Trees, cues: &Cues, id: Tok) -> bool {
    trees.near(id, -1).is_some_and(|p| trees.is_nominal(p) && speaks(trees, cues, p))
        && trees.near(id, 1).is_some_and(|n| matches!(trees.token(n).upos, Upos::Adj | Upos::Noun | Upos::Propn | Upos::Det))
}

fn clause_of(trees: &Trees, id: Tok) -> Option<Tok> {
    trees.child(id, Deprel::Ccomp).or_else(|| trees.child(id, Deprel::Parataxis).filter(|&p| p > id))
}

fn infinitive_of(trees: &Trees, id: Tok) -> Option<Tok> {
    trees
        .parse
        .dependents(id)
        .iter()
        .copied()
        .find(|&d| d > id && matches!(trees.deprel(d), Deprel::Xcomp | Deprel::Ccomp | Deprel::Advcl) && trees.has_to(d))
        .or_else(|| {
            // Hung on the object: "asked the council to meet".
            let object = trees.child(id, Deprel::Obj).filter(|&o| o > id)?;
            trees.parse.dependents(object).iter().copied().find(|&d| trees.deprel(d) == Deprel::Acl && trees.has_to(d))
        })
}

/// Is what a rule needs there?
fn met(trees: &Trees, id: Tok, act: &Act, need: &str, passive: bool) -> bool {
    match need {
        "object" => {
            let object = if passive { trees.child(id, Deprel::NsubjPass) } else { trees.child(id, Deprel::Obj) };
            object.is_some_and(|o| act.object.is_empty() || act.object.contains(trees.lemma(o)))
        }
        "clause" => {
            clause_of(trees, id).is_some_and(|c| match act.clause.as_str() {
                "modal" => subjunctive(trees, c),
                _ => true,
            }) || act.clause == "modal" && bare(trees, id)
        }
        "thing" => trees.child(id, Deprel::Obj).is_some_and(|o| !trees.is_agent(o) && trees.token(o).upos != Upos::Pron),
        "to" => infinitive_of(trees, id).is_some() || trees.with_preposition(id, "to").is_some(),
        "them-to" => {
            trees.child(id, Deprel::Obj).is_some_and(|o| o > id && trees.is_nominal(o)) && infinitive_of(trees, id).is_some()
        }
        "none" => true,
        preposition => trees.with_preposition(id, preposition).is_some_and(|t| !day(trees, t)),
    }
}

/// "recommended the troops withdraw": somebody and a bare verb after the cue.
fn bare(trees: &Trees, id: Tok) -> bool {
    trees.child(id, Deprel::Obj).filter(|&o| o > id).is_some_and(|object| {
        trees.parse.dependents(id).iter().any(|&d| {
            d > object
                && matches!(trees.deprel(d), Deprel::Advcl | Deprel::Xcomp)
                && matches!(trees.token(d).xpos, Xpos::Vb | Xpos::Vbp)
                && trees.child(d, Deprel::Mark).is_none()
                && trees.reach(d).0 == trees.reach(object).1 + 1
        })
    })
}

/// "… that they leave", "… that they should leave".
fn subjunctive(trees: &Trees, clause: Tok) -> bool {
    let modal = trees
        .parse
        .dependents(clause)
        .iter()
        .any(|&d| trees.deprel(d).base() == Deprel::Aux && matches!(trees.lemma(d), "should" | "must" | "ought"));
    let bare = trees.token(clause).xpos == Xpos::Vb
        || trees
            .parse
            .dependents(clause)
            .iter()
            .any(|&d| matches!(trees.deprel(d), Deprel::AuxPass | Deprel::Cop) && trees.word(d).eq_ignore_ascii_case("be"));
    let aux = trees.parse.dependents(clause).iter().any(|&d| trees.deprel(d) == Deprel::Aux);
    // "insists that the budget include": a plain form with one thing as its subject.
    let one = trees.token(clause).xpos == Xpos::Vbp
        && trees.child(clause, Deprel::Nsubj).is_some_and(|s| {
            matches!(trees.token(s).xpos, Xpos::Nn | Xpos::Nnp)
                && !trees.parse.dependents(s).iter().any(|&d| trees.deprel(d) == Deprel::Conj)
        });
    let bare = bare || one;
    modal || bare && !aux && !trees.has_to(clause)
}

fn verb_act(trees: &Trees, cues: &Cues, said: &[Said], id: Tok, act: &Act, state: bool) -> Option<Claim> {
    let passive = trees.is_passive(id) && !state;
    if !act.needs.is_empty() && !act.needs.iter().any(|n| met(trees, id, act, n, passive)) {
        return None;
    }
    // A list of objects holds wherever there is an object.
    let has_object = if passive { trees.child(id, Deprel::NsubjPass) } else { trees.child(id, Deprel::Obj) }.is_some();
    if !act.object.is_empty() && has_object && !met(trees, id, act, "object", passive) {
        return None;
    }
    if act.kind == ClaimKind::Position && supposed(trees, id) {
        return None;
    }
    if act.kind != ClaimKind::Position && intended(trees, id) {
        return None;
    }
    let negated = trees.is_negated(id) || refused(trees, id);
    let kind = if negated { act.negated? } else { act.kind };
    let subject = if state { trees.child(id, Deprel::NsubjPass) } else { doer(trees, cues, id, passive) }?;
    if trees.child(subject, Deprel::Det).is_some_and(|d| trees.lemma(d) == "no") {
        return None;
    }
    let (by, by_span) = claimant(trees, cues, said, subject)?;
    let toward = act.toward.iter().find_map(|role| role_of(trees, id, role, passive)).filter(|&t| t != subject);
    Some(Claim {
        kind,
        span: clause_span(trees, id, subject),
        by,
        by_span: Some(by_span),
        toward: toward.and_then(|t| trees.entity(t)).filter(|&t| Some(t) != by),
        label: None,
        class: None,
        issue: None,
        realis: realis(trees, id, negated && act.negated == Some(act.kind)),
        quote: quote_of(said, trees, id),
        answers: None,
        rule: Rule::Owned(act.name.clone()),
    })
}

/// Who does it, by the tree or, where the tree has nobody who could, by what stands beside the verb.
fn doer(trees: &Trees, cues: &Cues, id: Tok, passive: bool) -> Option<Tok> {
    if passive {
        return trees.child(id, Deprel::OblAgent);
    }
    let subject = trees.subject(id);
    match subject {
        Some(s) if speaks(trees, cues, s) || trees.token(s).upos == Upos::Pron => subject,
        _ => beside(trees, cues, id).or(subject),
    }
}

/// The quote whose cue this is, or that holds it.
pub(crate) fn quote_of(said: &[Said], trees: &Trees, id: Tok) -> Option<Id<tellings_doc::Quote>> {
    let before = said.partition_point(|s| s.quote.content.first().is_none_or(|c| c.start() <= trees.token(id).span.start()));
    let near = before.saturating_sub(6)..(before + 3).min(said.len());
    near.into_iter().find(|&i| said[i].cue == Some(id)).or_else(|| within(said, trees.token(id).span)).map(Id::new)
}

/// "had hoped to announce", "is expected to demand": nothing was said yet, so nothing is claimed.
fn intended(trees: &Trees, id: Tok) -> bool {
    trees.deprel(id) == Deprel::Xcomp
        && trees.has_to(id)
        && trees.token(id).head.is_some_and(|h| {
            matches!(trees.lemma(h), "hope" | "plan" | "intend" | "expect" | "wish" | "prepare" | "try" | "mean")
        })
}

/// "refused to accept", "would not agree".
fn refused(trees: &Trees, id: Tok) -> bool {
    trees.deprel(id) == Deprel::Xcomp
        && trees.token(id).head.is_some_and(|h| matches!(trees.lemma(h), "refuse" | "decline" | "fail") || trees.is_negated(h))
}

fn role_of(trees: &Trees, id: Tok, role: &str, passive: bool) -> Option<Tok> {
    match role {
        "object" => {
            let object = if passive { trees.child(id, Deprel::NsubjPass) } else { trees.child(id, Deprel::Obj) };
            // Hung on the infinitive, or as the one who is given something.
            let lower = || infinitive_of(trees, id).and_then(|i| trees.child(i, Deprel::Nsubj));
            let object = object.or_else(|| trees.child(id, Deprel::Iobj)).or_else(lower);
            object.filter(|&o| trees.is_agent(o) || trees.entity(o).is_some())
        }
        "iobject" => trees.child(id, Deprel::Iobj),
        "clause" => {
            let clause = clause_of(trees, id)?;
            trees
                .child(clause, Deprel::Nsubj)
                .or_else(|| trees.child(clause, Deprel::NsubjPass))
                .filter(|&s| trees.entity(s).is_some())
        }
        "owner" => {
            let object = if passive { trees.child(id, Deprel::NsubjPass) } else { trees.child(id, Deprel::Obj) }?;
            trees
                .child(object, Deprel::NmodPoss)
                .or_else(|| {
                    ["by", "of", "from"]
                        .iter()
                        .find_map(|p| trees.with_preposition(object, p).filter(|&t| trees.entity(t).is_some()))
                })
                .or_else(|| trees.parse.dependents(object).iter().copied().find(|&d| d < object && trees.is_agent(d)))
        }
        preposition => {
            let object = trees.child(id, Deprel::Obj);
            let found = trees.with_preposition(id, preposition).or_else(|| trees.with_preposition(object?, preposition));
            found.filter(|&t| trees.entity(t).is_some())
        }
    }
}

/// The words of the claim: from its subject, if that stands in the clause, to the end of what hangs on the verb,
/// without coordinated clauses and what is set beside it.
pub(crate) fn clause_span(trees: &Trees, id: Tok, subject: Tok) -> Span {
    let (mut from, mut to) = (id.index(), id.index());
    for &d in trees.parse.dependents(id) {
        let (a, b) = trees.reach(d);
        let beside = matches!(
            trees.deprel(d).base(),
            Deprel::Conj | Deprel::Parataxis | Deprel::Punct | Deprel::Cc | Deprel::Discourse | Deprel::List
        ) || trees.deprel(d).base() == Deprel::Advcl && !trees.has_to(d) && !is_matter(trees, d);
        if beside && !(trees.deprel(d) == Deprel::Parataxis && trees.child(id, Deprel::Ccomp).is_none() && d > id) {
            continue;
        }
        if d == subject || a > id.index() {
            from = from.min(a);
            to = to.max(b);
        } else if trees.deprel(d).base() == Deprel::Aux || trees.deprel(d) == Deprel::Advmod && b + 1 >= from {
            from = from.min(a);
        }
    }
    while to > id.index() && trees.parse.tokens[to].upos == Upos::Punct {
        to -= 1;
    }
    while from < id.index() && trees.parse.tokens[from].upos == Upos::Punct {
        from += 1;
    }
    trees.span(from, to)
}

/// "accused them of lying": the clause that says what it is about, rather than when or why.
fn is_matter(trees: &Trees, clause: Tok) -> bool {
    trees.parse.dependents(clause).iter().any(|&d| {
        trees.deprel(d) == Deprel::Mark && matches!(trees.lemma(d), "of" | "for" | "from" | "over" | "against" | "about" | "on")
    })
}

fn realis(trees: &Trees, id: Tok, negated: bool) -> Realis {
    if negated {
        return Realis::Negated;
    }
    // "the deal depends on both sides agreeing".
    if trees.token(id).xpos == Xpos::Vbg
        && trees.token(id).head.is_some_and(|h| {
            let above = if trees.is_verb(h) { Some(h) } else { trees.token(h).head };
            above.is_some_and(|a| matches!(trees.lemma(a), "depend" | "hinge" | "require" | "involve"))
        })
    {
        return Realis::Hypothetical;
    }
    let mut future = false;
    let mut at = id;
    // A later verb shares the auxiliary of the first unless it has one, or a subject, of its own.
    for _ in 0..4 {
        let mut own = false;
        for &d in trees.parse.dependents(at) {
            own |= matches!(trees.deprel(d).base(), Deprel::Aux | Deprel::Nsubj);
            match (trees.deprel(d).base(), trees.lemma(d)) {
                (Deprel::Aux, "may" | "might" | "could" | "would" | "can") => return Realis::Hypothetical,
                (Deprel::Aux, "will" | "shall" | "'ll") => future = true,
                (Deprel::Mark, "if" | "unless" | "whether") => return Realis::Hypothetical,
                _ => {}
            }
        }
        let token = trees.token(at);
        match token.head.filter(|_| !own && token.deprel == Deprel::Conj && token.xpos == Xpos::Vb) {
            Some(head) => at = head,
            None => break,
        }
    }
    if future { Realis::Future } else { Realis::Actual }
}

/// "Their demand for …", "accusations that …".
fn noun_act(trees: &Trees, cues: &Cues, said: &[Said], id: Tok, act: &Act) -> Option<Claim> {
    let clause =
        trees.parse.dependents(id).iter().copied().find(|&d| d > id && matches!(trees.deprel(d), Deprel::Acl | Deprel::Ccomp));
    let held = act.needs.iter().any(|need| match need.as_str() {
        "clause" | "that" => clause.is_some_and(|c| !trees.has_to(c)),
        "to" => clause.is_some_and(|c| trees.has_to(c)),
        preposition => trees.with_preposition(id, preposition).is_some(),
    });
    if !held {
        return None;
    }
    let head = trees.token(id).head;
    let light = head.filter(|&h| {
        trees.deprel(id) == Deprel::Obj
            && matches!(
                trees.lemma(h),
                "make"
                    | "issue"
                    | "express"
                    | "give"
                    | "voice"
                    | "release"
                    | "have"
                    | "repeat"
                    | "renew"
                    | "raise"
                    | "reiterate"
                    | "level"
                    | "send"
                    | "break"
                    | "keep"
                    | "file"
                    | "lodge"
            )
    });
    // "Sudan repeated its allegation": whoever repeated it.
    let poss = trees.child(id, Deprel::NmodPoss);
    let own = poss.filter(|&p| trees.token(p).upos == Upos::Pron && trees.deprel(id) == Deprel::Obj);
    let holder = own.and_then(|_| trees.subject(head?)).filter(|&s| speaks(trees, cues, s));
    let subject = holder
        .or(poss)
        .or_else(|| ["by", "from"].iter().find_map(|p| trees.with_preposition(id, p)))
        .or_else(|| light.and_then(|h| trees.subject(h)))?;
    let (by, by_span) =
        claimant(trees, cues, said, subject).or_else(|| trees.entity(subject).map(|e| (Some(e), trees.speaker(subject))))?;
    let toward = act.toward.iter().find_map(|role| match role.as_str() {
        "clause" => clause.and_then(|c| trees.child(c, Deprel::Nsubj)),
        "object" => None,
        preposition => trees.with_preposition(id, preposition),
    });
    Some(Claim {
        kind: act.kind,
        span: trees.span(trees.reach(id).0, trees.reach(id).1),
        by,
        by_span: Some(by_span),
        toward: toward.and_then(|t| trees.entity(t)).filter(|&t| Some(t) != by),
        label: None,
        class: None,
        issue: None,
        realis: Realis::Actual,
        quote: quote_of(said, trees, id),
        answers: None,
        rule: Rule::Owned(act.name.clone()),
    })
}

/// "X calls Y a terrorist": a label for somebody. A judgement without a label word is a position, or an accusation.
fn designation(trees: &Trees, cues: &Cues, rules: &Rules, said: &[Said], id: Tok) -> Option<Claim> {
    if !matches!(
        trees.lemma(id),
        "call"
            | "label"
            | "brand"
            | "term"
            | "dub"
            | "deem"
            | "consider"
            | "describe"
            | "characterize"
            | "characterise"
            | "portray"
            | "denounce"
            | "condemn"
            | "designate"
            | "regard"
            | "view"
            | "see"
            | "name"
            | "classify"
            | "declare"
            | "list"
            | "depict"
            | "refer"
            | "hail"
            | "dismiss"
            | "find"
            | "justify"
    ) {
        return None;
    }
    let passive = trees.is_passive(id);
    let object = if passive { trees.child(id, Deprel::NsubjPass) } else { trees.child(id, Deprel::Obj) };
    let object = object.or_else(|| trees.with_preposition(id, "to")).or_else(|| {
        trees.parse.dependents(id).iter().copied().find(|&d| {
            d > id && trees.is_nominal(d) && trees.child(d, Deprel::Case).is_none_or(|c| trees.token(c).xpos == Xpos::Pos)
        })
    });
    // "consider them rebels", whatever the tree made of it.
    let plain = || {
        let pronoun = trees.near(id, 1).filter(|&n| trees.token(n).xpos == Xpos::Prp)?;
        let label =
            trees.near(pronoun, 1).filter(|&n| rules.labels.contains_key(trees.lemma(n)) && trees.token(n).upos == Upos::Noun)?;
        Some((pronoun, label))
    };
    // "considers the fighters terrorists" as one phrase.
    let joined = |object: Tok| {
        let label = rules.labels.contains_key(trees.lemma(object)) && trees.token(object).xpos == Xpos::Nns;
        let whom = trees
            .near(object, -1)
            .filter(|&w| label && matches!(trees.token(w).xpos, Xpos::Nns | Xpos::Nnps | Xpos::Nnp) && w > id)?;
        matches!(trees.lemma(id), "consider" | "call" | "label" | "brand" | "deem" | "dub").then_some((whom, object))
    };
    // "what it calls terrorists"
    let what = |object: Tok| {
        let what = trees.token(id).head.filter(|&h| trees.token(h).xpos == Xpos::Wp && h < id)?;
        let label = object > id && rules.labels.contains_key(trees.lemma(object));
        (label && matches!(trees.lemma(id), "call" | "consider" | "term" | "deem" | "label")).then_some((what, object))
    };
    let plain = || plain().or_else(|| what(object?)).or_else(|| joined(object?)).or_else(|| in_order(trees, rules, id));
    let (object, named) = object.and_then(|o| Some((o, predicate(trees, id, o.min(id)).filter(|&p| p != o)?))).or_else(plain)?;
    let subject = doer(trees, cues, id, passive)?;
    let (by, by_span) = claimant(trees, cues, said, subject)?;
    let (a, b) = trees.reach(named);
    let mut first = if a <= object.index() && object < named { object.index() + 1 } else { a };
    while first < b
        && (matches!(trees.parse.tokens[first].upos, Upos::Det | Upos::Punct)
            || matches!(trees.parse.tokens[first].deprel, Deprel::Case | Deprel::Mark))
    {
        first += 1;
    }
    let class = (first..=named.index()).rev().find_map(|i| rules.labels.get(&trees.lemma(tok(i)).to_lowercase()).copied());
    let harsh = || {
        let wrong = rules.clauses.iter().find(|c| c.kind == ClaimKind::Accuse);
        (first..=b).any(|i| wrong.is_some_and(|c| c.words.contains(trees.lemma(tok(i)))))
    };
    let mut last = named.index();
    // The label ends before clauses and commas that follow it.
    while last < b
        && !matches!(
            trees.parse.tokens[last + 1].upos,
            Upos::Punct | Upos::Sconj | Upos::Pron | Upos::Cconj | Upos::Adp | Upos::Verb
        )
    {
        last += 1;
    }
    let somebody = trees.token(object).xpos == Xpos::Wp
        || trees.entity(object).is_some()
        || trees.is_agent(object)
        || cues.people.contains(trees.lemma(object));
    let kind = match class {
        Some(_) if somebody || class == Some("rioter") => ClaimKind::Designate,
        _ if trees.lemma(id) == "see" || trees.lemma(id) == "find" || trees.lemma(id) == "name" => return None,
        _ if harsh() => ClaimKind::Accuse,
        _ => ClaimKind::Position,
    };
    let label = (kind == ClaimKind::Designate).then(|| trees.span(first, last));
    Some(Claim {
        kind,
        span: clause_span(trees, id, subject),
        by,
        by_span: Some(by_span),
        toward: trees.entity(object).filter(|&t| Some(t) != by),
        label,
        class: class.filter(|_| label.is_some()),
        issue: None,
        realis: realis(trees, id, trees.is_negated(id)),
        quote: quote_of(said, trees, id),
        answers: None,
        rule: Rule::Borrowed(if label.is_some() { "claim.designate" } else { "claim.called" }),
    })
}

/// "called the militia a terrorist group", "calls the rebels' leaders terrorists", by the order of the words alone, whatever the tree made
/// of them: who is called so, and the head of what they are called.
fn in_order(trees: &Trees, rules: &Rules, id: Tok) -> Option<(Tok, Tok)> {
    const FAR: isize = 8;
    if !matches!(trees.lemma(id), "call" | "label" | "brand" | "dub" | "deem" | "declare" | "consider") || trees.is_passive(id) {
        return None;
    }
    let mut whom: Option<Tok> = None;
    let mut article = false;
    for step in 1..=FAR {
        let at = trees.near(id, step)?;
        let token = trees.token(at);
        let label = rules.labels.contains_key(&trees.lemma(at).to_lowercase());
        match token.upos {
            // What they are called starts with its article, or is a plain plural.
            Upos::Noun | Upos::Propn | Upos::Adj if label && whom.is_some() && (article || token.xpos == Xpos::Nns) => {
                let next = trees.near(at, 1).filter(|&n| trees.token(n).upos == Upos::Noun);
                return Some((whom?, next.unwrap_or(at)));
            }
            Upos::Noun | Upos::Propn if !article => whom = Some(at),
            Upos::Det if whom.is_some() => article = matches!(trees.lemma(at), "a" | "an"),
            Upos::Adj | Upos::Det | Upos::Noun | Upos::Propn => (),
            Upos::Part if token.xpos == Xpos::Pos => whom = None,
            _ => return None,
        }
    }
    None
}

/// The main clauses of what is quoted or told: their heads.
fn clauses(trees: &Trees, said: &Said) -> Vec<Tok> {
    let mut out = Vec::new();
    for span in &said.quote.content {
        let range = trees.parse.tokens_in(*span);
        for at in range.clone().take(4000) {
            let token = &trees.parse.tokens[at];
            let id = tok(at);
            let top = token.head.is_none_or(|h| !range.contains(&h.index()));
            let beside = matches!(token.deprel, Deprel::Conj | Deprel::Parataxis)
                && (trees.base_child(id, Deprel::Nsubj).is_some() || token.deprel == Deprel::Parataxis && token.xpos == Xpos::Vb)
                && token
                    .head
                    .is_some_and(|h| range.contains(&h.index()) && (trees.is_verb(h) || trees.child(h, Deprel::Cop).is_some()));
            // "He says they must go": what must be is demanded however deep it stands.
            let deep = token.deprel == Deprel::Ccomp
                && trees.base_child(id, Deprel::Nsubj).is_some()
                && trees
                    .parse
                    .dependents(id)
                    .iter()
                    .any(|&d| trees.deprel(d).base() == Deprel::Aux && matches!(trees.lemma(d), "must" | "should"));
            let verbal = (trees.is_verb(id) || trees.child(id, Deprel::Cop).is_some()) && !supposed(trees, id);
            if (top || beside || deep) && verbal {
                out.push(id);
            }
        }
    }
    out
}

/// Is it what is only supposed: "if they are honest and seek peace"?
fn supposed(trees: &Trees, id: Tok) -> bool {
    let above = (trees.deprel(id) == Deprel::Conj).then(|| trees.token(id).head).flatten().unwrap_or(id);
    trees.deprel(above) == Deprel::Advcl
        && trees.child(above, Deprel::Mark).is_some_and(|m| matches!(trees.lemma(m), "if" | "unless"))
}

/// Is the subject the speaker's own side?
fn own(trees: &Trees, said: &Said, subject: Tok) -> bool {
    let word = trees.word(subject);
    if trees.token(subject).upos == Upos::Pron {
        if ["i", "we"].iter().any(|w| word.eq_ignore_ascii_case(w)) {
            return true;
        }
        if said.quote.kind == QuoteKind::Direct {
            return false;
        }
    }
    let (Some(entity), Some(speaker)) = (trees.entity(subject), said.quote.entity) else { return false };
    if entity == speaker {
        return true;
    }
    let (theirs, ours) = (&trees.link.entities[entity.index()], &trees.link.entities[speaker.index()]);
    let state = matches!(theirs.kind, Kind::Gpe | Kind::Org) && theirs.sectors.first().is_none_or(|s| s == "GOV" || s == "MIL");
    state && theirs.country.is_some() && theirs.country == ours.country
}

fn clause(trees: &Trees, rules: &Rules, said: &Said, head: Tok) -> Option<Claim> {
    let subject = trees
        .child(head, Deprel::Nsubj)
        .or_else(|| trees.child(head, Deprel::NsubjPass))
        .or_else(|| trees.child(head, Deprel::NsubjOuter))
        .and_then(|s| trees.antecedent(s));
    let speaker = said.speaker?;
    let ours = subject.is_some_and(|s| own(trees, said, s));
    let negated = trees.is_negated(head)
        || trees.child(head, Deprel::Det).is_some_and(|d| trees.lemma(d) == "no")
        || subject.is_some_and(|s| trees.child(s, Deprel::Det).is_some_and(|d| trees.lemma(d) == "no"));
    let modal = |modals: &FxHashSet<String>| {
        trees.parse.dependents(head).iter().any(|&d| {
            trees.deprel(d).base() == Deprel::Aux
                && (modals.contains(trees.lemma(d)) || trees.word(d) == "'ll" && modals.contains("will"))
        })
    };
    let to = infinitive_of(trees, head).is_some() || trees.parse.dependents(head).iter().any(|&d| d > head && trees.has_to(d));
    let imperative = said.quote.kind == QuoteKind::Direct
        && subject.is_none()
        && trees.token(head).upos == Upos::Verb
        && trees.token(head).xpos == Xpos::Vb
        && trees.token(head).head.is_none_or(|_| matches!(trees.deprel(head), Deprel::Ccomp | Deprel::Root | Deprel::Parataxis))
        && !trees.has_to(head)
        && !trees.parse.dependents(head).iter().any(|&d| matches!(trees.deprel(d), Deprel::Aux) && trees.lemma(d) != "do");
    for rule in &rules.clauses {
        let fits = match rule.subject.as_str() {
            "self" => ours,
            "other" => subject.is_some_and(|s| trees.token(s).xpos != Xpos::Ex) && !ours,
            _ => true,
        };
        if !fits || rule.negated.is_some_and(|n| n != negated) {
            continue;
        }
        let form = match rule.form.as_str() {
            "copula" => judges(trees, head, subject),
            "imperative" => imperative,
            "infinitive" if !rule.heads.is_empty() => {
                trees.parse.dependents(head).iter().any(|&d| d > head && trees.deprel(d) == Deprel::Xcomp && trees.has_to(d))
            }
            "infinitive" => to,
            _ => true,
        };
        if !form
            || !rule.modals.is_empty() && !modal(&rule.modals)
            || !rule.heads.is_empty() && !rule.heads.contains(trees.lemma(head))
        {
            continue;
        }
        if !rule.words.is_empty() && !has_word(trees, head, &rule.words) {
            continue;
        }
        let toward = subject
            .filter(|_| rule.toward && !ours)
            .and_then(|s| trees.entity(s).or_else(|| trees.child(s, Deprel::NmodPoss).and_then(|p| trees.entity(p))));
        return Some(Claim {
            kind: rule.kind,
            span: subject.map_or_else(|| clause_span(trees, head, head), |s| clause_span(trees, head, s)),
            by: said.quote.entity,
            by_span: Some(trees.speaker(speaker)),
            toward: toward.filter(|&t| Some(t) != said.quote.entity),
            label: None,
            class: None,
            issue: None,
            realis: realis(trees, head, negated && rule.kind == ClaimKind::Position),
            quote: None,
            answers: None,
            rule: Rule::Owned(rule.name.clone()),
        });
    }
    None
}

/// The sentences of words between marks, questions and very short ones left out.
fn sentences(trees: &Trees, said: &Said) -> Vec<Span> {
    let mut out = Vec::new();
    for span in &said.quote.content {
        let range = trees.parse.tokens_in(*span);
        let mut at = range.start;
        while at < range.end && out.len() < 200 {
            let sentence = trees.parse.sentences[trees.sentence(tok(at))].tokens.clone();
            let end = sentence.end.min(range.end).max(at + 1);
            let words = (at..end).filter(|&i| trees.parse.tokens[i].upos != Upos::Punct).count();
            let part = trees.span(at, end - 1);
            let first = trees.lemma(tok(at));
            let told = (at..end).any(|i| {
                trees.parse.tokens[i].deprel == Deprel::Expl
                    || trees.parse.tokens[i].xpos == Xpos::Ex
                    || matches!(trees.lemma(tok(i)), "thank" | "inform" | "wonder")
            });
            let begun = ["while", "whenever", "when", "if", "although", "because"].iter().any(|w| first.eq_ignore_ascii_case(w))
                && part.of(trees.text).ends_with(',');
            if words > 5 && !told && !begun && !part.of(trees.text).trim_end_matches(['"', '”', ' ']).ends_with('?') {
                out.push(part);
            }
            at = end;
        }
    }
    out
}

/// The view that words between marks give, if no rule says more of them.
fn stated(trees: &Trees, cues: &Cues, rules: &Rules, said: &Said, first: Span) -> Option<(Claim, Tok)> {
    let speaker = said.speaker.filter(|&s| speaks(trees, cues, s))?;
    if said.quote.kind == QuoteKind::Indirect {
        return None;
    }
    let range = trees.parse.tokens_in(first);
    let head = range
        .clone()
        .map(tok)
        .find(|&t| trees.token(t).head.is_none_or(|h| !range.contains(&h.index())) && trees.token(t).upos != Upos::Punct)?;
    let sentence = trees.parse.sentences.get(trees.sentence(head))?.span;
    let span = Span::new(first.start(), first.end().min(sentence.end().max(first.start() + 1)));
    // Of somebody's misdeeds it is an accusation.
    let wrong = rules.clauses.iter().find(|c| c.kind == ClaimKind::Accuse);
    let harsh = range
        .take(120)
        .any(|i| wrong.is_some_and(|c| c.words.contains(trees.lemma(tok(i)))) && trees.parse.tokens[i].upos != Upos::Propn);
    let claim = Claim {
        kind: if harsh { ClaimKind::Accuse } else { ClaimKind::Position },
        span,
        by: said.quote.entity,
        by_span: Some(trees.speaker(speaker)),
        toward: None,
        label: None,
        class: None,
        issue: None,
        realis: Realis::Actual,
        quote: None,
        answers: None,
        rule: Rule::Borrowed("claim.stated"),
    };
    Some((claim, head))
}

/// Does the clause judge: something is something, but not a state or a place?
fn judges(trees: &Trees, head: Tok, subject: Option<Tok>) -> bool {
    let subject = subject.or_else(|| trees.base_child(head, Deprel::Csubj));
    let fact = matches!(
        trees.lemma(head),
        "unable"
            | "able"
            | "available"
            | "clear"
            | "sure"
            | "dead"
            | "old"
            | "injured"
            | "alive"
            | "likely"
            | "aware"
            | "present"
            | "due"
            | "year"
            | "percent"
            | "people"
    );
    let placed = trees.token(head).upos == Upos::Noun && trees.child(head, Deprel::Case).is_some();
    subject.is_some()
        && !fact
        && !placed
        && trees.child(head, Deprel::Cop).is_some()
        && matches!(trees.token(head).upos, Upos::Adj | Upos::Noun | Upos::Verb | Upos::Propn)
        && trees.child(head, Deprel::Nummod).is_none()
}

/// Is one of these words the clause's head, its object or its predicate?
fn has_word(trees: &Trees, head: Tok, words: &FxHashSet<String>) -> bool {
    let holds = |t: Tok| words.contains(trees.lemma(t));
    if holds(head) {
        return true;
    }
    trees.parse.dependents(head).iter().any(|&d| match trees.deprel(d).base() {
        Deprel::Obj | Deprel::Xcomp => {
            holds(d)
                || trees
                    .parse
                    .dependents(d)
                    .iter()
                    .any(|&e| matches!(trees.deprel(e).base(), Deprel::Amod | Deprel::Compound | Deprel::Conj) && holds(e))
        }
        Deprel::Amod | Deprel::Advmod | Deprel::Conj | Deprel::Compound => holds(d),
        Deprel::Obl | Deprel::Nmod => holds(d) && trees.child(head, Deprel::Cop).is_some(),
        _ => false,
    })
}

/// What a claim is about: the code with most words in it, the first of equals.
fn issue(trees: &Trees, rules: &Rules, span: Span) -> Option<Issue> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    let range = trees.parse.tokens_in(span);
    let mut pair = String::new();
    for at in range.take(400) {
        let lemma = trees.lemma(tok(at));
        let mut hit = rules.issues.get(lemma).map(|c| (c.as_str(), 1));
        if let Some(next) = trees.near(tok(at), 1) {
            pair.clear();
            pair.push_str(lemma);
            pair.push('_');
            pair.push_str(trees.lemma(next));
            hit = rules.issues.get(pair.as_str()).map(|c| (c.as_str(), 2)).or(hit);
        }
        if let Some((code, weight)) = hit {
            match counts.iter_mut().find(|(c, _)| *c == code) {
                Some((_, n)) => *n += weight,
                None => counts.push((code, weight)),
            }
        }
    }
    let most = counts.iter().map(|&(_, n)| n).max()?;
    counts.iter().find(|&&(_, n)| n == most).map(|(code, _)| Issue::Owned((*code).to_string()))
}

/// How far back the claim that is answered may stand, in claims.
const BACK: usize = 40;

/// Links denials and rejections to what they answer: the nearest claim before it that was made toward them, or toward
/// their side, or with the same content.
fn answers(trees: &Trees, made: &mut [Made]) {
    for at in 0..made.len() {
        let fits = |kind: ClaimKind| match made[at].claim.kind {
            ClaimKind::Deny => matches!(kind, ClaimKind::Accuse | ClaimKind::Warn),
            ClaimKind::Reject => matches!(kind, ClaimKind::Demand | ClaimKind::Offer | ClaimKind::Accuse),
            ClaimKind::Accept => matches!(kind, ClaimKind::Demand | ClaimKind::Offer),
            _ => false,
        };
        let claim = &made[at].claim;
        let side = |e: Option<Id<Entity>>| e.map(|e| &trees.link.entities[e.index()]);
        let ours = side(claim.by);
        let found = (at.saturating_sub(BACK)..at).rev().find(|&earlier| {
            let other = &made[earlier].claim;
            if !fits(other.kind) || other.by == claim.by && claim.by.is_some() {
                return false;
            }
            let theirs = side(other.toward);
            let direct = claim.by.is_some() && other.toward == claim.by;
            let state = match (ours, theirs) {
                (Some(a), Some(b)) => a.country.is_some() && a.country == b.country,
                _ => false,
            };
            direct
                || state
                || claim.toward.is_some() && claim.toward == other.by && overlap(trees, claim.span, other.span) >= 1
                || overlap(trees, claim.span, other.span) >= 3
        });
        made[at].claim.answers = found.map(Id::new);
    }
}

/// How many content words two spans share.
fn overlap(trees: &Trees, a: Span, b: Span) -> usize {
    let content = |span: Span| {
        trees
            .parse
            .tokens_in(span)
            .take(120)
            .map(tok)
            .filter(|&t| matches!(trees.token(t).upos, Upos::Noun | Upos::Propn | Upos::Verb))
    };
    let first: FxHashSet<&str> = content(a).map(|t| trees.lemma(t)).collect();
    let second: FxHashSet<&str> = content(b).map(|t| trees.lemma(t)).collect();
    second.iter().filter(|w| first.contains(*w)).count()
}
