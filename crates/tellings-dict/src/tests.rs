//! Dictionaries of invented lands: what each feature of the formats gives, and what is told of bad lines.

use crate::*;
use jiff::civil::date;
use proptest::prelude::*;
use tellings_doc::DateRange;

const ACTORS: &str = "\
# Written for this project; invented lands.
<!-- a remark
over two lines -->
VARNIA [VRN] ; ab 3 May 2012
+VARNIAN
+THE_VARNIAN_REPUBLIC_
PORT_LUSA [VRNCTY]
JOREN_HALD
+PREMIER_HALD
\t[VRN]   # when nothing else holds
\t[VRNOPP <990501]
\t[VRNELI 20010401-20010430]
\t[VRNGOV 19990501-20031231]
\t[VRNELI >20031231]
ESK [---]
LAKE COUNCIL [LKA/LKB]
V.P.F. [VRNREB]
AL-DURRA [DRR]
";

const AGENTS: &str = "\
!PERSON! = MAN, WOMEN
MINISTER [~GOV]
DEPUTY_MINISTER [~GOVDEP]
POLICE {} [~COP]
OX {OXEN} [~AGR]
ASSEMBLY!PERSON! [~LEG]
RELIEF_CORPS [NGO~]
";

fn read(files: &[(&str, &str)]) -> (ActorDictionary, Vec<BadLine>) {
    let mut dictionary = ActorDictionary::default();
    let bad = files.iter().flat_map(|(name, text)| dictionary.add(name, text)).collect();
    (dictionary, bad)
}

/// The codes of the longest names in a text.
fn codes(dictionary: &ActorDictionary, text: &str, on: Option<DateRange>) -> Vec<String> {
    let (mut pieces, mut buffer) = (Vec::new(), String::new());
    for (at, word) in text.split(' ').enumerate() {
        dictionary.push(at as u32, word, &mut buffer, &mut pieces);
    }
    let words: Vec<u32> = pieces.iter().map(|p| p.word).collect();
    let (mut out, mut at) = (Vec::new(), 0);
    while at < words.len() {
        match dictionary.longest(&words, at, |_, _| true) {
            Some((entry, end)) => {
                out.push(dictionary.entry(entry).code(on).unwrap_or("-").to_string());
                at = end;
            }
            None => at += 1,
        }
    }
    out
}

#[test]
fn names_synonyms_and_longest_match() {
    let (dictionary, bad) = read(&[("a", ACTORS), ("b", AGENTS)]);
    assert!(bad.is_empty(), "{bad:?}");
    assert_eq!(codes(&dictionary, "Varnian ministers in Port Lusa", None), ["VRN", "GOV", "VRNCTY"]);
    assert_eq!(codes(&dictionary, "the Varnian Republic", None), ["VRN"]);
    assert_eq!(codes(&dictionary, "V.P.F. and Al-Durra", None), ["VRNREB", "DRR"]);
    assert_eq!(codes(&dictionary, "the Lake Shipping Council", None), ["LKA/LKB"]);
    assert_eq!(codes(&dictionary, "Port of Lusa", None), [""; 0]);
    assert_eq!(codes(&dictionary, "Esk", None), ["---"]);
    let entry = dictionary.entry(dictionary.longest(&[dictionary.words().get("VARNIA")], 0, |_, _| false).unwrap().0);
    assert_eq!((dictionary.file(entry), entry.line), ("a", 4));
}

#[test]
fn agents_have_plurals_and_sets() {
    let (dictionary, _) = read(&[("b", AGENTS)]);
    assert_eq!(codes(&dictionary, "deputy ministers and ministers", None), ["GOVDEP", "GOV"]);
    assert_eq!(codes(&dictionary, "police polices ox oxes oxen", None), ["COP", "AGR", "AGR"]);
    assert_eq!(codes(&dictionary, "assemblyman assemblywomen", None), ["LEG", "LEG"]);
    let (corps, _) = dictionary.longest(&["RELIEF", "CORPS"].map(|w| dictionary.words().get(w)), 0, |_, _| false).unwrap();
    assert!(dictionary.entry(corps).agent && dictionary.entry(corps).before);
}

#[test]
fn codes_hold_on_their_days() {
    let (dictionary, _) = read(&[("a", ACTORS)]);
    let on = |year, month, day| codes(&dictionary, "Premier Hald", Some(DateRange::day(date(year, month, day))))[0].clone();
    assert_eq!(on(1999, 4, 30), "VRNOPP");
    assert_eq!(on(1999, 5, 1), "VRNGOV");
    assert_eq!(on(2001, 4, 15), "VRNELI");
    assert_eq!(on(2003, 12, 31), "VRNGOV");
    assert_eq!(on(2004, 1, 1), "VRNELI");
    assert_eq!(codes(&dictionary, "Premier Hald", None), ["VRN"]);
    // A year holds several codes: none of them is sure.
    assert_eq!(codes(&dictionary, "Hald", Some(DateRange::year(date(1999, 1, 1)))), [""; 0]);
    assert_eq!(codes(&dictionary, "Joren Hald", Some(DateRange::year(date(1999, 1, 1)))), ["VRN"]);
}

#[test]
fn a_bad_line_is_told_and_the_rest_is_read() {
    let text = "[VRN]\n+ALONE\nGOOD [GUD]\nNAMELESS\nOPEN [OPN\nDATED [AAA 991332]\n\t[BBB 20050101-20040101]\n\t[970101-980101]\n\
                A!NOSET!B [~X]\nLAST [LST]\n";
    let (dictionary, bad) = read(&[("own.actors.txt", text)]);
    let lines: Vec<usize> = bad.iter().map(|b| b.line).collect();
    assert_eq!(lines, [1, 2, 4, 5, 5, 6, 7, 8, 9], "{bad:#?}");
    assert_eq!(codes(&dictionary, "good last", None), ["GUD", "LST"]);
    assert!(bad[2].to_string().starts_with("own.actors.txt:4: `NAMELESS` has no code\n  hint: "), "{}", bad[2]);
}

const VERBS: &str = "\
&TALKS
+TALKS
+ROUND_TABLE
&MONEY
+CROWN
+&TALKS

--- HOLD [040] ---
HOLD {HELD HOLDS HOLDING}
+HOLD_OFF {+HELD_OFF} [190]
- * &TALKS [036]
- % * &TALKS [036:036]
- REFUSED_TO_* [120]

--- GIVE [---] ---
GIVE {GAVE GIVEN}
- * (TO {PEACE FUND}) [071] # second dialect
- + * $ [072]
- * SO_MUCH &MONEY [070]

CONFER
";

#[test]
fn verbs_their_forms_and_patterns() {
    let mut verbs = VerbDictionary::default();
    let bad = verbs.add("v", VERBS);
    assert!(bad.is_empty(), "{bad:?}");
    let verb =
        |form: &str| verbs.verbs(verbs.word(form).0).map(|v| (v.name.to_string(), v.codes.there.clone())).collect::<Vec<_>>();
    assert_eq!(verb("HELD"), [("+HOLD_OFF".into(), Some("190".into())), ("HOLD".into(), Some("040".into()))]);
    assert_eq!(verb("CONFERRED"), [("CONFER".to_string(), None)]);
    assert_eq!(verb("CONFERES"), []);
    let hold = verbs.verbs(verbs.word("HOLDS").0).next().unwrap();
    let patterns: Vec<&str> = verbs.patterns(hold).iter().map(|p| &*p.text).collect();
    assert_eq!(patterns, ["- % * &TALKS [036:036]", "- REFUSED_TO_* [120]", "- * &TALKS [036]"]);
    let refused = &verbs.patterns(hold)[1];
    assert!(refused.before.iter().all(|e| e.gap == Gap::Joined) && refused.before.len() == 2);
    assert_eq!(verbs.patterns(hold)[0].codes.back.as_deref(), Some("036"));
    let give = verbs.verbs(verbs.word("GAVE").0).next().unwrap();
    let fund = verbs.patterns(give).iter().find(|p| p.text.contains("PEACE")).unwrap();
    let gaps: Vec<Gap> = fund.after.iter().map(|e| e.gap).collect();
    assert_eq!(gaps, [Gap::Open, Gap::Near, Gap::Near]);
}

#[test]
fn bad_lines_of_verb_files() {
    let text =
        "- * X [010]\n--- A [010] ---\nA\n- X Y [020]\n- * Z\n- * &NONE [030]\n~ a (b . A) B = a b 112\nB\n- * GOOD [040]\n";
    let mut verbs = VerbDictionary::default();
    let bad = verbs.add("v", text);
    assert_eq!(bad.iter().map(|b| b.line).collect::<Vec<_>>(), [1, 4, 5, 6, 7], "{bad:#?}");
    assert_eq!(verbs.pattern_count(), 1);
}

#[test]
fn discards_rule_out_sentences_and_reports() {
    let mut discards = Discards::default();
    assert!(discards.add("d", "YEARS LATER # sentence\n+World Cup\n").is_empty());
    let find = |text: &str| {
        let mut words = Vec::new();
        pieces(text, &mut String::new(), |word| words.push(discards.words().get(word)));
        discards.find(&words)
    };
    assert_eq!(find("two years later"), Some(false));
    assert_eq!(find("at the World Cup years later"), Some(true));
    assert_eq!(find("later years"), None);
}

proptest! {
    /// Whatever the text, it is read to its end.
    #[test]
    fn any_text_is_read(text in "([A-Z_ +!&~*$^%(){}<>\\[\\]#;=:.0-9-]{0,24}\n){0,12}|.{0,80}") {
        let mut actors = ActorDictionary::default();
        actors.add("a", &text);
        codes(&actors, "A B-C the D_E", None);
        VerbDictionary::default().add("v", &text);
        Discards::default().add("d", &text);
    }
}
