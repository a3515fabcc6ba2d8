//! Any bytes as a feed, a list of feeds, a sitemap, a page that names feeds.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tellings_input::{Kind, lists};

#[path = "swallow.rs"]
mod swallow;

fuzz_target!(|bytes: &[u8]| {
    swallow::swallow(bytes, Some(Kind::Feed));
    let (mut feeds, mut again) = (Vec::new(), 0);
    lists::opml(bytes, |feed| feeds.push(feed));
    lists::opml(lists::to_opml("x", &feeds).as_bytes(), |_| again += 1);
    assert_eq!(again, feeds.len());
    lists::sitemap(bytes, |_| {});
    let _ = lists::feeds_of_page(bytes, "https://ledger.example/");
});
