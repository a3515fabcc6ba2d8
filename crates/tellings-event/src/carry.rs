//! What one telling of an event lends to another in the same report: "the strike" is the strike told before.

use crate::code::{Coder, Draft};
use crate::who::Found;
use tellings_doc::{EventPlace, EventTime, EventType, PlaceBasis, Realis, TimeBasis};

/// Sentences back that a speaker's date still holds.
const NEAR: usize = 4;

/// Fills what an event leaves unsaid from the earlier telling it refers to.
pub(crate) fn carry(coder: &Coder<'_>, drafts: &mut Vec<Draft>) {
    for i in 0..drafts.len() {
        let (before, rest) = drafts.split_at_mut(i);
        let draft = &mut rest[0];
        if let Some(earlier) = before.iter().rev().find(|e| same_act(coder, e, draft)) {
            if draft.actors.is_empty() {
                draft.actors = lend(&earlier.actors, &draft.recipients);
            }
            if draft.recipients.is_empty() {
                draft.recipients = lend(&earlier.recipients, &draft.actors);
            }
            if draft.event.time.is_none() {
                draft.event.time = earlier.event.time.clone().map(|t| EventTime { basis: TimeBasis::Narrative, ..t });
            }
            if draft.event.place.is_none() {
                draft.event.place = earlier.event.place.map(|p| EventPlace { basis: PlaceBasis::Narrative, ..p });
            }
            if draft.event.modes.is_empty() {
                draft.event.modes = earlier.event.modes.clone();
            }
            if draft.event.realis == Realis::Actual && earlier.event.realis == Realis::Historical {
                draft.event.realis = Realis::Historical;
            }
        } else if draft.event.time.is_none()
            && spoken(draft.event.kind)
            && let Some(earlier) = before
                .iter()
                .rev()
                .take_while(|e| e.sentence + NEAR >= draft.sentence)
                .find(|e| same_people(&e.actors, &draft.actors))
            && spoken(earlier.event.kind)
            && earlier.event.realis != Realis::Historical
        {
            draft.event.time = earlier.event.time.clone().map(|t| EventTime { basis: TimeBasis::Narrative, ..t });
        }
    }
    // A definite noun that refers to nothing told before, and names nobody, tells no event.
    drafts.retain(|d| {
        let rule = &coder.table.rules[d.rule as usize];
        use crate::rules::Needs::*;
        match rule.needs {
            Actor => !d.actors.is_empty(),
            Recipient => !d.recipients.is_empty(),
            Both => !d.actors.is_empty() && !d.recipients.is_empty(),
            Either | Two => !d.actors.is_empty() || !d.recipients.is_empty(),
            Nothing => true,
        }
    });
}

fn spoken(kind: EventType) -> bool {
    use EventType::*;
    matches!(kind, Agree | Concede | Request | Accuse | Reject | Threaten | Support)
}

fn lend(from: &[Found], taken: &[Found]) -> Vec<Found> {
    from.iter()
        .filter(|f| !taken.iter().any(|t| t.participant.entity.is_some() && t.participant.entity == f.participant.entity))
        .cloned()
        .collect()
}

/// Do two lists share somebody?
fn same_people(a: &[Found], b: &[Found]) -> bool {
    a.iter().any(|x| b.iter().any(|y| x.participant.entity.is_some() && x.participant.entity == y.participant.entity))
}

/// Somebody in both, or nobody in one of them.
fn agree(a: &[Found], b: &[Found]) -> bool {
    a.is_empty() || b.is_empty() || same_people(a, b)
}

/// Does `draft` tell the act that `earlier` told?
fn same_act(coder: &Coder<'_>, earlier: &Draft, draft: &Draft) -> bool {
    if earlier.event.kind != draft.event.kind || earlier.sentence == draft.sentence && !draft.noun {
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
    if !agree(&earlier.actors, &draft.actors) || !agree(&earlier.recipients, &draft.recipients) {
        return false;
    }
    let both = same_people(&earlier.actors, &draft.actors) && same_people(&earlier.recipients, &draft.recipients);
    let bare = draft.actors.is_empty() && draft.recipients.is_empty();
    if draft.noun {
        coder.definite(draft.trigger) || both || bare && coder.trees.words[earlier.trigger] == coder.trees.words[draft.trigger]
    } else {
        both && !spoken(draft.event.kind)
            || draft.event.kind == EventType::Assault && same_people(&earlier.recipients, &draft.recipients)
    }
}
