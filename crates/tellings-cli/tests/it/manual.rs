//! Completion scripts and manual pages.

use std::process::{Command, Stdio};
use tellings_testing::Folder;

fn tellings() -> Command {
    Command::new(env!("CARGO_BIN_EXE_tellings"))
}

/// The commands that `tellings --help` lists.
fn commands() -> Vec<String> {
    let help = tellings().arg("--help").output().expect("tellings runs");
    let help = String::from_utf8(help.stdout).expect("UTF-8");
    let list = help.split_once("Commands:\n").expect("a list of commands").1;
    let names = list.lines().take_while(|line| line.starts_with("  "));
    names.filter_map(|line| line.strip_prefix("  ")?.split(' ').next().filter(|n| !n.is_empty()).map(str::to_string)).collect()
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = Folder::new("manual");
    assert!(tellings().arg("man").arg(folder.join("man1")).status().expect("tellings runs").success());
    let names = commands();
    assert!(names.len() > 20 && names.iter().any(|n| n == "brief"), "{names:?}");
    for name in names.iter().filter(|n| *n != "help") {
        let page = std::fs::read_to_string(folder.join(format!("man1/tellings-{name}.1"))).expect("a page");
        assert!(page.contains(".SH NAME\ntellings\\-") && page.contains(".SH OPTIONS"), "{name}: {page}");
    }
    let whole = std::fs::read_to_string(folder.join("man1/tellings.1")).expect("a page");
    assert!(whole.contains("tellings\\-brief(1)") && whole.contains("Exit status"), "{whole}");
}

#[test]
fn every_shell_has_a_completion_script() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = tellings().args(["completions", shell]).output().expect("tellings runs");
        let script = String::from_utf8(script.stdout).expect("UTF-8");
        let missing: Vec<String> = commands().into_iter().filter(|name| !script.contains(name.as_str())).collect();
        assert!(missing.is_empty(), "{shell}: {missing:?}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child =
        tellings().args(["completions", "bash"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("tellings runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}
