//! `tellings gazetteer`: the user's own places, and a dump of GeoNames.

use std::path::Path;
use std::process::{Command, Output};
use tellings_testing::Folder;

/// Runs the program with a folder's `added` as the folder of gazetteers.
fn run(folder: &Folder, args: &[&str]) -> (Option<i32>, String, String) {
    let output: Output = Command::new(env!("CARGO_BIN_EXE_tellings"))
        .args(args)
        .env("TELLINGS_GAZETTEERS", folder.join("added"))
        .current_dir(folder)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn places(reading: &str) -> Vec<String> {
    let value: serde_json::Value = serde_json::from_str(reading.lines().next().unwrap()).unwrap();
    let place =
        |p: &serde_json::Value| format!("{} {} {}", p["name"].as_str().unwrap(), p["country"], p["feature"].as_str().unwrap());
    value["places"].as_array().unwrap().iter().map(place).collect()
}

#[test]
fn places_of_the_users_are_added_used_listed_and_removed() {
    let folder = Folder::new("gazetteer-own");
    folder.write(
        "posts.csv",
        "Name,Latitude,Longitude,Kind,Country,Alternate names\n\"Karm Zaytun\",36.5,37.5,checkpoint,Syria,Zaytun Gate|Olive Gate\n\
         Bolkovo Heights,48.1,37.9,hill,UA,\nNowhere,north,1,,,\n,1,1,,,\nElsewhere,1,1,,Ruritania,\n",
    );
    folder.write("report.txt", "Two men were shot near the Zaytun Gate on Monday. Shells fell on the Bolkovo Heights.\n");
    let (status, told, errors) = run(&folder, &["gazetteer", "add", "posts.csv"]);
    assert_eq!(status, Some(2), "{errors}");
    assert!(told.contains("added `posts`: 2 places"), "{told}");
    for message in [
        "posts.csv:4: latitude `north` is no number; line skipped",
        "posts.csv:5: the place has no name; line skipped",
        "posts.csv:6: country `Ruritania` is not known; line skipped",
        "3 of 6 lines could not be read",
    ] {
        assert!(errors.contains(message), "{message}\n{errors}");
    }
    let (_, listed, _) = run(&folder, &["gazetteer", "list"]);
    assert!(listed.starts_with("posts\t2 places\t"), "{listed}");
    let (_, found, _) = run(&folder, &["gazetteer", "find", "olive", "gate"]);
    assert!(found.starts_with("Karm Zaytun\tSYR\tPSTB\t"), "{found}");
    let (status, read, _) = run(&folder, &["read", "report.txt"]);
    assert_eq!((status, places(&read)), (Some(0), vec!["Karm Zaytun \"SYR\" PSTB".into(), "Bolkovo Heights \"UKR\" HLL".into()]));
    let (_, without, _) = run(&folder, &["read", "--gazetteer", "none", "report.txt"]);
    assert!(!places(&without).iter().any(|place| place.starts_with("Karm")), "{without}");
    let (_, record, _) = run(&folder, &["brief", "--output", "json", "report.txt"]);
    assert!(record.contains("+posts\""), "{record}");
    assert_eq!(run(&folder, &["gazetteer", "remove", "posts"]).0, Some(0));
    let (status, _, errors) = run(&folder, &["gazetteer", "remove", "posts"]);
    assert!(status == Some(2) && errors.contains("no gazetteer is called `posts`"), "{errors}");
    let (status, _, errors) = run(&folder, &["read", "--gazetteer", "posts", "report.txt"]);
    assert!(status == Some(2) && errors.contains("hint: `tellings gazetteer list`"), "{errors}");
}

/// Lines of a GeoNames dump.
fn dump(places: usize) -> String {
    let mut out = String::new();
    let mut line = |id: usize, name: &str, class: &str, code: &str, admin: usize, people: usize| {
        let (lat, lon) = ((id * 7919 % 12000) as f64 / 100.0 - 60.0, (id * 104_729 % 34000) as f64 / 100.0 - 170.0);
        out += &format!(
            "{id}\t{name}\t{name}\tAlt{name},Имя\t{lat}\t{lon}\t{class}\t{code}\tSY\t\t{admin:02}\t\t\t\t{people}\t\t1\tAsia/Damascus\t2020-01-01\n"
        );
    };
    for i in 0..places {
        let name: String = i
            .to_string()
            .bytes()
            .map(|b| ["ba", "ke", "di", "fo", "gu", "ha", "li", "mo", "nu", "sa"][usize::from(b - b'0')])
            .collect();
        let name = format!("Q{name}");
        match i {
            0..14 => line(20_000_000 + i, &format!("{name} Province"), "A", "ADM1", i, 500_000),
            _ => line(20_000_000 + i, &name, "P", "PPL", i % 14, i % 1000),
        }
    }
    out
}

#[test]
fn a_dump_of_geonames() {
    let folder = Folder::new("gazetteer-dump");
    let mut text = dump(30_000);
    text += "a short line\n";
    text += &text.lines().next().unwrap().replace("ADM1", "PPLH").to_string();
    text += "\n";
    folder.write("allCountries.txt", [text.as_bytes(), b"\xff\xfe\n", &vec![b'x'; 3 << 20], b"\n"].concat());
    let (status, told, errors) = run(&folder, &["gazetteer", "add", "allCountries.txt", "--name", "all"]);
    assert_eq!(status, Some(2));
    assert!(told.contains("added `all`: 30000 places, 1 lines not wanted"), "{told}\n{errors}");
    for message in ["allCountries.txt:30001: 1 fields", ":30003: the line is not UTF-8", ":30004: the line is longer than"] {
        assert!(errors.contains(message), "{message}\n{errors}");
    }
    let (_, found, _) = run(&folder, &["gazetteer", "find", "Qkedifogu"]);
    assert!(found.starts_with("Qkedifogu\tSYR\tPPL\tQ"), "{found}");
    folder.write("report.txt", "A bridge fell in Qkedifogu on Monday, and another near Altqkedifogu.\n");
    let (_, read, _) = run(&folder, &["read", "report.txt"]);
    assert_eq!(places(&read).len(), 2, "{read}");
    // The same lines in another order give the same bytes.
    let bytes = |path: &Path| std::fs::read(path).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.reverse();
    let first = lines.iter().position(|l| l.split('\t').count() == 19).unwrap();
    lines.swap(0, first);
    folder.write("other.txt", lines.join("\n"));
    run(&folder, &["gazetteer", "add", "other.txt", "-o", "other.gazetteer"]);
    assert!(bytes(&folder.join("other.gazetteer")) == bytes(&folder.join("added/all.gazetteer")));
    // Only some of it.
    let (_, told, _) = run(&folder, &["gazetteer", "add", "allCountries.txt", "--classes", "a", "-o", "some.gazetteer"]);
    assert!(told.contains(": 14 places"), "{told}");
    let (status, _, errors) = run(&folder, &["gazetteer", "add", "allCountries.txt", "--countries", "IRQ"]);
    assert!(status == Some(2) && errors.contains("no place could be taken"), "{errors}");
    let (status, _, errors) = run(&folder, &["gazetteer", "add", "allCountries.txt", "--countries", "Ruritania"]);
    assert!(status == Some(2) && errors.contains("country `Ruritania` is not known"), "{errors}");
    // Nothing half-made is left behind.
    let left: Vec<_> = std::fs::read_dir(folder.join("added")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["all.gazetteer"]);
}

#[test]
fn what_is_no_gazetteer_is_refused() {
    let folder = Folder::new("gazetteer-bad");
    folder.write("a.txt", "one line\n");
    folder.write("empty.txt", "");
    folder.write("report.txt", "They met in Oslo.\n");
    let (status, _, errors) = run(&folder, &["gazetteer", "add", "a.txt"]);
    assert!(status == Some(2) && errors.contains("`a.txt`: line 1:"), "{errors}");
    let (status, _, errors) = run(&folder, &["gazetteer", "add", "empty.txt"]);
    assert!(status == Some(2) && errors.contains("no place could be taken"), "{errors}");
    let (status, _, errors) = run(&folder, &["gazetteer", "add", "gone.txt"]);
    assert!(status == Some(2) && errors.contains("cannot read `gone.txt`"), "{errors}");
    let (status, _, errors) = run(&folder, &["read", "--gazetteer", "a.txt", "report.txt"]);
    assert!(status == Some(2) && errors.contains("not a gazetteer of this version"), "{errors}");
    let (status, _, errors) = run(&folder, &["gazetteer", "add", "report.txt", "--name", "../x"]);
    assert!(status == Some(2) && errors.contains("cannot be a gazetteer's name"), "{errors}");
}

#[test]
fn a_run_that_is_killed_leaves_the_old_gazetteer_and_the_next_one_sweeps_up() {
    use std::io::Write;
    let folder = Folder::new("gazetteer-killed");
    folder.write("small.txt", dump(200));
    run(&folder, &["gazetteer", "add", "small.txt", "--name", "all"]);
    let path = folder.join("added/all.gazetteer");
    let before = std::fs::read(&path).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_tellings"))
        .args(["gazetteer", "add", "-", "--name", "all"])
        .env("TELLINGS_GAZETTEERS", folder.join("added"))
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let left = || {
        let names = std::fs::read_dir(folder.join("added")).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.starts_with('.')).count()
    };
    child.stdin.as_mut().unwrap().write_all(dump(5_000).as_bytes()).unwrap();
    while left() == 0 {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), before, "the old gazetteer stays as it was");
    run(&folder, &["gazetteer", "add", "small.txt", "--name", "all"]);
    assert_eq!(left(), 0, "what the killed run left is gone");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}
