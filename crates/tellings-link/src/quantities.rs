//! Numbers with their units or what they count: "a 90-minute meeting", "at least 12 soldiers", "$3.5bn", "dozens of protesters".
//!
//! The number is read from the words, its unit from a table (`data/units.tsv`), what it counts from the tree. A number that is
//! part of a date, a clock time or a name counts nothing and is left out.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;
use tellings_doc::{Article, Deprel, Id, Parse, Quantity, Time, TimeKind, Token, Upos};

/// What a word is to a number.
#[derive(Clone, Debug, PartialEq)]
enum Word {
    /// A number word to add ("twenty") and one to multiply with ("hundred", "bn").
    Add(f64),
    Times(f64),
    /// "dozens": at least so many, or so many times the next such word ("tens of thousands").
    Many(f64),
    /// "several", "a few": at least so many.
    Few(f64),
    /// A unit of measure, by its singular name.
    Unit(&'static str),
    /// A currency, by its singular name.
    Money(&'static str),
}

static WORDS: LazyLock<FxHashMap<&'static str, Word>> = LazyLock::new(|| {
    let mut words = FxHashMap::default();
    for line in include_str!("../data/units.tsv").lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let (Some(kind), Some(value), Some(forms)) = (columns.next(), columns.next(), columns.next()) else { continue };
        let number = value.parse().unwrap_or(0.0);
        let word = match kind {
            "add" => Word::Add(number),
            "times" => Word::Times(number),
            "many" => Word::Many(number),
            "few" => Word::Few(number),
            "money" => Word::Money(value),
            _ => Word::Unit(value),
        };
        for form in forms.split(' ') {
            words.insert(form, word.clone());
        }
    }
    words
});

/// What the words before a number say of it.
#[derive(Clone, Copy, PartialEq)]
enum Limit {
    Least,
    Most,
    About,
}

/// Words before a number that bound it, nearest word last.
const LIMITS: [(&[&str], Limit); 24] = [
    (&["at", "least"], Limit::Least),
    (&["more", "than"], Limit::Least),
    (&["no", "fewer", "than"], Limit::Least),
    (&["no", "less", "than"], Limit::Least),
    (&["not", "less", "than"], Limit::Least),
    (&["a", "minimum", "of"], Limit::Least),
    (&["upwards", "of"], Limit::Least),
    (&["upward", "of"], Limit::Least),
    (&["over"], Limit::Least),
    (&["no", "more", "than"], Limit::Most),
    (&["not", "more", "than"], Limit::Most),
    (&["at", "most"], Limit::Most),
    (&["up", "to"], Limit::Most),
    (&["as", "many", "as"], Limit::Most),
    (&["as", "much", "as"], Limit::Most),
    (&["fewer", "than"], Limit::Most),
    (&["less", "than"], Limit::Most),
    (&["under"], Limit::Most),
    (&["nearly"], Limit::Most),
    (&["almost"], Limit::Most),
    (&["about"], Limit::About),
    (&["around"], Limit::About),
    (&["approximately"], Limit::About),
    (&["some"], Limit::About),
];

/// A number as the words give it.
struct Number {
    value: f64,
    low: Option<f64>,
    high: Option<f64>,
    money: Option<&'static str>,
    /// A unit written against the digits ("1000km").
    unit: Option<&'static str>,
    /// The token after its last.
    end: usize,
    /// Was it written with nothing but "a"?
    article: bool,
}

/// Quantities in text order.
pub(crate) fn quantities(article: &Article, parse: &Parse, times: &[Time]) -> Vec<Quantity> {
    let reader = Reader { text: &article.text, parse };
    let mut quantities = Vec::new();
    let (mut time, mut name) = (0, 0);
    for sentence in &parse.sentences {
        let (mut at, end) = (sentence.tokens.start, sentence.tokens.end);
        while at < end {
            let span = parse.tokens[at].span;
            while times.get(time).is_some_and(|t| t.span.end() <= span.start()) {
                time += 1;
            }
            while parse.names.get(name).is_some_and(|n| n.span.end() <= span.start()) {
                name += 1;
            }
            let dated = times.get(time).is_some_and(|t| t.kind != TimeKind::Duration && t.span.touches(span));
            let named = parse.names.get(name).is_some_and(|n| n.span.touches(span));
            match reader.quantity(at, end).filter(|_| !dated && !named) {
                Some((quantity, next)) => {
                    quantities.push(quantity);
                    at = next.max(at + 1);
                }
                None => at += 1,
            }
        }
    }
    quantities
}

struct Reader<'a> {
    text: &'a str,
    parse: &'a Parse,
}

impl Reader<'_> {
    fn word(&self, at: usize) -> &str {
        self.parse.tokens[at].span.of(self.text)
    }

    fn known(&self, at: usize, end: usize) -> Option<&'static Word> {
        let mut lower = [0u8; 16];
        let word = if at < end { self.word(at).as_bytes() } else { b"" };
        let lower = lower.get_mut(..word.len())?;
        lower.copy_from_slice(word);
        lower.make_ascii_lowercase();
        WORDS.get(std::str::from_utf8(lower).ok()?)
    }

    /// The quantity that starts at a token, and the token after it.
    fn quantity(&self, at: usize, end: usize) -> Option<(Quantity, usize)> {
        // "G20" is a name, whatever the tokens.
        let start = self.parse.tokens[at].span.start();
        if self.text.get(..start).is_some_and(|before| before.ends_with(char::is_alphabetic)) {
            return None;
        }
        let mut number = self.number(at, end)?;
        let mut from = at;
        // "10 to 12", "10-12", "between 10 and 12".
        if let Some(joint) = (number.end < end).then(|| self.word(number.end)) {
            let between = at > 0 && self.word(at - 1).eq_ignore_ascii_case("between");
            if (matches!(joint, "to" | "-" | "–") || joint == "and" && between || joint == "or")
                && let Some(other) = self.number(number.end + 1, end).filter(|other| !other.article && other.value > number.value)
            {
                let low = if number.value < 1000.0 && other.value >= 1e6 && number.money.is_some() {
                    number.value * 1e6
                } else {
                    number.value
                };
                number = Number {
                    value: (low + other.value) / 2.0,
                    low: Some(low),
                    high: Some(other.value),
                    money: number.money.or(other.money),
                    ..other
                };
                from -= usize::from(between);
            }
        }
        let mut next = number.end;
        let mut unit = number.unit;
        let hyphen = next < end && matches!(self.word(next), "-" | "‑" | "–");
        if let Some(Word::Unit(name)) = self.known(next + usize::from(hyphen), end) {
            next += 1 + usize::from(hyphen);
            unit = Some(name);
            // "per cent", "square kilometres".
            if let Some(Word::Unit(second)) = self.known(next, end).filter(|_| matches!(*name, "per" | "square" | "cubic")) {
                next += 1;
                unit = Some(if *name == "per" { "percent" } else { second });
            }
        } else if let Some(Word::Money(name)) = self.known(next, end).filter(|_| number.money.is_none()) {
            next += 1;
            unit = Some(name);
        }
        unit = number.money.or(unit).filter(|unit| !matches!(*unit, "per" | "square" | "cubic"));
        // An age is no quantity; nor is "one" or "a" that measures nothing.
        if unit == Some("year")
            && next < end
            && (self.word(next) == "old" || hyphen && next + 1 < end && self.word(next + 1) == "old")
        {
            return None;
        }
        if number.article && unit.is_none() {
            return None;
        }
        let of = if unit.is_some() { None } else { self.counted(at, number.end, hyphen) };
        if unit.is_none() && of.is_none() && !self.stands_alone(number.end - 1, at) {
            return None;
        }
        if let Some((words, limit)) = self.limit(from) {
            from -= words;
            match limit {
                Limit::Least => number.low = number.low.or(Some(number.value)),
                Limit::Most => number.high = number.high.or(Some(number.value)),
                Limit::About => {}
            }
        }
        if next + 1 < end && self.word(next) == "or" && matches!(self.word(next + 1), "more" | "so") {
            if self.word(next + 1) == "more" {
                number.low = Some(number.value);
            }
            next += 2;
        }
        let span = self.parse.tokens[from].span.join(self.parse.tokens[next.max(at + 1) - 1].span);
        let Number { value, low, high, .. } = number;
        Some((Quantity { span, value, low, high, unit: unit.map(str::to_string), of }, next))
    }

    /// The number that starts at a token.
    fn number(&self, at: usize, end: usize) -> Option<Number> {
        let mut next = at;
        let mut number = Number { value: 0.0, low: None, high: None, money: None, unit: None, end: at, article: false };
        if let Some(Word::Money(name)) =
            self.known(next, end).filter(|_| !self.word(next).starts_with(|c: char| c.is_ascii_lowercase()))
        {
            number.money = Some(name);
            next += 1;
        }
        if next >= end {
            return None;
        }
        let first = self.word(next);
        let lower_article = ["a", "an", "half"].iter().any(|word| first.eq_ignore_ascii_case(word));
        if let Some((value, rest)) = digits(first.trim_start_matches('$')) {
            if first.starts_with('$') {
                number.money = Some("dollar");
            }
            number.value = value;
            next += 1;
            match WORDS.get(rest.to_ascii_lowercase().as_str()) {
                _ if rest.is_empty() => {}
                Some(Word::Times(times)) => number.value *= times,
                Some(Word::Unit(unit)) => number.unit = Some(unit),
                _ if rest == "+" => number.low = Some(value),
                _ => return None,
            }
            // "400 million", "3.5 bn".
            while let Some(Word::Times(times)) = self.known(next, end) {
                number.value *= times;
                next += 1;
            }
        } else if number.money.is_some() {
            return None;
        } else if lower_article
            || self.known(next, end).is_some_and(|w| matches!(w, Word::Add(_) | Word::Times(_) | Word::Many(_) | Word::Few(_)))
        {
            next = self.number_words(next, end, &mut number)?;
        } else {
            return None;
        }
        number.end = next;
        Some(number)
    }

    /// Reads a number written in words into `number`; the token after it.
    fn number_words(&self, at: usize, end: usize, number: &mut Number) -> Option<usize> {
        let (mut next, mut total, mut current, mut seen) = (at, 0.0, 0.0, false);
        let first = self.word(at);
        if first.eq_ignore_ascii_case("half") || first.eq_ignore_ascii_case("a") || first.eq_ignore_ascii_case("an") {
            next += 1;
            let half = first.eq_ignore_ascii_case("half");
            // "half a dozen", "half an hour".
            if half && next < end && matches!(self.word(next), "a" | "an") {
                next += 1;
            }
            current = if half { 0.5 } else { 1.0 };
            number.article = true;
            // "an estimated 30", "a further 12" are no articles of the number.
            if let Some(Word::Few(few)) = self.known(next, end) {
                (number.value, number.low, number.article) = (*few, Some(*few), false);
                return Some(next + 1);
            }
            if next < end && !half && matches!(self.word(next), "couple" | "pair") {
                (number.value, number.article) = (2.0, false);
                return Some(next + 1 + usize::from(next + 1 < end && self.word(next + 1) == "of"));
            }
        }
        while next < end {
            match self.known(next, end) {
                Some(Word::Add(value)) if !number.article => {
                    current += value;
                    seen = true;
                }
                Some(Word::Times(times)) => {
                    current = if current == 0.0 { 1.0 } else { current } * times;
                    if *times >= 1000.0 {
                        total += current;
                        current = 0.0;
                    }
                    (seen, number.article) = (true, false);
                }
                Some(Word::Many(many)) if !seen && !number.article => {
                    let of = next + 2 < end && self.word(next + 1) == "of";
                    let more = match self.known(next + 2, end) {
                        Some(Word::Many(more)) if of => Some(more / if *more >= 100.0 { 2.0 } else { 1.0 }),
                        _ => None,
                    };
                    number.value = many * more.unwrap_or(1.0);
                    number.low = Some(number.value);
                    return Some(if more.is_some() { next + 3 } else { next + 1 });
                }
                Some(Word::Few(few)) if !seen && !number.article => {
                    let times = match self.known(next + 1, end) {
                        Some(Word::Times(times)) => Some(*times),
                        _ => None,
                    };
                    number.value = few * times.unwrap_or(1.0);
                    number.low = Some(number.value);
                    return Some(if times.is_some() { next + 2 } else { next + 1 });
                }
                _ if seen
                    && next + 1 < end
                    && matches!(self.word(next), "-" | "and")
                    && matches!(self.known(next + 1, end), Some(Word::Add(_)))
                    && (self.word(next) == "-" && (20.0..100.0).contains(&current)
                        || self.word(next) == "and" && (current >= 100.0 || total > 0.0)) => {}
                _ => break,
            }
            next += 1;
        }
        if !seen && !number.article {
            return None;
        }
        number.value = total + current;
        Some(next)
    }

    /// The limiting words right before a token: how many, and what they say.
    fn limit(&self, at: usize) -> Option<(usize, Limit)> {
        LIMITS.iter().find_map(|(words, limit)| {
            let from = at.checked_sub(words.len())?;
            let same = words.iter().enumerate().all(|(i, word)| self.word(from + i).eq_ignore_ascii_case(word));
            same.then_some((words.len(), *limit))
        })
    }

    /// Lemma of what the number of tokens `at..end` counts.
    fn counted(&self, at: usize, end: usize, hyphen: bool) -> Option<String> {
        if hyphen {
            return None;
        }
        let noun = |id: Id<Token>| matches!(self.parse.token(id).upos, Upos::Noun | Upos::Propn);
        let lemma = |id: Id<Token>| Some(self.parse.lemma(id).to_lowercase());
        // "a pair of missiles": what "of" belongs to counts them.
        let last = Id::new(if end > at + 1 && self.word(end - 1) == "of" { end - 2 } else { end - 1 });
        for id in (at..end).rev().map(Id::new) {
            let token = self.parse.token(id);
            if matches!(token.deprel.base(), Deprel::Nummod | Deprel::Amod | Deprel::Det)
                && let Some(head) = token.head.filter(|head| head.index() >= end && noun(*head))
            {
                return lemma(head);
            }
        }
        // "dozens of people", where the tree hangs the people elsewhere.
        if matches!(self.known(end - 1, end), Some(Word::Many(_))) && end + 1 < self.parse.tokens.len() && self.word(end) == "of"
        {
            let near = (end + 1..(end + 4).min(self.parse.tokens.len())).map(Id::new);
            let phrase =
                near.take_while(|&t| matches!(self.parse.token(t).upos, Upos::Adj | Upos::Noun | Upos::Propn | Upos::Det));
            if let Some(last) = phrase.filter(|&t| noun(t)).last() {
                return lemma(last);
            }
        }
        // "dozens of protesters", "12 of the soldiers".
        self.parse
            .by_relation(last, Deprel::Nmod)
            .find(|&child| noun(child) && self.parse.by_relation(child, Deprel::Case).any(|c| self.word(c.index()) == "of"))
            .and_then(lemma)
    }

    /// Does the number stand for what it counts ("killing 12", "30 were hurt")?
    fn stands_alone(&self, last: usize, first: usize) -> bool {
        let token = &self.parse.tokens[last];
        let argument = matches!(token.deprel.base(), Deprel::Nsubj | Deprel::Obj | Deprel::Obl | Deprel::Iobj);
        // "one" is more often a pronoun, and a head to the left is a name or a heading ("Flight 17").
        let small = self.parse.tokens[first].span.of(self.text).eq_ignore_ascii_case("one");
        let group = first >= 2 && self.word(first - 1) == "of" && self.word(first - 2) == "Group";
        // "protesters, three of whom were killed"
        let whom =
            last + 2 < self.parse.tokens.len() && self.word(last + 1) == "of" && matches!(self.word(last + 2), "whom" | "them");
        // "Tens of thousands poured into the streets", whatever the tree.
        let next = self.parse.tokens.get(last + 1).map(|t| t.upos);
        if matches!(self.known(last, last + 1), Some(Word::Many(_))) && matches!(next, Some(Upos::Verb | Upos::Aux)) {
            return true;
        }
        (argument || whom) && token.upos == Upos::Num && !small && !group
    }
}

/// The value of the digits that a word starts with, and the rest of the word.
fn digits(word: &str) -> Option<(f64, &str)> {
    if !word.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let end = word.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.').unwrap_or(word.len());
    let number = word[..end].trim_end_matches([',', '.']);
    let plain: String = number.chars().filter(|c| *c != ',').collect();
    if plain.len() > 15 {
        return None;
    }
    Some((plain.parse().ok()?, &word[number.len()..]))
}

#[cfg(test)]
mod tests {
    use super::digits;

    #[test]
    fn digits_are_read_with_their_suffix() {
        assert_eq!(digits("1000km"), Some((1000.0, "km")));
        assert_eq!(digits("400,000"), Some((400_000.0, "")));
        assert_eq!(digits("3.5bn"), Some((3.5, "bn")));
        assert_eq!(digits("km"), None);
    }
}
