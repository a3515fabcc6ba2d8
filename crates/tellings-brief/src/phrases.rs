//! Words for what the record holds in codes.

use tellings_doc::{ClaimKind, Realis};
use tellings_story::RecordEvent;

/// What is to be said of an event that is not simply so.
pub(crate) fn realis(event: &RecordEvent) -> Option<&'static str> {
    match (event.status, event.realis) {
        ("planned-and-held", _) => Some("planned, then held"),
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

/// What is done by claiming it, as a verb, and the word that leads to whom it is directed at.
pub(crate) fn claimed(kind: ClaimKind) -> (&'static str, &'static str) {
    match kind {
        ClaimKind::Position => ("said", "of"),
        ClaimKind::Demand => ("made a demand", "to"),
        ClaimKind::Offer => ("made an offer", "to"),
        ClaimKind::Accept => ("accepted", "from"),
        ClaimKind::Reject => ("refused", "toward"),
        ClaimKind::Accuse => ("accused", ""),
        ClaimKind::Deny => ("denied", "to"),
        ClaimKind::Admit => ("admitted", "to"),
        ClaimKind::Designate => ("named", ""),
        ClaimKind::Promise => ("made a promise", "to"),
        ClaimKind::Warn => ("warned", ""),
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
        [year, week] if week.starts_with('W') && !open(week) => format!("week {} of {year}", &week[1..]),
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
    match number {
        "1" => format!("1 {unit}"),
        "X" => format!("some {unit}s"),
        n => format!("{n} {unit}s"),
    }
}

/// PA-X provision groups by the start of their code, longest first.
const ISSUES: [(&str, &str); 26] = [
    ("TjPrire", "prisoners"),
    ("TjAm", "amnesty"),
    ("SsrDdr", "disarmament"),
    ("SsrFf", "foreign forces"),
    ("SsrGua", "security guarantees"),
    ("SsrPol", "police"),
    ("SsrPsf", "rebel and paramilitary forces"),
    ("StBor", "borders"),
    ("StSd", "self-determination"),
    ("StInd", "independence"),
    ("HrMob", "humanitarian access"),
    ("HrDet", "detention"),
    ("HrIi", "verification"),
    ("ImPK", "peacekeepers"),
    ("ImUN", "United Nations"),
    ("ImRef", "referendum"),
    ("NatRes", "natural resources"),
    ("GRef", "refugees"),
    ("Terr", "terrorism"),
    ("TpsSub", "self-government"),
    ("Ssr", "security"),
    ("Pps", "power sharing"),
    ("Ele", "elections"),
    ("Pol", "government"),
    ("Ce", "ceasefire"),
    ("Hr", "rights"),
];

/// A PA-X provision group for people: `ceasefire (Ce)`.
pub(crate) fn issue(code: &str) -> String {
    match ISSUES.iter().find(|(start, _)| code.starts_with(start)) {
        Some((_, name)) => format!("{name} ({code})"),
        None => code.to_string(),
    }
}
