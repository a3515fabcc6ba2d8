//! Which of several places of one name is meant.

use super::Tables;
use super::scan::{Candidate, Find, Found, Sense};
use super::words::{Gap, Word};
use crate::Reference;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use tellings_doc::{Kind, Place};

/// Most places in a row that are looked at together.
const LONGEST_ROW: usize = 60;

/// What sort of place the words call for.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Wanted {
    Division,
    Town,
    County,
    Water,
    Height,
}

/// What the words around a find say of it.
#[derive(Clone, Copy, Default)]
struct Hint {
    /// The find that says where this one lies ("Texas" of "Paris, Texas").
    inside: Option<usize>,
    /// What the text calls it ("province").
    wanted: Option<Wanted>,
    /// It stands in a row of divisions of one country ("Virginia, Washington and Wyoming").
    row: bool,
}

/// The finds as places, in text order.
pub(crate) fn resolve(tables: &Tables<'_>, text: &str, words: &[Word], found: Found<'_>) -> Vec<Place> {
    let Found { finds, mut senses, .. } = found;
    let mut hints = hints(tables, text, words, &finds);
    rows(text, words, &finds, &senses, &mut hints);
    let peoples = peoples(tables, text, words, &finds);
    senses.iter_mut().for_each(|sense| sense.choose(&Focus::default()));
    let mut chosen = choose(&finds, &senses, &mut hints);
    for _ in 0..2 {
        let focus = Focus::of(&finds, &senses, &chosen, &hints, &peoples);
        senses.iter_mut().for_each(|sense| sense.choose(&focus));
        chosen = choose(&finds, &senses, &mut hints);
    }
    finds
        .iter()
        .zip(&chosen)
        .zip(&hints)
        .map(|((find, &chosen), hint)| place(text, find, &senses[find.sense], chosen, hint))
        .collect()
}

/// What the word after a name, or before its "of", calls it.
fn wanted(word: &str) -> Option<Wanted> {
    Some(match word {
        "province" | "Province" | "provinces" | "governorate" | "Governorate" | "state" | "State" | "states" | "region"
        | "Region" | "regions" | "oblast" | "Oblast" | "prefecture" | "Prefecture" | "canton" | "emirate" | "department" => {
            Wanted::Division
        }
        "county" | "County" | "district" | "District" | "districts" | "counties" | "Parish" | "parish" => Wanted::County,
        "city" | "City" | "town" | "village" | "suburb" | "port" | "cities" | "towns" | "villages" | "airport" => Wanted::Town,
        "River" | "river" | "Sea" | "Lake" | "Strait" | "Gulf" | "Bay" | "Delta" => Wanted::Water,
        "Mountains" | "mountains" | "Heights" | "heights" | "Valley" => Wanted::Height,
        _ => return None,
    })
}

/// Does this feature fit what the words call for?
fn fits(wanted: Wanted, feature: &str) -> bool {
    match wanted {
        Wanted::Division => matches!(feature, "ADM1" | "RGN" | "ADM2"),
        Wanted::County => feature.starts_with("ADM"),
        Wanted::Town => feature.starts_with("PPL"),
        Wanted::Water => matches!(feature, "SEA" | "LK" | "STM" | "STRT" | "GULF" | "BAY" | "OCN"),
        Wanted::Height => matches!(feature, "MTS" | "MT" | "RGN" | "VAL"),
    }
}

/// What the words around each find say of it.
fn hints(tables: &Tables<'_>, text: &str, words: &[Word], finds: &[Find]) -> Vec<Hint> {
    let mut hints = vec![Hint::default(); finds.len()];
    let word = |i: usize| words[i].span.of(text);
    for (i, find) in finds.iter().enumerate() {
        let (first, end) = (find.words.start, find.words.end);
        let mut called = find.generic.clone().and_then(|g| g.rev().find_map(|i| wanted(word(i))));
        if called.is_none() && words.get(end).is_some_and(|w| w.gap == Gap::Blank) {
            called = wanted(word(end));
        }
        // "the city of Homs", "state of Zamfara"
        if called.is_none() && first >= 2 && word(first - 1) == "of" && words[first].gap == Gap::Blank {
            called = wanted(word(first - 2));
        }
        hints[i].wanted = called;
        // "Hangzhou, China"; "Malakal in northern South Sudan"; "Springfield (Ohio)"
        if let Some(next) = finds.get(i + 1) {
            let gap = words.get(end).map(|w| w.gap);
            let said = match next.words.start - end {
                0 => matches!(gap, Some(Gap::Comma | Gap::Bracket)),
                1..=3 => {
                    gap != Some(Gap::Stop)
                        && (end + 1..=next.words.start).all(|i| matches!(words[i].gap, Gap::Blank | Gap::Hyphen))
                        && (end..next.words.start).all(|i| tables.lexicon.within(word(i)))
                }
                _ => false,
            };
            if said {
                hints[i].inside = Some(i + 1);
            }
        }
        // "Syria's Aleppo", "Syria's northern city of Aleppo"
        if let Some(previous) = i.checked_sub(1)
            && hints[i].inside.is_none()
        {
            let before = &finds[previous];
            let possessive = text.get(before.span.end()..).is_some_and(|rest| rest.starts_with("'s") || rest.starts_with("’s"));
            let between = before.words.end..first;
            if possessive && between.len() <= 4 && between.clone().all(|i| !words[i].capital) {
                hints[i].inside = Some(previous);
            }
        }
    }
    hints
}

/// Notes rows of three or more divisions of one country; nothing in them lies in its neighbour.
fn rows(text: &str, words: &[Word], finds: &[Find], senses: &[Sense<'_>], hints: &mut [Hint]) {
    let joined = |a: &Find, b: &Find| {
        let between = a.words.end..b.words.start;
        let conjunction = |i: usize| matches!(words[i].span.of(text), "and" | "or" | "&");
        match between.len() {
            0 => words[b.words.start].gap == Gap::Comma,
            1 => {
                conjunction(between.start)
                    && matches!(words[between.start].gap, Gap::Comma | Gap::Blank)
                    && words[b.words.start].gap == Gap::Blank
            }
            _ => false,
        }
    };
    let mut start = 0;
    while start < finds.len() {
        let more = finds[start..].windows(2).take(LONGEST_ROW).take_while(|pair| joined(&pair[0], &pair[1])).count();
        let end = start + more + 1;
        if end - start >= 3 {
            let divisions = |find: &Find| {
                senses[find.sense]
                    .candidates
                    .iter()
                    .filter(|c| c.site.feature == "ADM1")
                    .filter_map(|c| c.site.country)
                    .collect::<Vec<_>>()
            };
            let lists: Vec<Vec<&str>> = finds[start..end].iter().map(divisions).collect();
            let share = |country: &str| lists.iter().filter(|list| list.contains(&country)).count();
            let country = lists.iter().flatten().map(|country| (share(country), *country)).max();
            if let Some((count, country)) = country.filter(|&(count, _)| 5 * count >= 4 * lists.len())
                && count >= 3
            {
                for (hint, list) in hints[start..end].iter_mut().zip(&lists) {
                    hint.inside = None;
                    hint.row = list.contains(&country);
                }
            }
        }
        start = end;
    }
}

/// Countries spoken of by their people or adjective, each time.
fn peoples<'t>(tables: &Tables<'t>, text: &str, words: &[Word], finds: &[Find]) -> Vec<&'t str> {
    let mut list = Vec::new();
    let mut next = 0;
    for (i, word) in words.iter().enumerate().filter(|(_, w)| w.capital) {
        while finds.get(next).is_some_and(|f| f.words.end <= i) {
            next += 1;
        }
        if finds.get(next).is_none_or(|f| f.words.start > i)
            && let Some((country, how)) = tables.countries.find(word.span.of(text))
            && how >= Reference::Adjective
        {
            list.push(country.iso3);
        }
    }
    list
}

/// What the report is about: how often each country and division is named, by which names, and where the places lie.
#[derive(Default)]
struct Focus<'t> {
    total: f32,
    countries: FxHashMap<&'t str, f32>,
    divisions: FxHashMap<(usize, u32), f32>,
    /// What the finds of one name add, to be left out when that name is weighed.
    own: FxHashMap<u64, (&'t str, (usize, u32), f32)>,
    /// Names in each square of a degree and a half.
    squares: FxHashMap<(i16, i16), Vec<u64>>,
}

/// No division.
const NOWHERE: (usize, u32) = (usize::MAX, 0);

impl<'t> Focus<'t> {
    fn of(finds: &[Find], senses: &[Sense<'t>], chosen: &[Option<usize>], hints: &[Hint], peoples: &[&'t str]) -> Focus<'t> {
        let mut focus = Focus::default();
        for ((find, chosen), hint) in finds.iter().zip(chosen).zip(hints) {
            let sense = &senses[find.sense];
            let Some(candidate) = chosen.map(|i| &sense.candidates[i]) else { continue };
            let Some(country) = candidate.site.country else { continue };
            let sure = if sense.candidates.len() == 1 || hint.inside.is_some() || candidate.site.feature.starts_with("PCL") {
                1.0
            } else {
                0.6
            };
            let division = candidate.division();
            *focus.countries.entry(country).or_default() += sure;
            *focus.divisions.entry(division).or_default() += sure;
            focus.own.entry(sense.hash).or_insert((country, division, 0.0)).2 += sure;
            focus.total += sure;
            if !candidate.site.feature.starts_with("PCL") {
                let names = focus.squares.entry(square(candidate)).or_default();
                if names.len() < 6 && !names.contains(&sense.hash) {
                    names.push(sense.hash);
                }
            }
        }
        for country in peoples {
            *focus.countries.entry(country).or_default() += 0.7;
            focus.total += 0.7;
        }
        focus
    }

    /// How well a place of a name fits the rest of the report.
    fn fit(&self, hash: u64, candidate: &Candidate<'t>) -> f32 {
        let Some(country) = candidate.site.country else { return 0.0 };
        let Some(&sum) = self.countries.get(country) else { return 0.0 };
        let (own_country, own_division, own) = self.own.get(&hash).copied().unwrap_or(("", NOWHERE, 0.0));
        let rest = (self.total - own).max(1.0);
        let share = (sum - if own_country == country { own } else { 0.0 }).max(0.0) / rest;
        let mut fit = 7.0 * share.sqrt();
        let division = candidate.division();
        if division != NOWHERE
            && let Some(sum) = self.divisions.get(&division)
        {
            fit += 3.0 * ((sum - if own_division == division { own } else { 0.0 }).max(0.0) / rest).sqrt();
        }
        if share > 0.0 {
            let (x, y) = square(candidate);
            let near = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (x + dx, y + dy)));
            let near: usize =
                near.filter_map(|s| self.squares.get(&s)).map(|names| names.iter().filter(|&&n| n != hash).count()).sum();
            fit += 0.5 * near.min(4) as f32;
        }
        fit
    }
}

fn square(candidate: &Candidate<'_>) -> (i16, i16) {
    ((candidate.site.lat / 1.5).floor() as i16, (candidate.site.lon / 1.5).floor() as i16)
}

impl Candidate<'_> {
    fn division(&self) -> (usize, u32) {
        self.site.admin.map_or(NOWHERE, |id| (self.gazetteer, id))
    }

    fn is_country(&self) -> bool {
        self.site.feature.starts_with("PCL")
    }
}

impl<'t> Sense<'t> {
    /// Scores the candidates, and chooses the best where nothing special is said.
    fn choose(&mut self, focus: &Focus<'t>) {
        for c in &mut self.candidates {
            let known = match c.site.feature {
                "PCLI" | "PCL" | "PCLD" | "CONT" => 3.0,
                "PPLC" => 3.0,
                "PPLA" => 1.0,
                "ADM1" => -1.0,
                "ADM2" => -2.5,
                "AIRP" | "AIRB" => -1.0,
                "PPLX" => -1.5,
                _ => 0.0,
            };
            // Large towns are often written under another name than the one they are listed under.
            let other = match c.other_name {
                true if c.is_country() => 0.0,
                true if c.site.weight > 13.0 => 1.0,
                true => 3.0,
                false => 0.0,
            };
            c.score = c.site.weight + known - other + focus.fit(self.hash, c);
        }
        self.chosen = best(&self.candidates, |_| 0.0);
    }
}

/// The candidate with the highest score, `more` added; the first of equals.
fn best(candidates: &[Candidate<'_>], more: impl Fn(&Candidate<'_>) -> f32) -> Option<usize> {
    let mut top: Option<(f32, usize)> = None;
    for (i, c) in candidates.iter().enumerate() {
        let score = c.score + more(c);
        if top.is_none_or(|(s, _)| score > s) {
            top = Some((score, i));
        }
    }
    top.map(|(_, i)| i)
}

/// The candidate of each find, given the scores. Hints that lead nowhere are dropped.
fn choose(finds: &[Find], senses: &[Sense<'_>], hints: &mut [Hint]) -> Vec<Option<usize>> {
    let mut chosen: Vec<Option<usize>> = finds
        .iter()
        .zip(hints.iter())
        .map(|(find, hint)| {
            let sense = &senses[find.sense];
            if hint.wanted.is_none() && find.kind.is_none() && !hint.row {
                return sense.chosen;
            }
            best(&sense.candidates, |c| {
                hint.wanted.map_or(0.0, |wanted| if fits(wanted, c.site.feature) { 5.0 } else { 0.0 })
                    + if hint.row && c.site.feature == "ADM1" { 6.0 } else { 0.0 }
                    + find.kind.map_or(0.0, |kind| kind_fits(kind, c.site.feature))
            })
        })
        .collect();
    // "Paris, Texas": the Paris that lies in Texas, and the Texas that holds a Paris.
    let mut settled: FxHashMap<usize, usize> = FxHashMap::default();
    for i in (0..finds.len()).rev() {
        let Some(outer) = hints[i].inside else { continue };
        let pair = pair(&senses[finds[i].sense], chosen[i], &senses[finds[outer].sense], chosen[outer], hints[i].wanted);
        match pair {
            Some((inner_at, outer_at)) => {
                chosen[i] = Some(inner_at);
                chosen[outer] = Some(outer_at);
                settled.insert(finds[i].sense, inner_at);
                settled.entry(finds[outer].sense).or_insert(outer_at);
            }
            None => hints[i].inside = None,
        }
    }
    // The same words mean the same place throughout a report.
    for (i, find) in finds.iter().enumerate() {
        if hints[i].inside.is_none()
            && hints[i].wanted.is_none()
            && !hints[i].row
            && let Some(&at) = settled.get(&find.sense)
        {
            chosen[i] = Some(at);
        }
    }
    chosen
}

/// How a candidate suits what the recogniser calls the name.
fn kind_fits(kind: Kind, feature: &str) -> f32 {
    let settled = feature.starts_with("PPL") || feature.starts_with("ADM") || feature.starts_with("PCL");
    match kind {
        Kind::Gpe if settled => 1.0,
        Kind::Loc if !settled => 1.5,
        Kind::Fac if matches!(feature, "AIRP" | "AIRB" | "INSM" | "BLDG" | "PRN" | "CMP" | "CRSG" | "DAM") => 3.0,
        _ => 0.0,
    }
}

/// The best two places of which one lies in the other.
fn pair(
    inner: &Sense<'_>,
    inner_chosen: Option<usize>,
    outer: &Sense<'_>,
    outer_chosen: Option<usize>,
    wanted: Option<Wanted>,
) -> Option<(usize, usize)> {
    let usual = &inner.candidates[inner_chosen?];
    let usual_outer = &outer.candidates[outer_chosen?];
    if usual.is_country() && usual_outer.is_country() {
        return None;
    }
    let mut top: Option<(f32, usize, usize)> = None;
    for (o, b) in outer.candidates.iter().enumerate().take(24) {
        if !(b.is_country() || matches!(b.site.feature, "ADM1" | "ADM2")) {
            continue;
        }
        for (n, a) in inner.candidates.iter().enumerate() {
            if lies_in(a, b) && (usual.site.weight - a.site.weight < 7.0 || matches!(b.site.feature, "ADM1")) {
                let sum = a.score + 1.5 * b.score + wanted.map_or(0.0, |w| if fits(w, a.site.feature) { 5.0 } else { 0.0 });
                if top.is_none_or(|(s, ..)| sum > s) {
                    top = Some((sum, n, o));
                }
            }
        }
    }
    // Not at the price of a far less likely outer place ("Moscow, Delhi" is a list).
    top.filter(|&(_, _, o)| usual_outer.score - outer.candidates[o].score < 6.0).map(|(_, n, o)| (n, o))
}

/// Does `a` lie in `b`, a country or division?
fn lies_in(a: &Candidate<'_>, b: &Candidate<'_>) -> bool {
    let same_country = a.site.country.is_some() && a.site.country == b.site.country;
    if !same_country || a.is_country() {
        return false;
    }
    match b.site.feature {
        "ADM1" => a.gazetteer == b.gazetteer && a.site.admin == Some(b.site.id) && a.site.id != b.site.id,
        "ADM2" => a.site.feature.starts_with("PPL") && a.site.admin == b.site.admin && near(a, b),
        _ => b.is_country(),
    }
}

/// Are they within a day's drive or so?
fn near(a: &Candidate<'_>, b: &Candidate<'_>) -> bool {
    let dx = (a.site.lon - b.site.lon) * ((a.site.lat + b.site.lat) / 2.0).to_radians().cos();
    (a.site.lat - b.site.lat).hypot(dx) < 0.8
}

fn place(text: &str, find: &Find, sense: &Sense<'_>, chosen: Option<usize>, hint: &Hint) -> Place {
    let mut place = Place {
        span: find.span,
        name: find.span.of(text).to_owned(),
        country: None,
        lat: None,
        lon: None,
        geonames: None,
        feature: String::new(),
        associative: false,
        dateline: false,
        score: 0.3,
        rule: Cow::Borrowed(find.rule),
    };
    let Some(best) = chosen.map(|i| &sense.candidates[i]) else { return place };
    let others = sense.candidates.iter().filter(|c| c.site.country != best.site.country || !near(c, best));
    let next = others.map(|c| c.score).fold(best.score - 6.0, f32::max);
    let lead = best.score - next + if hint.inside.is_some() { 6.0 } else { 0.0 };
    place.name = best.site.name.to_owned();
    place.country = best.site.country.map(str::to_owned);
    place.lat = Some(best.site.lat);
    place.lon = Some(best.site.lon);
    place.geonames = best.site.geonames;
    place.feature = best.site.feature.to_owned();
    place.score = 1.0 / (1.0 + (-lead).exp());
    place
}
