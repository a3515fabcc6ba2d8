//! Office documents (DOCX) to lines: one a paragraph.

use crate::text::entities;
use crate::xml::{Scanner, What};
use flate2::read::DeflateDecoder;
use std::io::Read;

/// Bytes of a document when it is unpacked.
const MOST: u64 = 160 << 20;

/// Is this an office document?
pub(crate) fn is(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04")
        && (memchr::memmem::find(head, b"word/").is_some() || memchr::memmem::find(head, b"[Content_Types].xml").is_some())
}

/// The paragraphs of a document.
pub(crate) fn lines(bytes: &[u8]) -> Result<Vec<String>, String> {
    let xml = member(bytes, "word/document.xml")?;
    let xml = String::from_utf8_lossy(&xml);
    let (mut lines, mut line, mut text, mut deleted) = (Vec::<String>::new(), String::new(), false, 0usize);
    // Of paragraphs with nothing in them one after the other, two are enough.
    let end = |lines: &mut Vec<String>, line: &mut String| {
        if !line.is_empty() || !lines.ends_with(&[String::new(), String::new()]) {
            lines.push(std::mem::take(line));
        }
    };
    for token in Scanner::new(&xml) {
        match token.what {
            What::Open { name, empty, .. } => match name.strip_prefix("w:").unwrap_or(name) {
                "t" => text = !empty,
                "tab" => line.push('\t'),
                "br" | "cr" => end(&mut lines, &mut line),
                "noBreakHyphen" => line.push('-'),
                "p" if empty => end(&mut lines, &mut line),
                "del" | "moveFrom" if !empty => deleted += 1,
                _ => {}
            },
            What::Close { name } => match name.strip_prefix("w:").unwrap_or(name) {
                "t" => text = false,
                "p" => end(&mut lines, &mut line),
                "del" | "moveFrom" => deleted = deleted.saturating_sub(1),
                _ => {}
            },
            What::Text(words) if text && deleted == 0 => line.push_str(&entities(words, &[])),
            What::Data(words) if text && deleted == 0 => line.push_str(words),
            _ => {}
        }
    }
    lines.push(line);
    Ok(lines.into_iter().map(|line| line.trim().to_string()).collect())
}

/// A file of a ZIP archive, unpacked.
fn member(bytes: &[u8], wanted: &str) -> Result<Vec<u8>, String> {
    let u16_at = |at: usize| bytes.get(at..at + 2).map(|b| usize::from(u16::from_le_bytes([b[0], b[1]])));
    let u32_at = |at: usize| bytes.get(at..at + 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as usize);
    // The list of its files stands at the end.
    let tail = bytes.len().saturating_sub(1 << 17);
    let end = memchr::memmem::rfind(&bytes[tail..], b"PK\x05\x06").map(|at| tail + at);
    let end = end.ok_or("the document ends too soon: truncated")?;
    let (count, mut at) = (u16_at(end + 10).unwrap_or(0), u32_at(end + 16).unwrap_or(bytes.len()));
    for _ in 0..count {
        let entry = || -> Option<(usize, usize, &[u8], usize, usize)> {
            if bytes.get(at..at + 4)? != b"PK\x01\x02" {
                return None;
            }
            let lengths = [u16_at(at + 28)?, u16_at(at + 30)?, u16_at(at + 32)?];
            let name = bytes.get(at + 46..at + 46 + lengths[0])?;
            Some((u16_at(at + 10)?, u32_at(at + 20)?, name, u32_at(at + 42)?, at + 46 + lengths.iter().sum::<usize>()))
        };
        let (method, size, name, local, next) = entry().ok_or("its list of parts is damaged")?;
        if name == wanted.as_bytes() {
            let begin = (u16_at(local + 26)).zip(u16_at(local + 28)).map(|(name, extra)| local + 30 + name + extra);
            let data =
                begin.and_then(|begin| bytes.get(begin..begin.checked_add(size)?)).ok_or("its text ends too soon: truncated")?;
            let mut out = Vec::new();
            match method {
                0 => out.extend_from_slice(data),
                8 => {
                    DeflateDecoder::new(data)
                        .take(MOST + 1)
                        .read_to_end(&mut out)
                        .map_err(|error| format!("its text is damaged ({error})"))?;
                }
                _ => return Err("its text is packed in a way that is not known".to_string()),
            }
            if out.len() as u64 > MOST || out.len() / 400 > size.max(1 << 10) {
                return Err("its text expands out of measure: refused".to_string());
            }
            return Ok(out);
        }
        at = next;
    }
    Err("there is no text document in it".to_string())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::io::Write;

    /// A document of these paragraphs.
    pub(crate) fn document(paragraphs: &[&str]) -> Vec<u8> {
        let body: String =
            paragraphs.iter().map(|p| format!("<w:p><w:pPr/><w:r><w:t xml:space=\"preserve\">{p}</w:t></w:r></w:p>")).collect();
        let xml = format!("<?xml version=\"1.0\"?><w:document xmlns:w=\"x\"><w:body>{body}</w:body></w:document>");
        let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(xml.as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        let name = b"word/document.xml";
        let sizes = [(packed.len() as u32).to_le_bytes(), (xml.len() as u32).to_le_bytes()].concat();
        let mut zip = [b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0".as_slice(), &sizes, &[17, 0, 0, 0], name, &packed].concat();
        let list = zip.len() as u32;
        zip.extend([b"PK\x01\x02\x14\0\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0".as_slice(), &sizes, &[17, 0], &[0; 16], name].concat());
        let size = zip.len() as u32 - list;
        zip.extend([b"PK\x05\x06\0\0\0\0\x01\0\x01\0".as_slice(), &size.to_le_bytes(), &list.to_le_bytes(), &[0, 0]].concat());
        zip
    }

    #[test]
    fn paragraphs_of_a_document() {
        let whole = document(&["Talks &amp; truce", "They met."]);
        assert!(is(&whole));
        assert_eq!(lines(&whole).unwrap(), ["Talks & truce", "They met.", ""]);
        assert!(lines(&whole[..whole.len() - 30]).unwrap_err().contains("truncated"));
        for i in 0..whole.len() {
            let mut bad = whole.clone();
            bad[i] ^= 0x55;
            let _ = lines(&bad);
            let _ = lines(&whole[..i]);
        }
    }
}
