//! The vocabulary: what each word may be (month, unit, part of the day …), read from `data/words.tsv`.

use rustc_hash::FxHashMap;

macro_rules! classes {
    ($($class:ident $name:literal,)*) => {
        /// What a unit may be. Rules name classes in capitals (`MONTH`).
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Class { $($class,)* }

        impl Class {
            /// All classes with their names in rules and in the vocabulary.
            pub(crate) const ALL: &[(Class, &str)] = &[$((Class::$class, $name),)*];
        }
    };
}

classes! {
    // Numbers in digits, by shape.
    Number "NUMBER",
    Day "DAY",
    MonthNumber "MONTHNUMBER",
    Hour "HOUR",
    Minute "MINUTE",
    Year "YEAR",
    ShortYear "SHORTYEAR",
    OldYear "OLDYEAR",
    Military "MILITARY",
    Compact "COMPACT",
    DottedClock "DOTTEDCLOCK",
    // Words.
    Month "MONTH",
    ShortMonth "SHORTMONTH",
    Weekday "WEEKDAY",
    ShortDay "SHORTDAY",
    Weekdays "WEEKDAYS",
    Season "SEASON",
    Part "PART",
    Unit "UNIT",
    Units "UNITS",
    Ones "ONES",
    Tens "TENS",
    Scale "SCALE",
    Article "ARTICLE",
    Ordinal "ORDINAL",
    OrdinalMark "ORDINALMARK",
    Fuzzy "FUZZY",
    Couple "COUPLE",
    Half "HALF",
    Quarter "QUARTER",
    Quarters "QUARTERS",
    Decades "DECADES",
    Shift "SHIFT",
    Same "SAME",
    Deixis "DEIXIS",
    Meridiem "MERIDIEM",
    Zone "ZONE",
    Start "START",
    Mid "MID",
    End "END",
    Approx "APPROX",
    Less "LESS",
    More "MORE",
    Ago "AGO",
    Later "LATER",
    Earlier "EARLIER",
    Every "EVERY",
    Often "OFTEN",
    Other "OTHER",
    Ref "REF",
    Holiday "HOLIDAY",
    Noon "NOON",
    Prep "PREP",
    Measure "MEASURE",
    // Another amount begins ("two years *and six* months").
    Second "SECOND",
    Bc "BC",
    // Where an expression ends while its pattern goes on.
    Break "BREAK",
}

impl Class {
    /// Its bit in [`crate::units::Unit::classes`].
    pub(crate) const fn bit(self) -> u64 {
        1 << self as u8
    }

    /// The class that rules call `name`.
    pub(crate) fn named(name: &str) -> Option<Class> {
        Class::ALL.iter().find(|(_, n)| *n == name).map(|(class, _)| *class)
    }
}

/// What one word may be.
#[derive(Clone, Debug, Default)]
struct Entry {
    /// Classes it has however it is written.
    any: u64,
    /// Classes it has only with a capital ("May", "March", "Sun").
    capital: u64,
    values: Vec<(Class, i32)>,
}

/// The vocabulary, with the literal words of the rules.
#[derive(Debug)]
pub(crate) struct Words {
    numbers: FxHashMap<Box<[u8]>, u16>,
    entries: Vec<Entry>,
    /// For the first two letters of a word, the lengths it may have: one bit a length. Most words of a text end here.
    lengths: Vec<u32>,
}

/// Position of a word's first two letters in `Words::lengths`.
fn letters(word: &[u8]) -> usize {
    let letter = |i: usize| word.get(i).map_or(0, |b| usize::from(b & 31));
    letter(0) * 32 + letter(1)
}

impl Words {
    /// The shipped vocabulary: a line is word, class, value; `^` after the class: only with a capital.
    pub(crate) fn shipped() -> Words {
        let mut words = Words { numbers: FxHashMap::default(), entries: vec![Entry::default()], lengths: vec![0; 1024] };
        for line in include_str!("../data/words.tsv").lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let mut columns = line.split('\t');
            let (class, value, forms) = (columns.next(), columns.next(), columns.next());
            let (Some(class), Some(value), Some(forms)) = (class, value, forms) else { continue };
            let (name, capital) = class.strip_suffix('^').map_or((class, false), |name| (name, true));
            let Some(class) = Class::named(name) else { continue };
            for form in forms.split(' ') {
                let number = words.literal(form);
                let entry = &mut words.entries[number as usize];
                if capital {
                    entry.capital |= class.bit();
                } else {
                    entry.any |= class.bit();
                }
                entry.values.push((class, value.parse().unwrap_or(0)));
            }
        }
        words
    }

    /// The number of a literal word or mark, which is added where it is new.
    pub(crate) fn literal(&mut self, form: &str) -> u16 {
        if let Some(number) = self.numbers.get(form.as_bytes()) {
            return *number;
        }
        let number = self.entries.len() as u16;
        self.numbers.insert(form.as_bytes().into(), number);
        self.lengths[letters(form.as_bytes())] |= 1 << form.len().min(31);
        self.entries.push(Entry::default());
        number
    }

    /// How many words there are.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Classes and number of a word in any case.
    pub(crate) fn of_word(&self, word: &[u8]) -> (u64, u16) {
        if self.lengths[letters(word)] & (1 << word.len().min(31)) == 0 {
            return (0, 0);
        }
        let mut lower = [0u8; 16];
        let Some(lower) = lower.get_mut(..word.len()) else { return (0, 0) };
        lower.copy_from_slice(word);
        lower.make_ascii_lowercase();
        let Some(&number) = self.numbers.get(&*lower) else { return (0, 0) };
        let entry = &self.entries[number as usize];
        (if word[0].is_ascii_uppercase() { entry.any | entry.capital } else { entry.any }, number)
    }

    /// Classes and number of a mark. All dashes are `-`, all single quotation marks `'`, all double ones `"`.
    pub(crate) fn of_mark(&self, mark: char) -> (u64, u16) {
        let mark = match mark {
            '‐' | '‑' | '‒' | '–' | '—' | '−' => '-',
            '’' | '‘' => '\'',
            '“' | '”' => '"',
            other => other,
        };
        let mut buffer = [0; 4];
        match self.numbers.get(mark.encode_utf8(&mut buffer).as_bytes()) {
            Some(&number) => (self.entries[number as usize].any, number),
            None => (0, 0),
        }
    }

    /// The value of a word as a member of a class.
    pub(crate) fn value(&self, number: u16, class: Class) -> i32 {
        self.entries[number as usize].values.iter().find(|(c, _)| *c == class).map_or(0, |(_, value)| *value)
    }
}
