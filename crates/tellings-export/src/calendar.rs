//! Planned meetings, talks and other events with a known day, as iCalendar (RFC 5545).

use crate::Written;
use crate::view::{Day, View};
use std::io::{self, Write};
use tellings_doc::{EventType, Realis};
use tellings_story::RecordEvent;

fn text(value: &str) -> String {
    let mut out = String::new();
    for c in value.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// A content line, folded at 75 bytes.
fn line(out: &mut dyn Write, content: &str) -> io::Result<()> {
    let mut room = 75;
    let mut rest = content;
    while rest.len() > room {
        let cut = (0..=room).rev().find(|&i| rest.is_char_boundary(i)).unwrap_or(0);
        write!(out, "{}\r\n ", &rest[..cut])?;
        rest = &rest[cut..];
        room = 74;
    }
    write!(out, "{rest}\r\n")
}

/// Is it yet to come, as its first report tells it? What somebody says they will do is coded as an agreement (PLOVER) on that day.
fn planned(view: &View<'_>, event: &RecordEvent) -> bool {
    let told = view.tellers(event).first().and_then(|&d| view.document(d).published.as_ref());
    let later = || Some(view.day(event)?.iso()? > told?.range.last.to_string());
    event.realis == Realis::Future || event.kind == EventType::Agree && event.realis == Realis::Actual && later() == Some(true)
}

/// One entry for each event that is planned and has a day.
pub(crate) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<Written> {
    let mut written = Written::default();
    line(out, "BEGIN:VCALENDAR")?;
    line(out, "VERSION:2.0")?;
    line(out, concat!("PRODID:-//Tellings//tellings ", env!("CARGO_PKG_VERSION"), "//EN"))?;
    for told in view.events() {
        let event = told.event;
        if !planned(view, event) {
            continue;
        }
        let Some(packed) = view.day(event).and_then(Day::packed) else {
            written.unfit += 1;
            continue;
        };
        let who = view.entities(told.story, &event.actors).into_iter().chain(view.entities(told.story, &event.recipients));
        let names: Vec<&str> = who.map(|e| e.name.as_str()).collect();
        let sentence = event.tellings.first().map_or("", |t| view.words(&t.at));
        let sources: Vec<&str> = view.tellers(event).iter().map(|&d| view.address(d)).collect();
        // A stamp that does not depend on the clock: the day of the first report, else of the event.
        let first = view.tellers(event).first().and_then(|&d| view.document(d).published.as_ref());
        let stamp = first.and_then(|p| Day::read(&p.value)).and_then(Day::packed).unwrap_or_else(|| packed.clone());
        line(out, "BEGIN:VEVENT")?;
        line(out, &format!("UID:{}.{}@tellings", told.story.id, event.id))?;
        line(out, &format!("DTSTAMP:{stamp}T000000Z"))?;
        let clock = event.date.as_ref().and_then(|d| d.value.split_once('T')).map(|(_, t)| t.to_string());
        match clock.as_deref().and_then(|t| t.get(..5)).filter(|t| t.as_bytes()[2] == b':') {
            // A stated hour without a zone is local time where it takes place.
            Some(t) => line(out, &format!("DTSTART:{packed}T{}{}00", &t[..2], &t[3..]))?,
            None => line(out, &format!("DTSTART;VALUE=DATE:{packed}"))?,
        }
        line(out, &format!("SUMMARY:{}", text(&format!("{}: {}", event.kind.as_str(), names.join(", ")))))?;
        if let Some(place) = &event.place {
            line(out, &format!("LOCATION:{}", text(&place.name)))?;
            if let (Some(lat), Some(lon)) = (place.lat, place.lon) {
                line(out, &format!("GEO:{lat};{lon}"))?;
            }
        }
        line(out, &format!("DESCRIPTION:{}", text(&format!("{sentence}\n{}", sources.join("\n")))))?;
        line(out, "STATUS:TENTATIVE")?;
        line(out, "END:VEVENT")?;
        written.rows += 1;
    }
    line(out, "END:VCALENDAR")?;
    Ok(written)
}
