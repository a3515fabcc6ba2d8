//! PLOVER 2.0: event types, modes, contexts, quad classes and scores, as settled for Tellings (facts from the PLOVER
//! manual, CC BY-SA 4.0; SANCTION is quad 4, ACCUSE scores -3, `vandalize` -4.5).

/// The 16 event types, and what is none of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum EventType {
    Agree,
    Consult,
    Support,
    Concede,
    Cooperate,
    Aid,
    Retreat,
    Request,
    Accuse,
    Reject,
    Threaten,
    Protest,
    Sanction,
    Mobilize,
    Coerce,
    Assault,
    /// A code of a user's own dictionary that PLOVER has no type for; our own rules never make it.
    Other,
}

impl EventType {
    /// PLOVER's, in the order of their numbers.
    pub const ALL: [EventType; 16] = [
        EventType::Agree,
        EventType::Consult,
        EventType::Support,
        EventType::Concede,
        EventType::Cooperate,
        EventType::Aid,
        EventType::Retreat,
        EventType::Request,
        EventType::Accuse,
        EventType::Reject,
        EventType::Threaten,
        EventType::Protest,
        EventType::Sanction,
        EventType::Mobilize,
        EventType::Coerce,
        EventType::Assault,
    ];

    /// The name in PLOVER and in the contract's JSON.
    pub fn as_str(self) -> &'static str {
        const NAMES: [&str; 17] = [
            "AGREE",
            "CONSULT",
            "SUPPORT",
            "CONCEDE",
            "COOPERATE",
            "AID",
            "RETREAT",
            "REQUEST",
            "ACCUSE",
            "REJECT",
            "THREATEN",
            "PROTEST",
            "SANCTION",
            "MOBILIZE",
            "COERCE",
            "ASSAULT",
            "OTHER",
        ];
        NAMES[self as usize]
    }

    /// The one of that name.
    pub fn parse(name: &str) -> Option<EventType> {
        EventType::ALL.into_iter().find(|x| x.as_str() == name)
    }

    /// The name in PLOVER; `None` of what it has no type for.
    pub fn plover(self) -> Option<&'static str> {
        (self != EventType::Other).then(|| self.as_str())
    }

    /// The type that a CAMEO code stands for by the table of the PLOVER project; `None` of statements and appeals (01, 02),
    /// which PLOVER drops, and of what is no code of CAMEO.
    pub fn of_cameo(code: &str) -> Option<EventType> {
        use EventType::*;
        if code.len() < 2 || code.len() > 4 || !code.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        Some(match (&code[..2], code) {
            ("03", _) => Agree,
            ("04", _) => Consult,
            ("05", _) => Support,
            ("06", _) => Cooperate,
            ("07", _) => Aid,
            ("08", "08" | "080") => Concede,
            ("08", _) if matches!(code.as_bytes()[2], b'1'..=b'3') => Concede,
            ("08", _) => Retreat,
            ("09" | "11", _) => Accuse,
            ("10", _) => Request,
            ("12", _) => Reject,
            ("13", _) => Threaten,
            ("14", _) => Protest,
            ("15", _) => Mobilize,
            ("16", "163") | ("19", "191" | "192") => Coerce,
            ("16", _) => Sanction,
            ("17", "1712" | "175") => Assault,
            ("17", _) => Coerce,
            ("18" | "19" | "20", _) => Assault,
            _ => return None,
        })
    }

    /// Verbal or material, cooperation or conflict.
    pub fn quad(self) -> Quad {
        use EventType::*;
        match self {
            Agree | Consult | Support | Concede | Other => Quad::VerbalCooperation,
            Cooperate | Aid | Retreat => Quad::MaterialCooperation,
            Request | Accuse | Reject | Threaten => Quad::VerbalConflict,
            Protest | Sanction | Mobilize | Coerce | Assault => Quad::MaterialConflict,
        }
    }

    /// Score of the type without a mode, -10..=10.
    pub fn score(self) -> f32 {
        const SCORES: [f32; 17] = [2.5, 2.5, 5.0, 4.5, 9.5, 10.0, 6.5, 0.0, -3.0, -2.0, -3.5, -5.0, -6.0, -5.5, -7.0, -9.0, 0.0];
        SCORES[self as usize]
    }

    /// Do all participants do it together, so that sides mean nothing?
    pub fn is_mutual(self) -> bool {
        matches!(self, EventType::Agree | EventType::Consult | EventType::Cooperate)
    }
}

/// Quad class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Quad {
    VerbalCooperation = 1,
    MaterialCooperation,
    VerbalConflict,
    MaterialConflict,
}

/// How an event is done; which modes a type can have is told by [`Mode::score`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Mode {
    Abduct,
    Access,
    Aerial,
    Allege,
    Arrest,
    Assist,
    Beat,
    Boycott,
    Ceasefire,
    Censor,
    Change,
    Convict,
    CrowdControl,
    Curfew,
    Cyber,
    Demo,
    Deport,
    Destroy,
    Disapprove,
    Disarm,
    Discontinue,
    Drone,
    Expel,
    Explosives,
    Firearms,
    HeavyWeapons,
    Hunger,
    Investigate,
    MartialLaw,
    Meet,
    Militia,
    Misinformation,
    Multilateral,
    Obstruct,
    Phone,
    Police,
    Primitive,
    Relations,
    Release,
    Resign,
    Restrict,
    Riot,
    Seize,
    Sexual,
    Strike,
    SuicideAttack,
    Targeted,
    Territory,
    ThirdParty,
    Torture,
    Troops,
    Unconventional,
    Vandalize,
    Violence,
    Visit,
    Weapons,
    Withdraw,
    Withhold,
    Yield,
}

impl Mode {
    /// All of them, in the order of their numbers.
    pub const ALL: [Mode; 59] = [
        Mode::Abduct,
        Mode::Access,
        Mode::Aerial,
        Mode::Allege,
        Mode::Arrest,
        Mode::Assist,
        Mode::Beat,
        Mode::Boycott,
        Mode::Ceasefire,
        Mode::Censor,
        Mode::Change,
        Mode::Convict,
        Mode::CrowdControl,
        Mode::Curfew,
        Mode::Cyber,
        Mode::Demo,
        Mode::Deport,
        Mode::Destroy,
        Mode::Disapprove,
        Mode::Disarm,
        Mode::Discontinue,
        Mode::Drone,
        Mode::Expel,
        Mode::Explosives,
        Mode::Firearms,
        Mode::HeavyWeapons,
        Mode::Hunger,
        Mode::Investigate,
        Mode::MartialLaw,
        Mode::Meet,
        Mode::Militia,
        Mode::Misinformation,
        Mode::Multilateral,
        Mode::Obstruct,
        Mode::Phone,
        Mode::Police,
        Mode::Primitive,
        Mode::Relations,
        Mode::Release,
        Mode::Resign,
        Mode::Restrict,
        Mode::Riot,
        Mode::Seize,
        Mode::Sexual,
        Mode::Strike,
        Mode::SuicideAttack,
        Mode::Targeted,
        Mode::Territory,
        Mode::ThirdParty,
        Mode::Torture,
        Mode::Troops,
        Mode::Unconventional,
        Mode::Vandalize,
        Mode::Violence,
        Mode::Visit,
        Mode::Weapons,
        Mode::Withdraw,
        Mode::Withhold,
        Mode::Yield,
    ];

    /// The name in PLOVER and in the contract's JSON.
    pub fn as_str(self) -> &'static str {
        const NAMES: [&str; 59] = [
            "abduct",
            "access",
            "aerial",
            "allege",
            "arrest",
            "assist",
            "beat",
            "boycott",
            "ceasefire",
            "censor",
            "change",
            "convict",
            "crowd-control",
            "curfew",
            "cyber",
            "demo",
            "deport",
            "destroy",
            "disapprove",
            "disarm",
            "discontinue",
            "drone",
            "expel",
            "explosives",
            "firearms",
            "heavy-weapons",
            "hunger",
            "investigate",
            "martial-law",
            "meet",
            "militia",
            "misinformation",
            "multilateral",
            "obstruct",
            "phone",
            "police",
            "primitive",
            "relations",
            "release",
            "resign",
            "restrict",
            "riot",
            "seize",
            "sexual",
            "strike",
            "suicide-attack",
            "targeted",
            "territory",
            "third-party",
            "torture",
            "troops",
            "unconventional",
            "vandalize",
            "violence",
            "visit",
            "weapons",
            "withdraw",
            "withhold",
            "yield",
        ];
        NAMES[self as usize]
    }

    /// The one of that name.
    pub fn parse(name: &str) -> Option<Mode> {
        Mode::ALL.into_iter().find(|x| x.as_str() == name)
    }

    /// Score of an event of that type in this mode, -10..=10; `None` where the type has no such mode.
    pub fn score(self, kind: EventType) -> Option<f32> {
        use EventType::*;
        let score = match (kind, self.as_str()) {
            (Consult, "visit") => 4.0,
            (Consult, "third-party") => 1.0,
            (Consult, "multilateral") => 4.0,
            (Consult, "phone") => 1.5,
            (Retreat, "withdraw") => 8.0,
            (Retreat, "release") => 6.5,
            (Retreat, "disarm") => 10.0,
            (Retreat, "ceasefire") => 7.5,
            (Retreat, "access") => 6.5,
            (Retreat, "resign") => 4.5,
            (Request, "assist") => 0.5,
            (Request, "change") => -1.0,
            (Request, "yield") => -1.0,
            (Request, "meet") => 0.0,
            (Reject, "assist") => -1.5,
            (Reject, "change") => -2.0,
            (Reject, "yield") => -2.0,
            (Reject, "meet") => -2.0,
            (Accuse, "disapprove") => -2.0,
            (Accuse, "investigate") => -3.5,
            (Accuse, "allege") => -3.5,
            (Threaten, "restrict") => -3.0,
            (Threaten, "arrest") => -3.5,
            (Threaten, "relations") => -3.5,
            (Threaten, "expel") => -3.5,
            (Threaten, "territory") => -4.0,
            (Threaten, "violence") => -3.5,
            (Protest, "demo") => -5.0,
            (Protest, "riot") => -7.0,
            (Protest, "strike") => -5.0,
            (Protest, "hunger") => -4.5,
            (Protest, "boycott") => -4.5,
            (Protest, "obstruct") => -4.5,
            (Protest, "vandalize") => -4.5,
            (Sanction, "convict") => -6.0,
            (Sanction, "expel") => -5.5,
            (Sanction, "withdraw") => -6.0,
            (Sanction, "discontinue") => -6.0,
            (Mobilize, "troops") => -6.5,
            (Mobilize, "weapons") => -6.5,
            (Mobilize, "police") => -5.5,
            (Mobilize, "militia") => -6.0,
            (Coerce, "seize") => -7.0,
            (Coerce, "restrict") => -7.0,
            (Coerce, "censor") => -6.5,
            (Coerce, "curfew") => -6.5,
            (Coerce, "martial-law") => -7.5,
            (Coerce, "arrest") => -7.0,
            (Coerce, "deport") => -7.0,
            (Coerce, "withhold") => -7.0,
            (Coerce, "misinformation") => -6.5,
            (Coerce, "cyber") => -7.0,
            (Assault, "abduct") => -8.5,
            (Assault, "beat") => -7.5,
            (Assault, "torture") => -8.5,
            (Assault, "sexual") => -8.5,
            (Assault, "targeted") => -9.5,
            (Assault, "destroy") => -8.5,
            (Assault, "primitive") => -8.0,
            (Assault, "firearms") => -9.0,
            (Assault, "explosives") => -9.0,
            (Assault, "suicide-attack") => -9.5,
            (Assault, "aerial") => -9.5,
            (Assault, "drone") => -9.5,
            (Assault, "heavy-weapons") => -9.5,
            (Assault, "crowd-control") => -7.5,
            (Assault, "unconventional") => -10.0,
            _ => return None,
        };
        Some(score)
    }
}

/// Why: the 37 contexts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Context {
    Military,
    Intelligence,
    Executive,
    Legislative,
    Election,
    PoliticalInstitutions,
    ProDemocracy,
    ProAutocracy,
    Economic,
    Legal,
    Reparations,
    HumanRights,
    RightsFreedoms,
    Repression,
    HumanSecurity,
    Gender,
    Lgbt,
    ReligionEthnicity,
    Inequality,
    Diplomatic,
    Territory,
    Peacekeeping,
    Health,
    Asylum,
    Migration,
    Disasters,
    NaturalResource,
    Environment,
    Technology,
    Terrorism,
    Cbrn,
    Cyber,
    Misinformation,
    Crime,
    Corruption,
    IllegalDrugs,
    Trafficking,
}

impl Context {
    /// All of them, in the order of their numbers.
    pub const ALL: [Context; 37] = [
        Context::Military,
        Context::Intelligence,
        Context::Executive,
        Context::Legislative,
        Context::Election,
        Context::PoliticalInstitutions,
        Context::ProDemocracy,
        Context::ProAutocracy,
        Context::Economic,
        Context::Legal,
        Context::Reparations,
        Context::HumanRights,
        Context::RightsFreedoms,
        Context::Repression,
        Context::HumanSecurity,
        Context::Gender,
        Context::Lgbt,
        Context::ReligionEthnicity,
        Context::Inequality,
        Context::Diplomatic,
        Context::Territory,
        Context::Peacekeeping,
        Context::Health,
        Context::Asylum,
        Context::Migration,
        Context::Disasters,
        Context::NaturalResource,
        Context::Environment,
        Context::Technology,
        Context::Terrorism,
        Context::Cbrn,
        Context::Cyber,
        Context::Misinformation,
        Context::Crime,
        Context::Corruption,
        Context::IllegalDrugs,
        Context::Trafficking,
    ];

    /// The name in PLOVER and in the contract's JSON.
    pub fn as_str(self) -> &'static str {
        const NAMES: [&str; 37] = [
            "military",
            "intelligence",
            "executive",
            "legislative",
            "election",
            "political_institutions",
            "pro_democracy",
            "pro_autocracy",
            "economic",
            "legal",
            "reparations",
            "human_rights",
            "rights_freedoms",
            "repression",
            "human_security",
            "gender",
            "lgbt",
            "religion_ethnicity",
            "inequality",
            "diplomatic",
            "territory",
            "peacekeeping",
            "health",
            "asylum",
            "migration",
            "disasters",
            "natural_resource",
            "environment",
            "technology",
            "terrorism",
            "cbrn",
            "cyber",
            "misinformation",
            "crime",
            "corruption",
            "illegal_drugs",
            "trafficking",
        ];
        NAMES[self as usize]
    }

    /// The one of that name.
    pub fn parse(name: &str) -> Option<Context> {
        Context::ALL.into_iter().find(|x| x.as_str() == name)
    }
}
