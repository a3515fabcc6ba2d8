//! Finds the expressions of a text and reads them in order, each against what was told before it.

use crate::fields::Fields;
use crate::pattern::{Catch, Space};
use crate::resolve::{Context, Point, Resolved, Tense, at_event, from_event, modifier, resolve};
use crate::rules::{After, Reading, Rule, Rules};
use crate::units::{Unit, units};
use crate::words::Class;
use jiff::ToSpan;
use jiff::civil::Date;
use tellings_doc::{Anchor, Bound, DateRange, Deprel, Id, Kind, Name, Parse, Span, Time, TimeKind, Token, Upos, Xpos};

/// Most dependents of a word that are looked at for its tense.
const MOST: usize = 32;

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
    in_order(&found, &units, &mut times, text, now);
    hang(&found, &mut times, text, parse);
    times
}

/// Ties expressions to the events they are counted from ("two days after the summit"); where the text dates that event elsewhere
/// ("the summit on Monday"), they get the day that follows from it.
fn hang(found: &[Found], times: &mut [Time], text: &str, parse: &Parse) {
    let mut at = 0;
    for f in found {
        while times.get(at).is_some_and(|time| time.span < f.span) {
            at += 1;
        }
        let Some(time) = times.get(at).filter(|time| time.span == f.span) else { continue };
        let Some((words, head, side)) = time_of_event(f, time.kind, text, parse) else { continue };
        let relative = from_event(&f.fields, side);
        let days = relative.and_then(|relative| {
            let (day, id) = dated(times, parse, head, at)?;
            Some((at_event(relative, &f.fields, day), id))
        });
        let time = &mut times[at];
        time.relative = relative;
        time.anchor = Anchor::Event(words);
        if let Some(((value, range), id)) = days {
            time.kind = if value.contains('T') { TimeKind::Time } else { TimeKind::Date };
            (time.value, time.range, time.anchor) = (value, Some(range), Anchor::Time(id));
        }
    }
}

/// The event that an expression is counted from: its words, its head word, and on which side of it the expression lies.
fn time_of_event(f: &Found, kind: TimeKind, text: &str, parse: &Parse) -> Option<(Span, usize, i32)> {
    let anchored = f.rule.reading == Reading::Anchored;
    if !(anchored || f.rule.reading == Reading::Duration && kind == TimeKind::Duration) {
        return None;
    }
    let tokens = parse.tokens_in(f.span);
    let word = |t: usize| parse.tokens.get(t).map_or("", |token| token.span.of(text));
    let (side, marker) = match (word(tokens.end), word(tokens.end + 1)) {
        ("after" | "following", _) => (1, tokens.end),
        ("before", _) => (-1, tokens.end),
        ("prior", "to") | ("ahead", "of") => (-1, tokens.end + 1),
        ("into", _) => (1, tokens.end),
        ("of", _) if anchored => (if f.span.of(text).ends_with("eve") { -1 } else { 0 }, tokens.end),
        _ => return None,
    };
    // The noun or verb that the word hangs on; the trees also hang the first of two such words on the second.
    let sentence = &parse.sentences[parse.sentence_at(f.span.start())?];
    let head = [marker, tokens.end].into_iter().find_map(|t| parse.tokens[t].head).map(Id::index);
    let head = head.filter(|&head| head > marker && sentence.tokens.contains(&head))?;
    let named =
        |name: &&Name| name.span.touches(parse.tokens[head].span) && matches!(name.kind, Kind::Per | Kind::Gpe | Kind::Loc);
    let event = match parse.tokens[head].upos {
        Upos::Verb => true,
        Upos::Noun | Upos::Propn => !parse.names.iter().any(|name| named(&name)),
        _ => false,
    };
    // "the day of mourning", "the week of talks": what the day was for, no event.
    let told = side != 0 || head > marker + 1;
    (event && told && head < marker + 12).then(|| (parse.tokens[marker + 1].span.join(parse.tokens[head].span), head, side))
}

/// The day on which the text says that the event of this word was: that of the time that hangs on the same noun elsewhere.
fn dated(times: &[Time], parse: &Parse, event: usize, own: usize) -> Option<(Date, Id<Time>)> {
    let lemma = parse.lemma(Id::new(event));
    let mut days =
        times.iter().enumerate().filter(|&(i, time)| i != own && time.kind != TimeKind::Set).filter_map(|(i, time)| {
            let day = time.range.filter(|range| range.is_day())?.first;
            let token = parse.token(parse.head_of(time.span)?);
            let noun = token.head.filter(|_| matches!(token.deprel.base(), Deprel::Nmod | Deprel::Obl | Deprel::Compound))?;
            let same = parse.token(noun).upos == Upos::Noun && parse.lemma(noun) == lemma;
            same.then_some((day, Id::new(i)))
        });
    let first = days.next()?;
    days.all(|other| other.0 == first.0).then_some(first)
}

/// All matches: at each place the longest, left to right.
fn find(text: &str, units: &[Unit], rules: &'static Rules, parse: &Parse) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let (mut space, mut candidates) = (Space::default(), Vec::new());
    let (mut paragraph, mut quoted) = (0, false);
    // Dates before 1900 so far.
    let mut old = 0;
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
        let next = units.get(at + 1).filter(|next| !next.line).map_or((0, 0), |next| (next.classes, next.word));
        let mut best: Option<(usize, &'static Rule, Vec<_>)> = None;
        for &candidate in &candidates {
            let rule = &rules.rules[candidate as usize];
            if !rule.openings.single && !rule.openings.second.holds(next.0, next.1) {
                continue;
            }
            let fits = match (rule.after, found.last()) {
                (None, _) => true,
                (Some(_), None) => false,
                (Some(After::Day), Some(last)) => last.to + 1 == at && last.fields.has_day(),
                (Some(After::Season), Some(last)) => last.to + 1 == at && last.fields.season.is_some(),
                (Some(After::Year), Some(last)) => last.to + 1 == at && last.fields.year.is_some() && last.fields.month.is_none(),
            };
            if !fits {
                continue;
            }
            if let Some(to) = rule.pattern.longest(&rules.words, units, at, units.len(), &mut space)
                && best.as_ref().is_none_or(|(best, ..)| to > *best)
                && allowed(rule, &Scene { text, units, found: &found, parse, old_years: old > 1 }, at, to, &space.best)
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
        let fields = Fields::of(&caught);
        old += usize::from(fields.year.is_some_and(|year| year < 1900) && fields.month.is_some());
        found.push(Found { rule, from: at, to, fields, span, quoted, paragraph });
        at = to;
    }
    found
}

/// Where a match stands.
#[derive(Clone, Copy)]
struct Scene<'a> {
    text: &'a str,
    units: &'a [Unit],
    /// The expressions before it.
    found: &'a [Found],
    parse: &'a Parse,
    /// Does the text speak of the centuries before 1900, so that a bare number may be a year of theirs?
    old_years: bool,
}

impl<'a> Scene<'a> {
    /// The name that a unit is part of.
    fn name(&self, unit: &Unit) -> Option<&'a Name> {
        let names = &self.parse.names;
        let at = names.partition_point(|name| name.span.end() <= unit.span.start());
        names.get(at).filter(|name| name.span.touches(unit.span))
    }
}

/// Whether a match that hangs on its surroundings may stand.
fn allowed(rule: &'static Rule, scene: &Scene, from: usize, to: usize, caught: &[Catch]) -> bool {
    let Scene { text, units, found, parse, .. } = *scene;
    let word = |unit: &Unit| unit.span.of(text);
    let before = from.checked_sub(1).map(|i| &units[i]).filter(|_| !units[from].line);
    let after = units.get(to).filter(|unit| !unit.line);
    let preposition = before.is_some_and(|unit| unit.is(Class::Prep));
    let modified = to - from > 1;
    let goes_on = found.last().is_some_and(|last| last.to + 1 == from);
    let next_is_name = after.is_some_and(|unit| unit.capital && unit.gap && unit.classes == 0);
    match rule.reading {
        Reading::Month => {
            let last = if word(&units[to - 1]) == "." { &units[to - 2] } else { &units[to - 1] };
            let person = scene.name(last).is_some_and(|name| name.kind == Kind::Per);
            let ranged = before.is_some_and(|unit| matches!(word(unit), "(" | "-" | "–"))
                && units.get(to + 1).is_some_and(|unit| unit.is(Class::Month) || unit.is(Class::Year));
            match word(last) {
                _ if person => false,
                _ if preposition || modified || goes_on || ranged => true,
                "March" | "MARCH" => false,
                name if name.len() <= 3 => false,
                _ => !next_is_name,
            }
        }
        Reading::Year => {
            let year = caught.iter().find(|(class, _)| *class == Class::Year).map_or(0.0, |(_, value)| *value) as i32;
            let unit = |side: Option<&Unit>, words: &[&str]| side.is_some_and(|unit| words.contains(&word(unit)));
            let symbol = unit(before, &["$", "£", "€", "#", "§", "/", ".", ":", ",", "+"]) && !units[from].gap;
            let dash = unit(before, &["-", "–", "—"]);
            let name = dash && !units[from].gap && from >= 2 && !units[from - 1].gap && units[from - 2].number == 0.0 && !goes_on;
            let measure = after.is_some_and(|unit| {
                !unit.gap
                    && (matches!(word(unit), "%" | "°") || unit.span.len() <= 2 && word(unit).chars().all(char::is_alphabetic))
            });
            let counted = unit(
                before,
                &[
                    "No",
                    "Resolution",
                    "resolution",
                    "Flight",
                    "flight",
                    "least",
                    "than",
                    "least",
                    "nearly",
                    "some",
                    "some",
                    "Room",
                    "Route",
                ],
            );
            let bracket = unit(before, &["("]) || goes_on || dash;
            let ranged = unit(after, &["-", "–"])
                && units.get(to + 1).is_some_and(|unit| unit.is(Class::Year) || unit.is(Class::ShortYear));
            let recent = (1900..2060).contains(&year);
            let number = caught.iter().any(|(class, _)| matches!(class, Class::Less | Class::More));
            let plural = parse.tokens_in(units[to - 1].span).last().is_some_and(|i| {
                let token = &parse.tokens[i];
                token.deprel == Deprel::Nummod
                    && token.head.is_some_and(|head| head.index() == i + 1 && parse.token(head).xpos == Xpos::Nns)
            });
            let counted = counted || number || plural && !recent;
            !symbol
                && !measure
                && !counted
                && !name
                && (recent || preposition || bracket || modified || ranged || scene.old_years)
        }
        Reading::YearShort => {
            // "the class of '68", but not "the '68 in the name of a thing", nor glued to a word.
            units[from].gap && (preposition || before.is_some_and(|unit| matches!(word(unit), "the" | "of" | "del")))
        }
        Reading::Weekday => {
            // "the Sunday Times": a name goes on.
            let article = before.is_some_and(|unit| matches!(word(unit), "the" | "The"));
            let last = &units[to - 1];
            let named = scene.name(last).is_some_and(|name| name.kind == Kind::Org && name.span.len() > last.span.len());
            !(named || article && next_is_name)
        }
        Reading::DayAlone => {
            !after.is_some_and(|unit| unit.capital)
                && !after.is_some_and(|unit| word(unit) == "century" || word(unit) == "anniversary")
        }
        Reading::Holiday => !next_is_name,
        Reading::Anchored => {
            let span = units[from].span.join(units[to - 1].span);
            let fields = Fields::of(caught);
            let here = Found { rule, from, to, fields, span, quoted: false, paragraph: 0 };
            time_of_event(&here, TimeKind::Date, text, parse).is_some()
        }
        Reading::Ref => !before.is_some_and(|unit| matches!(word(unit), "every" | "Every")),
        Reading::Decade => caught.iter().all(|(class, value)| *class != Class::Year || *value as i32 % 10 == 0),
        Reading::Set => {
            // "The Daily Star"
            let title = units[from].capital && before.is_some_and(|unit| next_is_name || unit.capital);
            !title || !matches!(caught, [(Class::Often, _)])
        }
        Reading::Duration => {
            let seconds = caught.iter().any(|(class, value)| *class == Class::Unit && *value == 0.0);
            let article = caught.iter().any(|(class, _)| *class == Class::Article);
            let day = caught.iter().any(|(class, value)| *class == Class::Unit && *value == 3.0);
            let of = after.is_some_and(|unit| word(unit) == "of");
            let year = caught.iter().any(|(class, _)| *class == Class::Unit)
                && caught.iter().any(|(class, value)| *class == Class::Number && (1900.0..2100.0).contains(value));
            !(seconds && article || day && article && of || year)
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

/// Is the text a history, whose months belong to the years it tells of? So it is when it gives many dates with their years and
/// hardly speaks of yesterday, last week and Monday.
fn is_history(found: &[Found], now: Option<Date>) -> bool {
    let (mut years, mut dates, mut recent) = (0, 0, 0);
    for f in found.iter().filter(|f| !f.quoted) {
        let fields = &f.fields;
        match f.rule.reading {
            Reading::Calendar | Reading::Month | Reading::Year | Reading::Weekday => {
                if fields.deixis.is_some() || fields.weekday.is_some() && fields.year.is_none() {
                    recent += 1;
                } else if let Some(year) = fields.year {
                    let old = now.is_none_or(|now| year < i32::from(now.year()) - 1);
                    years += i32::from(old);
                    dates += i32::from(old && fields.month.is_some());
                }
            }
            Reading::Shift if fields.shift.is_some_and(|shift| !shift.narrative) => recent += 1,
            Reading::Offset if fields.ago => recent += 1,
            _ => {}
        }
    }
    years >= 4 && dates >= 2 && years > 2 * recent
}

/// For each expression, the day that "today" means when it stands in a quotation: the last day told of outside quotations in its
/// paragraph, else the last one of the whole report, if it is within the week before the report's date; else the report's date.
fn quote_days(found: &[Found], times: &[Time], now: Date) -> Vec<Date> {
    let earliest = now.checked_sub(7.days()).unwrap_or(now);
    let mut at = 0;
    let days: Vec<Option<Date>> = found
        .iter()
        .map(|f| {
            while times.get(at).is_some_and(|time| time.span < f.span) {
                at += 1;
            }
            let time = times.get(at).filter(|time| time.span == f.span && !f.quoted && time.anchor != Anchor::Absolute)?;
            time.range.filter(|range| range.is_day()).map(|range| range.first).filter(|day| (earliest..=now).contains(day))
        })
        .collect();
    let latest = days.iter().flatten().max().copied().unwrap_or(now);
    // The nearest such day of the paragraph on either side, with its distance.
    let mut near: Vec<Option<(usize, Date)>> = vec![None; found.len()];
    let mut sweep = |order: &mut dyn Iterator<Item = usize>| {
        let mut last: Option<(usize, Date)> = None;
        for i in order {
            if let Some((other, day)) = last.filter(|(other, _)| found[*other].paragraph == found[i].paragraph) {
                let distance = found[other].from.abs_diff(found[i].from);
                if near[i].is_none_or(|(nearest, _)| distance < nearest) {
                    near[i] = Some((distance, day));
                }
            }
            last = days[i].map(|day| (i, day)).or(last);
        }
    };
    sweep(&mut (0..found.len()));
    sweep(&mut (0..found.len()).rev());
    near.into_iter().map(|near| near.map_or(latest, |(_, day)| day)).collect()
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
    // What was told of last; in news, apart from it, what is to come.
    let (mut told, mut ahead): (Option<(Point, Anchor)>, _) = (None, None);
    let (mut told_month, mut told_day) = (None, None);
    if history && let Some(first) = found.iter().find(|f| f.fields.year.is_some()) {
        told = first.fields.year.map(|year| (Point { year, month: None, day: None }, Anchor::Unknown));
    }
    for (i, f) in found.iter().enumerate() {
        let day = quote_days.filter(|_| f.quoted).and_then(|days| days.get(i)).copied();
        let tense = tense(f, units, text, parse);
        let context = Context {
            now: day.or(now),
            anchor: if now.is_some() { Anchor::Document } else { Anchor::Unknown },
            narrative: if tense == Tense::Future && !history { ahead.or(told) } else { told },
            narrative_month: if tense == Tense::Future { ahead.or(told_month) } else { told_month },
            narrative_day: if tense == Tense::Future { ahead.or(told_day) } else { told_day },
            history,
            tense,
        };
        let reading = if habitual(found, i, units, text, parse) { Reading::Set } else { f.rule.reading };
        let Some(Resolved { kind, value, range, relative, anchor, point }) = resolve(reading, &f.fields, &context) else {
            continue;
        };
        let id = Id::new(times.len());
        if let Some(mut point) = point.filter(|_| !f.quoted && !attributive(f, units, text, parse)) {
            if f.fields.end && point.month.is_none() {
                point.month = Some(12);
            }
            let later = now.is_some_and(|now| point.date().is_some_and(|date| date > now));
            if later && !history {
                ahead = Some((point, Anchor::Time(id)));
            } else if !history || told.is_none_or(|(last, _)| goes_on(last, point) || opens(f, units, parse)) {
                told = Some((point, Anchor::Time(id)));
                told_month = told.filter(|_| point.month.is_some()).or(told_month);
                told_day = told.filter(|_| point.day.is_some()).or(told_day);
            }
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

/// Is the first weekday of these two the start of a range that the second ends ("Monday to Wednesday")?
fn ranged(a: &Found, b: &Found, units: &[Unit], text: &str) -> bool {
    let bare = |f: &Found| f.rule.reading == Reading::Weekday && f.fields.weekday.is_some();
    a.to + 1 == b.from && matches!(units[a.to].span.of(text), "to" | "until" | "through" | "-" | "–") && bare(a) && bare(b)
}

/// Puts ranges of weekdays in order: on a Tuesday "it lasted from Monday to Wednesday" began a week before this Monday.
fn in_order(found: &[Found], units: &[Unit], times: &mut [Time], text: &str, now: Option<Date>) {
    let Some(now) = now else { return };
    for pair in found.windows(2).filter(|pair| ranged(&pair[0], &pair[1], units, text)) {
        let at = times.partition_point(|time| time.span < pair[0].span);
        let Some([a, b]) = times.get_mut(at..at + 2) else { continue };
        let (Some(first), Some(last)) = (a.range, b.range) else { continue };
        if a.span != pair[0].span || b.span != pair[1].span || !first.is_day() || first.first <= last.first {
            continue;
        }
        let (time, day) = match last.first <= now {
            true => (a, first.first.checked_sub(7.days())),
            false => (b, last.first.checked_add(7.days())),
        };
        if let Ok(day) = day {
            (time.value, time.range, time.relative) = (Point::of(day).value(), Some(DateRange::day(day)), None);
        }
    }
}

/// Is it one end of a range of weekdays in a sentence about what is done every week ("open from Monday to Friday")?
fn habitual(found: &[Found], i: usize, units: &[Unit], text: &str, parse: &Parse) -> bool {
    const HABIT: [&str; 18] = [
        "open",
        "opens",
        "closed",
        "works",
        "work",
        "operates",
        "operate",
        "hours",
        "usually",
        "normally",
        "typically",
        "generally",
        "regularly",
        "always",
        "each",
        "every",
        "weekly",
        "daily",
    ];
    let ranged = |a: &Found, b: &Found| ranged(a, b, units, text);
    (i > 0 && ranged(&found[i - 1], &found[i]) || found.get(i + 1).is_some_and(|next| ranged(&found[i], next)))
        && parse.sentence_at(found[i].span.start()).is_some_and(|sentence| {
            let mut words = parse.sentences[sentence].tokens.clone().map(|t| parse.tokens[t].span.of(text));
            words.any(|word| HABIT.contains(&word.to_ascii_lowercase().as_str()))
        })
}

/// Does the expression stand at the head of its sentence ("In 1942, …")?
fn opens(f: &Found, units: &[Unit], parse: &Parse) -> bool {
    let start = parse.sentence_at(f.span.start()).map(|at| parse.sentences[at].span.start());
    let first = start.map_or(f.from, |start| units.partition_point(|unit| unit.span.start() < start));
    f.from <= first + 3
}

/// Does the story of a history go on at `point` after `last`? A bare year in the midst of a sentence that leads back is background.
fn goes_on(last: Point, point: Point) -> bool {
    last.month.is_none() || point.month.is_some() || point.year > last.year
}

/// Is it said of a thing ("the 1975 treaty", "the November deal"), so that the story is not at that time?
fn attributive(f: &Found, units: &[Unit], text: &str, parse: &Parse) -> bool {
    let calendar = matches!(f.rule.reading, Reading::Calendar | Reading::Month | Reading::Year);
    let determined = f.from.checked_sub(1).map(|i| &units[i]).is_some_and(|unit| {
        matches!(
            unit.span.of(text),
            "the" | "The" | "a" | "A" | "an" | "its" | "their" | "his" | "her" | "this" | "that" | "'s" | "s"
        )
    });
    let preposition = f.from.checked_sub(1).is_some_and(|i| units[i].is(Class::Prep) || units[i].span.of(text) == "on");
    if !calendar || preposition || !determined && parse.tokens.is_empty() {
        return false;
    }
    if parse.tokens.is_empty() {
        return units.get(f.to).is_some_and(|unit| unit.gap && !unit.line && !unit.is(Class::Prep) && unit.span.len() > 1);
    }
    let last = parse.tokens_in(f.span).end;
    parse.head_of(f.span).is_some_and(|head| {
        let token = parse.token(head);
        matches!(
            token.deprel,
            Deprel::Compound
                | Deprel::NmodUnmarked
                | Deprel::Nummod
                | Deprel::Amod
                | Deprel::NmodPoss
                | Deprel::NmodDesc
                | Deprel::Nmod
        ) && token.head.is_some_and(|head| head.index() >= last && matches!(parse.token(head).upos, Upos::Noun | Upos::Propn))
    })
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

/// The tense of the clause that an expression stands in.
fn tense(f: &Found, units: &[Unit], text: &str, parse: &Parse) -> Tense {
    // "ahead of talks on Friday": to come, whatever the verb.
    let near = &units[f.from.saturating_sub(8)..f.from];
    let clause =
        near.iter().rposition(|unit| unit.line || matches!(unit.span.of(text), "." | "," | ";" | ":")).map_or(0, |i| i + 1);
    if near[clause..].windows(2).any(|pair| pair[0].span.of(text) == "ahead" && pair[1].span.of(text) == "of") {
        return Tense::Future;
    }
    if parse.tokens.is_empty() {
        return tense_of_words(f, units, text);
    }
    let Some(mut at) = parse.head_of(f.span) else { return Tense::Unknown };
    // Up to the verb of the clause, or the adjective or noun with its copula.
    let mut steps = 0;
    for _ in 0..16 {
        let token = parse.token(at);
        let copula = parse
            .dependents(at)
            .iter()
            .take(MOST)
            .any(|&child| matches!(parse.token(child).deprel.base(), Deprel::Cop | Deprel::Aux));
        if matches!(token.upos, Upos::Verb | Upos::Aux) || copula {
            break;
        }
        let Some(head) = token.head else { break };
        at = head;
        steps += 1;
    }
    // "will meet on Friday and sign in November": the second verb shares what helps the first.
    for _ in 0..4 {
        let token = parse.token(at);
        let own =
            parse.dependents(at).iter().take(MOST).any(|&child| {
                matches!(parse.token(child).deprel.base(), Deprel::Aux | Deprel::Cop | Deprel::Mark | Deprel::Nsubj)
            });
        match token.head.filter(|_| token.deprel == Deprel::Conj && token.xpos == Xpos::Vb && !own) {
            Some(first) => at = first,
            None => break,
        }
    }
    let (mut future, mut infinitive) = (false, false);
    let mut past = parse.token(at).xpos == Xpos::Vbd;
    let mut present = matches!(parse.token(at).xpos, Xpos::Vbz | Xpos::Vbp);
    for &child in parse.dependents(at).iter().take(MOST) {
        let token = parse.token(child);
        if !matches!(token.deprel.base(), Deprel::Aux | Deprel::Cop | Deprel::Mark) {
            continue;
        }
        match token.span.of(text) {
            "will" | "'ll" | "’ll" | "shall" | "wo" => future = true,
            "to" | "may" | "might" | "would" | "should" | "could" | "can" | "must" => infinitive = true,
            _ => match token.xpos {
                Xpos::Vbd => past = true,
                Xpos::Vbz | Xpos::Vbp => present = true,
                _ => {}
            },
        }
    }
    let had = |id: Id<Token>| {
        let aux = |child: &&Id<Token>| parse.lemma(**child) == "have" && parse.token(**child).deprel.base() == Deprel::Aux;
        parse.dependents(id).iter().take(MOST).find(aux).map(|child| parse.token(*child).xpos)
    };
    let perfect = had(at).is_some();
    // "had hoped to announce it on Monday": what was to come lay before the telling already.
    let was_to_come = infinitive && parse.token(at).head.is_some_and(|head| had(head) == Some(Xpos::Vbd));
    // "failed to reach a deal on Tuesday", "managed to flee on Friday": tried then, not to be done.
    let tried = infinitive
        && parse.token(at).deprel.base() == Deprel::Xcomp
        && parse.token(at).head.is_some_and(|head| {
            parse.token(head).xpos == Xpos::Vbd
                && matches!(parse.lemma(head), "fail" | "manage" | "begin" | "start" | "continue" | "help" | "refuse" | "decline")
        });
    // "used batons to break up a rally on Sunday": what for, and when.
    let meant = infinitive
        && parse.token(at).deprel.base() == Deprel::Advcl
        && parse.token(at).head.is_some_and(|head| parse.token(head).xpos == Xpos::Vbd);
    if future {
        Tense::Future
    } else if past || perfect || was_to_come || tried || meant {
        Tense::Past
    } else if (infinitive || present) && steps <= 1 {
        Tense::Present
    } else {
        Tense::Unknown
    }
}

/// The same from the words before the expression, where there are no trees.
fn tense_of_words(f: &Found, units: &[Unit], text: &str) -> Tense {
    for i in (f.from.saturating_sub(15)..f.from).rev() {
        let unit = &units[i];
        match unit.span.of(text) {
            "will" | "shall" | "scheduled" | "due" | "expected" | "upcoming" | "plans" | "planned" | "ll" => {
                return Tense::Future;
            }
            "was" | "were" | "had" | "said" | "met" | "told" | "did" => return Tense::Past,
            "." | ";" | "!" | "?" => break,
            _ => {}
        }
        if unit.line {
            break;
        }
    }
    Tense::Unknown
}
