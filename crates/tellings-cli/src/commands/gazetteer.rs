//! `tellings gazetteer`: places of the user's own, or a full GeoNames dump, beside the shipped gazetteer.

mod sorter;
mod table;

use crate::gazetteers::{self, Added};
use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use sorter::Sorter;
use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, IsTerminal, Read, Write, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use table::{Form, Reader, Wanted};
use tellings::link::{Gazetteer, GazetteerParts as Parts, GazetteerRow as Row, own_gazetteer};

/// Add gazetteers, list or remove them, look names up
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings gazetteer add allCountries.txt               a GeoNames dump (download.geonames.org/export/dump)
  tellings gazetteer add allCountries.txt --countries SYR,IRQ,TUR --name levant
  tellings gazetteer add checkpoints.csv                headings: name, lat, lon; kind, country, alternate names, population
  tellings gazetteer list
  tellings gazetteer find Aleppo
  tellings gazetteer remove levant

Added gazetteers lie in $TELLINGS_GAZETTEERS, else in tellings/gazetteers of the data folder ($XDG_DATA_HOME, ~/.local/share).
All commands that read reports use all of them, before the shipped one; --gazetteer chooses, --gazetteer none uses none.")]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Add the places of a file: a GeoNames dump, or a table with headings
    Add(Add),
    /// List the gazetteers that were added
    List,
    /// Remove a gazetteer
    Remove {
        /// The name it was added under
        name: String,
    },
    /// Show what the gazetteers list of a name
    Find {
        /// The name
        #[arg(required = true)]
        name: Vec<String>,
    },
}

#[derive(clap::Args)]
struct Add {
    /// The file; `-` reads standard input
    file: PathBuf,
    /// The name to add it under; without it the file's. One of the same name is replaced
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Write the gazetteer to this file instead of adding it to yours; use it with --gazetteer FILE
    #[arg(short = 'o', long = "out", value_name = "FILE")]
    out: Option<PathBuf>,
    /// GeoNames feature classes to take (A,P,T,H,L,S,R,U,V) or `all`; without it A, P, T, H, L and the buildings and grounds
    /// that reports tell of
    #[arg(long, value_name = "LETTERS", value_delimiter = ',')]
    classes: Vec<String>,
    /// Countries to take, by code or name; without it all
    #[arg(long, value_name = "COUNTRIES", value_delimiter = ',')]
    countries: Vec<String>,
    /// Leave populated places with fewer people out
    #[arg(long, value_name = "N", default_value_t = 0)]
    population: u64,
    /// Say less
    #[arg(short, long)]
    quiet: bool,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    match &args.command {
        Command::Add(args) => add(args),
        Command::List => list(),
        Command::Remove { name } => remove(name),
        Command::Find { name } => find(&name.join(" ")),
    }
}

fn list() -> Result<ExitCode> {
    let mut out = stdout().lock();
    let mut status = ExitCode::SUCCESS;
    for added in gazetteers::added()? {
        match added.open() {
            Ok(gazetteer) => writeln!(out, "{}\t{} places\t{}", added.name, gazetteer.len(), added.path.display())?,
            Err(error) => {
                eprintln!("tellings: {error:#}");
                status = ExitCode::from(2);
            }
        }
    }
    writeln!(out, "shipped\t{} places", Gazetteer::shipped().len())?;
    Ok(status)
}

fn remove(name: &str) -> Result<ExitCode> {
    let Some(added) = gazetteers::added()?.into_iter().find(|added| added.name == name) else {
        bail!("no gazetteer is called `{name}`\nhint: `tellings gazetteer list` shows those that were added");
    };
    fs::remove_file(&added.path).with_context(|| format!("cannot remove `{}`", added.path.display()))?;
    writeln!(stdout().lock(), "removed `{name}`")?;
    Ok(ExitCode::SUCCESS)
}

fn find(name: &str) -> Result<ExitCode> {
    let mut out = stdout().lock();
    let mut all: Vec<(String, Gazetteer)> = Vec::new();
    for added in gazetteers::added()? {
        all.push((added.name.clone(), added.open()?));
    }
    all.push(("shipped".into(), own_gazetteer()));
    all.push(("shipped".into(), Gazetteer::shipped()));
    let mut found = 0;
    for (from, gazetteer) in &all {
        for (site, other) in gazetteer.find(name) {
            found += 1;
            let division = site.admin.and_then(|id| gazetteer.site(id)).map_or("", |s| s.name);
            let as_name = if other { "other name" } else { "name" };
            writeln!(
                out,
                "{}\t{}\t{}\t{division}\t{:.4}\t{:.4}\t{as_name}\t{from}",
                site.name,
                site.country.unwrap_or("-"),
                site.feature,
                site.lat,
                site.lon
            )?;
        }
    }
    if found == 0 {
        eprintln!("tellings: no gazetteer lists `{name}`");
        return Ok(ExitCode::from(1));
    }
    Ok(ExitCode::SUCCESS)
}

/// A folder for what does not fit into memory, gone when dropped.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// How the names of such folders begin; the number of the process follows.
const SCRATCH: &str = ".tellings-";

/// Removes what runs left behind that were killed: folders of processes that are gone (where that cannot be told, those a day old).
fn sweep(folder: &Path) {
    const DAY: std::time::Duration = std::time::Duration::from_secs(86_400);
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(process) = name.to_str().and_then(|name| name.strip_prefix(SCRATCH)).and_then(|n| n.parse::<u32>().ok()) else {
            continue;
        };
        let old = || entry.metadata().and_then(|m| m.modified()).is_ok_and(|at| at.elapsed().is_ok_and(|age| age > DAY));
        let processes = Path::new("/proc/self").exists();
        if if processes { !Path::new(&format!("/proc/{process}")).exists() } else { old() } {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn add(args: &Add) -> Result<ExitCode> {
    let given = args.file.display().to_string();
    let (path, name) = match (&args.out, &args.name) {
        (Some(path), _) => (path.clone(), path.display().to_string()),
        (None, Some(name)) => (gazetteers::path(&gazetteers::folder()?, name)?, name.clone()),
        (None, None) => {
            let stem = args.file.file_stem().and_then(|stem| stem.to_str()).filter(|stem| *stem != "-");
            let name = stem.with_context(|| "no name to add it under; hint: give one with --name".to_string())?;
            (gazetteers::path(&gazetteers::folder()?, name)?, name.to_string())
        }
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    sweep(folder);
    let scratch = Scratch(folder.join(format!("{SCRATCH}{}", std::process::id())));
    fs::create_dir_all(&scratch.0).with_context(|| format!("cannot make the folder `{}`", scratch.0.display()))?;

    let reader = Reader::new(wanted(args)?);
    let size = fs::metadata(&args.file).map_or(0, |m| m.len());
    let input: Box<dyn Read> = match given.as_str() {
        "-" => Box::new(stdin().lock()),
        _ => Box::new(File::open(&args.file).with_context(|| format!("cannot read `{given}`"))?),
    };
    let bar = ProgressBar::with_draw_target(Some(size), ProgressDrawTarget::stderr());
    if args.quiet || size < 50 << 20 || !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes}, {eta} left") {
        bar.set_style(style);
    }
    let mut parts = Parts::default();
    let mut rows = Sorter::new(&scratch.0, "rows");
    let counts = gather(&reader, BufReader::with_capacity(1 << 18, input), &given, &mut parts, &mut rows, &bar)?;
    bar.finish_and_clear();
    if counts.taken == 0 {
        bail!("`{given}`: no place could be taken ({} lines, {} not wanted, {} bad)", counts.lines, counts.passed, counts.bad);
    }
    write(&scratch.0, &path, parts, rows).with_context(|| format!("cannot write `{}`", path.display()))?;
    let added = Added { name: name.clone(), path: path.clone() };
    let places = added.open()?.len();
    if !args.quiet {
        writeln!(stdout().lock(), "added `{name}`: {places} places, {} lines not wanted, in {}", counts.passed, path.display())?;
    }
    if counts.bad > 0 {
        eprintln!("tellings: `{given}`: {} of {} lines could not be read and were skipped", counts.bad, counts.lines);
        return Ok(ExitCode::from(2));
    }
    Ok(ExitCode::SUCCESS)
}

fn wanted(args: &Add) -> Result<Wanted> {
    let mut wanted = Wanted { people: args.population, ..Wanted::default() };
    for class in &args.classes {
        match class.to_uppercase().as_str() {
            "ALL" => wanted.classes.extend("APTHLSRUV".chars()),
            one if one.len() == 1 && "APTHLSRUV".contains(one) => wanted.classes.extend(one.chars()),
            _ => bail!("`{class}` is no GeoNames feature class\nhint: A, P, T, H, L, S, R, U, V, or `all`"),
        }
    }
    let names = Reader::new(Wanted::default());
    for country in &args.countries {
        let code = names.country(country).with_context(|| format!("country `{country}` is not known"))?;
        wanted.countries.push(code.to_string());
    }
    Ok(wanted)
}

/// What became of the lines of a file.
#[derive(Default)]
struct Counts {
    lines: u64,
    taken: u64,
    passed: u64,
    bad: u64,
}

/// Bad lines that are told one by one.
const TOLD: u64 = 5;

/// Longest line; GeoNames' longest have about 10,000 bytes.
const LONGEST: u64 = 1 << 20;

/// Puts the places of a file into the sorter, and notes its divisions.
fn gather(
    reader: &Reader,
    mut input: impl BufRead,
    given: &str,
    parts: &mut Parts,
    rows: &mut Sorter,
    bar: &ProgressBar,
) -> Result<Counts> {
    // What is shipped need not be twice in the gazetteers.
    let shipped = Gazetteer::shipped();
    let known: HashSet<u32> = (0..shipped.len() as u32).filter_map(|id| shipped.site(id)?.geonames).collect();
    let mut counts = Counts::default();
    let (mut line, mut form) = (Vec::new(), None);
    loop {
        line.clear();
        let read = (&mut input).take(LONGEST).read_until(b'\n', &mut line).with_context(|| format!("cannot read `{given}`"))?;
        if read == 0 {
            return Ok(counts);
        }
        counts.lines += 1;
        bar.inc(read as u64);
        let long = read as u64 == LONGEST && line.last() != Some(&b'\n');
        if long {
            skip_line(&mut input).with_context(|| format!("cannot read `{given}`"))?;
        }
        let text = std::str::from_utf8(&line).map(|text| text.trim_end_matches(['\n', '\r']));
        if let (None, Ok(text)) = (&form, text) {
            let found = Form::of(text).with_context(|| format!("`{given}`"))?;
            let headed = found.headed();
            form = Some(found);
            if headed {
                continue;
            }
        }
        let place = match (&form, text) {
            _ if long => Err(format!("the line is longer than {LONGEST} bytes")),
            (_, Err(_)) => Err("the line is not UTF-8".to_string()),
            (None, _) => Err("the line is not UTF-8".to_string()),
            (_, Ok(text)) if text.trim().is_empty() => Ok(None),
            (Some(form), Ok(text)) => reader.read(form, text),
        };
        match place {
            Ok(Some(row)) if row.geonames == 0 || !known.contains(&row.geonames) => {
                parts.declare(&row);
                rows.push(&packed(&row))?;
                counts.taken += 1;
            }
            Ok(_) => counts.passed += 1,
            Err(why) => {
                counts.bad += 1;
                if counts.bad <= TOLD {
                    eprintln!("tellings: {given}:{}: {why}; line skipped", counts.lines);
                }
            }
        }
    }
}

/// Reads on to the end of the line, keeping nothing.
fn skip_line(input: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        let end = buffer.iter().position(|&b| b == b'\n');
        let (length, done) = end.map_or((buffer.len(), buffer.is_empty()), |at| (at + 1, true));
        input.consume(length);
        if done {
            return Ok(());
        }
    }
}

/// A place as bytes that sort as places go into a gazetteer.
fn packed(row: &Row) -> Vec<u8> {
    let mut bytes = Parts::sort_key(row).to_vec();
    let clean = |words: &str| words.replace(['\t', '\x1f'], " ");
    let others: Vec<String> = row.others.iter().map(|other| clean(other)).collect();
    let fields = [
        clean(&row.name),
        row.country.clone(),
        row.geonames.to_string(),
        clean(&row.feature),
        clean(&row.admin),
        row.lat.to_string(),
        row.lon.to_string(),
        row.population.to_string(),
        others.join("\x1f"),
    ];
    bytes.extend_from_slice(fields.join("\t").as_bytes());
    bytes
}

/// The place of those bytes.
fn unpacked(bytes: &[u8]) -> Option<Row> {
    let text = std::str::from_utf8(bytes.get(8..)?).ok()?;
    let fields: Vec<&str> = text.split('\t').collect();
    let &[name, country, geonames, feature, admin, lat, lon, population, others] = fields.as_slice() else { return None };
    Some(Row {
        name: name.into(),
        others: others.split('\x1f').filter(|o| !o.is_empty()).map(str::to_string).collect(),
        lat: lat.parse().ok()?,
        lon: lon.parse().ok()?,
        geonames: geonames.parse().ok()?,
        country: country.into(),
        admin: admin.into(),
        feature: feature.into(),
        population: population.parse().ok()?,
    })
}

/// Writes the gazetteer of sorted rows: under another name first, so that a reader never sees half of one.
fn write(scratch: &Path, path: &Path, mut parts: Parts, rows: Sorter) -> Result<()> {
    let create =
        |name: &str| -> Result<BufWriter<File>> { Ok(BufWriter::with_capacity(1 << 18, File::create(scratch.join(name))?)) };
    let (mut records, mut names, mut entries) = (create("records")?, create("names")?, Sorter::new(scratch, "entries"));
    let (mut record, mut name, mut found) = (Vec::new(), Vec::new(), Vec::new());
    rows.drain(|bytes| {
        let Some(row) = unpacked(bytes) else { bail!("a place was damaged on its way to disk and back") };
        record.clear();
        name.clear();
        found.clear();
        parts.add(&row, &mut record, &mut name, &mut found)?;
        records.write_all(&record)?;
        names.write_all(&name)?;
        found.iter().try_for_each(|entry| entries.push(entry))
    })?;
    records.flush()?;
    names.flush()?;
    let mut out = create("gazetteer")?;
    out.write_all(&parts.head()?)?;
    entries.drain(|entry| {
        let entry: &[u8; Parts::ENTRY] = entry.try_into().context("an entry was damaged on its way to disk and back")?;
        Ok(out.write_all(&Parts::written(entry))?)
    })?;
    for part in ["records", "names"] {
        std::io::copy(&mut File::open(scratch.join(part))?, &mut out)?;
    }
    out.flush()?;
    out.get_ref().sync_all()?;
    fs::rename(scratch.join("gazetteer"), path)?;
    Ok(())
}
