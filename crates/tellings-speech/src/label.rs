//! Labels given in passing: no verb calls anybody anything, but the words do.

use crate::claim::{Made, Rules, clause_span, quote_of, within};
use crate::quote::Said;
use crate::tree::{Tok, Trees};
use tellings_doc::{Claim, ClaimKind, Deprel, Entity, Id, Kind, Realis, Rule, Span, Upos, Xpos};

/// Classes that judge whoever is called so; the others are also plain descriptions.
const LOADED: [&str; 14] = [
    "terrorist",
    "extremist",
    "occupier",
    "aggressor",
    "dictator",
    "puppet",
    "usurper",
    "criminal",
    "war-criminal",
    "traitor",
    "enemy",
    "mercenary",
    "racist",
    "rioter",
];

/// Adds the designations that a word gives in passing.
pub(crate) fn passing(trees: &Trees, rules: &Rules, said: &[Said], id: Tok, made: &mut Vec<Made>) {
    let lemma = trees.lemma(id);
    let capital = || lemma.starts_with(char::is_uppercase).then(|| lemma.to_lowercase());
    let Some(&class) = rules.labels.get(lemma).or_else(|| rules.labels.get(&capital()?)) else { return };
    if made.iter().rev().take(4).any(|m| m.claim.label.is_some_and(|l| l.touches(trees.token(id).span))) {
        return;
    }
    if let Some(claim) =
        held_by(trees, said, id, class).or_else(|| designated(trees, said, id, class)).or_else(|| quoted(trees, said, id, class))
    {
        made.push(Made { claim, trigger: id });
        return;
    }
    for claim in excepted(trees, said, id, class) {
        made.push(Made { claim, trigger: id });
    }
}

struct Given {
    by: Option<Id<Entity>>,
    by_span: Option<Span>,
    toward: Option<Id<Entity>>,
    label: Span,
    span: Span,
}

fn designate(trees: &Trees, said: &[Said], id: Tok, class: &'static str, given: Given, rule: &'static str) -> Claim {
    Claim {
        kind: ClaimKind::Designate,
        span: given.span,
        by: given.by,
        by_span: given.by_span,
        toward: given.toward.filter(|&t| Some(t) != given.by),
        label: Some(given.label),
        class: Some(class),
        issue: None,
        realis: Realis::Actual,
        quote: quote_of(said, trees, id),
        answers: None,
        rule: Rule::Borrowed(rule),
    }
}

/// The clause that a word stands in: the words from the verb above it that has a subject of its own.
fn around(trees: &Trees, id: Tok) -> Span {
    let mut at = id;
    for _ in 0..10 {
        if let Some(subject) = trees.base_child(at, Deprel::Nsubj)
            && !matches!(trees.deprel(at), Deprel::AclRelcl | Deprel::Acl)
        {
            return clause_span(trees, at, subject);
        }
        let Some(head) = trees.token(at).head else { break };
        at = head;
    }
    let (a, b) = trees.reach(at);
    trees.span(a, b)
}

/// "groups considered acceptable by the U.S.", "fighters seen as terrorists by Ankara".
fn held_by(trees: &Trees, said: &[Said], id: Tok, class: &'static str) -> Option<Claim> {
    let participle = trees.token(id).head.filter(|&h| trees.token(h).xpos == Xpos::Vbn)?;
    let holds = matches!(
        trees.lemma(participle),
        "consider"
            | "deem"
            | "regard"
            | "see"
            | "view"
            | "label"
            | "call"
            | "brand"
            | "designate"
            | "list"
            | "classify"
            | "describe"
            | "judge"
            | "find"
    );
    if !holds || !matches!(trees.deprel(participle), Deprel::Acl | Deprel::Advcl) {
        return None;
    }
    let by = trees.child(participle, Deprel::OblAgent).or_else(|| trees.with_preposition(participle, "by"));
    let by = by
        .or_else(|| trees.with_preposition(id, "by"))
        .or_else(|| trees.with_preposition(id, "to"))
        .filter(|&b| trees.is_agent(b))?;
    let whom = trees.token(participle).head.filter(|&w| trees.is_nominal(w))?;
    let given = Given {
        by: trees.entity(by),
        by_span: Some(trees.speaker(by)),
        toward: trees.entity(whom),
        label: trees.token(id).span,
        span: around(trees, whom),
    };
    Some(designate(trees, said, id, class, given, "claim.designate.held"))
}

/// "a U.S.-designated terrorist group", "the EU-listed extremist party".
fn designated(trees: &Trees, said: &[Said], id: Tok, class: &'static str) -> Option<Claim> {
    let (head, participle) = [Some(id), trees.token(id).head].into_iter().flatten().find_map(|head| {
        let found = trees.parse.dependents(head).iter().copied().find(|&d| {
            d < id
                && matches!(
                    trees.lemma(d),
                    "designate" | "designated" | "list" | "listed" | "label" | "labelled" | "labeled" | "brand" | "branded"
                )
        })?;
        Some((head, found))
    })?;
    if trees.near(participle, -1).is_none_or(|h| trees.word(h) != "-") {
        return None;
    }
    let by = trees.near(participle, -2).filter(|&b| trees.is_agent(b))?;
    let b = trees.reach(head).1;
    let last = (id.index()..=b)
        .take_while(|&i| !matches!(trees.parse.tokens[i].upos, Upos::Punct | Upos::Adp | Upos::Verb | Upos::Pron))
        .last()?;
    let given = Given {
        by: trees.entity(by),
        by_span: Some(trees.token(by).span),
        toward: trees.entity(head).or_else(|| {
            // "…, a U.S.-designated terrorist group": what it is set beside.
            (trees.deprel(head) == Deprel::Appos).then(|| trees.token(head).head.and_then(|h| trees.entity(h))).flatten()
        }),
        label: trees.span(participle.index() + 1, last.max(id.index())),
        span: trees.phrase(head).join(trees.token(by).span),
    };
    Some(designate(trees, said, id, class, given, "claim.designate.listed"))
}

/// Inside what is said: "the terrorist Rojan group", "the occupying army", "this Danish aggression".
fn quoted(trees: &Trees, said: &[Said], id: Tok, class: &'static str) -> Option<Claim> {
    if !LOADED.contains(&class) || matches!(trees.lemma(id), "rival" | "accused") {
        return None;
    }
    let quote = &said[within(said, trees.token(id).span)?];
    quote.speaker?;
    let head = match trees.deprel(id) {
        Deprel::Amod | Deprel::Compound => trees.token(id).head?,
        _ => id,
    };
    let definite = trees.parse.dependents(head).iter().any(|&d| {
        d < id && (trees.deprel(d) == Deprel::Det && matches!(trees.lemma(d), "the" | "this" | "these" | "that" | "those"))
    });
    let group = matches!(
        trees.lemma(head),
        "group"
            | "organization"
            | "organisation"
            | "regime"
            | "government"
            | "force"
            | "militia"
            | "entity"
            | "army"
            | "leader"
            | "gang"
            | "party"
            | "movement"
            | "militant"
            | "fighter"
            | "element"
            | "state"
            | "power"
            | "junta"
    );
    let people = head == id && trees.token(id).upos == Upos::Noun && !matches!(trees.token(id).xpos, Xpos::Vbg);
    let abstracted = matches!(
        trees.lemma(id),
        "aggression" | "occupation" | "invasion" | "annexation" | "terrorism" | "terror" | "genocide" | "coup" | "riot"
    );
    let modifier = trees.parse.dependents(head).iter().copied().find(|&d| {
        d < head && d != id && trees.entity(d).is_some() && matches!(trees.kind(d), Some(Kind::Gpe | Kind::Norp | Kind::Org))
    });
    let named = modifier.is_some() || trees.token(head).upos == Upos::Propn;
    let fits = if abstracted {
        head == id && modifier.is_some()
    } else {
        (people || group || trees.is_agent(head)) && (definite || named)
    };
    if !fits || trees.base_child(head, Deprel::Cop).is_some() {
        return None;
    }
    let toward = modifier
        .filter(|_| abstracted)
        .and_then(|m| trees.entity(m))
        .or_else(|| trees.entity(head))
        .or_else(|| modifier.and_then(|m| trees.entity(m)));
    let speaker = quote.speaker?;
    let given = Given {
        by: quote.quote.entity,
        by_span: Some(trees.speaker(speaker)),
        toward,
        label: trees.token(id).span.join(trees.token(if group { head } else { id }).span),
        span: trees.phrase(head),
    };
    Some(designate(trees, said, id, class, given, "claim.designate.quoted"))
}

/// "With the exception of the Arda group, the two sides cannot agree on who is an extremist": they agree on that one.
fn excepted(trees: &Trees, said: &[Said], id: Tok, class: &'static str) -> Vec<Claim> {
    let mut out = Vec::new();
    let who = trees.child(id, Deprel::Nsubj).is_some_and(|s| matches!(trees.token(s).xpos, Xpos::Wp | Xpos::Wdt));
    if !who || trees.child(id, Deprel::Cop).is_none() {
        return out;
    }
    // Up to the denied agreement.
    let mut at = id;
    let mut denied = None;
    let mut agrees = false;
    for _ in 0..6 {
        let Some(head) = trees.token(at).head else { break };
        at = head;
        agrees |= matches!(trees.lemma(at), "agree" | "settle" | "decide" | "define" | "consensus" | "agreement");
        let negated = trees.is_negated(at)
            || trees.parse.dependents(at).iter().any(|&d| matches!(trees.word(d), "n’t" | "n't" | "not" | "cannot" | "differ"));
        if negated {
            denied = Some(at);
            break;
        }
    }
    let Some(verb) = denied.filter(|_| agrees) else { return out };
    let subject = trees.subject(verb);
    // "with the exception of", "except for", "apart from".
    let except = trees.parse.dependents(verb).iter().copied().find_map(|d| match trees.lemma(d) {
        "exception" => trees.with_preposition(d, "of"),
        _ => trees
            .parse
            .dependents(d)
            .iter()
            .any(|&c| trees.deprel(c) == Deprel::Case && matches!(trees.lemma(c), "except" | "apart" | "besides" | "excepting"))
            .then_some(d),
    });
    let Some(first) = except else { return out };
    let sentence = trees.parse.sentences[trees.sentence(id)].span;
    let conjoined = trees.parse.dependents(first).iter().copied().filter(|&d| trees.deprel(d) == Deprel::Conj);
    for whom in std::iter::once(first).chain(conjoined) {
        let given = Given {
            by: subject.and_then(|s| trees.entity(s)),
            by_span: subject.map(|s| trees.speaker(s)),
            toward: trees.entity(whom),
            label: trees.token(id).span,
            span: trees.span(trees.reach(whom).0, whom.index()).join(sentence),
        };
        out.push(designate(trees, said, id, class, given, "claim.designate.excepted"));
    }
    out
}
