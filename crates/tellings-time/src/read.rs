//! Finds the expressions of a text and reads them in order, each against what was told before it.

use crate::fields::Fields;
use crate::pattern::Space;
use crate::resolve::{Context, Point, Resolved, modifier, resolve};
use crate::rules::{After, Reading, Rule, Rules};
use crate::units::{Unit, units};
use crate::words::Class;
use jiff::ToSpan;
use jiff::civil::Date;
use tellings_doc::{Anchor, Bound, DateRange, Deprel, Id, Kind, Parse, Span, Time, Upos, Xpos};

/// A match, not yet resolved.
struct Found {
    rule: &'static Rule,
    /// Its units.
    from: usize,
    to: usize,
    fields: Fields,
    span: Span,
    /// Is it inside quotation marks?
    quoted: bool,
    /// Number of its paragraph.
    paragraph: usize,
}

/// The times of `text`, read in a report of `published`.
pub(crate) fn times(text: &str, published: Option<DateRange>, parse: &Parse) -> Vec<Time> {
    let rules = Rules::shipped();
    let units = units(text, &rules.words);
    let mut found = find(text, &units, rules, parse);
    share(&mut found);
    let now = published.filter(|range| range.is_day()).map(|range| range.first);
    let history = is_history(&found, now);
    let mut times = read(&found, &units, text, now, None, history, parse);
    if !history && let Some(now) = now {
        let days = quote_days(&found, &times, now);
        if found.iter().any(|f| f.quoted) {
            times = read(&found, &units, text, Some(now), Some(&days), history, parse);
        }
    }
    times
}

/// All matches: at each place the longest, left to right.
fn find(text: &str, units: &[Unit], rules: &'static Rules, parse: &Parse) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let (mut space, mut candidates) = (Space::default(), Vec::new());
    let (mut paragraph, mut quoted) = (0, false);
    let mut at = 0;
    while at < units.len() {
        let unit = &units[at];
        if unit.line {
            paragraph += 1;
            quoted = false;
        }
        match unit.span.of(text) {
            "“" => quoted = true,
            "”" => quoted = false,
            "\"" => quoted = !quoted,
            _ => {}
        }
        if unit.word == 0 && unit.classes & rules.starting == 0 {
            at += 1;
            continue;
        }
        rules.candidates(unit.classes, unit.word, &mut candidates);
        let mut best: Option<(usize, &'static Rule, Vec<_>)> = None;
        for &candidate in &candidates {
            let rule = &rules.rules[candidate as usize];
            let fits = match (rule.after, found.last()) {
                (None, _) => true,
                (Some(_), None) => false,
                (Some(After::Day), Some(last)) => last.to + 1 == at && last.fields.has_day(),
                (Some(After::Year), Some(last)) => last.to + 1 == at && last.fields.year.is_some() && last.fields.month.is_none(),
            };
            if !fits {
                continue;
            }
            if let Some(to) = rule.pattern.longest(&rules.words, units, at, units.len(), &mut space)
                && best.as_ref().is_none_or(|(best, ..)| to > *best)
                && allowed(rule, text, units, at, to, &space, &found, parse)
            {
                best = Some((to, rule, space.best.clone()));
            }
        }
        let Some((to, rule, caught)) = best else {
            at += 1;
            continue;
        };
        let mut to = to;
        // A possessive mark is not part of an expression.
        while to > at + 1 && (units[to - 1].word != 0 && matches!(units[to - 1].span.of(text), "," | "-" | "'" | "’" | "(")) {
            to -= 1;
        }
        let span = units[at].span.join(units[to - 1].span);
        found.push(Found { rule, from: at, to, fields: Fields::of(&caught), span, quoted, paragraph });
        at = to;
    }
    found
}

/// Does the unit at `at` go on from the expression before it, over one connecting word or mark?
fn goes_on(found: &[Found], at: usize) -> bool {
    found.last().is_some_and(|last| last.to + 1 == at)
}

/// Whether a match that hangs on its surroundings may stand.
#[allow(clippy::too_many_arguments)]
fn allowed(
    rule: &Rule,
    text: &str,
    units: &[Unit],
    from: usize,
    to: usize,
    space: &Space,
    found: &[Found],
    parse: &Parse,
) -> bool {
    let before = from.checked_sub(1).map(|i| &units[i]).filter(|_| !units[from].line);
    let after = units.get(to).filter(|unit| !unit.line);
    let preposition = before.is_some_and(|unit| unit.is(Class::Prep));
    let modified = to - from > 1;
    let goes_on = goes_on(found, from);
    match rule.reading {
        Reading::Month => {
            let word = units[to - 1].span.of(text);
            let word = if word == "." { units[to - 2].span.of(text) } else { word };
            let doubtful = word.len() <= 3 || matches!(word, "March" | "April" | "June" | "August");
            let named = parse.names.iter().any(|name| name.kind == Kind::Per && name.span.touches(units[to - 1].span));
            let next_is_name = word.len() <= 5 && after.is_some_and(|unit| unit.capital && unit.gap && unit.classes == 0);
            let strong = matches!(word, "March" | "August");
            !named
                && (!doubtful
                    || preposition
                    || modified
                    || goes_on
                    || (word.len() > 3 && !next_is_name && (strong || !next_is_name)))
        }
        Reading::Year => {
            let year = space.best.iter().find(|(class, _)| *class == Class::Year).map_or(0.0, |(_, value)| *value) as i32;
            let symbol = before.is_some_and(|unit| {
                matches!(unit.span.of(text), "$" | "£" | "€" | "#" | "§" | "/" | "." | ":") && !units[from].gap
            });
            let glued = before.is_some_and(|unit| unit.span.of(text) == "-" && !units[from].gap && !unit.gap)
                && !goes_on
                && !before.is_some_and(|_| from >= 2 && units[from - 2].number > 0.0);
            let unit_after = after.is_some_and(|unit| {
                !unit.gap
                    && (matches!(unit.span.of(text), "%" | "°")
                        || unit.span.len() <= 2 && unit.span.of(text).chars().all(char::is_alphabetic))
            });
            let bracket = before.is_some_and(|unit| unit.span.of(text) == "(")
                || goes_on
                || before.is_some_and(|unit| unit.span.of(text) == "-");
            let numbered = before.is_some_and(|unit| {
                matches!(
                    unit.span.of(text),
                    "No" | "Resolution" | "resolution" | "Flight" | "flight" | "least" | "than" | "about" | "nearly"
                )
            });
            !symbol
                && !unit_after
                && !numbered
                && if (1900..2060).contains(&year) { !glued || bracket } else { preposition || bracket || modified }
        }
        _ => true,
    }
}

/// Fills what an expression shares with the one it is joined to: "March 5 to 9, 1918", "May-August 1950", "1939-45".
fn share(found: &mut [Found]) {
    for i in 1..found.len() {
        let (head, tail) = found.split_at_mut(i);
        let (first, second) = (&mut head[i - 1], &mut tail[0]);
        if second.from != first.to + 1 {
            continue;
        }
        let (a, b) = (&mut first.fields, &mut second.fields);
        if second.rule.after.is_some() {
            if b.short_year.is_some() && b.month.is_none() && b.day.is_none() {
                if let (Some(year), Some(short)) = (a.year, b.short_year.take()) {
                    let century = year.div_euclid(100) * 100;
                    b.year = Some(if century + short >= year { century + short } else { century + 100 + short });
                }
                continue;
            }
            b.month = b.month.or(a.month);
            b.year = b.year.or(a.year);
        }
        let months = a.month.is_some() && b.month.is_some() && a.shift.is_none();
        if months
            && a.year.is_none()
            && a.short_year.is_none()
            && let Some(year) = b.year
        {
            a.year = Some(if a.month > b.month { year - 1 } else { year });
        }
    }
}

/// Is the text a history, whose months belong to the years it tells of? So it is when it names many years long before
/// its own date and hardly speaks of yesterday and last week.
fn is_history(found: &[Found], now: Option<Date>) -> bool {
    let (mut years, mut recent) = (0, 0);
    for f in found {
        let fields = &f.fields;
        match f.rule.reading {
            Reading::Calendar | Reading::Month | Reading::Year => {
                if fields.deixis.is_some() || fields.weekday.is_some() && fields.year.is_none() {
                    recent += 1;
                } else if let Some(year) = fields.year {
                    match now {
                        Some(now) if year >= i32::from(now.year()) - 1 => recent += 1,
                        _ => years += 1,
                    }
                }
            }
            Reading::Shift if fields.shift.is_some_and(|shift| !shift.narrative) => recent += 1,
            Reading::Offset if fields.ago => recent += 1,
            _ => {}
        }
    }
    years >= 4 && years > 2 * recent
}

/// For each expression, the day that "today" means when it stands in a quotation: the last day told of outside quotations in its
/// paragraph, else the last one of the whole report, if it is within the week before the report's date; else the report's date.
fn quote_days(found: &[Found], times: &[Time], now: Date) -> Vec<Date> {
    let day = |i: usize| {
        let time = times.iter().find(|time| time.span == found[i].span)?;
        let day = time.range.filter(|range| range.is_day() && time.anchor != Anchor::Absolute)?.first;
        (day <= now && now <= day.checked_add(7.days()).ok()? && !found[i].quoted).then_some(day)
    };
    let latest = (0..found.len()).filter_map(day).max().unwrap_or(now);
    found
        .iter()
        .map(|f| {
            let near = (0..found.len())
                .filter(|&i| found[i].paragraph == f.paragraph)
                .filter_map(|i| Some((found[i].from.abs_diff(f.from), day(i)?)));
            near.min().map_or(latest, |(_, day)| day)
        })
        .collect()
}

fn read(
    found: &[Found],
    units: &[Unit],
    text: &str,
    now: Option<Date>,
    quote_days: Option<&[Date]>,
    history: bool,
    parse: &Parse,
) -> Vec<Time> {
    let mut times: Vec<Time> = Vec::with_capacity(found.len());
    let mut narrative: Option<(Point, Id<Time>)> = None;
    for (i, f) in found.iter().enumerate() {
        let day = quote_days.filter(|_| f.quoted).and_then(|days| days.get(i)).copied();
        let context = Context {
            now: day.or(now),
            anchor: if now.is_some() { Anchor::Document } else { Anchor::Unknown },
            narrative,
            history,
            direction: direction(f, units, text, parse),
        };
        let Some(Resolved { kind, value, range, relative, anchor, point }) = resolve(f.rule.reading, &f.fields, &context) else {
            continue;
        };
        let id = Id::new(times.len());
        if let Some(point) = point.filter(|_| !f.quoted || narrative.is_none()) {
            narrative = Some((point, id));
        }
        times.push(Time {
            span: f.span,
            kind,
            value,
            range,
            relative,
            anchor,
            modifier: modifier(&f.fields),
            bound: bound(f, units, text),
            zone: f.fields.zone,
            rule: f.rule.name.as_str().into(),
        });
    }
    times
}

/// Which end of a stretch of time the word before an expression makes it.
fn bound(f: &Found, units: &[Unit], text: &str) -> Option<Bound> {
    let before = units.get(f.from.checked_sub(1)?).filter(|_| !units[f.from].line)?;
    Some(match before.span.of(text) {
        "from" | "From" | "since" | "Since" | "between" | "Between" => Bound::From,
        "to" | "until" | "Until" | "till" | "through" | "-" | "–" => Bound::To,
        "by" | "By" => Bound::By,
        "before" | "Before" => Bound::Before,
        "after" | "After" => Bound::After,
        _ => return None,
    })
}

/// The side of the reference that the tense of the clause speaks for: -1 past, 1 future, 0 not known.
fn direction(f: &Found, units: &[Unit], text: &str, parse: &Parse) -> i8 {
    if parse.tokens.is_empty() {
        return direction_of_words(f, units, text);
    }
    let Some(mut at) = parse.head_of(f.span) else { return 0 };
    for _ in 0..12 {
        let token = parse.token(at);
        if matches!(token.upos, Upos::Verb | Upos::Aux) || token.head.is_none() {
            break;
        }
        let Some(head) = token.head else { break };
        at = head;
    }
    let mut future = false;
    let mut past = matches!(parse.token(at).xpos, Xpos::Vbd);
    let mut present = matches!(parse.token(at).xpos, Xpos::Vbz | Xpos::Vbp);
    for &child in parse.dependents(at) {
        let token = parse.token(child);
        if matches!(token.deprel.base(), Deprel::Aux | Deprel::Cop | Deprel::Mark) {
            let word = token.span.of(text);
            match word {
                "will" | "'ll" | "’ll" | "shall" | "wo" => future = true,
                "to" => future = true,
                _ => match token.xpos {
                    Xpos::Vbd => past = true,
                    Xpos::Vbz | Xpos::Vbp => present = true,
                    _ => {}
                },
            }
        }
    }
    if future {
        1
    } else if past {
        -1
    } else if present && parse.token(at).xpos != Xpos::Vbn {
        1
    } else {
        0
    }
}

/// The same from the words before the expression, where there are no trees.
fn direction_of_words(f: &Found, units: &[Unit], text: &str) -> i8 {
    for i in (f.from.saturating_sub(15)..f.from).rev() {
        let unit = &units[i];
        match unit.span.of(text) {
            "will" | "shall" | "scheduled" | "due" | "expected" | "upcoming" | "plans" | "planned" | "ll" => return 1,
            "was" | "were" | "had" | "said" | "met" | "told" | "did" => return -1,
            "." | ";" | "!" | "?" => break,
            _ => {}
        }
        if unit.line {
            break;
        }
    }
    0
}
