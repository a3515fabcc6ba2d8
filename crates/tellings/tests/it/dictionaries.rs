//! Users' own dictionaries: small ones of ours with a case for each feature of the format, and the unit tests of PETRARCH,
//! whose dictionaries and sentences stay where the shared data is.

use crate::{models, root};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;
use tellings::{Given, Models, OwnFiles, coded_dyads, explain, read_row, story};
use tellings_testing::{Folder, floors};

type Dyads = BTreeSet<(String, String, String)>;

fn given(date: &str) -> Given {
    Given { date: Some(date.to_string()), ..Given::default() }
}

/// The models with the dictionaries of this project's tests.
fn own() -> &'static Models {
    static OWN: OnceLock<Models> = OnceLock::new();
    OWN.get_or_init(|| {
        let folder = root().join("testdata/dictionaries");
        let files = OwnFiles {
            actors: vec![folder.join("own.actors.txt"), folder.join("own.agents.txt")],
            verbs: vec![folder.join("own.verbs.txt")],
            discards: vec![folder.join("own.discards.txt")],
            ..OwnFiles::default()
        };
        let (models, errors) = tellings::models(&files);
        assert!(errors.is_empty(), "{errors:?}");
        models
    })
}

#[test]
fn each_feature_of_the_format_codes() {
    let cases = std::fs::read_to_string(root().join("testdata/dictionaries/cases.txt")).expect("the cases");
    let mut failures = String::new();
    let mut lines = cases.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).peekable();
    while let Some(line) = lines.next() {
        let (date, sentence) = line.split_once(' ').expect("a date and a sentence");
        let mut wanted = Dyads::new();
        while let Some(coding) = lines.next_if(|l| l.starts_with("    ")) {
            let mut parts = coding.split_whitespace().map(str::to_string);
            let mut next = || parts.next().expect("source, target and code");
            wanted.insert((next(), next(), next()));
        }
        let doc = read_row(own(), "case", sentence, &given(date));
        let found: Dyads = coded_dyads(&doc).into_iter().collect();
        if found != wanted {
            let codes: Vec<&str> = doc.link.codes.iter().map(|c| c.code.as_str()).collect();
            failures += &format!("\n{sentence}\n    wanted {wanted:?}\n    found  {found:?}\n    actors {codes:?}");
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn explain_names_dictionary_line_and_pattern() {
    let doc = read_row(own(), "case", "Varnia signed a pact with Torland.", &given("2001-05-04"));
    let record = story::record(std::slice::from_ref(&doc));
    let docs = [doc];
    let told: Vec<String> = explain(&docs, &record, "case:0-40").iter().map(ToString::to_string).collect();
    let has = |words: &str| told.iter().any(|t| t.contains(words));
    assert!(has("event.dictionary:own.verbs.txt:36: - * &TREATY [057]"), "{told:#?}");
    assert!(has("actor code VRN") && has("link.dictionary:own.actors.txt:4"), "{told:#?}");
}

#[test]
fn codes_that_plover_lacks_have_no_type() {
    let doc = read_row(own(), "case", "Varnia captured Torland. Varnia praised Torland.", &given("2001-05-04"));
    let types: Vec<Option<&str>> = doc.events.iter().map(|e| e.kind.plover()).collect();
    assert_eq!(types, [None, Some("SUPPORT")]);
}

#[test]
fn without_dictionaries_nothing_is_coded_by_them() {
    let doc = read_row(models(), "case", "Varnia praised Torland on Monday.", &given("2001-05-04"));
    assert!(doc.link.codes.is_empty() && doc.events.iter().all(|e| !e.rule.starts_with("event.dictionary")));
}

#[test]
fn actors_alone_give_codes_to_the_rules_own_events() {
    let folder = root().join("testdata/dictionaries");
    let actors = vec![folder.join("own.actors.txt"), folder.join("own.agents.txt")];
    let (models, _) = tellings::models(&OwnFiles { actors, ..OwnFiles::default() });
    let doc = read_row(&models, "case", "The Varnian government condemned Torland's police.", &given("2001-05-04"));
    let found: Vec<_> = coded_dyads(&doc).into_iter().map(|(source, target, _)| (source, target)).collect();
    assert_eq!(found, [("VRNGOV".to_string(), "TORCOP".to_string())], "{:?}", doc.events);
}

#[test]
fn own_rules_go_first_and_are_checked_by_their_sentences() {
    let folder = Folder::new("own");
    let good = folder.write(
        "good.toml",
        "[[rule]]\nname = \"own.ferry\"\nverb = [\"ferry\"]\ntype = \"AID\"\ncameo = \"073\"\nactor = [\"subj\"]\nrecipient = [\"to\"]\n\
         must = [\"France ferried blankets to Syria.\"]\nmust-not = [\"The boat was late.\"]\n",
    );
    let (models, errors) = tellings::models(&OwnFiles { rules: vec![good], ..OwnFiles::default() });
    assert!(errors.is_empty(), "{errors:?}");
    let doc = read_row(&models, "case", "Turkey ferried water to Lebanon.", &given("2001-05-04"));
    assert_eq!(doc.events.first().map(|e| &*e.rule), Some("event.own.ferry"), "{:?}", doc.events);
    let bad = [
        folder.write("syntax.toml", "[[rule]]\nname = \"x\"\nverb = [\"x\"]\ntype = \"NOTHING\"\n"),
        folder.write(
            "sentence.toml",
            "\n[[rule]]\nname = \"own.y\"\nverb = [\"yodel\"]\ntype = \"AID\"\nmust = [\"Cows stand.\"]\n",
        ),
    ];
    let (_, errors) = tellings::models(&OwnFiles { rules: bad.to_vec(), ..OwnFiles::default() });
    let told: Vec<String> = errors.iter().map(|e| format!("{e:#}")).collect();
    assert!(told[0].contains("syntax.toml:1: ") && told[0].contains("NOTHING"), "{told:?}");
    assert!(told[1].contains("sentence.toml:2: rule `event.own.y` does not"), "{told:?}");
}

/// A sentence of PETRARCH's unit tests.
struct Case {
    date: String,
    text: String,
    codings: Dyads,
}

/// The value of an attribute in single or double marks.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let at = tag.match_indices(name).find(|(at, _)| tag[at + name.len()..].trim_start().starts_with('='))?.0;
    let rest = tag[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
    let mark = rest.chars().next()?;
    Some(rest[1..].split(mark).next()?.to_string())
}

/// The sentences that count: not those set aside by the file itself, nor those that test how a bad parse is refused.
fn cases(path: &Path) -> Vec<Case> {
    let xml = std::fs::read_to_string(path).expect("the unit tests");
    let mut out = Vec::new();
    for part in xml.split("<Sentence ").skip(1) {
        let Some((tag, body)) = part.split_once('>') else { continue };
        let body = body.split("</Sentence>").next().unwrap_or("");
        let body = body.split("<Parse>").next().unwrap_or("");
        let text = body.split("<Text>").nth(1).and_then(|t| t.split("</Text>").next()).unwrap_or("");
        let mut codings = Dyads::new();
        let mut refused = false;
        for coding in body.split("<EventCoding ").skip(1).filter_map(|c| c.split('>').next()) {
            refused |= attribute(coding, "error").is_some_and(|e| !e.ends_with("discard"));
            let parts = ["sourcecode", "targetcode", "eventcode"].map(|name| attribute(coding, name));
            if let [Some(source), Some(target), Some(code)] = parts {
                codings.insert((source, target, code));
            }
        }
        let aside = attribute(tag, "sentence").is_some_and(|s| s.eq_ignore_ascii_case("false"));
        let date = attribute(tag, "date").unwrap_or_default();
        if !aside && !refused && date.len() == 8 {
            let date = format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]);
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ").replace("&amp;", "&");
            out.push(Case { date, text, codings });
        }
    }
    out
}

/// PETRARCH's unit tests with their own dictionaries: the share of expected actor codes that some phrase of the sentence
/// gets, and of sentences with exactly the expected codings. Skipped aloud without the shared data.
#[test]
fn petrarch_unit_tests() {
    let Some(shared) = floors::shared(&root(), "petrarch-unit-tests") else { return };
    let folder = shared.join("gold/events/petrarch");
    if !folder.join("dictionaries").is_dir() {
        eprintln!("skipped: petrarch-unit-tests: no dictionaries at `{}`", folder.display());
        return;
    }
    let file = |name: &str| folder.join("dictionaries").join(name);
    let files = OwnFiles {
        actors: vec![file("PETR.Validate.actors.txt"), file("PETR.Validate.agents.txt")],
        verbs: vec![file("PETR.Validate.verbs.txt")],
        discards: vec![file("PETR.Validate.discards.txt")],
        ..OwnFiles::default()
    };
    let (models, errors) = tellings::models(&files);
    assert!(errors.is_empty(), "{errors:?}");
    let cases = cases(&folder.join("PETR.UnitTest.records.xml"));
    let (mut actors, mut resolved, mut exact) = (0, 0, 0);
    for case in &cases {
        let doc = read_row(&models, "case", &case.text, &given(&case.date));
        let found: Dyads = coded_dyads(&doc).into_iter().collect();
        exact += usize::from(found == case.codings);
        let codes: Vec<&str> = doc.link.codes.iter().flat_map(|c| c.code.split('/')).collect();
        // `---` is PETRARCH's mark for nobody, and words in capitals are its names for actors that no dictionary has.
        for code in case.codings.iter().flat_map(|(s, t, _)| [s, t]).filter(|c| *c != "---" && !c.contains(' ')) {
            actors += 1;
            resolved += usize::from(codes.contains(&code.as_str()));
        }
    }
    let share = |n: usize, of: usize| n as f64 / of.max(1) as f64;
    let figures = BTreeMap::from([
        ("actors resolved".to_string(), share(resolved, actors)),
        ("sentences exact".to_string(), share(exact, cases.len())),
    ]);
    eprintln!("petrarch-unit-tests: {} sentences, {actors} actors, {figures:?}", cases.len());
    assert!(cases.len() > 250, "only {} sentences", cases.len());
    floors::check(&root().join("testdata/floors.toml"), "petrarch-unit-tests", &figures);
    // The larger dictionaries: most lines can be used, and what cannot is told.
    let larger = OwnFiles {
        actors: ["Phoenix.Countries.actors.txt", "Phoenix.International.actors.txt", "Phoenix.agents.txt"].map(file).to_vec(),
        verbs: vec![file("CAMEO.2.0.txt")],
        ..OwnFiles::default()
    };
    let (_, errors) = tellings::models(&larger);
    assert!((1..100).contains(&errors.len()), "{} lines", errors.len());
}
