//! What every target asks of what was read.

use std::sync::OnceLock;
use tellings::doc::Doc;
use tellings::{Models, json, reconcile};

/// The shipped models, opened once.
pub fn models() -> &'static Models {
    static MODELS: OnceLock<Models> = OnceLock::new();
    MODELS.get_or_init(Models::shipped)
}

/// Sound layers, and JSON that can be read back; the record as well.
pub fn sound(doc: Doc) {
    assert_eq!(tellings_testing::sound::fault(&doc), None);
    let mut out = Vec::new();
    json::write_reading(&doc, &mut out).expect("memory takes all");
    let (_, record) = reconcile(models(), vec![doc]);
    json::write_record(&record, &mut out).expect("memory takes all");
    for value in serde_json::Deserializer::from_slice(&out).into_iter::<serde_json::Value>() {
        value.expect("JSON");
    }
}
