//! A dictionary file to lines without comments.

/// Lines with their numbers, from 1; without comments and blanks at the end, and without empty ones. A comment begins with
/// `#` or `;`, or stands in `<!-- -->`, which may go over several lines.
pub(crate) fn lines(text: &str) -> Vec<(usize, &str)> {
    let mut out = Vec::new();
    let mut within = false;
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let mut line = line;
        if within {
            let Some((_, rest)) = line.split_once("-->") else { continue };
            (line, within) = (rest, false);
        }
        let mark = line.find("<!--").or_else(|| line.find("<! --"));
        if let Some(mark) = mark {
            within = !line[mark..].contains("-->");
            line = &line[..mark];
        }
        let end = line.find(['#', ';']).map_or(line.len(), |end| if is_discard(line, end) { line.len() } else { end });
        let line = line[..end].trim_end();
        if !line.is_empty() {
            out.push((at + 1, line));
        }
    }
    out
}

/// `[###]`, TABARI's mark for a name that is no actor, is not the beginning of a comment.
fn is_discard(line: &str, mark: usize) -> bool {
    line[..mark].trim_end().ends_with('[') && line[mark..].starts_with("###")
}

/// The text before the first `[`, and what stands in each pair of brackets after it.
pub(crate) fn brackets(line: &str) -> (&str, Vec<&str>) {
    let Some(first) = line.find('[') else { return (line, Vec::new()) };
    let mut out = Vec::new();
    let mut rest = &line[first..];
    while let Some(open) = rest.find('[') {
        let Some(length) = rest[open..].find(']') else { break };
        out.push(rest[open + 1..open + length].trim());
        rest = &rest[open + length + 1..];
    }
    (&line[..first], out)
}
