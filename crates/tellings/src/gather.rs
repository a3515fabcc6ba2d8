//! From arguments to items: files, folders, globs and standard input to single reports, one at a time.

use crate::Models;
use crate::web::{Web, is_address};
use anyhow::{Context, Result, anyhow, bail};
use jiff::civil::Date;
use std::collections::{HashMap, HashSet, VecDeque};
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufReader, stdin};
use std::path::{Path, PathBuf};
use tellings_doc::{Doc, Problem};
use tellings_input::{Body, Bytes, Kind, Report, Reports};

/// Reads a report as it came in.
pub fn read_report(models: &Models, report: &Report) -> Doc {
    let mut doc = match &report.body {
        Body::Raw(bytes, format) => tellings_read::read(models, &report.id, bytes, *format, &report.given),
        Body::Row(text) => tellings_read::read_row(models, &report.id, text, &report.given),
    };
    doc.article.problems.extend(report.problems.iter().cloned());
    doc.problems.extend(report.problems.iter().cloned());
    doc
}

/// The problems of a document that make a run end with status 2, each as one line that names the item. What is merely
/// unknown (an undated report) is in the reading and is no failure.
pub fn failures(doc: &Doc) -> Vec<String> {
    const KINDS: [&str; 10] = [
        "empty",
        "binary",
        "truncated",
        "too-large",
        "encoding",
        "no-paragraphs",
        "not-an-article",
        "paywalled",
        "not-english",
        "duplicate-id",
    ];
    let name = doc.article.source.path.as_deref().unwrap_or(&doc.id);
    let failing = doc.problems.iter().filter(|p| KINDS.contains(&p.kind) || p.kind == "future-date");
    failing.map(|p| format!("in `{name}`: {} ({})", p.note, p.kind)).collect()
}

/// The reports behind the arguments, in order, as they come: files are opened one after the other, and an archive is read
/// record by record. What cannot be read is an error in its place that names the item.
pub fn gather(arguments: &[String], kind: Option<Kind>) -> Gather {
    let arguments: VecDeque<String> = arguments.iter().cloned().collect();
    let today = Some(jiff::Zoned::now().date());
    let (told, ids, again, done) = Default::default();
    Gather { arguments, files: VecDeque::new(), open: None, kind, told, ids, again, done, today, web: None }
}

/// The reports in bytes that are already here, as [`gather`] finds them in a file of that name; no file is opened.
pub fn reports(name: &str, bytes: Vec<u8>, kind: Option<Kind>) -> Gather {
    let open = Some(tellings_input::reports(name, Box::new(std::io::Cursor::new(bytes)), kind));
    let (arguments, files, told, ids, again, done) = Default::default();
    Gather { arguments, files, open, kind, told, ids, again, done, today: None, web: None }
}

/// Reports as they come.
pub struct Gather {
    arguments: VecDeque<String>,
    files: VecDeque<String>,
    /// What is left of the file that is being read.
    open: Option<Reports>,
    kind: Option<Kind>,
    told: VecDeque<anyhow::Error>,
    /// Hashes of the ids that were given: all that is kept of a report, so that memory stays small however many come.
    ids: HashSet<u64>,
    /// Of those that were wanted again, how often.
    again: HashMap<u64, u32>,
    /// Hashes of the ids of reports that are passed over.
    done: HashSet<u64>,
    today: Option<Date>,
    /// What gets those that are addresses.
    web: Option<Web>,
}

impl Iterator for Gather {
    type Item = Result<Report>;

    fn next(&mut self) -> Option<Result<Report>> {
        loop {
            if let Some(error) = self.told.pop_front() {
                return Some(Err(error));
            }
            match self.open.as_mut().and_then(Iterator::next) {
                Some(Ok(mut report)) => {
                    self.distinguish(&mut report);
                    if !self.done.is_empty() && self.done.contains(&hash(&report.id)) {
                        continue;
                    }
                    report.given.today = report.given.today.or(self.today);
                    return Some(Ok(report));
                }
                Some(Err(fault)) => return Some(Err(fault.into())),
                None => self.open = None,
            }
            if let Some(file) = self.files.pop_front() {
                match open(&file) {
                    Ok(bytes) => self.open = Some(tellings_input::reports(&file, bytes, self.kind)),
                    Err(error) => return Some(Err(error)),
                }
                continue;
            }
            let argument = self.arguments.pop_front()?;
            if is_address(&argument) {
                match &self.web {
                    Some(web) => self.open = Some(web.reports(&argument)),
                    None => {
                        let note = "nothing is fetched by reading; `tellings add` and `tellings watch` fetch into a store";
                        return Some(Err(anyhow!("cannot read `{argument}`: {note}")));
                    }
                }
                continue;
            }
            match files(&argument, &mut self.told) {
                Ok(files) => self.files = files.into(),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl Gather {
    /// The same, with arguments that are addresses fetched in their turn.
    pub fn with_web(self, web: Web) -> Gather {
        Gather { web: Some(web), ..self }
    }

    /// The same, without the reports of these ids: they are passed over, and count for telling others of the same id apart.
    pub fn without<'a>(self, ids: impl IntoIterator<Item = &'a str>) -> Gather {
        Gather { done: ids.into_iter().map(hash).collect(), ..self }
    }

    /// Gives every later report of the same id a suffix, and says so.
    fn distinguish(&mut self, report: &mut Report) {
        let own = hash(&report.id);
        if !self.ids.insert(own) {
            let id = loop {
                let number = self.again.entry(own).or_insert(1);
                *number += 1;
                let id = format!("{}#{number}", report.id);
                if self.ids.insert(hash(&id)) {
                    break id;
                }
            };
            let note = format!("another item has the id `{}`; this one is `{id}`", report.id);
            report.problems.push(Problem::new("duplicate-id", note));
            report.id = id;
        }
    }
}

fn hash(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

fn open(path: &str) -> Result<Bytes> {
    if path == "-" {
        return Ok(Box::new(BufReader::with_capacity(1 << 16, stdin())));
    }
    let file = File::open(path).with_context(|| format!("cannot read `{path}`"))?;
    if file.metadata().is_ok_and(|about| about.is_dir()) {
        bail!("cannot read `{path}`: it is a folder");
    }
    Ok(Box::new(BufReader::with_capacity(1 << 16, file)))
}

/// The files an argument means, in a fixed order: itself, what lies in the folder, what the pattern matches.
fn files(argument: &str, errors: &mut VecDeque<anyhow::Error>) -> Result<Vec<String>> {
    let path = Path::new(argument);
    if argument == "-" || path.is_file() {
        return Ok(vec![argument.to_string()]);
    }
    if path.is_dir() {
        let mut found = Vec::new();
        walk(path, 0, &mut found, errors);
        found.sort();
        if found.is_empty() {
            bail!("no reports in the folder `{argument}`");
        }
        return Ok(found.iter().map(|p| p.to_string_lossy().into_owned()).collect());
    }
    if path.exists() || !argument.contains(['*', '?', '[']) {
        return Ok(vec![argument.to_string()]); // `load` says what is wrong with it
    }
    let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
    let mut found: Vec<PathBuf> = glob::glob_with(argument, options)
        .with_context(|| format!("cannot read the pattern `{argument}`"))?
        .filter_map(Result::ok)
        .filter(|p| p.is_file())
        .collect();
    found.sort();
    if found.is_empty() {
        bail!("no file matches `{argument}`");
    }
    Ok(found.iter().map(|p| p.to_string_lossy().into_owned()).collect())
}

/// Reports in a folder and the folders in it: files with a known ending. Hidden ones, notes about the folder
/// (`README.md`) and the parts of saved pages (`NAME_files/`) are left out; links to folders are not followed.
fn walk(folder: &Path, depth: usize, found: &mut Vec<PathBuf>, errors: &mut VecDeque<anyhow::Error>) {
    const ENDINGS: [&str; 25] = [
        "txt", "text", "md", "markdown", "html", "htm", "xhtml", "jsonl", "ndjson", "csv", "tsv", "rtf", "docx", "mhtml", "mht",
        "rss", "atom", "warc", "wet", "arc", "warc.gz", "wet.gz", "arc.gz", "jsonl.gz", "csv.gz",
    ];
    const NOTES: [&str; 6] = ["readme", "license", "licence", "notice", "copying", "changelog"];
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return errors.push_back(anyhow!(error).context(format!("cannot read the folder `{}`", folder.display()))),
    };
    for entry in entries.filter_map(Result::ok) {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().to_lowercase());
        let Ok(kind) = entry.file_type() else { continue };
        if name.starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            if depth < 64 && !name.ends_with("_files") {
                walk(&path, depth + 1, found, errors);
            }
        } else if path.is_file() {
            let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
            let packed = name.match_indices('.').rev().nth(1).map_or("", |(at, _)| &name[at + 1..]);
            if (ENDINGS.contains(&ending) || ENDINGS.contains(&packed)) && !NOTES.contains(&stem) {
                found.push(path);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &str) -> (Vec<Report>, Vec<String>) {
        let (mut found, mut errors) = (Vec::new(), Vec::new());
        for item in reports("in.jsonl", bytes.as_bytes().to_vec(), None) {
            match item {
                Ok(report) => found.push(report),
                Err(error) => errors.push(format!("{error:#}")),
            }
        }
        (found, errors)
    }

    #[test]
    fn a_bad_line_is_named_and_the_others_are_read() {
        let rows = "{\"text\":\"A.\"}\nnot json\n\n{\"title\":\"B\"}\n{\"id\":\"c\",\"text\":\"C.\"}\n{\"text\":\"D";
        let (found, errors) = read(rows);
        let ids: Vec<&str> = found.iter().map(|i| i.id.as_str()).collect();
        assert_eq!(ids, ["in.jsonl:1", "c"]);
        assert!(errors[0].starts_with("cannot read line 2 of `in.jsonl`: not JSON"), "{}", errors[0]);
        assert!(errors[1].starts_with("cannot read line 4 of `in.jsonl`: no text"), "{}", errors[1]);
        assert_eq!(errors[2], "cannot read line 6 of `in.jsonl`: the input ends inside the line: truncated");
    }

    #[test]
    fn an_id_is_never_given_twice() {
        let (found, _) =
            read("{\"id\":\"a\",\"text\":\"A.\"}\n{\"id\":\"a\",\"text\":\"B.\"}\n{\"id\":\"a#2\",\"text\":\"C.\"}\n");
        let ids: Vec<&str> = found.iter().map(|i| i.id.as_str()).collect();
        assert_eq!(ids, ["a", "a#2", "a#2#2"]);
        assert_eq!(found[1].problems[0].kind, "duplicate-id");
    }

    #[test]
    fn what_is_done_is_passed_over_and_still_told_apart() {
        let rows = "{\"id\":\"a\",\"text\":\"A.\"}\n{\"id\":\"a\",\"text\":\"B.\"}\n{\"id\":\"b\",\"text\":\"C.\"}\n{\"id\":\"a\",\"text\":\"D.\"}\n";
        let left = reports("in.jsonl", rows.as_bytes().to_vec(), None).without(["a", "b"]);
        let ids: Vec<String> = left.map(|report| report.unwrap().id).collect();
        assert_eq!(ids, ["a#2", "a#3"]);
    }

    #[test]
    fn folders_and_patterns() {
        let folder = std::env::temp_dir().join(format!("tellings-gather-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("deep/page_files")).unwrap();
        for name in ["b.txt", "a.md", "README.md", ".hidden.txt", "deep/c.html", "deep/page_files/part.html", "picture.png"] {
            std::fs::write(folder.join(name), "The talks resumed.").unwrap();
        }
        let names = |argument: &str| {
            let (items, errors): (Vec<_>, Vec<_>) = gather(&[argument.to_string()], None).partition(Result::is_ok);
            (items.into_iter().map(|i| i.unwrap().id).collect::<Vec<_>>(), errors.len())
        };
        let root = folder.to_str().unwrap();
        assert_eq!(names(root), (vec!["a".into(), "b".into(), "c".into()], 0));
        assert_eq!(names(&format!("{root}/*.txt")), (vec!["b".into()], 0));
        assert_eq!(names(&format!("{root}/*.pdf")), (vec![], 1));
        assert_eq!(names(&format!("{root}/none.txt")), (vec![], 1));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
