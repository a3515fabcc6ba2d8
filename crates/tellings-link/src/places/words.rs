//! The words of a text as place names need them: where they stand, whether they are capitalised, what stands between.

use tellings_doc::Span;

/// Words before names that are written with a point.
const ABBREVIATIONS: [&str; 19] = [
    "St", "Ste", "Mt", "Ft", "Mr", "Mrs", "Ms", "Dr", "Sen", "Rep", "Gov", "Gen", "Lt", "Col", "Sgt", "Capt", "Prof", "Rev",
    "Maj",
];

/// What stands between a word and the one before it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Gap {
    /// A blank, or nothing.
    Blank,
    /// A hyphen.
    Hyphen,
    /// A comma, alone.
    Comma,
    /// An opening bracket.
    Bracket,
    /// Anything else: marks, line breaks.
    Stop,
}

/// A word.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Word {
    /// Its letters, a possessive ending left out.
    pub(crate) span: Span,
    /// It begins with a capital letter.
    pub(crate) capital: bool,
    /// What stands before it.
    pub(crate) gap: Gap,
    /// It begins a sentence, a line or a quotation, as far as marks tell.
    pub(crate) starts_sentence: bool,
}

/// The words of a text. Points inside or after an abbreviation belong to it ("U.S.", "St.").
pub(crate) fn words(text: &str) -> Vec<Word> {
    let mut list: Vec<Word> = Vec::with_capacity(text.len() / 6);
    let mut last = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if !c.is_alphanumeric() {
            continue;
        }
        let mut end = start + c.len_utf8();
        while let Some(&(at, c)) = chars.peek() {
            let inner =
                matches!(c, '\'' | '’' | 'ʼ' | '‘' | '.') && text[at + c.len_utf8()..].starts_with(|n: char| n.is_alphabetic());
            let point_between_words = c == '.' && at - start > 3 && !text[start..at].contains('.');
            if c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c) || inner && !point_between_words {
                end = at + c.len_utf8();
                chars.next();
            } else {
                break;
            }
        }
        let mut word = &text[start..end];
        for ending in ["'s", "’s", "'S", "’S"] {
            word = word.strip_suffix(ending).unwrap_or(word);
        }
        let abbreviation = ABBREVIATIONS.contains(&word) || word.contains('.') && word.len() <= 6;
        let with_point = abbreviation && word.len() == end - start && text[end..].starts_with('.');
        let span = Span::new(start, start + word.len() + usize::from(with_point));
        let (gap, starts_sentence) = gap(&text[last..start], list.is_empty());
        // "d'Ivoire", "al'Umari"
        let inner = || word.split(['\'', '’']).nth(1).is_some_and(|part| part.starts_with(char::is_uppercase));
        list.push(Word { span, capital: c.is_uppercase() || inner(), gap, starts_sentence });
        last = end.max(span.end());
        if with_point {
            chars.next();
        }
    }
    list
}

/// What a stretch between two words is, and whether a sentence may begin after it.
fn gap(between: &str, first: bool) -> (Gap, bool) {
    // A possessive ending may stand first.
    let between = between.trim_start_matches(['\'', '’', 's', 'S']);
    let starts = first || between.contains(['.', '!', '?', '\n', '"', '“', '”', ':', '•', '*', '|']);
    let gap = match between {
        "" | " " | "  " | "\u{a0}" => Gap::Blank,
        "-" | "–" | "‑" => Gap::Hyphen,
        ", " | "," | " , " | "., " | ",\n" => Gap::Comma,
        " (" | "(" => Gap::Bracket,
        _ if between.trim_matches(' ').is_empty() => Gap::Blank,
        "\n" => Gap::Stop,
        _ => Gap::Stop,
    };
    (gap, starts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_names() {
        let text = "The U.S. envoy met St. Petersburg's mayor, in N'Djamena (Chad).\nPort-au-Prince waits.Then U.S.";
        let found: Vec<_> = words(text).iter().map(|w| (w.span.of(text), w.gap, w.starts_sentence)).collect();
        assert_eq!(found[1], ("U.S.", Gap::Blank, false));
        assert_eq!(found[4], ("St.", Gap::Blank, false));
        assert_eq!(found[5], ("Petersburg", Gap::Blank, false));
        assert_eq!(found[7], ("in", Gap::Comma, false));
        assert_eq!(found[8], ("N'Djamena", Gap::Blank, false));
        assert_eq!(found[9], ("Chad", Gap::Bracket, false));
        assert_eq!(found[10], ("Port", Gap::Stop, true));
        assert_eq!(found[11], ("au", Gap::Hyphen, false));
        assert_eq!(found[14], ("Then", Gap::Stop, true));
    }
}
