//! Claims and quotes: one out of its variants in many documents.

use crate::lexicon::sense;
use crate::people::Cast;
use crate::terms::{is_content, lemma};
use crate::{Agreement, Citation, RecordClaim, RecordDate, RecordQuote};
use rustc_hash::FxHashMap;
use tellings_doc::{ClaimKind, Deprel, Doc, Entity, Id, Precision, Quote, QuoteKind, Span, Time, TimeBasis, Upos};
use xxhash_rust::xxh3::xxh3_64;

/// Content words of some spans by what they mean, ordered, each once.
pub(crate) fn content(doc: &Doc, spans: &[Span]) -> Vec<u64> {
    let mut words: Vec<u64> = (spans.iter())
        .flat_map(|&s| doc.parse.tokens_in(s))
        .filter(|&i| is_content(&doc.parse.tokens[i]))
        .map(|i| sense(&lemma(doc, i)))
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Content lemmas of some spans, ordered, each once.
fn literal(doc: &Doc, spans: &[Span]) -> Vec<u64> {
    let own = spans.iter().flat_map(|&s| doc.parse.tokens_in(s)).filter(|&i| is_content(&doc.parse.tokens[i]));
    let mut words: Vec<u64> = own.map(|i| xxh3_64(lemma(doc, i).as_bytes())).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// The same without names: what is said beside who and where.
pub(crate) fn matter(doc: &Doc, span: Span) -> Vec<u64> {
    let own = |&i: &usize| is_content(&doc.parse.tokens[i]) && doc.parse.tokens[i].upos != Upos::Propn;
    let mut words: Vec<u64> = doc.parse.tokens_in(span).filter(own).map(|i| sense(&lemma(doc, i))).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Words in both.
pub(crate) fn common(a: &[u64], b: &[u64]) -> usize {
    a.iter().filter(|w| b.binary_search(w).is_ok()).count()
}

/// The story's claims, each with all its tellings, and answers linked.
pub(crate) fn claims(docs: &[Doc], members: &[usize], cast: &Cast, inside: impl Fn(usize, Span) -> bool) -> Vec<RecordClaim> {
    type Key<'a> = (ClaimKind, Option<&'a str>);
    struct Seen {
        words: Vec<u64>,
        matter: Vec<u64>,
        label: Vec<u64>,
    }
    let (mut records, mut seen): (Vec<RecordClaim>, Vec<Seen>) = (Vec::new(), Vec::new());
    let mut of: FxHashMap<(usize, usize), usize> = FxHashMap::default();
    // Records of one kind by one entity toward one other: only these can be the same.
    let mut alike: FxHashMap<Key<'_>, Vec<usize>> = FxHashMap::default();
    for &d in members {
        let doc = &docs[d];
        for (c, claim) in doc.speech.claims.iter().enumerate().filter(|(_, c)| inside(d, c.span)) {
            let by = claim.by.and_then(|e| cast.id(d, e));
            let toward = claim.toward.and_then(|e| cast.id(d, e));
            let here = Seen {
                words: literal(doc, &[claim.span]),
                matter: matter(doc, claim.span),
                label: claim.label.map_or(Vec::new(), |l| content(doc, &[l])),
            };
            let same = |i: &usize| {
                let s = &seen[*i];
                let near = || 2 * common(&s.words, &here.words) >= s.words.len().min(here.words.len()).max(1);
                // In other words: most of what is neither a name nor the word for the claim itself.
                let again = || {
                    let n = common(&s.matter, &here.matter);
                    n > 2 && 2 * n >= s.matter.len().min(here.matter.len())
                };
                let other = records[*i].toward.as_ref().zip(toward.as_ref());
                let (one, open) = (other.is_some_and(|(x, y)| x == y), other.is_none());
                let both = records[*i].toward.is_none() && toward.is_none();
                by.is_some() && s.label == here.label && ((one || both) && (near() || again()) || open && again())
            };
            let key = |e: Option<Id<Entity>>| e.and_then(|e| cast.index(d, e)).map(|e| cast.entities[e].id.as_str());
            let alike = alike.entry((claim.kind, key(claim.by))).or_default();
            let at = alike.iter().copied().find(same);
            let at = at.unwrap_or_else(|| {
                let id = |words: &str| format!("c-{:010x}", xxh3_64(words.as_bytes()) >> 24);
                let words = format!("{}\n{}\n{:?}", doc.id, claim.kind.as_str(), claim.span);
                // Of several who claim it together, or of whom it is claimed, each has an id of its own.
                let first = Citation { document: d, span: claim.span };
                let taken = |r: &RecordClaim| r.kind == claim.kind && r.tellings.first() == Some(&first);
                let own = if records.iter().rev().take(16).any(taken) {
                    id(&format!("{words}\n{by:?}\n{toward:?}"))
                } else {
                    id(&words)
                };
                records.push(RecordClaim {
                    id: own,
                    kind: claim.kind,
                    by,
                    toward: None,
                    label: claim.label.map(|l| l.of(doc.text()).to_string()),
                    class: claim.class,
                    issue: claim.issue.clone(),
                    date: said_on(doc, d, claim.span),
                    realis: claim.realis,
                    answered_by: Vec::new(),
                    tellings: Vec::new(),
                    rule: claim.rule.clone(),
                });
                seen.push(here);
                alike.push(records.len() - 1);
                records.len() - 1
            });
            records[at].toward = records[at].toward.take().or(toward);
            records[at].tellings.push(Citation { document: d, span: claim.span });
            of.insert((d, c), at);
        }
    }
    for &d in members {
        for (c, claim) in docs[d].speech.claims.iter().enumerate() {
            let (Some(&answer), Some(&asked)) = (of.get(&(d, c)), claim.answers.and_then(|a| of.get(&(d, a.index())))) else {
                continue;
            };
            let id = records[answer].id.clone();
            if answer != asked && !records[asked].answered_by.contains(&id) {
                records[asked].answered_by.push(id);
            }
        }
    }
    records
}

/// The day of a claim: a day named in its sentence that is not after the report, else that of the report.
fn said_on(doc: &Doc, document: usize, span: Span) -> Option<RecordDate> {
    let published = doc.article.published.as_ref().filter(|p| p.range.is_day());
    let sentence = doc.parse.sentence_at(span.start()).map_or(span, |s| doc.parse.sentences[s].span);
    let from = doc.times.partition_point(|t| t.span.start() < sentence.start());
    let known = |t: &&Time| t.range.is_some_and(|r| r.is_day() && published.is_some_and(|p| r.first <= p.range.first));
    let told = doc.times[from..].iter().take_while(|t| t.span.start() < sentence.end()).find(known);
    let (value, basis, at) = match (told, published) {
        (Some(t), _) => (t.range?.first.to_string(), TimeBasis::Expression, t.span),
        (None, Some(p)) => (p.range.first.to_string(), TimeBasis::Document, p.span.unwrap_or(span)),
        (None, None) => return None,
    };
    let evidence = vec![Citation { document, span: at }];
    Some(RecordDate { value, precision: Precision::Day, basis, agreement: Agreement::Single, evidence })
}

/// Share of the shorter quote's words above which two quotes are one utterance.
const SAME_UTTERANCE: f32 = 0.7;

/// The words inside quotation marks; `None` where there are none.
fn marked(text: &str) -> Option<Vec<&str>> {
    let marks = |c: char| matches!(c, '"' | '“' | '”' | '„' | '«' | '»');
    let parts: Vec<&str> = text.split(marks).collect();
    let inside = parts.iter().skip(1).step_by(2).map(|p| p.trim_matches(|c: char| !c.is_alphanumeric()));
    let inside: Vec<&str> = inside.filter(|p| !p.is_empty()).collect();
    Some(inside).filter(|i| !i.is_empty())
}

/// Who else is named in a speaker's words, coordinated with their head: "Norway and Sweden said".
fn together(doc: &Doc, quote: &Quote) -> Vec<Id<Entity>> {
    let Some((words, head)) = quote.speaker.and_then(|s| Some((s, doc.parse.head_of(s)?))) else { return Vec::new() };
    let beside = doc.parse.dependents(head).iter().filter(|d| {
        let token = &doc.parse.tokens[d.index()];
        token.deprel == Deprel::Conj && words.covers(token.span)
    });
    let named = beside.filter_map(|d| doc.link.mention_at(doc.parse.tokens[d.index()].span));
    named.filter_map(|m| doc.link.mentions[m.index()].entity).filter(|&e| Some(e) != quote.entity).take(8).collect()
}

/// The story's quotes, variants joined.
pub(crate) fn quotes(docs: &[Doc], members: &[usize], cast: &Cast, inside: impl Fn(usize, Span) -> bool) -> Vec<RecordQuote> {
    struct Variant<'a> {
        document: usize,
        quote: &'a Quote,
        words: Vec<u64>,
        /// The same by what they mean.
        senses: Vec<u64>,
        text: String,
        speaker: Option<usize>,
    }
    let mut all: Vec<Variant<'_>> = Vec::new();
    for &d in members {
        for quote in &docs[d].speech.quotes {
            if quote.content.first().is_some_and(|&s| inside(d, s)) {
                all.push(Variant {
                    document: d,
                    quote,
                    words: literal(&docs[d], &quote.content),
                    senses: content(&docs[d], &quote.content),
                    text: quote.content.iter().map(|s| s.of(docs[d].text())).collect::<Vec<_>>().join(" … "),
                    speaker: quote.entity.and_then(|e| cast.index(d, e)),
                });
            }
        }
    }
    // Longest wording first: the others are measured against it.
    all.sort_by_key(|v| (v.quote.kind != QuoteKind::Direct, std::cmp::Reverse(v.words.len()), v.document, v.quote.content[0]));
    let lowered: Vec<String> = all.iter().map(|v| v.text.to_lowercase()).collect();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut speakers: Vec<Option<usize>> = Vec::new();
    // Groups by the words of their longest wording: only those that share two words or more are looked at.
    let mut with: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
    let mut shared: Vec<u32> = Vec::new();
    for (i, v) in all.iter().enumerate() {
        let fits = |&(group, _): &(usize, usize)| {
            let head = &all[groups[group][0]];
            let n = common(&v.words, &head.words);
            let one_speaker = v.speaker.is_none() || speakers[group].is_none() || speakers[group] == v.speaker;
            let both_direct = head.quote.kind != QuoteKind::Indirect && v.quote.kind != QuoteKind::Indirect;
            // Translated, or heard by two: the same speaker on the same occasion, half of it the same words or words that mean the same.
            let again = || {
                let said = |v: &Variant<'_>| said_on(&docs[v.document], v.document, v.quote.content[0]).map(|d| d.value);
                let n = common(&v.senses, &head.senses);
                let whole = n > 2 && 2 * n >= v.senses.len() || n == 2 && v.senses.len() == 3;
                whole
                    && both_direct
                    && v.document != head.document
                    && v.speaker.is_some()
                    && speakers[group] == v.speaker
                    && said(v) == said(head)
            };
            let enough = if both_direct { n >= 2 } else { n >= 4 };
            let most = n as f32 >= SAME_UTTERANCE * v.words.len().max(1) as f32;
            one_speaker && (enough && (most || both_direct && lowered[groups[group][0]].contains(&lowered[i])) || again())
        };
        shared.clear();
        if v.words.len() > 1 {
            shared.extend(v.senses.iter().filter_map(|word| with.get(word)).flatten());
            shared.sort_unstable();
        }
        let found = shared.chunk_by(|a, b| a == b).map(|same| (same[0] as usize, same.len())).find(fits);
        match found {
            Some((group, _)) => {
                groups[group].push(i);
                speakers[group] = speakers[group].or(v.speaker);
            }
            None => {
                let group = groups.len() as u32;
                v.senses.iter().filter(|_| v.words.len() > 1).for_each(|&word| with.entry(word).or_default().push(group));
                groups.push(vec![i]);
                speakers.push(v.speaker);
            }
        }
    }
    let mut records: Vec<(Citation, RecordQuote)> = Vec::new();
    for group in groups {
        let head = &all[group[0]];
        let mut tellings: Vec<(Citation, &'static str)> = Vec::new();
        for &i in &group {
            let v = &all[i];
            let (first, last) = (v.quote.content[0], v.quote.content[v.quote.content.len() - 1]);
            let variant = match v.quote.kind {
                QuoteKind::Indirect => "indirect",
                _ if v.text == head.text => "verbatim",
                _ if lowered[group[0]].contains(&lowered[i]) => "cut",
                // "said that they would “defend every metre”": only what stands in quotation marks is said to be word for word.
                QuoteKind::Mixed
                    if marked(&lowered[i]).is_some_and(|list| list.iter().all(|m| lowered[group[0]].contains(m))) =>
                {
                    "cut"
                }
                _ => "differs",
            };
            tellings.push((Citation { document: v.document, span: first.join(last) }, variant));
        }
        tellings.sort();
        let id = format!("q-{:010x}", xxh3_64(format!("{}\n{:?}", docs[head.document].id, head.quote.content).as_bytes()) >> 24);
        let speaker = group.iter().find_map(|&i| all[i].speaker).map(|e| cast.entities[e].id.clone());
        let rule = if group.len() > 1 { "story.quote.joined".into() } else { head.quote.rule.clone() };
        let mut with: Vec<String> = (group.iter())
            .flat_map(|&i| {
                let d = all[i].document;
                together(&docs[d], all[i].quote).into_iter().filter_map(move |e| cast.id(d, e))
            })
            .filter(|id| Some(id) != speaker.as_ref())
            .collect();
        with.sort();
        with.dedup();
        records.push((tellings[0].0.clone(), RecordQuote { id, speaker, with, text: head.text.clone(), tellings, rule }));
    }
    records.sort_by(|a, b| a.0.cmp(&b.0));
    records.into_iter().map(|r| r.1).collect()
}
