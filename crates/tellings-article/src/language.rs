//! Language gate: is this report English?

use whichlang::Lang;

/// The commonest English words: about a third of any English running text.
const COMMON: [&str; 28] = [
    "the", "of", "and", "to", "in", "a", "that", "is", "was", "for", "on", "with", "said", "has", "have", "by", "at", "from",
    "it", "he", "as", "are", "be", "not", "will", "this", "who", "his",
];
/// Common words of the other languages in our letters that are no English words.
const FOREIGN: [&str; 69] = [
    "aux", "av", "bir", "con", "các", "của", "da", "dans", "das", "de", "del", "della", "den", "der", "det", "di", "du", "een",
    "ein", "eine", "el", "en", "est", "et", "för", "gli", "het", "il", "ile", "ist", "için", "la", "las", "le", "les", "lo",
    "los", "là", "med", "mit", "na", "nei", "nel", "nicht", "não", "och", "olarak", "para", "pas", "por", "pour", "på", "que",
    "qui", "sich", "som", "su", "sur", "til", "um", "un", "una", "und", "van", "ve", "voor", "và", "zu", "är",
];
/// Bytes looked at: enough for a sure answer, whatever the length.
const SAMPLE: usize = 6000;
/// Words below which the language is not told.
const FEW: usize = 6;

/// ISO 639-1 code of the language the text is written in; `und` where it is surely not English but not known which;
/// `None` where there is too little text to tell (it is then read as English).
pub(crate) fn language(text: &str) -> Option<&'static str> {
    let sample = sample(text);
    let (mut latin, mut other) = (0usize, 0usize);
    for c in sample.chars().filter(|c| c.is_alphabetic()) {
        match c {
            'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => latin += 1,
            _ => other += 1,
        }
    }
    if latin + other < 20 {
        return None;
    }
    let told = || code(whichlang::detect_language(sample));
    if other > latin {
        let told = told();
        let fits = matches!(told, "ar" | "hi" | "ja" | "ko" | "ru" | "zh");
        return Some(if fits { told } else { "und" });
    }
    let words: Vec<&str> = sample.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).collect();
    let common = words.iter().filter(|w| COMMON.iter().any(|c| c.eq_ignore_ascii_case(w))).count();
    let share = common as f32 / words.len().max(1) as f32;
    // Surely English, whatever the letters would tell.
    if words.len() >= FEW && share >= 0.2 {
        return Some("en");
    }
    match (told(), words.len()) {
        (_, ..FEW) => None,
        ("en", ..40) => Some("en"),
        // Lists and tables have few common words: English is not refused for that.
        ("en", _) => Some("en").filter(|_| share >= 0.03),
        (_, ..40) if share >= 0.2 => Some("en"),
        // So few words may all be names and titles: only words of another language tell.
        (other, 8..15) if common == 0 && foreign(&words) >= 0.15 => Some(other),
        (_, ..15) => None,
        _ if share >= 0.17 => Some("en"),
        (other, _) => Some(other),
    }
}

/// Share of the words that are common in another language and are no English ones.
fn foreign(words: &[&str]) -> f32 {
    let told = words.iter().filter(|w| FOREIGN.contains(&w.to_lowercase().as_str())).count();
    told as f32 / words.len().max(1) as f32
}

/// A stretch from the middle of long texts, where menus and mottos are rarer.
fn sample(text: &str) -> &str {
    if text.len() <= SAMPLE {
        return text;
    }
    let start = (text.len() / 4..text.len()).find(|&i| text.is_char_boundary(i)).unwrap_or(0);
    let end = (start..(start + SAMPLE).min(text.len()) + 1).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(text.len());
    &text[start..end]
}

fn code(lang: Lang) -> &'static str {
    match lang {
        Lang::Ara => "ar",
        Lang::Cmn => "zh",
        Lang::Deu => "de",
        Lang::Eng => "en",
        Lang::Fra => "fr",
        Lang::Hin => "hi",
        Lang::Ita => "it",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Nld => "nl",
        Lang::Por => "pt",
        Lang::Rus => "ru",
        Lang::Spa => "es",
        Lang::Swe => "sv",
        Lang::Tur => "tr",
        Lang::Vie => "vi",
    }
}

#[cfg(test)]
mod tests {
    use super::language;

    #[test]
    fn english_and_other_languages() {
        assert_eq!(language("The envoy said that both sides had agreed to meet again in Geneva."), Some("en"));
        assert_eq!(
            language(
                "Der Gesandte sagte, beide Seiten hätten sich auf ein weiteres Treffen in der kommenden Woche in Genf verständigt."
            ),
            Some("de")
        );
        assert_eq!(
            language("Le médiateur a déclaré que les deux camps étaient convenus de se revoir à Genève la semaine prochaine."),
            Some("fr")
        );
        assert_eq!(language("Министр иностранных дел заявил, что переговоры продолжатся на следующей неделе."), Some("ru"));
        assert_eq!(language("Talks resume"), None);
        assert_eq!(language("12345 67890 — 11"), None);
    }

    #[test]
    fn a_headline_of_names_is_not_refused() {
        assert_ne!(language("Lavrov, Kerry discuss Aleppo truce"), Some("it"));
        assert_eq!(language("U.S. Gen. J. R. Hale met Mr. Orlov."), None);
        assert_eq!(language("Les deux camps se sont retrouvés jeudi à Genève pour parler."), Some("fr"));
    }
}
