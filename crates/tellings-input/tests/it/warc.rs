//! The fixtures of warcio, jwarc, webarchive-commons and Common Crawl: none breaks the reading, what is damaged is told.

use crate::gold;
use std::io::BufReader;
use tellings_input::{Kind, reports};

#[test]
fn archives_are_read_and_damage_is_told() {
    let Some(root) = gold("hostile/warc") else { return };
    let read = |name: &str| {
        let file = BufReader::new(std::fs::File::open(root.join(name)).unwrap());
        let (pages, faults): (Vec<_>, Vec<_>) = reports(name, Box::new(file), Some(Kind::Warc)).partition(Result::is_ok);
        let damaged = pages.iter().flatten().filter(|page| !page.problems.is_empty()).count();
        (pages.len(), faults.len() + damaged)
    };
    assert_eq!(read("warcio/test/data/example.warc"), (1, 0));
    assert_eq!(read("warcio/test/data/example.warc.gz"), (1, 0));
    assert_eq!(read("warcio/test/data/example.arc.gz"), (1, 0));
    assert_eq!(read("warcio/test/data/example-iana.org-chunked.warc"), (1, 0));
    assert_eq!(read("warcio/test/data/example-wrong-chunks.warc.gz"), (1, 0));
    assert_eq!(read("warcio/test/data/example-trunc.warc"), (1, 2));
    assert_eq!(read("whirlwind/whirlwind.warc.wet.gz"), (1, 0));
    assert_eq!(read("jwarc/test-resources/org/netpreserve/jwarc/cc.warc.gz"), (1, 0));
    let commons = "webarchive-commons/src/test/resources/org/archive";
    assert_eq!(read(&format!("{commons}/format/gzip/IAH-urls-wget.warc.gz")), (5, 0));
    assert_eq!(read(&format!("{commons}/format/warc/IAH-urls-wget.warc")), (5, 0));
    assert_eq!(read(&format!("{commons}/format/gzip/double-single-inflate-error.gz")).0, 0);
}
