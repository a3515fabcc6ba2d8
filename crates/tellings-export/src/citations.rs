//! The reports as CSL-JSON, for Zotero and its like.

use crate::Written;
use crate::view::{Day, View};
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// One item a document.
pub(crate) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<Written> {
    let items: Vec<Value> = (0..view.record.documents.len())
        .map(|d| {
            let (document, article) = (view.document(d), &view.doc(d).article);
            let mut item = Map::new();
            item.insert("id".into(), json!(document.id));
            item.insert("type".into(), json!("article-newspaper"));
            item.insert("title".into(), json!(document.title.as_deref().unwrap_or(&document.id)));
            if !article.bylines.is_empty() {
                let authors: Vec<Value> = article.bylines.iter().map(|name| author(name)).collect();
                item.insert("author".into(), json!(authors));
            }
            let outlet = document.source.outlet.as_deref().or(document.credits.first().map(String::as_str));
            if let Some(outlet) = outlet {
                item.insert("container-title".into(), json!(outlet));
            }
            if let Some(url) = &document.source.url {
                item.insert("URL".into(), json!(url));
            }
            if let Some(published) = &document.published {
                if let Some(Day { year, month, day }) = Day::read(&published.value) {
                    let parts: Vec<i16> = [Some(year), month.map(i16::from), day.map(i16::from)].into_iter().flatten().collect();
                    item.insert("issued".into(), json!({ "date-parts": [parts] }));
                }
                item.insert("note".into(), json!(format!("date: {}", published.basis.as_str())));
            }
            if let Some(language) = &article.language {
                item.insert("language".into(), json!(language));
            }
            Value::Object(item)
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &items)?;
    out.write_all(b"\n")?;
    Ok(Written { rows: items.len(), ..Written::default() })
}

/// A name of two words or more is taken apart at the last blank; others stay whole.
fn author(name: &str) -> Value {
    match name.rsplit_once(' ') {
        Some((given, family)) => json!({ "given": given, "family": family }),
        None => json!({ "literal": name }),
    }
}
