//! Learns the steps of the parser, with a dynamic oracle: from any state, also one that followed a mistake, the steps
//! that lose the fewest right arcs are right.

use crate::perceptron::{Perceptron, Random};
use crate::tagger::Sentence;
use tellings_doc::Deprel;
use tellings_parse::tagger::Tag;
use tellings_parse::trees::{State, Step};

/// Gold heads with the dependents of each word.
#[derive(Clone, Debug)]
pub struct Gold {
    /// Head of each word; `usize::MAX` for the root.
    pub heads: Vec<usize>,
    /// Relation of each word.
    pub deprels: Vec<Deprel>,
    dependents: Vec<Vec<usize>>,
}

impl Gold {
    /// From a treebank sentence.
    pub fn new(sentence: &Sentence) -> Gold {
        let heads: Vec<usize> = sentence.gold.iter().map(|w| w.head.unwrap_or(usize::MAX)).collect();
        let mut dependents = vec![Vec::new(); heads.len()];
        for (i, &head) in heads.iter().enumerate() {
            if head < heads.len() {
                dependents[head].push(i);
            }
        }
        Gold { heads, deprels: sentence.gold.iter().map(|w| w.deprel).collect(), dependents }
    }

    /// How many right arcs each kind of step (shift, left, right) loses; `None` where it is not allowed.
    pub fn costs(&self, state: &State) -> [Option<usize>; 3] {
        let (shift, left, right) = state.allowed();
        let (s0, s1, b0) = state.focus();
        let waiting = |w: usize| b0.is_some_and(|b| w >= b);
        let lost = |w: usize| self.dependents[w].iter().filter(|&&d| waiting(d)).count();
        let shift = shift.then(|| {
            let b = b0.unwrap_or(0);
            let stack = state.stack();
            let below = &stack[..stack.len().saturating_sub(1)];
            let head = below.iter().any(|&w| w as usize == self.heads[b]) as usize;
            head + stack.iter().filter(|&&w| self.heads[w as usize] == b).count()
        });
        let top = s0.unwrap_or(0);
        let left = left.then(|| {
            let head = self.heads[top];
            let loses = head == usize::MAX || Some(head) == s1 || waiting(head) && Some(head) != b0;
            loses as usize + lost(top)
        });
        let right = right.then(|| {
            let head = self.heads[top];
            (head == usize::MAX || waiting(head)) as usize + lost(top)
        });
        [shift, left, right]
    }

    /// The steps that lose nothing that can still be had.
    pub fn right_steps(&self, state: &State, out: &mut Vec<Step>) {
        out.clear();
        let costs = self.costs(state);
        let least = costs.iter().flatten().min().copied();
        let (s0, s1, b0) = state.focus();
        for (kind, cost) in costs.into_iter().enumerate() {
            if cost.is_none() || cost != least {
                continue;
            }
            match (kind, s0) {
                (0, _) => out.push(Step::Shift),
                (_, Some(top)) => {
                    let to = if kind == 1 { b0 } else { s1 };
                    let fits = to == Some(self.heads[top]);
                    let make = |d| if kind == 1 { Step::Left(d) } else { Step::Right(d) };
                    if fits {
                        out.push(make(self.deprels[top]));
                    } else {
                        out.extend(Deprel::ALL.into_iter().filter(|d| !matches!(d, Deprel::Root | Deprel::Dep)).map(make));
                    }
                }
                _ => {}
            }
        }
    }
}

/// A perceptron for the steps, taught on states it comes to itself.
pub fn train(sentences: &[Sentence], tags: &[Vec<Tag>], passes: usize, seed: u64) -> Perceptron {
    let golds: Vec<Gold> = sentences.iter().map(Gold::new).collect();
    let mut random = Random::new(seed);
    let mut model = Perceptron::default();
    let mut order: Vec<usize> = (0..sentences.len()).collect();
    let (mut features, mut scores, mut right) = (Vec::new(), vec![0.0f32; Step::COUNT], Vec::new());
    let mut state = State::default();
    for pass in 0..passes {
        random.shuffle(&mut order);
        let (mut steps, mut wrong) = (0, 0);
        for &s in &order {
            let sentence = &sentences[s];
            state.reset(sentence.words.len());
            while !state.done() {
                state.features(&sentence.words, &tags[s], &mut features);
                golds[s].right_steps(&state, &mut right);
                model.tick();
                model.score(&features, &mut scores);
                let (shift, l, r) = state.allowed();
                let allowed = |k: usize| match Step::of(k) {
                    Step::Shift => shift,
                    Step::Left(d) => l && !matches!(d, Deprel::Root | Deprel::Dep),
                    Step::Right(d) => r && !matches!(d, Deprel::Root | Deprel::Dep),
                };
                let pick = |good: &dyn Fn(usize) -> bool| {
                    (0..Step::COUNT).filter(|&k| allowed(k) && good(k)).fold(None, |best: Option<usize>, k| match best {
                        Some(b) if scores[b] >= scores[k] => Some(b),
                        _ => Some(k),
                    })
                };
                let guess = pick(&|_| true).unwrap_or(0);
                let is_right = |k: usize| right.iter().any(|step| step.number() == k);
                let mut take = guess;
                steps += 1;
                if !is_right(guess) {
                    wrong += 1;
                    let good = pick(&is_right).unwrap_or_else(|| right.first().map_or(0, |s| s.number()));
                    model.update(&features, good as u16, guess as u16);
                    // Follow the mistake most of the time, once there is something to follow.
                    if pass == 0 || random.below(10) == 0 {
                        take = good;
                    }
                }
                state.take(Step::of(take));
            }
        }
        println!("pass {pass}: {wrong} of {steps} steps wrong");
    }
    model
}
