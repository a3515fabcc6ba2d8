//! Scores that cannot be lowered unseen: `testdata/floors.toml`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The shared data folder (`TELLINGS_SHARED`, default `../shared` beside the checkout), or `None` with a word on standard error that the test is skipped.
#[allow(clippy::print_stderr)]
pub fn shared(root: &Path, test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("TELLINGS_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let found = folder.join("eval").is_dir();
    if !found {
        eprintln!("skipped: {test}: no shared data at `{}` (set TELLINGS_SHARED)", folder.display());
    }
    found.then_some(folder)
}

/// Checks figures against the floors of a section. A figure below its floor fails; one without a floor is fine.
pub fn check(floors: &Path, section: &str, figures: &BTreeMap<String, f64>) {
    let source = std::fs::read_to_string(floors).unwrap_or_else(|error| panic!("cannot read `{}`: {error}", floors.display()));
    let table: BTreeMap<String, BTreeMap<String, f64>> =
        toml::from_str(&source).unwrap_or_else(|error| panic!("`{}`: {error}", floors.display()));
    let wanted = table.get(section).unwrap_or_else(|| panic!("`{}` has no section `{section}`", floors.display()));
    let low: Vec<String> = wanted
        .iter()
        .filter_map(|(name, floor)| {
            let figure = figures.get(name).copied().unwrap_or(f64::NAN);
            (figure.is_nan() || figure < *floor).then(|| format!("{name}: {figure:.4} is below its floor {floor:.4}"))
        })
        .collect();
    assert!(low.is_empty(), "{section}:\n{}", low.join("\n"));
}
