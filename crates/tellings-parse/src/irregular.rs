//! Past forms and plurals that no ending tells: a small table for words that the trained one has not seen.

use crate::tagger::Tag;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;
use tellings_doc::Xpos;

/// Longest form of the table, in bytes.
const LONGEST: usize = 16;

/// `data/irregular.tsv`: dictionary forms by form and by whether it is a verb's.
static TABLE: LazyLock<FxHashMap<(&str, bool), &str>> = LazyLock::new(|| {
    let rows = include_str!("../data/irregular.tsv").lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|row| {
        let mut columns = row.split('\t');
        Some(((columns.next()?, columns.next()? == "V"), columns.next()?))
    })
    .collect()
});

/// The dictionary form of an irregular past form or plural; `None` for every other word.
pub(crate) fn lemma(form: &str, tag: Tag) -> Option<&'static str> {
    let verb = match tag.xpos {
        Xpos::Vbd | Xpos::Vbn => true,
        Xpos::Nns => false,
        _ => return None,
    };
    if form.len() > LONGEST {
        return None;
    }
    let mut lower = [0u8; LONGEST];
    let lower = &mut lower[..form.len()];
    lower.copy_from_slice(form.as_bytes());
    lower.make_ascii_lowercase();
    TABLE.get(&(std::str::from_utf8(lower).ok()?, verb)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_and_asked_by_tag() {
        let tag = |xpos| Tag { xpos, ..Tag::default() };
        assert_eq!(lemma("Fled", tag(Xpos::Vbd)), Some("flee"));
        assert_eq!(lemma("gunmen", tag(Xpos::Nns)), Some("gunman"));
        assert_eq!(lemma("found", tag(Xpos::Vb)), None);
        assert!(TABLE.keys().all(|(form, _)| form.len() <= LONGEST));
    }
}
