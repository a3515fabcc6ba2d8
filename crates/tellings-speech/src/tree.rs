//! What quotes and claims ask of the trees: subjects, phrases, who a phrase is.

use tellings_doc::{Article, Deprel, Entity, Form, Id, Kind, Link, Mention, Parse, Span, Token, Upos, Xpos};

/// Index of a token.
pub(crate) type Tok = Id<Token>;

/// How far up a tree anything is looked for.
const CLIMB: usize = 12;

/// An article's trees with what is asked of them often.
pub(crate) struct Trees<'a> {
    pub(crate) text: &'a str,
    pub(crate) parse: &'a Parse,
    pub(crate) link: &'a Link,
    /// First and last token of everything below each token.
    reach: Vec<(u32, u32)>,
    /// Sentence of each token.
    sentence: Vec<u32>,
    /// Is the sentence of body text?
    pub(crate) body: Vec<bool>,
    /// Mentions by first byte of their heads.
    heads: Vec<(u32, u32)>,
}

impl<'a> Trees<'a> {
    pub(crate) fn new(article: &'a Article, parse: &'a Parse, link: &'a Link) -> Trees<'a> {
        let mut reach: Vec<(u32, u32)> = (0..parse.tokens.len() as u32).map(|i| (i, i)).collect();
        let mut sentence = vec![0u32; parse.tokens.len()];
        let mut order = Vec::new();
        let mut body = Vec::with_capacity(parse.sentences.len());
        let mut block = 0;
        for (number, s) in parse.sentences.iter().enumerate() {
            while article.blocks.get(block).is_some_and(|b| b.span.end() <= s.span.start()) {
                block += 1;
            }
            body.push(article.blocks.get(block).is_none_or(|b| b.kind.is_body()));
            order.clear();
            for id in parse.ids(s) {
                sentence[id.index()] = number as u32;
                if parse.token(id).head.is_none() {
                    order.push(id);
                }
            }
            let mut at = 0;
            while at < order.len() && order.len() <= s.tokens.len() {
                order.extend_from_slice(parse.dependents(order[at]));
                at += 1;
            }
            for &id in order.iter().rev() {
                if let Some(head) = parse.token(id).head {
                    let (first, last) = reach[id.index()];
                    let above = &mut reach[head.index()];
                    *above = (above.0.min(first), above.1.max(last));
                }
            }
        }
        let mut heads: Vec<(u32, u32)> =
            link.mentions.iter().enumerate().map(|(i, m)| (m.head.start() as u32, i as u32)).collect();
        heads.sort_unstable();
        Trees { text: &article.text, parse, link, reach, sentence, body, heads }
    }

    pub(crate) fn token(&self, id: Tok) -> &'a Token {
        self.parse.token(id)
    }

    pub(crate) fn word(&self, id: Tok) -> &'a str {
        self.parse.token(id).span.of(self.text)
    }

    pub(crate) fn lemma(&self, id: Tok) -> &'a str {
        self.parse.lemma(id)
    }

    pub(crate) fn deprel(&self, id: Tok) -> Deprel {
        self.parse.token(id).deprel
    }

    /// The token before or after, in the same sentence.
    pub(crate) fn near(&self, id: Tok, by: isize) -> Option<Tok> {
        let at = id.index().checked_add_signed(by)?;
        (at < self.sentence.len() && self.sentence[at] == self.sentence[id.index()]).then(|| Id::new(at))
    }

    pub(crate) fn sentence(&self, id: Tok) -> usize {
        self.sentence[id.index()] as usize
    }

    /// First and last token of what hangs on `id`, itself included.
    pub(crate) fn reach(&self, id: Tok) -> (usize, usize) {
        let (first, last) = self.reach[id.index()];
        (first as usize, last as usize)
    }

    pub(crate) fn child(&self, id: Tok, relation: Deprel) -> Option<Tok> {
        self.parse.dependents(id).iter().copied().find(|&d| self.deprel(d) == relation)
    }

    /// First dependent whose relation, subtype apart, is `relation`.
    pub(crate) fn base_child(&self, id: Tok, relation: Deprel) -> Option<Tok> {
        self.parse.dependents(id).iter().copied().find(|&d| self.deprel(d).base() == relation)
    }

    /// The dependent that hangs on `id` with preposition `preposition` (lemma), as oblique or modifier.
    pub(crate) fn with_preposition(&self, id: Tok, preposition: &str) -> Option<Tok> {
        self.parse.dependents(id).iter().copied().find(|&d| {
            d.index() > id.index()
                && matches!(
                    self.deprel(d).base(),
                    Deprel::Obl | Deprel::Nmod | Deprel::Advcl | Deprel::Acl | Deprel::Xcomp | Deprel::Ccomp
                )
                && self.parse.dependents(d).iter().any(|&c| {
                    matches!(self.deprel(c), Deprel::Case | Deprel::Mark) && self.lemma(c).eq_ignore_ascii_case(preposition)
                })
        })
    }

    pub(crate) fn is_verb(&self, id: Tok) -> bool {
        matches!(self.token(id).upos, Upos::Verb | Upos::Aux)
    }

    pub(crate) fn is_passive(&self, id: Tok) -> bool {
        self.parse.dependents(id).iter().any(|&d| matches!(self.deprel(d), Deprel::AuxPass | Deprel::NsubjPass))
    }

    pub(crate) fn is_nominal(&self, id: Tok) -> bool {
        matches!(self.token(id).upos, Upos::Noun | Upos::Propn | Upos::Pron | Upos::Num)
    }

    /// Is the word denied ("did not", "never", "no longer")? Modals like "would not" count.
    pub(crate) fn is_negated(&self, id: Tok) -> bool {
        self.parse.dependents(id).iter().any(|&d| {
            matches!(self.deprel(d), Deprel::Advmod | Deprel::Det | Deprel::Cc | Deprel::Discourse)
                && (matches!(self.lemma(d), "not" | "never" | "n't" | "neither" | "nor")
                    || self.word(d).eq_ignore_ascii_case("n't"))
        })
    }

    /// Who or what does what the verb says: its subject, an agent of a passive, the noun a participle or relative
    /// clause stands at, or what its head's subject or controlling object is.
    pub(crate) fn subject(&self, verb: Tok) -> Option<Tok> {
        let mut at = verb;
        for _ in 0..CLIMB {
            if let Some(found) = self.own_subject(at) {
                return Some(found);
            }
            if at != verb && self.is_passive(at) && self.token(at).upos == Upos::Verb {
                // Something was done by nobody named; what hangs on it has no subject either, unless it is controlled.
                if let Some(subject) = self.child(at, Deprel::NsubjPass) {
                    return self.antecedent(subject);
                }
            }
            if self.child(at, Deprel::Expl).is_some() || at == verb && self.child(at, Deprel::NsubjPass).is_some() {
                return None;
            }
            let head = self.token(at).head?;
            match self.deprel(at) {
                Deprel::Conj | Deprel::Parataxis => at = head,
                Deprel::Xcomp => {
                    if self.token(head).upos == Upos::Verb
                        && let Some(object) = self.child(head, Deprel::Obj).or_else(|| self.child(head, Deprel::Iobj))
                    {
                        return Some(object);
                    }
                    at = head;
                }
                // "a banner saying …"
                Deprel::Advcl
                    if matches!(self.token(head).upos, Upos::Noun | Upos::Propn) && self.child(head, Deprel::Cop).is_none() =>
                {
                    return Some(head);
                }
                Deprel::Advcl | Deprel::Csubj => at = head,
                // "has the power to decide": whoever has it decides.
                Deprel::Acl if self.has_to(at) => at = self.token(head).head.filter(|&h| self.is_verb(h))?,
                Deprel::Acl | Deprel::AclRelcl => return self.is_nominal(head).then_some(head),
                Deprel::Cop | Deprel::Aux => at = head,
                _ => return None,
            }
        }
        None
    }

    /// Is it an infinitive with "to"?
    pub(crate) fn has_to(&self, verb: Tok) -> bool {
        self.parse.dependents(verb).iter().any(|&d| self.deprel(d) == Deprel::Mark && self.lemma(d) == "to")
    }

    /// The subject that hangs on the verb itself (a passive's agent).
    pub(crate) fn own_subject(&self, verb: Tok) -> Option<Tok> {
        if let Some(agent) = self.child(verb, Deprel::OblAgent) {
            return Some(agent);
        }
        let subjects = || {
            self.parse.dependents(verb).iter().copied().filter(|&d| matches!(self.deprel(d), Deprel::Nsubj | Deprel::NsubjOuter))
        };
        // Of several the nearest before the verb.
        let plain = |s: &Tok| self.child(*s, Deprel::Case).is_none_or(|c| self.token(c).upos != Upos::Adp);
        let subject = subjects().rfind(|&s| s < verb && plain(&s)).or_else(|| subjects().next())?;
        self.antecedent(subject)
    }

    /// What a relative pronoun stands for; other words stand for themselves.
    pub(crate) fn antecedent(&self, word: Tok) -> Option<Tok> {
        let relative = matches!(self.token(word).xpos, Xpos::Wp | Xpos::Wdt)
            || self.lemma(word) == "that" && self.token(word).upos == Upos::Pron;
        if !relative {
            return Some(word);
        }
        let mut at = word;
        for _ in 0..CLIMB {
            let head = self.token(at).head?;
            if matches!(self.deprel(at), Deprel::AclRelcl | Deprel::Acl) {
                return Some(head);
            }
            at = head;
        }
        None
    }

    /// The words of a noun phrase: without its preposition, relative clauses, and what is set off by a comma.
    pub(crate) fn phrase(&self, head: Tok) -> Span {
        let (first, last) = self.reach(head);
        let (mut from, mut to) = (first, last);
        for &d in self.parse.dependents(head) {
            let (a, b) = self.reach(d);
            let cut = match self.deprel(d) {
                Deprel::AclRelcl
                | Deprel::Parataxis
                | Deprel::List
                | Deprel::Dislocated
                | Deprel::Discourse
                | Deprel::Advcl
                | Deprel::Ccomp => true,
                Deprel::Acl if a > head.index() && matches!(self.token(d).xpos, Xpos::Vbg) => true,
                Deprel::Acl | Deprel::Appos | Deprel::Nmod | Deprel::NmodUnmarked => self.comma_before(a),
                Deprel::Case | Deprel::Mark | Deprel::Cc | Deprel::Punct => d < head,
                Deprel::Conj => false,
                _ => false,
            };
            if cut && a > head.index() {
                to = to.min(a.saturating_sub(1));
            } else if cut && b < head.index() && !matches!(self.token(d).xpos, Xpos::Pos) {
                from = from.max(b + 1);
            }
        }
        let skip =
            |i: usize| self.parse.tokens[i].upos == Upos::Punct && !matches!(self.parse.tokens[i].span.of(self.text), ")" | "]");
        while from < head.index() && (skip(from)) {
            from += 1;
        }
        while to > head.index() && (skip(to) || self.parse.tokens[to].upos == Upos::Cconj) {
            to -= 1;
        }
        self.span(from, to)
    }

    fn comma_before(&self, at: usize) -> bool {
        let is = |i: usize| matches!(self.parse.tokens[i].span.of(self.text), "," | "(" | "–" | "—" | "-");
        is(at) || at > 0 && is(at - 1)
    }

    /// The bytes from one token to another, both included.
    pub(crate) fn span(&self, first: usize, last: usize) -> Span {
        self.parse.tokens[first].span.join(self.parse.tokens[last.max(first)].span)
    }

    /// The mention whose head is or holds this word, the shortest of several; else the one whose head is part of the
    /// same name ("Mr" of "Mr Lee").
    pub(crate) fn mention(&self, word: Tok) -> Option<Id<Mention>> {
        self.mention_on(word).or_else(|| {
            let parts = self.parse.dependents(word).iter().copied();
            parts
                .filter(|&d| matches!(self.deprel(d), Deprel::Flat | Deprel::NmodDesc))
                .filter_map(|d| self.mention_on(d))
                .next_back()
        })
    }

    fn mention_on(&self, word: Tok) -> Option<Id<Mention>> {
        let span = self.token(word).span;
        let to = self.heads.partition_point(|&(start, _)| (start as usize) < span.end());
        self.heads[..to]
            .iter()
            .rev()
            .take(6)
            .map(|&(_, i)| i as usize)
            .filter(|&i| self.link.mentions[i].head.touches(span))
            .min_by_key(|&i| (self.link.mentions[i].span.len(), i))
            .map(Id::new)
    }

    /// Who a noun phrase with this head is.
    pub(crate) fn entity(&self, word: Tok) -> Option<Id<Entity>> {
        self.mention(word).and_then(|m| self.link.mentions[m.index()].entity)
    }

    /// What kind of thing a noun phrase with this head is, where it is known.
    pub(crate) fn kind(&self, word: Tok) -> Option<Kind> {
        let mention = &self.link.mentions[self.mention(word)?.index()];
        Some(mention.entity.map_or(mention.kind, |e| self.link.entities[e.index()].kind))
    }

    /// May the phrase be somebody who can speak or act: a person, a group, a state?
    pub(crate) fn is_agent(&self, word: Tok) -> bool {
        if let Some(kind) = self.kind(word) {
            return matches!(kind, Kind::Per | Kind::Org | Kind::Gpe | Kind::Norp);
        }
        match self.token(word).upos {
            Upos::Propn => true,
            Upos::Pron => matches!(
                self.lemma(word).to_ascii_lowercase().as_str(),
                "he" | "she"
                    | "they"
                    | "we"
                    | "i"
                    | "who"
                    | "someone"
                    | "everyone"
                    | "nobody"
                    | "somebody"
                    | "everybody"
                    | "anyone"
            ),
            _ => false,
        }
    }

    /// Is the word a person's name?
    pub(crate) fn is_person(&self, word: Tok) -> bool {
        self.mention(word).is_some_and(|m| {
            let mention = &self.link.mentions[m.index()];
            mention.form == Form::Name && mention.kind == Kind::Per
        })
    }

    /// The words of a speaker: of a name all of it.
    pub(crate) fn speaker(&self, word: Tok) -> Span {
        let phrase = self.phrase(word);
        match self.mention(word).map(|m| &self.link.mentions[m.index()]) {
            Some(mention) if mention.form == Form::Name && !phrase.covers(mention.span) => mention.span,
            _ => phrase,
        }
    }
}
