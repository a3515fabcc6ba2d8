//! From what people type to what the index understands.

/// The full-text query behind `words`: words and `"phrases"` that must all be there, `OR` between two, `-word` for what must not be
/// there, `title:word`, `begin*`. Everything else is taken as words, so no input is an error. `None`: nothing to look for.
pub fn phrase(words: &str) -> Option<String> {
    let (column, begin) = (|title| if title { "title : " } else { "" }, |begin| if begin { "*" } else { "" });
    let term = |t: &Term| format!("{}\"{}\"{}", column(t.title), t.words.replace('"', " "), begin(t.begin));
    made(words, term, [" OR ", " AND "], |all, not| format!("({all}) NOT {not}"))
}

/// The same for PostgreSQL.
pub(crate) fn tsquery(words: &str) -> Option<String> {
    let term = |t: &Term| {
        let marks = if t.title || t.begin { ":" } else { "" };
        let (title, begin) = (if t.title { "A" } else { "" }, if t.begin { "*" } else { "" });
        format!("'{}'{marks}{begin}{title}", t.words.replace(['\'', '\\'], " "))
    };
    made(words, term, [" | ", " & "], |all, not| format!("({all}) & !{not}"))
}

/// Something to look for.
struct Term {
    words: String,
    title: bool,
    begin: bool,
}

/// A query of terms: how each is written, what stands between two (either, both), and how one is left out.
fn made(
    words: &str,
    term: impl Fn(&Term) -> String,
    between: [&str; 2],
    without: impl Fn(String, String) -> String,
) -> Option<String> {
    let (mut wanted, mut unwanted): (String, Vec<String>) = (String::new(), Vec::new());
    let mut either = false;
    for (token, quoted) in tokens(words) {
        if !quoted && token == "OR" {
            either = !wanted.is_empty();
            continue;
        }
        let (not, token) = if quoted { (false, token.as_str()) } else { split(&token, '-') };
        let (title, token) = match token.strip_prefix("title:") {
            Some(rest) if !rest.is_empty() => (true, rest),
            _ => (false, token),
        };
        let (token, begin) = match token.strip_suffix('*') {
            Some(rest) if !quoted && !rest.is_empty() => (rest, true),
            _ => (token, false),
        };
        if !token.chars().any(char::is_alphanumeric) {
            continue;
        }
        let term = term(&Term { words: token.to_string(), title, begin });
        if not {
            unwanted.push(term);
        } else {
            if !wanted.is_empty() {
                wanted.push_str(between[usize::from(!either)]);
            }
            either = false;
            wanted.push_str(&term);
        }
    }
    if wanted.is_empty() {
        return None;
    }
    Some(unwanted.into_iter().fold(wanted, without))
}

fn split(token: &str, sign: char) -> (bool, &str) {
    match token.strip_prefix(sign) {
        Some(rest) if !rest.is_empty() => (true, rest),
        _ => (false, token),
    }
}

/// Words and quoted phrases, each with whether it was quoted. `title:"a b"` is one.
fn tokens(words: &str) -> Vec<(String, bool)> {
    let mut found: Vec<(String, bool)> = Vec::new();
    let (mut token, mut inside, mut quoted) = (String::new(), false, false);
    for c in words.chars() {
        match c {
            '"' | '“' | '”' => {
                inside = !inside;
                quoted = true;
            }
            c if c.is_whitespace() && !inside => {
                if !token.is_empty() {
                    found.push((std::mem::take(&mut token), quoted));
                }
                quoted = false;
            }
            c => token.push(c),
        }
    }
    if !token.is_empty() {
        found.push((token, quoted));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::phrase;

    #[test]
    fn what_people_type() {
        let cases = [
            ("ceasefire talks", Some("\"ceasefire\" AND \"talks\"")),
            ("\"gaps of trust\" Obama", Some("\"gaps of trust\" AND \"Obama\"")),
            ("Geneva OR Hangzhou", Some("\"Geneva\" OR \"Hangzhou\"")),
            ("talks -football", Some("(\"talks\") NOT \"football\"")),
            ("title:truce negot*", Some("title : \"truce\" AND \"negot\"*")),
            ("title:\"long meeting\"", Some("title : \"long meeting\"")),
            ("AND ( NEAR", Some("\"AND\" AND \"NEAR\"")),
            ("\"unclosed phrase", Some("\"unclosed phrase\"")),
            ("- * ( \"\"", None),
            ("-football", None),
            ("", None),
        ];
        for (words, query) in cases {
            assert_eq!(phrase(words).as_deref(), query, "{words}");
        }
        assert_eq!(
            super::tsquery("\"gaps of trust\" negot* OR title:don't -x").as_deref(),
            Some("('gaps of trust' & 'negot':* | 'don t':A) & !'x'")
        );
        assert_eq!(super::tsquery("- *"), None);
    }
}
