//! The main text of a page, as blocks.

use super::held;
use super::live::Entry;
use super::scan::{BREAK, Scanner, Token, decoded, inline, slim};
use crate::lines;
use memchr::memmem;
use std::collections::HashSet;
use tellings_doc::{Block, BlockKind, Span};
use trafilatura::{FallbackCandidates, HtmlDateMode, Options};

/// Text and its blocks.
type Found = (String, Vec<Block>);

/// The text, and its blocks as the markup has them. `title` is left out of it, as are lines that are the page's own.
///
/// Two extractors are asked: the fast one, `dom_smoothie`, on the page without what is the site's; and `trafilatura`, four
/// times as slow, where the first one's text is not all that runs on in the page or holds much that does not. There the
/// first is believed where it found at least a tenth more, part of which is the same, or the second has scraps beside it.
///
/// Where the page shows little of the text that its data hold, the data are believed: those that link it (`told`), or those
/// from which its scripts would have made it.
pub(crate) fn body(page: &str, told: &str, title: Option<&str>) -> Found {
    let shown = shown(page, title);
    if told.len() >= ENOUGH && told.len() * 2 >= shown.0.len() * 3 {
        let held = written(told, title);
        if held.0.len() * 2 >= shown.0.len() * 3 {
            return held;
        }
    }
    if shown.0.len() < ENOUGH
        && let Some(held) = held::text(page)
    {
        let held = written(&held, title);
        if held.0.len() > shown.0.len() * 2 {
            return held;
        }
    }
    shown
}

/// A text out of a page's data: markup, or paragraphs on lines of their own.
fn written(text: &str, title: Option<&str>) -> Found {
    if memmem::find(text.as_bytes(), b"</p>").is_some() || memmem::find(text.as_bytes(), b"<br").is_some() {
        return render(text, title);
    }
    let mut out = Render { title: title.unwrap_or("").to_string(), ..Render::default() };
    for paragraph in text.split('\n') {
        out.words(&decoded(paragraph));
        out.end(BlockKind::Paragraph);
    }
    (out.text, out.blocks)
}

/// The text that the page shows, by the extractors.
fn shown(page: &str, title: Option<&str>) -> Found {
    let (slim, prose) = slim(page);
    let config = dom_smoothie::Config { disable_json_ld: true, ..dom_smoothie::Config::default() };
    let readable = dom_smoothie::Readability::new(slim.as_str(), None, Some(config)).ok();
    let article = readable.and_then(|mut readable| readable.parse().ok());
    let markup = article.map(|article| article.content.to_string()).unwrap_or_default();
    let fast = rendered(&markup, page, title);
    if suffices(&fast, prose, || rendered(&slim, page, title)) {
        return fast;
    }
    let mut options =
        Options::default().with_fallback(true).with_exclude_comments(true).with_html_date_mode(HtmlDateMode::Disabled);
    // What it would fall back on is there already.
    let mut candidates = FallbackCandidates::default();
    candidates.readability_html = Some(markup).filter(|markup| !markup.is_empty());
    options.fallback_candidates = Some(candidates);
    let slow =
        trafilatura::extract(&slim, &options).map(|result| rendered(&result.content_html, page, title)).unwrap_or_default();
    if surpasses(&fast, &slow) { fast } else { slow }
}

/// Does the first extractor's text need no second opinion? `prose` is how many bytes run on in the page, `whole` all that it shows.
fn suffices((text, blocks): &Found, prose: usize, whole: impl FnOnce() -> Found) -> bool {
    let bytes = |wanted: &dyn Fn(&&Block) -> bool| -> usize { blocks.iter().filter(wanted).map(|block| block.span.len()).sum() };
    let running = bytes(&|block| block.span.len() >= RUNNING);
    let open = bytes(&|block| !crate::blocks::ends_sentence(block.span.of(text)));
    let length = text.len();
    // So many hundredths of the text run on, and no more than so many have no end of a sentence.
    let runs = |least: usize, most: usize| running * 100 >= length * least && open * 100 <= length * most;
    // It is all that runs on in the page, within so many hundredths.
    let all = |over: usize| prose * 100 <= length * (100 + over);
    if length <= ENOUGH || !runs(60, 100) {
        return false;
    }
    all(30) && length > LONG || all(3) && runs(70, 25) || runs(60, 60) && sentences_in(&whole(), text)
}

/// Is the first extractor's text better than the second's: longer, or the same without scraps?
fn surpasses(fast: &Found, slow: &Found) -> bool {
    let known = |block: &&Block| fast.0.contains(block.span.of(&slow.0));
    let common: usize = slow.1.iter().filter(known).map(|block| block.span.len()).sum();
    let longer = fast.0.len() * 10 > slow.0.len() * 11 && common * 10 >= slow.0.len() * 3;
    let scrap = |block: &Block| block.span.len() < RUNNING || !crate::blocks::ends_sentence(block.span.of(&slow.0));
    let within = fast.0.len() > ENOUGH
        && fast.1.iter().all(|block| slow.0.contains(block.span.of(&fast.0)))
        && slow.1.iter().filter(|block| !known(block)).all(scrap);
    longer || within
}

/// Is every sentence that runs on in a page, given whole, in the text found?
fn sentences_in((whole, blocks): &Found, text: &str) -> bool {
    let mut from = 0;
    let running = blocks.iter().map(|block| block.span.of(whole));
    running.filter(|words| words.len() >= RUNNING && crate::blocks::ends_sentence(words)).all(|words| {
        // In order, as a rule.
        let find = |text: &str| memmem::find(text.as_bytes(), words.as_bytes());
        let at = find(&text[from..]).map(|at| from + at).or_else(|| find(&text[..from]));
        from = at.unwrap_or(from);
        at.is_some()
    })
}

/// Bytes of a text that is believed to be a report's.
const ENOUGH: usize = 200;
/// Bytes of a text for which a second opinion costs more than it gives.
const LONG: usize = 8000;
/// Bytes of a block that is running text.
const RUNNING: usize = 80;

/// All text of the markup, and its blocks.
pub(crate) fn whole(page: &str, title: Option<&str>) -> Found {
    rendered(page, page, title)
}

/// The entries of a live blog, each under its headline.
pub(crate) fn entries(entries: &[Entry]) -> Found {
    let mut out = Render::default();
    for Entry { headline, text, .. } in entries {
        out.words(headline);
        out.end(BlockKind::Heading);
        for paragraph in text.split('\n') {
            out.words(paragraph);
            out.end(BlockKind::Paragraph);
        }
    }
    (out.text, out.blocks)
}

/// Extracted markup as text. Of text that is longer than its page, which extractors make of elements that are never closed
/// by repeating them in each other, every block is kept once.
fn rendered(html: &str, page: &str, title: Option<&str>) -> Found {
    let (text, blocks) = render(html, title);
    if text.len() <= page.len() {
        return (text, blocks);
    }
    let (mut seen, mut once, mut kept) = (HashSet::new(), String::new(), Vec::new());
    for block in blocks {
        let words = block.span.of(&text);
        if once.len() + words.len() <= page.len() && seen.insert(words) {
            if !once.is_empty() {
                once.push_str("\n\n");
            }
            once.push_str(words);
            kept.push(Block { kind: block.kind, span: Span::new(once.len() - words.len(), once.len()) });
        }
    }
    (once, kept)
}

/// Extracted markup as text: a blank line between blocks, single spaces between words.
fn render(html: &str, title: Option<&str>) -> Found {
    let mut out = Render { title: title.unwrap_or("").to_string(), ..Render::default() };
    let mut kinds: Vec<(String, BlockKind)> = Vec::new();
    for (_, token) in Scanner::new(html) {
        match token {
            Token::Text(words) => {
                for (i, line) in decoded(words).split(BREAK).enumerate() {
                    out.breaks = out.breaks.max(usize::from(i > 0));
                    out.words(line);
                }
            }
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
    /// The title, which is no part of the text.
    title: String,
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

    /// Is the block from `start` on the page's and not the report's: a promo, or the title at the top?
    fn foreign(&self, start: usize) -> bool {
        let line = &self.text[start..];
        let title = self.blocks.len() < 3 && !self.title.is_empty() && crate::blocks::same_words(line, &self.title);
        title || lines::promo(line)
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
            // The title on a line of its own, above the first paragraph or the byline.
            if self.blocks.len() < 3
                && !self.title.is_empty()
                && let Some(line) = self.text[start..].find('\n')
                && crate::blocks::same_words(&self.text[start..start + line], &self.title)
            {
                self.text.drain(start..=start + line);
            }
            if self.foreign(start) {
                let kept = self.blocks.last().map_or(0, |block| block.span.end());
                self.text.truncate(kept);
                (self.due, self.breaks) = (false, 0);
                return;
            }
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
            "<div><h1>Talks</h1><h2>What is open</h2><p>The <b>cross</b>ings<br>and<i> the</i> prisoners.</p><ul><li>One</li><li>Two</li></ul><p>a<br><br>b</p><p>Sign up to our letter</p>tail</div>",
            Some("Talks"),
        );
        assert_eq!(text, "What is open\n\nThe crossings\nand the prisoners.\n\nOne\n\nTwo\n\na\n\nb\n\ntail");
        let kinds: Vec<&str> = blocks.iter().map(|b| b.kind.as_str()).collect();
        assert_eq!(kinds, ["heading", "paragraph", "list-item", "list-item", "paragraph", "paragraph", "paragraph"]);
    }

    #[test]
    fn words_beside_a_dropped_line_break_stay_apart() {
        // As extractors leave it of `<b>Talks</b><br><i>By Ann Lee</i>`.
        let left = format!("<p><b>Talks resume</b><i>{BREAK}By Ann Lee</i></p><p>{BREAK}They met.</p>");
        assert_eq!(render(&left, None).0, "Talks resume\nBy Ann Lee\n\nThey met.");
        assert_eq!(render(&left, Some("Talks resume")).0, "By Ann Lee\n\nThey met.");
    }

    /// A page of sentences that run on, and what stands beside them.
    fn sentences(count: usize, beside: &str) -> Found {
        let one = |i| {
            format!("<p>Sentence {i}: ministers of both sides met at the lake again and told little of what they had agreed.</p>")
        };
        render(&(0..count).map(one).chain([beside.to_string()]).collect::<String>(), None)
    }

    #[test]
    fn all_sentences_that_run_on_are_wanted() {
        let text = |count| sentences(count, "").0;
        assert!(sentences_in(&sentences(20, ""), &text(20)));
        assert!(!sentences_in(&sentences(20, ""), &text(19)));
        assert!(!sentences_in(&sentences(20, ""), ""));
        // Headlines of other reports are no sentences that run on.
        let headlines =
            "<p>Ten things that nobody told you about the lake and its seven little harbours, with pictures</p>".repeat(30);
        assert!(sentences_in(&sentences(20, &headlines), &text(20)));
        // The same in another order.
        let page = sentences(6, "");
        let turned: Vec<_> = page.1.iter().rev().map(|block| block.span.of(&page.0)).collect();
        assert!(sentences_in(&page, &turned.join("\n\n")));
    }
}
