//! The checks on the tree itself: who may use whom, what the core never touches, format, licences and advisories.
//! They run with `cargo test` and need no network.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What each crate of ours may use of ours. A new arrow is a design change: say so in the commit.
const ARROWS: [(&str, &[&str]); 24] = [
    ("tellings-doc", &[]),
    ("tellings-nn", &[]),
    ("tellings-dict", &["tellings-doc"]),
    ("tellings-article", &["tellings-doc"]),
    ("tellings-parse", &["tellings-doc", "tellings-nn"]),
    ("tellings-time", &["tellings-doc"]),
    ("tellings-link", &["tellings-doc", "tellings-nn", "tellings-dict"]),
    ("tellings-speech", &["tellings-doc"]),
    ("tellings-event", &["tellings-doc", "tellings-nn", "tellings-dict"]),
    ("tellings-story", &["tellings-doc"]),
    ("tellings-store", &["tellings-tls"]),
    (
        "tellings-read",
        &[
            "tellings-doc",
            "tellings-dict",
            "tellings-article",
            "tellings-parse",
            "tellings-time",
            "tellings-link",
            "tellings-speech",
            "tellings-event",
        ],
    ),
    ("tellings-brief", &["tellings-doc", "tellings-story"]),
    ("tellings-input", &["tellings-doc", "tellings-article"]),
    ("tellings-tls", &[]),
    ("tellings-fetch", &["tellings-tls"]),
    (
        "tellings",
        &[
            "tellings-doc",
            "tellings-article",
            "tellings-fetch",
            "tellings-input",
            "tellings-read",
            "tellings-story",
            "tellings-brief",
            "tellings-export",
            "tellings-store",
        ],
    ),
    ("tellings-export", &["tellings-doc", "tellings-story"]),
    ("tellings-cli", &["tellings", "tellings-desk"]),
    ("tellings-testing", &["tellings-doc"]),
    (
        "tellings-train",
        &[
            "tellings-doc",
            "tellings-nn",
            "tellings-article",
            "tellings-parse",
            "tellings-time",
            "tellings-link",
            "tellings-speech",
            "tellings-event",
            "tellings-read",
        ],
    ),
    ("xtask", &["tellings", "tellings-link", "tellings-train"]),
    ("tellings-desk", &["tellings"]),
    ("tellings-python", &["tellings"]),
];

/// Crates that are pure: bytes in, values out.
const PURE: [&str; 14] = [
    "tellings-doc",
    "tellings-nn",
    "tellings-dict",
    "tellings-article",
    "tellings-parse",
    "tellings-time",
    "tellings-link",
    "tellings-speech",
    "tellings-event",
    "tellings-story",
    "tellings-read",
    "tellings-brief",
    "tellings-input",
    "tellings-export",
];

/// What a pure crate never names: files, environment, network, clock, global randomness, output.
const IMPURE: [&str; 9] =
    ["std::fs", "std::env", "std::net", "SystemTime", "Instant::now", "Zoned::now", "Timestamp::now", "println!", "eprintln!"];

/// Licences whose code may be linked in; a dependency must allow at least one of them in each of its `AND` parts.
const LICENCES: [&str; 15] = [
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "0BSD",
    "Unlicense",
    "BSL-1.0",
    "CC0-1.0",
    "Unicode-3.0",
    "MPL-2.0",
    // Lists of certificates: data.
    "CDLA-Permissive-2.0",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The dependency graph on this machine's platform: what was fetched to build is all that is there without a network.
fn metadata() -> Value {
    let version = Command::new("rustc").arg("-vV").output().expect("rustc runs");
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let host = version.lines().find_map(|l| l.strip_prefix("host: ")).expect("rustc names its host");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--filter-platform", host])
        .current_dir(root())
        .output()
        .expect("cargo metadata runs");
    serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON")
}

fn packages(metadata: &Value) -> impl Iterator<Item = &Value> {
    metadata["packages"].as_array().into_iter().flatten()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or("")
}

fn ours(metadata: &Value) -> Vec<&Value> {
    packages(metadata).filter(|p| p["source"].is_null()).collect()
}

/// Every `.rs` file below a folder.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.filter_map(|e| e.ok().map(|e| e.path())) {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn crates_use_only_what_they_may() {
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.into_iter().collect();
    let metadata = metadata();
    let all = ours(&metadata);
    let names: BTreeSet<&str> = all.iter().map(|p| text(p, "name")).collect();
    let mut wrong = Vec::new();
    for package in &all {
        let name = text(package, "name");
        let Some(may) = allowed.get(name) else {
            wrong.push(format!("{name} has no line in ARROWS"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten().filter(|d| d["kind"].is_null()) {
            let used = text(dependency, "name");
            if names.contains(used) && !may.contains(&used) {
                wrong.push(format!("{name} -> {used} is not an arrow of ARCHITECTURE.md"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_core_is_pure() {
    let mut wrong = Vec::new();
    for name in PURE {
        let mut files = Vec::new();
        sources(&root().join("crates").join(name).join("src"), &mut files);
        assert!(!files.is_empty(), "{name} has no sources");
        for file in files {
            let source = std::fs::read_to_string(&file).unwrap_or_default();
            let code = source.split("#[cfg(test)]").next().unwrap_or("");
            let is_test = file.components().any(|c| c.as_os_str() == "tests") || file.ends_with("tests.rs");
            for banned in IMPURE.iter().filter(|b| !is_test && code.contains(**b)) {
                wrong.push(format!("{}: `{banned}` in a pure crate", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_dependency_says_why() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("Cargo.toml");
    let section = manifest.split("[workspace.dependencies]").nth(1).and_then(|s| s.split("\n[").next()).expect("dependencies");
    let (mut reason, mut bare) = (false, Vec::new());
    for line in section.lines() {
        match line {
            "" => reason = false,
            l if l.starts_with('#') => reason = true,
            l if l.contains('=') && !reason => bare.push(l),
            _ => (),
        }
    }
    assert!(bare.is_empty(), "no reason above: {bare:?}");
}

/// Models and gazetteer travel with the program: all together in this many bytes.
const MODEL_BYTES: u64 = 60 << 20;

#[test]
fn shipped_models_are_small() {
    let entries = std::fs::read_dir(root().join("models")).expect("models");
    let sizes: Vec<(PathBuf, u64)> =
        entries.filter_map(|e| e.ok().map(|e| (e.path(), e.metadata().map_or(0, |m| m.len())))).collect();
    let all: u64 = sizes.iter().map(|(_, size)| size).sum();
    assert!(sizes.len() > 2 && all <= MODEL_BYTES, "{all} bytes of models, {MODEL_BYTES} allowed: {sizes:?}");
}

#[test]
fn the_citation_is_of_this_version() {
    let read = |name: &str| std::fs::read_to_string(root().join(name)).expect("a file at the root");
    let version = text(ours(&metadata())[0], "version").to_string();
    assert!(read("CITATION.cff").lines().any(|line| line == format!("version: {version}")), "CITATION.cff is not of {version}");
}

#[test]
fn every_file_says_what_it_is() {
    let mut files = Vec::new();
    sources(&root().join("crates"), &mut files);
    sources(&root().join("xtask"), &mut files);
    let bare: Vec<String> = files
        .iter()
        .filter(|f| !std::fs::read_to_string(f).is_ok_and(|s| s.starts_with("//!")))
        .map(|f| f.display().to_string())
        .collect();
    assert!(bare.is_empty(), "no heading comment: {bare:?}");
}

#[test]
fn the_code_is_formatted() {
    let output =
        Command::new(env!("CARGO")).args(["fmt", "--all", "--check"]).current_dir(root()).output().expect("cargo fmt runs");
    assert!(output.status.success(), "run `cargo fmt --all`:\n{}", String::from_utf8_lossy(&output.stdout));
}

/// Does an SPDX expression leave us a licence of the list? `OR` gives a choice, every part of an `AND` must be allowed.
fn allows(expression: &str) -> bool {
    let flat = expression.replace('/', " OR ").replace(['(', ')'], " ");
    flat.split(" AND ").all(|part| part.split(" OR ").any(|one| LICENCES.contains(&one.trim())))
}

#[test]
fn licences_of_dependencies_are_allowed() {
    assert!(allows("MIT OR GPL-3.0") && allows("(MIT OR Apache-2.0) AND Unicode-3.0") && !allows("GPL-3.0") && !allows(""));
    let metadata = metadata();
    let wrong: Vec<String> = packages(&metadata)
        .filter(|p| !p["source"].is_null() && !allows(text(p, "license")))
        .map(|p| format!("{} {}: `{}`", text(p, "name"), text(p, "version"), text(p, "license")))
        .collect();
    assert!(wrong.is_empty(), "licences that need a look: {wrong:?}");
}

/// Known advisories, kept in the repository because the check works offline: `xtask/advisories.toml`.
#[test]
fn no_dependency_has_a_known_advisory() {
    let source = std::fs::read_to_string(root().join("xtask/advisories.toml")).expect("advisories.toml");
    let table: toml::Table = source.parse().expect("advisories.toml is TOML");
    let metadata = metadata();
    let mut wrong = Vec::new();
    for (name, entry) in &table {
        let below = entry["fixed"].as_str().unwrap_or("");
        for package in packages(&metadata).filter(|p| text(p, "name") == name) {
            let version = text(package, "version");
            if below.is_empty() || number(version) < number(below) {
                wrong.push(format!("{name} {version}: {}", entry["why"].as_str().unwrap_or("")));
            }
        }
    }
    assert!(!table.is_empty() && wrong.is_empty(), "{}", wrong.join("\n"));
}

fn number(version: &str) -> Vec<u64> {
    version.split(['.', '-', '+']).take(3).map(|n| n.parse().unwrap_or(0)).collect()
}

#[test]
fn nothing_names_the_machine_it_was_written_on() {
    let tracked = Command::new("git").args(["ls-files"]).current_dir(root()).output().expect("git ls-files runs");
    let list = String::from_utf8_lossy(&tracked.stdout).into_owned();
    let needles = [["/wo", "rk/"].concat(), ["/ro", "ot/"].concat(), ["/ho", "me/"].concat()];
    let mut wrong = Vec::new();
    for file in list.lines() {
        let Ok(text) = std::fs::read_to_string(root().join(file)) else { continue };
        wrong.extend(needles.iter().filter(|n| text.contains(*n)).map(|n| format!("{file}: {n}")));
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}
