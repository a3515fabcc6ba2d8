//! Any bytes as the text of an office document, within a sound archive; and as a whole document.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tellings_input::Kind;

#[path = "swallow.rs"]
mod swallow;

/// An archive of one part that is not packed.
fn document(xml: &[u8]) -> Vec<u8> {
    let name = b"word/document.xml";
    let size = (xml.len() as u32).to_le_bytes();
    let sizes = [size, size].concat();
    let mut zip = [b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0".as_slice(), &sizes, &[17, 0, 0, 0], name, xml].concat();
    let list = zip.len() as u32;
    zip.extend([b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0\0\0\0\0".as_slice(), &sizes, &[17, 0], &[0; 16], name].concat());
    let length = zip.len() as u32 - list;
    zip.extend([b"PK\x05\x06\0\0\0\0\x01\0\x01\0".as_slice(), &length.to_le_bytes(), &list.to_le_bytes(), &[0, 0]].concat());
    zip
}

fuzz_target!(|bytes: &[u8]| {
    let whole = if bytes.starts_with(b"PK") { bytes.to_vec() } else { document(bytes) };
    swallow::swallow(&whole, Some(Kind::Bundle));
});
