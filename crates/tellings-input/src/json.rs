//! Rows of JSON: one a line, or one array, or objects over several lines; one at a time.

use crate::source::Source;
use crate::{Fault, Name, Report, row};
use serde_json::Value;
use std::collections::VecDeque;
use std::io::BufRead;

/// Bytes of one row; a longer one is not read.
const LONGEST: usize = 64 << 20;

/// Reads rows as they come.
pub(crate) struct Rows {
    name: Name,
    source: Source,
    form: Form,
    /// Lines that were read to tell the form.
    ahead: VecDeque<(Vec<u8>, u64)>,
    /// Rows of an object that was a list of reports in a wrapper.
    wrapped: VecDeque<Value>,
    /// The line or item that was read last.
    number: usize,
    /// Was there anything?
    found: bool,
    ended: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Untold,
    Lines,
    Values,
}

impl Rows {
    pub(crate) fn new(name: Name, source: Source) -> Rows {
        let (ahead, wrapped) = Default::default();
        Rows { name, source, form: Form::Untold, ahead, wrapped, number: 0, found: false, ended: false }
    }

    /// Is there one row a line, or do rows run over lines? Told from the first two lines with anything in them.
    fn tell(&mut self) -> std::io::Result<()> {
        let mut firsts: Vec<Result<(), bool>> = Vec::new();
        while firsts.len() < 2 && self.ahead.len() < 64 {
            let Some((line, length)) = self.source.line(LONGEST)? else { break };
            let trimmed = trim(&line, self.ahead.is_empty()).to_vec();
            self.ahead.push_back((line, length));
            if trimmed.is_empty() {
                continue;
            }
            if firsts.is_empty() && trimmed.starts_with(b"[") {
                self.form = Form::Values;
                return Ok(());
            }
            let read = serde_json::from_slice::<serde::de::IgnoredAny>(&trimmed).map(drop);
            firsts.push(read.map_err(|error| error.is_eof() && trimmed.starts_with(b"{")));
            if firsts == [Ok(())] {
                break;
            }
        }
        self.form = if firsts.len() == 2 && firsts[0] == Err(true) && firsts[1].is_err() { Form::Values } else { Form::Lines };
        Ok(())
    }

    fn line(&mut self) -> Option<Result<Report, Fault>> {
        loop {
            let next = match self.ahead.pop_front() {
                Some(line) => Some(line),
                None => match self.source.line(LONGEST) {
                    Ok(line) => line,
                    Err(error) => {
                        self.number += 1;
                        return Some(Err(self.name.fault_at("line", self.number, error.to_string())));
                    }
                },
            };
            let Some((line, length)) = next else { return self.nothing() };
            self.number += 1;
            let trimmed = trim(&line, self.number == 1);
            if trimmed.is_empty() {
                continue;
            }
            self.found = true;
            if length > LONGEST as u64 {
                return Some(Err(self.fault(format!("a row of {} MB is not read", length >> 20))));
            }
            return match serde_json::from_slice::<Value>(trimmed) {
                Ok(value) => self.take(value),
                Err(error) if error.is_eof() && !line.ends_with(b"\n") => {
                    Some(Err(self.fault("the input ends inside the line: truncated")))
                }
                Err(error) => Some(Err(self.fault(format!("not JSON: {error}")))),
            };
        }
    }

    fn value(&mut self) -> Option<Result<Report, Fault>> {
        let (bytes, whole) = match self.balanced() {
            Ok(Some(found)) => found,
            Ok(None) => return self.nothing(),
            Err(error) => {
                self.number += 1;
                return Some(Err(self.fault(error.to_string())));
            }
        };
        self.number += 1;
        self.found = true;
        if bytes.len() >= LONGEST {
            return Some(Err(self.fault(format!("a row of more than {} MB is not read", LONGEST >> 20))));
        }
        match serde_json::from_slice::<Value>(&bytes) {
            Ok(value) => self.take(value),
            Err(_) if !whole => Some(Err(self.fault("the input ends inside the item: truncated"))),
            Err(error) => Some(Err(self.fault(format!("not JSON: {error}")))),
        }
    }

    /// The next value of the outermost list or of the top, and whether it is whole: what stands between its outer brackets, or
    /// up to the next comma.
    fn balanced(&mut self) -> std::io::Result<Option<(Vec<u8>, bool)>> {
        let (mut value, mut depth, mut string, mut escaped) = (Vec::new(), 0usize, false, false);
        loop {
            // What was read to tell the form comes first.
            let line = self.ahead.pop_front().map(|(line, _)| line);
            let (buffer, from_source) = match &line {
                Some(line) => (line.as_slice(), false),
                None => (self.source.fill_buf()?, true),
            };
            if buffer.is_empty() {
                return Ok((!value.is_empty()).then_some((value, false)));
            }
            let mut done = None;
            for (i, &b) in buffer.iter().enumerate() {
                if string {
                    match b {
                        _ if escaped => escaped = false,
                        b'\\' => escaped = true,
                        b'"' => string = false,
                        _ => {}
                    }
                } else {
                    match b {
                        b'"' => string = true,
                        b'{' => depth += 1,
                        // The outermost list is no value.
                        b'[' if depth > 0 || !value.is_empty() => depth += 1,
                        b'[' => continue,
                        b'}' | b']' if depth > 0 => {
                            depth -= 1;
                            if depth == 0 {
                                value.push(b);
                                done = Some(i + 1);
                                break;
                            }
                        }
                        b',' | b']' | b'}' if depth == 0 => {
                            if !value.is_empty() {
                                done = Some(i + 1);
                                break;
                            }
                            continue;
                        }
                        _ if depth == 0 && (b.is_ascii_whitespace() || value.is_empty() && b >= 0x80) => continue,
                        _ => {}
                    }
                }
                if value.len() < LONGEST {
                    value.push(b);
                }
            }
            let taken = done.unwrap_or(buffer.len());
            if from_source {
                self.source.consume(taken);
            } else if let Some(line) = line.filter(|line| taken < line.len()) {
                let rest = line[taken..].to_vec();
                let length = rest.len() as u64;
                self.ahead.push_front((rest, length));
            }
            if done.is_some() {
                return Ok(Some((value, true)));
            }
        }
    }

    /// The report in a value, or the first of the reports in it.
    fn take(&mut self, value: Value) -> Option<Result<Report, Fault>> {
        match row::wrapped(value) {
            Ok(list) => {
                self.wrapped = list.into();
                self.number = 0;
                self.form = if self.form == Form::Lines { Form::Lines } else { Form::Values };
                self.next()
            }
            Err(value) => Some(self.report(value)),
        }
    }

    fn report(&self, value: Value) -> Result<Report, Fault> {
        row::report(value, self.name.at(self.number)).map_err(|note| self.fault(note))
    }

    fn fault(&self, note: impl Into<String>) -> Fault {
        self.name.fault_at(if self.form == Form::Lines { "line" } else { "item" }, self.number, note)
    }

    fn nothing(&mut self) -> Option<Result<Report, Fault>> {
        self.ended = true;
        (!self.found).then(|| Err(Fault { item: self.name.told(), note: "there is nothing in it".to_string() }))
    }
}

impl Iterator for Rows {
    type Item = Result<Report, Fault>;

    fn next(&mut self) -> Option<Result<Report, Fault>> {
        if let Some(value) = self.wrapped.pop_front() {
            self.number += 1;
            return Some(self.report(value));
        }
        if self.ended {
            return None;
        }
        if self.form == Form::Untold
            && let Err(error) = self.tell()
        {
            return Some(Err(self.name.fault(error.to_string())));
        }
        if self.form == Form::Lines { self.line() } else { self.value() }
    }
}

fn trim(line: &[u8], first: bool) -> &[u8] {
    let line = if first { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line };
    line.trim_ascii()
}

#[cfg(test)]
mod tests {
    use crate::{Kind, reports};

    fn read(json: &str) -> Vec<String> {
        let rows = reports("in.json", Box::new(std::io::Cursor::new(json.as_bytes().to_vec())), Some(Kind::Jsonl));
        rows.map(|row| row.map_or_else(|fault| format!("!{fault}"), |report| report.id)).collect()
    }

    #[test]
    fn rows_may_stand_in_lists_and_over_lines() {
        assert_eq!(
            read("[{\"text\":\"a]}\\\"\"},\n {\"id\":\"b\",\"text\":[\"b\"]} , {\"text\":\"c\"}]"),
            ["in.json:1", "b", "in.json:3"]
        );
        assert_eq!(read("{\n \"id\": \"a\",\n \"text\": \"A\"\n}\n{\n\"text\": \"B\"\n}\n"), ["a", "in.json:2"]);
        assert_eq!(read("[]"), ["!cannot read `in.json`: there is nothing in it"]);
        assert_eq!(
            read("[{\"text\":\"a\"}, 5, {\"id\":\"c\",\"text\":\"c\"}")[1..],
            ["!cannot read item 2 of `in.json`: expected an object, found a number or truth value", "c"]
        );
        assert_eq!(
            read("[{\"text\":\"a\"}, {\"text")[1..],
            ["!cannot read item 2 of `in.json`: the input ends inside the item: truncated"]
        );
    }

    #[test]
    fn answers_of_services_are_opened() {
        assert_eq!(
            read("{\"status\":\"ok\",\"articles\":[{\"id\":\"a\",\"content\":\"A\"},{\"content\":\"B\"}]}"),
            ["a", "in.json:2"]
        );
        assert_eq!(read("{\n\"articles\":{\"results\":[\n{\"uri\":\"7\",\"body\":\"A\"}]}}"), ["in.json:1"]);
    }

    #[test]
    fn a_bad_first_line_is_no_object_over_lines() {
        let read = read("{\"text\":\"a\n{\"text\":\"b\"}\n");
        assert!(read[0].starts_with("!cannot read line 1 of") && read[1] == "in.json:2", "{read:?}");
    }
}
