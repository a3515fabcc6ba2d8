//! Tag sets of Universal Dependencies 2 as the English treebanks use them.

use std::fmt;

/// Universal part of speech.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum Upos {
    Adj,
    Adp,
    Adv,
    Aux,
    Cconj,
    Det,
    Intj,
    Noun,
    Num,
    Part,
    Pron,
    Propn,
    Punct,
    Sconj,
    Sym,
    Verb,
    #[default]
    X,
}

impl Upos {
    /// All of them, in the order of their numbers.
    pub const ALL: [Upos; 17] = [
        Upos::Adj,
        Upos::Adp,
        Upos::Adv,
        Upos::Aux,
        Upos::Cconj,
        Upos::Det,
        Upos::Intj,
        Upos::Noun,
        Upos::Num,
        Upos::Part,
        Upos::Pron,
        Upos::Propn,
        Upos::Punct,
        Upos::Sconj,
        Upos::Sym,
        Upos::Verb,
        Upos::X,
    ];

    /// The name in the treebank.
    pub fn as_str(self) -> &'static str {
        const NAMES: [&str; 17] = [
            "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM",
            "VERB", "X",
        ];
        NAMES[self as usize]
    }

    /// The tag of that name.
    pub fn parse(name: &str) -> Option<Upos> {
        Upos::ALL.into_iter().find(|tag| tag.as_str() == name)
    }
}

/// Penn Treebank tag, with the additions of the English web treebank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum Xpos {
    Nn,
    In,
    Dt,
    Nnp,
    Prp,
    Jj,
    Rb,
    Stop,
    Vb,
    Nns,
    Comma,
    Cc,
    Vbd,
    Vbp,
    Vbz,
    Cd,
    Vbn,
    Vbg,
    Md,
    To,
    PrpPoss,
    Rrb,
    Lrb,
    Wdt,
    Colon,
    Wrb,
    OpenQuote,
    CloseQuote,
    Wp,
    Rp,
    Uh,
    Pos,
    Hyph,
    Nnps,
    Jjr,
    Jjs,
    Ex,
    Nfp,
    Rbr,
    Add,
    Gw,
    Dollar,
    Sym,
    Pdt,
    Ls,
    Fw,
    Rbs,
    Afx,
    WpPoss,
    #[default]
    Xx,
}

impl Xpos {
    /// All of them, in the order of their numbers.
    pub const ALL: [Xpos; 50] = [
        Xpos::Nn,
        Xpos::In,
        Xpos::Dt,
        Xpos::Nnp,
        Xpos::Prp,
        Xpos::Jj,
        Xpos::Rb,
        Xpos::Stop,
        Xpos::Vb,
        Xpos::Nns,
        Xpos::Comma,
        Xpos::Cc,
        Xpos::Vbd,
        Xpos::Vbp,
        Xpos::Vbz,
        Xpos::Cd,
        Xpos::Vbn,
        Xpos::Vbg,
        Xpos::Md,
        Xpos::To,
        Xpos::PrpPoss,
        Xpos::Rrb,
        Xpos::Lrb,
        Xpos::Wdt,
        Xpos::Colon,
        Xpos::Wrb,
        Xpos::OpenQuote,
        Xpos::CloseQuote,
        Xpos::Wp,
        Xpos::Rp,
        Xpos::Uh,
        Xpos::Pos,
        Xpos::Hyph,
        Xpos::Nnps,
        Xpos::Jjr,
        Xpos::Jjs,
        Xpos::Ex,
        Xpos::Nfp,
        Xpos::Rbr,
        Xpos::Add,
        Xpos::Gw,
        Xpos::Dollar,
        Xpos::Sym,
        Xpos::Pdt,
        Xpos::Ls,
        Xpos::Fw,
        Xpos::Rbs,
        Xpos::Afx,
        Xpos::WpPoss,
        Xpos::Xx,
    ];

    /// The name in the treebank.
    pub fn as_str(self) -> &'static str {
        const NAMES: [&str; 50] = [
            "NN", "IN", "DT", "NNP", "PRP", "JJ", "RB", ".", "VB", "NNS", ",", "CC", "VBD", "VBP", "VBZ", "CD", "VBN", "VBG",
            "MD", "TO", "PRP$", "-RRB-", "-LRB-", "WDT", ":", "WRB", "``", "''", "WP", "RP", "UH", "POS", "HYPH", "NNPS", "JJR",
            "JJS", "EX", "NFP", "RBR", "ADD", "GW", "$", "SYM", "PDT", "LS", "FW", "RBS", "AFX", "WP$", "XX",
        ];
        NAMES[self as usize]
    }

    /// The tag of that name.
    pub fn parse(name: &str) -> Option<Xpos> {
        Xpos::ALL.into_iter().find(|tag| tag.as_str() == name)
    }
}

/// Dependency relation; the English subtypes are their own values, see [`Deprel::base`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum Deprel {
    Root,
    Nsubj,
    NsubjPass,
    NsubjOuter,
    Obj,
    Iobj,
    Csubj,
    CsubjPass,
    CsubjOuter,
    Ccomp,
    Xcomp,
    Obl,
    OblAgent,
    OblUnmarked,
    Vocative,
    Expl,
    Dislocated,
    Advcl,
    AdvclRelcl,
    Advmod,
    Discourse,
    Aux,
    AuxPass,
    Cop,
    Mark,
    Nmod,
    NmodPoss,
    NmodUnmarked,
    NmodDesc,
    Appos,
    Nummod,
    Acl,
    AclRelcl,
    Amod,
    Det,
    DetPredet,
    Case,
    Conj,
    Cc,
    CcPreconj,
    Fixed,
    Flat,
    Compound,
    CompoundPrt,
    List,
    Parataxis,
    Orphan,
    Goeswith,
    Reparandum,
    Punct,
    #[default]
    Dep,
}

impl Deprel {
    /// All of them, in the order of their numbers.
    pub const ALL: [Deprel; 51] = [
        Deprel::Root,
        Deprel::Nsubj,
        Deprel::NsubjPass,
        Deprel::NsubjOuter,
        Deprel::Obj,
        Deprel::Iobj,
        Deprel::Csubj,
        Deprel::CsubjPass,
        Deprel::CsubjOuter,
        Deprel::Ccomp,
        Deprel::Xcomp,
        Deprel::Obl,
        Deprel::OblAgent,
        Deprel::OblUnmarked,
        Deprel::Vocative,
        Deprel::Expl,
        Deprel::Dislocated,
        Deprel::Advcl,
        Deprel::AdvclRelcl,
        Deprel::Advmod,
        Deprel::Discourse,
        Deprel::Aux,
        Deprel::AuxPass,
        Deprel::Cop,
        Deprel::Mark,
        Deprel::Nmod,
        Deprel::NmodPoss,
        Deprel::NmodUnmarked,
        Deprel::NmodDesc,
        Deprel::Appos,
        Deprel::Nummod,
        Deprel::Acl,
        Deprel::AclRelcl,
        Deprel::Amod,
        Deprel::Det,
        Deprel::DetPredet,
        Deprel::Case,
        Deprel::Conj,
        Deprel::Cc,
        Deprel::CcPreconj,
        Deprel::Fixed,
        Deprel::Flat,
        Deprel::Compound,
        Deprel::CompoundPrt,
        Deprel::List,
        Deprel::Parataxis,
        Deprel::Orphan,
        Deprel::Goeswith,
        Deprel::Reparandum,
        Deprel::Punct,
        Deprel::Dep,
    ];

    /// The name in the treebank.
    pub fn as_str(self) -> &'static str {
        const NAMES: [&str; 51] = [
            "root",
            "nsubj",
            "nsubj:pass",
            "nsubj:outer",
            "obj",
            "iobj",
            "csubj",
            "csubj:pass",
            "csubj:outer",
            "ccomp",
            "xcomp",
            "obl",
            "obl:agent",
            "obl:unmarked",
            "vocative",
            "expl",
            "dislocated",
            "advcl",
            "advcl:relcl",
            "advmod",
            "discourse",
            "aux",
            "aux:pass",
            "cop",
            "mark",
            "nmod",
            "nmod:poss",
            "nmod:unmarked",
            "nmod:desc",
            "appos",
            "nummod",
            "acl",
            "acl:relcl",
            "amod",
            "det",
            "det:predet",
            "case",
            "conj",
            "cc",
            "cc:preconj",
            "fixed",
            "flat",
            "compound",
            "compound:prt",
            "list",
            "parataxis",
            "orphan",
            "goeswith",
            "reparandum",
            "punct",
            "dep",
        ];
        NAMES[self as usize]
    }

    /// The tag of that name.
    pub fn parse(name: &str) -> Option<Deprel> {
        Deprel::ALL.into_iter().find(|tag| tag.as_str() == name)
    }

    /// The universal relation, without its subtype.
    pub fn base(self) -> Deprel {
        match self {
            Deprel::NsubjPass | Deprel::NsubjOuter => Deprel::Nsubj,
            Deprel::CsubjPass | Deprel::CsubjOuter => Deprel::Csubj,
            Deprel::OblAgent | Deprel::OblUnmarked => Deprel::Obl,
            Deprel::AdvclRelcl => Deprel::Advcl,
            Deprel::AuxPass => Deprel::Aux,
            Deprel::NmodPoss | Deprel::NmodUnmarked | Deprel::NmodDesc => Deprel::Nmod,
            Deprel::AclRelcl => Deprel::Acl,
            Deprel::DetPredet => Deprel::Det,
            Deprel::CcPreconj => Deprel::Cc,
            Deprel::CompoundPrt => Deprel::Compound,
            other => other,
        }
    }
}

/// The features a word can have, each with its values, in the order they are written.
const FIELDS: [(&str, &[&str]); 21] = [
    ("Abbr", &["Yes"]),
    ("Case", &["Nom", "Acc", "Gen"]),
    ("Definite", &["Def", "Ind"]),
    ("Degree", &["Pos", "Cmp", "Sup"]),
    ("ExtPos", &["ADP", "ADV", "SCONJ", "PROPN", "CCONJ", "PRON"]),
    ("Foreign", &["Yes"]),
    ("Gender", &["Masc", "Fem", "Neut", "Fem,Masc"]),
    ("Mood", &["Ind", "Imp", "Sub"]),
    ("NumForm", &["Digit", "Word", "Combi", "Roman"]),
    ("NumType", &["Card", "Ord", "Frac", "Mult"]),
    ("Number", &["Sing", "Plur", "Ptan"]),
    ("Person", &["1", "2", "3"]),
    ("Polarity", &["Neg", "Pos"]),
    ("Poss", &["Yes"]),
    ("PronType", &["Prs", "Art", "Dem", "Rel", "Ind", "Int", "Tot", "Neg", "Emp", "Rcp"]),
    ("Reflex", &["Yes"]),
    ("Style", &["Expr", "Vrnc", "Slng", "Arch", "Coll"]),
    ("Tense", &["Pres", "Past"]),
    ("Typo", &["Yes"]),
    ("VerbForm", &["Fin", "Inf", "Part", "Ger"]),
    ("Voice", &["Pass"]),
];

/// Number of bits a field of `values` values takes; 0 stands for "not given".
const fn width(values: usize) -> u32 {
    usize::BITS - values.leading_zeros()
}

/// Morphological features, packed: every field of the treebanks' inventory in a few bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Feats(u64);

impl Feats {
    /// No features.
    pub const NONE: Feats = Feats(0);

    /// From CoNLL-U (`Number=Sing|Person=3`, `_`). Unknown features and values are left out.
    pub fn parse(text: &str) -> Feats {
        let mut feats = Feats(0);
        for (name, value) in text.split('|').filter_map(|pair| pair.split_once('=')) {
            let mut shift = 0;
            for (field, values) in FIELDS {
                if field == name {
                    let number = values.iter().position(|v| *v == value).map_or(0, |i| i as u64 + 1);
                    feats.0 |= number << shift;
                }
                shift += width(values.len());
            }
        }
        feats
    }

    /// Value of a feature (`get("Tense") == Some("Past")`).
    pub fn get(self, name: &str) -> Option<&'static str> {
        self.iter().find(|(field, _)| *field == name).map(|(_, value)| value)
    }

    /// Has it no features at all?
    pub fn is_none(self) -> bool {
        self.0 == 0
    }

    /// The features given, in CoNLL-U order.
    pub fn iter(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let mut shift = 0;
        FIELDS.iter().filter_map(move |(field, values)| {
            let bits = width(values.len());
            let number = (self.0 >> shift) & ((1 << bits) - 1);
            shift += bits;
            let value = (number as usize).checked_sub(1).and_then(|i| values.get(i))?;
            Some((*field, *value))
        })
    }
}

/// In CoNLL-U form; empty for none.
impl fmt::Display for Feats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (field, value)) in self.iter().enumerate() {
            write!(f, "{}{field}={value}", if i > 0 { "|" } else { "" })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Feats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feats_keep_what_the_treebank_writes() {
        let text = "Case=Nom|Gender=Masc|Number=Sing|Person=3|PronType=Prs";
        assert_eq!(Feats::parse(text).to_string(), text);
        assert_eq!(Feats::parse("Tense=Past|VerbForm=Fin").get("Tense"), Some("Past"));
        assert!(Feats::parse("_").is_none());
        assert!(FIELDS.iter().map(|(_, v)| width(v.len())).sum::<u32>() <= 64);
    }

    #[test]
    fn relations_know_their_universal_part() {
        assert_eq!(Deprel::parse("nsubj:pass").unwrap().base(), Deprel::Nsubj);
        assert!(Deprel::ALL.iter().all(|d| d.as_str().split(':').next() == Some(d.base().as_str())));
    }
}
