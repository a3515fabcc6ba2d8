//! Reading that never ends, that nobody waits for, and that was cut short.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use tellings_testing::Folder;

fn tellings() -> Command {
    Command::new(env!("CARGO_BIN_EXE_tellings"))
}

fn row(n: usize) -> String {
    format!("{{\"id\":\"r{n}\",\"date\":\"2021-03-01\",\"text\":\"The {n} delegates met in Geneva on Monday.\"}}\n")
}

#[test]
fn a_reader_that_goes_away_ends_the_work() {
    let mut child = tellings()
        .args(["read", "--quiet", "--input", "jsonl", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    // More than the pipes and what is on its way can hold: who does not stop reading would take it all.
    let giver = std::thread::spawn(move || (0..100_000).position(|n| input.write_all(row(n).as_bytes()).is_err()));
    let mut output = BufReader::new(child.stdout.take().unwrap());
    for n in 0..5 {
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert!(line.contains(&format!("\"id\":\"r{n}\"")), "{line}");
    }
    drop(output);
    assert!(giver.join().unwrap().is_some(), "all was read though nobody wanted it");
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), String::from_utf8_lossy(&ended.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn a_run_that_was_cut_short_goes_on() {
    let folder = Folder::new("resume");
    // The third has the id of the first; the fourth cannot be read.
    let rows = [row(1), row(2), row(1), "no json\n".to_string(), row(3)].concat();
    folder.write("in.jsonl", rows.as_bytes());
    let (from, to) = (folder.join("in.jsonl"), folder.join("out.jsonl"));
    let read = |resume: bool| {
        let mut command = tellings();
        command.args(["read", "--quiet", "--out"]).arg(&to).arg(&from);
        if resume {
            command.arg("--resume");
        }
        command.output().unwrap().status.code()
    };
    assert_eq!(read(false), Some(2));
    let whole = std::fs::read(&to).unwrap();
    let ends: Vec<usize> = (0..whole.len()).filter(|&at| whole[at] == b'\n').collect();
    assert_eq!(ends.len(), 4);
    // Killed before anything was written, inside a line, and between two; and not at all.
    for cut in [0, 10, ends[0], ends[0] + 1, ends[1] + 40, ends[2] + 1, whole.len()] {
        std::fs::write(&to, &whole[..cut]).unwrap();
        assert_eq!(read(true), Some(2), "cut at {cut}");
        assert_eq!(std::fs::read(&to).unwrap(), whole, "cut at {cut}");
    }
    std::fs::remove_file(&to).unwrap();
    assert_eq!(read(true), Some(2), "no file yet");
    assert_eq!(std::fs::read(&to).unwrap(), whole);
    // What is no file of readings is left as it is.
    std::fs::write(&to, b"notes of mine\n").unwrap();
    assert_eq!(read(true), Some(2));
    assert_eq!(std::fs::read(&to).unwrap(), b"notes of mine\n");
}
