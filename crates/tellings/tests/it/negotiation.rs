//! The file on a story's talks, from raw reports: who holds what on which issue, what moved, what was promised and broken.

use crate::models;
use tellings::doc::ClaimKind;
use tellings::story::{Negotiation, Record};
use tellings::{Given, read_row, reconcile};

/// The record of reports, each with its day.
fn record(reports: &[(&str, &str)]) -> Record {
    let read = |(n, (day, text)): (usize, &(&str, &str))| {
        let given = Given { date: Some(day.to_string()), ..Given::default() };
        read_row(models(), &format!("r{n}"), text, &given)
    };
    reconcile(models(), reports.iter().enumerate().map(read).collect()).1
}

fn file(reports: &[(&str, &str)]) -> Negotiation {
    record(reports).stories.swap_remove(0).negotiation
}

fn party(file: &Negotiation, name: &str) -> usize {
    file.parties.iter().position(|p| p.name == name).unwrap_or_else(|| panic!("{name} among {:?}", file.parties))
}

const FIRST: (&str, &str) = (
    "2023-04-03",
    "Sudan demanded on Monday that Ethiopia release 300 prisoners by 20 April. Ethiopia rejected the demand for the release \
     of prisoners. \"We will not release prisoners under pressure,\" Ethiopian Foreign Minister Demeke Mekonnen said.\n\n\
     Sudan offered to open the border crossing at Gallabat. Sudan accused Ethiopia of violating the ceasefire; Ethiopia \
     denied violating the ceasefire.\n\nSudan and Ethiopia held talks in Nairobi on Monday. The talks ended without an agreement.",
);
const SECOND: (&str, &str) = (
    "2023-04-12",
    "Ethiopia agreed on Wednesday to release prisoners within two weeks, the Ethiopian foreign ministry said. Sudan and \
     Ethiopia signed a ceasefire agreement in Nairobi on Wednesday. Sudan promised to withdraw its troops from the border \
     before 1 May.",
);

#[test]
fn positions_stand_per_issue_and_conflict() {
    let file = file(&[FIRST]);
    let (sudan, ethiopia) = (party(&file, "Sudan"), party(&file, "Ethiopia"));
    let prisoners = file.issues.iter().find(|i| i.issue.as_deref() == Some("TjPrire")).expect("prisoners");
    let held = |p: usize, kind: ClaimKind| prisoners.positions.iter().any(|x| x.party == p && x.kind == kind);
    assert!(held(sudan, ClaimKind::Demand) && held(ethiopia, ClaimKind::Reject), "{:#?}", prisoners.positions);
    assert!(!prisoners.conflicts.is_empty(), "the demand and its rejection make a sticking point");
    assert_eq!(file.offers.len(), 1, "the border crossing");
    assert!(file.commitments.is_empty(), "an offer is none: {:?}", file.commitments);
}

#[test]
fn who_speaks_for_a_state_is_its_party() {
    let file = file(&[FIRST]);
    let ethiopia = &file.parties[party(&file, "Ethiopia")];
    assert!(ethiopia.members.iter().any(|m| m.contains("demeke")), "its minister: {:?}", ethiopia.members);
    assert_eq!(file.parties.len(), 2, "{:?}", file.parties);
}

#[test]
fn a_stand_that_is_given_up_has_moved_and_sticks_no_more() {
    let file = file(&[FIRST, SECOND]);
    let prisoners = file.issues.iter().find(|i| i.issue.as_deref() == Some("TjPrire")).expect("prisoners");
    let moved = prisoners.moved.iter().find(|m| m.party == party(&file, "Ethiopia")).expect("Ethiopia moved");
    assert!(moved.note.contains("2023-04-03") && moved.note.contains("2023-04-12"), "{}", moved.note);
    assert!(prisoners.conflicts.is_empty(), "what was given way to is no sticking point");
}

#[test]
fn commitments_have_their_deadlines() {
    let file = file(&[FIRST, SECOND]);
    let days: Vec<_> = file.commitments.iter().filter_map(|c| c.deadline.as_deref()).collect();
    assert_eq!(days, ["2023-04-26", "2023-05-01"], "{:#?}", file.commitments);
}

#[test]
fn violations_stand_with_their_answers() {
    let file = file(&[FIRST]);
    let [violation] = &file.violations[..] else { panic!("{:?}", file.violations) };
    assert_eq!((violation.by, violation.against), (Some(party(&file, "Sudan")), Some(party(&file, "Ethiopia"))));
    assert_eq!(violation.answers.len(), 1, "the denial");
}

#[test]
fn the_stages_of_talks_follow_one_another() {
    let values = |reports: &[(&str, &str)]| file(reports).stages.iter().map(|s| s.value).collect::<Vec<_>>();
    assert_eq!(values(&[FIRST]), ["stalled"]);
    assert_eq!(values(&[FIRST, SECOND]), ["stalled", "agreement"]);
}

#[test]
fn an_agreement_to_go_on_looking_is_no_agreement_on_the_matter() {
    let report = (
        "2023-04-04",
        "Sudanese President Omar Hassan and Ethiopian Prime Minister Abiy Ahmed failed on Monday to force a breakthrough in \
         negotiations over a ceasefire, but agreed to keep looking for a path to provide humanitarian relief to thousands of besieged \
         civilians. Sudan demanded that Ethiopia release prisoners. Ethiopia rejected the demand.",
    );
    let stages = file(&[report]).stages;
    assert!(stages.iter().all(|s| s.value != "agreement"), "{stages:#?}");
}

#[test]
fn a_call_with_somebody_else_is_no_stage_of_the_talks() {
    let reports = [
        (
            "2021-05-04",
            "Sudan and Ethiopia held talks in Nairobi on Monday. Sudan demanded that Ethiopia release prisoners. Ethiopia rejected the \
             demand. Sudanese and Ethiopian ministers met for three hours on Monday.",
        ),
        ("2021-05-05", "Sudan and Ethiopia held talks in Nairobi on Monday. On Tuesday Sudan and Ethiopia held talks in Cairo."),
        (
            "2021-05-06",
            "Sudan and Ethiopia held talks in Cairo on Tuesday. On Wednesday Sudan held talks with Norway. Norway demanded that Sudan \
             pay its debts.",
        ),
        ("2021-05-07", "Sudan and Ethiopia, which held talks in Cairo on Tuesday, held talks in Nairobi on Monday."),
    ];
    let record = record(&reports);
    let story = &record.stories[0];
    assert!(story.negotiation.parties.iter().any(|p| p.name == "Norway"), "{:#?}", story.negotiation.parties);
    let last = story.negotiation.held.last().expect("there were talks");
    let last = story.events.iter().find(|e| e.id == *last).expect("of the story");
    assert_eq!(last.date.as_ref().map(|d| d.value.as_str()), Some("2021-05-04"), "{last:#?}");
}

#[test]
fn where_nobody_negotiates_there_is_no_file() {
    let file = file(&[("2023-04-03", "A bomb killed nine people in Mosul on Sunday. The police arrested two men.")]);
    assert_eq!(file, Negotiation::default());
}

#[test]
fn a_demand_told_twice_in_other_words_is_one_position() {
    let file = file(&[
        (
            "2023-04-03",
            "Sudan and Ethiopia held talks in Nairobi on Monday. Sudan demanded on Monday that Ethiopia release the prisoners from the \
             border war. Ethiopia rejected the demand for the release of the prisoners.",
        ),
        (
            "2023-04-04",
            "Sudan and Ethiopia held talks in Nairobi on Monday. The Sudanese foreign ministry demanded that Ethiopia free the captives \
             of the frontier conflict.",
        ),
        ("2023-04-20", "Sudan demanded on Wednesday that Ethiopia release the prisoners from the border war."),
    ]);
    let sudan = party(&file, "Sudan");
    let demands: Vec<_> = (file.issues.iter().flat_map(|i| &i.positions))
        .filter(|p| p.party == sudan && p.kind == ClaimKind::Demand)
        .map(|p| (p.date.as_deref(), p.also.len()))
        .collect();
    // Told again by another outlet on the next day: one position. Seventeen days later: a demand that was made again.
    assert!(demands.contains(&(Some("2023-04-03"), 1)), "{:#?}", file.issues);
    assert!(demands.len() <= 2, "{:#?}", file.issues);
}
