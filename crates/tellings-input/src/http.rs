//! Answers of web servers as archives keep them: status, headers, and the body behind its codings.

use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use std::io::Read;

/// Headers of mail, of the web, of archive records: lines `Name: value`, values may run on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Headers(Vec<(String, String)>);

impl Headers {
    /// The headers in these lines.
    pub(crate) fn read(lines: &str) -> Headers {
        let mut headers: Vec<(String, String)> = Vec::new();
        for line in lines.lines() {
            match (line.starts_with([' ', '\t']), headers.last_mut(), line.split_once(':')) {
                (true, Some((_, value)), _) => {
                    value.push(' ');
                    value.push_str(line.trim());
                }
                (_, _, Some((name, value))) => headers.push((name.trim().to_ascii_lowercase(), value.trim().to_string())),
                _ => {}
            }
        }
        Headers(headers)
    }

    /// The value of the first header of this name (in small letters).
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// What the content is said to be, in small letters and without particulars.
    pub(crate) fn kind(&self) -> String {
        let kind = self.get("content-type").unwrap_or("");
        kind.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
    }

    /// A particular of the content's kind: `charset`, `boundary`.
    pub(crate) fn particular(&self, name: &str) -> Option<String> {
        let kind = self.get("content-type")?;
        // Quotes may hold semicolons.
        let (mut parts, mut quoted, mut part) = (Vec::new(), false, String::new());
        for c in kind.chars() {
            match c {
                '"' => quoted = !quoted,
                ';' if !quoted => parts.push(std::mem::take(&mut part)),
                c => part.push(c),
            }
        }
        parts.push(part);
        let found = parts.iter().skip(1).find_map(|part| {
            let (own, value) = part.split_once('=')?;
            own.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('\'').to_string())
        });
        found.filter(|value| !value.is_empty())
    }
}

/// Where headers end and the body begins: behind the first empty line.
pub(crate) fn head(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut at = 0;
    while let Some(end) = memchr::memchr(b'\n', &bytes[at..]) {
        let line = &bytes[at..at + end];
        if line.is_empty() || line == b"\r" {
            return Some((at, at + end + 1));
        }
        at += end + 1;
    }
    None
}

/// An answer: its status, its headers, its body as it was sent.
pub(crate) fn answer(bytes: &[u8]) -> Option<(u16, Headers, &[u8])> {
    if !bytes.starts_with(b"HTTP/") {
        return None;
    }
    let (end, body) = head(bytes).unwrap_or((bytes.len(), bytes.len()));
    let head = String::from_utf8_lossy(&bytes[..end.min(1 << 18)]);
    let (first, rest) = head.split_once('\n').unwrap_or((&head, ""));
    let status = first.split_whitespace().nth(1).and_then(|status| status.parse().ok())?;
    Some((status, Headers::read(rest), &bytes[body.min(bytes.len())..]))
}

/// The body behind its codings, `most` bytes of it at most, and what was wrong with them. A coding that is named but was not
/// used is passed over.
pub(crate) fn body(headers: &Headers, body: &[u8], most: usize) -> (Vec<u8>, Option<String>) {
    let mut wrong = None;
    let chunked = headers.get("transfer-encoding").is_some_and(|coding| coding.to_ascii_lowercase().contains("chunked"));
    let mut bytes = match chunked.then(|| unchunked(body)).flatten() {
        Some((bytes, whole)) => {
            if !whole {
                wrong = Some("its chunks end too soon: truncated".to_string());
            }
            bytes
        }
        None => body.to_vec(),
    };
    let codings = headers.get("content-encoding").unwrap_or("").to_ascii_lowercase();
    for coding in codings.split(',').map(str::trim).rev().take(4) {
        let (out, error) = match coding {
            "gzip" | "x-gzip" if bytes.starts_with(b"\x1f\x8b") => limited(MultiGzDecoder::new(bytes.as_slice()), most),
            "deflate" => {
                let (out, error) = limited(ZlibDecoder::new(bytes.as_slice()), most);
                if out.is_empty() { limited(DeflateDecoder::new(bytes.as_slice()), most) } else { (out, error) }
            }
            "br" => limited(brotli_decompressor::Decompressor::new(bytes.as_slice(), 1 << 14), most),
            "zstd" => match zstd::stream::read::Decoder::with_buffer(bytes.as_slice()) {
                Ok(decoder) => limited(decoder, most),
                Err(error) => (Vec::new(), Some(error.to_string())),
            },
            _ => continue,
        };
        match error {
            // What archives keep is often unpacked already, whatever the headers say.
            Some(_) if out.is_empty() => {}
            Some(error) => {
                wrong = wrong.or(Some(format!("its {coding} coding is damaged ({error})")));
                bytes = out;
            }
            None => bytes = out,
        }
    }
    (bytes, wrong)
}

/// All that can be read, `most` bytes and one at most, and the error that ended it.
fn limited(reader: impl Read, most: usize) -> (Vec<u8>, Option<String>) {
    let mut reader = reader.take(most as u64 + 1);
    let (mut out, mut buffer) = (Vec::new(), vec![0; 1 << 14]);
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return (out, None),
            Ok(read) => out.extend_from_slice(&buffer[..read]),
            Err(error) => return (out, Some(error.to_string())),
        }
    }
}

/// A chunked body put together, and is it whole? Nothing where it is not chunked.
fn unchunked(mut body: &[u8]) -> Option<(Vec<u8>, bool)> {
    let mut out = Vec::with_capacity(body.len());
    let mut first = true;
    loop {
        let Some(end) = memchr::memchr(b'\n', &body[..body.len().min(1 << 10)]) else {
            return (!first).then_some((out, false));
        };
        let size = String::from_utf8_lossy(&body[..end]);
        let size = size.split(';').next().unwrap_or("").trim();
        if size.is_empty() && !first {
            body = &body[end + 1..];
            continue;
        }
        let Some(size) = usize::from_str_radix(size, 16).ok() else { return (!first).then_some((out, false)) };
        body = &body[end + 1..];
        if size == 0 {
            return Some((out, true));
        }
        first = false;
        let taken = size.min(body.len());
        out.extend_from_slice(&body[..taken]);
        if taken < size {
            return Some((out, false));
        }
        body = &body[taken..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codings_are_undone_as_found() {
        let read = |answer: &[u8]| {
            let (status, headers, raw) = super::answer(answer).unwrap();
            let (bytes, wrong) = body(&headers, raw, 1000);
            (status, String::from_utf8(bytes).unwrap(), wrong.is_some())
        };
        let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nTalks\r\n6;x=y\r\n again\r\n0\r\n\r\n";
        assert_eq!(read(chunked), (200, "Talks again".into(), false));
        assert_eq!(read(&chunked[..chunked.len() - 9]), (200, "Talks aga".into(), true));
        assert_eq!(read(b"HTTP/1.1 404 x\nTransfer-Encoding: chunked\n\nTalks"), (404, "Talks".into(), false));
        assert_eq!(read(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nTalks"), (200, "Talks".into(), false));
        assert_eq!(read(b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n\x0b\x02\x80Talks\x03"), (200, "Talks".into(), false));
        assert!(super::answer(b"<html>").is_none());
    }

    #[test]
    fn particulars_of_a_kind() {
        let headers = Headers::read("Content-Type: multipart/related;\r\n type=\"text/html\"; boundary=\"--a;b\"\r\nX: y");
        assert_eq!((headers.kind().as_str(), headers.particular("boundary").as_deref()), ("multipart/related", Some("--a;b")));
        assert_eq!(headers.get("x"), Some("y"));
    }
}
