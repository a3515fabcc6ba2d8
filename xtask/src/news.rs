//! News of an invented world, as JSON Lines: stories that begin, develop over days or weeks and end, each told by several outlets,
//! some of which copy, cut or lead another's report. For measuring what a stream costs, and whether stories come out as they went in:
//! the id of a report names its story (`s12-3`).

use serde_json::json;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Reports a day.
const A_DAY: usize = 1000;

/// What happens, sentence by sentence. `{a}`, `{b}`: people; `{o}`, `{q}`: bodies; `{p}`, `{r}`: places; `{c}`: country; `{w}` to
/// `{z}`: words of the story's own; `{n}`: a number; `{d}`: a weekday.
const MATTERS: [&[&str]; 8] = [
    &[
        "Negotiators of {o} and {q} met in {p} on {d} for talks on the {w} agreement, officials said.",
        "{a}, who leads the delegation of {o}, said that the two sides were closer on the {x} question than a week ago.",
        "{b} of {q} told reporters that his side would not sign before the {y} dispute was settled.",
        "The talks in {p} broke off after {n} hours on {d} without an accord on the {w} corridor.",
        "A paper seen by this newspaper proposes that {o} withdraw its guards from {r} in return for {x} deliveries.",
        "{q} accused {o} of having broken the {w} understanding {n} times since the spring.",
        "{a} rejected the charge and said the {y} records would prove it wrong.",
        "Mediators from {c} offered to host another round once both sides accept the {z} clause.",
        "Residents of {r} said that they expected little of the meeting after {n} failed rounds.",
    ],
    &[
        "At least {n} people were hurt when the river {w} burst its banks near {p} on {d}, rescuers said.",
        "The water stood {n} feet high in the market of {r}, where the {x} bridge was carried away.",
        "{a}, who heads {o}, said that boats and tents had been sent from {p}.",
        "Farmers lost most of the {y} harvest, and {n} houses were no longer fit to live in.",
        "{b} of {q} asked {c} for pumps, blankets and medicine for {n} families.",
        "The weather service expects more rain over the {w} hills until {d}.",
        "Engineers worked through the night to strengthen the {x} dam above {r}.",
        "Schools in {p} remained shut on {d}, and the {z} road was closed to lorries.",
    ],
    &[
        "A court in {p} sentenced {a} on {d} to {n} months in prison over the {w} contracts.",
        "Prosecutors said that {a} had taken money from {o} while he decided on the {x} licence.",
        "{b}, who defends him, called the verdict a mistake and said that he would appeal before the {y} chamber.",
        "The trial heard {n} witnesses, among them two accountants of {q}.",
        "A ledger found in {r} listed payments under the name {w}.",
        "{o} said that it had changed its rules on {z} since the affair became known.",
        "The judge read the grounds of the verdict for {n} minutes on {d}.",
        "Shares of {q} fell after the sentence was made known in {p}.",
    ],
    &[
        "{o} plans to buy {q} for {n} million in the largest deal of the {w} trade, the two companies said on {d}.",
        "{a}, chief of {o}, said that the {x} works in {p} would be kept open.",
        "Unions in {r} fear for {n} jobs in the {y} division.",
        "{b}, who speaks for the owners of {q}, called the price fair.",
        "Regulators in {c} want to look into what the merger means for buyers of {w}.",
        "The offer stands until {d} and depends on the {z} loan.",
        "Analysts said that {q} had lost money on {x} for {n} quarters.",
        "Workers at {p} stopped the machines for {n} minutes on {d} to show what they thought of it.",
    ],
    &[
        "Thousands marched through {p} on {d} against the {w} law, and police held {n} of them.",
        "{a}, who speaks for {o}, called on the crowd to stay until the {x} decree is withdrawn.",
        "Officers used water cannon near the {y} gate after stones were thrown.",
        "{b} of {q} said that the government would not give way to the street.",
        "Shops along the {z} avenue stayed shut, and trains to {r} did not run.",
        "Students in {r} joined the protest and occupied the {w} faculty for {n} hours.",
        "A member of parliament laid down her seat over the {x} decree on {d}.",
        "Embassies told their citizens to stay away from the centre of {p}.",
    ],
    &[
        "Doctors in {p} have seen {n} cases of {w} fever since {d}, {o} said.",
        "{a}, who directs the laboratory of {q}, said that the {x} strain had not been seen in {c} before.",
        "Clinics in {r} ran short of beds and of the {y} serum.",
        "Travellers from {p} have their temperature taken at the {z} crossing.",
        "{b} of {o} said that the vaccine would arrive by {d}.",
        "The first patient was a trader who had visited the {w} market.",
        "{n} nurses from {c} came to help in the wards of {r}.",
        "The fever spreads through {x} water, according to a study of {q}.",
    ],
    &[
        "{a} won the election in {p} with {n} votes more than {b}, the commission said on {d}.",
        "{b} refused to concede and asked for the {w} boxes to be counted again.",
        "Observers of {o} found fault with the {x} registers in {n} stations.",
        "The {y} party, which had governed {c} for a decade, lost all its seats in {r}.",
        "{q} said that it would work with whoever takes the oath in the {z} hall.",
        "Turnout in {r} was the lowest since the {w} constitution was adopted.",
        "{a} promised to open the {x} files within {n} days.",
        "Supporters danced in the squares of {p} until the morning of {d}.",
    ],
    &[
        "A train left the rails near {p} on {d}, and {n} passengers were taken to hospital.",
        "Investigators of {o} found a broken {w} switch close to the {x} tunnel.",
        "{a}, who drove the train, told them that the {y} signal had shown green.",
        "{q} had put off the repair of the line to {r} for {n} months.",
        "{b}, whose sister was on board, asked why nobody had answered the {z} report.",
        "Cranes lifted the last coach on {d}, and buses carry travellers between {p} and {r}.",
        "The transport minister of {c} promised a law on {w} switches.",
        "Experts said that the {x} tunnel dates from the time of steam.",
    ],
];

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// A fixed sequence of numbers (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n.max(1) as u64) as usize
    }

    fn name(&mut self) -> String {
        const HEADS: [&str; 24] = [
            "Bar", "Cal", "Dor", "Fen", "Gal", "Hes", "Jor", "Kel", "Lom", "Mar", "Nov", "Ost", "Pal", "Ras", "Sel", "Tor", "Ul",
            "Var", "Wes", "Yar", "Zan", "Bel", "Cor", "Dan",
        ];
        const MIDDLES: [&str; 12] = ["a", "e", "i", "o", "u", "ari", "eno", "ila", "ova", "uri", "anda", "esti"];
        const TAILS: [&str; 16] =
            ["dor", "vic", "ner", "lan", "mek", "ros", "tan", "vel", "zin", "bek", "cari", "dell", "fax", "gorn", "hart", "kov"];
        [HEADS[self.below(24)], MIDDLES[self.below(12)], TAILS[self.below(16)]].concat()
    }

    /// A common noun that only this story has.
    fn word(&mut self) -> String {
        self.name().to_lowercase()
    }
}

/// A matter that goes on.
struct Story {
    number: usize,
    sentences: &'static [&'static str],
    slots: BTreeMap<char, String>,
    /// Reports still to come.
    left: usize,
    told: usize,
    /// The last few reports: what others copy from.
    texts: Vec<String>,
}

impl Story {
    fn new(number: usize, dice: &mut Dice) -> Story {
        let mut slots: BTreeMap<char, String> = BTreeMap::new();
        for key in "ab".chars() {
            slots.insert(key, format!("{} {}", dice.name(), dice.name()));
        }
        const BODIES: [&str; 6] = ["Union", "Council", "Company", "Agency", "Front", "Trust"];
        for key in "oq".chars() {
            slots.insert(key, format!("the {} {}", dice.name(), BODIES[dice.below(6)]));
        }
        for key in "prc".chars() {
            slots.insert(key, dice.name());
        }
        for key in "wxyz".chars() {
            slots.insert(key, dice.word());
        }
        // Most matters are told a few times, few of them for weeks.
        let left = [1, 2, 3, 4, 6, 8, 12, 20, 40, 80][dice.below(10)];
        Story { number, sentences: MATTERS[dice.below(MATTERS.len())], slots, left, told: 0, texts: Vec::new() }
    }

    fn report(&mut self, dice: &mut Dice) -> (String, String) {
        let text = match self.texts.len() {
            n if n > 0 && dice.below(4) == 0 => {
                let source = self.texts[dice.below(n)].clone();
                match dice.below(3) {
                    0 => source,
                    // Cut.
                    1 => source.split("\n\n").take(4).collect::<Vec<_>>().join("\n\n"),
                    // Led otherwise.
                    _ => format!("{}\n\n{source}", self.sentence(dice.below(self.sentences.len()), dice)),
                }
            }
            _ => {
                let mut order: Vec<usize> = (0..self.sentences.len()).collect();
                (1..order.len()).rev().for_each(|i| order.swap(i, dice.below(i + 1)));
                order.truncate(5 + dice.below(4));
                order.into_iter().map(|at| self.sentence(at, dice)).collect::<Vec<_>>().join("\n\n")
            }
        };
        self.texts.push(text.clone());
        if self.texts.len() > 4 {
            self.texts.remove(0);
        }
        // What a matter is about drifts.
        if dice.below(12) == 0 {
            let key = ['w', 'x', 'y', 'z', 'r', 'b'][dice.below(6)];
            let new = if key == 'b' { format!("{} {}", dice.name(), dice.name()) } else { dice.name() };
            self.slots.insert(key, new);
        }
        self.told += 1;
        self.left -= 1;
        (format!("s{}-{}", self.number, self.told), text)
    }

    fn sentence(&self, at: usize, dice: &mut Dice) -> String {
        let mut text = String::new();
        let mut rest = self.sentences[at];
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let (key, tail) = after.split_once('}').unwrap_or((after, ""));
            match key {
                "n" => text.push_str(&(2 + dice.below(400)).to_string()),
                "d" => text.push_str(DAYS[dice.below(7)]),
                key => text.push_str(key.chars().next().and_then(|k| self.slots.get(&k)).map_or("", String::as_str)),
            }
            rest = tail;
        }
        text.push_str(rest);
        let capital: String = text.chars().take(1).flat_map(char::to_uppercase).collect();
        format!("{capital}{}", text.get(1..).unwrap_or(""))
    }
}

/// A report of that world.
pub(crate) struct Report {
    pub(crate) id: String,
    pub(crate) day: String,
    pub(crate) text: String,
}

/// Its reports, day by day, without end.
pub(crate) struct News {
    dice: Dice,
    open: Vec<Story>,
    stories: usize,
    reports: usize,
    /// Paragraphs of a report, at most.
    paragraphs: usize,
}

impl News {
    pub(crate) fn new(paragraphs: usize) -> News {
        News { dice: Dice(20_160_905), open: Vec::new(), stories: 0, reports: 0, paragraphs }
    }
}

impl Iterator for News {
    type Item = Report;

    fn next(&mut self) -> Option<Report> {
        let start = jiff::civil::date(2021, 3, 1);
        let day = start.saturating_add(jiff::Span::new().days((self.reports / A_DAY) as i64));
        self.reports += 1;
        // So many matters are open that each is told about once in two days.
        while self.open.len() < 2 * A_DAY {
            self.stories += 1;
            self.open.push(Story::new(self.stories, &mut self.dice));
        }
        let at = self.dice.below(self.open.len());
        let (id, text) = self.open[at].report(&mut self.dice);
        if self.open[at].left == 0 {
            self.open.swap_remove(at);
        }
        let text = text.split("\n\n").take(self.paragraphs).collect::<Vec<_>>().join("\n\n");
        Some(Report { id, day: day.to_string(), text })
    }
}

/// Writes `n` reports.
pub(crate) fn write(n: usize, out: &mut impl Write) -> io::Result<()> {
    for Report { id, day, text } in News::new(usize::MAX).take(n) {
        serde_json::to_writer(&mut *out, &json!({"id": id, "date": day, "text": text}))?;
        out.write_all(b"\n")?;
    }
    out.flush()
}
