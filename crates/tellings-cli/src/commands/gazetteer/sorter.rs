//! Sorting more than memory holds: byte strings in runs on disk, merged as they are read.

use anyhow::{Context, Result};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// Bytes held in memory before a run is written.
const RUN: usize = 48 << 20;

/// Byte strings, to come back in order.
pub(crate) struct Sorter {
    folder: PathBuf,
    name: &'static str,
    bytes: Vec<u8>,
    items: Vec<(u32, u32)>,
    runs: Vec<PathBuf>,
}

impl Sorter {
    /// A sorter that keeps its runs in this folder, under names that begin with `name`.
    pub(crate) fn new(folder: &Path, name: &'static str) -> Sorter {
        Sorter { folder: folder.to_owned(), name, bytes: Vec::new(), items: Vec::new(), runs: Vec::new() }
    }

    /// Takes an item.
    pub(crate) fn push(&mut self, item: &[u8]) -> Result<()> {
        if self.bytes.len() + item.len() > RUN {
            self.spill()?;
        }
        self.items.push((self.bytes.len() as u32, item.len() as u32));
        self.bytes.extend_from_slice(item);
        Ok(())
    }

    fn spill(&mut self) -> Result<()> {
        let path = self.folder.join(format!("{}-{}", self.name, self.runs.len()));
        let write = || -> std::io::Result<()> {
            let mut out = BufWriter::new(File::create(&path)?);
            let bytes = &self.bytes;
            let slice = |&(at, len): &(u32, u32)| &bytes[at as usize..(at + len) as usize];
            let mut items: Vec<&[u8]> = self.items.iter().map(slice).collect();
            items.sort_unstable();
            for item in items {
                out.write_all(&(item.len() as u32).to_le_bytes())?;
                out.write_all(item)?;
            }
            out.flush()
        };
        write().with_context(|| format!("cannot write `{}`", path.display()))?;
        self.runs.push(path);
        self.bytes.clear();
        self.items.clear();
        Ok(())
    }

    /// Hands the items on in order.
    pub(crate) fn drain(mut self, mut take: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        self.spill()?;
        self.bytes = Vec::new();
        let mut files = Vec::new();
        for path in &self.runs {
            let file = File::open(path).with_context(|| format!("cannot read `{}`", path.display()))?;
            files.push(BufReader::with_capacity(1 << 16, file));
        }
        let next = |file: &mut BufReader<File>| -> Result<Option<Vec<u8>>> {
            let mut length = [0; 4];
            if file.fill_buf_is_empty()? {
                return Ok(None);
            }
            file.read_exact(&mut length)?;
            let mut item = vec![0; u32::from_le_bytes(length) as usize];
            file.read_exact(&mut item)?;
            Ok(Some(item))
        };
        let mut heap = BinaryHeap::new();
        for (i, file) in files.iter_mut().enumerate() {
            heap.extend(next(file)?.map(|item| Reverse((item, i))));
        }
        while let Some(Reverse((item, i))) = heap.pop() {
            take(&item)?;
            heap.extend(next(&mut files[i])?.map(|item| Reverse((item, i))));
        }
        Ok(())
    }
}

/// Is a file at its end?
trait AtEnd {
    fn fill_buf_is_empty(&mut self) -> std::io::Result<bool>;
}

impl AtEnd for BufReader<File> {
    fn fill_buf_is_empty(&mut self) -> std::io::Result<bool> {
        Ok(std::io::BufRead::fill_buf(self)?.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_runs_come_back_in_order() {
        let folder = std::env::temp_dir().join(format!("tellings-sorter-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut sorter = Sorter::new(&folder, "test");
        for i in 0..1000u32 {
            sorter.push(&(i.wrapping_mul(2_654_435_761) % 5000).to_be_bytes()).unwrap();
            if i % 100 == 99 {
                sorter.spill().unwrap();
            }
        }
        let mut last = Vec::new();
        let mut count = 0;
        sorter
            .drain(|item| {
                assert!(last.as_slice() <= item);
                last = item.to_vec();
                count += 1;
                Ok(())
            })
            .unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(count, 1000);
    }
}
