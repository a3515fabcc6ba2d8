//! Bad input: each bad item is named on standard error with what was wrong, the status is 2, and all else is read.

use std::process::Command;
use tellings_testing::Folder;

#[test]
fn bad_items_are_named_and_the_others_are_read() {
    let folder = Folder::new("bad-input");
    folder.write("a-good.txt", b"Talks resume\n\nOSLO, March 6, 2014 (Norwire) - The two delegations met again on Thursday.\n");
    folder.write("b-empty.txt", b"");
    folder.write("c-picture.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    folder.write(
        "d-french.txt",
        "Les deux délégations se sont retrouvées jeudi à Genève et sont convenues de poursuivre les pourparlers.".as_bytes(),
    );
    folder.write("e-cut.html", b"<html><body><p>The two delegations met again on Thursday in Oslo.</p><a hr");
    folder.write("f-rows.jsonl", b"{\"id\":\"a-good\",\"text\":\"They met.\"}\nno json\n{\"title\":\"x\"}\n{\"id\":\"last\",\"text\":\"They met again.\"}\n");
    let output =
        Command::new(env!("CARGO_BIN_EXE_tellings")).arg("read").arg(&folder).arg(folder.join("gone.txt")).output().unwrap();
    let (told, readings) = (String::from_utf8(output.stderr).unwrap(), String::from_utf8(output.stdout).unwrap());
    assert_eq!(output.status.code(), Some(2), "{told}");
    for (name, word) in [
        ("b-empty.txt", "(empty)"),
        ("c-picture.txt", "a PNG picture"),
        ("d-french.txt", "`fr`"),
        ("e-cut.html", "(truncated)"),
        ("line 2 of", "not JSON"),
        ("line 3 of", "no text"),
        ("gone.txt", "cannot read"),
        ("a-good#2", "(duplicate-id)"),
    ] {
        assert!(told.lines().any(|line| line.contains(name) && line.contains(word)), "{name}: {word}\n{told}");
    }
    let ids: Vec<String> = readings
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].as_str().unwrap().to_string())
        .collect();
    assert_eq!(ids, ["a-good", "b-empty", "c-picture", "d-french", "e-cut", "a-good#2", "last"]);
}

#[test]
fn bad_lines_of_own_dictionaries_are_named_and_the_others_are_used() {
    let folder = Folder::new("bad-dictionary");
    folder.write("report.txt", b"Varnia praised Torland on Monday.\n");
    folder.write("actors.txt", b"VARNIA [VRN]\nNAMELESS\nTORLAND [TOR]\nC\xd4TE [CTE 991399-20]\n");
    folder.write("verbs.txt", b"--- PRAISE [051] ---\nPRAISE\n- * NOWHERE\n");
    let output = Command::new(env!("CARGO_BIN_EXE_tellings"))
        .arg("read")
        .arg(folder.join("report.txt"))
        .arg("--actors")
        .arg(folder.join("actors.txt"))
        .arg("--verbs")
        .arg(folder.join("verbs.txt"))
        .arg("--rules")
        .arg(folder.join("gone.toml"))
        .output()
        .unwrap();
    let (told, reading) = (String::from_utf8(output.stderr).unwrap(), String::from_utf8(output.stdout).unwrap());
    assert_eq!(output.status.code(), Some(2), "{told}");
    for (place, word) in [
        ("actors.txt:2: ", "`NAMELESS` has no code"),
        ("actors.txt:4: ", "`991399` is no date"),
        ("verbs.txt:3: ", "has no code"),
        ("gone.toml", "cannot read"),
        ("hint", "add `[CODE]`"),
    ] {
        assert!(told.lines().any(|line| line.contains(place) && line.contains(word)), "{place} {word}\n{told}");
    }
    let reading: serde_json::Value = serde_json::from_str(&reading).unwrap();
    let event = &reading["events"][0];
    let codes = [&event["actors"][0]["code"], &event["recipients"][0]["code"], &event["cameo"]].map(|v| v.as_str());
    assert_eq!(codes, [Some("VRN"), Some("TOR"), Some("051")], "{reading}");
}
