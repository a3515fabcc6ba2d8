//! What pages load beside themselves: in the program, under addresses that change with what they hold.

use crate::http::Response;
use std::sync::OnceLock;

/// Name, kind and content.
const FILES: [(&str, &str, &str); 3] = [
    ("desk.css", "text/css; charset=utf-8", include_str!("../data/desk.css")),
    ("desk.js", "text/javascript; charset=utf-8", include_str!("../data/desk.js")),
    ("mark.svg", "image/svg+xml", include_str!("../data/mark.svg")),
];

/// The address of a file.
pub(crate) fn address(name: &str) -> &'static str {
    static ALL: OnceLock<Vec<String>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let one = |file: &(&str, &str, &str)| {
            format!("/assets/{}?{:08x}", file.0, xxhash_rust::xxh3::xxh3_64(file.2.as_bytes()) as u32)
        };
        FILES.iter().map(one).collect()
    });
    FILES.iter().position(|file| file.0 == name).map_or("", |at| &all[at])
}

/// The file of that name.
pub(crate) fn file(name: &str) -> Option<Response> {
    let (_, kind, content) = FILES.iter().find(|file| file.0 == name)?;
    Some(Response::new(200, kind, *content).with("cache-control", "public, max-age=31536000, immutable"))
}
