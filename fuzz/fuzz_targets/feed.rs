//! Any bytes as a feed, a list of feeds, a sitemap, a page that names feeds.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tellings_input::{Kind, lists};

#[path = "swallow.rs"]
mod swallow;

fuzz_target!(|bytes: &[u8]| {
    swallow::swallow(bytes, Some(Kind::Feed));
    let feeds = lists::opml(bytes);
    assert_eq!(lists::opml(lists::to_opml("x", &feeds).as_bytes()).len(), feeds.len());
    let _ = (lists::sitemap(bytes), lists::feeds_of_page(bytes, "https://ledger.example/"));
});
