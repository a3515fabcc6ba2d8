//! Gazetteers that the user has added: where they are kept, which of them a run uses.
//!
//! They lie in `$TELLINGS_GAZETTEERS`, else in `tellings/gazetteers` of the user's data folder, one file each, `NAME.gazetteer`.

use anyhow::{Context, Result, bail};
use std::fs::File;
use std::path::{Path, PathBuf};
use tellings::link::{Gazetteer, Linker, mapped};

/// Ending of their files.
const ENDING: &str = "gazetteer";

/// A gazetteer that was added.
#[derive(Clone, Debug)]
pub(crate) struct Added {
    /// The name it was added under.
    pub(crate) name: String,
    /// Its file.
    pub(crate) path: PathBuf,
}

impl Added {
    /// The gazetteer, opened where it lies.
    pub(crate) fn open(&self) -> Result<Gazetteer> {
        let what = || format!("the gazetteer `{}`", self.path.display());
        let file = File::open(&self.path).with_context(what)?;
        let empty = file.metadata().with_context(what)?.len() == 0;
        let bytes = if empty { &[] } else { mapped(&file).with_context(what)? };
        Gazetteer::open(bytes.into()).with_context(what).with_context(|| {
            format!("cannot use the gazetteer `{}`; hint: make it again with `tellings gazetteer add`", self.name)
        })
    }
}

/// The folder they are kept in.
pub(crate) fn folder() -> Result<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(folder) = set("TELLINGS_GAZETTEERS") {
        return Ok(folder);
    }
    let data = set("XDG_DATA_HOME")
        .or_else(|| if cfg!(windows) { set("APPDATA") } else { None })
        .or_else(|| set("HOME").map(|home| home.join(".local/share")));
    data.map(|data| data.join("tellings/gazetteers")).context(
        "there is no folder for gazetteers; hint: name one in TELLINGS_GAZETTEERS, or give the file with --gazetteer FILE",
    )
}

/// The file of the gazetteer of that name.
pub(crate) fn path(folder: &Path, name: &str) -> Result<PathBuf> {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() || name == "none" || name.starts_with('.') || !name.chars().all(fits) {
        bail!("`{name}` cannot be a gazetteer's name\nhint: letters, digits, `-`, `_` and `.`, not `none`");
    }
    Ok(folder.join(format!("{name}.{ENDING}")))
}

/// All that were added, by name.
pub(crate) fn added() -> Result<Vec<Added>> {
    let Ok(folder) = folder() else { return Ok(Vec::new()) };
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("cannot list `{}`", folder.display())),
    };
    let mut all = Vec::new();
    for entry in entries {
        let path = entry.with_context(|| format!("cannot list `{}`", folder.display()))?.path();
        if path.extension().is_some_and(|ending| ending == ENDING)
            && let Some(name) = path.file_stem().and_then(|name| name.to_str())
        {
            all.push(Added { name: name.to_string(), path: path.clone() });
        }
    }
    all.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(all)
}

/// The gazetteers that a run uses, last asked first: those asked for, or all that were added.
pub(crate) fn chosen(asked: &[String]) -> Result<Vec<Added>> {
    let chosen = match asked {
        [] => added()?,
        _ => {
            let all = added()?;
            let mut chosen = Vec::new();
            for name in asked.iter().filter(|name| *name != "none") {
                let known = all.iter().find(|a| a.name == *name).cloned();
                let file = PathBuf::from(name);
                chosen.push(match known {
                    Some(known) => known,
                    None if file.is_file() => Added { name: name.clone(), path: file },
                    None => bail!(
                        "no gazetteer is called `{name}`, and there is no such file\nhint: `tellings gazetteer list` shows those that were added"
                    ),
                });
            }
            chosen
        }
    };
    if chosen.len() > Linker::MOST_ADDED {
        bail!(
            "{} gazetteers were added, and at most {} can be used at once\nhint: choose some with --gazetteer, or put their places into one file",
            chosen.len(),
            Linker::MOST_ADDED
        );
    }
    Ok(chosen.into_iter().rev().collect())
}
