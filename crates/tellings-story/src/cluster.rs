//! Open stories, and how pieces of reports join them: day by day, in an order that depends on the pieces alone.
//!
//! A story is kept as the sum of its pieces' vectors, in which older pieces fade. What comes in on one day is joined by average
//! link, likest first, with itself and with the stories that are open; so a story grows, two stories become one, or a new one
//! begins. Of the open stories only those are looked at that share telling terms, through an index; hence a piece costs the same
//! however many came before it.

use crate::bytes::{Reader, Writer};
use crate::terms::Vector;
use rustc_hash::FxHashMap;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, VecDeque};

/// Mean cosine from which on two groups of pieces are one matter.
pub(crate) const SAME_STORY: f32 = 0.17;
/// Mean cosine under which the recent pieces of a story have become two matters.
const TWO_MATTERS: f32 = 0.09;
/// Mean cosine from which on pieces of one story are one strand of it.
const SAME_STRAND: f32 = 0.34;
/// Days in which the likeness of two groups of pieces halves.
const HALF_LIFE_DAYS: f32 = 21.0;
/// Days in which a piece loses half of its say on what its story is about.
const FADING_DAYS: f32 = 14.0;
/// A story on which nothing came for so many days is closed.
pub(crate) const CLOSED_AFTER: i32 = 35;
/// A story without a date is closed when so many windows have passed it by.
const CLOSED_AFTER_WINDOWS: u64 = 8;
/// Terms by which groups are found.
pub(crate) const TELLING_TERMS: usize = 24;
/// Terms kept of a story.
const STORY_TERMS: usize = 256;
/// Groups looked at for one piece: those that share the most telling terms.
pub(crate) const NEIGHBOURS: usize = 48;
/// Places of the index looked at for one piece, the rarest terms first; of so many terms in any case.
pub(crate) const LOOKED_AT: usize = 1024;
/// See [`LOOKED_AT`].
pub(crate) const FEWEST_TERMS: usize = 8;
/// Stories listed under one term; the oldest give way.
const LISTED: usize = 512;
/// The latest pieces of a story, kept to see whether it has become two, and its strands.
const RECENT: usize = 48;
/// Pieces that a story must gain before it is looked at again for a split.
const SPLIT_EVERY: usize = 6;
/// Reports that each side of a split must have.
const SPLIT_SIDE: usize = 3;
/// Pairs of less than this share of the likeness asked for are forgotten: a mean of two likenesses is never above both of them.
const FAINT: f32 = 0.5;

/// First and last day, as days since 1970.
pub(crate) type Days = (i32, i32);

/// A report, or the part of one that is about something else, as clustering sees it.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    /// Number of its report.
    pub(crate) document: u64,
    /// Which of its report's pieces it is.
    pub(crate) part: u32,
    /// When it was published; `None` = undated.
    pub(crate) days: Option<Days>,
    /// Hash of what it says and of its date: orders pieces, and names the story that starts with it.
    pub(crate) key: u64,
    /// Hash of its report's id: orders equal texts.
    pub(crate) name: u64,
    /// What it is about.
    pub(crate) vector: Vector,
}

/// One open story.
#[derive(Clone, Debug)]
pub(crate) struct Open {
    /// Key of the piece it started with.
    pub(crate) founder: u64,
    /// Its pieces as (report, part), in the order in which they joined.
    pub(crate) members: Vec<(u64, u32)>,
    /// First and last day of its dated pieces.
    pub(crate) days: Option<Days>,
    /// Founders of stories that became one with it.
    pub(crate) merged: Vec<u64>,
    /// Founders of the story that it split from.
    pub(crate) parents: Vec<u64>,
    recent: VecDeque<Piece>,
    sum: Vector,
    weight: f32,
    as_of: Option<i32>,
    touched: u64,
    gained: usize,
    indexed: Vec<u32>,
}

/// Which stories changed: their numbers.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// Those that gained pieces or are new.
    pub(crate) grown: BTreeSet<u32>,
    /// Those that gained or lost pieces to other stories: (one, another).
    pub(crate) mixed: Vec<(u32, u32)>,
}

/// The open stories.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clusterer {
    pub(crate) open: BTreeMap<u32, Open>,
    index: FxHashMap<u32, Vec<u32>>,
    next: u32,
    windows: u64,
    /// The latest day that was worked on.
    clock: Option<i32>,
}

/// A group of pieces while a window is worked on.
struct Node {
    sum: Vector,
    weight: f32,
    days: Option<Days>,
    stories: Vec<u32>,
    pieces: Vec<usize>,
    /// Counts its changes, so that outdated pairs are known.
    version: u32,
}

/// Two groups that may be one, ordered by likeness; ties by the smaller numbers.
struct Pair {
    likeness: f32,
    a: usize,
    b: usize,
    versions: (u32, u32),
}

impl PartialEq for Pair {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Pair {}

impl PartialOrd for Pair {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Pair {
    fn cmp(&self, other: &Self) -> Ordering {
        self.likeness.total_cmp(&other.likeness).then((other.a, other.b).cmp(&(self.a, self.b)))
    }
}

/// Days between two stretches of days, 0 where they touch or one is not known.
fn gap(a: Option<Days>, b: Option<Days>) -> i32 {
    let (Some(a), Some(b)) = (a, b) else { return 0 };
    (b.0.saturating_sub(a.1)).max(a.0.saturating_sub(b.1)).max(0)
}

fn join_days(a: Option<Days>, b: Option<Days>) -> Option<Days> {
    match (a, b) {
        (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
        (a, b) => a.or(b),
    }
}

/// Mean cosine of the pieces of two groups, less the more days lie between them.
fn likeness(a: &Node, b: &Node) -> f32 {
    let gap = gap(a.days, b.days);
    if gap > CLOSED_AFTER {
        return 0.0;
    }
    a.sum.dot(&b.sum) / (a.weight * b.weight).max(f32::MIN_POSITIVE) * 0.5f32.powf(gap as f32 / HALF_LIFE_DAYS)
}

/// Joins groups by average link as long as two are `same` alike; `near` tells for each group which others to look at.
/// The groups that remain stand where their first piece stood, the others are empty.
fn agglomerate(nodes: &mut [Node], near: Vec<BTreeSet<usize>>, same: f32) {
    let mut near = near;
    let mut queue = BinaryHeap::new();
    for (a, others) in near.iter().enumerate() {
        for &b in others.range(a + 1..) {
            let likeness = likeness(&nodes[a], &nodes[b]);
            if likeness >= same {
                queue.push(Pair { likeness, a, b, versions: (0, 0) });
            }
        }
    }
    while let Some(Pair { a, b, versions, .. }) = queue.pop() {
        if (nodes[a].version, nodes[b].version) != versions || nodes[b].weight == 0.0 {
            continue;
        }
        let moved = std::mem::replace(
            &mut nodes[b],
            Node { sum: Vector::default(), weight: 0.0, days: None, stories: Vec::new(), pieces: Vec::new(), version: u32::MAX },
        );
        let node = &mut nodes[a];
        node.sum.add(&moved.sum);
        node.weight += moved.weight;
        node.days = join_days(node.days, moved.days);
        node.stories.extend(moved.stories);
        node.pieces.extend(moved.pieces);
        node.version += 1;
        let theirs = std::mem::take(&mut near[b]);
        for &other in &theirs {
            near[other].remove(&b);
        }
        near[a].extend(theirs.into_iter().filter(|&other| other != a));
        let around: Vec<usize> = near[a].iter().copied().collect();
        for other in around {
            let likeness = likeness(&nodes[a], &nodes[other]);
            if likeness < same * FAINT {
                near[a].remove(&other);
                near[other].remove(&a);
                continue;
            }
            near[other].insert(a);
            if likeness >= same {
                let (a, b) = (a.min(other), a.max(other));
                queue.push(Pair { likeness, a, b, versions: (nodes[a].version, nodes[b].version) });
            }
        }
    }
}

/// Groups of some pieces at a level of likeness, as positions; every pair is looked at.
fn groups(pieces: &VecDeque<Piece>, same: f32) -> Vec<Vec<usize>> {
    let mut nodes: Vec<Node> = pieces.iter().enumerate().map(|(i, piece)| node(piece, i)).collect();
    let all: BTreeSet<usize> = (0..nodes.len()).collect();
    let near = (0..nodes.len()).map(|i| all.iter().copied().filter(|&o| o != i).collect()).collect();
    agglomerate(&mut nodes, near, same);
    nodes.into_iter().filter(|n| n.weight > 0.0).map(|n| n.pieces).collect()
}

fn node(piece: &Piece, at: usize) -> Node {
    Node { sum: piece.vector.clone(), weight: 1.0, days: piece.days, stories: Vec::new(), pieces: vec![at], version: 0 }
}

impl Clusterer {
    /// Puts pieces into stories, day by day, the undated last; within a day in the order of their keys.
    pub(crate) fn take(&mut self, pieces: Vec<Piece>) -> Changes {
        let mut days: BTreeMap<(bool, Option<i32>), Vec<Piece>> = BTreeMap::new();
        for piece in pieces {
            days.entry((piece.days.is_none(), piece.days.map(|d| d.0))).or_default().push(piece);
        }
        let mut changes = Changes::default();
        for ((_, day), mut pieces) in days {
            pieces.sort_by_key(|p| (p.key, p.name, p.part));
            self.window(day, pieces, &mut changes);
        }
        changes
    }

    /// The open stories among these, which were kept elsewhere; new ones are numbered from `next` on.
    pub(crate) fn resume(next: u32, stories: impl IntoIterator<Item = (u32, Open)>) -> Clusterer {
        let mut clusterer = Clusterer { next, ..Clusterer::default() };
        stories.into_iter().for_each(|(number, open)| clusterer.insert(number, open));
        clusterer
    }

    /// What comes in on one day, in its final order.
    fn window(&mut self, day: Option<i32>, pieces: Vec<Piece>, changes: &mut Changes) {
        self.windows += 1;
        self.clock = self.clock.max(day);
        let mut nodes: Vec<Node> = pieces.iter().enumerate().map(|(i, piece)| node(piece, i)).collect();
        let near = self.neighbours(day, &pieces, &mut nodes);
        agglomerate(&mut nodes, near, SAME_STORY);
        let mut grown = Vec::new();
        let mut done: Vec<Node> = nodes.into_iter().filter(|n| !n.pieces.is_empty() || n.stories.len() > 1).collect();
        done.iter_mut().for_each(|n| n.pieces.sort_unstable());
        done.sort_by_key(|n| (n.pieces.first().copied().unwrap_or(usize::MAX), n.stories.first().copied()));
        for node in done {
            let old = node.stories.iter().copied().min();
            let number = self.settle(node, day, &pieces, changes);
            changes.grown.insert(number);
            if old.is_some() {
                grown.push(number);
            }
        }
        for number in grown {
            self.split(number, changes);
        }
    }

    /// For each group which others may be the same: those of the window and those open stories that share telling terms. The
    /// stories found become groups, too.
    fn neighbours(&self, day: Option<i32>, pieces: &[Piece], nodes: &mut Vec<Node>) -> Vec<BTreeSet<usize>> {
        let mut near: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); pieces.len()];
        let mut here: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
        let mut stories: FxHashMap<u32, usize> = FxHashMap::default();
        for (at, piece) in pieces.iter().enumerate() {
            let top = piece.vector.top(TELLING_TERMS);
            let listed = |term: u32| here.get(&term).map_or(0, Vec::len) + self.index.get(&term).map_or(0, Vec::len);
            let mut by_rarity: Vec<(usize, u32, f32)> = top.iter().map(|&(term, weight)| (listed(term), term, weight)).collect();
            by_rarity.sort_unstable_by_key(|t| (t.0, t.1));
            let mut shared: FxHashMap<(bool, usize), f32> = FxHashMap::default();
            let mut looked_at = 0;
            for (number, &(listed, term, weight)) in by_rarity.iter().enumerate() {
                looked_at += listed;
                if number >= FEWEST_TERMS && looked_at > LOOKED_AT {
                    break;
                }
                for &other in here.get(&term).into_iter().flatten() {
                    *shared.entry((false, other)).or_default() += weight * weight;
                }
                for &story in self.index.get(&term).into_iter().flatten() {
                    *shared.entry((true, story as usize)).or_default() += weight * weight;
                }
            }
            let mut shared: Vec<((bool, usize), f32)> = shared.into_iter().collect();
            let order = |a: &((bool, usize), f32), b: &((bool, usize), f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
            if shared.len() > NEIGHBOURS {
                shared.select_nth_unstable_by(NEIGHBOURS, order);
                shared.truncate(NEIGHBOURS);
            }
            shared.sort_unstable_by(order);
            for ((is_story, other), _) in shared {
                let other = match is_story {
                    false if pieces[other].document == piece.document => continue,
                    false => other,
                    true => *stories.entry(other as u32).or_insert_with(|| {
                        nodes.push(self.open[&(other as u32)].node(other as u32, day));
                        near.push(BTreeSet::new());
                        nodes.len() - 1
                    }),
                };
                if likeness(&nodes[at], &nodes[other]) >= SAME_STORY * FAINT {
                    near[at].insert(other);
                    near[other].insert(at);
                }
            }
            for (term, _) in top {
                here.entry(term).or_default().push(at);
            }
        }
        near
    }

    /// Makes a story of what was joined: the oldest of its stories goes on, the others lead to it.
    fn settle(&mut self, node: Node, day: Option<i32>, pieces: &[Piece], changes: &mut Changes) -> u32 {
        let number = node.stories.iter().copied().min().unwrap_or(self.next);
        self.next = self.next.max(number + 1);
        let mut story = self.remove(number).unwrap_or_else(|| Open {
            founder: node.pieces.first().map_or(0, |&p| pieces[p].key),
            members: Vec::new(),
            days: None,
            merged: Vec::new(),
            parents: Vec::new(),
            recent: VecDeque::new(),
            sum: Vector::default(),
            weight: 0.0,
            as_of: None,
            touched: 0,
            gained: 0,
            indexed: Vec::new(),
        });
        let mut others: Vec<u32> = node.stories.iter().copied().filter(|&s| s != number).collect();
        others.sort_unstable();
        for other in others {
            let Some(ended) = self.remove(other) else { continue };
            changes.mixed.push((number, other));
            story.merged.push(ended.founder);
            story.merged.extend(ended.merged);
            story.members.extend(ended.members);
            story.recent.extend(ended.recent);
            story.recent.make_contiguous().sort_by_key(|p| p.days.map(|d| d.0));
        }
        // A story that comes back to what it split from has no parent any more.
        let own: Vec<u64> = story.merged.iter().copied().chain([story.founder]).collect();
        story.parents.retain(|p| !own.contains(p));
        for &at in &node.pieces {
            story.members.push((pieces[at].document, pieces[at].part));
            story.recent.push_back(pieces[at].clone());
            story.gained += 1;
        }
        story.recent.drain(..story.recent.len().saturating_sub(RECENT));
        (story.sum, story.weight, story.days, story.touched) = (node.sum, node.weight, node.days, self.windows);
        story.as_of = day.or(story.as_of);
        story.sum.keep(STORY_TERMS);
        self.insert(number, story);
        number
    }

    /// Looks whether what came lately on a story is about two matters, and if so lets the younger one go its own way.
    fn split(&mut self, number: u32, changes: &mut Changes) {
        let due = |s: &Open| s.gained >= SPLIT_EVERY && s.recent.len() >= 2 * SPLIT_SIDE;
        if !self.open.get(&number).is_some_and(due) {
            return;
        }
        let Some(mut story) = self.remove(number) else { return };
        story.gained = 0;
        let reports = |group: &[usize]| group.iter().map(|&p| story.recent[p].document).collect::<BTreeSet<u64>>().len();
        let sides: Vec<Vec<usize>> =
            groups(&story.recent, TWO_MATTERS).into_iter().filter(|g| reports(g) >= SPLIT_SIDE).collect();
        // The side with the oldest piece goes on.
        for side in sides.iter().skip(1) {
            let own: Vec<Piece> = side.iter().map(|&p| story.recent[p].clone()).collect();
            let members: Vec<(u64, u32)> = own.iter().map(|p| (p.document, p.part)).collect();
            story.members.retain(|m| !members.contains(m));
            let mut parents = vec![story.founder];
            parents.extend(&story.parents);
            let new = self.next;
            self.next += 1;
            let part = Open::of(own, parents, self.windows, story.as_of);
            changes.mixed.push((number, new));
            self.insert(new, part);
        }
        if sides.len() > 1 {
            let gone: BTreeSet<usize> = sides.iter().skip(1).flatten().copied().collect();
            let rest: Vec<Piece> =
                story.recent.iter().enumerate().filter(|(at, _)| !gone.contains(at)).map(|(_, p)| p.clone()).collect();
            let rest = Open::of(rest, Vec::new(), self.windows, story.as_of);
            let first = story.days.map(|d| d.0).or(rest.days.map(|d| d.0));
            story.days = rest.days.map(|d| (first.unwrap_or(d.0).min(d.0), d.1));
            (story.sum, story.weight, story.recent) = (rest.sum, rest.weight, rest.recent);
        }
        self.insert(number, story);
    }

    fn insert(&mut self, number: u32, mut story: Open) {
        story.indexed = story.sum.top(TELLING_TERMS).into_iter().map(|t| t.0).collect();
        for &term in &story.indexed {
            let list = self.index.entry(term).or_default();
            if list.len() >= LISTED {
                list.remove(0);
            }
            list.push(number);
        }
        self.open.insert(number, story);
    }

    /// Takes a story out of the open ones and of the index.
    fn remove(&mut self, number: u32) -> Option<Open> {
        let mut story = self.open.remove(&number)?;
        for term in std::mem::take(&mut story.indexed) {
            if let Some(list) = self.index.get_mut(&term) {
                list.retain(|&s| s != number);
                if list.is_empty() {
                    self.index.remove(&term);
                }
            }
        }
        Some(story)
    }

    /// Stories on which nothing came for long, taken out, in the order of their last days.
    pub(crate) fn close(&mut self) -> Vec<(u32, Open)> {
        let passed = |s: &Open| match (s.days, self.clock) {
            (Some(days), Some(clock)) => clock.saturating_sub(days.1) > CLOSED_AFTER,
            (Some(_), None) => false,
            (None, _) => self.windows - s.touched > CLOSED_AFTER_WINDOWS,
        };
        let numbers: Vec<u32> = self.open.iter().filter(|(_, s)| passed(s)).map(|(&n, _)| n).collect();
        self.take_out(numbers)
    }

    /// The stories that were touched the longest ago, taken out until no more than `reports` pieces are left.
    pub(crate) fn evict(&mut self, reports: usize) -> Vec<(u32, Open)> {
        let mut held: usize = self.open.values().map(|s| s.recent.len()).sum();
        if held <= reports {
            return Vec::new();
        }
        let mut oldest: Vec<(Option<i32>, u64, u32)> =
            self.open.iter().map(|(&n, s)| (s.days.map(|d| d.1), s.touched, n)).collect();
        oldest.sort_unstable();
        let mut numbers = Vec::new();
        for (.., number) in oldest {
            if held <= reports {
                break;
            }
            held -= self.open[&number].recent.len();
            numbers.push(number);
        }
        self.take_out(numbers)
    }

    fn take_out(&mut self, numbers: Vec<u32>) -> Vec<(u32, Open)> {
        let mut closed: Vec<(u32, Open)> = numbers.into_iter().filter_map(|n| Some((n, self.remove(n)?))).collect();
        closed.sort_by_key(|(n, s)| (s.days.map(|d| d.1), *n));
        closed
    }
}

/// Key of the earliest piece.
fn founder<'a>(pieces: impl IntoIterator<Item = &'a Piece>) -> u64 {
    pieces.into_iter().map(|p| (p.days.is_none(), p.days, p.key)).min().map_or(0, |p| p.2)
}

impl Open {
    /// The story in bytes: all but its members, and of its latest pieces only which they are.
    pub(crate) fn write(&self, out: &mut Writer) {
        out.u64(self.founder);
        let days = |out: &mut Writer, days: Days| [days.0, days.1].into_iter().for_each(|day| out.u32(day as u32));
        out.option(self.days, days);
        out.list(&self.merged, |out, &founder| out.u64(founder));
        out.list(&self.parents, |out, &founder| out.u64(founder));
        self.sum.write(out);
        out.f32(self.weight);
        out.option(self.as_of, |out, day| out.u32(day as u32));
        out.u32(self.gained as u32);
        out.u32(self.recent.len() as u32);
        for piece in &self.recent {
            out.u64(piece.document);
            out.u32(piece.part);
        }
    }

    /// A story from its bytes, without members, and its latest pieces as (report, part).
    pub(crate) fn read(bytes: &mut Reader<'_>) -> Option<(Open, Vec<(u64, u32)>)> {
        let founder = bytes.u64()?;
        let days = bytes.option(|bytes| Some((bytes.u32()? as i32, bytes.u32()? as i32)))?;
        let (merged, parents) = (bytes.list(Reader::u64)?, bytes.list(Reader::u64)?);
        let (sum, weight) = (Vector::read(bytes)?, bytes.f32()?);
        let as_of = bytes.option(|bytes| Some(bytes.u32()? as i32))?;
        let gained = bytes.u32()? as usize;
        let recent = bytes.list(|bytes| Some((bytes.u64()?, bytes.u32()?)))?;
        let (members, indexed) = (Vec::new(), Vec::new());
        let pieces = VecDeque::new();
        let open =
            Open { founder, members, days, merged, parents, recent: pieces, sum, weight, as_of, touched: 0, gained, indexed };
        Some((open, recent))
    }

    /// Gives back the latest pieces of a story that was read from bytes.
    pub(crate) fn recall(&mut self, recent: Vec<Piece>) {
        self.recent = recent.into();
    }

    /// The terms by which it is found.
    pub(crate) fn terms(&self) -> Vec<u32> {
        self.sum.top(TELLING_TERMS).into_iter().map(|t| t.0).collect()
    }

    /// Of its pieces only the latest are kept.
    pub(crate) fn forget(&mut self) {
        self.recent.make_contiguous().sort_by_key(|p| (p.days.map(|d| d.0), p.key, p.name, p.part));
        self.recent.drain(..self.recent.len().saturating_sub(RECENT));
    }

    /// A story of these pieces.
    pub(crate) fn of(pieces: Vec<Piece>, parents: Vec<u64>, touched: u64, as_of: Option<i32>) -> Open {
        let mut sum = Vector::default();
        let mut weight = 0.0;
        for piece in &pieces {
            let age = as_of.zip(piece.days).map_or(0, |(now, days)| now.saturating_sub(days.0).max(0));
            let fading = 0.5f32.powf(age as f32 / FADING_DAYS);
            let mut vector = piece.vector.clone();
            vector.scale(fading);
            sum.add(&vector);
            weight += fading;
        }
        sum.keep(STORY_TERMS);
        Open {
            founder: founder(&pieces),
            members: pieces.iter().map(|p| (p.document, p.part)).collect(),
            days: pieces.iter().map(|p| p.days).fold(None, join_days),
            merged: Vec::new(),
            parents,
            recent: pieces.into(),
            sum,
            weight,
            as_of,
            touched,
            gained: 0,
            indexed: Vec::new(),
        }
    }

    /// The story as a group on some day: what it was about longer ago has faded.
    fn node(&self, number: u32, day: Option<i32>) -> Node {
        let age = day.zip(self.as_of).map_or(0, |(now, then)| now.saturating_sub(then).max(0));
        let fading = 0.5f32.powf(age as f32 / FADING_DAYS);
        let mut sum = self.sum.clone();
        sum.scale(fading);
        Node { sum, weight: self.weight * fading, days: self.days, stories: vec![number], pieces: Vec::new(), version: 0 }
    }

    /// Its strands: groups of its latest pieces that are nearer to one another than to the rest, where there are two or more of
    /// at least two pieces; as (report, part).
    pub(crate) fn strands(&self) -> Vec<(u64, Vec<(u64, u32)>)> {
        let mut strands: Vec<Vec<usize>> = groups(&self.recent, SAME_STRAND).into_iter().filter(|g| g.len() > 1).collect();
        if strands.len() < 2 {
            return Vec::new();
        }
        strands.iter_mut().for_each(|s| s.sort_unstable());
        strands.sort();
        let own = |g: &Vec<usize>| -> Vec<&Piece> { g.iter().map(|&p| &self.recent[p]).collect() };
        let strands = strands.iter().map(own);
        strands.map(|g| (founder(g.iter().copied()), g.iter().map(|p| (p.document, p.part)).collect())).collect()
    }
}
