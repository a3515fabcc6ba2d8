//! Who is for or against whom: summed up from claims and events, each stance with what it rests on.

use std::collections::BTreeMap;
use tellings_doc::{Claim, ClaimKind, Doc, Entity, Event, EventType, Id, Quad, Realis};

/// How one actor stands toward another in a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Stance {
    /// Whose stance.
    pub by: Id<Entity>,
    /// Toward whom.
    pub toward: Id<Entity>,
    /// Mean weight of the evidence, -2 (hostile) to 2 (friendly); 0 where it speaks both ways.
    pub value: f32,
    /// What it rests on, claims before events, in text order.
    pub evidence: Vec<Evidence>,
}

/// One thing that a stance rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Evidence {
    /// A claim by the one toward the other, and its weight.
    Claim(Id<Claim>, f32),
    /// An event with the one as actor and the other as recipient, and its weight.
    Event(Id<Event>, f32),
}

impl Evidence {
    /// The weight, -2 to 2.
    pub fn weight(self) -> f32 {
        match self {
            Evidence::Claim(_, weight) | Evidence::Event(_, weight) => weight,
        }
    }
}

/// The stances of a report, by actor and then by whom they are toward. What is negated, only possible or long past says
/// nothing, nor does what has no actor or no other side.
pub fn stances(doc: &Doc) -> Vec<Stance> {
    let mut found: BTreeMap<(Id<Entity>, Id<Entity>), Vec<Evidence>> = BTreeMap::new();
    for (i, claim) in doc.speech.claims.iter().enumerate() {
        let (Some(by), Some(toward), weight) = (claim.by, claim.toward, of_claim(claim)) else { continue };
        if by != toward && weight != 0.0 {
            found.entry((by, toward)).or_default().push(Evidence::Claim(Id::new(i), weight));
        }
    }
    for (i, event) in doc.events.iter().enumerate() {
        let weight = of_event(event);
        if weight == 0.0 {
            continue;
        }
        let mut add = |by: Option<Id<Entity>>, toward: Option<Id<Entity>>| {
            if let (Some(by), Some(toward)) = (by, toward)
                && by != toward
            {
                found.entry((by, toward)).or_default().push(Evidence::Event(Id::new(i), weight));
            }
        };
        for a in event.actors.iter().take(6) {
            for b in event.recipients.iter().take(6) {
                add(a.entity, b.entity);
            }
        }
    }
    let mean = |evidence: &[Evidence]| evidence.iter().map(|e| e.weight()).sum::<f32>() / evidence.len() as f32;
    found.into_iter().map(|((by, toward), evidence)| Stance { by, toward, value: mean(&evidence), evidence }).collect()
}

/// What a claim says of how its maker stands toward the one it is about; 0 = nothing.
fn of_claim(claim: &Claim) -> f32 {
    if matches!(claim.realis, Realis::Negated | Realis::Hypothetical | Realis::Historical) {
        return 0.0;
    }
    match claim.kind {
        ClaimKind::Accuse => -2.0,
        ClaimKind::Reject | ClaimKind::Warn | ClaimKind::Deny => -1.0,
        ClaimKind::Demand => -0.5,
        ClaimKind::Accept | ClaimKind::Offer | ClaimKind::Promise => 1.0,
        ClaimKind::Designate => match claim.class {
            Some("ally" | "government" | "martyr") => 2.0,
            Some("moderate" | "acceptable" | "victim") => 1.0,
            Some("opposition" | "fighter" | "separatist" | "rebel" | "militant") | None => 0.0,
            Some(_) => -2.0,
        },
        ClaimKind::Position if claim.rule == "claim.position.favour" => 1.5,
        ClaimKind::Position if claim.rule == "claim.position.oppose" => -1.5,
        ClaimKind::Position | ClaimKind::Admit => 0.0,
    }
}

/// What an event says of how its actors stand toward its recipients; 0 = nothing.
fn of_event(event: &Event) -> f32 {
    // What is asked or told of another in words is there as a claim.
    if event.realis != Realis::Actual || matches!(event.kind, EventType::Accuse | EventType::Request | EventType::Reject) {
        return 0.0;
    }
    match event.kind.quad() {
        Quad::MaterialConflict => -2.0,
        Quad::VerbalConflict => -1.0,
        // Meeting somebody is no liking.
        Quad::VerbalCooperation if event.kind == EventType::Consult => 0.0,
        Quad::VerbalCooperation => 1.0,
        Quad::MaterialCooperation => 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tellings_doc::{Rule, Span, Speech};

    fn claim(kind: ClaimKind, by: usize, toward: usize, class: Option<&'static str>, realis: Realis) -> Claim {
        Claim {
            kind,
            span: Span::new(0, 1),
            by: Some(Id::new(by)),
            by_span: None,
            toward: Some(Id::new(toward)),
            label: None,
            class,
            issue: None,
            realis,
            quote: None,
            answers: None,
            rule: Rule::Borrowed("test"),
        }
    }

    #[test]
    fn claims_give_stances_with_evidence() {
        let claims = vec![
            claim(ClaimKind::Accuse, 0, 1, None, Realis::Actual),
            claim(ClaimKind::Offer, 1, 0, None, Realis::Actual),
            claim(ClaimKind::Designate, 0, 1, Some("ally"), Realis::Actual),
            claim(ClaimKind::Designate, 0, 2, Some("terrorist"), Realis::Actual),
            claim(ClaimKind::Accuse, 0, 3, None, Realis::Negated),
            claim(ClaimKind::Accuse, 4, 4, None, Realis::Actual),
        ];
        let doc = Doc { speech: Speech { claims, ..Speech::default() }, ..Doc::default() };
        let found: Vec<(usize, usize, f32, usize)> =
            stances(&doc).iter().map(|s| (s.by.index(), s.toward.index(), s.value, s.evidence.len())).collect();
        assert_eq!(found, [(0, 1, 0.0, 2), (0, 2, -2.0, 1), (1, 0, 1.0, 1)]);
    }
}
