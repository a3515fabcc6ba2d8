//! Text PDF to lines: one a paragraph, in reading order, without what every page repeats at its head and foot.
//!
//! `hayro-syntax` finds the objects of a document; what its pages show is followed here: only text is, and only as far as the
//! limits go. Nothing that a document claims is unpacked without one.

mod fonts;
mod lines;

use flate2::read::ZlibDecoder;
use fonts::Font;
use hayro_syntax::content::UntypedIter;
use hayro_syntax::object::dict::Dict;
use hayro_syntax::object::stream::Stream;
use hayro_syntax::object::{Array, Name, Object};
use hayro_syntax::page::{Page, Rotation};
use hayro_syntax::{Filter, LoadPdfError, Pdf};
use lines::Glyph;
use std::collections::HashMap;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

/// Bytes of one stream when it is unpacked, and of all streams of a document.
const STREAM: u64 = 48 << 20;
const ALL: u64 = 1 << 30;
/// Pages, letters of a page, instructions of a document, forms within forms.
const PAGES: usize = 20_000;
const GLYPHS: usize = 400_000;
const STEPS: usize = 40_000_000;
const DEEPEST: usize = 6;

/// Does a PDF file begin so?
pub(crate) fn is(head: &[u8]) -> bool {
    memchr::memmem::find(&head[..head.len().min(1024)], b"%PDF-").is_some()
}

/// What a document holds.
#[derive(Debug)]
pub(crate) struct Document {
    /// Its paragraphs.
    pub(crate) lines: Vec<String>,
    /// What could not be read of it.
    pub(crate) wrong: Option<String>,
}

/// The paragraphs of a document; why there are none.
pub(crate) fn document(bytes: Vec<u8>) -> Result<Document, String> {
    let damaged = || "its pages cannot be found: damaged".to_string();
    measured(&bytes)?;
    // The crate is careful; what it did not foresee is not to end a run.
    catch_unwind(AssertUnwindSafe(|| read(bytes))).unwrap_or_else(|_| Err(damaged()))
}

fn read(bytes: Vec<u8>) -> Result<Document, String> {
    let pdf = Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(_) => "it is locked with a password".to_string(),
        LoadPdfError::Invalid => "its pages cannot be found: damaged".to_string(),
    })?;
    let (mut pages, mut state) = (Vec::new(), Reading::default());
    let mut pictures = 0;
    for page in pdf.pages().iter().take(PAGES) {
        state.page(page);
        let (glyphs, picture) = (std::mem::take(&mut state.glyphs), std::mem::take(&mut state.picture));
        pictures += usize::from(glyphs.is_empty() && picture);
        pages.push(lines::of_page(glyphs));
    }
    let (count, all) = (pages.len(), pdf.pages().len());
    let lines = lines::paragraphs(pages);
    let pages = |n: usize| if n == 1 { "1 page".to_string() } else { format!("{n} pages") };
    if lines.is_empty() && count > 0 {
        return Err(match (state.unknown, pictures) {
            (0, 0) => "there is no text on its pages".to_string(),
            (0, _) => format!("it is a scan: pictures of {} without text", pages(pictures)),
            _ => "its fonts do not say which letters they show".to_string(),
        });
    }
    let mut wrong = Vec::new();
    if all > count {
        wrong.push(format!("only the first {count} of {all} pages were read"));
    }
    if pictures > 0 {
        wrong.push(format!("{} of {count} are pictures without text", pages(pictures)));
    }
    if state.unknown * 20 > state.known {
        wrong.push(format!("{} letters are of fonts that do not say which letters they show", state.unknown));
    }
    if state.steps > STEPS || state.unpacked > ALL {
        wrong.push("it holds more than can be: not all of it was read".to_string());
    }
    let wrong = (!wrong.is_empty()).then(|| wrong.join("; "));
    Ok(Document { lines, wrong })
}

/// Refuses a document whose packed parts expand out of all measure; its tables are unpacked before anything can be asked of it.
fn measured(bytes: &[u8]) -> Result<(), String> {
    let mut all = 0;
    let mut buffer = [0; 1 << 14];
    for at in memchr::memmem::find_iter(bytes, b"stream") {
        let rest = bytes[at + 6..].trim_ascii_start();
        // As packed parts begin.
        if rest.len() < 2
            || bytes[..at].ends_with(b"end")
            || rest[0] & 15 != 8
            || !(u16::from(rest[0]) << 8 | u16::from(rest[1])).is_multiple_of(31)
        {
            continue;
        }
        let (mut stream, mut length) = (ZlibDecoder::new(rest).take(4 * STREAM + 1), 0);
        let mut again = false;
        while let Ok(read @ 1..) = stream.read(&mut buffer) {
            again |= length == 0
                && read >= 2
                && buffer[0] & 15 == 8
                && (u16::from(buffer[0]) << 8 | u16::from(buffer[1])).is_multiple_of(31);
            length += read as u64;
        }
        all += length;
        if length > 4 * STREAM || all > 4 * ALL || again && length > 1 << 20 {
            return Err("it expands out of measure: refused".to_string());
        }
    }
    Ok(())
}

/// A matrix: where the letters of a text are on the page.
#[derive(Clone, Copy)]
struct Matrix([f32; 6]);

impl Matrix {
    const SAME: Matrix = Matrix([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// This one, then the other.
    fn then(self, other: Matrix) -> Matrix {
        let ([a, b, c, d, e, f], [p, q, r, s, t, u]) = (self.0, other.0);
        Matrix([a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u])
    }

    fn of(numbers: &[f32]) -> Option<Matrix> {
        <[f32; 6]>::try_from(numbers).ok().filter(|m| m.iter().all(|n| n.is_finite())).map(Matrix)
    }
}

/// What holds for the next letters.
#[derive(Clone)]
struct Style {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f32,
    letter: f32,
    word: f32,
    stretch: f32,
    leading: f32,
    rise: f32,
}

/// What a name stands for where it is used.
type Lookup<'f, T> = &'f dyn Fn(&[u8]) -> Option<T>;

/// A document as it is read.
#[derive(Default)]
struct Reading {
    glyphs: Vec<Glyph>,
    picture: bool,
    /// Letters that a font told, and that it did not.
    known: usize,
    unknown: usize,
    steps: usize,
    unpacked: u64,
    /// Fonts by where they stand in the document.
    fonts: HashMap<(i32, i32), Rc<Font>>,
}

impl Reading {
    fn page(&mut self, page: &Page<'_>) {
        let content = match page.raw().get::<Object<'_>>("Contents") {
            Some(Object::Stream(stream)) => self.unpack(&stream),
            Some(Object::Array(parts)) => {
                let mut whole = Vec::new();
                for part in parts.iter::<Stream<'_>>() {
                    if whole.len() as u64 > STREAM {
                        break;
                    }
                    whole.extend(self.unpack(&part));
                    whole.push(b'\n');
                }
                whole
            }
            _ => return,
        };
        let turned = match page.rotation() {
            Rotation::None => Matrix::SAME,
            Rotation::Horizontal => Matrix([0.0, -1.0, 1.0, 0.0, 0.0, 0.0]),
            Rotation::Flipped => Matrix([-1.0, 0.0, 0.0, -1.0, 0.0, 0.0]),
            Rotation::FlippedHorizontal => Matrix([0.0, 1.0, -1.0, 0.0, 0.0, 0.0]),
        };
        let style =
            Style { matrix: turned, font: None, size: 1.0, letter: 0.0, word: 0.0, stretch: 1.0, leading: 0.0, rise: 0.0 };
        let resources = page.raw().get::<Dict<'_>>("Resources");
        let fonts = |name: &[u8]| match &resources {
            Some(resources) => resources.get::<Dict<'_>>("Font").and_then(|fonts| fonts.get::<Dict<'_>>(name)),
            None => page.resources().get_font(&Name::new_unescaped(name)),
        };
        let forms = |name: &[u8]| match &resources {
            Some(resources) => resources.get::<Dict<'_>>("XObject").and_then(|all| all.get::<Stream<'_>>(name)),
            None => page.resources().get_x_object(&Name::new_unescaped(name)),
        };
        self.run(&content, style, &fonts, &forms, 0);
    }

    /// The bytes of a stream, as many as may be.
    fn unpack(&mut self, stream: &Stream<'_>) -> Vec<u8> {
        if self.unpacked > ALL {
            return Vec::new();
        }
        let mut out = Vec::new();
        match stream.filters().as_slice() {
            [] => out = stream.raw_data().into_owned(),
            [Filter::FlateDecode] if !stream.dict().contains_key("DecodeParms") => {
                // What was unpacked before a damage stays.
                let _ = ZlibDecoder::new(&*stream.raw_data()).take(STREAM).read_to_end(&mut out);
            }
            _ if stream.raw_data().len() < 4 << 20 => {
                out = stream.decoded_data().map(|data| data.into_owned()).unwrap_or_default()
            }
            _ => {}
        }
        out.truncate(STREAM as usize);
        self.unpacked += out.len() as u64;
        out
    }

    /// Follows instructions.
    fn run<'a>(
        &mut self,
        content: &[u8],
        start: Style,
        fonts: &dyn Fn(&[u8]) -> Option<Dict<'a>>,
        forms: &dyn Fn(&[u8]) -> Option<Stream<'a>>,
        depth: usize,
    ) {
        let (mut style, mut kept) = (start, Vec::new());
        let (mut line, mut text) = (Matrix::SAME, Matrix::SAME);
        // Parts that are marked as no content: heads and feet of pages.
        let (mut marks, mut artifact): (Vec<bool>, usize) = (Vec::new(), 0);
        let mut instructions = UntypedIter::new(content);
        while let Some(instruction) = instructions.next() {
            self.steps += 1;
            if self.steps > STEPS || self.glyphs.len() > GLYPHS {
                return;
            }
            let operands: Vec<&Object<'_>> = instruction.operands().collect();
            let number = |at: usize| match operands.get(at) {
                Some(Object::Number(number)) => number.as_f32(),
                _ => 0.0,
            };
            let matrix = || Matrix::of(&(0..6).map(number).collect::<Vec<_>>()).unwrap_or(Matrix::SAME);
            let next_line = |line: Matrix, x: f32, y: f32| Matrix([1.0, 0.0, 0.0, 1.0, x, y]).then(line);
            match &**instruction.operator {
                b"q" if kept.len() < 256 => kept.push(style.clone()),
                b"Q" => style = kept.pop().unwrap_or(style),
                b"cm" => style.matrix = matrix().then(style.matrix),
                b"BT" => (line, text) = (Matrix::SAME, Matrix::SAME),
                b"Tf" => {
                    style.size = number(1);
                    if let Some(Object::Name(name)) = operands.first() {
                        style.font = fonts(name).map(|dict| self.font(&dict));
                    }
                }
                b"Tc" => style.letter = number(0),
                b"Tw" => style.word = number(0),
                b"Tz" => style.stretch = number(0) / 100.0,
                b"TL" => style.leading = number(0),
                b"Ts" => style.rise = number(0),
                b"Td" => {
                    (line, text) = {
                        let to = next_line(line, number(0), number(1));
                        (to, to)
                    }
                }
                b"TD" => {
                    style.leading = -number(1);
                    line = next_line(line, number(0), number(1));
                    text = line;
                }
                b"Tm" => {
                    (line, text) = {
                        let to = matrix();
                        (to, to)
                    }
                }
                b"T*" => {
                    (line, text) = {
                        let to = next_line(line, 0.0, -style.leading);
                        (to, to)
                    }
                }
                operator @ (b"Tj" | b"'" | b"\"") => {
                    if operator != b"Tj" {
                        line = next_line(line, 0.0, -style.leading);
                        text = line;
                    }
                    if operator == b"\"" {
                        (style.word, style.letter) = (number(0), number(1));
                    }
                    if let Some(Object::String(words)) = operands.last() {
                        self.show(words.as_bytes(), &style, &mut text, artifact > 0);
                    }
                }
                b"TJ" => {
                    if let Some(Object::Array(parts)) = operands.first() {
                        for part in parts.iter::<Object<'_>>() {
                            match part {
                                Object::String(words) => self.show(words.as_bytes(), &style, &mut text, artifact > 0),
                                Object::Number(back) => {
                                    let by = -back.as_f32() / 1000.0 * style.size * style.stretch;
                                    text = Matrix([1.0, 0.0, 0.0, 1.0, by, 0.0]).then(text);
                                }
                                _ => {}
                            }
                        }
                    }
                }
                b"BMC" | b"BDC" if marks.len() < 10_000 => {
                    let mark = matches!(operands.first(), Some(Object::Name(name)) if &**name == b"Artifact");
                    marks.push(mark);
                    artifact += usize::from(mark);
                }
                b"EMC" => artifact -= usize::from(marks.pop().unwrap_or(false)),
                b"BI" => self.picture = true,
                b"Do" => {
                    let Some(Object::Name(name)) = operands.first() else { continue };
                    let Some(form) = forms(name) else { continue };
                    let subtype = form.dict().get::<Name<'_>>("Subtype");
                    if subtype.as_deref() == Some(b"Image") {
                        self.picture = true;
                    } else if depth < DEEPEST && subtype.as_deref() == Some(b"Form") && artifact == 0 {
                        self.form(&form, &style, (fonts, forms), depth);
                    }
                }
                _ => {}
            }
        }
    }

    /// Follows the instructions of a form that stands on the page.
    fn form<'a>(
        &mut self,
        form: &Stream<'a>,
        style: &Style,
        outer: (Lookup<'_, Dict<'a>>, Lookup<'_, Stream<'a>>),
        depth: usize,
    ) {
        let content = self.unpack(form);
        let numbers = form.dict().get::<Array<'_>>("Matrix");
        let numbers: Vec<f32> = numbers.into_iter().flat_map(|m| m.iter::<f32>()).take(6).collect();
        let mut style = style.clone();
        style.matrix = Matrix::of(&numbers).unwrap_or(Matrix::SAME).then(style.matrix);
        let Some(resources) = form.dict().get::<Dict<'a>>("Resources") else {
            return self.run(&content, style, outer.0, outer.1, depth + 1);
        };
        let fonts = |name: &[u8]| resources.get::<Dict<'a>>("Font").and_then(|fonts| fonts.get::<Dict<'a>>(name));
        let forms = |name: &[u8]| resources.get::<Dict<'a>>("XObject").and_then(|all| all.get::<Stream<'a>>(name));
        self.run(&content, style, &fonts, &forms, depth + 1);
    }

    /// A font, read once.
    fn font(&mut self, dict: &Dict<'_>) -> Rc<Font> {
        let id = dict.obj_id().map(|id| (id.obj_number as i32, id.gen_number));
        if let Some(font) = id.and_then(|id| self.fonts.get(&id)) {
            return font.clone();
        }
        let letters = dict.get::<Stream<'_>>("ToUnicode").map(|stream| self.unpack(&stream));
        let font = Rc::new(Font::new(dict, letters.as_deref()));
        if let Some(id) = id.filter(|_| self.fonts.len() < 5000) {
            self.fonts.insert(id, font.clone());
        }
        font
    }

    /// Shows words where the text is, and moves on.
    fn show(&mut self, words: &[u8], style: &Style, text: &mut Matrix, artifact: bool) {
        let Some(font) = style.font.clone() else { return };
        font.each(words, &mut |letters, width, blank| {
            let shape = Matrix([style.size * style.stretch, 0.0, 0.0, style.size, 0.0, style.rise]);
            let place = shape.then(*text).then(style.matrix);
            let by = (width * style.size + style.letter + if blank { style.word } else { 0.0 }) * style.stretch;
            *text = Matrix([1.0, 0.0, 0.0, 1.0, by, 0.0]).then(*text);
            let end = text.then(style.matrix).0[4];
            let [a, b, _, d, x, y] = place.0;
            // Only what stands upright is read: the rest is decoration.
            if artifact || b.abs() > a.abs() || self.glyphs.len() > GLYPHS || !(x.is_finite() && y.is_finite() && end.is_finite())
            {
                return;
            }
            match letters {
                Some(letters) => {
                    self.known += 1;
                    self.glyphs.push(Glyph { x, end, y, size: d.abs(), letters: letters.into() });
                }
                None => self.unknown += 1,
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::{Body, reports};
    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use std::io::Write;

    /// A document of these pages, each of its instructions; fonts are `F` (plain) and `T` (of two bytes, with a table of letters).
    fn document(pages: &[String]) -> Vec<u8> {
        let packed = |words: &[u8]| {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(words).unwrap();
            encoder.finish().unwrap()
        };
        let stream = |words: &[u8]| {
            let packed = packed(words);
            [format!("<< /Filter /FlateDecode /Length {} >>\nstream\n", packed.len()).as_bytes(), &packed, b"\nendstream"]
                .concat()
        };
        let table = b"1 beginbfrange <0001> <001a> <0061> endbfrange 1 beginbfchar <001b> <00660069> endbfchar";
        let kids: String = (0..pages.len()).map(|page| format!("{} 0 R ", 7 + 2 * page)).collect();
        let mut objects: Vec<Vec<u8>> = vec![
            b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
            format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", pages.len()).into_bytes(),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec(),
            b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /ToUnicode 6 0 R /DescendantFonts [5 0 R] >>"
                .to_vec(),
            b"<< /Type /Font /Subtype /CIDFontType2 /DW 500 >>".to_vec(),
            stream(table),
        ];
        for page in pages {
            let resources = "<< /Font << /F 3 0 R /T 4 0 R >> >>";
            let next = objects.len() + 2;
            objects.push(
                format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources {resources} /Contents {next} 0 R >>")
                    .into_bytes(),
            );
            let bytes: Vec<u8> = encoding_rs::WINDOWS_1252.encode(page).0.into_owned();
            objects.push(stream(&bytes));
        }
        let mut file = b"%PDF-1.4\n".to_vec();
        let mut places = Vec::new();
        for (i, object) in objects.iter().enumerate() {
            places.push(file.len());
            file.extend([format!("{} 0 obj\n", i + 1).as_bytes(), object, b"\nendobj\n"].concat());
        }
        let start = file.len();
        file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
        places.iter().for_each(|place| file.extend(format!("{place:010} 00000 n \n").into_bytes()));
        file.extend(format!("trailer << /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1).into_bytes());
        file
    }

    /// Instructions that set lines one below the other, from a height on; an empty one leaves a gap.
    fn set(lines: &[&str], size: f32, top: f32) -> String {
        let mut out = format!("BT /F {size} Tf 1 0 0 1 72 {top} Tm {} TL ", size * 1.2);
        for line in lines {
            let words = line.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
            out.push_str(&if line.is_empty() { "T* ".to_string() } else { format!("({words}) Tj T* ") });
        }
        out + "ET\n"
    }

    fn read(pages: &[String]) -> Vec<String> {
        let lines = super::document(document(pages)).unwrap().lines;
        lines.into_iter().filter(|line| !line.is_empty()).collect()
    }

    #[test]
    fn lines_become_paragraphs_over_pages() {
        let head = |n: usize| set(&["The Norwire Review"], 8.0, 770.0) + &set(&[&format!("Page {n} of 3")], 8.0, 30.0);
        let one = set(&["Talks resume in Orlav"], 18.0, 740.0)
            + &set(
                &[
                    "The envoys of both sides met in Orlav on Monday for the first time since the spring, and agreed to keep the cease-",
                    "fire that the monitors’ chief had called “a thread”; the talks go on (without cameras) until the end of the week,",
                    "he said.",
                    "The second paragraph of this page is long enough to fill a line and a half of it, as the usual paragraph of any report",
                    "does, and its last words stand on the next page, after the head of it, because the sen-",
                ],
                10.0,
                700.0,
            );
        let two = set(
            &[
                "tence was cut there. It is whole again, if all goes well, and the paragraph is one, as it was when it was written.",
            ],
            10.0,
            740.0,
        );
        let three = set(&["The cease-fire held."], 10.0, 740.0);
        let lines = read(&[head(1) + &one, head(2) + &two, head(3) + &three]);
        assert_eq!(lines.len(), 4, "{lines:#?}");
        assert_eq!(lines[0], "Talks resume in Orlav");
        assert!(
            lines[1].contains(
                "keep the cease-fire that the monitors’ chief had called “a thread”; the talks go on (without cameras)"
            ),
            "{lines:#?}"
        );
        assert!(lines[1].ends_with("week, he said."));
        assert!(lines[2].ends_with("because the sentence was cut there. It is whole again, if all goes well, and the paragraph is one, as it was when it was written."), "{lines:#?}");
        assert_eq!(lines[3], "The cease-fire held.");
    }

    #[test]
    fn letters_by_tables_gaps_and_marks() {
        let page = "BT /T 10 Tf 72 700 Td <000800050010> Tj ET BT /T 10 Tf 72 560 Td [<0001001b000e> -600 <0002>] TJ ET \
                    /Artifact BMC BT /F 9 Tf 72 40 Td (left out) Tj ET EMC BT /F 9 Tf 0 1 -1 0 20 400 Tm (upright is not) Tj ET";
        assert_eq!(read(&[page.to_string()]), ["hep", "afin b"]);
    }

    #[test]
    fn two_columns_that_are_written_across() {
        let mut page = String::new();
        for i in 0..12 {
            let y = 700.0 - 12.0 * i as f32;
            page += &format!(
                "BT /F 10 Tf 72 {y} Td (Left words of the column {i},) Tj ET BT /F 10 Tf 330 {y} Td (and right words of it {i}.) Tj ET "
            );
        }
        let text = read(&[page]).join(" ");
        let (left, right) = (text.find("Left words of the column 11").unwrap(), text.find("and right words of it 0").unwrap());
        assert!(left < right, "{text}");
    }

    #[test]
    fn a_download_is_split_into_its_reports() {
        let report = |title: &str, n: usize| {
            set(
                &[
                    title,
                    "The Norwire Review",
                    "March 6, 2014 Thursday",
                    "",
                    "Copyright 2014 Norwire",
                    "Section: A; Pg. 1",
                    "Length: 212 words",
                    "Byline: By ANN LEE",
                    "",
                    "Body",
                    "",
                    "The envoys of both sides met in Orlav on Monday for the first time since the spring and said that they",
                    "would meet again.",
                    "",
                    "Load-Date: March 6, 2014",
                    "",
                    "End of Document",
                ],
                10.0,
                740.0,
            ) + &set(&[&format!("Page {n} of 2")], 8.0, 30.0)
        };
        let file = document(&[report("Talks resume in Orlav", 1), report("Talks end in Orlav", 2)]);
        let lines = super::document(file.clone()).unwrap().lines;
        let found: Vec<_> = reports("download.pdf", Box::new(std::io::Cursor::new(file)), None).map(Result::unwrap).collect();
        assert_eq!(found.len(), 2, "{lines:#?}");
        assert_eq!(found[1].given.title.as_deref(), Some("Talks end in Orlav"), "{lines:#?}");
        assert_eq!(found[1].given.source.outlet.as_deref(), Some("The Norwire Review"));
        let Body::Raw(text, _) = &found[1].body else { panic!("{:?}", found[1].body) };
        assert!(String::from_utf8_lossy(text).contains("said that they would meet again."), "{}", String::from_utf8_lossy(text));
    }

    #[test]
    fn a_factiva_download_is_split_with_codes_and_without() {
        let foot = |n: usize| set(&[&format!("Page {n} of 2 © 2014 Factiva, Inc. All rights reserved.")], 8.0, 30.0);
        let first = [
            "World",
            "",
            "Talks resume in Orlav",
            "",
            "By Ann Lee",
            "212 words",
            "6 March 2014",
            "09:15",
            "The Norwire Review",
            "NORREV",
            "English",
            "Copyright 2014 Norwire",
            "",
            "The envoys of both sides met in Orlav on Monday for the first time since the spring and said that they",
            "would meet again.",
            "",
            "Nobody said when that will be, and the monitors did not ask.",
            "",
            "Document NORREV0020140306ea3600001",
        ];
        let second = first.map(|line| line.replace("resume", "end").replace("ea36", "ea37"));
        let second: Vec<&str> = second.iter().map(String::as_str).collect();
        let bare = [foot(1) + &set(&first, 10.0, 740.0), foot(2) + &set(&second, 10.0, 740.0)];
        // Codes stand in a column of their own, in letters of the same height.
        let coded = |title: &str, last: &str, n: usize| {
            let rows = [
                ("SE", "World"),
                ("HD", title),
                ("BY", "By Ann Lee"),
                ("WC", "212 words"),
                ("PD", "6 March 2014"),
                ("ET", "09:15"),
                ("SN", "The Norwire Review"),
                ("SC", "NORREV"),
                ("LA", "English"),
                ("CY", "Copyright 2014 Norwire"),
                ("LP", "The envoys of both sides met in Orlav on Monday for the first time since the spring and said that they"),
                ("", "would meet again."),
                ("TD", "Nobody said when that will be, and the monitors did not ask."),
                ("NS", "gdip : International Relations"),
                ("AN", last),
            ];
            let row = |(i, (code, words)): (usize, &(&str, &str))| {
                let y = 740.0 - 16.0 * i as f32;
                format!("BT /F 10 Tf 1 0 0 1 72 {y} Tm ({code}) Tj ET BT /F 10 Tf 1 0 0 1 110 {y} Tm ({words}) Tj ET\n")
            };
            rows.iter().enumerate().map(row).collect::<String>() + &foot(n)
        };
        let coded = [
            coded("Talks resume in Orlav", "Document NORREV0020140306ea3600001", 1),
            coded("Talks end in Orlav", "Document NORREV0020140306ea3700001", 2),
        ];
        for pages in [bare, coded] {
            let file = document(&pages);
            let lines = super::document(file.clone()).unwrap().lines;
            let found: Vec<_> = reports("download.pdf", Box::new(std::io::Cursor::new(file)), None).map(Result::unwrap).collect();
            assert_eq!(found.len(), 2, "{lines:#?}");
            let given = &found[1].given;
            assert_eq!(given.title.as_deref(), Some("Talks end in Orlav"), "{lines:#?}");
            assert_eq!(
                (given.source.outlet.as_deref(), given.bylines.as_slice()),
                (Some("The Norwire Review"), ["Ann Lee".to_string()].as_slice())
            );
            assert!(given.date.as_deref().is_some_and(|date| date.starts_with("6 March 2014")), "{given:?}");
            let Body::Raw(text, _) = &found[1].body else { panic!("{:?}", found[1].body) };
            let text = String::from_utf8_lossy(text);
            assert!(text.contains("said that they would meet again.") && text.contains("the monitors did not ask."), "{text}");
            assert!(!text.contains("Factiva") && !text.contains("NORREV") && !text.contains("International"), "{text}");
        }
    }

    #[test]
    fn what_holds_no_text_is_told() {
        let scan = "q 612 0 0 792 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q".to_string();
        assert!(super::document(document(std::slice::from_ref(&scan))).unwrap_err().contains("a scan"));
        let half = super::document(document(&[scan, set(&["They met."], 10.0, 700.0)])).unwrap();
        assert_eq!((half.lines.len(), half.wrong.as_deref()), (1, Some("1 page of 2 are pictures without text")));
        assert!(
            super::document(document(&["BT /T 10 Tf (\u{1}\u{1}) Tj ET".to_string()])).unwrap_err().contains("which letters")
        );
        assert!(super::document(b"%PDF-1.4 nothing".to_vec()).unwrap_err().contains("damaged"));
        let (words, bytes) = (document(&[set(&["They met."], 10.0, 700.0)]), |words: &[u8]| -> String {
            words.iter().map(|&b| b as char).collect()
        });
        let locked = bytes(&words).replace("/Root", "/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O (12345678901234567890123456789012) /U (12345678901234567890123456789012) >> /ID [(a) (a)] /Root");
        assert!(super::document(locked.chars().map(|c| c as u8).collect()).unwrap_err().contains("password"));
    }

    #[test]
    fn damage_and_bombs_end_nothing() {
        let whole = document(&[set(&["They met.", "They parted."], 10.0, 700.0)]);
        for i in 0..whole.len() {
            let mut bad = whole.clone();
            bad[i] ^= 0x55;
            let _ = super::document(bad);
            let _ = super::document(whole[..i].to_vec());
        }
        let mut bomb = ZlibEncoder::new(Vec::new(), Compression::best());
        (0..300).for_each(|_| bomb.write_all(&vec![b' '; 1 << 20]).unwrap());
        let bomb = [b"%PDF-1.4\n1 0 obj << /Filter /FlateDecode >>\nstream\n".as_slice(), &bomb.finish().unwrap(), b"endstream"]
            .concat();
        assert!(super::document(bomb).unwrap_err().contains("out of measure"));
        // A form that shows itself, and nesting without end.
        let deep = format!("{}{}", "[".repeat(100_000), "(x) Tj");
        assert!(super::document(document(&[deep])).is_err());
    }
}
