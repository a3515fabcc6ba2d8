//! Downloads of Nexis Uni, LexisNexis and Factiva: many reports in one document, split by the lines that stand between and around
//! them. Layouts: Nexis since 2017 (`Body` … `End of Document`), LexisNexis before (`3 of 40 DOCUMENTS`), Factiva (`Document
//! LEDGR000020140306ea36000b1` at the end of each), with two-letter codes before its fields or without.

use crate::text::{entities, spaced};
use crate::xml::{Scanner, What};
use crate::{Body, Fault, Name, Report};
use memchr::{memchr_iter, memmem};
use tellings_article::{Format, Given};
use tellings_doc::{Precision, Source};

/// Whose layout it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    Nexis,
    OldNexis,
    Factiva,
}

/// Do these bytes begin as a bundle does?
pub(crate) fn is(head: &str) -> bool {
    layout(head.lines().map(str::trim)).is_some()
}

/// As [`is`], of a page.
pub(crate) fn is_page(head: &str) -> bool {
    hints(head) && layout(lines_of_page(head).iter().map(String::as_str)).is_some()
}

/// May a page's lines be those of a bundle? Looks only at what stands behind its tags: most pages are none, and to take them apart into
/// lines takes longer.
fn hints(page: &str) -> bool {
    let mut codes = 0;
    memmem::find(page.as_bytes(), b"DOCUMENT").is_some()
        || memchr_iter(b'>', page.as_bytes()).any(|at| {
            let mut line = page[at + 1..].trim_start();
            while let Some(rest) = line.strip_prefix("&nbsp;").or_else(|| line.strip_prefix("&#160;")) {
                line = rest.trim_start();
            }
            let word = line.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
            codes += usize::from(code(word).is_some());
            codes >= 5 || matches!(word, "End" | "Document" | "Body")
        })
}

fn layout<'a>(lines: impl Iterator<Item = &'a str>) -> Option<Layout> {
    let (mut fields, mut body, mut codes) = (0, false, 0);
    for line in lines {
        if line.len() > 120 {
            continue;
        }
        if numbered(line) {
            return Some(Layout::OldNexis);
        }
        if line == "End of Document" {
            return Some(Layout::Nexis);
        }
        if accession(line) {
            return Some(Layout::Factiva);
        }
        fields += usize::from(
            ["Length:", "Section:", "Load-Date:", "Publication-Type:", "Byline:"].iter().any(|f| line.starts_with(f)),
        );
        body |= line == "Body";
        codes += usize::from(code(line).is_some());
        if fields >= 2 && body {
            return Some(Layout::Nexis);
        }
        if codes >= 5 {
            return Some(Layout::Factiva);
        }
    }
    None
}

/// `3 of 40 DOCUMENTS`
fn numbered(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let number =
        |word: Option<&str>| word.is_some_and(|w| !w.is_empty() && w.len() <= 6 && w.bytes().all(|b| b.is_ascii_digit()));
    number(words.next())
        && words.next() == Some("of")
        && number(words.next())
        && words.next().is_some_and(|w| matches!(w, "DOCUMENTS" | "DOCUMENT"))
        && words.next().is_none()
}

/// `Document LEDGR000020140306ea36000b1`
fn accession(line: &str) -> bool {
    line.strip_prefix("Document ").is_some_and(|id| {
        let letters = id.bytes().take_while(u8::is_ascii_uppercase).count();
        let digits = id.bytes().skip(letters).take_while(u8::is_ascii_digit).count();
        (18..=40).contains(&id.len()) && letters >= 2 && letters + digits >= 12 && id.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

/// A field of Factiva's: its code and what stands behind it.
fn code(line: &str) -> Option<(&str, &str)> {
    const CODES: [&str; 32] = [
        "SE", "HD", "BY", "CR", "WC", "PD", "ET", "SN", "SC", "ED", "PG", "VOL", "LA", "CY", "LP", "TD", "CT", "RF", "ART", "CO",
        "IN", "NS", "RE", "IPD", "IPC", "PUB", "AN", "CLM", "DE", "DJID", "GC", "RF",
    ];
    let end = line.find([' ', '\t']).unwrap_or(line.len());
    let (name, rest) = line.split_at(end);
    let gap = rest.is_empty() || rest.starts_with('\t') || rest.starts_with("  ");
    (gap && CODES.contains(&name)).then(|| (name, rest.trim()))
}

/// Lines that pages of a print-out begin and end with.
fn furniture(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    let page = lower.strip_prefix("page ").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()) && rest.len() < 100);
    page || lower.contains("factiva, inc. all rights reserved")
        || lower.contains("dow jones & company, inc. all rights reserved") && lower.starts_with('©')
}

/// The lines of a page: one a block.
pub(crate) fn lines_of_page(page: &str) -> Vec<String> {
    const LINE: [&str; 12] = ["a", "b", "i", "em", "strong", "span", "font", "u", "sup", "sub", "small", "cite"];
    let (mut lines, mut line) = (Vec::new(), String::new());
    for token in Scanner::page(page) {
        match token.what {
            What::Text(words) => line.push_str(&entities(words, &[])),
            What::Data(words) => line.push_str(words),
            What::Open { name, .. } | What::Close { name } if !LINE.iter().any(|inline| name.eq_ignore_ascii_case(inline)) => {
                // A code stands in a cell of its own beside its field.
                let cell = ["td", "th"].iter().any(|cell| name.eq_ignore_ascii_case(cell));
                if cell && code(line.trim()).is_some_and(|(_, rest)| rest.is_empty()) {
                    line = format!("{}\t", line.trim());
                } else if !line.ends_with('\t') || !matches!(token.what, What::Open { .. }) {
                    lines.push(std::mem::take(&mut line));
                }
            }
            _ => {}
        }
    }
    lines.push(line);
    let tidy = |line: &String| if line.contains('\t') { line.trim().to_string() } else { spaced(line) };
    lines.iter().map(tidy).collect()
}

/// A report of a bundle, its fields as they stand.
#[derive(Debug, Default)]
struct Found {
    title: String,
    outlet: String,
    date: String,
    byline: String,
    section: String,
    dateline: String,
    body: Vec<String>,
    /// Paragraphs are lines; else they are ended by empty lines.
    lined: bool,
}

/// The reports in these lines, one after the other; the whole as one where it is no bundle.
pub(crate) fn reports(name: &Name, lines: Vec<String>) -> impl Iterator<Item = Result<Report, Fault>> + Send + use<> {
    let layout = layout(lines.iter().map(String::as_str));
    let (name, mut at, mut number) = (name.clone(), 0, 0);
    let mut whole = layout.is_none();
    std::iter::from_fn(move || {
        if std::mem::take(&mut whole) {
            at = lines.len();
            return Some(Ok(plain(&name, &lines)));
        }
        let layout = layout?;
        loop {
            if at >= lines.len() {
                return None;
            }
            let from = at;
            let ends = |line: &str| match layout {
                Layout::Nexis => line == "End of Document",
                Layout::OldNexis => numbered(line),
                Layout::Factiva => accession(line) || code(line).is_some_and(|(code, rest)| code == "AN" && accession(rest)),
            };
            let end = (from..lines.len()).find(|&i| ends(&lines[i])).unwrap_or(lines.len());
            at = end + 1;
            let part: Vec<&str> = lines[from..end].iter().map(String::as_str).filter(|line| !furniture(line)).collect();
            let cover = layout == Layout::OldNexis && from == 0 && end < lines.len();
            let last = layout != Layout::OldNexis && end == lines.len();
            if cover || part.iter().all(|line| line.is_empty()) {
                continue;
            }
            let found = match layout {
                Layout::Nexis => nexis(&part),
                Layout::OldNexis => old_nexis(&part),
                Layout::Factiva => factiva(&part),
            };
            if found.body.is_empty() && last {
                continue; // what stands behind the last report: the search that found them
            }
            number += 1;
            return Some(found.report(&name, number));
        }
    })
}

/// A document that is no bundle.
fn plain(name: &Name, lines: &[String]) -> Report {
    let text: Vec<&str> = lines.iter().map(String::as_str).filter(|line| !line.is_empty()).collect();
    let mut given = Given::default();
    given.source.path = Some(name.0.clone());
    let body = Body::Raw(text.join("\n\n").into_bytes(), Format::Text);
    Report { id: name.id(), given, body, problems: Vec::new(), keys: Vec::new() }
}

impl Found {
    fn report(self, name: &Name, number: usize) -> Result<Report, Fault> {
        let gap = if self.lined { "\n\n" } else { "\n" };
        let mut text = self.body.join(gap).trim().to_string();
        if text.is_empty() {
            let called = if self.title.is_empty() { String::new() } else { format!(" (“{}”)", self.title) };
            return Err(name.fault_at("report", number, format!("there is no text in it{called}")));
        }
        // The dateline is a field of its own; it belongs before the first words.
        let place = self.dateline.trim_end_matches(['.', ',']).to_string();
        if !place.is_empty() && !text.get(..200).unwrap_or(&text).to_lowercase().contains(&place.to_lowercase()) {
            text = format!("{place} — {text}");
        }
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        let mut problems = Vec::new();
        if text.len() > tellings_article::MOST {
            problems.push(crate::too_large(text.len() as u64));
        }
        let source = Source { path: Some(name.at(number)), url: None, outlet: some(self.outlet), section: some(self.section) };
        let given =
            Given { title: some(self.title), date: some(self.date), bylines: bylines(&self.byline), source, ..Given::default() };
        Ok(Report { id: name.at(number), given, body: Body::Raw(text.into_bytes(), Format::Text), problems, keys: Vec::new() })
    }
}

/// The names of an author line, each without what is said of it.
fn bylines(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix("By ").or(line.strip_prefix("BY ")).or(line.strip_prefix("by ")).unwrap_or(line);
    let parts = line.split([';', ',']).flat_map(|part| part.split(" and ")).map(str::trim);
    parts.filter(|part| !part.is_empty() && part.split(' ').count() <= 5 && !part.contains('@')).map(str::to_string).collect()
}

/// Is it a line that gives a day: `September 5, 2016 Monday`, `5 September 2016`?
fn dated(line: &str) -> bool {
    if line.is_empty() || line.len() > 80 || !line.bytes().any(|b| b.is_ascii_digit()) {
        return false;
    }
    let first = line.split([' ', ',']).next().unwrap_or("");
    let begins = first.bytes().all(|b| b.is_ascii_digit()) && first.len() <= 2
        || first.len() >= 3 && first.bytes().all(|b| b.is_ascii_alphabetic());
    begins && tellings_article::date(line).is_some_and(|date| date.precision >= Precision::Day) && line.split(' ').count() <= 10
}

/// A field of Nexis': `Section: A; Pg. 1`.
fn field<'a>(line: &'a str, names: &[&str]) -> Option<&'a str> {
    let (name, rest) = line.split_once(':')?;
    names.iter().any(|own| name.eq_ignore_ascii_case(own)).then(|| rest.trim())
}

/// Headings behind the body.
const BEHIND: [&str; 9] =
    ["Graphic", "Classification", "Notes", "Correction", "Correction-Date", "Load-Date", "Series", "Enhancement", "References"];

fn nexis(lines: &[&str]) -> Found {
    let mut found = Found { lined: true, ..Found::default() };
    let filled: Vec<&str> = lines.iter().copied().filter(|line| !line.is_empty()).collect();
    let is_field = |line: &str| {
        field(line, &["Section", "Length", "Byline", "Dateline", "Highlight", "Load-Date"]).is_some()
            || line.starts_with("Copyright ")
            || line == "Body"
    };
    let anchor = filled.iter().position(|line| is_field(line)).unwrap_or(filled.len());
    // Title, outlet and day stand in this order before the first field; a list of all reports may stand before them.
    if let Some(day) = filled[..anchor].iter().rposition(|line| dated(line)) {
        found.date = filled[day].to_string();
        found.outlet = day.checked_sub(1).map_or(String::new(), |i| filled[i].to_string());
        found.title = day.checked_sub(2).map_or(String::new(), |i| filled[i].to_string());
    }
    let (mut body, mut behind) = (false, false);
    for line in &filled[anchor..] {
        if body {
            behind |= BEHIND.iter().any(|heading| line == heading || field(line, &[heading]).is_some());
            if !behind {
                found.body.push((*line).to_string());
            }
            continue;
        }
        body = *line == "Body";
        for (names, place) in [
            (["Section", "Rubric"], &mut found.section),
            (["Byline", "Author"], &mut found.byline),
            (["Dateline", "Dateline"], &mut found.dateline),
        ] {
            if let Some(value) = field(line, &names) {
                *place = value.to_string();
            }
        }
    }
    found
}

fn old_nexis(lines: &[&str]) -> Found {
    let mut found = Found::default();
    const HEAD: [&str; 6] = ["BYLINE", "SECTION", "LENGTH", "DATELINE", "HIGHLIGHT", "HEADLINE"];
    const TAIL: [&str; 9] = [
        "LOAD-DATE",
        "LANGUAGE",
        "GRAPHIC",
        "PUBLICATION-TYPE",
        "DOCUMENT-TYPE",
        "JOURNAL-CODE",
        "SUBJECT",
        "NOTES",
        "CORRECTION",
    ];
    let upper = |line: &str, names: &[&str]| {
        let name = line.split_once(':').map(|(name, _)| name)?;
        names.contains(&name).then(|| line[name.len() + 1..].trim().to_string())
    };
    let heading = |line: &&str| upper(line, &HEAD).is_some() || upper(line, &["BODY"]).is_some();
    let anchor = lines.iter().position(heading).unwrap_or(0);
    // Outlet, day, edition, then the title, in paragraphs.
    let head: Vec<String> =
        lines[..anchor].split(|line| line.is_empty()).map(|p| spaced(&p.join(" "))).filter(|p| !p.is_empty()).collect();
    if let Some(day) = head
        .iter()
        .position(|line| tellings_article::date(line).is_some_and(|d| d.precision >= Precision::Day) && line.len() <= 120)
    {
        found.date.clone_from(&head[day]);
        found.outlet = day.checked_sub(1).map_or(String::new(), |i| head[i].clone());
        found.title = head.get(day + 1..).and_then(<[String]>::last).cloned().unwrap_or_default();
    }
    let (mut at, mut last): (usize, Option<String>) = (anchor, None);
    while let Some(line) = lines.get(at) {
        if upper(line, &TAIL).is_some() || line.starts_with("Copyright ") && !found.body.is_empty() {
            break;
        }
        let value = |names: &[&str]| upper(line, names);
        if let Some(text) = value(&["BODY"]) {
            last = Some("BODY".to_string());
            found.body.extend(Some(text).filter(|text| !text.is_empty()));
        } else if last.as_deref() == Some("BODY") {
            found.body.push((*line).to_string());
        } else if let Some(text) = value(&HEAD) {
            let name = line.split(':').next().unwrap_or("").to_string();
            match name.as_str() {
                "BYLINE" => found.byline = text,
                "SECTION" => found.section = text,
                "DATELINE" => found.dateline = text,
                "HEADLINE" => found.title = text,
                _ => {}
            }
            last = Some(name);
        } else if line.is_empty() {
            last = last.filter(|name| name == "BODY").or(Some(String::new()));
        } else if last.as_deref() == Some("") {
            // No heading before the body.
            last = Some("BODY".to_string());
            found.body.push((*line).to_string());
        } else {
            // A field that runs on.
            let place = match last.as_deref() {
                Some("BYLINE") => Some(&mut found.byline),
                Some("SECTION") => Some(&mut found.section),
                Some("HEADLINE") => Some(&mut found.title),
                _ => None,
            };
            if let Some(place) = place {
                *place = spaced(&format!("{place} {line}"));
            }
        }
        at += 1;
    }
    while found.body.last().is_some_and(String::is_empty) {
        found.body.pop();
    }
    found
}

fn factiva(lines: &[&str]) -> Found {
    let mut found = Found { lined: true, ..Found::default() };
    if lines.iter().filter(|line| code(line).is_some()).count() >= 4 {
        let mut now = "";
        for line in lines {
            let (name, value) = code(line).unwrap_or((now, line));
            now = name;
            if value.is_empty() {
                continue;
            }
            let place = match name {
                "SE" => &mut found.section,
                "HD" => &mut found.title,
                "BY" => &mut found.byline,
                "PD" => &mut found.date,
                "ET" => {
                    found.date = format!("{} {value}", found.date);
                    continue;
                }
                "SN" => &mut found.outlet,
                "LP" | "TD" => {
                    found.body.push(value.to_string());
                    continue;
                }
                _ => continue,
            };
            *place = spaced(&format!("{place} {value}"));
        }
        return found;
    }
    // Without codes: section, title, author; then words, day, outlet, its code, edition, page, language, rights; then the text.
    let filled: Vec<&str> = lines.iter().copied().filter(|line| !line.is_empty()).collect();
    let counted = |line: &str| {
        line.strip_suffix(" words").is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit() || b == b','))
    };
    let Some(count) = filled.iter().position(|line| counted(line)) else { return found };
    let head = &filled[..count];
    let by = head.last().filter(|line| head.len() >= 2 && (line.starts_with("By ") || line.starts_with("BY "))).copied();
    let head = &head[..head.len() - usize::from(by.is_some())];
    found.byline = by.unwrap_or("").to_string();
    found.title = head.last().copied().unwrap_or("").to_string();
    if let Some(section) = head.len().checked_sub(2).map(|i| head[i]).filter(|line| line.split(' ').count() <= 6) {
        found.section = section.to_string();
    }
    let day = (count + 1..filled.len().min(count + 4)).find(|&i| dated(filled[i]));
    let Some(day) = day else { return found };
    found.date = filled[day].to_string();
    let mut at = day + 1;
    let clock = |line: &str| line.len() <= 12 && line.contains(':') && line.starts_with(|c: char| c.is_ascii_digit());
    if filled.get(at).is_some_and(|line| clock(line)) {
        found.date = format!("{} {}", found.date, filled[at]);
        at += 1;
    }
    found.outlet = filled.get(at).copied().unwrap_or("").to_string();
    let rights = (at..filled.len().min(at + 10)).find(|&i| {
        let lower = filled[i].to_lowercase();
        lower.starts_with("copyright")
            || lower.starts_with("©")
            || lower.starts_with("(c)")
            || lower.contains("all rights reserved")
    });
    let language = (at..filled.len().min(at + 8)).find(|&i| filled[i] == "English");
    let from = rights.or(language).map_or(at + 1, |i| i + 1);
    found.body = filled.get(from..).unwrap_or(&[]).iter().map(|line| (*line).to_string()).collect();
    found
}

#[cfg(test)]
mod tests {
    use crate::{Body, Kind, reports};

    fn read(name: &str, bytes: Vec<u8>, kind: Option<Kind>) -> Vec<String> {
        let found = reports(name, Box::new(std::io::Cursor::new(bytes)), kind);
        let told = |report: crate::Report| {
            let Body::Raw(text, _) = report.body else { unreachable!() };
            let given = report.given;
            let or = |value: Option<String>| value.unwrap_or("-".into());
            let fields =
                [or(given.title), or(given.source.outlet), or(given.date), given.bylines.join("+"), or(given.source.section)];
            format!("{} | {}", fields.join(" | "), String::from_utf8(text).unwrap().replace('\n', "/"))
        };
        found.map(|item| item.map_or_else(|fault| format!("!{fault}"), told)).collect()
    }

    const NEXIS: [&str; 40] = [
        "User Name: A. Reader",
        "Date and Time: Friday, March 7, 2014 10:00:00 AM EST",
        "Documents (2)",
        "1. Talks resume on the lake",
        "2. Envoys part",
        "Page 1 of 3",
        "Talks resume on the lake",
        "The Harbour Ledger",
        "March 6, 2014 Thursday",
        "Late Edition - Final",
        "",
        "Copyright 2014 Harbour Ledger Company",
        "Section: Section A; Column 0; Foreign Desk; Pg. 1",
        "Length: 120 words",
        "Byline: By ANN LEE and BO ROE",
        "Dateline: ORLAV",
        "Highlight: Both sides came.",
        "Body",
        "",
        "The two delegations met again on Thursday.",
        "They will meet again on Friday.",
        "Graphic",
        "PHOTO: The hall",
        "Classification",
        "Language: ENGLISH",
        "Load-Date: March 6, 2014",
        "",
        "End of Document",
        "Envoys part",
        "Norwire News",
        "March 7, 2014 Friday 9:15 AM GMT",
        "Copyright 2014 Norwire",
        "Length: 40 words",
        "Body",
        "The envoys left without a word.",
        "Load-Date: March 7, 2014",
        "End of Document",
        "",
        "",
        "",
    ];

    const NEXIS_READ: [&str; 2] = [
        "Talks resume on the lake | The Harbour Ledger | March 6, 2014 Thursday | ANN LEE+BO ROE | Section A; Column 0; Foreign Desk; Pg. 1 | ORLAV — The two delegations met again on Thursday.//They will meet again on Friday.",
        "Envoys part | Norwire News | March 7, 2014 Friday 9:15 AM GMT |  | - | The envoys left without a word.",
    ];

    #[test]
    fn nexis_in_all_its_files() {
        assert_eq!(read("b.txt", NEXIS.join("\n").into_bytes(), None), NEXIS_READ);
        assert_eq!(read("b.docx", crate::docx::tests::document(&NEXIS), None), NEXIS_READ);
        let rtf = format!("{{\\rtf1\\ansi {}}}", NEXIS.map(|line| line.replace('—', "\\emdash ") + "\\par\r\n").concat());
        assert_eq!(read("b.rtf", rtf.into_bytes(), None), NEXIS_READ);
        let html = format!("<html><body>{}</body></html>", NEXIS.map(|line| format!("<p><b>{line}</b></p>")).concat());
        assert_eq!(read("b.html", html.into_bytes(), None), NEXIS_READ);
    }

    #[test]
    fn older_nexis() {
        let text = "                               1 of 2 DOCUMENTS\n\n                              The Harbour Ledger\n\n                           March 6, 2014 Thursday\n                              Late Edition - Final\n\nTalks resume on the lake\n\nBYLINE: By ANN LEE\n\nSECTION: Section A; Foreign Desk;\nPg. 1\n\nLENGTH: 120 words\n\nDATELINE: ORLAV, March 5\n\nBODY:\n\n   The two delegations met again\non Thursday.\n\n   They will meet on Friday.\n\nLOAD-DATE: March 6, 2014\n\nLANGUAGE: ENGLISH\n\n                 Copyright 2014 Harbour Ledger Company\n\n                               2 of 2 DOCUMENTS\n\n                              Norwire News\n\n                  March 7, 2014 Friday 9:15 AM GMT\n\nEnvoys part\n\nLENGTH: 40 words\n\nThe envoys left without a word.\n\nLOAD-DATE: March 7, 2014\n";
        assert_eq!(
            read("old.txt", text.as_bytes().to_vec(), None),
            [
                "Talks resume on the lake | The Harbour Ledger | March 6, 2014 Thursday Late Edition - Final | ANN LEE | Section A; Foreign Desk; Pg. 1 | ORLAV, March 5 — The two delegations met again/on Thursday.//They will meet on Friday.",
                "Envoys part | Norwire News | March 7, 2014 Friday 9:15 AM GMT |  | - | The envoys left without a word.",
            ]
        );
    }

    #[test]
    fn factiva_with_codes_and_without() {
        let coded = "SE  World\nHD  Talks resume on the lake\nBY  By Ann Lee\nWC  120 words\nPD  6 March 2014\nET  09:15\nSN  The Harbour Ledger\nSC  HARLED\nPG  1\nLA  English\nCY  Copyright 2014\nLP\nThe two delegations met again on Thursday.\nTD\nThey will meet again on Friday.\nNS  gdip : International Relations\nAN  Document HARLED0020140306ea3600001\n\nSearch Summary\nText  talks\n";
        let bare = "World\nTalks resume on the lake\nBy Ann Lee\n120 words\n6 March 2014\n09:15\nThe Harbour Ledger\nHARLED\n1\nEnglish\nCopyright 2014 Harbour Ledger\nThe two delegations met again on Thursday.\nThey will meet again on Friday.\nDocument HARLED0020140306ea3600001\nPage 1 of 2 © 2014 Factiva, Inc. All rights reserved.\nWorld\nEnvoys part\n40 words\n7 March 2014\nNorwire News\nNORWIR\nEnglish\n(c) 2014 Norwire\nThe envoys left without a word.\nDocument NORWIR0020140307ea3700001\nSearch Summary\nDate: all\n";
        let first = "Talks resume on the lake | The Harbour Ledger | 6 March 2014 09:15 | Ann Lee | World | The two delegations met again on Thursday.//They will meet again on Friday.";
        assert_eq!(read("f.txt", coded.as_bytes().to_vec(), None), [first]);
        assert_eq!(
            read("f.txt", bare.as_bytes().to_vec(), None),
            [first, "Envoys part | Norwire News | 7 March 2014 |  | World | The envoys left without a word."]
        );
    }

    #[test]
    fn pages_of_each_layout_are_told_from_others() {
        let cells = |rows: &[(&str, &str)]| -> String {
            rows.iter().map(|(code, words)| format!("<tr><td>\n <b>&nbsp;{code}</b> </td><td>{words}</td></tr>")).collect()
        };
        let factiva = [("SE", "World"), ("HD", "Talks resume"), ("WC", "120 words"), ("PD", "6 March 2014"), ("LP", "They met.")];
        let pages = [
            (cells(&factiva), true),
            (cells(&factiva[1..]), false),
            ("<p>Talks resume</p><div>3 of\n40 DOCUMENTS</div>".into(), true),
            ("<p>They met.</p><p>Load-Date: March 6, 2014<br>End&nbsp;of Document</p>".into(), true),
            ("<p>Document HARLED0020140306ea3600001</p>".into(), true),
            ("<p>Section: A<br/>Length: 12 words</p><span class=SS>Body</span><p>They met.</p>".into(), true),
            ("<h1>Body found in the lake</h1><p>End of a search. Document in hand, the envoy left.</p>".into(), false),
        ];
        for (page, bundle) in pages {
            assert_eq!(super::is_page(&format!("<html><body>{page}</body></html>")), bundle, "{page}");
        }
    }

    #[test]
    fn an_ordinary_document_is_one_report() {
        let text =
            read("a.docx", crate::docx::tests::document(&["Talks resume", "The two delegations met again on Thursday."]), None);
        assert_eq!(text, ["- | - | - |  | - | Talks resume//The two delegations met again on Thursday."]);
        assert_eq!(read("a.txt", b"Talks resume\n\nThey met.".to_vec(), None).len(), 1);
    }
}
