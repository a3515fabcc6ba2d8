//! Stories of reports that we wrote: one followed over weeks, parts that belong elsewhere, batches, order.

use tellings::story::{Outline, Rarity, Sketch, Stories};
use tellings::{Body, Given, Models, Report};

/// A talk about a dam that goes on for five weeks, while what is talked about changes; among it reports on other matters.
const WEEKS: [(&str, &str, &str); 14] = [
    (
        "dam-1",
        "2021-05-03",
        "Ostria and Belmark opened talks in Lenn on Monday about the dam that Ostria is building on the upper Sarvan river. Foreign Minister Pavel Korda of Ostria said that the reservoir would be filled this summer. Belmark's water minister, Ines Halvar, said that her country would not accept a filling without an agreement.\n\nThe two sides met for three hours. Belmark fears that its farmers below the border will lose a third of their water.",
    ),
    (
        "strike-1",
        "2021-05-04",
        "Dockers in Port Calder walked out on Tuesday after the company that runs the container terminal refused to raise wages. Union leader Marta Dunn said that no ship would be unloaded until the company makes an offer. Forty vessels were waiting outside the harbour.",
    ),
    (
        "dam-2",
        "2021-05-05",
        "Negotiators from Ostria and Belmark ended a first round of talks on the Sarvan dam without a result. Ines Halvar, Belmark's water minister, said that the Ostrian plan to fill the reservoir within one summer was unacceptable. Pavel Korda said that the talks would resume next week in Lenn.",
    ),
    (
        "strike-2",
        "2021-05-07",
        "The dockers' strike in Port Calder entered its fourth day on Friday. The terminal company offered two per cent, which Marta Dunn called an insult. Importers said that fruit was rotting in the containers on board the waiting vessels.",
    ),
    (
        "dam-3",
        "2021-05-12",
        "The second round of the Sarvan dam talks began in Lenn on Wednesday. Ostria proposed to fill the reservoir over three years, said Foreign Minister Pavel Korda. Belmark's negotiators asked for seven years and for a joint commission that measures the flow of the river at the border.",
    ),
    (
        "dam-4",
        "2021-05-17",
        "A mediator of the river commission, Jon Abele, presented a paper on Monday that would let Ostria fill the Sarvan reservoir over five years. Ines Halvar called the paper a basis for further talks. Pavel Korda said that Ostria would study the joint measuring of the flow.",
    ),
    (
        "quake-1",
        "2021-05-18",
        "An earthquake of magnitude 6.1 shook the island of Tamura on Tuesday, and at least nine people died when a school collapsed. Rescue teams searched the ruins through the night. The governor, Lia Soto, asked for tents and water.",
    ),
    (
        "dam-5",
        "2021-05-21",
        "Belmark's parliament debated the mediator's paper on the Sarvan reservoir on Friday. Opposition deputies said that Jon Abele's five years were too short. Ines Halvar defended the joint measuring of the flow at the border, without which, she said, no agreement could be checked.",
    ),
    (
        "quake-2",
        "2021-05-20",
        "Rescuers on Tamura pulled a girl from the ruins of the collapsed school on Thursday, two days after the earthquake. The number of dead rose to fourteen, governor Lia Soto said. Tents and water arrived by ship.",
    ),
    (
        "dam-6",
        "2021-05-26",
        "Jon Abele, who mediates between Ostria and Belmark, said on Wednesday that both accept joint measuring stations along the river. What remains open is who pays for the stations and what happens in dry years. Experts of both countries will meet at the Sarvan gauge in Hofen.",
    ),
    (
        "dam-7",
        "2021-05-31",
        "Experts from Ostria and Belmark visited the Sarvan gauge in Hofen on Monday to choose places for the joint measuring stations. Jon Abele said that a rule for dry years was nearly settled. Belmark wants water released whenever the gauge falls under two metres.",
    ),
    (
        "dam-8",
        "2021-06-03",
        "The rule for dry years was settled on Thursday: Ostria will release water when the Hofen gauge stands under two metres for ten days. Jon Abele, the mediator, said that the costs of the measuring stations would be shared equally between Ostria and Belmark.",
    ),
    (
        "dam-9",
        "2021-06-07",
        "Ostria and Belmark signed an agreement in Hofen on Monday on the measuring stations and on releases of water in dry years. Pavel Korda and Ines Halvar shook hands beside the gauge. Jon Abele thanked both sides for five weeks of patience.",
    ),
    (
        "fair-1",
        "2021-06-07",
        "The book fair in Torvik opened on Monday with four hundred publishers. The prize for the best first novel went to Nadia Brandt for a story about two sisters who keep a lighthouse. Visitors queued for an hour.",
    ),
];

fn sketches(reports: &[(&str, &str, &str)]) -> Vec<Sketch> {
    let models = Models::shipped();
    let rarity = Rarity::shipped();
    let mut found = Vec::new();
    let reports = reports.iter().map(|(id, date, text)| {
        let given = Given { date: Some(date.to_string()).filter(|d| !d.is_empty()), ..Given::default() };
        Ok(Report { id: id.to_string(), given, body: Body::Row(text.to_string()), problems: Vec::new(), keys: Vec::new() })
    });
    tellings::read_each(&models, reports, |doc| found.push(Sketch::of(&rarity, &doc.expect("a row can be read"))));
    found
}

fn stories(sketches: impl IntoIterator<Item = Sketch>) -> Vec<Outline> {
    let mut stories = Stories::new();
    sketches.into_iter().for_each(|s| stories.add(s));
    stories.finish()
}

fn story<'a>(stories: &'a [Outline], document: &str) -> &'a Outline {
    let mut with = stories.iter().filter(|s| s.documents.iter().any(|d| d == document));
    let story = with.next().unwrap_or_else(|| panic!("{document} is in no story"));
    assert!(with.next().is_none(), "{document} is in several stories");
    story
}

#[test]
fn a_story_followed_for_five_weeks_is_one_and_the_others_stay_out() {
    let found = stories(sketches(&WEEKS));
    let dam: Vec<&str> = story(&found, "dam-1").documents.iter().map(String::as_str).collect();
    assert_eq!(dam, ["dam-1", "dam-2", "dam-3", "dam-4", "dam-5", "dam-6", "dam-7", "dam-8", "dam-9"]);
    assert_eq!(story(&found, "strike-1").documents, ["strike-1", "strike-2"]);
    assert_eq!(story(&found, "quake-1").documents, ["quake-1", "quake-2"]);
    assert_eq!(story(&found, "fair-1").documents, ["fair-1"]);
}

#[test]
fn batches_and_order_change_no_id() {
    let sketches = sketches(&WEEKS);
    let at_once = stories(sketches.clone());
    let mut turned = sketches.clone();
    turned.reverse();
    turned.swap(2, 9);
    assert_eq!(at_once, stories(turned));
    let mut growing = Stories::new();
    for batch in sketches.chunks(3) {
        batch.iter().cloned().for_each(|s| growing.add(s));
        growing.settle();
        let open = growing.open();
        // Every story that is known so far has the id that it will end with, or leads there.
        for story in &open {
            let ends = at_once.iter().find(|s| s.documents.contains(&story.documents[0])).expect("no report is lost");
            assert!(ends.id == story.id || ends.merged.contains(&story.id), "{} of {:?}", story.id, story.documents);
        }
    }
    assert_eq!(growing.finish(), at_once);
}

#[test]
fn a_part_about_something_else_joins_the_story_that_it_is_about() {
    let folder = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples/hangzhou");
    let argument = folder.to_string_lossy().into_owned();
    let (models, rarity) = (Models::shipped(), Rarity::shipped());
    let mut found = Vec::new();
    tellings::read_each(&models, tellings::gather(&[argument], None), |doc| {
        found.push(Sketch::of(&rarity, &doc.expect("a sample can be read")));
    });
    let found = stories(found);
    let main = story(&found, "harbour-times");
    assert!(main.documents.len() >= 7, "{:?}", main.documents);
    let side = found.iter().find(|s| s.parts.iter().any(|p| p.0 == "harbour-times")).expect("the missile tests stand apart");
    assert!(side.documents.is_empty() && side.parts.iter().any(|p| p.0 == "meridian-0905"), "{side:?}");
    assert_ne!(side.id, main.id);
}
