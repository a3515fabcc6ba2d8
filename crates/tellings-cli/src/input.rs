//! What every command that reads reports has in common: where they come from, and what is said when some cannot be read.

use crate::gazetteers;
use anyhow::Result;
use clap::{CommandFactory, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::cell::{Cell, RefCell};
use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;
use tellings::doc::Doc;
use tellings::store::{Added, Run, Store};
use tellings::{Gather, Models, OwnFiles, Web};

/// Arguments that name reports.
#[derive(clap::Args)]
pub(crate) struct Reports {
    /// How the files are to be taken
    #[arg(long, value_name = "KIND", default_value = "detect")]
    input: Kind,
    /// Reports: files, folders, glob patterns; `-` reads standard input
    #[arg(value_name = "FILE")]
    files: Vec<String>,
    /// Say less: no progress bar, no remarks on reports that were read
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// Told from name and content, file by file
    Detect,
    /// One report a line: {"id","text","title"?,"date"?,"url"?,"outlet"?}; the text is taken as it is
    Jsonl,
    /// Reports in rows with named columns
    Csv,
    /// The same with tabs
    Tsv,
    /// Parquet with named columns
    Parquet,
    /// A download of Nexis or Factiva as RTF, DOCX, PDF, page or text, split into its reports; any other RTF, DOCX or PDF
    Bundle,
    /// Saved web pages
    Html,
    /// Plain text
    Text,
    /// Markdown, with or without front matter
    Markdown,
    /// RSS, Atom or JSON Feed: each entry is a report
    Feed,
    /// WARC, WET or ARC, packed or not: each page is a report
    Warc,
    /// Pages saved as MHTML
    Mhtml,
}

impl Kind {
    /// What the input is; `None` where it is to be told from name and content.
    fn of(self) -> Option<tellings::Kind> {
        Some(match self {
            Kind::Detect => return None,
            Kind::Jsonl => tellings::Kind::Jsonl,
            Kind::Csv => tellings::Kind::Csv,
            Kind::Tsv => tellings::Kind::Tsv,
            Kind::Parquet => tellings::Kind::Parquet,
            Kind::Bundle => tellings::Kind::Bundle,
            Kind::Html => tellings::Kind::Html,
            Kind::Text => tellings::Kind::Text,
            Kind::Markdown => tellings::Kind::Markdown,
            Kind::Feed => tellings::Kind::Feed,
            Kind::Warc => tellings::Kind::Warc,
            Kind::Mhtml => tellings::Kind::Mhtml,
        })
    }
}

/// Arguments that name a user's own dictionaries and rules.
#[derive(clap::Args)]
#[command(next_help_heading = "Your own dictionaries and rules (docs/dictionaries.md)")]
pub(crate) struct Own {
    /// Actor dictionary in TABARI or PETRARCH format, before our own actor table; may be given several times
    #[arg(long, value_name = "FILE")]
    actors: Vec<PathBuf>,
    /// Agent dictionary in PETRARCH format; may be given several times
    #[arg(long, value_name = "FILE")]
    agents: Vec<PathBuf>,
    /// Verb dictionary in PETRARCH format: codes the events in place of our own rules
    #[arg(long, value_name = "FILE")]
    verbs: Vec<PathBuf>,
    /// Discard list in PETRARCH format
    #[arg(long, value_name = "FILE")]
    discards: Vec<PathBuf>,
    /// Rule file in our own format (docs/events.md), tried before the rules shipped
    #[arg(long, value_name = "FILE")]
    rules: Vec<PathBuf>,
    /// Look places up in this gazetteer, too, before the shipped one: a file of `tellings gazetteer add`, or the name it
    /// was added under. Without it all added ones are used; `none` uses none of them
    #[arg(long, value_name = "GAZETTEER")]
    gazetteer: Vec<String>,
}

/// No more bad lines of dictionaries than this are told one by one.
const BAD_LINES: usize = 40;

impl Own {
    /// The models with the user's own files; what in them cannot be used is told on standard error and counts as failed.
    pub(crate) fn open(&self, gathered: &Gathered) -> Result<Models> {
        let (models, failed) = self.models()?;
        gathered.failed.set(gathered.failed.get() + failed);
        Ok(models)
    }

    /// The same, with how much could not be used.
    pub(crate) fn models(&self) -> Result<(Models, usize)> {
        let (mut models, errors) = tellings::models(&self.files());
        for added in gazetteers::chosen(&self.gazetteer)? {
            models.linker = models.linker.with_gazetteer(added.open()?);
        }
        for error in errors.iter().take(BAD_LINES) {
            eprintln!("tellings: {error:#}");
        }
        if errors.len() > BAD_LINES {
            eprintln!("tellings: … and {} lines more", errors.len() - BAD_LINES);
        }
        Ok((models, errors.len()))
    }

    /// A run of this program with these files, from now on.
    pub(crate) fn run(&self, kind: &str) -> Result<Run> {
        Ok(tellings::store::runs::this_run(kind, &self.gazetteers()?, &self.files()))
    }

    fn files(&self) -> OwnFiles {
        OwnFiles {
            actors: self.actors.iter().chain(&self.agents).cloned().collect(),
            verbs: self.verbs.clone(),
            discards: self.discards.clone(),
            rules: self.rules.clone(),
        }
    }

    /// Names of the gazetteers that are used beside the shipped one.
    pub(crate) fn gazetteers(&self) -> Result<Vec<String>> {
        Ok(gazetteers::chosen(&self.gazetteer)?.into_iter().rev().map(|added| added.name).collect())
    }
}

/// What is gathered, and how it went so far.
pub(crate) struct Gathered {
    reports: RefCell<Gather>,
    /// Reports that were read.
    read: Cell<usize>,
    failed: Cell<usize>,
    quiet: bool,
}

impl Reports {
    /// Is the user to be told as little as possible?
    pub(crate) fn quiet(&self) -> bool {
        self.quiet
    }

    /// The arguments as they were given: of commands that read a store, too, its stories.
    pub(crate) fn named(&self) -> &[String] {
        &self.files
    }

    /// The reports behind the arguments, which are read as they are wanted.
    pub(crate) fn gather(&self) -> Gathered {
        self.gathered(self.reports())
    }

    /// The same, without the reports of these ids, which count as read.
    pub(crate) fn gather_without(&self, ids: &[String]) -> Gathered {
        let gathered = self.gathered(self.reports().without(ids.iter().map(String::as_str)));
        gathered.read.set(ids.len());
        gathered
    }

    /// The same; what is an address is fetched.
    pub(crate) fn gather_with(&self, web: Web) -> Gathered {
        self.gathered(self.reports().with_web(web))
    }

    fn reports(&self) -> Gather {
        if self.files.is_empty() {
            let missing = clap::error::ErrorKind::MissingRequiredArgument;
            crate::Cli::command().error(missing, "no reports were given: files, folders, patterns, or `-`").exit();
        }
        tellings::gather(&self.files, self.input.of())
    }

    fn gathered(&self, reports: Gather) -> Gathered {
        let reports = RefCell::new(reports);
        Gathered { reports, read: Cell::new(0), failed: Cell::new(0), quiet: self.quiet }
    }
}

/// A count on standard error, where that is a terminal.
pub(crate) fn bar(what: &str) -> ProgressBar {
    let bar = match std::io::stderr().is_terminal() {
        true => ProgressBar::new_spinner(),
        false => ProgressBar::hidden(),
    };
    if let Ok(style) = ProgressStyle::with_template(&format!("{{spinner}} {{human_pos}} {what}, {{per_sec}}, {{elapsed}}")) {
        bar.set_style(style);
    }
    bar
}

/// Work shorter than this many reports shows no bar.
const BAR_FROM: u64 = 200;

impl Gathered {
    /// Reads all reports, in order, with a count on long work where standard error is a terminal. A report that is empty, no
    /// text, cut short or not English is still handed on, and is told on standard error, as is what cannot be read.
    pub(crate) fn read_each(&self, models: &Models, mut take: impl FnMut(Doc)) {
        self.read_each_with(
            models,
            |doc| doc,
            |doc| {
                take(doc);
                ControlFlow::Continue(())
            },
        );
    }

    /// The same; what `make` makes of each, in parallel, is handed on, as long as more is wanted.
    pub(crate) fn read_each_with<T: Send>(
        &self,
        models: &Models,
        make: impl Fn(Doc) -> T + Sync,
        mut take: impl FnMut(T) -> ControlFlow<()>,
    ) {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} reports, {per_sec}, {elapsed}") {
            bar.set_style(style);
        }
        let shown = !self.quiet && std::io::stderr().is_terminal();
        let make = |doc: Doc| (tellings::failures(&doc), make(doc));
        tellings::read_each_with(models, &mut *self.reports.borrow_mut(), make, |made| {
            let (failures, made) = match made {
                Ok(made) => made,
                Err(error) => {
                    self.failed.set(self.failed.get() + 1);
                    bar.suspend(|| eprintln!("tellings: {error:#}"));
                    return ControlFlow::Continue(());
                }
            };
            self.read.set(self.read.get() + 1);
            bar.inc(1);
            if shown && bar.position() == BAR_FROM {
                bar.set_draw_target(ProgressDrawTarget::stderr());
            }
            self.failed.set(self.failed.get() + failures.len());
            if !self.quiet {
                bar.suspend(|| failures.iter().for_each(|failure| eprintln!("tellings: {failure}")));
            }
            take(made)
        });
        bar.finish_and_clear();
    }

    /// Reads all reports into a store and puts them into stories, and tells what became of each once it is on the disk. Gives the
    /// number of the run.
    pub(crate) fn add(&self, models: &Models, store: &mut dyn Store, run: &Run, mut told: impl FnMut(&Added)) -> Result<i64> {
        let run = tellings::store::add_later(models, store, run, &mut *self.reports.borrow_mut(), |added| match added {
            Ok((doc, added)) => {
                self.read.set(self.read.get() + 1);
                if let Added::New(_) = added {
                    let failures = tellings::failures(doc);
                    self.failed.set(self.failed.get() + failures.len());
                    failures.iter().filter(|_| !self.quiet).for_each(|failure| eprintln!("tellings: {failure}"));
                }
                told(added);
            }
            Err(error) => {
                self.failed.set(self.failed.get() + 1);
                eprintln!("tellings: {error:#}");
            }
        })?;
        Ok(run)
    }

    /// Says something on standard error, unless little is to be said.
    pub(crate) fn say(&self, line: &str) {
        if !self.quiet {
            eprintln!("tellings: {line}");
        }
    }

    /// All documents, in order.
    pub(crate) fn read_all(&self, models: &Models) -> Vec<Doc> {
        let mut docs = Vec::new();
        self.read_each(models, |doc| docs.push(doc));
        docs
    }

    /// Exit status of the run.
    pub(crate) fn status(&self) -> ExitCode {
        match (self.failed.get(), self.read.get()) {
            (1.., _) => ExitCode::from(2),
            (0, 0) => {
                eprintln!("tellings: nothing was found to read");
                ExitCode::from(1)
            }
            _ => ExitCode::SUCCESS,
        }
    }
}
