//! Pages saved as mail: MHTML. The page is the first part that is one; its pictures and frames are left.

use crate::http::{Headers, head};
use crate::{Body, Fault, Name, Report, coding};
use memchr::memmem;
use tellings_article::{Format, Given};

/// Parts in parts.
const DEEPEST: usize = 8;

/// The page that these bytes hold.
pub(crate) fn page(name: &Name, bytes: &[u8]) -> Result<Report, Fault> {
    let Some((end, body)) = head(bytes) else { return Err(name.fault("the saved page has no content")) };
    let headers = Headers::read(&String::from_utf8_lossy(&bytes[..end]));
    let word = |headers: &Headers, key: &str| headers.get(key).map(|value| value.trim_matches(['<', '>']).to_string());
    let address = word(&headers, "snapshot-content-location").or_else(|| word(&headers, "content-location"));
    let found = part(headers, &bytes[body..]);
    let Some((headers, raw)) = found else { return Err(name.fault("there is no page in it")) };
    let content = match headers.get("content-transfer-encoding").unwrap_or("").to_ascii_lowercase().as_str() {
        "quoted-printable" => coding::quoted_printable(raw),
        "base64" => coding::base64(raw),
        _ => raw.to_vec(),
    };
    let format = if headers.kind() == "text/plain" { Format::Text } else { Format::Html };
    let mut given = Given { charset: headers.particular("charset"), ..Given::default() };
    given.source.path = Some(name.0.clone());
    let own = word(&headers, "content-location").filter(|at| at.starts_with("http"));
    given.source.url = address.filter(|at| at.starts_with("http")).or(own);
    Ok(Report { id: name.id(), given, body: Body::Raw(content, format), problems: Vec::new(), keys: Vec::new() })
}

/// The first part that is a page, else the first that is text.
fn part(headers: Headers, bytes: &[u8]) -> Option<(Headers, &[u8])> {
    let mut text = None;
    // Parts that wait, the next one last.
    let mut waiting = vec![(headers, bytes, 0)];
    while let Some((headers, bytes, depth)) = waiting.pop() {
        match headers.kind().as_str() {
            "text/html" | "application/xhtml+xml" => return Some((headers, bytes)),
            "text/plain" if text.is_none() => text = Some((headers, bytes)),
            kind if kind.starts_with("multipart/") && depth < DEEPEST => {
                let boundary = format!("--{}", headers.particular("boundary")?);
                let mut parts = Vec::new();
                let starts: Vec<usize> = memmem::find_iter(bytes, boundary.as_bytes())
                    .filter(|&at| at == 0 || bytes[at - 1] == b'\n')
                    .take(4096)
                    .collect();
                for (i, &start) in starts.iter().enumerate() {
                    let from = start + boundary.len();
                    let inside = &bytes[from..starts.get(i + 1).copied().unwrap_or(bytes.len())];
                    if inside.starts_with(b"--") {
                        break;
                    }
                    let Some(line) = memchr::memchr(b'\n', inside) else { continue };
                    let inside = &inside[line + 1..];
                    let Some((end, body)) = head(inside) else { continue };
                    let headers = Headers::read(&String::from_utf8_lossy(&inside[..end.min(1 << 16)]));
                    parts.push((headers, &inside[body..], depth + 1));
                }
                waiting.extend(parts.into_iter().rev());
            }
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, reports};

    #[test]
    fn the_page_is_found_among_its_parts() {
        let saved = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://ledger.example/a\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"----b\"\r\n\r\n\r\n------b\r\nContent-Type: text/css\r\n\r\np {}\r\n------b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<html><p>They met in Z=C3=BCri=\r\nch.\r\n------b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBO\r\n------b--\r\n";
        let read = |saved: &str| {
            reports("a.mhtml", Box::new(std::io::Cursor::new(saved.as_bytes().to_vec())), Some(Kind::Mhtml)).next().unwrap()
        };
        let report = read(saved).unwrap();
        let Body::Raw(bytes, format) = report.body else { unreachable!() };
        assert_eq!((String::from_utf8(bytes).unwrap().trim(), format), ("<html><p>They met in Zürich.", Format::Html));
        assert_eq!(report.given.source.url.as_deref(), Some("https://ledger.example/a"));
        assert_eq!(
            read("Content-Type: multipart/related; boundary=x\n\n--x\nContent-Type: image/png\n\nabc").unwrap_err().note,
            "there is no page in it"
        );
    }
}
