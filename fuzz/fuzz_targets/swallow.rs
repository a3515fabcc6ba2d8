//! What every target of `tellings-input` asks of the reports in these bytes.

use std::io::Cursor;
use std::sync::Once;
use tellings_input::{Kind, reports};

/// Reads bytes as a kind (or as what they look like): no more items than bytes, no more text than packed bytes can hold.
pub fn swallow(bytes: &[u8], kind: Option<Kind>) {
    // The readers of Parquet and PDF catch what breaks others' code within them, and tell it; libFuzzer's own hook would end
    // the run there. What is not caught still ends it.
    static ONCE: Once = Once::new();
    ONCE.call_once(|| drop(std::panic::take_hook()));
    let (mut items, mut length) = (0, 0);
    for item in reports("input", Box::new(Cursor::new(bytes.to_vec())), kind) {
        items += 1;
        length += item.map_or(0, |report| report.body.len());
    }
    assert!(items <= bytes.len() + 2, "{items} items in {} bytes", bytes.len());
    assert!(length <= 1024 * bytes.len() + (1 << 20), "{length} bytes of text in {}", bytes.len());
}
