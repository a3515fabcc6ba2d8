//! The best tree: of all trees with one given root, the one whose arcs score highest (Chu and Liu, Edmonds), without recursion and
//! in time that grows with the square of the number of words.

/// Room to work in, kept from sentence to sentence.
#[derive(Clone, Debug, Default)]
pub struct Room {
    /// 0: not seen; `u32::MAX`: leads to the root; others: the walk it was seen on.
    marks: Vec<u32>,
    /// Scores between what is left after circles were drawn together: a row of heads for each word.
    scores: Vec<f32>,
    /// The word and its head that each score is for.
    arcs: Vec<(u16, u16)>,
    /// What is left.
    alive: Vec<usize>,
    settled: Vec<bool>,
    /// The node that each word left stands for: itself, or a circle.
    node: Vec<usize>,
    /// For each word and each circle the circle it is part of.
    part_of: Vec<usize>,
    /// For each word and each circle the arc that enters it, and its score.
    entry: Vec<((u16, u16), f32)>,
    path: Vec<usize>,
}

/// Puts the heads of `n` words into `heads` and returns the root, whose head is `n`. `scores` has for each word a row: the score of
/// every word as its head, then that of being the root. The root is the word that gains most by it.
pub fn tree(scores: &[f32], n: usize, heads: &mut Vec<usize>, room: &mut Room) -> usize {
    let width = n + 1;
    heads.clear();
    heads.extend((0..n).map(|j| best(&scores[j * width..][..n])));
    if n == 0 {
        return 0;
    }
    let gain = |j: usize| scores[j * width + n] - if n > 1 { scores[j * width + heads[j]] } else { 0.0 };
    let root = (0..n).fold(0, |r, j| if gain(j) > gain(r) { j } else { r });
    heads[root] = n;
    if circles(heads, root, &mut room.marks) {
        untangle(scores, n, root, heads, room);
    }
    root
}

/// Do the heads of some words lead back to them?
fn circles(heads: &[usize], root: usize, marks: &mut Vec<u32>) -> bool {
    marks.clear();
    marks.resize(heads.len(), 0);
    marks[root] = u32::MAX;
    for first in 0..heads.len() {
        let walk = first as u32 + 1;
        let mut at = first;
        while marks[at] == 0 {
            marks[at] = walk;
            at = heads[at];
        }
        if marks[at] == walk {
            return true;
        }
        let mut at = first;
        while marks[at] != u32::MAX {
            marks[at] = u32::MAX;
            at = heads[at];
        }
    }
    false
}

/// The best tree under `root`: from each word its best head is followed; where that leads into a circle, the circle becomes one
/// node, whose ways in cost what its own arc there is worth.
fn untangle(scores: &[f32], n: usize, root: usize, heads: &mut [usize], room: &mut Room) {
    room.scores.clear();
    room.arcs.clear();
    for j in 0..n {
        room.scores.extend_from_slice(&scores[j * (n + 1)..][..n]);
        room.arcs.extend((0..n).map(|i| (j as u16, i as u16)));
    }
    room.alive.clear();
    room.alive.extend(0..n);
    room.settled.clear();
    room.settled.resize(n, false);
    room.settled[root] = true;
    room.node.clear();
    room.node.extend(0..n);
    room.part_of.clear();
    room.part_of.resize(n, usize::MAX);
    room.entry.clear();
    room.entry.resize(n, ((0, 0), 0.0));
    for first in 0..n {
        // A word that is part of a circle is not left, and its circle was settled with it.
        if room.settled[first] || room.part_of[first] != usize::MAX {
            continue;
        }
        room.path.clear();
        let mut at = first;
        while !room.settled[at] {
            if let Some(from) = room.path.iter().position(|&p| p == at) {
                contract(n, from, room);
            }
            let mut head = usize::MAX;
            for &i in room.alive.iter().filter(|&&i| i != at) {
                if head == usize::MAX || room.scores[at * n + i] > room.scores[at * n + head] {
                    head = i;
                }
            }
            if head == usize::MAX {
                break;
            }
            room.entry[room.node[at]] = (room.arcs[at * n + head], room.scores[at * n + head]);
            room.path.push(at);
            at = head;
        }
        for &p in &room.path {
            room.settled[p] = true;
        }
    }
    // From the outer circles in: the part that a circle is entered by takes its arc, the others keep theirs.
    for circle in (n..room.entry.len()).rev() {
        let entry = room.entry[circle];
        let mut part = usize::from(entry.0.0);
        while room.part_of[part] != circle {
            part = room.part_of[part];
        }
        room.entry[part] = entry;
    }
    for j in (0..n).filter(|&j| j != root) {
        heads[j] = usize::from(room.entry[j].0.1);
    }
}

/// Draws the circle that ends the path, from the place `from`, together into its first word, which leaves the path too.
fn contract(n: usize, from: usize, room: &mut Room) {
    let circle = room.entry.len();
    let Room { scores, arcs, alive, node, part_of, entry, path, .. } = room;
    let into = path[from];
    let members = &path[from..];
    for &other in alive.iter().filter(|i| !members.contains(i)) {
        let (mut enter, mut leave) = (into, into);
        let cost = |word: usize| scores[word * n + other] - entry[node[word]].1;
        for &word in members {
            if cost(word) > cost(enter) {
                enter = word;
            }
            if scores[other * n + word] > scores[other * n + leave] {
                leave = word;
            }
        }
        let value = cost(enter);
        (scores[into * n + other], arcs[into * n + other]) = (value, arcs[enter * n + other]);
        (scores[other * n + into], arcs[other * n + into]) = (scores[other * n + leave], arcs[other * n + leave]);
    }
    for &word in members {
        part_of[node[word]] = circle;
    }
    alive.retain(|i| *i == into || !members.contains(i));
    part_of.push(usize::MAX);
    entry.push(((0, 0), 0.0));
    node[into] = circle;
    path.truncate(from);
}

/// Position of the highest score, the first of equals.
pub(crate) fn best(scores: &[f32]) -> usize {
    let (mut at, mut high) = (0, f32::MIN);
    for (i, &score) in scores.iter().enumerate() {
        if score > high {
            (at, high) = (i, score);
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Sum of the arcs, where they make a tree.
    fn worth(scores: &[f32], heads: &[usize], root: usize) -> Option<f64> {
        let n = heads.len();
        for first in 0..n {
            let (mut at, mut left) = (first, n);
            while at != root {
                at = *heads.get(at)?;
                left = left.checked_sub(1)?;
            }
        }
        Some((0..n).map(|j| f64::from(scores[j * (n + 1) + heads[j]])).sum())
    }

    fn scores(n: usize, seed: u64) -> Vec<f32> {
        let mut bits = seed | 1;
        let mut next = || {
            bits = bits.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (bits >> 40) as f32 / 65536.0
        };
        (0..n * (n + 1)).map(|at| if at % (n + 1) == at / (n + 1) { f32::MIN } else { next() }).collect()
    }

    proptest! {
        #[test]
        fn no_other_tree_with_that_root_is_better(n in 1usize..6, seed in any::<u64>()) {
            let scores = scores(n, seed);
            let mut heads = Vec::new();
            let root = tree(&scores, n, &mut heads, &mut Room::default());
            let found = worth(&scores, &heads, root).expect("a tree");
            // Every choice of heads.
            for choice in 0..n.pow(n as u32) {
                let other: Vec<usize> = (0..n).map(|j| if j == root { n } else { choice / n.pow(j as u32) % n }).collect();
                if let Some(worth) = worth(&scores, &other, root) {
                    prop_assert!(found >= worth - 1e-3, "{heads:?} {found} {other:?} {worth}");
                }
            }
        }

        #[test]
        fn scores_of_any_kind_give_one_tree(n in 1usize..60, seed in any::<u64>()) {
            let mut scores = scores(n, seed);
            // Some that are no numbers.
            if seed % 3 == 0 {
                scores.iter_mut().step_by(7).for_each(|s| *s = f32::NAN);
            }
            let (mut heads, mut room) = (Vec::new(), Room::default());
            for _ in 0..2 {
                let root = tree(&scores, n, &mut heads, &mut room);
                prop_assert_eq!(heads.iter().filter(|&&h| h == n).count(), 1);
                prop_assert!(worth(&scores, &heads, root).is_some());
            }
        }
    }

    #[test]
    fn time_does_not_run_away() {
        let n = 2000;
        let mut heads = Vec::new();
        // Pairs that hold to each other, pairs of pairs, and so on.
        let scores: Vec<f32> = (0..n * (n + 1))
            .map(|at| -(((at / (n + 1)) ^ (at % (n + 1))) as f32) - if at % (n + 1) == n { 1e6 } else { 0.0 })
            .collect();
        let root = tree(&scores, n, &mut heads, &mut Room::default());
        assert!(worth(&scores, &heads, root).is_some());
    }
}
