//! What goes in comes out; what is not a store, may not be written or is being written is told.

use crate::{
    Added, AuditRow, CorrectionRow, Database, EntityRow, Entry, EventOrder, EventRow, EventSearch, MemberRow, Participant,
    Placement, ProblemSearch, RecordEventRow, RecordEventSearch, RecordParticipant, RecordRow, Run, Search, Store, StoryChange,
    StoryRow, StorySearch, TokenRow, UserRow,
};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A folder for one test, gone at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("tellings-store-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Does a test with a store in a file, and with an empty one on the server that `TELLINGS_POSTGRES` names.
#[expect(clippy::print_stdout, reason = "who runs the tests is told what was left out")]
pub(crate) fn with_each(name: &str, test: impl Fn(&Path)) {
    let folder = Folder::new(name);
    test(&folder.file("a.db"));
    let Ok(url) = std::env::var("TELLINGS_POSTGRES") else {
        return println!("skipped: TELLINGS_POSTGRES names a server to test with");
    };
    let schema = format!("test_{}_{}", name.replace('-', "_"), std::process::id());
    let mut client = postgres::Client::connect(&url, postgres::NoTls).expect("a server");
    client.batch_execute(&format!("CREATE SCHEMA {schema}")).expect("an empty place");
    let mark = if url.contains('?') { '&' } else { '?' };
    test(Path::new(&format!("{url}{mark}options=-csearch_path%3D{schema}")));
    client.batch_execute(&format!("DROP SCHEMA {schema} CASCADE")).expect("it goes");
}

fn run() -> Run {
    Run {
        program: "0".into(),
        models: "1".into(),
        ontology: "2".into(),
        gazetteer: "3".into(),
        kind: "add".into(),
        ..Run::default()
    }
}

fn entry(id: &str, day: &str, text: &str) -> Entry {
    Entry {
        id: id.into(),
        title: Some(format!("Title of {id}")),
        outlet: Some("Ledger".into()),
        published: Some(day.into()),
        day: Some(day.into()),
        text: text.into(),
        kind: "row".into(),
        raw: text.as_bytes().to_vec(),
        reading: format!("{{\"id\":\"{id}\"}}").into_bytes(),
        ..Entry::default()
    }
}

fn event(kind: &str, day: &str, actor: &str, country: &str) -> EventRow {
    EventRow {
        span: (0, 9),
        kind: Some(kind.into()),
        realis: "actual".into(),
        date: Some(day.into()),
        day: Some(day.into()),
        place: Some("Geneva".into()),
        country: Some("CHE".into()),
        rule: "test".into(),
        participants: vec![Participant { role: "actor".into(), name: actor.into(), country: Some(country.into()) }],
        ..EventRow::default()
    }
}

fn ids(store: &Database, words: &str) -> Vec<String> {
    let search = Search { words: words.into(), limit: 10, ..Search::default() };
    store.search(&search).unwrap().into_iter().map(|hit| hit.id).collect()
}

#[test]
fn what_goes_in_comes_out() {
    with_each("round", goes_in_and_comes_out);
}

fn goes_in_and_comes_out(path: &Path) {
    let mut store = Database::open(path).unwrap();
    let number = store.begin(&run()).unwrap();
    let mut talks = entry("talks", "2016-09-05", "“Gaps of trust” remain, Mr Obama said of the négotiations.");
    talks.events = vec![event("CONSULT", "2016-09-05", "Barack Obama", "USA"), event("ACCUSE", "2016-09-04", "Turkey", "TUR")];
    talks.problems = vec![("no-date".into(), "none".into())];
    let rain = entry("rain", "2016-09-07", "It rained in Hangzhou; the talking went on.");
    let added = store.add(number, &[talks.clone(), rain.clone()]).unwrap();
    assert_eq!(added, [Added::New("talks".into()), Added::New("rain".into())]);
    // The same once more, other bytes under an id that is taken, and those once more.
    assert_eq!(store.add(number, &[talks.clone()]).unwrap(), [Added::Known("talks".into())]);
    let other = Entry { id: "talks".into(), ..entry("other", "2016-09-08", "Other words.") };
    assert_eq!(store.add(number, std::slice::from_ref(&other)).unwrap(), [Added::New("talks#2".into())]);
    assert_eq!(store.add(number, &[other]).unwrap(), [Added::Known("talks#2".into())]);
    drop(store);
    let store = Database::open_to_read(path).unwrap();
    let stored = store.document("talks").unwrap().unwrap();
    assert_eq!(stored.run, run());
    assert_eq!(stored.entry, Entry { events: Vec::new(), problems: Vec::new(), ..talks });
    assert_eq!(store.document("none").unwrap(), None);
    assert_eq!(ids(&store, "\"gaps of trust\" obama"), ["talks"]);
    assert_eq!(ids(&store, "negotiation"), ["talks"]);
    assert_eq!(ids(&store, "talk -obama"), ["rain"]);
    assert_eq!(ids(&store, "title:talks"), ["talks"]);
    assert_eq!(ids(&store, "rained OR trust -obama"), ["rain"]);
    assert_eq!(ids(&store, ""), ["talks#2", "rain", "talks"]);
    let between = Search { days: (Some("2016-09-06".into()), Some("2016-09-07".into())), limit: 9, ..Search::default() };
    assert_eq!(store.search(&between).unwrap().len(), 1);
    let hit = &store.search(&Search { words: "trust".into(), limit: 1, ..Search::default() }).unwrap()[0];
    assert!(hit.snippet.contains("[trust]"), "{}", hit.snippet);
    let events = |search: EventSearch| -> Vec<String> {
        let found = store.events(&EventSearch { limit: 9, ..search }).unwrap();
        found.into_iter().filter_map(|e| e.kind).collect()
    };
    assert_eq!(events(EventSearch::default()), ["ACCUSE", "CONSULT"]);
    assert_eq!(events(EventSearch { actor: Some("obama".into()), ..EventSearch::default() }), ["CONSULT"]);
    assert_eq!(events(EventSearch { actor: Some("tur".into()), ..EventSearch::default() }), ["ACCUSE"]);
    assert_eq!(events(EventSearch { kinds: vec!["consult".into()], ..EventSearch::default() }), ["CONSULT"]);
    assert_eq!(events(EventSearch { place: Some("che".into()), ..EventSearch::default() }).len(), 2);
    assert_eq!(events(EventSearch { realis: Some("negated".into()), ..EventSearch::default() }).len(), 0);
    assert_eq!(store.counts().unwrap().documents, 3);
}

#[test]
fn a_sound_store_is_sound_and_a_damaged_one_is_not() {
    let folder = Folder::new("sound");
    let mut store = Database::open(&folder.file("a.db")).unwrap();
    let number = store.begin(&run()).unwrap();
    let entries: Vec<Entry> =
        (0..50).map(|n| entry(&format!("e{n}"), "2016-09-05", &format!("Words of {n}. ").repeat(9))).collect();
    store.add(number, &entries).unwrap();
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
    store.backup(&folder.file("b.db")).unwrap();
    assert!(store.backup(&folder.file("b.db")).unwrap_err().to_string().contains("there already"));
    store.compact().unwrap();
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
    drop(store);
    let copy = Database::open_to_read(&folder.file("b.db")).unwrap();
    assert_eq!(copy.counts().unwrap().documents, 50);
    drop(copy);
    let bytes = rusqlite::Connection::open(folder.file("b.db")).unwrap();
    bytes.execute("UPDATE documents SET raw = zeroblob(9) WHERE id = 'e7'", []).unwrap();
    bytes.execute("DELETE FROM readings WHERE document = 9", []).unwrap();
    drop(bytes);
    let wrong = Database::open_to_read(&folder.file("b.db")).unwrap().check().unwrap();
    assert_eq!(wrong, ["the bytes of `e7` are damaged", "`e8` has no reading"]);
}

#[test]
fn what_cannot_be_opened_or_written_is_told() {
    let folder = Folder::new("told");
    let error = |path: &str| Database::open_existing(&folder.file(path), Duration::ZERO).unwrap_err();
    assert!(error("none.db").is_missing());
    std::fs::write(folder.file("text.db"), "not a database, but long enough to be looked at as one".repeat(20)).unwrap();
    assert!(error("text.db").to_string().ends_with("it is not a store of Tellings"), "{}", error("text.db"));
    let other = rusqlite::Connection::open(folder.file("other.db")).unwrap();
    other.execute_batch("CREATE TABLE mine (a)").unwrap();
    drop(other);
    assert!(error("other.db").to_string().ends_with("it is not a store of Tellings"));
    // An empty file is none yet: the first writer was killed before it committed anything.
    std::fs::write(folder.file("begun.db"), "").unwrap();
    assert!(Database::open_to_read(&folder.file("begun.db")).unwrap_err().is_missing());
    assert_eq!(Database::open_existing(&folder.file("begun.db"), Duration::ZERO).unwrap().counts().unwrap().documents, 0);
    drop(Database::open(&folder.file("later.db")).unwrap());
    let later = rusqlite::Connection::open(folder.file("later.db")).unwrap();
    later.pragma_update(None, "user_version", 99).unwrap();
    drop(later);
    assert!(error("later.db").to_string().contains("later version"), "{}", error("later.db"));
}

#[test]
fn a_second_writer_on_a_server_waits_or_is_told() {
    with_each("writers", |path| {
        let mut first = Database::open(path).unwrap();
        let number = first.begin(&run()).unwrap();
        let add = |store: &mut dyn Store, id: &str| store.add(number, &[entry(id, "2016-09-05", id)]).map(|_| ());
        let held = first.exclusively(&mut |_| {
            let mut second = Database::open_existing(path, Duration::from_millis(50)).unwrap();
            let error = add(&mut second, "x").unwrap_err();
            assert!(error.is_busy() && error.to_string().ends_with("another program is writing to it"), "{error}");
            // Who reads does not wait.
            assert_eq!(Database::open_to_read(path).unwrap().counts().unwrap().documents, 0);
            // What fails is undone as a whole.
            Err(error)
        });
        assert!(held.is_err());
        add(&mut first, "y").unwrap();
        let mut reader = Database::open_to_read(path).unwrap();
        let error = add(&mut reader, "z").unwrap_err();
        assert!(error.is_read_only() && error.to_string().ends_with("it may not be written"), "{error}");
        assert_eq!(ids(&reader, ""), ["y"]);
        assert_eq!(first.check().unwrap(), Vec::<String>::new());
        first.compact().unwrap();
    });
}

#[test]
fn what_is_no_store_on_a_server_is_told() {
    with_each("foreign", |path| {
        let Some(url) = path.to_str().filter(|p| p.contains("://")) else { return };
        assert!(Database::open_to_read(path).unwrap_err().is_missing());
        let mut client = postgres::Client::connect(url, postgres::NoTls).unwrap();
        client.batch_execute("CREATE TABLE mine (a INT)").unwrap();
        assert!(Database::open(path).unwrap_err().to_string().ends_with("it is not a store of Tellings"));
        client.batch_execute("DROP TABLE mine").unwrap();
        drop(Database::open(path).unwrap());
        client.batch_execute("UPDATE tellings_store SET version = 99").unwrap();
        assert!(Database::open(path).unwrap_err().to_string().contains("later version"));
        let nobody = Database::open(Path::new("postgres://me:secret@127.0.0.1:9/none")).unwrap_err().to_string();
        assert!(nobody.contains("`postgres://me@127.0.0.1:9/none`") && !nobody.contains("secret"), "{nobody}");
    });
}

#[test]
fn a_second_writer_waits_or_is_told() {
    let folder = Folder::new("second");
    let path = folder.file("a.db");
    let mut first = Database::open(&path).unwrap();
    let number = first.begin(&run()).unwrap();
    let holder = rusqlite::Connection::open(&path).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut second = Database::open_existing(&path, Duration::from_millis(50)).unwrap();
    let error = second.add(number, &[entry("x", "2016-09-05", "X.")]).unwrap_err();
    assert!(error.is_busy() && error.to_string().ends_with("another program is writing to it"), "{error}");
    // Who reads does not wait.
    assert_eq!(Database::open_to_read(&path).unwrap().counts().unwrap().documents, 0);
    let writer = std::thread::spawn(move || first.add(number, &[entry("y", "2016-09-05", "Y.")]));
    std::thread::sleep(Duration::from_millis(100));
    holder.execute_batch("COMMIT").unwrap();
    assert_eq!(writer.join().unwrap().unwrap(), [Added::New("y".into())]);
}

#[test]
fn a_full_disk_loses_nothing_committed() {
    let folder = Folder::new("full");
    let path = folder.file("a.db");
    let mut store = Database::open(&path).unwrap();
    let number = store.begin(&run()).unwrap();
    store.add(number, &[entry("a", "2016-09-05", "Committed.")]).unwrap();
    store.limit_pages_for_tests();
    // Bytes that cannot be pressed.
    let big: String =
        (0..200_000u64).map(|n| char::from(33 + (xxhash_rust::xxh3::xxh3_64(&n.to_le_bytes()) % 90) as u8)).collect();
    let error = store.add(number, &[entry("b", "2016-09-05", "Small."), entry("c", "2016-09-05", &big)]).unwrap_err();
    assert!(error.is_full() && error.to_string().contains("disk is full"), "{error}");
    drop(store);
    let store = Database::open(&path).unwrap();
    assert_eq!(ids(&store, ""), ["a"]);
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn a_store_that_may_not_be_written_can_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("readonly");
    let path = folder.file("a.db");
    let mut store = Database::open(&path).unwrap();
    let number = store.begin(&run()).unwrap();
    store.add(number, &[entry("a", "2016-09-05", "Committed.")]).unwrap();
    let mut reader = Database::open_to_read(&path).unwrap();
    let error = reader.begin(&run()).unwrap_err();
    assert!(error.is_read_only() && error.to_string().ends_with("it may not be written"), "{error}");
    assert_eq!(ids(&reader, "committed"), ["a"]);
    drop((store, reader));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o444)).unwrap();
    let opened = Database::open_to_read(&path).unwrap();
    assert_eq!(ids(&opened, "committed"), ["a"]);
}

#[test]
fn files_of_earlier_layouts_are_brought_to_the_present_one() {
    let folder = Folder::new("layouts");
    let samples = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata/stores");
    for (layout, documents) in [(1, 3), (2, 4)] {
        let path = folder.file(&format!("layout{layout}.db"));
        std::fs::copy(samples.join(format!("layout{layout}.db")), &path).unwrap();
        // Who only wants to read has it brought up to date, too.
        let store = Database::open_to_read(&path).unwrap();
        let counts = store.counts().unwrap();
        assert_eq!((counts.documents, counts.unplaced, counts.stories), (documents, documents, 0), "layout {layout}");
        drop(store);
        let store = Database::open(&path).unwrap();
        assert_eq!(store.check().unwrap(), Vec::<String>::new(), "layout {layout}");
        assert_eq!(ids(&store, "\"river dam\""), ["wire-0412"]);
        let stored = store.document("ledger-0413").unwrap().unwrap();
        assert_eq!((stored.run.kind.as_str(), stored.entry.given.as_deref()), ("add", None));
        assert!(stored.entry.reading.starts_with(b"{\"schema\":\"tellings.reading/1\""));
        assert_eq!(store.reading("ledger-0413", stored.by).unwrap().unwrap().body, stored.entry.reading);
    }
    let path = folder.file("layout3.db");
    std::fs::copy(samples.join("layout3.db"), &path).unwrap();
    let store = Database::open_to_read(&path).unwrap();
    let counts = store.counts().unwrap();
    assert_eq!((counts.documents, counts.unplaced, counts.stories), (4, 0, 1));
    // Which runs made and undid a correction is known by their times: the first was undone by the last of three runs.
    let runs: Vec<_> = store.corrections().unwrap().iter().map(|c| (c.author.clone(), c.made_run, c.undone_run)).collect();
    assert_eq!(runs, [("Ana".to_string(), Some(2), Some(4)), ("Ben".to_string(), Some(3), None)]);
    assert_eq!(Database::open(&path).unwrap().check().unwrap(), Vec::<String>::new());
    // Users came with the seventh, in which one was made.
    for (layout, users) in [(6, &[][..]), (7, &["ana"])] {
        let path = folder.file(&format!("layout{layout}.db"));
        std::fs::copy(samples.join(format!("layout{layout}.db")), &path).unwrap();
        let store = Database::open_to_read(&path).unwrap();
        let counts = store.counts().unwrap();
        assert_eq!((counts.documents, counts.unplaced, counts.stories), (6, 0, 2), "layout {layout}");
        let names: Vec<_> = store.users().unwrap().into_iter().map(|user| user.name).collect();
        assert_eq!(names, users, "layout {layout}");
        assert_eq!(store.audited(2, 0).unwrap().len(), users.len(), "layout {layout}");
        assert_eq!(Database::open(&path).unwrap().check().unwrap(), Vec::<String>::new(), "layout {layout}");
    }
}

/// A story of these documents.
fn change(number: u32, id: &str, documents: &[i64], day: i32) -> StoryChange {
    let origin = documents[0];
    let members =
        documents.iter().map(|&document| MemberRow { document, relation: "original".into(), origin, ..MemberRow::default() });
    StoryChange {
        story: StoryRow {
            number,
            id: id.into(),
            title: format!("Story {number}"),
            first: Some("2016-09-05".into()),
            last: Some("2016-09-06".into()),
            documents: documents.len() as u64,
            origins: 1,
            gist: vec![number as u8],
            ..StoryRow::default()
        },
        terms: vec![7, number],
        days: Some((day, day + 1)),
        members: members.collect(),
    }
}

fn record(story: u32, version: i64, run: i64, body: &str) -> RecordRow {
    let obama = RecordParticipant {
        role: "actor".into(),
        entity: "person/barack-obama".into(),
        name: "Barack Obama".into(),
        country: Some("USA".into()),
    };
    let met = RecordEventRow {
        id: format!("v-{story}"),
        kind: Some("CONSULT".into()),
        realis: "actual".into(),
        status: "reported".into(),
        date: Some("2016-09".into()),
        days: (Some("2016-09-01".into()), Some("2016-09-30".into())),
        agreement: "agreed".into(),
        origins: 2,
        articles: 3,
        participants: vec![obama],
        ..RecordEventRow::default()
    };
    let entity = EntityRow {
        id: "person/barack-obama".into(),
        name: "Barack Obama".into(),
        kind: "PER".into(),
        mentions: 4,
        ..EntityRow::default()
    };
    RecordRow { story, version, run, body: body.into(), events: vec![met], entities: vec![entity], brief: b"{}".to_vec() }
}

#[test]
fn stories_and_records_come_out_as_they_went_in() {
    with_each("stories", stories_and_records_come_out);
}

fn stories_and_records_come_out(path: &Path) {
    let mut store = Database::open(path).unwrap();
    let run = store.begin(&Run { started: Some("2026-11-22T08:00:00Z".into()), ..run() }).unwrap();
    let entries: Vec<Entry> =
        (1..=5).map(|n| Entry { sketch: vec![n], ..entry(&format!("e{n}"), "2016-09-05", "Words.") }).collect();
    store.add(run, &entries).unwrap();
    assert_eq!(store.unplaced(9).unwrap().len(), 5);
    assert_eq!(store.sketches(&[2, 99]).unwrap(), [(2, vec![2])]);
    assert_eq!(store.next_story().unwrap(), 1);
    let first = Placement {
        changed: vec![change(1, "s-a", &[1, 2], 100), change(2, "s-b", &[3], 100)],
        placed: vec![1, 2, 3],
        ..Placement::default()
    };
    // What fails is as if it had never been.
    let failed = store.exclusively(&mut |store| {
        store.place(run, &first)?;
        store.backup(path)
    });
    assert!(failed.is_err());
    assert_eq!(
        (store.stories(&StorySearch { limit: 9, ..StorySearch::default() }).unwrap().len(), store.behind().unwrap()),
        (0, (5, 0))
    );
    store.exclusively(&mut |store| store.place(run, &first)).unwrap();
    assert_eq!(store.behind().unwrap(), (2, 2));
    // Found by terms, near in time.
    assert_eq!(store.listed(7, Some((110, 110)), 35, 9).unwrap().len(), 2);
    assert_eq!(store.listed(7, Some((200, 200)), 35, 9).unwrap().len(), 0);
    assert_eq!(store.listed(2, None, 35, 9).unwrap(), [2]);
    // An id that is taken gets a number; one that became part of another leads to it.
    let more = Placement { changed: vec![change(3, "s-a", &[4, 5], 300)], placed: vec![4, 5], ..Placement::default() };
    store.place(run, &more).unwrap();
    assert_eq!(store.story("s-a-2").unwrap().unwrap().number, 3);
    let joined = Placement { ended: vec![(2, 1)], changed: vec![change(1, "s-a", &[1, 2, 3], 100)], placed: Vec::new() };
    store.place(run, &joined).unwrap();
    assert_eq!(store.story("s-b").unwrap().unwrap().id, "s-a");
    assert_eq!((store.led_on("s-b").unwrap(), store.led_on("s-a").unwrap()), (Some(2), None));
    assert_eq!(store.members(1).unwrap().iter().map(|m| m.id.as_str()).collect::<Vec<_>>(), ["e1", "e2", "e3"]);
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
    // Records: fresh until the story moves.
    let version = store.story("s-a").unwrap().unwrap().version;
    assert_eq!(store.stale(0, 9).unwrap(), [1, 3]);
    store.keep_records(&[record(1, version, run, "{}"), record(2, 1, run, "{}")]).unwrap();
    assert_eq!(store.stale(0, 9).unwrap(), [3]);
    assert!(store.story("s-a").unwrap().unwrap().fresh);
    assert_eq!(store.record(1).unwrap().unwrap().body, b"{}");
    assert_eq!((store.brief(1).unwrap(), store.brief(2).unwrap()), (Some(b"{}".to_vec()), None));
    let glance = store.glance(1).unwrap();
    assert_eq!(glance.days, [("2016-09-05".to_string(), 3, 3)]);
    assert_eq!(glance.newest.unwrap().id, "e3");
    let moved = store.moved((0, 0, 0), 9).unwrap();
    let told: Vec<_> = moved.iter().map(|c| (c.story.as_str(), c.into.as_deref())).collect();
    assert_eq!(told, [("s-a", None), ("s-b", Some("s-a")), ("s-a-2", None)]);
    assert_eq!(store.moved((run, i64::MAX, 0), 9).unwrap(), []);
    let outlets = store.outlets().unwrap();
    assert_eq!(outlets.iter().map(|o| (o.reports, o.originals, o.stories)).collect::<Vec<_>>(), [(5, 5, 2)]);
    let skipped = StorySearch { limit: 9, skip: 1, ..StorySearch::default() };
    assert_eq!(store.stories(&skipped).unwrap().len(), 1);
    let known = store.changes().unwrap();
    assert_eq!(store.changes().unwrap(), known);
    let kinds = crate::ProblemSearch { kind: Some("no-date".into()), limit: 9, ..crate::ProblemSearch::default() };
    assert_eq!((store.problems(&kinds).unwrap().len(), store.problem_kinds().unwrap()), (0, Vec::new()));
    assert_eq!(store.record(2).unwrap(), None);
    let found = |search: RecordEventSearch| store.record_events(&RecordEventSearch { limit: 9, ..search }).unwrap().len();
    let days = |a: &str, b: &str| (Some(a.to_string()), Some(b.to_string()));
    assert_eq!(found(RecordEventSearch { days: days("2016-09-30", "2016-10-02"), ..RecordEventSearch::default() }), 1);
    assert_eq!(found(RecordEventSearch { days: days("2016-10-01", "2016-10-02"), ..RecordEventSearch::default() }), 0);
    assert_eq!(found(RecordEventSearch { min_origins: 2, actor: Some("obama".into()), ..RecordEventSearch::default() }), 1);
    assert_eq!(found(RecordEventSearch { min_origins: 3, ..RecordEventSearch::default() }), 0);
    assert_eq!(
        found(RecordEventSearch { entity: Some("person/barack-obama".into()), story: Some(1), ..RecordEventSearch::default() }),
        1
    );
    assert_eq!(found(RecordEventSearch { agreement: Some("disputed".into()), ..RecordEventSearch::default() }), 0);
    assert_eq!(store.entities("obama", 9).unwrap()[0].story, "s-a");
    let named = &store.names().unwrap()[0];
    assert_eq!(
        (named.0.as_str(), named.1.as_str()),
        ("person/barack-obama", store.entities("obama", 9).unwrap()[0].name.as_str())
    );
    let listed = |search: StorySearch| store.stories(&StorySearch { limit: 9, ..search }).unwrap().len();
    assert_eq!(listed(StorySearch { words: "words".into(), ..StorySearch::default() }), 2);
    // The last report alone is in one of them.
    assert_eq!(listed(StorySearch { words: "words".into(), latest: 1, ..StorySearch::default() }), 1);
    assert_eq!(listed(StorySearch { words: "words".into(), latest: 99, ..StorySearch::default() }), 2);
    assert_eq!(listed(StorySearch { min_documents: 3, ..StorySearch::default() }), 1);
    assert_eq!(listed(StorySearch { moved_since: Some("2026-11-23".into()), ..StorySearch::default() }), 0);
    assert_eq!(listed(StorySearch { entity: Some("person/barack-obama".into()), ..StorySearch::default() }), 1);
    store.touch(run, &[1]).unwrap();
    assert_eq!(store.stale(0, 9).unwrap(), [1, 3]);
    // Taken out, a story without reports is gone, and who led to it.
    store.unplace(run, &[1, 2, 3]).unwrap();
    assert_eq!((store.story("s-a").unwrap(), store.story("s-b").unwrap(), store.behind().unwrap()), (None, None, (3, 1)));
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}

#[test]
fn readings_of_all_runs_are_kept() {
    with_each("readings", readings_are_kept);
}

fn readings_are_kept(path: &Path) {
    let mut store = Database::open(path).unwrap();
    let first = store.begin(&run()).unwrap();
    store.add(first, &[entry("a", "2016-09-05", "Words."), entry("b", "2016-09-05", "Others.")]).unwrap();
    let second = store.begin(&Run { kind: "reread".into(), ..run() }).unwrap();
    let changed = Entry { reading: b"{\"new\":1}".to_vec(), title: Some("Another".into()), ..entry("a", "2016-09-06", "Words.") };
    store.renew(second, &[(1, changed.clone()), (2, entry("b", "2016-09-05", "Others."))]).unwrap();
    let third = store.begin(&run()).unwrap();
    store.renew(third, &[(2, entry("b", "2016-09-05", "Others."))]).unwrap();
    let reading = |id: &str, run: i64| store.reading(id, run).unwrap().map(|r| (r.run, String::from_utf8(r.body).unwrap()));
    assert_eq!(reading("a", first), Some((first, "{\"id\":\"a\"}".into())));
    assert_eq!(reading("a", third), Some((second, "{\"new\":1}".into())));
    // The same as before is kept once.
    assert_eq!(reading("b", third), Some((third, "{\"id\":\"b\"}".into())));
    assert_eq!(store.read_between(first, second).unwrap(), ["a", "b"]);
    assert_eq!(store.document("a").unwrap().unwrap().entry.title, changed.title);
    assert_eq!(ids(&store, "title:another"), ["a"]);
    assert_eq!(store.runs().unwrap()[1].1.kind, "reread");
    let undone =
        CorrectionRow { id: "k-1".into(), rule: "{}".into(), made: "1".into(), author: "Ana".into(), ..CorrectionRow::default() };
    store.keep_correction(first, &undone).unwrap();
    store.keep_correction(second, &CorrectionRow { undone: Some(("2".into(), "Ben".into())), ..undone }).unwrap();
    assert_eq!(store.corrections().unwrap()[0].undone, Some(("2".into(), "Ben".into())));
    assert_eq!(store.corrections().unwrap().len(), 1);
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}

#[test]
fn a_correction_knows_the_runs_that_made_and_undid_it() {
    with_each("corrections", |path| {
        let mut store = Database::open(path).unwrap();
        let runs: Vec<i64> = (0..5).map(|_| store.begin(&run()).unwrap()).collect();
        let made = CorrectionRow {
            id: "k-1".into(),
            rule: "{}".into(),
            made: "1".into(),
            author: "Ana".into(),
            ..CorrectionRow::default()
        };
        let undone = CorrectionRow { undone: Some(("2".into(), "Ben".into())), ..made.clone() };
        // Kept, kept again as it is, undone, undone again, in force again.
        let steps = [&made, &made, &undone, &undone, &made];
        let wanted = [(Some(0), None), (Some(0), None), (Some(0), Some(2)), (Some(0), Some(2)), (Some(4), None)];
        for ((run, step), wanted) in runs.iter().zip(steps).zip(wanted) {
            store.keep_correction(*run, step).unwrap();
            let kept = store.corrections().unwrap().remove(0);
            let at = |run: Option<i64>| run.and_then(|run| runs.iter().position(|known| *known == run));
            assert_eq!((at(kept.made_run), at(kept.undone_run)), wanted, "{run}");
        }
        // One that was undone elsewhere comes undone.
        store.keep_correction(runs[1], &CorrectionRow { id: "k-2".into(), ..undone }).unwrap();
        let kept = store.corrections().unwrap().remove(1);
        assert_eq!((kept.made_run, kept.undone_run), (Some(runs[1]), Some(runs[1])));
    });
}

#[test]
fn what_runs_change_in_records_is_kept() {
    with_each("changes", |path| {
        let mut store = Database::open(path).unwrap();
        let runs: Vec<i64> = (0..5).map(|_| store.begin(&run()).unwrap()).collect();
        let entries: Vec<Entry> = (1..=3).map(|n| entry(&format!("e{n}"), "2016-09-05", "Words.")).collect();
        store.add(runs[0], &entries).unwrap();
        let first = Placement {
            changed: vec![change(1, "s-a", &[1, 2], 100), change(2, "s-b", &[3], 100)],
            placed: vec![1, 2, 3],
            ..Placement::default()
        };
        store.place(runs[0], &first).unwrap();
        let written = |from: usize, to: usize, store: &Database| -> Vec<String> {
            let line = |c: crate::RecordChange| {
                let told = |t: Option<crate::RecordTold>| {
                    t.map(|t| [t.date, t.place, Some(t.words)].map(Option::unwrap_or_default).join(" "))
                };
                let run = runs.iter().position(|known| *known == c.run).unwrap();
                format!("{run} {} {} {:?} {:?}", c.story, c.event.unwrap_or_default(), told(c.before), told(c.after))
            };
            store.record_changes(runs[from], runs[to]).unwrap().into_iter().map(line).collect()
        };
        store.keep_records(&[record(1, 1, runs[1], "{}"), record(2, 1, runs[1], "{}")]).unwrap();
        let appeared = [
            "1 s-a  None Some(\"  Story 1\")",
            "1 s-a v-1 None Some(\"2016-09  \")",
            "1 s-b  None Some(\"  Story 2\")",
            "1 s-b v-2 None Some(\"2016-09  \")",
        ];
        assert_eq!(written(0, 1, &store), appeared);
        // The same record again changes nothing.
        store.keep_records(&[record(1, 1, runs[2], "{}")]).unwrap();
        assert_eq!(written(1, 2, &store), Vec::<String>::new());
        let mut other = record(1, 1, runs[3], "{}");
        other.events[0].place = Some("Geneva".into());
        store.keep_records(&[other]).unwrap();
        assert_eq!(written(2, 3, &store), ["3 s-a v-1 Some(\"2016-09  \") Some(\"2016-09 Geneva \")"]);
        // A story that becomes part of another, and one of which the reports are taken out.
        let joined = Placement { ended: vec![(2, 1)], changed: vec![change(1, "s-a", &[1, 2, 3], 100)], placed: Vec::new() };
        store.place(runs[4], &joined).unwrap();
        store.unplace(runs[4], &[1, 2, 3]).unwrap();
        let went = [
            "4 s-b v-2 Some(\"2016-09  \") None",
            "4 s-b  Some(\"  Story 2\") None",
            "4 s-a v-1 Some(\"2016-09 Geneva \") None",
            "4 s-a  Some(\"  Story 1\") None",
        ];
        assert_eq!(written(3, 4, &store), went);
        // Of one story; and those that are no more are told once, with who they were.
        assert_eq!(store.story_changes("s-a", runs[2]).unwrap().len(), 3);
        assert_eq!(store.story_changes("s-none", 0).unwrap(), []);
        let gone = |after: i64| -> Vec<(i64, String, String, i64)> {
            store.moved((after, i64::MAX, 0), 9).unwrap().into_iter().map(|c| (c.run, c.story, c.title, c.version)).collect()
        };
        let last = runs[4];
        assert_eq!(gone(0), [(last, "s-b".into(), "Story 2".into(), 0), (last, "s-a".into(), "Story 1".into(), 0)]);
        assert_eq!(gone(last), []);
        let first = store.moved((0, 0, 0), 1).unwrap().remove(0);
        assert_eq!(store.moved(first.place, 9).unwrap()[0].story, "s-a");
    });
}

#[test]
fn who_may_use_the_desk_is_kept() {
    with_each("users", |path| {
        let mut store = Database::open(path).unwrap();
        let user =
            |name: &str, role: &str| UserRow { name: name.into(), role: role.into(), hash: "$a$b".into(), made: "t".into() };
        store.keep_user(&user("ben", "reader")).unwrap();
        store.keep_user(&user("ana", "reader")).unwrap();
        store.keep_user(&UserRow { made: "later".into(), ..user("ben", "admin") }).unwrap();
        assert_eq!(store.users().unwrap(), [user("ana", "reader"), user("ben", "admin")]);
        let token =
            |hash: &str, name: &str| TokenRow { hash: hash.into(), name: name.into(), note: "n".into(), made: "t".into() };
        store.keep_token(&token("b", "ben")).unwrap();
        store.keep_token(&token("a", "ben")).unwrap();
        assert!(store.keep_token(&token("c", "nobody")).is_err());
        assert_eq!(store.tokens().unwrap(), [token("a", "ben"), token("b", "ben")]);
        assert!(store.drop_token("b").unwrap() && !store.drop_token("b").unwrap());
        assert!(store.drop_user("ben").unwrap() && !store.drop_user("ben").unwrap());
        assert_eq!((store.users().unwrap().len(), store.tokens().unwrap()), (1, Vec::new()));
        let row = |note: &str| AuditRow { action: "login".into(), note: note.into(), ..AuditRow::default() };
        for note in ["one", "two", "three"] {
            store.audit(&row(note)).unwrap();
        }
        assert_eq!(store.audited(2, 0).unwrap(), [row("three"), row("two")]);
        assert_eq!(store.audited(2, 2).unwrap(), [row("one")]);
        assert_eq!(store.check().unwrap(), Vec::<String>::new());
    });
}

#[test]
fn a_full_disk_leaves_stories_whole() {
    let folder = Folder::new("full-stories");
    let path = folder.file("a.db");
    let mut store = Database::open(&path).unwrap();
    let run = store.begin(&run()).unwrap();
    store.add(run, &[entry("a", "2016-09-05", "Words.")]).unwrap();
    store.limit_pages_for_tests();
    let big: String =
        (0..200_000u64).map(|n| char::from(33 + (xxhash_rust::xxh3::xxh3_64(&n.to_le_bytes()) % 90) as u8)).collect();
    let error = store
        .exclusively(&mut |store| {
            store.place(run, &Placement { changed: vec![change(1, "s-a", &[1], 9)], placed: vec![1], ..Placement::default() })?;
            store.keep_records(&[record(1, 1, run, &big)])
        })
        .unwrap_err();
    assert!(error.is_full(), "{error}");
    drop(store);
    let store = Database::open(&path).unwrap();
    assert_eq!((store.behind().unwrap(), store.check().unwrap()), ((1, 0), Vec::new()));
}

#[test]
fn a_file_without_briefs_gets_room_for_them() {
    let folder = Folder::new("briefs");
    let path = folder.file("layout4.db");
    std::fs::copy(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata/stores/layout4.db"), &path).unwrap();
    let store = Database::open_to_read(&path).unwrap();
    let stories = store.stories(&StorySearch { limit: 9, ..StorySearch::default() }).unwrap();
    assert!(!stories.is_empty() && stories.iter().all(|s| store.brief(s.number).unwrap().is_none()));
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}

#[test]
fn lists_go_on_behind_a_place_whatever_is_written() {
    with_each("places", |path| {
        let mut store = Database::open(path).unwrap();
        let run = store.begin(&run()).unwrap();
        let entries: Vec<Entry> = (0..6).map(|n| entry(&format!("e{n}"), "2016-09-05", &format!("Text number {n}."))).collect();
        store.add(run, &entries).unwrap();
        let changed = (1..=6).map(|n| change(n, &format!("s-{n}"), &[i64::from(n)], 100 + n as i32)).collect();
        store.place(run, &Placement { changed, placed: (1..=6).collect(), ..Placement::default() }).unwrap();
        let some = |value: &str| Some(value.to_string()).filter(|v| !v.is_empty());
        let kept = |story: u32, version: i64| {
            let mut kept = record(story, version, run, "{}");
            let first = kept.events.remove(0);
            let days = ["2016-09-01", "", "2016-09-03", "2016-09-01", "2016-10-05"];
            kept.events = (0..5u32)
                .map(|n| {
                    let at = (story + n) as usize;
                    RecordEventRow {
                        id: format!("v-{story}-{n}"),
                        kind: some(["CONSULT", "", "ACCUSE"][at % 3]),
                        days: (some(days[at % 5]), some(days[at % 5])),
                        place: some(["Geneva", "", "Ürümqi", "~"][at % 4]),
                        country: some(["CHE", "CHN", ""][at % 3]),
                        agreement: ["agreed", "single", "disputed"][(story as usize * 2 + n as usize) % 3].into(),
                        origins: u64::from(n % 3) + 1,
                        articles: u64::from(n % 2) + 3,
                        body: format!("{{\"document\":\"e{}\"}}", story - 1),
                        ..first.clone()
                    }
                })
                .collect();
            kept
        };
        store.keep_records(&(1..=6).map(|n| kept(n, 1)).collect::<Vec<_>>()).unwrap();
        let orders = [
            EventOrder::Day,
            EventOrder::LastDay,
            EventOrder::Kind,
            EventOrder::Place,
            EventOrder::Origins,
            EventOrder::Agreement,
        ];
        for order in orders {
            let ids = |search: &RecordEventSearch| -> Vec<String> {
                store.record_events(search).unwrap().into_iter().map(|e| e.id).collect()
            };
            let whole = RecordEventSearch { order, limit: 99, ..RecordEventSearch::default() };
            let all = store.record_events(&whole).unwrap();
            assert_eq!(all.len(), 30);
            let sorted: Vec<(Vec<String>, String)> = all.iter().map(|e| (e.place_in(order), e.id.clone())).collect();
            let mut by_two = Vec::new();
            let mut after = None;
            loop {
                let found = store.record_events(&RecordEventSearch { limit: 2, after: after.clone(), ..whole.clone() }).unwrap();
                let Some(last) = found.last() else { break };
                after = Some(last.place_in(order));
                by_two.extend(found.iter().map(|e| (e.place_in(order), e.id.clone())));
            }
            assert_eq!(by_two, sorted, "{order:?}");
            // Filters leave the same of it in the same order.
            let kinds = RecordEventSearch { kinds: vec!["accuse".into(), "CONSULT".into()], ..whole.clone() };
            let wanted: Vec<String> = all.iter().filter(|e| e.kind.is_some()).map(|e| e.id.clone()).collect();
            assert_eq!(ids(&kinds), wanted, "{order:?}");
            let days = (some("2016-09-01"), some("2016-09-03"));
            let wanted: Vec<String> =
                (all.iter()).filter(|e| e.days.0.as_deref().is_some_and(|d| d <= "2016-09-03")).map(|e| e.id.clone()).collect();
            assert_eq!(ids(&RecordEventSearch { days, ..whole.clone() }), wanted, "{order:?}");
            let place = |place: &str| ids(&RecordEventSearch { place: some(place), ..whole.clone() }).len();
            let told = |fits: &dyn Fn(&RecordEventRow) -> bool| all.iter().filter(|e| fits(e)).count();
            let (geneva, china) =
                (told(&|e| e.place.as_deref() == Some("Geneva")), told(&|e| e.country.as_deref() == Some("CHN")));
            assert_eq!((place("geneva"), place("chn"), place("Bern")), (geneva, china, 0));
            let actor = |actor: &str, named: Option<Vec<String>>| {
                ids(&RecordEventSearch { actor: some(actor), named, ..whole.clone() }).len()
            };
            assert_eq!((actor("obam", None), actor("usa", None), actor("rus", None)), (30, 30, 0));
            assert_eq!((actor("obam", Some(vec!["Barack Obama".into()])), actor("obam", Some(Vec::new()))), (30, 0));
            let told_by = RecordEventSearch { story: Some(2), told_by: some("e1"), ..whole.clone() };
            assert_eq!((ids(&told_by).len(), ids(&RecordEventSearch { told_by: some("e2"), ..told_by }).len()), (5, 0));
        }
        // What was shown goes, what was not stays where it is: nothing is left out, nothing comes twice.
        let latest = RecordEventSearch { order: EventOrder::LastDay, limit: 10, ..RecordEventSearch::default() };
        let first = store.record_events(&latest).unwrap();
        let rest = |after: Vec<String>| -> Vec<String> {
            let search = RecordEventSearch { limit: 99, after: Some(after), ..latest.clone() };
            Database::open_to_read(path).unwrap().record_events(&search).unwrap().into_iter().map(|e| e.id).collect()
        };
        let after = first[9].place_in(EventOrder::LastDay);
        let before = rest(after.clone());
        let mut less = kept(1, 1);
        less.events.retain(|e| !first.iter().any(|f| f.id == e.id));
        store.keep_records(&[less]).unwrap();
        let now = rest(after);
        let others = |all: &[String]| all.iter().filter(|id| !id.starts_with("v-1-")).cloned().collect::<Vec<_>>();
        assert_eq!(others(&now), others(&before));
        // Stories and problems go on in the same way.
        let stories = |after| {
            let search = StorySearch { limit: 2, after, ..StorySearch::default() };
            store.stories(&search).unwrap()
        };
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let found = stories(after);
            let Some(last) = found.last() else { break };
            after = Some(last.place_in());
            all.extend(found.iter().map(|s| s.id.clone()));
        }
        let whole = store.stories(&StorySearch { limit: 99, ..StorySearch::default() }).unwrap();
        assert_eq!(all, whole.iter().map(|s| s.id.clone()).collect::<Vec<_>>());
        let faults: Vec<(String, String)> = (0..5).map(|n| (format!("item {n}"), "is odd".to_string())).collect();
        store.note(run, &faults).unwrap();
        let first = store.problems(&ProblemSearch { limit: 2, ..ProblemSearch::default() }).unwrap();
        store.note(run, &faults[..1]).unwrap();
        let next = ProblemSearch { limit: 9, before: Some(first[1].number), ..ProblemSearch::default() };
        let items: Vec<String> = store.problems(&next).unwrap().into_iter().map(|p| p.item).collect();
        assert_eq!(items, ["item 2", "item 1", "item 0"]);
        assert!(store.more_than("text", 5).unwrap() && !store.more_than("text", 6).unwrap() && !store.more_than("", 0).unwrap());
        let latest = Search { words: "text".into(), limit: 3, latest_first: true, ..Search::default() };
        let found: Vec<String> = store.search(&latest).unwrap().into_iter().map(|h| h.id).collect();
        assert_eq!(found, ["e5", "e4", "e3"]);
        assert_eq!(store.text("e2").unwrap().as_deref(), Some("Text number 2."));
        assert_eq!((store.text("none").unwrap(), store.parties().unwrap()), (None, vec!["Barack Obama".to_string()]));
    });
}
