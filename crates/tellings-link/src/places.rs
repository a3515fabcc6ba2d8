//! Where: place names of the text, put on the map.
//!
//! Words that look like names are looked up in the gazetteers, longest first (`scan`). What the name recogniser says of
//! them and the words around them decide whether a place is meant (`judge`). Which of several places of one name is
//! meant is settled in two rounds: what neighbouring names say ("Paris, Texas"), then what else the report is about.

use crate::{Countries, Gazetteer, Site};
use std::borrow::Cow;
use tellings_doc::{Article, Deprel, Kind, Name, Parse, Place, Span, Upos};

mod lexicon;
mod words;

pub(crate) use lexicon::Lexicon;
use words::{Gap, Word, words};

/// Most words in a place name.
const LONGEST: usize = 5;
/// Most places of one name that are weighed.
const MOST_CANDIDATES: usize = 200;
/// Places that are known at once: about a million people.
const WELL_KNOWN: f32 = 13.5;

/// What place names are looked up in.
pub(crate) struct Tables<'t> {
    /// The user's and ours first, the large one last.
    pub(crate) gazetteers: &'t [Gazetteer],
    pub(crate) countries: &'t Countries,
    pub(crate) lexicon: &'t Lexicon,
}

/// A stretch of words that some gazetteer lists, or that the name recogniser calls a place.
struct Find<'t> {
    /// First word and one past the last.
    words: (usize, usize),
    span: Span,
    /// The places of that name; empty if only the recogniser knows it.
    candidates: Vec<Candidate<'t>>,
    /// The find that says where this one lies ("Texas" of "Paris, Texas").
    inside: Option<usize>,
    /// What the text calls it ("province").
    wanted: Option<Wanted>,
    /// Place among the candidates.
    chosen: Option<usize>,
    /// Why it is taken for a place.
    rule: &'static str,
    /// Its government or people are meant.
    associative: bool,
}

/// One of the places of a name.
struct Candidate<'t> {
    gazetteer: usize,
    site: Site<'t>,
    /// Country and division names are followed only inside the same gazetteer.
    admin: Option<Site<'t>>,
    other_name: bool,
    score: f32,
}

/// What sort of place the words call for.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Wanted {
    Division,
    Town,
    County,
    Water,
    Height,
}

/// Places in text order.
pub(crate) fn places(tables: &Tables<'_>, article: &Article, parse: &Parse) -> Vec<Place> {
    let text = article.text.as_str();
    let words = words(text);
    let mut finds = scan(tables, text, &words, parse);
    hints(tables, text, &words, &mut finds);
    let focus = Focus::default();
    finds.iter_mut().for_each(|find| find.choose(&focus));
    for _ in 0..2 {
        inherit(&mut finds);
        let focus = Focus::of(tables, text, &words, &finds);
        finds.iter_mut().for_each(|find| find.choose(&focus));
    }
    inherit(&mut finds);
    one_sense(text, &mut finds);
    for find in &mut finds {
        find.associative = associative(parse, find.span);
    }
    finds.iter().map(|find| find.place(article)).collect()
}

// ---------------------------------------------------------------- finding

/// The place names of the text, in text order, none inside another.
fn scan<'t>(tables: &Tables<'t>, text: &str, words: &[Word], parse: &Parse) -> Vec<Find<'t>> {
    let mut finds: Vec<Find<'t>> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if !words[at].capital {
            at += 1;
            continue;
        }
        let longest = (at + 1..words.len().min(at + LONGEST))
            .find(|&i| !matches!(words[i].gap, Gap::Blank | Gap::Hyphen))
            .unwrap_or(words.len().min(at + LONGEST));
        let mut end = longest;
        let mut next = at + 1;
        while end > at {
            if words[end - 1].capital {
                let span = Span::new(words[at].span.start(), words[end - 1].span.end());
                if let Some(rule) = judge(tables, text, words, parse, (at, end), span) {
                    let candidates = candidates(tables, span.of(text));
                    finds.push(Find {
                        words: (at, end),
                        span,
                        candidates,
                        inside: None,
                        wanted: None,
                        chosen: None,
                        rule,
                        associative: false,
                    });
                    next = end;
                    break;
                }
            }
            end -= 1;
        }
        at = next;
    }
    finds
}

/// The places of a name, the best known gazetteer's first.
fn candidates<'t>(tables: &Tables<'t>, name: &str) -> Vec<Candidate<'t>> {
    let mut list = Vec::new();
    for (gazetteer, g) in tables.gazetteers.iter().enumerate() {
        for (site, other_name) in g.find(name).take(MOST_CANDIDATES) {
            let admin = site.admin.and_then(|id| g.site(id));
            list.push(Candidate { gazetteer, site, admin, other_name, score: 0.0 });
        }
    }
    list
}

/// Is a place meant by these words, and why? `None` if not, or if no gazetteer lists them.
fn judge(
    tables: &Tables<'_>,
    text: &str,
    words: &[Word],
    parse: &Parse,
    (first, end): (usize, usize),
    span: Span,
) -> Option<&'static str> {
    let name = span.of(text);
    let listed = tables.gazetteers.iter().any(|g| g.has(name));
    let single = end - first == 1;
    let label = label(parse, span);
    if !listed {
        return match label {
            Some(n) if matches!(n.kind, Kind::Gpe | Kind::Loc) && n.span == span && n.score >= 0.5 => Some("place.name-only"),
            _ => None,
        };
    }
    let known = tables.gazetteers.iter().filter_map(|g| g.find(name).next()).map(|(site, _)| site.weight).fold(0.0, f32::max);
    let country = tables.countries.find(name).is_some_and(|(_, how)| how == crate::Reference::Name);
    if name.chars().filter(|c| c.is_alphabetic()).count() < 3 && !country {
        return None;
    }
    if single
        && name.len() > 3
        && name.bytes().all(|b| b.is_ascii_uppercase())
        && !country
        && !tables.lexicon.heading(text, words, first)
    {
        return None;
    }
    let before = first.checked_sub(1).map(|i| &words[i]).filter(|_| matches!(words[first].gap, Gap::Blank));
    let after = words.get(end).filter(|w| matches!(w.gap, Gap::Blank | Gap::Hyphen));
    let locative = before.is_some_and(|w| tables.lexicon.locative(w.span.of(text)))
        || first >= 2
            && before
                .is_some_and(|w| matches!(w.span.of(text), "the" | "northern" | "southern" | "eastern" | "western" | "central"))
            && tables.lexicon.locative(words[first - 2].span.of(text));
    match label {
        Some(n) if matches!(n.kind, Kind::Gpe | Kind::Loc) && n.span == span => return Some("place.name"),
        Some(n) if matches!(n.kind, Kind::Gpe | Kind::Loc | Kind::Fac) => {
            // Part of a longer place name, or more than the recogniser saw.
            return if n.span.covers(span) && n.kind == Kind::Fac && !span.covers(n.span) {
                None
            } else {
                Some("place.name-part")
            };
        }
        Some(n) if matches!(n.kind, Kind::Per | Kind::Norp) && (n.score > 0.6 || !locative) => return None,
        Some(n) if n.kind == Kind::Org && n.span != span => return None,
        Some(n) if n.kind == Kind::Org && !(country || locative) => return None,
        Some(n) if matches!(n.kind, Kind::Event | Kind::Misc) && n.span != span => return None,
        _ => {}
    }
    if country {
        // "Georgia Brown", "Michael Jordan".
        let common = matches!(name, "Georgia" | "Jordan" | "Chad" | "Israel" | "Jersey" | "America" | "Dominica");
        let named = before.is_some_and(|w| w.capital && !w.starts_sentence && tables.lexicon.given(w.span.of(text)));
        if named || common && !locative && after.is_some_and(|w| w.capital) {
            return None;
        }
        return Some("place.country");
    }
    if single && tables.lexicon.common(name) && !(locative && known > WELL_KNOWN) {
        return None;
    }
    let joined_before = before.is_some_and(|w| {
        w.capital
            && !w.starts_sentence
            && !tables.lexicon.lead(w.span.of(text))
            && tables.countries.find(w.span.of(text)).is_none()
    });
    let joined_after = after.is_some_and(|w| {
        w.capital
            && w.gap == Gap::Blank
            && !tables.lexicon.follow(w.span.of(text))
            && !tables.gazetteers.iter().any(|g| g.has(w.span.of(text)))
    });
    if joined_before || joined_after {
        return None;
    }
    if before.is_some_and(|w| tables.lexicon.title(w.span.of(text))) {
        return None;
    }
    let described = after.is_some_and(|w| wanted(w.span.of(text)).is_some())
        || words.get(end).is_some_and(|w| w.gap == Gap::Comma && w.capital);
    match () {
        () if locative => Some("place.preposition"),
        () if described && !words[first].starts_sentence => Some("place.described"),
        () if !single && known > 9.0 => Some("place.gazetteer"),
        () if known > WELL_KNOWN => Some("place.gazetteer"),
        () => None,
    }
}

/// The name that the recogniser found where these words stand.
fn label(parse: &Parse, span: Span) -> Option<Name> {
    let at = parse.names.partition_point(|n| n.span.end() <= span.start());
    parse.names.get(at).filter(|n| n.span.touches(span)).copied()
}

// ---------------------------------------------------------------- which of several

/// What the word after a name calls it.
fn wanted(word: &str) -> Option<Wanted> {
    Some(match word {
        "province" | "Province" | "governorate" | "Governorate" | "state" | "State" | "region" | "Region" | "oblast"
        | "Oblast" | "prefecture" | "Prefecture" | "canton" | "emirate" => Wanted::Division,
        "county" | "County" | "district" | "District" | "Parish" | "parish" => Wanted::County,
        "city" | "City" | "town" | "village" | "suburb" | "port" => Wanted::Town,
        "River" | "river" | "Sea" | "Lake" | "Strait" | "Gulf" | "Bay" => Wanted::Water,
        "Mountains" | "mountains" | "Heights" | "heights" => Wanted::Height,
        _ => return None,
    })
}

/// Does this feature fit what the words call for?
fn fits(wanted: Wanted, feature: &str) -> bool {
    match wanted {
        Wanted::Division => feature == "ADM1" || feature == "RGN",
        Wanted::County => feature.starts_with("ADM"),
        Wanted::Town => feature.starts_with("PPL"),
        Wanted::Water => matches!(feature, "SEA" | "LK" | "STM" | "STRT" | "GULF" | "BAY" | "CHN" | "OCN"),
        Wanted::Height => matches!(feature, "MTS" | "MT" | "RGN"),
    }
}

/// Notes what the words around each find say of it.
fn hints(tables: &Tables<'_>, text: &str, words: &[Word], finds: &mut [Find<'_>]) {
    for i in 0..finds.len() {
        let (first, end) = finds[i].words;
        if let Some(word) = words.get(end).filter(|w| w.gap == Gap::Blank) {
            finds[i].wanted = wanted(word.span.of(text));
        }
        // "the city of Homs", "state of Zamfara"
        if first >= 2 && words[first - 1].span.of(text) == "of" && words[first].gap == Gap::Blank {
            finds[i].wanted = finds[i].wanted.or(wanted(words[first - 2].span.of(text)));
        }
        // "Hangzhou, China"; "Malakal in South Sudan"; "Springfield (Ohio)"
        if let Some(next) = finds.get(i + 1) {
            let between = next.words.0 - end;
            let gap = words.get(end).map(|w| w.gap);
            let said = match between {
                0 => matches!(gap, Some(Gap::Comma | Gap::Bracket)),
                1..=3 => {
                    words[end..next.words.0].iter().all(|w| tables.lexicon.within(w.span.of(text))) && gap != Some(Gap::Stop)
                }
                _ => false,
            };
            if said {
                finds[i].inside = Some(i + 1);
            }
        }
    }
    // "Texas's Austin", "Syria's Aleppo"
    for i in 1..finds.len() {
        let (before, own) = (finds[i - 1].words.1, finds[i].words.0);
        let possessive = text.get(finds[i - 1].span.end()..).is_some_and(|rest| rest.starts_with("'s") || rest.starts_with("’s"));
        if possessive && own - before <= 2 && finds[i].inside.is_none() {
            finds[i].inside = Some(i - 1);
        }
    }
}

/// What the report is about: how often each country is named, and where the chosen places lie.
#[derive(Default)]
struct Focus {
    /// Country and how much of the report speaks of it, 0..=1.
    countries: Vec<(String, f32)>,
    /// First-order divisions, likewise, by country and name.
    divisions: Vec<((String, String), f32)>,
    /// Where chosen places lie.
    points: Vec<(f64, f64)>,
}

impl Focus {
    fn of(tables: &Tables<'_>, text: &str, words: &[Word], finds: &[Find<'_>]) -> Focus {
        let mut focus = Focus::default();
        let mut total = 0.0;
        for find in finds {
            let Some(chosen) = find.chosen.and_then(|i| find.candidates.get(i)) else { continue };
            let sure = if find.candidates.len() == 1 || find.inside.is_some() { 1.0 } else { 0.6 };
            if let Some(country) = chosen.site.country {
                add(&mut focus.countries, country.to_owned(), sure);
                total += sure;
                let division = chosen.admin.map_or("", |a| a.name);
                if !division.is_empty() {
                    add(&mut focus.divisions, (country.to_owned(), division.to_owned()), sure);
                }
            }
            if focus.points.len() < 400 && !chosen.site.feature.starts_with("PCL") && chosen.site.feature != "CONT" {
                focus.points.push((chosen.site.lat, chosen.site.lon));
            }
        }
        // Peoples and adjectives.
        let mut next = 0;
        for (i, word) in words.iter().enumerate().filter(|(_, w)| w.capital) {
            while finds.get(next).is_some_and(|f| f.words.1 <= i) {
                next += 1;
            }
            if finds.get(next).is_some_and(|f| f.words.0 <= i) {
                continue;
            }
            let known = tables.countries.find(word.span.of(text)).filter(|(_, how)| *how >= crate::Reference::Adjective);
            if let Some((country, _)) = known {
                add(&mut focus.countries, country.iso3.to_owned(), 0.7);
                total += 0.7;
            }
        }
        let scale = if total > 0.0 { 1.0 / total } else { 0.0 };
        focus.countries.iter_mut().for_each(|(_, share)| *share *= scale);
        focus.divisions.iter_mut().for_each(|(_, share)| *share *= scale);
        focus
    }

    /// How well a place fits the report.
    fn fit(&self, candidate: &Candidate<'_>) -> f32 {
        let share = |list: &[(String, f32)], key: &str| list.iter().find(|(k, _)| k == key).map_or(0.0, |(_, s)| *s);
        let Some(country) = candidate.site.country else { return 0.0 };
        let mut fit = 5.0 * share(&self.countries, country).sqrt();
        if let Some(admin) = candidate.admin {
            let division = self.divisions.iter().find(|((c, d), _)| c == country && d == admin.name);
            fit += 3.0 * division.map_or(0.0, |(_, s)| s.sqrt());
        }
        let here = (candidate.site.lat, candidate.site.lon);
        let near = self.points.iter().filter(|&&p| p != here && degrees(p, here) < 1.5).count();
        fit + 0.5 * (near.min(4) as f32)
    }
}

fn add<K: PartialEq>(list: &mut Vec<(K, f32)>, key: K, amount: f32) {
    match list.iter_mut().find(|(k, _)| *k == key) {
        Some((_, sum)) => *sum += amount,
        None => list.push((key, amount)),
    }
}

/// Rough distance in degrees of a great circle.
fn degrees(a: (f64, f64), b: (f64, f64)) -> f64 {
    let dx = (a.1 - b.1) * ((a.0 + b.0) / 2.0).to_radians().cos();
    (a.0 - b.0).hypot(dx)
}

impl<'t> Find<'t> {
    /// Chooses among the candidates.
    fn choose(&mut self, focus: &Focus) {
        for c in &mut self.candidates {
            let feature = c.site.feature;
            let mut score = c.site.weight;
            score += match feature {
                "PCLI" | "PCL" | "PCLD" | "CONT" => 4.0,
                "PPLC" => 3.0,
                "PPLA" => 1.0,
                "ADM1" => -1.5,
                "ADM2" => -4.0,
                "AIRP" | "AIRB" => -1.0,
                "PPLX" => -1.5,
                _ => 0.0,
            };
            if c.other_name {
                score -= if feature.starts_with("PCL") { 0.0 } else { 3.0 };
            }
            if let Some(wanted) = self.wanted {
                score += if fits(wanted, feature) { 5.0 } else { 0.0 };
            }
            c.score = score + focus.fit(c);
        }
        self.chosen = (0..self.candidates.len()).max_by(|&a, &b| {
            let (x, y) = (&self.candidates[a], &self.candidates[b]);
            x.score.total_cmp(&y.score).then(b.cmp(&a))
        });
    }

    fn best(&self) -> Option<&Candidate<'t>> {
        self.candidates.get(self.chosen?)
    }

    fn place(&self, article: &Article) -> Place {
        let dateline = article.dateline.as_ref().is_some_and(|d| d.span.touches(self.span));
        let Some(best) = self.best() else {
            return Place {
                span: self.span,
                name: self.span.of(&article.text).to_owned(),
                country: None,
                lat: None,
                lon: None,
                geonames: None,
                feature: String::new(),
                associative: self.associative,
                dateline,
                score: 0.5,
                rule: Cow::Borrowed(self.rule),
            };
        };
        let next = self.candidates.iter().filter(|c| !std::ptr::eq(*c, best)).map(|c| c.score).fold(best.score - 8.0, f32::max);
        let score = 1.0 / (1.0 + (-(best.score - next)).exp());
        Place {
            span: self.span,
            name: best.site.name.to_owned(),
            country: best.site.country.map(str::to_owned),
            lat: Some(best.site.lat),
            lon: Some(best.site.lon),
            geonames: best.site.geonames,
            feature: best.site.feature.to_owned(),
            associative: self.associative,
            dateline,
            score,
            rule: Cow::Borrowed(self.rule),
        }
    }
}

/// Takes over what a neighbour says: of "Paris, Texas" the Paris that lies in Texas, and the Texas that holds a Paris.
fn inherit(finds: &mut [Find<'_>]) {
    for i in (0..finds.len()).rev() {
        let Some(outer) = finds[i].inside else { continue };
        let pair = {
            let (inner, outer) = (&finds[i], &finds[outer]);
            let mut best: Option<(f32, usize, usize)> = None;
            for (o, b) in outer.candidates.iter().enumerate().take(24) {
                for (n, a) in inner.candidates.iter().enumerate() {
                    if lies_in(a, b) {
                        let sum = a.score + b.score * 1.5;
                        if best.is_none_or(|(s, ..)| sum > s) {
                            best = Some((sum, n, o));
                        }
                    }
                }
            }
            best
        };
        match pair {
            Some((_, n, o)) => {
                finds[i].chosen = Some(n);
                finds[i].candidates[n].score += 8.0;
                finds[outer].chosen = Some(o);
                finds[outer].candidates[o].score += 4.0;
            }
            None => finds[i].inside = None,
        }
    }
}

/// Does `a` lie in `b`, a country or division?
fn lies_in(a: &Candidate<'_>, b: &Candidate<'_>) -> bool {
    let same_country = a.site.country.is_some() && a.site.country == b.site.country;
    match b.site.feature {
        "PCLI" | "PCL" | "PCLD" | "PCLH" => same_country && !a.site.feature.starts_with("PCL"),
        "ADM1" => same_country && a.gazetteer == b.gazetteer && a.site.admin == Some(b.site.id) && a.site.id != b.site.id,
        "ADM2" => {
            same_country && a.site.feature.starts_with("PPL") && degrees((a.site.lat, a.site.lon), (b.site.lat, b.site.lon)) < 0.7
        }
        _ => false,
    }
}

/// One sense a report: the same words mean the same place, the one that was chosen with the best reason.
fn one_sense(text: &str, finds: &mut [Find<'_>]) {
    let mut order: Vec<(&str, usize)> =
        finds.iter().enumerate().filter(|(_, f)| f.best().is_some()).map(|(i, f)| (f.span.of(text), i)).collect();
    order.sort_unstable();
    for group in order.chunk_by(|a, b| a.0 == b.0) {
        let hinted = group.iter().map(|&(_, i)| i).find(|&i| finds[i].inside.is_some());
        let Some(chosen) = hinted.and_then(|i| finds[i].chosen) else { continue };
        for &(_, i) in group {
            if finds[i].inside.is_none() && finds[i].wanted.is_none() {
                finds[i].chosen = Some(chosen);
            }
        }
    }
}

/// Is the place's government or people meant: it acts, or is acted upon, rather than being where something is?
fn associative(parse: &Parse, span: Span) -> bool {
    let Some(head) = parse.head_of(span) else { return false };
    let token = parse.token(head);
    if token.upos != Upos::Propn && token.upos != Upos::Noun {
        return false;
    }
    match token.deprel.base() {
        Deprel::Nsubj | Deprel::Iobj | Deprel::Obj => true,
        Deprel::Obl if token.deprel == Deprel::OblAgent => true,
        Deprel::Obl | Deprel::Nmod => parse
            .by_relation(head, Deprel::Case)
            .any(|case| matches!(parse.lemma(case), "between" | "with" | "by" | "against" | "toward" | "towards" | "for")),
        _ => false,
    }
}
