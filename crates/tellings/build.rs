//! Hashes of what the program carries, so that a run can name it: models, gazetteer, and all tables and rules.

use std::path::{Path, PathBuf};

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut models = files(&root.join("models"));
    let (gazetteer, others): (Vec<PathBuf>, Vec<PathBuf>) =
        models.drain(..).filter(|p| p.extension().is_some_and(|e| e == "bin")).partition(|p| p.ends_with("gazetteer.bin"));
    let mut rules = files(&root.join("rules"));
    let mut crates: Vec<PathBuf> =
        std::fs::read_dir(root.join("crates")).into_iter().flatten().flatten().map(|e| e.path()).collect();
    crates.sort();
    crates.iter().for_each(|path| rules.extend(files(&path.join("data"))));
    for (name, list) in [("MODELS", others), ("GAZETTEER", gazetteer), ("RULES", rules)] {
        println!("cargo:rustc-env=TELLINGS_{name}={:08x}", hash(&list));
    }
}

/// Files of a folder and of those in it, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    println!("cargo:rerun-if-changed={}", folder.display());
    let mut found: Vec<PathBuf> = Vec::new();
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// FNV-1a, folded to 32 bits.
fn hash(files: &[PathBuf]) -> u32 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for file in files {
        let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        for byte in name.bytes().chain(std::fs::read(file).unwrap_or_default()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
    }
    (hash ^ (hash >> 32)) as u32
}
