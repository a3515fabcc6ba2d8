//! Words for what the record holds in codes.

use tellings_doc::{ClaimKind, EventType, Realis};
use tellings_story::{RecordEvent, ToldValue};

/// What is to be said of an event that is not simply so.
pub(crate) fn realis(event: &RecordEvent) -> Option<&'static str> {
    match (event.status, event.realis) {
        ("planned-and-held", _) if event.kind.is_mutual() => Some("planned, then held"),
        (_, Realis::Future) => Some("planned"),
        (_, Realis::Hypothetical) => Some("only as a possibility"),
        (_, Realis::Negated) => Some("did not happen"),
        (_, Realis::Historical) => Some("background"),
        _ => None,
    }
}

/// What is claimed, as a noun, and the word that leads to whom it is directed at.
pub(crate) fn claim(kind: ClaimKind) -> (&'static str, &'static str) {
    match kind {
        ClaimKind::Position => ("position", "toward"),
        ClaimKind::Demand => ("demand", "to"),
        ClaimKind::Offer => ("offer", "to"),
        ClaimKind::Accept => ("acceptance", "toward"),
        ClaimKind::Reject => ("refusal", "toward"),
        ClaimKind::Accuse => ("accusation", "against"),
        ClaimKind::Deny => ("denial", "toward"),
        ClaimKind::Admit => ("admission", "toward"),
        ClaimKind::Designate => ("label", "for"),
        ClaimKind::Promise => ("promise", "to"),
        ClaimKind::Warn => ("warning", "to"),
    }
}

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// A TIMEX3 date for people: `2016-09-05` as `5 September 2016`, `2016-W36` as `week 36 of 2016`, and what is not known
/// said in words (`XXXX-08-26`: `26 August, year not known`). Other values as they are.
pub(crate) fn date(value: &str) -> String {
    let day = value.split('T').next().unwrap_or(value);
    let parts: Vec<&str> = day.split('-').collect();
    let named = |names: &[&'static str], n: &str| n.parse::<usize>().ok().and_then(|n| names.get(n.wrapping_sub(1)).copied());
    let open = |year: &str| year.contains('X');
    match parts[..] {
        [year, week, d] if week.starts_with('W') => match named(&DAYS, d) {
            Some(name) if open(week) => format!("a {name}, week not known"),
            Some(name) => format!("{name} of week {} of {year}", &week[1..]),
            None => value.to_string(),
        },
        [year, week] if week.starts_with('W') && !open(week) => match monday(year, &week[1..]) {
            Some((y, m, d)) => format!("the week of {d} {} {y}", MONTHS[m - 1]),
            None => format!("week {} of {year}", &week[1..]),
        },
        [year, m, d] if d.parse::<u8>().is_ok() => match named(&MONTHS, m) {
            Some(month) if open(year) => format!("{} {month}, year not known", d.trim_start_matches('0')),
            Some(month) => format!("{} {month} {year}", d.trim_start_matches('0')),
            None => value.to_string(),
        },
        [year, m] => match named(&MONTHS, m) {
            Some(month) if open(year) => format!("{month}, year not known"),
            Some(month) => format!("{month} {year}"),
            None => value.to_string(),
        },
        _ if day.starts_with("XXXX") => "date not known".to_string(),
        _ => value.to_string(),
    }
}

/// Year, month and day of the Monday of an ISO week.
fn monday(year: &str, week: &str) -> Option<(i64, usize, i64)> {
    let (mut year, week): (i64, i64) = (year.parse().ok()?, week.parse().ok()?);
    if !(1..=53).contains(&week) || !(1..=9999).contains(&year) {
        return None;
    }
    // 4 January lies in the first week. Days since the Monday 1 January of the year 1.
    let before = year - 1;
    let fourth = 365 * before + before / 4 - before / 100 + before / 400 + 3;
    let first = fourth - fourth % 7;
    let mut day = first + 7 * (week - 1) - (fourth - 3);
    let leap = |y: i64| y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    if day < 0 {
        year -= 1;
        day += if leap(year) { 366 } else { 365 };
    }
    let lengths = |y: i64| [31, if leap(y) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    for (month, length) in lengths(year).into_iter().enumerate() {
        if day < length {
            return Some((year, month + 1, day + 1));
        }
        day -= length;
    }
    Some((year + 1, 1, day + 1))
}

/// [`date`] as it goes on in a sentence: ` on 5 September 2016`, ` in August 2016`; empty where the day is not known well enough to be told.
pub(crate) fn on_date(value: &str) -> String {
    let words = date(value);
    match value.split('T').next().unwrap_or(value) {
        day if day.contains('X') => String::new(),
        day if day.len() == 10 && !day.contains('W') => format!(" on {words}"),
        day if day.contains('W') && day.len() > 8 => format!(" on {words}"),
        day if day.len() >= 4 && day.as_bytes()[..4].iter().all(u8::is_ascii_digit) => format!(" in {words}"),
        _ => String::new(),
    }
}

/// What was told, in words, each once: "about 90 minutes" and "90 minutes" are read alike.
pub(crate) fn values(told: &[ToldValue]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for value in told.iter().map(|v| value(&v.value)) {
        if !words.contains(&value) {
            words.push(value);
        }
    }
    words
}

/// `PT90M` as `90 minutes`, `12..` as `at least 12`; other values as they are.
pub(crate) fn value(value: &str) -> String {
    let Some(rest) = value.strip_prefix('P') else {
        return match value.split_once("..") {
            Some((low, "")) => format!("at least {low}"),
            Some(("0", high)) => format!("up to {high}"),
            Some((low, high)) => format!("{low} to {high}"),
            None => value.to_string(),
        };
    };
    let (time, rest) = rest.strip_prefix('T').map_or((false, rest), |r| (true, r));
    let Some(unit) = rest.chars().last() else { return value.to_string() };
    let number = &rest[..rest.len() - unit.len_utf8()];
    let unit = match (time, unit) {
        (true, 'M') => "minute",
        (true, 'H') => "hour",
        (true, 'S') => "second",
        (false, 'D') => "day",
        (false, 'W') => "week",
        (false, 'M') => "month",
        (false, 'Y') => "year",
        _ => return value.to_string(),
    };
    // "an hour and a half" and "90 minutes" are one length.
    if let (true, "hour", Some(minutes)) = (number.contains('.'), unit, number.parse::<f64>().ok().map(|n| n * 60.0)) {
        return format!("{minutes} minutes");
    }
    match number {
        "1" => format!("1 {unit}"),
        "X" => format!("some {unit}s"),
        n => format!("{n} {unit}s"),
    }
}

/// PA-X provision groups by the start of their code, the longer start first.
const ISSUES: [(&str, &str); 46] = [
    ("TjPrire", "prisoners"),
    ("TjAm", "amnesty"),
    ("TjSan", "sanctions"),
    ("TjCou", "courts and war crimes"),
    ("TjMis", "the missing"),
    ("TjRep", "reparations"),
    ("SsrDdr", "disarmament"),
    ("SsrFf", "foreign forces and withdrawal"),
    ("SsrArm", "armed forces"),
    ("SsrGua", "security guarantees"),
    ("SsrPol", "police"),
    ("SsrPsf", "rebels and militias"),
    ("SsrInt", "intelligence"),
    ("SsrDrugs", "drugs"),
    ("SerShel", "shelter"),
    ("StBor", "borders"),
    ("StXbor", "borders"),
    ("StSd", "self-determination"),
    ("StInd", "independence"),
    ("StUni", "unification"),
    ("StRef", "referendum"),
    ("HrMob", "humanitarian access"),
    ("HrGen", "human rights"),
    ("CprTort", "torture"),
    ("CprFspe", "free speech"),
    ("CprDet", "detention"),
    ("Cons", "constitution"),
    ("ImPK", "peacekeepers"),
    ("ImUN", "United Nations resolutions"),
    ("ImE", "verification"),
    ("NatRes", "oil, gas and minerals"),
    ("GRef", "refugees"),
    ("Terr", "terrorism"),
    ("Terps", "autonomy"),
    ("PpsSub", "power sharing"),
    ("PolNewTemp", "transition"),
    ("Prot", "protection of civilians"),
    ("LaRef", "land"),
    ("CenBan", "central bank"),
    ("TaxOth", "taxes"),
    ("Ban", "banks and currency"),
    ("Bus", "trade"),
    ("Wat", "water"),
    ("Cor", "corruption"),
    ("Ele", "elections"),
    ("Ce", "ceasefire"),
];

/// A PA-X provision group for people; `None` for a code without a name.
pub(crate) fn issue(code: &str) -> Option<&'static str> {
    ISSUES.iter().find(|(start, _)| code.starts_with(start)).map(|(_, name)| *name)
}

/// What reports differ on, as a heading; `None` for what no reader asks for.
pub(crate) fn attribute(name: &str) -> Option<&'static str> {
    Some(match name {
        "killed" => "How many were killed",
        "injured" => "How many were hurt",
        "arrested" => "How many were arrested",
        "displaced" => "How many fled",
        "count" => "How many",
        "duration" => "How long it took",
        "date" => "When it was",
        "place" => "Where it was",
        "outcome" => "What came of it",
        "happened" => "Whether it happened",
        "weapon" => "With what weapon",
        "participants" => "Who took part",
        _ => return None,
    })
}

/// A value that reports differ on.
pub(crate) fn told(attribute: &str, told: &str) -> String {
    match attribute {
        "date" => date(told),
        "outcome" | "topic" | "weapon" => format!("“{told}”"),
        _ => value(told),
    }
}

/// How a wording relates to the fullest one.
pub(crate) fn variant(name: &str) -> &str {
    match name {
        "cut" => "cut short",
        "indirect" => "told indirectly",
        "differs" => "in other words",
        other => other,
    }
}

/// What one did to another, for the table of relations.
pub(crate) fn dealt(kind: EventType) -> &'static str {
    match kind {
        EventType::Agree => "agreed with",
        EventType::Consult => "met or spoke with",
        EventType::Support => "supported",
        EventType::Concede => "gave way to",
        EventType::Cooperate => "worked with",
        EventType::Aid => "gave aid to",
        EventType::Retreat => "released or gave way to",
        EventType::Request => "asked something of",
        EventType::Accuse => "accused or criticised",
        EventType::Reject => "refused",
        EventType::Threaten => "warned or threatened",
        EventType::Protest => "protested against",
        EventType::Sanction => "cut ties with or sanctioned",
        EventType::Mobilize => "showed force toward",
        EventType::Coerce => "put pressure on",
        EventType::Assault => "used force against",
        EventType::Other => "dealt with",
    }
}

/// A PLOVER sector for people.
pub(crate) fn sector(code: &str) -> Option<&'static str> {
    Some(match code {
        "GOV" => "government",
        "MIL" => "military",
        "REB" => "rebels",
        "OPP" => "opposition",
        "PTY" => "party",
        "COP" => "police",
        "JUD" => "judiciary",
        "SPY" => "intelligence",
        "MED" => "media",
        "EDU" => "education",
        "BUS" => "business",
        "CRM" => "crime",
        "CVL" => "civilians",
        "IGO" => "intergovernmental body",
        "NGO" => "aid or advocacy group",
        "LEG" => "legislature",
        "REL" => "religion",
        "LAB" => "labour",
        "UAF" => "armed group",
        "IMG" => "international militant group",
        "MNC" => "company",
        _ => return None,
    })
}

static COUNTRIES: &str = include_str!("../data/countries.tsv");

/// The short name of a state by its ISO 3166-1 alpha-3 code.
pub(crate) fn country(code: &str) -> Option<&'static str> {
    COUNTRIES.lines().filter_map(|line| line.split_once('\t')).find(|(key, _)| *key == code).map(|(_, name)| name)
}

/// How far talks are, for people.
pub(crate) fn stage(value: &str) -> &'static str {
    match value {
        "planned" => "Talks are planned",
        "talks" => "Talks are held",
        "stalled" => "Talks have stalled",
        "agreement" => "An agreement was reached",
        "implementation" => "An agreement is carried out",
        "broken" => "An agreement is said to be broken",
        _ => "Stage",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_are_told_by_their_monday() {
        assert_eq!(date("2016-W36"), "the week of 5 September 2016");
        assert_eq!(date("2020-W01"), "the week of 30 December 2019");
        assert_eq!(date("2015-W53"), "the week of 28 December 2015");
        assert_eq!(on_date("2016-W34"), " in the week of 22 August 2016");
        assert_eq!(date("2016-W99"), "week 99 of 2016");
    }

    #[test]
    fn lengths_are_told_alike() {
        assert_eq!((value("PT1.5H"), value("PT90M"), value("PT1H")), ("90 minutes".into(), "90 minutes".into(), "1 hour".into()));
        assert_eq!((value("12.."), value("0..30"), value("7")), ("at least 12".into(), "up to 30".into(), "7".into()));
    }
}
