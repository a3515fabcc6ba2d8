//! From the head word of an argument to the participants it stands for.

use crate::tree::{Tok, Trees};
use tellings_doc::{Deprel, EventType, Form, Id, Kind, Link, Mention, Participant, Quote, Span, Speech, Upos, Xpos};

/// Which side of an event an argument is on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Actor,
    Recipient,
}

/// What participants are read from.
pub(crate) struct Who<'a> {
    pub(crate) trees: &'a Trees<'a>,
    pub(crate) link: &'a Link,
    pub(crate) speech: &'a Speech,
    pub(crate) text: &'a str,
}

fn mention_kind(trees: &Trees<'_>, link: &Link, h: Tok) -> Option<Kind> {
    (trees.mentions[h] as usize).checked_sub(1).map(|m| link.mentions[m].kind)
}

/// A participant and the word that gave it.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) participant: Participant,
    pub(crate) token: Tok,
    /// Named or resolved, rather than a bare noun.
    pub(crate) firm: bool,
}

impl Who<'_> {
    /// Everybody the words headed by `head` stand for, coordinated words included.
    pub(crate) fn all(&self, head: Tok, side: Side, kind: EventType, out: &mut Vec<Found>) {
        let mut heads = Vec::new();
        self.trees.conjuncts(head, &mut heads);
        for h in heads {
            if out.len() < 40 && !out.iter().any(|f| f.token == h) {
                self.one(h, side, kind, out, 3);
            }
        }
    }

    fn push(&self, mention: Option<&Mention>, span: Span, token: Tok, firm: bool, out: &mut Vec<Found>) {
        let members = mention
            .and_then(|m| m.entity)
            .and_then(|e| self.link.entities.get(e.index()))
            .map(|e| e.members.as_slice())
            .unwrap_or(&[]);
        if members.is_empty() {
            let entity = mention.and_then(|m| m.entity);
            out.push(Found { participant: Participant { entity, span }, token, firm });
        } else {
            for &member in members {
                out.push(Found { participant: Participant { entity: Some(member), span }, token, firm });
            }
        }
    }

    fn one(&self, h: Tok, side: Side, kind: EventType, out: &mut Vec<Found>, steps: usize) {
        let trees = self.trees;
        let token = trees.token(h);
        if trees.timed[h] && mention_kind(trees, self.link, h) != Some(Kind::Per) {
            return;
        }
        let violent = matches!(kind, EventType::Assault | EventType::Coerce);
        let mention = (trees.mentions[h] as usize).checked_sub(1).map(|m| &self.link.mentions[m]);
        if token.upos == Upos::Pron {
            let lemma = trees.lemma(h);
            let entity = mention.and_then(|m| m.entity).or_else(|| self.speaker(h)).or_else(|| self.owner(h));
            if entity.is_none()
                && matches!(lemma, "it" | "that" | "this" | "which" | "what" | "there" | "one" | "none" | "nothing")
            {
                return;
            }
            let members = entity.and_then(|e| self.link.entities.get(e.index())).map(|e| e.members.clone()).unwrap_or_default();
            if members.is_empty() {
                out.push(Found { participant: Participant { entity, span: token.span }, token: h, firm: entity.is_some() });
            }
            for member in members {
                out.push(Found { participant: Participant { entity: Some(member), span: token.span }, token: h, firm: true });
            }
            return;
        }
        // "told the Times the attack …": newspapers report violence, they do none.
        if violent && side == Side::Actor && trees.is(h, trees.known.outlet) {
            return;
        }
        if let Some(mention) = mention {
            let known = mention.entity.and_then(|e| self.link.entities.get(e.index()));
            let fits = match mention.kind {
                Kind::Per | Kind::Org | Kind::Gpe | Kind::Norp => true,
                Kind::Fac => side == Side::Recipient && violent || known.is_some_and(|e| !e.sectors.is_empty()),
                Kind::Loc => side == Side::Recipient && violent,
                Kind::Event | Kind::Misc => false,
            };
            if fits {
                // "his Greek and French counterparts, A, B and C": each of the names.
                if mention.form == Form::Nominal && matches!(token.xpos, Xpos::Nns) {
                    let beside = trees.deps(h).filter(|&d| d > h && matches!(trees.deprel(d), Deprel::Appos | Deprel::Conj));
                    let mut names: Vec<Tok> = Vec::new();
                    for d in beside.filter(|&d| trees.deprel(d) == Deprel::Appos) {
                        trees.conjuncts(d, &mut names);
                    }
                    let named = |t: Tok| (trees.mentions[t] as usize).checked_sub(1).map(|m| &self.link.mentions[m]);
                    names.retain(|&t| named(t).is_some_and(|m| m.form == Form::Name && m.kind == mention.kind));
                    if names.len() > 1 {
                        for t in names {
                            self.push(named(t), named(t).map_or(token.span, |m| m.span), t, true, out);
                        }
                        return;
                    }
                }
                // "a spokesman, Ali Hassan, …": the name beside an office says who it is.
                if mention.form == Form::Nominal
                    && let Some(named) = trees
                        .deps(h)
                        .filter(|&d| trees.deprel(d) == Deprel::Appos)
                        .chain(trees.head(h).filter(|_| trees.deprel(h) == Deprel::Appos))
                        .filter_map(|d| (trees.mentions[d] as usize).checked_sub(1))
                        .map(|m| &self.link.mentions[m])
                        .find(|m| m.form == Form::Name && m.kind == mention.kind)
                {
                    self.push(Some(named), mention.span.join(self.phrase(h)).join(named.span), h, true, out);
                    return;
                }
                self.push(Some(mention), mention.span.join(self.phrase(h)), h, mention.form != Form::Pronoun, out);
                return;
            }
        }
        // "thousands of X", "members of X": the words of all, the entity of X.
        if let Some(of) = trees.prep(h, "of")
            && (trees.is(h, trees.known.transparent) || token.upos == Upos::Num)
        {
            let before = out.len();
            let inner = (trees.mentions[of] as usize).checked_sub(1).map(|m| &self.link.mentions[m]);
            if inner.is_some() || trees.human(of) {
                self.push(inner, self.phrase(h).join(trees.parse.subtree(Id::new(of))), h, inner.is_some(), out);
            } else if steps > 0 {
                self.one(of, side, kind, out, steps - 1);
            }
            if out.len() > before {
                return;
            }
        }
        if trees.is(h, trees.known.human) || token.upos == Upos::Propn && side == Side::Recipient && violent {
            self.push(None, self.phrase(h), h, false, out);
            return;
        }
        if token.upos == Upos::Propn && self.looks_like_name(h) || trees.bare_name(h) {
            self.push(None, self.phrase(h), h, true, out);
            return;
        }
        if token.upos == Upos::Num && violent && side == Side::Recipient && !self.is_time(h) {
            self.push(None, self.phrase(h), h, false, out);
            return;
        }
        // Somebody named inside: "Turkey's operation", "the Parliament's decision", "Israeli airstrikes", "conclusions of the summit".
        let before = out.len();
        for d in trees.deps(h) {
            let inside = match trees.deprel(d) {
                Deprel::NmodPoss => true,
                Deprel::Amod => {
                    matches!(mention_kind(trees, self.link, d), Some(Kind::Gpe | Kind::Norp))
                        || trees.capital[d] && trees.mentions[d] > 0
                }
                Deprel::Compound | Deprel::NmodDesc => {
                    // "a general strike": an office that only modifies is nobody.
                    trees.mentions[d] > 0 && (trees.capital[d] || mention_kind(trees, self.link, d) != Some(Kind::Per))
                }
                Deprel::Nmod => trees.case(d).is_some_and(|c| {
                    let c = trees.lemma(c);
                    matches!(c, "of" | "by" | "between" | "from")
                        || side == Side::Recipient && !violent && matches!(c, "with" | "against" | "to")
                }),
                _ => false,
            };
            if inside && d != h && steps > 0 && (side == Side::Recipient || trees.deprel(d) != Deprel::Nmod || !violent) {
                let mut heads = Vec::new();
                trees.conjuncts(d, &mut heads);
                for d in heads {
                    if trees.human(d) || trees.is_nominal(d) && trees.deprel(d) == Deprel::Nmod {
                        self.one(d, side, kind, out, steps - 1);
                    }
                }
            }
        }
        if out.len() > before && !(violent && side == Side::Recipient) {
            return;
        }
        out.truncate(before);
        if violent && side == Side::Recipient && token.upos == Upos::Noun && !trees.is(h, trees.known.thing) && !self.is_time(h) {
            self.push(None, self.phrase(h), h, false, out);
        }
    }

    fn is_time(&self, h: Tok) -> bool {
        matches!(
            self.trees.lemma(h),
            "day" | "week" | "month" | "year" | "hour" | "minute" | "today" | "yesterday" | "tomorrow" | "time" | "percent"
        )
    }

    fn looks_like_name(&self, h: Tok) -> bool {
        self.trees.token(h).span.of(self.text).starts_with(char::is_uppercase) && !self.is_time(h)
    }

    /// Who speaks where the word stands: for "I" and "we" inside a quote.
    fn speaker(&self, h: Tok) -> Option<Id<tellings_doc::Entity>> {
        if !matches!(self.trees.lemma(h), "I" | "we" | "us" | "me" | "i") {
            return None;
        }
        let at = self.trees.token(h).span;
        self.quote_at(at).and_then(|q| q.entity)
    }

    /// Whose "its" is that nobody resolved: "the government's repression and its support for X".
    fn owner(&self, h: Tok) -> Option<Id<tellings_doc::Entity>> {
        let trees = self.trees;
        if self.trees.lemma(h) != "its" {
            return None;
        }
        let start = trees.parse.sentence_of(Id::new(h))?.tokens.start;
        (start.max(h.saturating_sub(20))..h).rev().find_map(|t| {
            let mention = &self.link.mentions[(trees.mentions[t] as usize).checked_sub(1)?];
            let owns = matches!(trees.deprel(t).base(), Deprel::NmodPoss | Deprel::Nsubj)
                && matches!(mention.kind, Kind::Gpe | Kind::Org);
            mention.entity.filter(|_| owns)
        })
    }

    /// The quote whose content holds a span.
    pub(crate) fn quote_at(&self, span: Span) -> Option<&Quote> {
        let first = |q: &Quote| q.content.first().map_or(0, |c| c.start());
        let end = self.speech.quotes.partition_point(|q| first(q) <= span.start());
        self.speech.quotes[..end].iter().rev().take(12).find(|q| q.content.iter().any(|c| c.covers(span)))
    }

    /// The words of a noun phrase without what is told of it afterwards: determiner, adjectives, compounds, possessor,
    /// head, and what follows with "of".
    pub(crate) fn phrase(&self, h: Tok) -> Span {
        self.phrase_in(h, 4)
    }

    fn phrase_in(&self, h: Tok, depth: usize) -> Span {
        let trees = self.trees;
        let Some(depth) = depth.checked_sub(1) else { return trees.parse.subtree(Id::new(h)) };
        let mut span = trees.token(h).span;
        if trees.capital[h] || trees.is(h, trees.known.human) {
            // "Fornost President Umbardacil", "Arnor security officials": names and nouns right before it.
            let mut at = h;
            while at > 0
                && h - at < 6
                && (matches!(trees.token(at - 1).upos, Upos::Propn | Upos::Noun)
                    || trees.token(at - 1).upos == Upos::Adj && trees.capital[at - 1])
                && trees.token(at - 1).xpos != Xpos::Pos
                && !trees.timed[at - 1]
                && (trees.under(at - 1, h) || trees.capital[at - 1])
                && trees.parse.sentence_of(Id::new(h)).is_some_and(|s| s.tokens.start < at)
            {
                at -= 1;
            }
            span = span.join(trees.token(at).span);
        }
        for d in trees.deps(h) {
            let part = match trees.deprel(d) {
                Deprel::Det | Deprel::DetPredet | Deprel::Amod | Deprel::Compound | Deprel::Nummod | Deprel::NmodPoss => d < h,
                Deprel::NmodDesc if d < h => true,
                Deprel::Flat => true,
                // "national security adviser Ann Smith"
                Deprel::Appos | Deprel::NmodDesc => d == h + 1 && trees.token(d).upos == Upos::Propn,
                Deprel::Nmod => trees.case(d).is_some_and(|c| {
                    trees.lemma(c) == "of"
                        || matches!(trees.lemma(c), "in" | "from")
                            && (trees.mentions[d] > 0 || trees.token(d).upos == Upos::Propn)
                            && c == h + 1
                }),
                _ => false,
            };
            if part {
                // What follows with "of" or "in" without what is told of it in turn.
                let sub = if d > h && trees.deprel(d) == Deprel::Nmod {
                    self.phrase_in(d, depth)
                } else {
                    trees.parse.subtree(Id::new(d))
                };
                let sub = trees.case(d).filter(|_| d > h).map_or(sub, |c| sub.join(trees.token(c).span));
                if sub.len() < 120 && (sub.end() <= trees.token(h).span.start() || sub.start() >= trees.token(h).span.start()) {
                    span = span.join(sub);
                }
            }
        }
        span
    }
}
