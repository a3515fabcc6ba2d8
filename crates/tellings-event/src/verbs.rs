//! A user's own verb dictionary as a source of rules: verbs with patterns of words around them.
//!
//! The patterns are those of TABARI and PETRARCH: words before and after the verb, right beside it or with others between.
//! Which words may stand there, and who is source and target where the pattern does not say, is told by the tree. The actors
//! are the noun phrases that the user's actor dictionary codes. Where a verb gives an event, the clauses under it give none.

use crate::code::{Coder, Draft};
use crate::realis;
use crate::tree::Tok;
use crate::who::Found;
use std::ops::Range;
use tellings_dict::{Element, EventCodes, Gap, Pattern, VerbDictionary, VerbEntry, What, pieces};
use tellings_doc::{ActorCode, Deprel, Entity, Event, EventType, Id, Participant, Rule, Uncoded, Upos, Xpos};

/// Words between two that stand in one phrase.
const NEAR: usize = 4;

/// A word of the sentence.
#[derive(Clone, Copy, Debug)]
struct Piece {
    word: u32,
    singular: u32,
    token: Tok,
    /// Can it stand inside a noun phrase?
    nominal: bool,
}

/// A coded noun phrase of the sentence.
#[derive(Clone, Debug)]
struct Actor {
    /// Position in the layer's codes.
    code: usize,
    tokens: Range<Tok>,
    pieces: Range<usize>,
    group: u32,
    /// Its actor is not named (`---EDU`).
    anonymous: bool,
}

/// What a pattern found.
#[derive(Clone, Debug, Default)]
struct Fit {
    source: Option<usize>,
    target: Option<usize>,
    /// Actors named together, before or after the verb.
    compound: Option<usize>,
    compound_after: Option<usize>,
    skipped: Vec<usize>,
}

/// A sentence as patterns see it.
struct Scene<'a> {
    dictionary: &'a VerbDictionary,
    pieces: Vec<Piece>,
    actors: Vec<Actor>,
}

impl<'a> Coder<'a> {
    /// Participants of the rules' own events as a user's actor dictionary knows them: all of the coded phrase, and those that
    /// are named together with it, unless they stand on the other side.
    pub(crate) fn widen(&self, event: &mut Event) {
        let codes = &self.link.codes;
        let near = codes.partition_point(|c| c.span.start() < event.span.start())
            ..codes.partition_point(|c| c.span.start() < event.span.end());
        if near.is_empty() {
            return;
        }
        let codes = &codes[near];
        let touches = |side: &[Participant], c: &ActorCode| side.iter().any(|p| p.span.touches(c.span));
        for acting in [true, false] {
            let Event { actors, recipients, .. } = &mut *event;
            let (side, other) = if acting { (actors, recipients) } else { (recipients, actors) };
            let mut groups: Vec<u32> = Vec::new();
            for participant in &mut *side {
                let fits = |c: &&ActorCode| c.span.covers(participant.span) || participant.span == c.name.unwrap_or(c.span);
                if let Some(coded) = codes.iter().find(fits) {
                    participant.span = coded.span;
                    groups.push(coded.group);
                }
            }
            for coded in codes.iter().filter(|c| groups.contains(&c.group)) {
                if !touches(side, coded) && !touches(other, coded) {
                    side.push(Participant { entity: self.entity_of(coded), span: coded.span });
                }
            }
        }
    }

    /// The entity of a coded phrase: of its actor's name.
    fn entity_of(&self, coded: &ActorCode) -> Option<Id<Entity>> {
        let named = self.parse.tokens_in(coded.name.unwrap_or(coded.span));
        let mut mentions = named.filter_map(|t| (self.trees.mentions[t] as usize).checked_sub(1));
        mentions.find_map(|m| self.link.mentions[m].entity)
    }

    /// The events of a sentence by the dictionary.
    pub(crate) fn by_dictionary(
        &self,
        dictionary: &'a VerbDictionary,
        sentence: usize,
        drafts: &mut Vec<Draft>,
        uncoded: &mut Vec<Uncoded>,
    ) {
        let range = self.parse.sentences[sentence].tokens.clone();
        let span = self.parse.sentences[sentence].span;
        let mut scene = Scene { dictionary, pieces: Vec::with_capacity(range.len() + 4), actors: Vec::new() };
        let mut buffer = String::new();
        for token in range.clone() {
            if self.trees.token(token).xpos == Xpos::Pos
                || self.trees.deprel(token) == Deprel::Case && self.trees.lemma(token) == "'s"
            {
                continue;
            }
            let text = self.trees.token(token).span.of(&self.article.text);
            pieces(text, &mut buffer, |word| {
                let (word, singular) = dictionary.word(word);
                let nominal =
                    matches!(self.trees.token(token).upos, Upos::Noun | Upos::Propn | Upos::Adj | Upos::Num | Upos::Det)
                        || self.trees.token(token).xpos == Xpos::PrpPoss;
                scene.pieces.push(Piece { word, singular, token, nominal });
            });
        }
        let has_verb = scene.pieces.iter().any(|p| p.word != 0 && dictionary.verbs(p.word).next().is_some());
        if !has_verb {
            return;
        }
        self.actors_of(range.clone(), &mut scene);
        let mut fired: Vec<Tok> = Vec::new();
        let mut reason = None;
        for at in 0..scene.pieces.len() {
            let Piece { word, token, .. } = scene.pieces[at];
            if word == 0 || !self.can_be_verb(token) || self.under_fired(token, &fired) {
                continue;
            }
            let reach = self.reach(&scene, at, range.clone());
            let Some((entry, codes, pattern, fit)) = self.best(&scene, at, word, &reach) else { continue };
            let mutual = codes.back.is_some() && codes.there == codes.back;
            match self.sides(&scene, (at, token), &reach, &fit, mutual) {
                Ok((sources, targets)) => {
                    fired.push(token);
                    self.draft(&scene, sentence, token, (entry, &codes, pattern), [&sources, &targets], drafts);
                }
                Err(why) => reason = reason.or(Some(why)),
            }
        }
        if fired.is_empty()
            && let Some(reason) = reason
        {
            uncoded.push(Uncoded { span, reason });
        }
    }

    /// The coded phrases of the sentence.
    fn actors_of(&self, range: Range<Tok>, scene: &mut Scene<'_>) {
        let codes = &self.link.codes;
        let (Some(first), Some(last)) = (self.parse.tokens.get(range.start), self.parse.tokens.get(range.end - 1)) else {
            return;
        };
        let from = codes.partition_point(|c| c.span.start() < first.span.start());
        for (code, coded) in codes.iter().enumerate().skip(from).take_while(|(_, c)| c.span.end() <= last.span.end()) {
            let tokens = self.parse.tokens_in(coded.span);
            let start = scene.pieces.partition_point(|p| p.token < tokens.start);
            let end = scene.pieces.partition_point(|p| p.token < tokens.end);
            let anonymous = coded.name.is_none();
            scene.actors.push(Actor { code, tokens, pieces: start..end, group: coded.group, anonymous });
        }
    }

    fn can_be_verb(&self, t: Tok) -> bool {
        let token = self.trees.token(t);
        let tagged = matches!(token.xpos, Xpos::Vb | Xpos::Vbd | Xpos::Vbg | Xpos::Vbn | Xpos::Vbp | Xpos::Vbz);
        token.upos == Upos::Verb || token.upos == Upos::Aux && tagged || tagged && token.upos != Upos::Noun
    }

    /// The noun that a verb seems to describe and that it has for its object: "and promised aid", "has broken relations".
    fn misread(&self, verb: Tok) -> Option<Tok> {
        let trees = self.trees;
        let before = (verb > 0).then(|| trees.token(verb - 1))?;
        let finite = matches!(trees.token(verb).xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbp);
        let helped = trees.token(verb).xpos == Xpos::Vbn && trees.lemma(verb - 1) == "have";
        let named = matches!(before.upos, Upos::Noun | Upos::Propn);
        let fits = trees.deprel(verb) == Deprel::Amod && (helped || named || finite && before.upos != Upos::Det);
        trees.head(verb).filter(|&h| fits && h > verb)
    }

    /// Does the verb stand in a clause under one that gave an event?
    fn under_fired(&self, t: Tok, fired: &[Tok]) -> bool {
        let mut at = t;
        if self.misread(t).is_some() && self.trees.token(t - 1).upos == Upos::Cconj {
            return false;
        }
        for _ in 0..40 {
            let Some(head) = self.trees.head(at) else { return false };
            if fired.contains(&head) {
                let beside = matches!(self.trees.deprel(at).base(), Deprel::Conj | Deprel::Parataxis);
                if !beside {
                    return true;
                }
            }
            at = head;
        }
        false
    }

    /// The pieces before and after a verb that belong to it: back to the beginning of the sentence, or to the end of a clause
    /// told by it ("X met Y, officials said"); on to the end of its own clause.
    fn reach(&self, scene: &Scene<'_>, at: usize, range: Range<Tok>) -> Range<usize> {
        let trees = self.trees;
        let verb = scene.pieces[at].token;
        let mut first = range.start;
        for d in trees.deps(verb) {
            let told = matches!(trees.deprel(d).base(), Deprel::Ccomp | Deprel::Parataxis);
            if told && d < verb {
                let end = self.parse.tokens_in(self.parse.subtree(Id::new(d))).end;
                if end <= verb {
                    first = first.max(end);
                }
            }
        }
        // "X met Y, officials said" where the telling hangs on the told.
        if trees.deprel(verb).base() == Deprel::Parataxis && trees.head(verb).is_some_and(|h| h < verb) {
            let subject = trees.deps(verb).filter(|&d| d < verb).min().unwrap_or(verb);
            first = first.max(self.parse.tokens_in(self.parse.subtree(Id::new(subject))).start.min(verb));
        }
        let object = self.misread(verb);
        let mut end = verb + 1;
        for t in verb + 1..range.end {
            if self.in_clause(t, verb) || object.is_some_and(|o| t == o || self.in_clause(t, o)) {
                end = t + 1;
            }
        }
        // Phrases right after it that the tree hangs on the verb above: "to celebrate the feast … at X".
        while end < range.end && self.phrase_above(end, verb) {
            end += 1;
        }
        let from = scene.pieces.partition_point(|p| p.token < first);
        let to = scene.pieces.partition_point(|p| p.token < end);
        from..to.max(at + 1)
    }

    /// Is a word part of a phrase, not of a clause, of one of the verbs that a verb completes?
    fn phrase_above(&self, t: Tok, verb: Tok) -> bool {
        let trees = self.trees;
        let mut above = Vec::new();
        let mut at = verb;
        while above.len() < 4
            && matches!(trees.deprel(at).base(), Deprel::Xcomp | Deprel::Advcl)
            && let Some(head) = trees.head(at)
        {
            above.push(head);
            at = head;
        }
        let mut at = t;
        for _ in 0..12 {
            let Some(head) = trees.head(at) else { return false };
            let phrase =
                matches!(trees.deprel(at).base(), Deprel::Obl | Deprel::Nmod | Deprel::Case | Deprel::Det | Deprel::Compound)
                    || matches!(trees.deprel(at).base(), Deprel::Amod | Deprel::Flat | Deprel::Nummod)
                    || trees.deprel(at) == Deprel::NmodPoss;
            if !phrase {
                return false;
            }
            if above.contains(&head) {
                return true;
            }
            at = head;
        }
        false
    }

    /// A clause that says when or why, or more of somebody, not what: "after X met Y", "which borders X".
    fn aside(&self, clause: Tok) -> bool {
        let trees = self.trees;
        let finite = |t: Tok| matches!(trees.token(t).xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbp | Xpos::Md);
        if trees.deprel(clause) == Deprel::AclRelcl {
            return true;
        }
        trees.deprel(clause).base() == Deprel::Advcl
            && trees.deps(clause).any(|m| trees.deprel(m) == Deprel::Mark && trees.token(m).xpos != Xpos::To)
            && (finite(clause) || trees.deps(clause).any(finite))
    }

    /// Does a word stand, under a verb, in a clause that says when or why?
    fn in_aside(&self, t: Tok, verb: Tok) -> bool {
        let mut at = t;
        for _ in 0..40 {
            if at == verb {
                return false;
            }
            if self.aside(at) {
                return true;
            }
            let Some(head) = self.trees.head(at) else { return false };
            at = head;
        }
        false
    }

    /// Is a word under a verb, and not in a clause beside it?
    fn in_clause(&self, t: Tok, verb: Tok) -> bool {
        let trees = self.trees;
        let mut at = t;
        for _ in 0..40 {
            let Some(head) = trees.head(at) else { return false };
            if head == verb {
                let clause = trees.is_verb(at) || trees.deps(at).any(|d| trees.deprel(d).base() == Deprel::Nsubj);
                let beside = match trees.deprel(at).base() {
                    Deprel::Conj => clause,
                    Deprel::Parataxis => true,
                    _ => false,
                };
                return !beside;
            }
            at = head;
        }
        false
    }

    /// The verb, codes and pattern that fit best: of verbs of most words the longest pattern, else the verb's own code.
    fn best<'s>(
        &self,
        scene: &Scene<'s>,
        at: usize,
        word: u32,
        reach: &Range<usize>,
    ) -> Option<(&'s VerbEntry, EventCodes, Option<&'s Pattern>, Fit)> {
        let dictionary = scene.dictionary;
        let mut plain = None;
        for entry in dictionary.verbs(word) {
            let (from, to) = (at.checked_sub(entry.before.len())?, at + 1 + entry.after.len());
            let word_at = |i: usize| scene.pieces.get(i).map(|p| p.word);
            let fits = entry.before.iter().enumerate().all(|(i, &w)| word_at(from + i) == Some(w))
                && entry.after.iter().enumerate().all(|(i, &w)| word_at(at + 1 + i) == Some(w));
            if !fits {
                continue;
            }
            for pattern in dictionary.patterns(entry) {
                if let Some(fit) = scene.fit(pattern, from, to, reach) {
                    return pattern.codes.there.is_some().then(|| (entry, pattern.codes.clone(), Some(pattern), fit));
                }
            }
            if plain.is_none() && entry.codes.there.is_some() {
                plain = Some((entry, entry.codes.clone(), None, Fit::default()));
            }
            if !entry.before.is_empty() || !entry.after.is_empty() {
                break;
            }
        }
        plain
    }

    /// Who does it to whom, by the pattern, else by the tree, else by the order of words.
    fn sides(
        &self,
        scene: &Scene<'_>,
        (at, verb): (usize, Tok),
        reach: &Range<usize>,
        fit: &Fit,
        mutual: bool,
    ) -> Result<(Vec<usize>, Vec<usize>), &'static str> {
        let code = |i: usize| self.link.codes[scene.actors[i].code].code.as_str();
        let after = |i: usize| scene.actors[i].pieces.start > at && scene.actors[i].pieces.start < reach.end;
        let before = |i: usize| scene.actors[i].pieces.end <= at && scene.actors[i].pieces.start >= reach.start;
        let all = 0..scene.actors.len();
        let free = |i: &usize| !fit.skipped.contains(i);
        let by = self.trees.passive(verb).then(|| self.trees.agent(verb)).flatten();
        let passive = by.and_then(|by| scene.actor_at(by));
        let source = fit.source.or(fit.compound).or(passive).or_else(|| {
            let subject = self.subject_of(scene, verb);
            match subject {
                Some(Ok(actor)) if fit.target != Some(actor) => Some(actor),
                // A subject that nobody coded acts for nobody.
                Some(Err(())) => None,
                _ => {
                    let mut able = all.clone().filter(free).filter(|&i| before(i) && fit.target != Some(i));
                    able.clone().find(|&i| !scene.actors[i].anonymous).or_else(|| able.next())
                }
            }
        });
        let source = source.ok_or("no actor")?;
        let same = |i: usize| code(i) == code(source) || scene.actors[i].group == scene.actors[source].group;
        let target = fit.target.or(fit.compound_after).or_else(|| {
            if passive.is_some() {
                let subject = self.trees.subject(verb).and_then(|s| scene.actor_at(s));
                if let Some(subject) = subject.filter(|&s| !same(s)) {
                    return Some(subject);
                }
                return all.clone().find(|&i| before(i) && !same(i));
            }
            let told = |i: usize| !self.in_aside(scene.actors[i].tokens.start, verb);
            let mut able = all.clone().filter(free).filter(|&i| after(i) && !same(i) && told(i));
            able.clone().find(|&i| !scene.actors[i].anonymous).or_else(|| able.next())
        });
        let together = |i: usize| -> Vec<usize> {
            let group = scene.actors[i].group;
            all.clone().filter(|&j| scene.actors[j].group == group).collect()
        };
        let sources = together(source);
        match target {
            Some(target) => {
                let targets: Vec<usize> = together(target);
                Ok((sources, targets))
            }
            // "X and Y have delayed their meeting": each toward the others.
            None if fit.compound.is_some() || mutual && sources.len() > 1 => Ok((sources.clone(), sources)),
            None => Err("no recipient"),
        }
    }

    /// The coded phrase of a verb's subject; `Err` where the subject is somebody or something that is not coded, `None` where
    /// the tree gives none.
    fn subject_of(&self, scene: &Scene<'_>, verb: Tok) -> Option<Result<usize, ()>> {
        let trees = self.trees;
        let subject = match self.misread(verb) {
            // "condemned the attack and promised aid": whoever condemned it.
            Some(_) if trees.token(verb - 1).upos == Upos::Cconj => {
                let finite = |t: &Tok| matches!(trees.token(*t).xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbp) && trees.is_verb(*t);
                let earlier = (scene.pieces[0].token..verb).rev().find(finite)?;
                trees.agent(earlier)?
            }
            Some(_) => return None,
            None => trees.agent(verb)?,
        };
        let mut named = Vec::new();
        trees.conjuncts(subject, &mut named);
        if let Some(actor) = named.iter().find_map(|&s| scene.actor_at(s)) {
            return Some(Ok(actor));
        }
        // "the information ministry of Gondor": an office of a coded actor.
        let office = |t: Tok| trees.is(t, trees.known.human) || trees.mentions[t] > 0 || trees.capital[t];
        let of = named.iter().filter(|&&s| office(s)).find_map(|&s| {
            let mut owners = trees.deps(s).filter(|&d| trees.case(d).is_some_and(|c| trees.lemma(c) == "of"));
            owners.find_map(|d| scene.actor_at(d))
        });
        if of.is_some() {
            return of.map(Ok);
        }
        if trees.token(subject).upos == Upos::Pron {
            let mention = (self.trees.mentions[subject] as usize).checked_sub(1).map(|m| &self.link.mentions[m]);
            let entity = mention.and_then(|m| m.entity);
            let same = (0..scene.actors.len()).rev().find(|&i| {
                scene.actors[i].tokens.end <= subject
                    && entity.is_some()
                    && scene.actors[i].tokens.clone().any(|t| {
                        (self.trees.mentions[t] as usize).checked_sub(1).is_some_and(|m| self.link.mentions[m].entity == entity)
                    })
            });
            let person = matches!(trees.lemma(subject), "he" | "she" | "I" | "we" | "you" | "who");
            return same.map(Ok).or(person.then_some(Err(())));
        }
        Some(Err(()))
    }

    fn draft(
        &self,
        scene: &Scene<'_>,
        sentence: usize,
        verb: Tok,
        (entry, codes, pattern): (&VerbEntry, &EventCodes, Option<&Pattern>),
        [sources, targets]: [&[usize]; 2],
        drafts: &mut Vec<Draft>,
    ) {
        let found = |side: &[usize]| -> Vec<Found> {
            let one = |&i: &usize| {
                let actor = &scene.actors[i];
                let coded = &self.link.codes[actor.code];
                let participant = Participant { entity: self.entity_of(coded), span: coded.span };
                Found { firm: true, participant, token: actor.tokens.start }
            };
            side.iter().map(one).collect()
        };
        let file = scene.dictionary.file(entry);
        let rule = match pattern {
            Some(pattern) => format!("event.dictionary:{file}:{}: {}", pattern.line, pattern.text),
            None => format!("event.dictionary:{file}:{}: {}", entry.line, entry.name),
        };
        let realis = realis::realis(self.trees, verb, verb);
        let span = self.parse.sentences[sentence].span;
        for (code, sides) in [(&codes.there, [sources, targets]), (&codes.back, [targets, sources])] {
            let Some(code) = code else { continue };
            let event = Event {
                trigger: self.trees.token(verb).span,
                span,
                kind: EventType::of_cameo(code).unwrap_or(EventType::Other),
                modes: Vec::new(),
                contexts: Vec::new(),
                cameo: Rule::Owned(code.to_string()),
                actors: Vec::new(),
                recipients: Vec::new(),
                time: None,
                place: None,
                realis,
                attributed_to: None,
                facts: Vec::new(),
                rule: Rule::Owned(rule.clone()),
                score: if pattern.is_some() { 0.8 } else { 0.6 },
            };
            drafts.push(Draft {
                event,
                trigger: verb,
                clause: verb,
                rule: u32::MAX,
                sentence,
                noun: false,
                refers: false,
                actors: found(sides[0]),
                recipients: found(sides[1]),
                dropped: false,
            });
        }
    }
}

impl Scene<'_> {
    /// The coded phrase that holds a token.
    fn actor_at(&self, t: Tok) -> Option<usize> {
        self.actors.iter().position(|a| a.tokens.contains(&t))
    }

    /// Does a pattern fit around the pieces `from..to` of the verb?
    fn fit(&self, pattern: &Pattern, from: usize, to: usize, reach: &Range<usize>) -> Option<Fit> {
        let mut fit = Fit::default();
        self.run(&pattern.after, to, reach.end, true, &mut fit)?;
        self.run(&pattern.before, from, reach.start, false, &mut fit)?;
        Some(fit)
    }

    /// Matches elements one after the other away from the verb: `edge` is the end of the pieces read so far, `limit` that of
    /// those that may be read. Elements that are joined are found together; what is open takes the nearest place.
    fn run(&self, elements: &[Element], edge: usize, limit: usize, on: bool, fit: &mut Fit) -> Option<()> {
        let mut edge = edge;
        let mut at = 0;
        while at < elements.len() {
            let mut end = at + 1;
            while end < elements.len() && elements[end].gap == Gap::Joined {
                end += 1;
            }
            let chain = &elements[at..end];
            let width = match elements[at].gap {
                Gap::Joined => 0,
                Gap::Near => NEAR,
                Gap::Open => usize::MAX,
            };
            let room = if on { limit.saturating_sub(edge) } else { edge.saturating_sub(limit) };
            let mut next = None;
            for skip in 0..=room.min(width) {
                let start = if on { edge + skip } else { edge - skip };
                let mut trial = fit.clone();
                if let Some(after) = self.chain(chain, start, limit, on, &mut trial) {
                    (*fit, next) = (trial, Some(after));
                    break;
                }
            }
            edge = next?;
            at = end;
        }
        Some(())
    }

    /// Matches joined elements from `start` on; where they end.
    fn chain(&self, chain: &[Element], start: usize, limit: usize, on: bool, fit: &mut Fit) -> Option<usize> {
        let mut edge = start;
        for element in chain {
            edge = self.element(element, edge, limit, on, fit)?;
        }
        Some(edge)
    }

    /// Skips a noun phrase that is not coded, or what is left of one that is.
    fn noun_phrase(&self, edge: usize, limit: usize, on: bool, fit: &mut Fit) -> Option<usize> {
        let (from, to) = if on { (edge, limit) } else { (limit, edge) };
        let pieces = self.pieces.get(from..to)?;
        let length = if on {
            pieces.iter().take_while(|p| p.nominal).count()
        } else {
            pieces.iter().rev().take_while(|p| p.nominal).count()
        };
        let range = if on { from..from + length } else { to - length..to };
        for (i, actor) in self.actors.iter().enumerate() {
            if actor.pieces.start < range.end && range.start < actor.pieces.end {
                fit.skipped.push(i);
            }
        }
        (length > 0).then_some(if on { range.end } else { range.start })
    }

    fn element(&self, element: &Element, edge: usize, limit: usize, on: bool, fit: &mut Fit) -> Option<usize> {
        let inside = |edge: usize| if on { edge < limit } else { edge > limit };
        if !inside(edge) {
            return None;
        }
        let step = |n: usize| if on { edge + n } else { edge - n };
        match element.what {
            What::Word { word, plural } => {
                let piece = self.pieces.get(if on { edge } else { edge - 1 })?;
                (piece.word == word || plural && piece.singular == word).then(|| step(1))
            }
            What::Set(set) => self.dictionary.set(set).iter().find_map(|phrase| {
                let n = phrase.len();
                let first = if on { edge } else { edge.checked_sub(n)? };
                let room = if on { limit.saturating_sub(edge) } else { edge.saturating_sub(limit) };
                let pieces = self.pieces.get(first..first + n).filter(|_| room >= n)?;
                let fits = phrase.iter().zip(pieces).all(|(&(w, plural), p)| p.word == w || plural && p.singular == w);
                fits.then(|| step(n))
            }),
            What::Source | What::Target | What::Skip | What::Compound => {
                let starts = |a: &Actor| if on { a.pieces.start == edge } else { a.pieces.end == edge };
                let Some(actor) = self.actors.iter().position(starts) else {
                    return if element.what == What::Skip { self.noun_phrase(edge, limit, on, fit) } else { None };
                };
                let group = self.actors[actor].group;
                let mut together = self.actors.iter().filter(|a| a.group == group);
                match element.what {
                    What::Source => fit.source = Some(actor),
                    What::Target => fit.target = Some(actor),
                    What::Compound if together.clone().count() < 2 => return None,
                    What::Compound if on => fit.compound_after = Some(actor),
                    What::Compound => fit.compound = Some(actor),
                    _ => fit.skipped.push(actor),
                }
                let whole = matches!(element.what, What::Compound);
                let last = if on { together.next_back() } else { together.next() };
                let end = last.filter(|_| whole).unwrap_or(&self.actors[actor]);
                Some(if on { end.pieces.end } else { end.pieces.start })
            }
        }
    }
}
