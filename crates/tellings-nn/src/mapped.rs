//! Files looked at where they lie, without reading them into memory.

use memmap2::{Mmap, MmapAsRawDesc};
use std::io;

/// The bytes of an open file that is not empty, mapped into memory for as long as the program runs. The file must not be
/// changed in place meanwhile: write a new one beside it and rename it.
pub fn mapped(file: impl MmapAsRawDesc) -> io::Result<&'static [u8]> {
    // SAFETY: the map is read only and never given back, so the slice stays valid. Our own files are written under another name
    // and renamed, never changed in place; readers check every offset against the length, so other bytes can give other places
    // but no access outside the map.
    #[allow(unsafe_code)]
    let map = unsafe { Mmap::map(file)? };
    Ok(Box::leak(Box::new(map)))
}
