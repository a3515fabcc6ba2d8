//! One record out of many reports, from raw text: plans and what came of them, background, quotes, corrections, undated reports.

use crate::models;
use std::collections::BTreeSet;
use tellings::doc::{Basis, EventType};
use tellings::story::{Agreement, Record, RecordEvent, Story};
use tellings::{Given, read_row, reconcile};

/// The record of reports, each with its day; an empty day: undated.
fn record(reports: &[(&str, &str)]) -> Record {
    let read = |(n, (day, text)): (usize, &(&str, &str))| {
        let date = Some(day.to_string()).filter(|d| !d.is_empty());
        read_row(models(), &format!("r{n}"), text, &Given { date, ..Given::default() })
    };
    reconcile(models(), reports.iter().enumerate().map(read).collect()).1
}

fn story(reports: &[(&str, &str)]) -> Story {
    record(reports).stories.swap_remove(0)
}

/// The one event of a type that several reports tell.
fn joint(story: &Story, kind: EventType) -> &RecordEvent {
    let told = story.events.iter().filter(|e| e.kind == kind && e.articles > 1).collect::<Vec<_>>();
    let [event] = told[..] else { panic!("{} joint events of {} among {:#?}", told.len(), kind.as_str(), story.events) };
    event
}

#[test]
fn a_plan_and_what_came_of_it_are_one_matter() {
    let cases = [
        [
            ("2019-11-05", "The foreign ministers of Greece and Albania will meet in Tirana on Thursday."),
            ("2019-11-08", "The foreign ministers of Greece and Albania met in Tirana on Thursday."),
        ],
        [
            ("2022-02-14", "Russia and Ukraine are to hold talks in Berlin on Wednesday."),
            ("2022-02-17", "Russia and Ukraine held talks in Berlin on Wednesday."),
        ],
    ];
    for case in cases {
        let story = story(&case);
        let event = joint(&story, EventType::Consult);
        assert_eq!(event.status, "planned-and-held", "{case:?}");
        assert!(story.disagreements.is_empty(), "{:?}", story.disagreements);
    }
}

#[test]
fn what_is_only_planned_has_not_happened() {
    let story = story(&[("2019-11-05", "The foreign ministers of Greece and Albania will meet in Tirana on Thursday.")]);
    assert!(story.events.iter().all(|e| e.status == "planned"), "{:#?}", story.events);
}

#[test]
fn an_earlier_meeting_is_not_what_came_of_a_plan() {
    let plan = ("2019-11-05", "The foreign ministers of Greece and Albania will meet in Tirana on Thursday.");
    let earlier = [
        // Published before the day.
        ("2019-11-04", "The foreign ministers of Greece and Albania met in Tirana."),
        // Without a day of its own, in a report without one.
        ("", "The foreign ministers of Greece and Albania met in Tirana and parted without a deal."),
        // On a day of which only a part is known, and which is not that one.
        ("", "The foreign ministers of Greece and Albania met in Tirana on Oct. 26 and parted without a deal."),
    ];
    for other in earlier {
        let story = story(&[plan, other]);
        let held = story.events.iter().filter(|e| e.status == "planned-and-held").collect::<Vec<_>>();
        assert!(held.is_empty(), "{other:?}: {held:#?}");
        assert!(story.events.iter().any(|e| e.status == "planned"), "{:#?}", story.events);
    }
}

#[test]
fn background_joins_the_event_it_tells_of() {
    let story = story(&[
        ("2018-05-04", "A bomb killed 20 people in a market in Mosul on Thursday, the police said."),
        (
            "2018-05-12",
            "Gunmen attacked a police post in Mosul on Friday and wounded two officers. Last week a bomb killed 20 people in a \
             market in Mosul.",
        ),
    ]);
    let bombing = story.events.iter().find(|e| e.articles == 2).expect("the bombing is told by both");
    assert_eq!(bombing.date.as_ref().map(|d| d.value.as_str()), Some("2018-05-03"));
    assert_eq!(story.events.iter().filter(|e| e.kind == EventType::Assault).count(), 2, "{:#?}", story.events);
}

/// The variants of the one quote that two reports have.
fn variants(reports: &[(&str, &str)]) -> Vec<&'static str> {
    let story = story(reports);
    let quote =
        story.quotes.iter().find(|q| q.tellings.len() > 1).unwrap_or_else(|| panic!("no joint quote: {:#?}", story.quotes));
    quote.tellings.iter().map(|t| t.1).collect()
}

#[test]
fn a_cut_quote_is_a_cut_of_the_whole() {
    let found = variants(&[
        (
            "2017-06-02",
            "\"We will defend every metre of our border and we ask nobody for permission,\" President Edgar Lungu said.",
        ),
        ("2017-06-02", "President Edgar Lungu said that Zambia would \"defend every metre of our border\"."),
    ]);
    assert_eq!(found, ["verbatim", "cut"]);
}

#[test]
fn a_quote_in_other_words_differs_and_stays_one() {
    let reports = [
        ("2017-06-02", "\"Our country will never accept foreign soldiers on its soil,\" President Edgar Lungu said in Lusaka."),
        ("2017-06-02", "\"Our country will not accept foreign troops on its soil,\" President Edgar Lungu said in Lusaka."),
    ];
    let story = story(&reports);
    let quote = story.quotes.iter().find(|q| q.tellings.len() > 1).expect("one utterance in two wordings");
    assert_eq!(quote.tellings.iter().map(|t| t.1).collect::<Vec<_>>(), ["verbatim", "differs"]);
}

#[test]
fn an_indirect_telling_joins_the_words() {
    let found = variants(&[
        (
            "2017-06-02",
            "\"The ceasefire in the north will collapse without foreign observers,\" Foreign Minister Joseph Malanji said.",
        ),
        (
            "2017-06-03",
            "Foreign Minister Joseph Malanji said that the ceasefire in the north would collapse without foreign observers.",
        ),
    ]);
    assert_eq!(found, ["verbatim", "indirect"]);
}

#[test]
fn other_words_of_one_speaker_are_another_quote() {
    let story = story(&[
        ("2017-06-02", "\"The ceasefire will collapse without observers,\" Foreign Minister Joseph Malanji said."),
        ("2017-06-03", "\"The elections will be held in August as planned,\" Foreign Minister Joseph Malanji said."),
    ]);
    assert!(story.quotes.iter().all(|q| q.tellings.len() == 1), "{:#?}", story.quotes);
}

#[test]
fn a_correction_supersedes_and_says_so() {
    let cases = [
        [
            ("2020-08-10", "Gunmen killed eight aid workers near Koure on Sunday, officials said."),
            ("2020-08-11", "Gunmen killed six aid workers, not eight, near Koure on Sunday, officials said on Monday."),
        ],
        [
            ("2020-08-10", "Gunmen killed eight aid workers near Koure on Sunday, officials said."),
            (
                "2020-08-11",
                "Gunmen killed six aid workers near Koure on Sunday. An earlier version of this report put the number of dead at \
                 eight.",
            ),
        ],
    ];
    for case in cases {
        let story = story(&case);
        let event = joint(&story, EventType::Assault);
        let fact = event.facts.iter().find(|f| f.attribute == "killed").expect("the number of dead");
        let values: Vec<_> = fact.values.iter().map(|v| (v.value.as_str(), v.superseded)).collect();
        assert_eq!(values, [("6", false), ("8", true)], "{case:?}");
        assert_ne!(fact.agreement, Agreement::Disputed);
        assert_eq!(event.status, "corrected");
        let [correction] = &story.corrections[..] else { panic!("{:?}", story.corrections) };
        assert_eq!((correction.from.as_deref(), correction.to.as_str()), (Some("8"), "6"));
        assert!(correction.note.contains("from 8 to 6"), "{}", correction.note);
        assert!(story.disagreements.is_empty(), "{:?}", story.disagreements);
    }
}

#[test]
fn a_toll_that_grew_replaces_the_first_one() {
    let story = story(&[
        ("2020-08-10", "A blast in the port of Sidon killed 30 people on Sunday, the Red Cross said."),
        ("2020-08-12", "The death toll of Sunday's blast in the port of Sidon has risen to 74, the Red Cross said."),
    ]);
    let [correction] = &story.corrections[..] else { panic!("{:?} of {:#?}", story.corrections, story.events) };
    assert_eq!((correction.from.as_deref(), correction.to.as_str()), (Some("30"), "74"));
}

#[test]
fn another_toll_is_no_correction() {
    let story = story(&[
        ("2020-08-10", "A blast in the port of Sidon killed 30 people on Sunday."),
        ("2020-08-12", "The death toll of the war in Syria has risen to 387,000, a monitoring group said."),
    ]);
    assert!(story.corrections.is_empty(), "{:?}", story.corrections);
}

#[test]
fn two_blame_different_doers() {
    let story = story(&[
        ("2020-08-10", "The army shelled a market in Taiz on Sunday, a doctor said."),
        ("2020-08-10", "The Houthis shelled a market in Taiz on Sunday, the government said."),
    ]);
    let found = story.disagreements.iter().any(|d| d.attribute == "participants");
    let open = story.events.iter().filter(|e| e.kind == EventType::Assault).count();
    assert!(found || open == 1, "{:#?}", story.events);
}

const DATED: (&str, &str) = (
    "2014-03-07",
    "The president of Gabon and the prime minister of Chad met in Libreville on Wednesday for two hours and signed an agreement \
     on fishing in the lake. \"We have turned a page,\" the president of Gabon said after the meeting in Libreville.",
);

#[test]
fn an_undated_report_is_dated_by_its_siblings() {
    let record = record(&[
        DATED,
        (
            "",
            "The president of Gabon met the prime minister of Chad in Libreville on Wednesday, and on Thursday they visited the \
             fishing port together. \"We have turned a page,\" the president of Gabon said. They signed an agreement on fishing in \
             the lake.",
        ),
    ]);
    let published = record.documents[1].published.as_ref().expect("a date");
    assert_eq!(published.basis, Basis::Inferred);
    assert!(["2014-03-06", "2014-03-07"].contains(&published.value.as_str()), "{published:?}");
    assert_eq!(published.from, ["r0"], "the siblings it rests on");
}

#[test]
fn a_report_without_evidence_stays_undated() {
    let record = record(&[
        DATED,
        ("", "The president of Gabon and the prime minister of Chad signed an agreement on fishing in the lake in Libreville."),
    ]);
    assert!(record.documents[1].published.is_none(), "{:?}", record.documents[1].published);
    let open = record.stories.iter().flat_map(|s| &s.unresolved).any(|u| u.kind == "date");
    assert!(open, "it is listed as undated");
}

const TALKS: &str = "Delegates of Guyana and Suriname began talks on the river border in Paramaribo behind closed doors. The delegation of \
     Suriname arrived with maps from the colonial archive and a retired judge as its adviser. The government of Guyana said before the \
     opening that it would not discuss the mining licences along the upper river. Fishermen on both banks complained that patrol boats \
     had seized their nets three times since the spring.";

#[test]
fn an_undated_report_is_dated_by_what_a_dated_one_has_of_it() {
    // No weekday word: only the sentences that both have.
    let record = record(&[("2015-04-21", TALKS), ("", TALKS)]);
    let published = record.documents[1].published.as_ref().expect("a date");
    assert_eq!((published.basis, &*published.rule), (Basis::Inferred, "story.infer-date.lineage"));
    assert_eq!(published.value, "2015-04-21", "{published:?}");
    assert_eq!(published.from, ["r0"]);
}

const SPOKEN: [&str; 2] = [
    "The president of Gabon and the prime minister of Chad met in Libreville on Wednesday for two hours. \"We have turned a page that \
     our fathers could not turn,\" the president of Gabon said. \"Our fishermen will share the lake as brothers,\" the prime minister of \
     Chad said.",
    "The lake is at peace at last. The president of Gabon met the prime minister of Chad in Libreville. \"We have turned a page that our \
     fathers could not turn,\" the president of Gabon told reporters. \"Our fishermen will share the lake as brothers,\" added the prime \
     minister of Chad.",
];

#[test]
fn quotes_and_weekday_words_date_a_report() {
    let by_quotes = record(&[("2014-03-05", SPOKEN[0]), ("", SPOKEN[1])]);
    let published = by_quotes.documents[1].published.as_ref().expect("a date");
    assert_eq!((published.basis, &*published.rule), (Basis::Inferred, "story.infer-date.quotes"));
    assert!(["2014-03-05", "2014-03-06"].contains(&published.value.as_str()), "{published:?}");
    // A weekday beside the quotes says which of the days it was.
    let weekday = SPOKEN[1].replace("at last", "since Thursday");
    let both = record(&[("2014-03-05", SPOKEN[0]), ("", &weekday)]);
    let published = both.documents[1].published.as_ref().expect("a date");
    assert_eq!((published.value.as_str(), &*published.rule), ("2014-03-06", "story.infer-date.weekdays"), "{published:?}");
}

#[test]
fn hypotheses_that_compete_are_kept_beside_the_date() {
    // Two siblings a week apart: "on Wednesday" may be either week's.
    let record = record(&[
        DATED,
        (
            "2014-03-14",
            "The president of Gabon and the prime minister of Chad met in Libreville again on Wednesday and talked about fishing in the \
             lake. The prime minister of Chad called the agreement on fishing a beginning.",
        ),
        ("", "The president of Gabon met the prime minister of Chad in Libreville on Wednesday about fishing in the lake."),
    ]);
    let document = &record.documents[2];
    assert!(document.published.is_none(), "{document:?}");
    let days: Vec<&str> = document.other_dates.iter().filter(|o| o.1 == Basis::Inferred).map(|o| o.0.as_str()).collect();
    assert!(days.len() > 1 && days.iter().any(|d| *d < "2014-03-09") && days.iter().any(|d| *d > "2014-03-09"), "{days:?}");
}

#[test]
fn a_page_stitched_from_two_days_has_a_date_for_each_part() {
    let early = "Delegates of Guyana and Suriname opened talks on the river border in Paramaribo on Tuesday behind closed doors. The \
                 delegation of Suriname arrived with maps from the colonial archive and a retired judge as its adviser. The government of \
                 Guyana said before the opening that it would not discuss the mining licences along the upper river.";
    let late = "Guyana and Suriname signed an agreement on the river border in Paramaribo on Tuesday after a fortnight of bargaining. \
                Under the agreement patrol boats of both navies will keep a mile away from the fishing villages of the upper river. A joint \
                commission with a retired judge as its chair will draw the line on new maps before the rainy season of next year.";
    let record = record(&[("2015-04-22", early), ("2015-05-06", late), ("", &format!("{early} {late}"))]);
    let page = &record.documents[2];
    let parts: Vec<(&str, &str)> =
        page.parts.iter().map(|p| (p.published.value.as_str(), p.published.from[0].as_str())).collect();
    assert_eq!(parts, [("2015-04-22", "r0"), ("2015-05-06", "r1")], "{page:?}");
    // "On Tuesday" is another day in each part, so the talks and the signing stand two weeks apart and dispute nothing.
    let days: Vec<&str> = (record.stories.iter().flat_map(|s| &s.events))
        .filter(|e| e.articles > 1)
        .filter_map(|e| e.date.as_ref().map(|d| d.value.as_str()))
        .collect();
    assert!(days.contains(&"2015-04-21") && days.contains(&"2015-05-05"), "{days:?}");
    assert!(record.stories.iter().all(|s| s.disagreements.is_empty()), "{:?}", record.stories[0].disagreements);
}

#[test]
fn a_misquote_is_joined_and_its_difference_told() {
    let story = story(&[
        (
            "2016-09-05",
            "\"We won't agree to an arrangement that does not meet our core objectives,\" Foreign Minister Joseph Malanji said in Lusaka.",
        ),
        ("2016-09-05", "\"Zambia will not accept any deal,\" Foreign Minister Joseph Malanji said in Lusaka."),
    ]);
    let quote = story.quotes.iter().find(|q| q.tellings.len() > 1).unwrap_or_else(|| panic!("{:#?}", story.quotes));
    assert_eq!(quote.tellings.iter().map(|t| t.1).collect::<Vec<_>>(), ["verbatim", "differs"]);
}

#[test]
fn a_quote_translated_twice_is_one_utterance() {
    let reports = |day: &'static str| {
        [
            (
                "2016-09-05",
                "\"The rebels must put down their weapons before negotiations can start,\" President Edgar Lungu said in Lusaka on Monday.",
            ),
            (
                day,
                "President Edgar Lungu said in Lusaka on Monday: \"The insurgents have to lay down their arms before talks begin.\"",
            ),
        ]
    };
    let joint = |s: &Story| {
        s.quotes.iter().find(|q| q.tellings.len() > 1).map(|q| q.tellings.iter().map(|t| t.1).collect::<BTreeSet<_>>())
    };
    assert_eq!(joint(&story(&reports("2016-09-06"))), Some(["verbatim", "differs"].into()));
    // On another occasion like words are another quote.
    assert_eq!(joint(&story(&reports("2016-09-20"))), None);
}

#[test]
fn numbers_have_a_least_a_best_and_a_most() {
    let killed = |a: &str, b: &str| {
        let text = |n: &str| format!("An air strike on a market in Taiz on Sunday killed {n} people, a doctor said.");
        let (a, b) =
            (text(a), format!("A doctor said that {b} people were killed on Sunday in an air strike on a market in Taiz."));
        let story = story(&[("2020-08-10", &a), ("2020-08-10", &b)]);
        let event = joint(&story, EventType::Assault);
        let fact = event.facts.iter().find(|f| f.attribute == "killed").expect("the dead").clone();
        let values: Vec<String> = fact.values.iter().map(|v| v.value.clone()).collect();
        (fact.agreement, values, story.disagreements.len())
    };
    let agreed = |a, b, values: [&str; 2]| assert_eq!(killed(a, b), (Agreement::Agreed, values.map(String::from).to_vec(), 0));
    let disputed = |a, b| assert_eq!(killed(a, b).0, Agreement::Disputed, "{a} and {b}");
    agreed("at least 12", "14", ["12..", "14"]);
    agreed("up to 30", "26", ["0..30", "26"]);
    agreed("dozens of", "31", ["24..", "31"]);
    agreed("between 20 and 30", "28", ["20..30", "28"]);
    disputed("at least 12", "9");
    disputed("up to 30", "41");
    disputed("dozens of", "6");
}

#[test]
fn other_precision_is_no_dispute() {
    for (a, b) in [("on Monday", "on 5 September"), ("on Monday", "this week"), ("on September 5", "in September")] {
        let text = |when: &str| format!("The foreign ministers of Greece and Albania met in Tirana {when}.");
        let (a, b) = (text(a), text(b));
        let story = story(&[("2016-09-08", &a), ("2016-09-08", &b)]);
        let event = joint(&story, EventType::Consult);
        let date = event.date.as_ref().expect("a date");
        assert_eq!((date.value.as_str(), date.agreement), ("2016-09-05", Agreement::Agreed), "{a} {b}");
        assert!(story.disagreements.is_empty(), "{:?}", story.disagreements);
    }
    // A town and its country, likewise; two days are.
    let met = |place: &str, day: &str| format!("The foreign ministers of Greece and Albania met in {place} on {day}.");
    let (a, b, c) = (met("Tirana", "Monday"), met("Albania", "Monday"), met("Tirana", "Tuesday"));
    assert!(story(&[("2016-09-08", &a), ("2016-09-08", &b)]).disagreements.is_empty());
    assert!(story(&[("2016-09-08", &a), ("2016-09-08", &c)]).disagreements.iter().any(|d| d.attribute == "date"));
}

#[test]
fn two_reports_tell_one_meeting_and_one_report_may_tell_two() {
    let met = |s: &Story| {
        let own = |e: &&RecordEvent| e.kind == EventType::Consult && e.actors.len() == 2;
        s.events.iter().filter(own).map(|e| e.articles).collect::<Vec<_>>()
    };
    let reports = [
        ("2021-03-09", "Emmanuel Macron and Angela Merkel met for 90 minutes in Meseberg on Monday."),
        (
            "2021-03-09",
            "Angela Merkel and Emmanuel Macron held talks for 20 minutes on Monday, far from the cameras, an aide said.",
        ),
    ];
    let once = story(&reports);
    assert_eq!(met(&once), [2]);
    assert!(once.disagreements.iter().any(|d| d.attribute == "duration"), "{:#?}", once.disagreements);
    let both = "Emmanuel Macron and Angela Merkel met for 90 minutes in Meseberg on Monday. In the evening of Monday Angela Merkel and \
                Emmanuel Macron held talks for 20 minutes, far from the cameras.";
    assert_eq!(met(&story(&[("2021-03-09", both)])).len(), 2);
}

#[test]
fn a_truce_that_ended_had_begun() {
    let cases = [
        [
            ("2021-03-10", "A ceasefire between Armenia and Azerbaijan began on Saturday."),
            ("2021-03-10", "The ceasefire between Armenia and Azerbaijan was broken on Sunday."),
        ],
        [
            ("2021-03-10", "A ceasefire between the army and the rebels took effect at midnight on Monday."),
            ("2021-03-10", "The ceasefire between the army and the rebels collapsed on Tuesday."),
        ],
    ];
    for case in cases {
        let record = record(&case);
        let events: Vec<_> = record.stories.iter().flat_map(|s| &s.events).collect();
        assert_eq!(events.len(), 2, "{case:?}: {events:#?}");
        assert!(record.stories.iter().all(|s| s.disagreements.is_empty()), "{case:?}: {:#?}", record.stories[0].disagreements);
    }
}

#[test]
fn what_two_say_together_is_said_by_both() {
    let story = story(&[("2021-03-10", "\"The border must stay open,\" Chile and Peru said in a joint statement.")]);
    let name = |id: &String| story.entities.iter().find(|e| e.id == *id).map(|e| e.name.clone()).unwrap_or_default();
    let quote = &story.quotes[0];
    let mut speakers: Vec<String> = quote.speaker.iter().chain(&quote.with).map(name).collect();
    speakers.sort();
    assert_eq!(speakers, ["Chile", "Peru"]);
    let mut by: Vec<String> = story.claims.iter().filter_map(|c| c.by.as_ref()).map(name).collect();
    by.sort();
    assert_eq!(by, ["Chile", "Peru"]);
    let ids: BTreeSet<&String> = story.claims.iter().map(|c| &c.id).collect();
    assert_eq!(ids.len(), 2);
}

#[test]
fn who_is_blamed_in_a_clause_of_its_own_is_blamed_by_somebody() {
    let text = "Two shells struck a school in Taiz on Thursday. The government says that the rebels fired them.";
    let doc = read_row(models(), "a", text, &Given { date: Some("2021-03-10".to_string()), ..Given::default() });
    let hit = doc.events.iter().find(|e| e.kind == EventType::Assault).expect("the attack");
    assert_eq!(hit.actors.len(), 1);
    assert_eq!(hit.attributed_to.as_ref().map(|p| p.span.of(doc.text())), Some("The government"));
}
