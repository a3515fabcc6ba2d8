//! What takes a look at the whole store: outlets, and every name. It is kept, and made anew beside the answers when the store has
//! changed: who asks meanwhile is told what was so a moment ago.

use crate::Fail;
use crate::shelf::Shelf;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tellings::store::{OutletRow, Result};

/// It is not made anew more often, nor before twenty times passed what it took: a store that is written to all the time would be read
/// all the time.
const PAUSE: Duration = Duration::from_secs(5);

/// Of one version of the store.
pub(crate) struct Sum {
    version: i64,
    made: Instant,
    took: Duration,
    pub(crate) outlets: Vec<OutletRow>,
    /// All names in small letters, one a line.
    names: String,
    /// Where each begins, and whose it is how often.
    of: Vec<(usize, Vec<(String, u64)>)>,
    /// Names of those who take part in events: as they are, and in small letters as the store has them.
    parties: Vec<(String, String)>,
}

impl Sum {
    fn make(shelf: &Shelf, version: i64) -> Result<Sum> {
        let start = Instant::now();
        let (outlets, all, parties) = shelf.read(|store| Ok((store.outlets()?, store.names()?, store.parties()?)))?;
        let parties = parties
            .into_iter()
            .map(|name| {
                let low = name.to_ascii_lowercase();
                (name, low)
            })
            .collect();
        let mut by_name: BTreeMap<String, Vec<(String, u64)>> = BTreeMap::new();
        for (id, name, mentions) in all {
            by_name.entry(name.to_lowercase().replace('\n', " ")).or_default().push((id, mentions));
        }
        let (mut names, mut of) = (String::new(), Vec::with_capacity(by_name.len()));
        for (name, whose) in by_name {
            of.push((names.len(), whose));
            names.push_str(&name);
            names.push('\n');
        }
        Ok(Sum { version, made: Instant::now(), took: start.elapsed(), outlets, names, of, parties })
    }

    /// Names of those who take part in events that have these words in them, as the store compares them.
    pub(crate) fn parties(&self, words: &str) -> Vec<String> {
        let words = words.to_ascii_lowercase();
        let finder = memchr::memmem::Finder::new(&words);
        let found = self.parties.iter().filter(|(_, low)| finder.find(low.as_bytes()).is_some());
        found.map(|(name, _)| name.clone()).collect()
    }

    /// Ids of those whose name has these words in it, those mentioned most first.
    pub(crate) fn named(&self, words: &str, limit: usize) -> Vec<String> {
        let words = words.trim().to_lowercase();
        if words.is_empty() || words.contains('\n') {
            return Vec::new();
        }
        let mut found: HashMap<&str, u64> = HashMap::new();
        let (finder, mut from) = (memchr::memmem::Finder::new(&words), 0);
        while let Some(at) = finder.find(&self.names.as_bytes()[from..]) {
            let line = self.of.partition_point(|(start, _)| *start <= from + at).saturating_sub(1);
            for (id, mentions) in &self.of[line].1 {
                *found.entry(id).or_default() += mentions;
            }
            // No name counts twice.
            match self.of.get(line + 1) {
                Some((next, _)) => from = *next,
                None => break,
            }
        }
        let mut found: Vec<(&str, u64)> = found.into_iter().collect();
        found.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        found.into_iter().take(limit).map(|(id, _)| id.to_string()).collect()
    }
}

#[derive(Default)]
pub(crate) struct Sums {
    kept: Mutex<Option<Arc<Sum>>>,
    /// Held by who makes it anew.
    making: Arc<Mutex<()>>,
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sums {
    /// The sum of this version, if there is one.
    pub(crate) fn fresh(&self, version: i64) -> Option<Arc<Sum>> {
        held(&self.kept).clone().filter(|kept| kept.version == version)
    }

    /// The sum of this version, or an earlier one; and whether it is of this one.
    pub(crate) fn of(self: &Arc<Sums>, shelf: &Arc<Shelf>, version: i64) -> std::result::Result<(Arc<Sum>, bool), Fail> {
        let kept = held(&self.kept).clone();
        let Some(kept) = kept else {
            // The first is waited for, by all who ask.
            let _making = held(&self.making);
            if let Some(kept) = held(&self.kept).clone() {
                let fresh = kept.version == version;
                return Ok((kept, fresh));
            }
            let made = Arc::new(Sum::make(shelf, version)?);
            *held(&self.kept) = Some(made.clone());
            return Ok((made, true));
        };
        let fresh = kept.version == version;
        if !fresh && kept.made.elapsed() >= PAUSE.max(kept.took * 20) {
            let (sums, shelf) = (self.clone(), shelf.clone());
            std::thread::spawn(move || {
                let Ok(_making) = sums.making.try_lock() else { return };
                // What cannot be read now is asked for again.
                if let Ok(made) = Sum::make(&shelf, version) {
                    *held(&sums.kept) = Some(Arc::new(made));
                }
            });
        }
        Ok((kept, fresh))
    }
}
