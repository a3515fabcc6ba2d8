//! Any bytes as a feed, an archive, mail, a table, a bundle, a list: the first byte chooses which.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::io::Cursor;
use tellings_input::{Kind, lists, reports};

const KINDS: [Option<Kind>; 9] = [
    None,
    Some(Kind::Jsonl),
    Some(Kind::Csv),
    Some(Kind::Tsv),
    Some(Kind::Bundle),
    Some(Kind::Feed),
    Some(Kind::Warc),
    Some(Kind::Mhtml),
    Some(Kind::Html),
];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let kind = KINDS[usize::from(*first) % KINDS.len()];
    assert!(reports("input", Box::new(Cursor::new(bytes.to_vec())), kind).count() <= bytes.len() + 2);
    let feeds = lists::opml(bytes);
    assert_eq!(lists::opml(lists::to_opml("x", &feeds).as_bytes()).len(), feeds.len());
    let _ = (lists::sitemap(bytes), lists::feeds_of_page(bytes, "https://ledger.example/"));
});
