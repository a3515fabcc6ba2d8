//! The main text of a page, as blocks.

use super::scan::{Scanner, Token, decoded, inline};
use tellings_doc::{Block, BlockKind, Span};
use trafilatura::{ExtractionFocus, Options};

/// The text, and its blocks as the markup has them.
pub(crate) fn body(page: &str) -> (String, Vec<Block>) {
    let options = Options::default().with_fallback(true).with_exclude_comments(true).with_focus(ExtractionFocus::FavorPrecision);
    let first = trafilatura::extract(page, &options).map(|result| render(&result.content_html)).unwrap_or_default();
    if first.0.len() >= 250 {
        return first;
    }
    let second = dom_smoothie::Readability::new(page, None, None).ok().and_then(|mut readability| readability.parse().ok());
    let second = second.map(|article| render(&article.content)).unwrap_or_default();
    if second.0.len() > 2 * first.0.len() { second } else { first }
}

/// Extracted markup as text: a blank line between blocks, single spaces between words.
fn render(html: &str) -> (String, Vec<Block>) {
    let mut out = Render::default();
    let mut kinds: Vec<(String, BlockKind)> = Vec::new();
    for (_, token) in Scanner::new(html) {
        match token {
            Token::Text(words) => out.words(&decoded(words)),
            Token::Open(name, inside) => {
                let name = name.to_ascii_lowercase();
                let kind = match name.as_str() {
                    "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Some(BlockKind::Heading),
                    "li" | "dd" => Some(BlockKind::ListItem),
                    "figcaption" => Some(BlockKind::Caption),
                    _ => None,
                };
                match name.as_str() {
                    "br" => out.line_break(),
                    "td" | "th" => out.space(),
                    name if inline(name) => {}
                    _ => out.end(kinds.last().map_or(BlockKind::Paragraph, |k| k.1)),
                }
                if let Some(kind) = kind.filter(|_| !inside.ends_with('/') && kinds.len() < 64) {
                    kinds.push((name, kind));
                }
            }
            Token::Close(name) => {
                let name = name.to_ascii_lowercase();
                if !inline(&name) && !matches!(name.as_str(), "td" | "th") {
                    out.end(kinds.last().map_or(BlockKind::Paragraph, |k| k.1));
                }
                if let Some(i) = kinds.iter().rposition(|(open, _)| *open == name) {
                    kinds.truncate(i);
                }
            }
            _ => {}
        }
    }
    out.end(BlockKind::Paragraph);
    (out.text, out.blocks)
}

#[derive(Default)]
struct Render {
    text: String,
    blocks: Vec<Block>,
    /// Where the open block starts; `None` where none is open.
    start: Option<usize>,
    /// White space is due before the next word.
    due: bool,
    /// Line breaks since the last word.
    breaks: usize,
}

impl Render {
    fn words(&mut self, words: &str) {
        for (i, word) in words.split(char::is_whitespace).enumerate() {
            self.due |= i > 0;
            if word.is_empty() {
                continue;
            }
            if self.breaks >= 2 {
                self.end(BlockKind::Paragraph);
            }
            match self.start {
                None => {
                    if !self.text.is_empty() {
                        self.text.push_str("\n\n");
                    }
                    self.start = Some(self.text.len());
                }
                Some(_) if self.breaks > 0 => self.text.push('\n'),
                Some(_) if self.due => self.text.push(' '),
                Some(_) => {}
            }
            (self.due, self.breaks) = (false, 0);
            self.text.extend(word.chars().filter(|c| !matches!(c, '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{2060}')));
        }
    }

    fn space(&mut self) {
        self.due = true;
    }

    fn line_break(&mut self) {
        self.due = true;
        self.breaks += 1;
    }

    fn end(&mut self, kind: BlockKind) {
        if let Some(start) = self.start.take() {
            self.blocks.push(Block { kind, span: Span::new(start, self.text.len()) });
        }
        (self.due, self.breaks) = (false, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_never_smashed_together() {
        let (text, blocks) = render(
            "<div><h2>What is open</h2><p>The <b>cross</b>ings<br>and<i> the</i> prisoners.</p><ul><li>One</li><li>Two</li></ul><p>a<br><br>b</p>tail</div>",
        );
        assert_eq!(text, "What is open\n\nThe crossings\nand the prisoners.\n\nOne\n\nTwo\n\na\n\nb\n\ntail");
        let kinds: Vec<&str> = blocks.iter().map(|b| b.kind.as_str()).collect();
        assert_eq!(kinds, ["heading", "paragraph", "list-item", "list-item", "paragraph", "paragraph", "paragraph"]);
    }
}
