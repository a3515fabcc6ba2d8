//! Places of any text: in order, inside the text, the same every time, in time that grows with the text.

use crate::{Gazetteer, GazetteerRow, Linker, build_gazetteer};
use tellings_doc::{Article, Kind, Link, Name, Parse, Span};

fn read(linker: &Linker, text: &str, names: Vec<Name>) -> Link {
    let mut parse = Parse::default();
    parse.names = names;
    linker.link(&Article { text: text.into(), ..Article::default() }, &parse, &[])
}

/// A row of numbers that look like chance.
fn chance(seed: &mut u64) -> usize {
    *seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
    (*seed >> 33) as usize
}

#[test]
fn any_text_and_any_names_are_read() {
    const PIECES: [&str; 40] = [
        "Paris",
        "Texas",
        ", ",
        " ",
        " in ",
        "the ",
        "Georgia",
        "’s ",
        "'s",
        "-",
        "São Tomé",
        " and ",
        "U.S.",
        "US$",
        "A/",
        "/7",
        "(",
        ")",
        "\n\n",
        ".",
        "North",
        "South Korea",
        "Port-au-Prince",
        "Москва",
        "😀",
        "\u{301}",
        "St. ",
        "Mr. ",
        "Washington",
        " province",
        "1",
        "London",
        "d'Ivoire",
        "Springfield",
        "“",
        "”",
        "\u{a0}",
        "…",
        "city of ",
        "River",
    ];
    let linker = Linker::shipped();
    let mut seed = 7;
    for _ in 0..400 {
        let text: String = (0..chance(&mut seed) % 60).map(|_| PIECES[chance(&mut seed) % PIECES.len()]).collect();
        let mut names = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let ends: Vec<usize> =
                text.char_indices().map(|(i, _)| i).filter(|&i| i > at).take(1 + chance(&mut seed) % 20).collect();
            let end = ends.last().copied().unwrap_or(text.len());
            let kind = Kind::ALL[chance(&mut seed) % Kind::ALL.len()];
            if chance(&mut seed).is_multiple_of(3) {
                names.push(Name { span: Span::new(at, end), kind, score: chance(&mut seed) as f32 % 100.0 / 100.0 });
            }
            at = end;
        }
        let places = read(&linker, &text, names.clone()).places;
        assert_eq!(places, read(&linker, &text, names).places);
        for place in &places {
            assert!(!place.span.of(&text).is_empty() && (0.0..=1.0).contains(&place.score), "{text:?} {place:?}");
        }
        for pair in places.windows(2) {
            assert!(pair[0].span.end() <= pair[1].span.start(), "{text:?} {pair:?}");
        }
    }
}

#[test]
fn long_rows_take_no_longer_than_short_ones() {
    let linker = Linker::shipped();
    let text = "Washington, Wyoming, Springfield, San Antonio and ".repeat(20_000);
    let names = |word: &str| text.match_indices(word).map(|(i, w)| Span::new(i, i + w.len())).collect::<Vec<_>>();
    let mut spans = [names("Washington"), names("Wyoming"), names("Springfield")].concat();
    spans.sort();
    let names: Vec<Name> = spans.into_iter().map(|span| Name { span, kind: Kind::Gpe, score: 0.9 }).collect();
    assert!(read(&linker, &text, names).places.len() >= 60_000);
}

#[test]
fn another_gazetteer_is_asked_first() {
    let row = GazetteerRow {
        name: "Xanvoort".into(),
        lat: 52.0,
        lon: 5.0,
        country: "NLD".into(),
        feature: "PPL".into(),
        population: 9_000,
        ..GazetteerRow::default()
    };
    let text = "Two bridges fell in Xanvoort on Monday.";
    assert!(read(&Linker::shipped(), text, Vec::new()).places.is_empty());
    let gazetteer = Gazetteer::open(build_gazetteer(vec![row]).into()).unwrap();
    let places = read(&Linker::shipped().with_gazetteer(gazetteer), text, Vec::new()).places;
    assert_eq!(places.iter().map(|p| (p.name.as_str(), p.country.as_deref())).collect::<Vec<_>>(), [("Xanvoort", Some("NLD"))]);
}

#[test]
fn names_of_the_users_are_places_whatever_the_recogniser_calls_them() {
    let row = GazetteerRow {
        name: "Karm Zaytun".into(),
        lat: 36.5,
        lon: 37.5,
        country: "SYR".into(),
        feature: "PSTB".into(),
        population: 20_000,
        ..GazetteerRow::default()
    };
    let linker = Linker::shipped().with_gazetteer(Gazetteer::open(build_gazetteer(vec![row]).into()).unwrap());
    let found = |text: &str| {
        let at = text.find("Karm Zaytun").unwrap();
        let name = Name { span: Span::new(at, at + 11), kind: Kind::Org, score: 0.99 };
        read(&linker, text, vec![name]).places.len()
    };
    assert_eq!(found("Two men were shot at Karm Zaytun on Monday."), 1);
    assert_eq!(found("Two men of the Karm Zaytun company were shot."), 0);
}
