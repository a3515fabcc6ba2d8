//! Feeds that are watched: each looked at by its own pace, what is new in them fetched and put into a store once.
//!
//! All state is in the store: a feed's version and its new items are written in one go, an item leaves the queue in the commit
//! that adds its report. So a kill at any moment loses nothing and doubles nothing, and memory does not grow.

use crate::store::{Added, Feed, Item, Result, Run, Store, Waiting, add_batch, place, refresh};
use crate::web::{Announced, announced, kind};
use crate::{Kind, Models, Report};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};
use tellings_doc::Doc;
use tellings_fetch::{Answer, Error, Fault as Why, Fetcher, Version, host_of, spread};
use tellings_input::{Fault, feed, lists};
use tellings_story::Rarity;

/// How feeds are watched.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Addresses of the feeds; none: all that the store knows.
    pub feeds: Vec<String>,
    /// Shortest time from one look at a feed to the next. One with little news is looked at less often, up to sixteen times.
    pub every: Duration,
    /// Is each feed looked at once only, and what is new fetched?
    pub once: bool,
    /// Are the pages fetched that a feed announces without their text?
    pub follow: bool,
    /// How many hosts are asked at the same time.
    pub hosts: usize,
}

impl Default for Plan {
    fn default() -> Plan {
        Plan { feeds: Vec::new(), every: Duration::from_secs(15 * 60), once: false, follow: true, hosts: 8 }
    }
}

/// What there is to tell while feeds are watched.
#[derive(Debug)]
pub enum Told<'a> {
    /// A feed was looked at: so many items were new.
    Looked(&'a Feed, usize),
    /// A feed was not to be had.
    Failed(&'a Feed),
    /// A report is in the store.
    Report(&'a Doc, &'a Added),
    /// An item was not to be had, and is given up; or will be tried again.
    Unread(String),
}

/// Something for a thread to fetch.
struct Job {
    address: String,
    known: Version,
    what: What,
}

enum What {
    Feed(String),
    Item(i64, u32, Box<Announced>),
}

type Done = (Job, std::result::Result<Answer, Error>);

/// Items of one feed that are held at once, and reports that are read together.
const HELD: usize = 8;
const BATCH: usize = 32;
/// Reports that are put into stories though more are coming.
const UNTOLD: usize = 256;
/// Tries for an item whose page may yet be had.
const TRIES: u32 = 4;
/// Longest time from one look at a feed to the next, whatever happened.
const DAY: i64 = 24 * 3600;
/// How soon a wish to stop is seen.
const TICK: Duration = Duration::from_millis(200);

/// Watches feeds until `stop` is set or all was looked at once.
///
/// # Errors
/// The store could not be written; what was told before is in it.
pub fn watch(
    models: &Models,
    store: &mut dyn Store,
    run: &Run,
    fetcher: &Arc<Fetcher>,
    plan: &Plan,
    stop: &AtomicBool,
    mut told: impl FnMut(Told<'_>),
) -> Result<()> {
    let run = store.begin(run)?;
    let mut watcher = Watcher::new(store, fetcher, plan)?;
    while !stop.load(Ordering::SeqCst) {
        watcher.hand_out(store)?;
        if watcher.is_done(store)? {
            break;
        }
        watcher.collect(TICK);
        watcher.settle(models, store, run, &mut told)?;
        watcher.tell(models, store, run, false)?;
    }
    // What came already is kept; what is on its way is in the store's queue, and is fetched the next time.
    watcher.collect(Duration::ZERO);
    watcher.settle(models, store, run, &mut told)?;
    watcher.tell(models, store, run, true)
}

struct Watcher {
    feeds: BTreeMap<String, Feed>,
    /// Items that are due, a few of each feed.
    items: BTreeMap<String, VecDeque<Waiting>>,
    /// Feeds of which more items may be due.
    more: BTreeSet<String>,
    /// Feeds, items and hosts that are being fetched.
    looking: BTreeSet<String>,
    fetching: BTreeSet<i64>,
    hosts: BTreeSet<String>,
    /// Feeds that were looked at since the start.
    looked: BTreeSet<String>,
    done: Vec<Done>,
    ready: Vec<(i64, Report)>,
    /// Items that carry nothing to read.
    unread: Vec<(i64, Fault)>,
    jobs: Option<SyncSender<Job>>,
    answers: Receiver<Done>,
    fetcher: Arc<Fetcher>,
    plan: Plan,
    /// When the queue was last looked through for items that became due.
    seen: i64,
    rarity: Rarity,
    /// Reports whose stories are to be made, and from when on that may be done.
    untold: usize,
    telling: Instant,
}

impl Watcher {
    fn new(store: &mut dyn Store, fetcher: &Arc<Fetcher>, plan: &Plan) -> Result<Watcher> {
        let mut known: BTreeMap<String, Feed> = store.feeds()?.into_iter().map(|feed| (feed.address.clone(), feed)).collect();
        for address in &plan.feeds {
            if !known.contains_key(address) {
                let feed = Feed { address: address.clone(), period: plan.every.as_secs() as i64, ..Feed::default() };
                store.announce(&feed, &[])?;
                known.insert(address.clone(), feed);
            }
        }
        if !plan.feeds.is_empty() {
            known.retain(|address, _| plan.feeds.contains(address));
        }
        // A period of an earlier plan is brought into this one's bounds.
        let (least, most) = (plan.every.as_secs() as i64, longest(plan));
        for feed in known.values_mut() {
            feed.period = feed.period.clamp(least, most);
            feed.due = feed.due.min(now() + DAY.max(most));
        }
        let (jobs, wanted) = mpsc::sync_channel::<Job>(plan.hosts.max(1));
        let (out, answers) = mpsc::sync_channel::<Done>(plan.hosts.max(1));
        let wanted = Arc::new(Mutex::new(wanted));
        for _ in 0..plan.hosts.max(1) {
            let (wanted, out, fetcher) = (wanted.clone(), out.clone(), fetcher.clone());
            // These end by themselves once the watcher is gone, at the latest with the fetch they are at.
            std::thread::spawn(move || {
                loop {
                    let job = wanted.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok(job) = job else { return };
                    // A fault of ours with one answer must not end the watch over all others.
                    let fetch = || fetcher.fetch(&job.address, &job.known);
                    let answer = std::panic::catch_unwind(std::panic::AssertUnwindSafe(fetch)).unwrap_or_else(|_| {
                        let fault = Why::Nonsense("reading it failed".to_string());
                        Err(Error { address: job.address.clone(), fault, retry_after: None })
                    });
                    if out.send((job, answer)).is_err() {
                        return;
                    }
                }
            });
        }
        let more = known.keys().cloned().collect();
        let (items, looking, fetching, hosts, looked) = Default::default();
        let (done, ready, unread) = Default::default();
        let (fetcher, plan) = (fetcher.clone(), plan.clone());
        let (feeds, jobs) = (known, Some(jobs));
        let seen = 0;
        Ok(Watcher {
            feeds,
            items,
            more,
            looking,
            fetching,
            hosts,
            looked,
            done,
            ready,
            unread,
            jobs,
            answers,
            fetcher,
            plan,
            seen,
            rarity: Rarity::shipped(),
            untold: 1,
            telling: Instant::now(),
        })
    }

    fn in_flight(&self) -> usize {
        self.looking.len() + self.fetching.len()
    }

    /// Gives threads what is due, one thing a host.
    fn hand_out(&mut self, store: &mut dyn Store) -> Result<()> {
        let now = now();
        if now != self.seen {
            self.seen = now;
            let due = store.queues()?.into_iter().filter(|queue| queue.due <= now && self.feeds.contains_key(&queue.feed));
            self.more.extend(due.map(|queue| queue.feed));
        }
        for feed in std::mem::take(&mut self.more) {
            let held = self.items.entry(feed.clone()).or_default();
            if held.is_empty() {
                let due = store.waiting(&feed, now, HELD + self.fetching.len() + self.ready.len())?;
                let (fetching, ready) = (&self.fetching, &self.ready);
                held.extend(due.into_iter().filter(|w| !fetching.contains(&w.number) && !ready.iter().any(|r| r.0 == w.number)));
            }
        }
        self.items.retain(|_, held| !held.is_empty());
        let due: Vec<String> =
            self.feeds.values().filter(|feed| self.is_due(feed, now)).map(|feed| feed.address.clone()).collect();
        for address in due {
            let Some(feed) = self.feeds.get(&address) else { continue };
            let place = feed.moved.clone().unwrap_or_else(|| address.clone());
            let known = Version { etag: feed.etag.clone(), modified: feed.modified.clone() };
            if self.may_ask(&place) {
                self.looking.insert(address.clone());
                self.send(Job { address: place, known, what: What::Feed(address) });
            }
        }
        for feed in self.items.keys().cloned().collect::<Vec<_>>() {
            while self.ready.len() < BATCH {
                let Some(next) = self.items.get(&feed).and_then(VecDeque::front) else {
                    self.more.insert(feed.clone());
                    break;
                };
                let mut item: Announced = serde_json::from_slice(&next.item.body).unwrap_or_default();
                item.keys = next.item.keys.clone();
                let (number, tries) = (next.number, next.tries);
                match item.link.clone().filter(|_| self.plan.follow && !item.whole) {
                    Some(link) if self.may_ask(&link) => {
                        self.fetching.insert(number);
                        self.send(Job {
                            address: link,
                            known: Version::default(),
                            what: What::Item(number, tries, Box::new(item)),
                        });
                    }
                    // Its host has its turn with something else.
                    Some(_) => break,
                    None => match item.report(None) {
                        Ok(report) => self.ready.push((number, report)),
                        Err(fault) => self.unread.push((number, fault)),
                    },
                }
                if let Some(held) = self.items.get_mut(&feed) {
                    held.pop_front();
                }
            }
        }
        Ok(())
    }

    fn is_due(&self, feed: &Feed, now: i64) -> bool {
        let again = !self.plan.once || !self.looked.contains(&feed.address);
        let due = self.plan.once || feed.due <= now;
        again && due && !feed.gone && !self.looking.contains(&feed.address)
    }

    fn may_ask(&self, address: &str) -> bool {
        let free = self.in_flight() < self.plan.hosts.max(1) && self.ready.len() < BATCH;
        free && !self.hosts.contains(&host_of(address)) && self.fetcher.wait(address).is_zero()
    }

    fn send(&mut self, job: Job) {
        self.hosts.insert(host_of(&job.address));
        // There are as many threads as things in flight, so that none waits here.
        if let Some(jobs) = &self.jobs {
            let _ = jobs.send(job);
        }
    }

    /// Was everything looked at that is to be looked at?
    fn is_done(&self, store: &dyn Store) -> Result<bool> {
        let idle = self.in_flight() == 0
            && self.ready.is_empty()
            && self.unread.is_empty()
            && self.items.is_empty()
            && self.done.is_empty();
        if !self.plan.once || !idle || self.feeds.values().any(|feed| self.is_due(feed, 0)) {
            return Ok(false);
        }
        let now = now();
        Ok(!store.queues()?.iter().any(|queue| queue.due <= now && self.feeds.contains_key(&queue.feed)))
    }

    /// Takes the answers that came; waits for the first of them so long, if nothing else is to be done.
    fn collect(&mut self, patience: Duration) {
        let patience =
            if self.ready.is_empty() && self.unread.is_empty() && self.done.is_empty() { patience } else { Duration::ZERO };
        let pause = if self.items.is_empty() { patience } else { patience.min(Duration::from_millis(20)) };
        match self.answers.recv_timeout(pause) {
            Ok(done) => self.done.push(done),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
        }
        while let Ok(done) = self.answers.try_recv() {
            self.done.push(done);
        }
    }

    /// Puts what came into the store.
    fn settle(&mut self, models: &Models, store: &mut dyn Store, run: i64, told: &mut impl FnMut(Told<'_>)) -> Result<()> {
        for (job, answer) in std::mem::take(&mut self.done) {
            self.hosts.remove(&host_of(&job.address));
            match job.what {
                What::Feed(feed) => {
                    self.looking.remove(&feed);
                    self.looked.insert(feed.clone());
                    let Some(feed) = self.feeds.get_mut(&feed) else { continue };
                    let (items, whole) = judge(feed, answer, &self.plan);
                    if whole && items.is_empty() {
                        adapt(feed, 0, &self.plan);
                    }
                    let new = store.announce(feed, &items)?;
                    feed.items += new as u64;
                    if whole && !items.is_empty() {
                        adapt(feed, new, &self.plan);
                        store.announce(feed, &[])?;
                    }
                    self.more.insert(feed.address.clone());
                    // What was found on a page is looked at right away.
                    if feed.due <= now() {
                        self.looked.remove(&feed.address);
                    }
                    told(if feed.error.is_none() { Told::Looked(feed, new) } else { Told::Failed(feed) });
                }
                What::Item(number, tries, item) => {
                    self.fetching.remove(&number);
                    let error = match answer {
                        Ok(answer) => {
                            self.ready.push((number, item.page(answer)));
                            continue;
                        }
                        Err(error) => error,
                    };
                    if error.may_pass() && tries + 1 < TRIES {
                        let base = self.plan.every.min(Duration::from_secs(60)) * 4u32.pow(tries);
                        let wait = spread(base, &job.address, tries).max(error.retry_after.unwrap_or_default());
                        let note = error.fault.to_string();
                        store.put_off(number, Some((now() + wait.as_secs().max(1) as i64, &note)))?;
                        told(Told::Unread(format!("{error}; it is tried again")));
                        continue;
                    }
                    match item.report(Some(&error.fault.to_string())) {
                        Ok(report) => self.ready.push((number, report)),
                        Err(fault) => self.unread.push((number, fault)),
                    }
                }
            }
        }
        for (number, fault) in std::mem::take(&mut self.unread) {
            store.note(run, &[(fault.item.clone(), fault.note.clone())])?;
            store.put_off(number, None)?;
            told(Told::Unread(fault.to_string()));
        }
        let ready: Vec<Report> = std::mem::take(&mut self.ready).into_iter().map(|(_, report)| report).collect();
        if ready.is_empty() {
            return Ok(());
        }
        let reports = ready.into_iter().map(Ok).collect();
        self.untold += add_batch(models, store, run, &self.rarity, reports, &mut |added| match added {
            Ok((doc, added)) => told(Told::Report(doc, added)),
            Err(error) => told(Told::Unread(format!("{error:#}"))),
        })?;
        Ok(())
    }

    /// Puts new reports into stories and makes these stories' records: at most once a minute, and a tenth of the time.
    fn tell(&mut self, models: &Models, store: &mut dyn Store, run: i64, last: bool) -> Result<()> {
        if self.untold == 0 || !last && (self.telling > Instant::now() || !self.items.is_empty() && self.untold < UNTOLD) {
            return Ok(());
        }
        let began = Instant::now();
        place(models, store, run)?;
        // Who is asked to end ends soon: records are made by the next that adds.
        if !last || self.plan.once {
            refresh(models, store, run, |_| ())?;
        }
        self.untold = 0;
        self.telling = Instant::now() + (began.elapsed() * 9).max(Duration::from_secs(60));
        Ok(())
    }
}

/// Notes how a look at a feed went; gives its items, and was it there and whole?
fn judge(feed: &mut Feed, answer: std::result::Result<Answer, Error>, plan: &Plan) -> (Vec<Item>, bool) {
    let now = now();
    feed.tried = Some(now);
    let fail = |feed: &mut Feed, note: String, wait: Option<Duration>| {
        feed.failures = feed.failures.saturating_add(1);
        feed.error = Some(note);
        // Twice as long each time, up to a day.
        let back = plan.every.saturating_mul(1 << feed.failures.min(12)).min(Duration::from_secs(DAY as u64));
        let wait =
            spread(back, &feed.address, feed.failures).max(wait.unwrap_or_default()).min(Duration::from_secs(7 * DAY as u64));
        feed.due = now + wait.as_secs().max(1) as i64;
        // An address that it moved to and that came to nothing is forgotten.
        if feed.failures >= 4 {
            feed.moved = None;
        }
    };
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => {
            feed.gone = error.is_gone();
            fail(feed, error.fault.to_string(), error.retry_after);
            return (Vec::new(), false);
        }
    };
    if let Some(bytes) = &answer.bytes {
        let (about, mut entries) = match feed::read(bytes, answer.encoding.as_deref(), Some(&answer.address)) {
            Ok((about, _)) if about.format.is_empty() => {
                fail(feed, "there is no feed in it".to_string(), None);
                return (Vec::new(), false);
            }
            Ok(read) => read,
            Err(note) => {
                let own = lists::feeds_of_page(bytes, &answer.address);
                let found = own.into_iter().map(|f| f.0).find(|found| *found != answer.address && *found != feed.address);
                let page = kind(&answer) == Kind::Html && feed.succeeded.is_none() && feed.moved.is_none();
                match found.filter(|_| page) {
                    Some(found) => {
                        fail(feed, format!("this is a web page, not a feed; it names `{found}`, which is watched instead"), None);
                        (feed.moved, feed.due) = (Some(found), now);
                    }
                    None => fail(feed, note, None),
                }
                return (Vec::new(), false);
            }
        };
        if about.cut {
            // What came whole is taken; the rest comes the next time.
            entries.pop();
        }
        let items = announced(&answer.address, &about, &entries);
        let items =
            items.into_iter().map(|item| Item { keys: item.keys.clone(), body: serde_json::to_vec(&item).unwrap_or_default() });
        let items = items.collect();
        feed.title = about.title.as_ref().map(feed::Words::plain).filter(|title| !title.is_empty()).or(feed.title.take());
        if about.cut {
            fail(feed, "the feed ends inside an entry: truncated".to_string(), None);
            return (items, false);
        }
        (feed.etag, feed.modified) = (answer.version.etag, answer.version.modified);
        succeed(feed, answer.moved, now);
        return (items, true);
    }
    succeed(feed, answer.moved, now);
    (Vec::new(), true)
}

fn succeed(feed: &mut Feed, moved: Option<String>, now: i64) {
    feed.moved = moved.or(feed.moved.take());
    feed.succeeded = Some(now);
    feed.failures = 0;
    feed.error = None;
    // Should the program end before the pace is adapted.
    feed.due = now + feed.period;
}

/// A feed with news is looked at twice as often, one without a little less often.
fn adapt(feed: &mut Feed, new: usize, plan: &Plan) {
    let now = now();
    if new > 0 {
        feed.changed = Some(now);
        feed.period /= 2;
    } else {
        feed.period += (feed.period / 2).max(1);
    }
    feed.period = feed.period.clamp(plan.every.as_secs() as i64, longest(plan));
    let wait = spread(Duration::from_secs(feed.period.max(1) as u64), &feed.address, feed.items as u32);
    feed.due = now + wait.as_secs().max(1) as i64;
}

/// The longest time between two looks at a feed that is there.
fn longest(plan: &Plan) -> i64 {
    (plan.every.as_secs() as i64 * 16).clamp(1, DAY.max(plan.every.as_secs() as i64))
}

fn now() -> i64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |time| time.as_secs() as i64)
}
