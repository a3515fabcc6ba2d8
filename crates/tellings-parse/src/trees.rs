//! Dependency trees: words are taken from left to right; a classifier chooses, step by step, whether the word on top of
//! the stack depends on the next word, on the word below it, or waits (arc-hybrid transitions). Twice as many steps as
//! words, always one tree with one root.

use crate::tagger::Tag;
use crate::words::{Word, mix};
use tellings_doc::Deprel;
use tellings_nn::Linear;

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The next word goes on the stack.
    Shift,
    /// The top of the stack depends on the next word.
    Left(Deprel),
    /// The top of the stack depends on the word below it.
    Right(Deprel),
}

impl Step {
    /// Number of steps.
    pub const COUNT: usize = 1 + 2 * Deprel::ALL.len();

    /// The step's number as a label.
    pub fn number(self) -> usize {
        match self {
            Step::Shift => 0,
            Step::Left(deprel) => 1 + deprel as usize,
            Step::Right(deprel) => 1 + Deprel::ALL.len() + deprel as usize,
        }
    }

    /// The step with that number.
    pub fn of(number: usize) -> Step {
        match number {
            0 => Step::Shift,
            n if n <= Deprel::ALL.len() => Step::Left(Deprel::ALL[n - 1]),
            n => Step::Right(Deprel::ALL[(n - 1 - Deprel::ALL.len()).min(Deprel::ALL.len() - 1)]),
        }
    }
}

const NONE: u32 = u32::MAX;

/// Words attached so far to one word.
#[derive(Clone, Copy, Debug)]
struct Family {
    left: [u32; 2],
    right: [u32; 2],
    lefts: u8,
    rights: u8,
}

const ALONE: Family = Family { left: [NONE; 2], right: [NONE; 2], lefts: 0, rights: 0 };

/// How far a sentence has been parsed.
#[derive(Clone, Debug, Default)]
pub struct State {
    stack: Vec<u32>,
    next: u32,
    n: u32,
    /// Head of each word; `u32::MAX` for none yet, or the root.
    pub heads: Vec<u32>,
    /// Relation of each word.
    pub deprels: Vec<Deprel>,
    families: Vec<Family>,
}

impl State {
    /// Starts on a sentence of `n` words.
    pub fn reset(&mut self, n: usize) {
        self.stack.clear();
        self.next = 0;
        self.n = n as u32;
        self.heads.clear();
        self.heads.resize(n, NONE);
        self.deprels.clear();
        self.deprels.resize(n, Deprel::Root);
        self.families.clear();
        self.families.resize(n, ALONE);
    }

    /// Is the tree complete?
    pub fn done(&self) -> bool {
        self.next == self.n && self.stack.len() <= 1
    }

    /// Top of the stack, the one below, and the next word.
    pub fn focus(&self) -> (Option<usize>, Option<usize>, Option<usize>) {
        let top = |k: usize| self.stack.len().checked_sub(k).map(|i| self.stack[i] as usize);
        (top(1), top(2), (self.next < self.n).then_some(self.next as usize))
    }

    /// The words on the stack, the top last.
    pub fn stack(&self) -> &[u32] {
        &self.stack
    }

    /// May the next word be shifted? May the top depend on the next word? On the word below it?
    pub fn allowed(&self) -> (bool, bool, bool) {
        let more = self.next < self.n;
        (more, more && !self.stack.is_empty(), self.stack.len() >= 2)
    }

    /// Takes a step that is allowed; others do nothing.
    pub fn take(&mut self, step: Step) {
        let (shift, left, right) = self.allowed();
        match step {
            Step::Shift if shift => {
                self.stack.push(self.next);
                self.next += 1;
            }
            Step::Left(deprel) if left => {
                let next = self.next;
                self.attach(next, deprel, true);
            }
            Step::Right(deprel) if right => {
                let below = self.stack[self.stack.len() - 2];
                self.attach(below, deprel, false);
            }
            _ => {}
        }
    }

    fn attach(&mut self, head: u32, deprel: Deprel, left: bool) {
        let Some(word) = self.stack.pop() else { return };
        self.heads[word as usize] = head;
        self.deprels[word as usize] = deprel;
        let family = &mut self.families[head as usize];
        if left {
            // Words are attached to the left from the nearest outward: the last is the leftmost.
            family.left = [word, family.left[0]];
            family.lefts = family.lefts.saturating_add(1);
        } else {
            family.right = [word, family.right[0]];
            family.rights = family.rights.saturating_add(1);
        }
    }

    /// What the classifier looks at.
    pub fn features(&self, words: &[Word], tags: &[Tag], out: &mut Vec<u64>) {
        let stack = |k: usize| self.stack.len().checked_sub(k).map_or(NONE, |i| self.stack[i]);
        let next = |k: u32| if self.next + k < self.n { self.next + k } else { NONE };
        let (s0, s1, s2, b0, b1, b2) = (stack(1), stack(2), stack(3), next(0), next(1), next(2));
        let w = |i: u32| words.get(i as usize).map_or(1, |w| w.lower);
        let p = |i: u32| tags.get(i as usize).map_or(1, |t| t.number());
        let family = |i: u32| self.families.get(i as usize).copied().unwrap_or(ALONE);
        let d = |i: u32| if i == NONE { 99 } else { self.deprels[i as usize] as u64 };
        let (f0, f1, fb) = (family(s0), family(s1), family(b0));
        let far = |a: u32, b: u32| match (a, b) {
            (NONE, _) | (_, NONE) => 0,
            _ => u64::from(b.saturating_sub(a).min(10)),
        };
        let (d01, d1) = (far(s0, b0), far(s1, s0));
        let (ws0, ws1, wb0, wb1) = (w(s0), w(s1), w(b0), w(b1));
        let (ps0, ps1, ps2, pb0, pb1, pb2) = (p(s0), p(s1), p(s2), p(b0), p(b1), p(b2));
        let (l0, r0, l1, r1, lb) = (f0.left[0], f0.right[0], f1.left[0], f1.right[0], fb.left[0]);
        let v = |f: &Family| u64::from(f.lefts.min(5)) * 8 + u64::from(f.rights.min(5));
        let (v0, v1, vb) = (v(&f0), v(&f1), v(&fb));
        let pp = |a: u64, b: u64| a << 12 | b;
        out.clear();
        let mut n = 100;
        let mut add = |x: u64, y: u64| {
            n += 1;
            out.push(mix(mix(n, x), y));
        };
        add(ws0, ps0);
        add(ws0, 0);
        add(0, ps0);
        add(wb0, pb0);
        add(wb0, 0);
        add(0, pb0);
        add(wb1, pb1);
        add(0, pb1);
        add(w(b2), pb2);
        add(ws1, ps1);
        add(ws1, 0);
        add(0, ps1);
        add(mix(ws0, wb0), pp(ps0, pb0));
        add(mix(ws0, wb0), 0);
        add(ws0, pp(ps0, pb0));
        add(wb0, pp(ps0, pb0));
        add(0, pp(ps0, pb0));
        add(mix(ws0, ws1), pp(ps0, ps1));
        add(mix(ws0, ws1), 0);
        add(ws0, pp(ps0, ps1));
        add(ws1, pp(ps0, ps1));
        add(0, pp(ps0, ps1));
        add(pb1, pp(ps0, pb0));
        add(mix(pb1, pb2), pp(ps0, pb0));
        add(ps1, pp(ps0, pb0));
        add(mix(ps1, ps2), pp(ps0, pb0));
        add(ws1, pp(ps0, pb0));
        add(ws0, pp(ps1, pb0));
        add(wb0, pp(ps0, ps1));
        add(mix(ws1, wb0), 0);
        add(p(l0), pp(ps0, pb0));
        add(p(r0), pp(ps0, pb0));
        add(p(lb), pp(ps0, pb0));
        add(p(r1), pp(ps0, ps1));
        add(p(l1), pp(ps0, ps1));
        add(p(r0), pp(ps0, ps1));
        add(p(l0), pp(ps0, ps1));
        add(d(l0), pp(d(r0), ps0));
        add(d(l1), pp(d(r1), ps1));
        add(d(lb), pb0);
        add(mix(d(l0), d(f0.left[1])), ps0);
        add(mix(d(r0), d(f0.right[1])), ps0);
        add(mix(d(r1), d(f1.right[1])), ps1);
        add(mix(d(lb), d(fb.left[1])), pb0);
        add(d(l0), mix(ws0, pb0));
        add(d(r0), mix(ws0, pb0));
        add(d(r1), mix(ws1, ps0));
        add(w(r0), pp(ps0, pb0));
        add(w(l0), pp(ps0, pb0));
        add(w(lb), pp(ps0, pb0));
        add(w(l0), pp(ps0, ps1));
        add(w(r1), pp(ps0, ps1));
        add(mix(w(l0), ws1), 0);
        add(mix(w(l0), wb0), 0);
        add(mix(w(lb), ws0), 0);
        add(d01, pp(ps0, pb0));
        add(d01, mix(ws0, wb0));
        add(d01, ws0);
        add(d01, wb0);
        add(d1, pp(ps0, ps1));
        add(d1, ws1);
        add(d1, ws0);
        add(v0, ps0);
        add(v1, ps1);
        add(vb, pb0);
        add(v0, ws0);
        add(v1, ws1);
        add(vb, wb0);
        add(mix(v0, v1), pp(ps0, ps1));
    }
}

/// The best step that is allowed.
pub fn best(state: &State, scores: &[i32]) -> Step {
    let (shift, left, right) = state.allowed();
    let labels = Deprel::ALL.len();
    let (mut best, mut high) = (None, i32::MIN);
    let mut look = |range: std::ops::Range<usize>| {
        for k in range {
            if scores[k] > high {
                (best, high) = (Some(k), scores[k]);
            }
        }
    };
    if shift {
        look(0..1);
    }
    if left {
        look(1..1 + labels);
    }
    if right {
        look(1 + labels..1 + 2 * labels);
    }
    best.map_or(Step::Shift, Step::of)
}

/// Parses a sentence; the tree is left in `state`.
pub fn tree(model: &Linear<'_>, words: &[Word], tags: &[Tag], state: &mut State, features: &mut Vec<u64>) {
    state.reset(words.len());
    while !state.done() {
        state.features(words, tags, features);
        let mut scores = [0i32; Step::COUNT];
        for &feature in features.iter() {
            model.add(feature, &mut scores);
        }
        // Attached words are never `root` or unknown.
        for deprel in [Deprel::Root, Deprel::Dep] {
            scores[Step::Left(deprel).number()] = i32::MIN / 2;
            scores[Step::Right(deprel).number()] = i32::MIN / 2;
        }
        state.take(best(state, &scores));
    }
}
