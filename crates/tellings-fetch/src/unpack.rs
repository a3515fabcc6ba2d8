//! The bytes behind a body's coding, unpacked as they come: what grows out of measure is refused before it is there.

use crate::Fault;
use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use std::cell::Cell;
use std::io::{BufRead, BufReader, Read};
use std::rc::Rc;
use std::time::Duration;

/// Unpacked bytes from which on a body must not be more than [`RATIO`] times as long as it was packed: pages gain ten times or twenty.
const FREE: u64 = 4 << 20;
const RATIO: u64 = 100;

/// The whole body.
pub(crate) fn read(body: impl Read, coding: &str, length: Option<u64>, most: usize) -> Result<Vec<u8>, Fault> {
    if length.is_some_and(|length| length > most as u64) {
        return Err(Fault::TooLarge(most));
    }
    let (bytes, fault) = up_to(body, coding, most + 1);
    match fault {
        Some(fault) => Err(fault),
        None if bytes.len() > most => Err(Fault::TooLarge(most)),
        None => Ok(bytes),
    }
}

/// The body up to so many bytes, and what ended it before its end.
pub(crate) fn up_to(body: impl Read, coding: &str, most: usize) -> (Vec<u8>, Option<Fault>) {
    let taken = Rc::new(Cell::new(0));
    let mut packed = BufReader::with_capacity(1 << 14, Counted { body, taken: taken.clone() });
    let head = match packed.fill_buf() {
        Ok(head) => [head.first().copied(), head.get(1).copied()],
        Err(error) => return (Vec::new(), Some(fault(error))),
    };
    let mut layer: Box<dyn Read + '_> = match coding.trim().to_ascii_lowercase().as_str() {
        "" | "identity" | "none" | "utf-8" => Box::new(packed),
        // A coding that is named but was not used is passed over.
        "gzip" | "x-gzip" if head == [Some(0x1f), Some(0x8b)] => Box::new(MultiGzDecoder::new(packed)),
        "gzip" | "x-gzip" => Box::new(packed),
        "deflate" if head[0].is_some_and(|b| b & 0x0f == 8) => Box::new(ZlibDecoder::new(packed)),
        "deflate" => Box::new(DeflateDecoder::new(packed)),
        "br" => Box::new(brotli_decompressor::Decompressor::new(packed, 1 << 14)),
        _ => return (Vec::new(), Some(Fault::Damaged(format!("it is packed as `{coding}`, which nobody asked for")))),
    };
    let packed = coding.trim().len() > 1;
    let (mut bytes, mut buffer) = (Vec::new(), vec![0; 1 << 14]);
    while bytes.len() < most {
        match layer.read(&mut buffer) {
            Ok(0) => return (bytes, None),
            Ok(read) => bytes.extend_from_slice(&buffer[..read.min(most - bytes.len())]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) if error.get_ref().is_some_and(|inner| inner.is::<ureq::Error>()) => return (bytes, Some(fault(error))),
            Err(error) => {
                let eof = error.kind() == std::io::ErrorKind::UnexpectedEof;
                let fault = if packed && !eof {
                    Fault::Damaged(format!("its {coding} bytes are damaged ({error})"))
                } else {
                    fault(error)
                };
                return (bytes, Some(fault));
            }
        }
        if bytes.len() as u64 > FREE && bytes.len() as u64 / RATIO > taken.get() {
            return (bytes, Some(Fault::Bomb));
        }
    }
    (bytes, None)
}

fn fault(error: std::io::Error) -> Fault {
    match error.downcast::<ureq::Error>() {
        Ok(ureq::Error::Timeout(_)) => Fault::Slow("the whole answer", Duration::ZERO),
        Ok(ureq::Error::Io(error)) => Fault::of_io(error),
        Ok(error) => Fault::Nonsense(error.to_string()),
        Err(error) => Fault::of_io(error),
    }
}

/// Counts the bytes that were taken.
struct Counted<R> {
    body: R,
    taken: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let read = self.body.read(out)?;
        self.taken.set(self.taken.get() + read as u64);
        Ok(read)
    }
}
