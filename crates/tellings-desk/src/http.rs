//! What is asked and what is answered, as plain values: the pages know nothing of sockets.

use bytes::Bytes;
use maud::Markup;
use std::fmt::Write;
use tokio::sync::mpsc;

/// What a page may load and do: styles, script and pictures of the desk itself, nothing else, nowhere else.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Bytes that are not worth packing.
const SMALL: usize = 2 << 10;

/// May an answer be packed with gzip?
pub(crate) fn takes_gzip(accepted: &str) -> bool {
    accepted.split(',').any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        named && !parts.any(|part| matches!(part.replace(' ', "").as_str(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// Something that is asked.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// `GET`, `POST` …; `HEAD` is asked as `GET`.
    pub method: String,
    /// The path's parts, decoded.
    pub path: Vec<String>,
    /// Names and values behind the `?`, decoded, in order.
    pub query: Vec<(String, String)>,
    /// The header fields that count here, by their names in small letters.
    pub headers: Vec<(String, String)>,
    /// Names and values of a form.
    pub form: Vec<(String, String)>,
    /// The body, where it is no form.
    pub body: Bytes,
    /// Where it was asked from; empty: from within.
    pub address: String,
    /// Who asks, where the desk has accounts.
    pub user: Option<crate::User>,
}

impl Request {
    /// What a browser sends for an address; for tests.
    pub fn get(address: &str) -> Request {
        let mut request = Request { method: "GET".to_string(), ..Request::default() };
        request.address(address);
        request
    }

    /// What a browser sends with a form of the desk; for tests.
    pub fn post(address: &str, form: &[(&str, &str)]) -> Request {
        let form = form.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        Request { method: "POST".to_string(), form, ..Request::get(address) }
    }

    /// The same with a header field more.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Request {
        self.headers.push((name.to_string(), value.to_string()));
        self
    }

    /// Takes path and query from an address.
    pub(crate) fn address(&mut self, address: &str) {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        self.path = path.trim_start_matches('/').split('/').map(decoded).collect();
        self.query = pairs(query);
    }

    /// A value behind the `?`; nothing where it is empty.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|q| q.0 == name).map(|q| q.1.trim()).filter(|v| !v.is_empty())
    }

    /// The same as text of one's own.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.value(name).map(str::to_string)
    }

    /// A number behind the `?`, within bounds.
    pub(crate) fn number(&self, name: &str, least: usize, most: usize, otherwise: usize) -> usize {
        self.value(name).and_then(|v| v.parse().ok()).unwrap_or(otherwise).clamp(least, most)
    }

    /// A value of a form.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.form.iter().find(|f| f.0 == name).map(|f| f.1.trim()).filter(|v| !v.is_empty())
    }

    /// The same as it was sent, blanks and all; empty where there is none.
    pub(crate) fn raw_field(&self, name: &str) -> &str {
        self.form.iter().find(|f| f.0 == name).map_or("", |f| f.1.as_str())
    }

    /// A header field.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|h| h.0 == name).map(|h| h.1.as_str())
    }

    /// The address again, as it is written in a link, with some values put in place of those that are there; an empty one is left out.
    pub(crate) fn again(&self, values: &[(&str, &str)]) -> String {
        let mut out = String::new();
        for part in &self.path {
            out.push('/');
            out.push_str(&encoded(part));
        }
        let kept = self.query.iter().map(|q| (q.0.as_str(), q.1.as_str())).filter(|q| !values.iter().any(|v| v.0 == q.0));
        let mut mark = '?';
        for (name, value) in kept.chain(values.iter().copied()).filter(|q| !q.1.is_empty()) {
            let _ = write!(out, "{mark}{}={}", encoded(name), encoded(value));
            mark = '&';
        }
        out
    }
}

/// Names and values of a query or a form.
pub(crate) fn pairs(query: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(query.as_bytes()).map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

fn decoded(part: &str) -> String {
    // A plus is a plus in a path.
    let whole = part.replace('+', "%2B");
    pairs(&whole).into_iter().next().map_or_else(String::new, |(name, value)| match value.is_empty() {
        true if !part.ends_with('=') => name,
        _ => format!("{name}={value}"),
    })
}

/// A part of an address.
pub(crate) fn encoded(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    for byte in part.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    // Dots alone would be folders.
    if out.bytes().all(|b| b == b'.') { out.replace('.', "%2E") } else { out }
}

/// What is sent back.
#[derive(Debug)]
pub struct Response {
    /// `200` …
    pub status: u16,
    /// Header fields.
    pub headers: Vec<(&'static str, String)>,
    /// What follows.
    pub body: Body,
}

/// What follows the header.
#[derive(Debug)]
pub enum Body {
    /// All of it.
    Whole(Bytes),
    /// Piece by piece, as it is made.
    Pieces(mpsc::Receiver<Bytes>),
    /// What happens in the store, as it happens.
    Live,
}

impl Response {
    pub(crate) fn new(status: u16, kind: &str, body: impl Into<Bytes>) -> Response {
        let headers = vec![
            ("content-type", kind.to_string()),
            ("content-security-policy", POLICY.to_string()),
            ("x-content-type-options", "nosniff".to_string()),
            // With none at all a browser would not say where a form came from, either.
            ("referrer-policy", "same-origin".to_string()),
            ("cross-origin-opener-policy", "same-origin".to_string()),
            ("cross-origin-resource-policy", "same-origin".to_string()),
            ("cache-control", "private, no-cache".to_string()),
        ];
        Response { status, headers, body: Body::Whole(body.into()) }
    }

    pub(crate) fn html(status: u16, page: Markup) -> Response {
        Response::new(status, "text/html; charset=utf-8", page.into_string())
    }

    pub(crate) fn json(body: impl Into<Bytes>) -> Response {
        Response::new(200, "application/json", body)
    }

    /// Leads elsewhere, with a `GET`.
    pub(crate) fn see(address: &str) -> Response {
        Response::new(303, "text/plain; charset=utf-8", "").with("location", address)
    }

    /// The same with a header field more, or another value of one.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Response {
        self.headers.retain(|h| h.0 != name);
        self.headers.push((name, value.to_string()));
        self
    }

    /// The same, kept only where it is of the present.
    #[must_use]
    pub(crate) fn kept_if(self, fresh: bool) -> Response {
        if fresh { self } else { self.with("cache-control", "no-store") }
    }

    /// The same, packed, where that is worth it. What may not be kept has secrets in it beside what others wrote: its length tells
    /// nothing.
    pub(crate) fn packed(mut self) -> Response {
        const KINDS: [&str; 5] = ["text/", "application/json", "image/svg", "application/atom", "application/feed"];
        let worth = self.header("content-type").is_some_and(|kind| KINDS.iter().any(|known| kind.starts_with(known)));
        let Body::Whole(body) = &self.body else { return self };
        if !worth || body.len() < SMALL || self.header("cache-control") == Some("no-store") {
            return self;
        }
        let mut out = flate2::write::GzEncoder::new(Vec::with_capacity(body.len() / 4), flate2::Compression::new(2));
        // Writing into memory does not fail.
        let packed = std::io::Write::write_all(&mut out, body).and_then(|()| out.finish());
        let Ok(packed) = packed else { return self };
        self.body = Body::Whole(packed.into());
        self.with("content-encoding", "gzip").with("vary", "accept-encoding")
    }

    /// To be kept as a file of this name.
    #[must_use]
    pub(crate) fn named(self, name: &str) -> Response {
        let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
        let name: String = name.chars().map(plain).collect();
        self.with("content-disposition", &format!("attachment; filename=\"{name}\""))
    }

    /// The value of a header field.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|h| h.0 == name).map(|h| h.1.as_str())
    }

    /// The body as text; of one that is not whole nothing.
    pub fn text(&self) -> String {
        match &self.body {
            Body::Whole(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Body::Pieces(_) | Body::Live => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_come_back_as_they_were() {
        let request = Request::get("/report/a%2Fb%20%26%3D%2B+c/..%2f..?q=x+y%22&from=&since=2016");
        assert_eq!(request.path, ["report", "a/b &=++c", "../.."]);
        assert_eq!((request.value("q"), request.value("from")), (Some("x y\""), None));
        let again = request.again(&[("q", ""), ("skip", "2 3")]);
        assert_eq!(again, "/report/a%2Fb%20%26%3D%2B%2Bc/..%2F..?since=2016&skip=2%203");
        assert_eq!(Request::get(&again).path, request.path);
        assert_eq!(encoded(".."), "%2E%2E");
        assert_eq!(Request::get("/a/b=c/=/d=").path, ["a", "b=c", "=", "d="]);
    }

    #[test]
    fn answers_are_packed_for_who_takes_that() {
        assert!(takes_gzip("deflate, GZIP;q=0.5") && takes_gzip("gzip"));
        assert!(!takes_gzip("") && !takes_gzip("br") && !takes_gzip("gzip; q=0, br") && !takes_gzip("xgzip"));
        let long = "words ".repeat(1000);
        let packed = Response::json(long.clone()).packed();
        assert_eq!((packed.header("content-encoding"), packed.header("vary")), (Some("gzip"), Some("accept-encoding")));
        let Body::Whole(bytes) = &packed.body else { panic!("not whole") };
        let mut back = String::new();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&bytes[..]), &mut back).unwrap();
        assert!(back == long && bytes.len() < 200);
        assert_eq!(Response::json("short").packed().header("content-encoding"), None);
        assert_eq!(Response::json(long.clone()).with("cache-control", "no-store").packed().header("content-encoding"), None);
        assert_eq!(Response::new(200, "application/vnd.apache.parquet", long).packed().header("content-encoding"), None);
    }

    #[test]
    fn a_name_cannot_leave_its_header() {
        let named = Response::json("").named("a\"\r\nset-cookie: x.csv");
        assert_eq!(named.header("content-disposition"), Some("attachment; filename=\"a---set-cookie--x.csv\""));
    }
}
