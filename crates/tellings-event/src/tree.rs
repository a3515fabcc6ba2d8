//! Subjects, objects and obliques of a trigger: what the trees say outright, and what control, coordination, relative
//! clauses, participles and light verbs leave unsaid.

use crate::rules::{Classes, Table, Test, Word};
use tellings_doc::{Deprel, Id, Kind, Link, Parse, Time, Token, Upos, Xpos};

/// Position of a token in the parse layer.
pub(crate) type Tok = usize;

/// No more steps than this along unsaid subjects and governors.
const STEPS: usize = 6;

/// Classes the engine itself looks at.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Known {
    pub(crate) light: Classes,
    pub(crate) join: Classes,
    pub(crate) human: Classes,
    pub(crate) subject_control: Classes,
    pub(crate) transparent: Classes,
    pub(crate) happen: Classes,
    pub(crate) say: Classes,
    pub(crate) intend: Classes,
    pub(crate) fail: Classes,
    pub(crate) implicative: Classes,
    pub(crate) possible: Classes,
    pub(crate) notion: Classes,
    pub(crate) blame: Classes,
    pub(crate) claim: Classes,
    pub(crate) deny: Classes,
    pub(crate) thing: Classes,
    pub(crate) wrong: Classes,
    pub(crate) war: Classes,
    pub(crate) act: Classes,
    pub(crate) political: Classes,
    pub(crate) outlet: Classes,
    pub(crate) politics: Classes,
    pub(crate) accident: Classes,
    pub(crate) part: Classes,
    pub(crate) truce: Classes,
    pub(crate) talk: Classes,
    pub(crate) agreement: Classes,
    pub(crate) bad: Classes,
    pub(crate) inquiry: Classes,
    pub(crate) campaign: Classes,
    pub(crate) force: Classes,
    pub(crate) site: Classes,
    pub(crate) seal: Classes,
    pub(crate) strike_place: Classes,
    pub(crate) scene: Classes,
    pub(crate) host: Classes,
    pub(crate) perpetrate: Classes,
}

impl Known {
    pub(crate) fn new(table: &Table) -> Known {
        let bit = |name: &str| table.class(name).map_or(0, |class| 1 << class);
        Known {
            light: bit("light"),
            join: bit("join"),
            human: bit("human"),
            subject_control: bit("subject-control"),
            transparent: bit("transparent"),
            part: bit("part"),
            happen: bit("happen"),
            say: bit("say"),
            intend: bit("intend"),
            fail: bit("fail"),
            implicative: bit("implicative"),
            possible: bit("possible"),
            notion: bit("notion"),
            blame: bit("blame"),
            claim: bit("claim"),
            deny: bit("deny"),
            thing: bit("thing"),
            wrong: bit("wrong"),
            war: bit("war"),
            act: bit("act"),
            outlet: bit("outlet"),
            politics: bit("politics"),
            accident: bit("accident"),
            truce: bit("truce"),
            talk: bit("talk"),
            agreement: bit("agreement"),
            bad: bit("bad"),
            inquiry: bit("inquiry-word"),
            campaign: bit("campaign-word"),
            force: bit("force-word"),
            site: bit("site"),
            seal: bit("seal"),
            strike_place: bit("strike-place"),
            scene: bit("scene"),
            host: bit("host"),
            perpetrate: bit("perpetrate"),
            political: bit("political") | bit("troops") | bit("police-force") | bit("office"),
        }
    }
}

/// Trees with the rule words of their tokens.
pub(crate) struct Trees<'a> {
    pub(crate) parse: &'a Parse,
    pub(crate) table: &'a Table,
    pub(crate) known: Known,
    /// Rule word of each token.
    pub(crate) words: Vec<Word>,
    /// Does the token start with a capital letter?
    pub(crate) capital: Vec<bool>,
    /// Is the token part of a time expression?
    pub(crate) timed: Vec<bool>,
    /// Smallest mention with its head on the token, plus 1; 0 = none.
    pub(crate) mentions: Vec<u32>,
    /// Is it a plural that names people by their nation or faith?
    peoples: Vec<bool>,
}

/// The lemma of past forms that the lemmatiser leaves as they are.
fn irregular(form: &str) -> Option<&'static str> {
    Some(match form {
        "shot" => "shoot",
        "overthrew" | "overthrown" | "overthraw" => "overthrow",
        "struck" => "strike",
        "fought" => "fight",
        "froze" | "frozen" => "freeze",
        "withdrew" | "withdrawn" => "withdraw",
        "slew" | "slain" => "slay",
        "forbade" => "forbid",
        "sought" => "seek",
        "blew" | "blown" => "blow",
        "threw" | "thrown" => "throw",
        "sank" | "sunk" => "sink",
        "held" => "hold",
        "met" => "meet",
        "swore" | "sworn" => "swear",
        "broke" | "broken" => "break",
        "overran" => "overrun",
        "beaten" => "beat",
        _ => return None,
    })
}

/// The rule word of a token: of its lemma or, where the lemma is none of a rule, of its form without an ending.
fn word_of(parse: &Parse, table: &Table, text: &str, t: Tok) -> Word {
    let token = &parse.tokens[t];
    // "foreign powers" are states, "power" is none.
    if parse.lemma(Id::new(t)) == "power" && token.span.of(text) == "powers" {
        return table.word("powers");
    }
    let word = match irregular(parse.lemma(Id::new(t))) {
        Some(lemma) if token.upos != Upos::Noun => table.word(lemma),
        _ => table.word(parse.lemma(Id::new(t))),
    };
    if word != 0 || !matches!(token.upos, Upos::Verb | Upos::Noun | Upos::Propn | Upos::Adj) {
        return word;
    }
    let form = token.span.of(text);
    if form == parse.lemma(Id::new(t)) && !form.ends_with('s') || !form.is_ascii() {
        return 0;
    }
    let word = table.word(irregular(form).unwrap_or(form));
    if word != 0 {
        return word;
    }
    for ending in ["s", "es", "ed", "d", "ing"] {
        if let Some(stem) = form.strip_suffix(ending)
            && stem.len() > 2
        {
            let word = table.word(stem);
            if word != 0 {
                return word;
            }
        }
    }
    0
}

/// "artillery fire", "fire from the ridge's guns", and no blaze.
fn is_shooting(parse: &Parse, fire: Id<Token>) -> bool {
    const WITH: [&str; 29] = [
        "artillery",
        "mortar",
        "rocket",
        "sniper",
        "tank",
        "machine-gun",
        "gun",
        "machinegun",
        "shell",
        "missile",
        "enemy",
        "hostile",
        "small-arms",
        "arm",
        "automatic",
        "rifle",
        "army",
        "police",
        "heavy",
        "retaliatory",
        "return",
        "incoming",
        "cross-border",
        "anti-aircraft",
        "cannon",
        "howitzer",
        "indirect",
        "rebel",
        "government",
    ];
    parse.dependents(fire).iter().any(|&d| {
        let fits = matches!(parse.tokens[d.index()].deprel, Deprel::Compound | Deprel::Amod | Deprel::NmodPoss);
        // "Israeli fire"
        let nation = parse.tokens[d.index()].upos == Upos::Adj && parse.lemma(d).starts_with(char::is_uppercase);
        fits && (nation || WITH.contains(&parse.lemma(d).to_lowercase().as_str()))
    })
}

/// Words somebody puts out, which then speak for whoever did: "a letter urging".
fn is_statement(lemma: &str) -> bool {
    matches!(
        lemma,
        "statement"
            | "letter"
            | "resolution"
            | "petition"
            | "declaration"
            | "communique"
            | "communiqué"
            | "message"
            | "tweet"
            | "note"
            | "report"
            | "memo"
            | "memorandum"
            | "speech"
            | "address"
            | "article"
            | "motion"
            | "order"
            | "decree"
            | "bill"
            | "law"
            | "placard"
            | "banner"
            | "sign"
            | "post"
            | "release"
            | "warning"
            | "appeal"
    )
}

impl<'a> Trees<'a> {
    pub(crate) fn new(text: &str, parse: &'a Parse, table: &'a Table, known: Known, link: &Link, times: &[Time]) -> Trees<'a> {
        let mut timed = vec![false; parse.tokens.len()];
        for time in times {
            timed[parse.tokens_in(time.span)].fill(true);
        }
        let mut words: Vec<Word> = (0..parse.tokens.len()).map(|t| word_of(parse, table, text, t)).collect();
        let gunfire = table.word("gunfire");
        for (t, word) in words.iter_mut().enumerate() {
            if parse.tokens[t].upos == Upos::Noun && parse.lemma(Id::new(t)) == "fire" && is_shooting(parse, Id::new(t)) {
                *word = gunfire;
            }
        }
        let mut mentions = vec![0u32; parse.tokens.len()];
        for (i, mention) in link.mentions.iter().enumerate() {
            for t in parse.tokens_in(mention.head) {
                let old = mentions[t] as usize;
                if old == 0 || link.mentions[old - 1].span.len() > mention.span.len() {
                    mentions[t] = i as u32 + 1;
                }
            }
        }
        let plural = |t: usize| matches!(parse.tokens[t].xpos, Xpos::Nnps | Xpos::Nns);
        let peoples = (mentions.iter().enumerate())
            .map(|(t, &m)| m > 0 && link.mentions[m as usize - 1].kind == Kind::Norp && plural(t))
            .collect();
        let capital = parse.tokens.iter().map(|t| t.span.of(text).starts_with(char::is_uppercase)).collect();
        Trees { parse, table, known, words, capital, timed, mentions, peoples }
    }

    pub(crate) fn token(&self, t: Tok) -> &Token {
        &self.parse.tokens[t]
    }

    pub(crate) fn head(&self, t: Tok) -> Option<Tok> {
        self.token(t).head.map(Id::index)
    }

    pub(crate) fn lemma(&self, t: Tok) -> &'a str {
        self.parse.lemma(Id::new(t))
    }

    pub(crate) fn deps(&self, t: Tok) -> impl Iterator<Item = Tok> + use<'a> {
        self.parse.dependents(Id::new(t)).iter().map(|d| d.index())
    }

    pub(crate) fn deprel(&self, t: Tok) -> Deprel {
        self.token(t).deprel
    }

    pub(crate) fn dep(&self, t: Tok, relation: Deprel) -> Option<Tok> {
        self.deps(t).find(|&d| self.deprel(d) == relation)
    }

    pub(crate) fn is(&self, t: Tok, classes: Classes) -> bool {
        self.table.classes.get(self.words[t] as usize).is_some_and(|c| c & classes != 0)
    }

    pub(crate) fn is_verb(&self, t: Tok) -> bool {
        self.token(t).upos == Upos::Verb
    }

    pub(crate) fn is_nominal(&self, t: Tok) -> bool {
        matches!(self.token(t).upos, Upos::Noun | Upos::Propn | Upos::Pron | Upos::Num)
    }

    pub(crate) fn is_relative(&self, t: Tok) -> bool {
        matches!(self.token(t).xpos, Xpos::Wdt | Xpos::Wp | Xpos::WpPoss)
            || self.token(t).feats.get("PronType") == Some("Rel")
            || (self.token(t).upos == Upos::Pron && self.lemma(t) == "that" && self.token(t).deprel.base() == Deprel::Nsubj)
    }

    /// The preposition of a phrase: the first `case` word of its head.
    pub(crate) fn case(&self, t: Tok) -> Option<Tok> {
        self.deps(t).find(|&d| self.deprel(d) == Deprel::Case && self.token(d).xpos != Xpos::Pos)
    }

    /// Is a verb passive, by its own words or its form?
    pub(crate) fn passive(&self, v: Tok) -> bool {
        self.passive_in(v, STEPS)
    }

    fn passive_in(&self, v: Tok, steps: usize) -> bool {
        let token = self.token(v);
        if self.slipped(v).is_some() {
            return false;
        }
        // "had spoken by telephone": with "have" and without "be" it is active, whatever the tree says of its subject.
        let helped = |lemmas: &[&str]| self.deps(v).any(|d| self.token(d).upos == Upos::Aux && lemmas.contains(&self.lemma(d)));
        if helped(&["have"]) && !helped(&["be", "get"]) {
            return false;
        }
        let be = self.deps(v).any(|d| self.deprel(d) == Deprel::AuxPass);
        // "Thousands marched", taken for a passive: a past tense without auxiliary is active.
        if token.xpos == Xpos::Vbd && !self.deps(v).any(|d| self.token(d).upos == Upos::Aux) {
            return false;
        }
        if be || self.deps(v).any(|d| matches!(self.deprel(d), Deprel::NsubjPass | Deprel::CsubjPass)) {
            return true;
        }
        // "was shot" where the tagger took the participle for an adjective.
        if token.upos == Upos::Adj {
            return self.dep(v, Deprel::Cop).is_some();
        }
        if token.xpos != Xpos::Vbn {
            return false;
        }
        if self.deps(v).any(|d| matches!(self.deprel(d), Deprel::Aux | Deprel::Nsubj | Deprel::Obj)) {
            return self.deps(v).any(|d| self.deprel(d) == Deprel::OblAgent) && self.dep(v, Deprel::Obj).is_none();
        }
        match token.deprel {
            Deprel::Conj => self.head(v).is_some_and(|h| {
                h < v && self.is_verb(h) && self.token(h).xpos == Xpos::Vbn && steps > 0 && self.passive_in(h, steps - 1)
            }),
            Deprel::Acl | Deprel::Amod => !self.main_verb(v),
            // What nothing can be done to: "then returned".
            Deprel::Advcl | Deprel::Parataxis | Deprel::Ccomp
                if matches!(
                    self.lemma(v),
                    "return"
                        | "arrive"
                        | "come"
                        | "go"
                        | "retreat"
                        | "flee"
                        | "march"
                        | "meet"
                        | "resign"
                        | "advance"
                        | "fall"
                        | "rise"
                ) =>
            {
                false
            }
            _ => true,
        }
    }

    /// A verb that the parser took for a participle ("The rebels / retreated from the city"): it hangs on the first word
    /// of a sentence that has no verb else, and nobody does it "by".
    fn main_verb(&self, v: Tok) -> bool {
        let Some(head) = self.head(v) else { return false };
        if self.deprel(head) != Deprel::Root || head > v || self.prep(v, "by").is_some() {
            return false;
        }
        self.parse.sentence_of(Id::new(v)).is_some_and(|s| {
            s.tokens.len() < 200
                && !s.tokens.clone().any(|t| matches!(self.token(t).xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbp | Xpos::Md))
        })
    }

    /// "Guards tortured detainees" read as one noun phrase: the words before and after a participle in a sentence that has
    /// no finite verb, as who does it and to whom.
    pub(crate) fn slipped(&self, v: Tok) -> Option<(Tok, Tok)> {
        if self.deprel(v) != Deprel::Amod || !matches!(self.token(v).xpos, Xpos::Vbn | Xpos::Vbd) {
            return None;
        }
        let object = self.head(v).filter(|&h| h > v && h < v + 6)?;
        // "have alleged Iranian involvement", "the police used water cannons": an auxiliary or a subject of its own.
        if let Some(own) = self.dep(v, Deprel::Nsubj).filter(|&s| s < v) {
            return Some((own, object));
        }
        if v > 1 && self.lemma(v - 1) == "have" && self.token(v - 1).upos == Upos::Aux && self.is_nominal(v - 2) {
            // "…, but both X and Y have alleged": no further up than the "but".
            let mut first = v - 2;
            for _ in 0..4 {
                let but = self.deps(first).any(|d| self.deprel(d) == Deprel::Cc && self.lemma(d) == "but");
                let Some(up) = self.head(first).filter(|_| self.deprel(first) == Deprel::Conj && !but) else { break };
                first = up;
            }
            return Some((first, object));
        }
        let subject = self.deps(object).find(|&d| {
            d < v && (self.deprel(d) == Deprel::Nsubj || d + 1 == v && self.deprel(d) == Deprel::Compound) && self.human(d)
        })?;
        let sentence = self.parse.sentence_of(Id::new(v))?;
        let finite = |t: Tok| matches!(self.token(t).xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbp | Xpos::Md) && t != v;
        (sentence.tokens.len() < 200 && !sentence.tokens.clone().any(finite)).then_some((subject, object))
    }

    /// "to extradite accused criminals", "among pledged delegates": a participle that only describes the noun after it.
    pub(crate) fn attributive(&self, v: Tok) -> bool {
        let plain = self.token(v).xpos == Xpos::Vbn
            && !self.deps(v).any(|d| matches!(self.deprel(d).base(), Deprel::Aux | Deprel::Nsubj | Deprel::Mark));
        let Some(sentence) = self.parse.sentence_of(Id::new(v)).filter(|_| plain) else { return false };
        let before = (v > sentence.tokens.start).then(|| self.token(v - 1).upos);
        let after = (v + 1 < sentence.tokens.end).then(|| self.token(v + 1).upos);
        matches!(before, Some(Upos::Verb | Upos::Adp | Upos::Det))
            && matches!(after, Some(Upos::Noun))
            && self.is_verb(v)
            && self.token(v - 1).xpos != Xpos::Wdt
    }

    /// The noun a relative clause or participle hangs on.
    fn antecedent(&self, v: Tok) -> Option<Tok> {
        let mut at = v;
        for _ in 0..STEPS {
            match self.deprel(at) {
                Deprel::Acl | Deprel::AclRelcl => return self.head(at),
                Deprel::Conj | Deprel::Xcomp | Deprel::Ccomp => at = self.head(at)?,
                _ => return None,
            }
        }
        None
    }

    /// A relative pronoun's noun; anything else itself.
    fn resolved(&self, t: Tok, v: Tok) -> Tok {
        if !self.is_relative(t) {
            return t;
        }
        let far = self.antecedent(v);
        let near = || self.noun_before(t);
        // "with the exception of Cyprus, which": the name just before rather than a thing further off.
        if let (Some(far), Some(near)) = (far, near())
            && near > far
            && !self.human(far)
            && self.mentions[near] > 0
            && self.token(near).upos == Upos::Propn
            && self.dep(v, Deprel::Obj) == Some(t)
        {
            return near;
        }
        far.or_else(near).unwrap_or(t)
    }

    /// The noun just before a relative pronoun, a comma aside.
    fn noun_before(&self, t: Tok) -> Option<Tok> {
        let before = (t.saturating_sub(3)..t).rev().find(|&b| self.is_nominal(b))?;
        // Up from the last word of a name or compound to its head.
        let mut at = before;
        for _ in 0..3 {
            match self.head(at) {
                Some(head) if matches!(self.deprel(at), Deprel::Flat | Deprel::Compound) && self.is_nominal(head) => at = head,
                _ => break,
            }
        }
        Some(at)
    }

    /// The subject a reader would name for a verb, said or unsaid. Of a passive: what it is done to.
    pub(crate) fn subject(&self, v: Tok) -> Option<Tok> {
        self.subject_in(v, STEPS)
    }

    /// The nearest word before a finite verb that can be its subject: where the tree gives it none.
    fn subject_before(&self, v: Tok) -> Option<Tok> {
        let slipped = self.token(v).xpos == Xpos::Vbn && self.deprel(v) == Deprel::Root && self.dep(v, Deprel::Obj).is_some();
        if !matches!(self.token(v).xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbp)
            && !slipped
            && !self.deps(v).any(|d| self.deprel(d).base() == Deprel::Aux)
        {
            return None;
        }
        let start = self.parse.sentence_of(Id::new(v))?.tokens.start;
        for t in (start.max(v.saturating_sub(14))..v).rev() {
            if self.is_verb(t) || matches!(self.token(t).upos, Upos::Sconj) {
                return None;
            }
            let whole = !matches!(self.deprel(t), Deprel::Flat | Deprel::Compound | Deprel::NmodPoss | Deprel::Amod)
                && self.case(t).is_none();
            let fits = !matches!(self.deprel(t), Deprel::OblUnmarked | Deprel::OblAgent);
            if whole && self.is_nominal(t) && self.human(t) && !self.timed[t] && fits {
                return Some(t);
            }
        }
        None
    }

    fn subject_in(&self, v: Tok, steps: usize) -> Option<Tok> {
        let own = self.deps(v).find(|&d| matches!(self.deprel(d), Deprel::Nsubj | Deprel::NsubjPass | Deprel::NsubjOuter));
        if let Some(own) = own {
            return Some(self.resolved(own, v));
        }
        let steps = steps.checked_sub(1)?;
        let head = self.head(v)?;
        match self.deprel(v) {
            Deprel::Conj | Deprel::Parataxis if self.deprel(v) == Deprel::Conj => {
                // "X was seized and taken away" shares the subject of a passive only with a passive.
                if !self.is_nominal(head) && self.passive(head) == self.passive(v) {
                    self.subject_in(head, steps)
                } else if !self.is_nominal(head) {
                    self.subject_in(head, steps).filter(|_| !self.passive(head) || !self.passive(v))
                } else if self.dep(v, Deprel::Obj).is_some() && matches!(self.token(v).xpos, Xpos::Vbd | Xpos::Vbn) {
                    // "labelled X a terrorist and levied sanctions": coordinated with the noun before it instead of the verb.
                    let up = self.head(head).filter(|&u| self.is_verb(u) && u < head && self.deprel(head) != Deprel::Nsubj)?;
                    self.subject_in(up, steps).filter(|_| !self.passive(up))
                } else {
                    None
                }
            }
            Deprel::Xcomp => self.controller(head, steps),
            Deprel::Advcl | Deprel::AdvclRelcl => {
                if self.is_verb(head) && self.infinitive(v) {
                    self.called_on(head).or_else(|| self.subject_in(head, steps))
                } else {
                    // "video showed marchers throwing stones": who is seen doing it.
                    // "accused Chad on Monday of shelling a village": so is who is accused of it.
                    let seen = matches!(
                        self.lemma(head),
                        "show" | "see" | "capture" | "film" | "record" | "depict" | "catch" | "accuse" | "suspect" | "blame"
                    ) && self.token(v).xpos == Xpos::Vbg;
                    let whom = self
                        .dep(head, Deprel::Obj)
                        .filter(|&o| seen && o < v && (self.human(o) || self.transparent_of(o).is_some()));
                    // "..., killing four": the clause's own subject.
                    whom.or_else(|| self.subject_in(head, steps))
                }
            }
            Deprel::Amod if head < v => Some(head),
            Deprel::Acl => {
                if self.infinitive(v) {
                    self.noun_subject(head, steps)
                } else if is_statement(self.lemma(head))
                    && self.token(v).xpos == Xpos::Vbg
                    && let Some(author) = self.author(head, steps)
                {
                    Some(author)
                } else if !self.human(head)
                    && let Some(near) = self.noun_before(v).filter(|&n| n > head && self.human(n))
                {
                    // "reports of a marcher being shot"
                    Some(near)
                } else {
                    Some(head)
                }
            }
            Deprel::AclRelcl => None,
            Deprel::Ccomp if self.infinitive(v) => self.controller(head, steps),
            _ => None,
        }
    }

    /// Who issued a statement: "signed a letter urging", "in a resolution by the council condemning".
    fn author(&self, n: Tok, steps: usize) -> Option<Tok> {
        let own = self.noun_subject(n, steps);
        own.filter(|&a| self.human(a)).or_else(|| {
            // "a statement was issued by the ministry condemning"
            let verb = self.head(n).filter(|&h| self.is_verb(h) && self.deprel(n) == Deprel::NsubjPass)?;
            self.by(verb)
        })
    }

    pub(crate) fn infinitive(&self, v: Tok) -> bool {
        self.deps(v).any(|d| self.deprel(d) == Deprel::Mark && self.token(d).xpos == Xpos::To)
    }

    /// "call on X to", "appeal to X to": X.
    fn called_on(&self, v: Tok) -> Option<Tok> {
        let obj = self.dep(v, Deprel::Obj).or_else(|| self.dep(v, Deprel::Iobj));
        if obj.is_some_and(|o| self.mentions[o] > 0 || self.is(o, self.known.human)) {
            return obj;
        }
        if !matches!(self.lemma(v), "call" | "appeal" | "plead" | "look" | "turn" | "push" | "press" | "pray") {
            return None;
        }
        self.deps(v).find(|&d| {
            self.deprel(d) == Deprel::Obl
                && self.case(d).is_some_and(|c| matches!(self.lemma(c), "on" | "upon" | "to" | "with" | "for"))
                && (self.mentions[d] > 0 || self.is(d, self.known.human))
        })
    }

    /// Who does the complement of a verb: its object, unless the verb is one of promising.
    fn controller(&self, g: Tok, steps: usize) -> Option<Tok> {
        if !self.is(g, self.known.subject_control)
            && let Some(object) = self.called_on(g).or_else(|| self.dep(g, Deprel::Obj))
        {
            return Some(self.resolved(object, g));
        }
        if self.is_nominal(g) { self.noun_subject(g, steps) } else { self.subject_in(g, steps) }
    }

    /// Who has a plan, a vow, a decision: possessor, nationality before it, or subject of its light verb.
    fn noun_subject(&self, n: Tok, steps: usize) -> Option<Tok> {
        let poss = self.dep(n, Deprel::NmodPoss);
        let by = || {
            self.deps(n).find(|&d| {
                self.deprel(d).base() == Deprel::Nmod && self.case(d).is_some_and(|c| matches!(self.lemma(c), "by" | "from"))
            })
        };
        let before = || self.deps(n).find(|&d| matches!(self.deprel(d), Deprel::Compound | Deprel::Amod) && self.mentions[d] > 0);
        poss.or_else(by).or_else(before).or_else(|| {
            let head = self.head(n)?;
            match self.deprel(n) {
                Deprel::Obj | Deprel::Obl | Deprel::Xcomp if self.is_verb(head) => self.agent_in(head, steps.checked_sub(1)?),
                _ if self.dep(n, Deprel::Cop).is_some() => self.dep(n, Deprel::Nsubj),
                _ => None,
            }
        })
    }

    /// Who does a verb.
    pub(crate) fn agent(&self, v: Tok) -> Option<Tok> {
        self.agent_in(v, STEPS)
    }

    fn agent_in(&self, v: Tok, steps: usize) -> Option<Tok> {
        if let Some((subject, _)) = self.slipped(v) {
            return Some(subject);
        }
        if self.passive(v) {
            return self.by(v);
        }
        let clause = matches!(self.deprel(v), Deprel::Advcl | Deprel::Ccomp | Deprel::Parataxis);
        let finite = matches!(self.token(v).xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbp);
        let own = self.deps(v).any(|d| self.deprel(d).base() == Deprel::Nsubj);
        if clause
            && finite
            && !own
            && let Some(before) = self.subject_before(v)
        {
            return Some(before);
        }
        match self.subject_in(v, steps) {
            Some(subject) if !self.timed[subject] => Some(subject),
            _ => self.subject_before(v),
        }
    }

    /// After "by": of the verb, or of the last of several verbs, or, where the tree lost it, of the words just after.
    fn by(&self, v: Tok) -> Option<Tok> {
        let own = self.dep(v, Deprel::OblAgent).or_else(|| self.prep(v, "by")).filter(|&d| !self.is_verb(d));
        if own.is_some() {
            return own;
        }
        let shared = self.deps(v).find(|&d| self.deprel(d) == Deprel::Conj && self.is_verb(d));
        if let Some(agent) = shared.and_then(|d| self.dep(d, Deprel::OblAgent)) {
            return Some(agent);
        }
        let end = self.parse.sentence_of(Id::new(v)).map_or(v, |s| s.tokens.end);
        for t in v + 1..end.min(v + 7) {
            let noun = self.token(t).upos == Upos::Noun && !self.timed[t] && self.mentions[t] == 0;
            if self.is_verb(t) || self.token(t).upos == Upos::Punct || noun {
                return None;
            }
            if self.lemma(t) == "by" && self.deprel(t) == Deprel::Case {
                return self.head(t).filter(|&h| self.is_nominal(h) && self.human(h) && !self.timed[h]);
            }
        }
        None
    }

    /// A dependent phrase with this preposition.
    pub(crate) fn prep(&self, t: Tok, preposition: &str) -> Option<Tok> {
        self.deps(t).find(|&d| {
            matches!(self.deprel(d).base(), Deprel::Obl | Deprel::Nmod | Deprel::Obj)
                && self.case(d).is_some_and(|c| self.lemma(c) == preposition)
        })
    }

    /// The dependent phrases and clauses with the preposition of this rule word.
    pub(crate) fn phrases(&self, t: Tok, preposition: Word) -> impl Iterator<Item = Tok> {
        self.deps(t).filter(move |&d| match self.deprel(d).base() {
            Deprel::Obl | Deprel::Nmod | Deprel::Obj => self.case(d).is_some_and(|c| self.words[c] == preposition),
            Deprel::Advcl | Deprel::Acl => self.deps(d).any(|m| self.deprel(m) == Deprel::Mark && self.words[m] == preposition),
            _ => false,
        })
    }

    /// The owner before a noun ("the North's submarine-launched missile test") where the tree cut the phrase: the nearest
    /// possessive name with no finite verb between.
    pub(crate) fn owner_before(&self, n: Tok) -> Option<Tok> {
        let start = self.parse.sentence_of(Id::new(n))?.tokens.start;
        for t in (start.max(n.saturating_sub(8))..n).rev() {
            if matches!(self.token(t).xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbp | Xpos::Comma | Xpos::In) {
                return None;
            }
            let named = self.mentions[t] > 0 || self.token(t).upos == Upos::Propn && self.capital[t];
            if named && !self.timed[t] && self.deps(t).any(|d| self.token(d).xpos == Xpos::Pos) {
                return Some(t);
            }
        }
        None
    }

    /// A phrase with this preposition that stands right after a word (a time aside) though the tree hangs it elsewhere.
    pub(crate) fn phrase_after(&self, t: Tok, preposition: Word) -> Option<Tok> {
        let end = self.parse.sentence_of(Id::new(t)).map_or(t, |s| s.tokens.end);
        let next = (t + 1..end.min(t + 5)).find(|&n| !self.timed[n])?;
        if self.words[next] == preposition && self.deprel(next) == Deprel::Case {
            return self.head(next).filter(|&h| h > next && self.is_nominal(h));
        }
        // A preposition that the parser took for a conjunction: the name after it.
        if self.words[next] == preposition && self.deprel(next) == Deprel::Mark {
            return (next + 1..end.min(next + 4)).find(|&n| self.mentions[n] > 0 && self.is_nominal(n) && self.human(n));
        }
        // "the killing of X by Y"
        if self.is_nominal(t) && self.table.word("by") == preposition {
            let by = (t + 1..end.min(t + 11))
                .take_while(|&n| !self.is_verb(n) && self.token(n).upos != Upos::Punct)
                .find(|&n| self.lemma(n) == "by" && self.deprel(n) == Deprel::Case)?;
            return self.head(by).filter(|&h| h > by && self.is_nominal(h) && self.human(h));
        }
        None
    }

    /// To whom or what a verb is done.
    pub(crate) fn patient(&self, v: Tok) -> Option<Tok> {
        if let Some((_, object)) = self.slipped(v) {
            return Some(object);
        }
        if self.passive(v) {
            return self.subject(v);
        }
        let own =
            self.deps(v).find(|&d| self.deprel(d) == Deprel::Obj && (d > v || self.is_relative(d)) && self.case(d).is_none());
        // "handed over a fugitive" read as "over a fugitive".
        let own = own.or_else(|| {
            let next = self.words.get(v + 1).copied().unwrap_or(0);
            let after = || {
                self.deps(v).find(|&d| {
                    d > v && matches!(self.deprel(d), Deprel::Obj | Deprel::Obl) && self.case(d) == Some(v + 1) && !self.timed[d]
                })
            };
            if self.table.phrasal(self.words[v], next) { after() } else { None }
        });
        // "deported more than a thousand migrants" read as "more".
        let own = own.map(|o| {
            let measure = matches!(self.lemma(o), "more" | "much" | "many" | "less" | "few") && self.token(o).upos == Upos::Adj;
            let counted = |d: &Tok| {
                *d > o
                    && *d < o + 8
                    && self.deprel(*d) == Deprel::Obl
                    && self.case(*d).is_none()
                    && self.token(*d).upos == Upos::Noun
                    && !self.timed[*d]
            };
            if measure { self.deps(v).find(counted).unwrap_or(o) } else { o }
        });
        if let Some(own) = own {
            return Some(self.resolved(own, v)).filter(|&o| o == own || !self.is_occasion(o));
        }
        if let Some(asked) = self.dep(v, Deprel::Iobj).filter(|_| self.dep(v, Deprel::Obj).is_none()) {
            return Some(asked);
        }
        // "arrested nine activists", "backed the bid to": objects that the tree took for something else.
        let bare = self.deps(v).find(|&d| {
            d > v
                && d < v + 8
                && matches!(self.deprel(d), Deprel::Obl | Deprel::Xcomp)
                && matches!(self.token(d).upos, Upos::Noun | Upos::Propn)
                && self.case(d).is_none()
                && !self.timed[d]
                && self.dep(d, Deprel::Cop).is_none()
                && !self.is_occasion(d)
        });
        if bare.is_some() && !self.deps(v).any(|d| self.deprel(d) == Deprel::CompoundPrt) {
            return bare;
        }
        // "Gunmen wounded two policemen" read as one noun phrase: the object hangs on the subject.
        if self.deprel(v) == Deprel::Amod
            && let Some(head) = self.head(v).filter(|&h| h < v)
        {
            return self.deps(head).find(|&d| {
                d > v && matches!(self.deprel(d).base(), Deprel::Obj | Deprel::Obl | Deprel::Nmod) && self.case(d).is_none()
            });
        }
        // "the statement X issued": the object is the noun.
        if self.deprel(v) == Deprel::AclRelcl && self.dep(v, Deprel::Nsubj).is_some_and(|s| !self.is_relative(s)) {
            return self.head(v).filter(|&h| !self.is_occasion(h));
        }
        // "X seized and killed Y": shared object.
        if let Some(conj) = self.deps(v).find(|&d| self.deprel(d) == Deprel::Conj && self.is_verb(d))
            && conj == v + 2
        {
            return self.dep(conj, Deprel::Obj);
        }
        None
    }

    /// "the last time they met": the noun of such a clause says when or where, not whom.
    pub(crate) fn is_occasion(&self, n: Tok) -> bool {
        matches!(self.lemma(n), "time" | "day" | "week" | "month" | "year" | "moment" | "occasion" | "place" | "way" | "reason")
    }

    /// The light verb a noun belongs to: "launch" of "launched an attack", "hold" of "talks were held", "carry" of
    /// "an attack carried out by". `None` if it has none.
    pub(crate) fn light(&self, n: Tok) -> Option<Tok> {
        let n = self.first_conjunct(n);
        // "a series of attacks", "a round of talks"
        let n = match self.head(n) {
            Some(h) if self.deprel(n) == Deprel::Nmod && self.is(h, self.known.transparent) => h,
            _ => n,
        };
        if let Some(head) = self.head(n)
            && self.is_verb(head)
        {
            let fits = match self.deprel(n) {
                Deprel::Obj | Deprel::NsubjPass => {
                    self.is(head, self.known.light) || self.is(n, self.known.talk) && self.is(head, self.known.part)
                }
                Deprel::Obl => {
                    (self.is(head, self.known.join) || self.is(n, self.known.talk) && self.is(head, self.known.part))
                        && !self.case(n).is_some_and(|c| matches!(self.lemma(c), "against" | "about" | "over" | "despite" | "of"))
                }
                _ => false,
            };
            if fits {
                return Some(head);
            }
            if self.deprel(n) == Deprel::Obj && self.is(head, self.known.join) {
                return Some(head);
            }
        }
        // "gave the junta an ultimatum" read as an apposition.
        if let Some(head) = self.head(n)
            && self.deprel(n) == Deprel::Appos
            && matches!(self.deprel(head), Deprel::Iobj | Deprel::Obj)
            && let Some(verb) = self.head(head).filter(|&v| self.is_verb(v) && self.lemma(v) == "give")
        {
            return Some(verb);
        }
        self.deps(n).find(|&d| {
            matches!(self.deprel(d), Deprel::Acl | Deprel::AclRelcl) && self.is_verb(d) && self.is(d, self.known.light)
        })
    }

    /// The first of coordinated words.
    pub(crate) fn first_conjunct(&self, t: Tok) -> Tok {
        let mut at = t;
        for _ in 0..8 {
            match self.head(at) {
                Some(head) if self.deprel(at) == Deprel::Conj => at = head,
                _ => break,
            }
        }
        at
    }

    /// A word and those coordinated with it.
    pub(crate) fn conjuncts(&self, t: Tok, out: &mut Vec<Tok>) {
        let from = out.len();
        out.push(t);
        let mut at = from;
        while at < out.len() && out.len() < from + 24 {
            let next = out[at];
            let but = |d: Tok| self.deps(d).any(|c| self.deprel(c) == Deprel::Cc && self.lemma(c) == "but");
            out.extend(self.deps(next).filter(|&d| self.deprel(d) == Deprel::Conj && !self.is_verb(d) && !but(d)).take(20));
            at += 1;
        }
        out[from..].sort_unstable();
    }

    pub(crate) fn fits(&self, t: Option<Tok>, tests: &[Test]) -> bool {
        tests.iter().any(|&test| match (test, t) {
            (Test::None, t) => t.is_none(),
            (_, None) => false,
            (Test::Any, _) => true,
            (Test::Word(word), Some(t)) => self.words[t] == word || self.transparent_of(t).is_some_and(|o| self.words[o] == word),
            (Test::Class(class), Some(t)) => {
                self.is(t, 1 << class) || self.transparent_of(t).is_some_and(|o| self.is(o, 1 << class))
            }
            (Test::Human, Some(t)) => {
                self.human(t) || self.counts_people(t) || self.transparent_of(t).is_some_and(|o| self.human(o))
            }
            (Test::Place, Some(t)) => self.mentions[t] > 0,
            (Test::People, Some(t)) => self.peoples[t],
        })
    }

    /// "20,000 joined", "arrested 30": a number that stands for people.
    fn counts_people(&self, t: Tok) -> bool {
        let argument = matches!(self.deprel(t), Deprel::Nsubj | Deprel::NsubjPass | Deprel::Obj);
        argument && self.token(t).upos == Upos::Num && !self.timed[t] && self.prep(t, "of").is_none()
    }

    /// "X" of "a series of X".
    pub(crate) fn transparent_of(&self, t: Tok) -> Option<Tok> {
        if self.is(t, self.known.transparent) || self.token(t).upos == Upos::Num { self.prep(t, "of") } else { None }
    }

    /// Somebody, by the lexicon or because it is a mention.
    pub(crate) fn human(&self, t: Tok) -> bool {
        if self.timed[t] {
            return false;
        }
        self.mentions[t] > 0
            || self.is(t, self.known.human)
            || self.bare_name(t)
            || matches!(self.token(t).upos, Upos::Propn)
            || (self.token(t).upos == Upos::Pron && !matches!(self.lemma(t), "it" | "that" | "this" | "which" | "what"))
    }

    /// A capitalised noun without article or adjective that no rule knows: a name the tagger took for a noun.
    pub(crate) fn bare_name(&self, t: Tok) -> bool {
        let nominal = matches!(self.deprel(t).base(), Deprel::Nsubj | Deprel::Obj | Deprel::Obl | Deprel::Nmod | Deprel::Conj);
        self.capital[t]
            && (self.token(t).upos == Upos::Noun || self.token(t).upos == Upos::Adj && nominal)
            && self.words[t] == 0
            && !self.timed[t]
            && !self.deps(t).any(|d| {
                matches!(self.deprel(d), Deprel::Det | Deprel::Amod | Deprel::NmodPoss | Deprel::Nummod | Deprel::Compound)
            })
    }

    /// The verb of a noun that the tree made the root because of a list in it: "Talks between X and Y / collapsed".
    pub(crate) fn verb_after_list(&self, n: Tok) -> Option<Tok> {
        let list = self.deprel(n) == Deprel::Root && self.is_nominal(n) && self.prep(n, "between").is_some();
        self.deps(n).find(|&v| {
            list && v > n
                && self.deprel(v) == Deprel::Conj
                && self.is_verb(v)
                && matches!(self.token(v).xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbn)
        })
    }

    /// Is `t` under `top`, or `top` itself?
    pub(crate) fn under(&self, t: Tok, top: Tok) -> bool {
        let mut at = t;
        for _ in 0..40 {
            if at == top {
                return true;
            }
            match self.head(at) {
                Some(head) => at = head,
                None => return false,
            }
        }
        false
    }
}
