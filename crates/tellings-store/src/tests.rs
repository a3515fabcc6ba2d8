//! What goes in comes out; what is not a store, may not be written or is being written is told.

use crate::{Added, Database, Entry, EventRow, EventSearch, Participant, Run, Search, Store};
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
}
