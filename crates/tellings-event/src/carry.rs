//! What one telling of an event lends to another in the same report: "the strike" is the strike told before.

use crate::code::{Coder, Draft};
use crate::who::Found;
use tellings_doc::{EventPlace, EventTime, EventType, Kind, PlaceBasis, Quad, Realis, TimeBasis, Upos};

/// Events back that one can refer to.
const WINDOW: usize = 300;

/// Sentences back that a speaker's date still holds.
const NEAR: usize = 4;

/// Fills what an event leaves unsaid from the earlier telling it refers to.
pub(crate) fn carry(coder: &Coder<'_>, drafts: &mut Vec<Draft>) {
    // How often later tellings referred to each.
    let mut weight = vec![0i32; drafts.len()];
    let mut told = vec![false; drafts.len()];
    // The first telling of the act that each tells.
    let mut chain: Vec<usize> = (0..drafts.len()).collect();
    for i in 0..drafts.len() {
        let (before, rest) = drafts.split_at_mut(i);
        let draft = &mut rest[0];
        // "the last meeting" is another one of the same people.
        let another = is_another(coder, draft);
        let same = (i.saturating_sub(WINDOW)..i).filter(|&e| same_act(coder, &before[e], draft)).max_by_key(|&e| match another {
            // Another one of the people spoken of last.
            true => (0, e),
            false => (rank(coder, &before[e], draft) + weight[e].min(4), e),
        });
        if let Some(e) = same {
            weight[e] += 1;
            let earlier = &before[e];
            if draft.actors.is_empty() {
                draft.actors = lend(&earlier.actors, &draft.recipients);
            }
            if draft.recipients.is_empty() {
                draft.recipients = lend(&earlier.recipients, &draft.actors);
            }
            told[i] = true;
            chain[i] = chain[e];
            if another {
                continue;
            }
            lend_time(draft, earlier);
            if draft.event.place.is_none() && draft.event.kind != EventType::Protest {
                draft.event.place = earlier.event.place.map(|p| EventPlace { basis: PlaceBasis::Narrative, ..p });
            }
            for mode in &earlier.event.modes {
                if draft.noun && !draft.event.modes.contains(mode) {
                    draft.event.modes.push(*mode);
                }
            }
            if draft.event.realis == Realis::Actual && earlier.event.realis == Realis::Historical {
                draft.event.realis = Realis::Historical;
            }
        } else if draft.event.realis == Realis::Actual
            && let Some(earlier) = episode(before, draft)
        {
            told[i] = true;
            if draft.actors.is_empty() && draft.event.kind == EventType::Assault && !draft.noun {
                draft.actors = lend(&earlier.actors, &draft.recipients);
            }
            lend_time(draft, earlier);
            if draft.event.place.is_none() {
                draft.event.place = earlier.event.place.map(|p| EventPlace { basis: PlaceBasis::Narrative, ..p });
            }
        } else if draft.event.time.is_none()
            && !draft.noun
            && spoken(draft.event.kind)
            && let Some(earlier) = before.iter().rev().take_while(|e| e.sentence + NEAR >= draft.sentence).find(|e| {
                let they =
                    draft.actors.iter().any(|a| coder.trees.lemma(a.token) == "they" || coder.several(a)) && e.actors.len() > 1;
                let near = e.sentence + if they { NEAR } else { 1 } >= draft.sentence;
                (same_people(&e.actors, &draft.actors) || near && pronoun(coder, &draft.actors))
                    && (spoken(e.event.kind) || e.event.kind == EventType::Consult)
                    && e.event.time.is_some()
                    && !e.noun
                    && e.event.realis != Realis::Historical
            })
        {
            lend_time(draft, earlier);
        }
    }
    // What only a later telling of the act says: "X was shot. Gunmen attacked X, police said."
    for i in 0..drafts.len() {
        use EventType::{Assault, Coerce};
        let draft = &drafts[i];
        if !draft.actors.is_empty() || !matches!(draft.event.kind, Assault | Coerce) || draft.recipients.is_empty() {
            continue;
        }
        let later = (i + 1..drafts.len().min(i + WINDOW)).find(|&j| {
            let other = &drafts[j];
            !other.actors.is_empty()
                && other.event.realis == Realis::Actual
                && draft.event.realis == Realis::Actual
                && same_people(&draft.recipients, &other.recipients)
                && !same_people(&draft.recipients, &other.actors)
                && same_act(coder, draft, other)
        });
        if let Some(j) = later {
            let found = lend(&drafts[j].actors, &drafts[i].recipients);
            drafts[i].actors = found;
        }
    }
    // A place that one telling of an act names holds for the others, too.
    for i in 0..drafts.len() {
        let place = drafts[i].event.place.filter(|p| p.basis == PlaceBasis::Clause);
        let (first, kind) = (chain[i], drafts[i].event.kind);
        if let Some(place) = place.filter(|_| kind == EventType::Assault) {
            for j in i.saturating_sub(WINDOW)..drafts.len().min(i + WINDOW) {
                if chain[j] == first && drafts[j].event.place.is_none() {
                    drafts[j].event.place = Some(EventPlace { basis: PlaceBasis::Narrative, ..place });
                }
            }
        }
    }
    for i in 0..drafts.len() {
        if chain[i] != i && drafts[i].event.place.is_none() && drafts[i].event.kind == EventType::Assault {
            let place =
                (i.saturating_sub(WINDOW)..i).find_map(|j| (chain[j] == chain[i]).then_some(drafts[j].event.place).flatten());
            drafts[i].event.place = place.map(|p| EventPlace { basis: PlaceBasis::Narrative, ..p });
        }
    }
    // A definite noun that refers to nothing told before, and names nobody, tells no event.
    let mut number = 0;
    drafts.retain(|d| {
        number += 1;
        let Some(rule) = coder.rule(d) else { return true };
        use crate::rules::Needs::*;
        match rule.needs {
            Actor => !d.actors.is_empty(),
            Recipient => !d.recipients.is_empty(),
            Both => !d.actors.is_empty() && !d.recipients.is_empty(),
            Either => !d.actors.is_empty() || !d.recipients.is_empty(),
            Two => d.actors.len() + d.recipients.len() > 1 || d.actors.iter().any(|f| coder.several(f)),
            Nothing => true,
            Told => told[number - 1],
        }
    });
}

/// "the last meeting", "a second strike": a noun of one more act.
fn is_another(coder: &Coder<'_>, draft: &Draft) -> bool {
    const MORE: [&str; 14] = [
        "last", "previous", "earlier", "next", "second", "third", "first", "another", "other", "future", "new", "latest",
        "further", "more",
    ];
    draft.noun && coder.trees.deps(draft.trigger).any(|d| MORE.contains(&coder.trees.lemma(d)))
}

fn lend_time(draft: &mut Draft, earlier: &Draft) {
    if draft.event.time.is_none() {
        draft.event.time = earlier.event.time.clone().map(|t| EventTime { basis: TimeBasis::Narrative, ..t });
    }
}

/// How well an earlier telling explains a later one.
fn rank(coder: &Coder<'_>, earlier: &Draft, draft: &Draft) -> i32 {
    let word = coder.trees.words[earlier.trigger] == coder.trees.words[draft.trigger];
    let whole = !earlier.actors.is_empty() && !earlier.recipients.is_empty();
    let number = |d: &Draft| d.noun && coder.trees.token(d.trigger).feats.get("Number") == Some("Plur");
    let near = draft.sentence - earlier.sentence <= 2;
    let people = i32::from(same_people(&earlier.actors, &draft.actors) || same_state(coder, &earlier.actors, &draft.actors))
        + i32::from(same_people(&earlier.recipients, &draft.recipients));
    let modes = earlier.event.modes.iter().any(|m| draft.event.modes.contains(m));
    2 * i32::from(modes) + 3 * people + 2 * i32::from(word) + 2 * i32::from(whole) + i32::from(near)
        - 3 * i32::from(number(earlier) != number(draft) && draft.noun)
}

/// The violent act that this one, told just after it without date, is part of: the same weapon, and nobody on the wrong side.
fn episode<'a>(before: &'a [Draft], draft: &Draft) -> Option<&'a Draft> {
    let riot = draft.event.kind == EventType::Protest && !draft.recipients.is_empty();
    if !riot && draft.event.kind != EventType::Assault || draft.event.time.is_some() || draft.noun {
        return None;
    }
    let weapons = |d: &Draft| d.event.modes.clone();
    before
        .iter()
        .rev()
        .take_while(|e| e.sentence + NEAR >= draft.sentence)
        .filter(|e| e.event.kind == EventType::Assault && e.event.realis == Realis::Actual && e.event.time.is_some())
        .find(|e| {
            let fits = draft.event.modes.is_empty()
                || e.event.modes.is_empty()
                || weapons(e).iter().any(|m| draft.event.modes.contains(m));
            let turned = same_people(&e.actors, &draft.recipients) || same_people(&e.recipients, &draft.actors);
            (fits || turned) && (draft.actors.is_empty() && !turned || !draft.actors.is_empty())
        })
}

/// Is the actor a pronoun, or a definite noun that nobody resolved?
fn pronoun(coder: &Coder<'_>, actors: &[Found]) -> bool {
    actors.first().is_some_and(|a| {
        a.participant.entity.is_none_or(|e| coder.link.entities.get(e.index()).is_some_and(|e| e.generic))
            && (coder.trees.token(a.token).upos == Upos::Pron || coder.definite(a.token))
    })
}

/// Is a type of act done in words?
pub(crate) fn verbal(kind: EventType) -> bool {
    matches!(kind.quad(), Quad::VerbalCooperation | Quad::VerbalConflict)
}

fn spoken(kind: EventType) -> bool {
    use EventType::*;
    matches!(kind, Agree | Concede | Request | Accuse | Reject | Threaten | Support | Sanction)
}

pub(crate) fn lend(from: &[Found], taken: &[Found]) -> Vec<Found> {
    from.iter()
        .filter(|f| {
            !taken
                .iter()
                .any(|t| t.token == f.token || t.participant.entity.is_some() && t.participant.entity == f.participant.entity)
        })
        .cloned()
        .collect()
}

/// Do two lists share somebody?
pub(crate) fn same_people(a: &[Found], b: &[Found]) -> bool {
    a.iter().any(|x| b.iter().any(|y| x.participant.entity.is_some() && x.participant.entity == y.participant.entity))
}

/// Somebody in both, or nobody in one of them.
fn agree(coder: &Coder<'_>, a: &[Found], b: &[Found]) -> bool {
    a.is_empty() || b.is_empty() || same_people(a, b) || same_state(coder, a, b)
}

/// Does one state act in both, through its government, its forces or its leader?
fn same_state(coder: &Coder<'_>, a: &[Found], b: &[Found]) -> bool {
    let state = |f: &Found| {
        let entity = coder.link.entities.get(f.participant.entity?.index())?;
        let official = entity.kind == Kind::Gpe || entity.sectors.first().is_some_and(|s| matches!(s.as_str(), "GOV" | "MIL"));
        entity.country.as_deref().filter(|_| official)
    };
    a.iter().any(|x| state(x).is_some_and(|country| b.iter().any(|y| state(y) == Some(country))))
}

/// Does `draft` tell the act that `earlier` told?
fn same_act(coder: &Coder<'_>, earlier: &Draft, draft: &Draft) -> bool {
    if earlier.event.kind != draft.event.kind
        || earlier.sentence == draft.sentence && !draft.noun
        || earlier.event.realis == Realis::Negated
        || matches!(earlier.event.realis, Realis::Hypothetical | Realis::Future) && draft.event.realis == Realis::Actual
    {
        return false;
    }
    if let (Some(a), Some(b)) = (&earlier.event.time, &draft.event.time) {
        let apart = match (a.range, b.range) {
            (Some(a), Some(b)) => !a.touches(b),
            _ => a.value != b.value,
        };
        if apart {
            return false;
        }
    }
    // A war is no single attack, nor one war another.
    let war = coder.trees.known.war;
    let same_word = coder.trees.words[earlier.trigger] == coder.trees.words[draft.trigger];
    if !same_word && (coder.trees.is(earlier.trigger, war) || coder.trees.is(draft.trigger, war)) {
        return false;
    }
    if draft.refers && !draft.noun {
        // "X was killed in the attack": one attack, more victims.
        return agree(coder, &earlier.actors, &draft.actors) && draft.event.kind == EventType::Assault;
    }
    // "X joined the talks": one meeting, more people.
    if draft.noun && draft.refers && draft.event.kind == EventType::Consult && draft.clause != draft.trigger {
        let joins = matches!(coder.trees.lemma(draft.clause), "join" | "attend" | "leave" | "boycott" | "quit");
        if joins && draft.sentence - earlier.sentence <= NEAR {
            return true;
        }
    }
    if !agree(coder, &earlier.actors, &draft.actors) || !agree(coder, &earlier.recipients, &draft.recipients) {
        return false;
    }
    let both = same_people(&earlier.actors, &draft.actors) && same_people(&earlier.recipients, &draft.recipients);
    let bare = draft.actors.is_empty() && draft.recipients.is_empty();
    if draft.noun {
        draft.refers
            || both
            || draft.event.kind == EventType::Assault && same_people(&earlier.recipients, &draft.recipients)
            || bare && coder.trees.words[earlier.trigger] == coder.trees.words[draft.trigger]
    } else {
        both && !spoken(draft.event.kind)
            || draft.event.kind == EventType::Assault && same_people(&earlier.recipients, &draft.recipients)
    }
}
