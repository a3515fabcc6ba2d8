//! What an act is called: `data/acts.tsv`, by CAMEO code.

use std::sync::OnceLock;
use tellings_doc::EventType;

/// The words for one CAMEO code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Act {
    cameo: &'static str,
    /// `held talks`.
    pub past: &'static str,
    /// `hold talks`.
    pub base: &'static str,
    /// The word that leads to the recipients; empty where they are the verb's object.
    pub link: &'static str,
    /// `past` where no recipient is known.
    pub alone_past: &'static str,
    /// `base` where no recipient is known.
    pub alone_base: &'static str,
    /// What the recipients were, where nobody is known to have done it.
    pub passive: Option<&'static str>,
    /// The act where nobody is known: `talks`.
    pub noun: &'static str,
}

static TABLE: &str = include_str!("../data/acts.tsv");

/// All rows, in the table's order.
fn table() -> &'static [Act] {
    static ACTS: OnceLock<Vec<Act>> = OnceLock::new();
    ACTS.get_or_init(|| TABLE.lines().filter(|l| !l.starts_with('#')).skip(1).filter_map(row).collect())
}

fn row(line: &'static str) -> Option<Act> {
    let mut cells = line.split('\t');
    let mut next = || cells.next();
    let (cameo, past, base, link) = (next()?, next()?, next()?, next()?);
    let (alone_past, alone_base, passive, noun) = (next()?, next()?, next()?, next()?);
    let or = |cell: &'static str, same: &'static str| if cell == "=" { same } else { cell };
    Some(Act {
        cameo,
        past,
        base,
        link,
        alone_past: or(alone_past, past),
        alone_base: or(alone_base, base),
        passive: Some(passive).filter(|p| *p != "-"),
        noun,
    })
}

/// The words for a CAMEO code, or for the longest start of it that has words; without a code, for the PLOVER type.
pub(crate) fn act(cameo: &str, kind: EventType) -> Act {
    let of = |code: &str| table().iter().find(|a| a.cameo == code).copied();
    (2..=cameo.len().min(4))
        .rev()
        .filter_map(|n| cameo.get(..n))
        .find_map(|start| of(start).or_else(|| of(&format!("{start}0"))))
        .or_else(|| of(general(kind)))
        .unwrap_or(table()[0])
}

/// The CAMEO code that stands for a whole PLOVER type.
fn general(kind: EventType) -> &'static str {
    match kind {
        EventType::Agree => "030",
        EventType::Consult => "040",
        EventType::Support => "051",
        EventType::Concede => "080",
        EventType::Cooperate => "060",
        EventType::Aid => "070",
        EventType::Retreat => "087",
        EventType::Request => "100",
        EventType::Accuse => "111",
        EventType::Reject => "120",
        EventType::Threaten => "130",
        EventType::Protest => "140",
        EventType::Sanction => "160",
        EventType::Mobilize => "150",
        EventType::Coerce => "170",
        EventType::Assault => "190",
        EventType::Other => "000",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_a_row_and_no_code_stands_twice() {
        let lines = TABLE.lines().filter(|l| !l.starts_with('#')).count() - 1;
        assert_eq!(table().len(), lines);
        for (i, a) in table().iter().enumerate() {
            assert!(table()[..i].iter().all(|b| b.cameo != a.cameo), "{} stands twice", a.cameo);
            assert!(a.cameo.bytes().all(|b| b.is_ascii_digit()) && !a.noun.is_empty() && !a.past.is_empty(), "{a:?}");
        }
    }

    #[test]
    fn a_code_without_words_is_told_by_its_start() {
        assert_eq!(act("0411", EventType::Consult).past, "spoke by telephone");
        assert_eq!(act("1951", EventType::Assault).past, "made air strikes");
        assert_eq!(act("059", EventType::Support).base, act("050", EventType::Support).base);
        assert_eq!(act("", EventType::Protest).past, "protested");
    }
}
