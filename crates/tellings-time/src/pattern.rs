//! Patterns over units, and the machine that matches them.
//!
//! A pattern is a sequence of: a CLASS in capitals, a literal word in small letters, a `"mark"`, `( a | b )`, an element with
//! `?` after it, `@name` for a part written elsewhere, `~` (the next unit follows without white space), `<( … )` and `>( … )`
//! (the unit before the whole expression, or the next one, is one of these; not part of the expression), `!<( … )` and `!>( … )`
//! (it is not), `=CLASS:value` (as if a word of that class and value stood here), `^` (the expression ends here; what follows is
//! caught all the same). EDGE in `<( … )` and `>( … )` is the start or end of a line, QUOTE a double quotation mark. There is no repetition, so every match ends.

use crate::units::Unit;
use crate::words::{Class, Words};
use std::collections::BTreeMap;

/// What the pattern caught: a class and the unit's value as a member of it, or the value the pattern gives.
pub(crate) type Catch = (Class, f64);

/// One test of one unit.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Test {
    Class(Class),
    Literal(u16),
    /// The start or end of a line.
    Edge,
}

impl Test {
    fn holds(self, unit: &Unit) -> bool {
        match self {
            Test::Class(class) => unit.is(class),
            Test::Literal(word) => unit.word == word,
            Test::Edge => false,
        }
    }
}

#[derive(Clone, Debug)]
enum Node {
    One(Test),
    Sequence(Vec<Node>),
    Choice(Vec<Node>),
    Maybe(Box<Node>),
    Adjacent,
    Around { tests: Vec<Test>, before: bool, wanted: bool },
    Give(Class, f64),
    End,
}

#[derive(Clone, Debug)]
enum Step {
    One(Test),
    Adjacent,
    Around { tests: Vec<Test>, before: bool, wanted: bool },
    Give(Class, f64),
    End,
    Split(u32, u32),
    Jump(u32),
    Done,
}

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    steps: Vec<Step>,
}

/// A set of classes and words.
#[derive(Clone, Debug)]
pub(crate) struct Set {
    pub(crate) classes: u64,
    words: Vec<u64>,
}

impl Set {
    fn new(n_words: usize) -> Set {
        Set { classes: 0, words: vec![0; n_words / 64 + 1] }
    }

    fn add(&mut self, test: Test) {
        match test {
            Test::Class(class) => self.classes |= class.bit(),
            Test::Literal(word) => self.words[usize::from(word) / 64] |= 1 << (word % 64),
            Test::Edge => {}
        }
    }

    /// Is a unit of these classes and this word in it?
    pub(crate) fn holds(&self, classes: u64, word: u16) -> bool {
        self.classes & classes != 0 || word != 0 && self.words[usize::from(word) / 64] & (1 << (word % 64)) != 0
    }

    /// The words of it.
    pub(crate) fn words(&self) -> impl Iterator<Item = usize> {
        (0..self.words.len() * 64).filter(|i| self.words[i / 64] & (1 << (i % 64)) != 0)
    }
}

/// What a pattern's matches open with.
#[derive(Clone, Debug)]
pub(crate) struct Openings {
    pub(crate) first: Set,
    pub(crate) second: Set,
    /// Can a match be one unit long?
    pub(crate) single: bool,
}

/// Work space of the machine, used again and again.
#[derive(Debug, Default)]
pub(crate) struct Space {
    stack: Vec<(u32, u32, u32, u32)>,
    caught: Vec<Catch>,
    /// What the longest match caught.
    pub(crate) best: Vec<Catch>,
}

impl Pattern {
    /// Compiles `text`; `parts` are the patterns that `@name` stands for. The error says what cannot be read.
    pub(crate) fn compile(text: &str, parts: &BTreeMap<String, String>, words: &mut Words) -> Result<Pattern, String> {
        let tokens = tokens(text);
        let mut reader = Reader { tokens: &tokens, at: 0, parts, words, depth: 0 };
        let node = reader.choice()?;
        if reader.at < tokens.len() {
            return Err(format!("`{}` is left over in `{text}`", tokens[reader.at]));
        }
        let mut steps = Vec::new();
        emit(&node, &mut steps);
        steps.push(Step::Done);
        Ok(Pattern { steps })
    }

    /// What a match can start with, and what can follow: a quick look before a match is tried.
    pub(crate) fn openings(&self, n_words: usize) -> Openings {
        let mut openings = Openings { first: Set::new(n_words), second: Set::new(n_words), single: false };
        let (firsts, _) = self.tests_from(&[0]);
        let mut after = Vec::new();
        for at in firsts {
            if let Step::One(test) = &self.steps[at as usize] {
                openings.first.add(*test);
                after.push(at + 1);
            }
        }
        let (seconds, done) = self.tests_from(&after);
        for at in seconds {
            if let Step::One(test) = &self.steps[at as usize] {
                openings.second.add(*test);
            }
        }
        openings.single = done;
        openings
    }

    /// The tests reachable from some steps without taking a unit, and whether the end is.
    fn tests_from(&self, from: &[u32]) -> (Vec<u32>, bool) {
        let (mut stack, mut seen) = (from.to_vec(), vec![false; self.steps.len()]);
        let (mut tests, mut done) = (Vec::new(), false);
        while let Some(at) = stack.pop() {
            if std::mem::replace(&mut seen[at as usize], true) {
                continue;
            }
            match &self.steps[at as usize] {
                Step::One(_) => tests.push(at),
                Step::Done => done = true,
                Step::Adjacent | Step::Around { .. } | Step::Give(..) | Step::End => stack.push(at + 1),
                Step::Split(a, b) => stack.extend([*a, *b]),
                Step::Jump(a) => stack.push(*a),
            }
        }
        (tests, done)
    }

    /// The end of the longest match that starts at unit `from` and stays before `to`; what it caught is in `space.best`.
    pub(crate) fn longest(&self, words: &Words, units: &[Unit], from: usize, to: usize, space: &mut Space) -> Option<usize> {
        let mut best = None;
        space.stack.clear();
        space.caught.clear();
        space.stack.push((0, from as u32, 0, 0));
        while let Some((mut at, mut unit, caught, mut ended)) = space.stack.pop() {
            space.caught.truncate(caught as usize);
            loop {
                match &self.steps[at as usize] {
                    Step::One(test) => {
                        let Some(next) = units[..to].get(unit as usize).filter(|unit| test.holds(unit)) else { break };
                        if next.line && unit as usize > from {
                            break;
                        }
                        if let Test::Class(class) = test {
                            let value = if next.word == 0 { next.number } else { words.value(next.word, *class).into() };
                            space.caught.push((*class, value));
                        }
                        unit += 1;
                        at += 1;
                    }
                    Step::Adjacent => {
                        if units[..to].get(unit as usize).is_none_or(|unit| unit.gap) {
                            break;
                        }
                        at += 1;
                    }
                    Step::Around { tests, before, wanted } => {
                        let other =
                            if *before { from.checked_sub(1).and_then(|i| units.get(i)) } else { units.get(unit as usize) };
                        let edge = match (other, before) {
                            (Some(_), true) => units[from].line,
                            (Some(other), false) => other.line,
                            (None, _) => true,
                        };
                        let holds = tests.iter().any(|test| match (test, other) {
                            (Test::Edge, _) => edge,
                            (test, Some(other)) => !edge && test.holds(other),
                            (_, None) => false,
                        });
                        if holds != *wanted {
                            break;
                        }
                        at += 1;
                    }
                    Step::Give(class, value) => {
                        space.caught.push((*class, *value));
                        at += 1;
                    }
                    Step::End => {
                        space.caught.push((Class::Break, 0.0));
                        ended = unit;
                        at += 1;
                    }
                    Step::Split(a, b) => {
                        space.stack.push((*b, unit, space.caught.len() as u32, ended));
                        at = *a;
                    }
                    Step::Jump(a) => at = *a,
                    Step::Done => {
                        let end = if ended > 0 { ended } else { unit } as usize;
                        if end > from && best.is_none_or(|best| end > best) {
                            best = Some(end);
                            space.best.clear();
                            space.best.extend_from_slice(&space.caught);
                        }
                        break;
                    }
                }
            }
        }
        best
    }
}

fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let len = match rest.as_bytes()[0] {
            b'"' => rest[1..].find('"').map_or(rest.len(), |n| n + 2),
            b'!' => 3,
            b'<' | b'>' => 2,
            b'(' | b')' | b'|' | b'?' | b'~' | b'^' => 1,
            _ => rest.find([' ', '(', ')', '|', '?', '\n', '"']).unwrap_or(rest.len()),
        };
        let len = len.min(rest.len());
        tokens.push(&rest[..len]);
        rest = rest[len..].trim_start();
    }
    tokens
}

struct Reader<'a> {
    tokens: &'a [&'a str],
    at: usize,
    parts: &'a BTreeMap<String, String>,
    words: &'a mut Words,
    depth: usize,
}

impl Reader<'_> {
    fn choice(&mut self) -> Result<Node, String> {
        let mut branches = vec![self.sequence()?];
        while self.tokens.get(self.at) == Some(&"|") {
            self.at += 1;
            branches.push(self.sequence()?);
        }
        Ok(if branches.len() == 1 { branches.remove(0) } else { Node::Choice(branches) })
    }

    fn sequence(&mut self) -> Result<Node, String> {
        let mut nodes = Vec::new();
        while let Some(&token) = self.tokens.get(self.at) {
            if token == "|" || token == ")" {
                break;
            }
            self.at += 1;
            let node = match token {
                "(" => {
                    let node = self.choice()?;
                    self.close()?;
                    node
                }
                "~" => Node::Adjacent,
                "^" => Node::End,
                give if give.starts_with('=') => {
                    let (name, value) = give[1..].split_once(':').unwrap_or((&give[1..], "0"));
                    let class = Class::named(name).ok_or_else(|| format!("no class `{name}`"))?;
                    Node::Give(class, value.parse().map_err(|_| format!("`{value}` is no number"))?)
                }
                "<(" | ">(" | "!<(" | "!>(" => {
                    let mut tests = Vec::new();
                    while let Some(&inner) = self.tokens.get(self.at).filter(|t| **t != ")") {
                        self.at += 1;
                        if inner != "|" {
                            tests.push(self.test(inner)?);
                        }
                    }
                    self.close()?;
                    Node::Around { tests, before: token.contains('<'), wanted: !token.starts_with('!') }
                }
                part if part.starts_with('@') => {
                    let text = self.parts.get(&part[1..]).ok_or_else(|| format!("no part `{part}`"))?;
                    if self.depth > 8 {
                        return Err(format!("parts nest too deep at `{part}`"));
                    }
                    let tokens = tokens(text);
                    let mut inner =
                        Reader { tokens: &tokens, at: 0, parts: self.parts, words: self.words, depth: self.depth + 1 };
                    inner.choice()?
                }
                token => Node::One(self.test(token)?),
            };
            if self.tokens.get(self.at) == Some(&"?") {
                self.at += 1;
                nodes.push(Node::Maybe(Box::new(node)));
            } else {
                nodes.push(node);
            }
        }
        Ok(if nodes.len() == 1 { nodes.remove(0) } else { Node::Sequence(nodes) })
    }

    fn close(&mut self) -> Result<(), String> {
        if self.tokens.get(self.at) != Some(&")") {
            return Err("`)` is missing".to_string());
        }
        self.at += 1;
        Ok(())
    }

    fn test(&mut self, token: &str) -> Result<Test, String> {
        match token {
            "EDGE" => return Ok(Test::Edge),
            "QUOTE" => return Ok(Test::Literal(self.words.literal("\""))),
            _ => {}
        }
        if token.starts_with(|c: char| c.is_ascii_uppercase()) {
            return Class::named(token).map(Test::Class).ok_or_else(|| format!("no class `{token}`"));
        }
        Ok(Test::Literal(self.words.literal(token.trim_matches('"'))))
    }
}

fn emit(node: &Node, steps: &mut Vec<Step>) {
    match node {
        Node::One(test) => steps.push(Step::One(*test)),
        Node::Adjacent => steps.push(Step::Adjacent),
        Node::End => steps.push(Step::End),
        Node::Give(class, value) => steps.push(Step::Give(*class, *value)),
        Node::Around { tests, before, wanted } => {
            steps.push(Step::Around { tests: tests.clone(), before: *before, wanted: *wanted });
        }
        Node::Sequence(nodes) => nodes.iter().for_each(|node| emit(node, steps)),
        Node::Maybe(node) => {
            let split = steps.len();
            steps.push(Step::Done);
            emit(node, steps);
            steps[split] = Step::Split(split as u32 + 1, steps.len() as u32);
        }
        Node::Choice(nodes) => {
            let mut jumps = Vec::new();
            for (i, node) in nodes.iter().enumerate() {
                let split = steps.len();
                if i + 1 < nodes.len() {
                    steps.push(Step::Done);
                }
                emit(node, steps);
                if i + 1 < nodes.len() {
                    jumps.push(steps.len());
                    steps.push(Step::Done);
                    steps[split] = Step::Split(split as u32 + 1, steps.len() as u32);
                }
            }
            let end = steps.len() as u32;
            for jump in jumps {
                steps[jump] = Step::Jump(end);
            }
        }
    }
}
