//! Rows of small numbers, used where they lie in the file.
//!
//! File: `rows u32 | size u32`, then for each row its scale (`f32`) and `size` numbers (`i8`).

use crate::lanes::{add_rows, fetch};

/// Rows opened on bytes.
#[derive(Clone, Copy, Debug)]
pub struct Vectors<'a> {
    size: usize,
    rows: &'a [u8],
}

impl<'a> Vectors<'a> {
    /// The rows at the head of `bytes`, and the bytes behind them; `None` if they are not there.
    pub fn open(bytes: &'a [u8]) -> Option<(Vectors<'a>, &'a [u8])> {
        let (head, rest) = bytes.split_first_chunk::<8>()?;
        let number = |i: usize| u32::from_le_bytes([head[i], head[i + 1], head[i + 2], head[i + 3]]) as usize;
        let size = number(4);
        let (rows, rest) = rest.split_at_checked(number(0).checked_mul(size.checked_add(4)?)?)?;
        Some((Vectors { size, rows }, rest))
    }

    /// Numbers in a row.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Where a row lies, for [`Vectors::add`].
    #[inline]
    pub fn at(&self, row: usize) -> usize {
        row.saturating_mul(self.size + 4)
    }

    /// Asks for a row before it is wanted.
    #[inline]
    pub fn fetch(&self, at: usize) {
        fetch(self.rows, at, self.size + 4);
    }

    /// Adds rows to `out`, which is of their size, in their order; one that is not there adds nothing.
    pub fn add(&self, at: &[usize], out: &mut [f32]) {
        debug_assert_eq!(out.len(), self.size);
        add_rows(self.rows, at, out);
    }

    /// The file's bytes for rows of `size` numbers.
    pub fn write(rows: &[f32], size: usize) -> Vec<u8> {
        let mut bytes = ((rows.len() / size.max(1)) as u32).to_le_bytes().to_vec();
        bytes.extend((size as u32).to_le_bytes());
        for row in rows.chunks_exact(size.max(1)) {
            let scale = row.iter().map(|x| x.abs()).fold(0.0, f32::max).max(1e-9) / 127.0;
            bytes.extend(scale.to_le_bytes());
            bytes.extend(row.iter().map(|x| (x / scale).round().clamp(-127.0, 127.0) as i8 as u8));
        }
        bytes
    }
}
