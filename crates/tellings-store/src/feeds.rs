//! What a store keeps of feeds that are watched.

/// A feed that is watched, and how it is doing. Times are seconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Feed {
    /// Its address, as it was given.
    pub address: String,
    /// Where it has moved for good.
    pub moved: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Of its last whole answer: what names that version.
    pub etag: Option<String>,
    /// Likewise: when that version was made, as written there.
    pub modified: Option<String>,
    /// Seconds from one look at it to the next.
    pub period: i64,
    /// When it is to be looked at next.
    pub due: i64,
    /// When it was looked at last.
    pub tried: Option<i64>,
    /// When it was last there.
    pub succeeded: Option<i64>,
    /// When it last had something new.
    pub changed: Option<i64>,
    /// Failures since it was last there.
    pub failures: u32,
    /// What was wrong the last time.
    pub error: Option<String>,
    /// Items that it announced.
    pub items: u64,
    /// It said that it is gone for good.
    pub gone: bool,
}

/// Something that a feed announces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// The names under which it is known: its id in the feed, its address.
    pub keys: Vec<String>,
    /// What the feed says of it.
    pub body: Vec<u8>,
}

/// Something that was announced and is not in the store yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Its number.
    pub number: i64,
    /// What was announced.
    pub item: Item,
    /// How often it was tried in vain.
    pub tries: u32,
    /// What was wrong the last time.
    pub error: Option<String>,
}

/// How many items of a feed wait.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// Address of the feed.
    pub feed: String,
    /// Items that wait.
    pub waiting: u64,
    /// When the first of them is due, in seconds since 1970.
    pub due: i64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Added, Database, Entry, Run, Store};

    fn item(keys: &[&str]) -> Item {
        Item { keys: keys.iter().map(|k| k.to_string()).collect(), body: keys.join("+").into_bytes() }
    }

    fn entry(id: &str, keys: &[&str]) -> Entry {
        let keys = keys.iter().map(|k| k.to_string()).collect();
        Entry { id: id.into(), text: id.into(), kind: "text".into(), raw: id.into(), keys, ..Entry::default() }
    }

    #[test]
    fn an_item_is_queued_once_and_leaves_with_its_report() {
        crate::tests::with_each("feeds", |path| {
            let mut store = Database::open(path).unwrap();
            announced(&mut store);
            assert_eq!(store.check().unwrap(), Vec::<String>::new());
        });
    }

    fn announced(store: &mut dyn Store) {
        let run = store.begin(&Run::default()).unwrap();
        let mut feed = Feed { address: "https://a.example/rss".into(), period: 900, ..Feed::default() };
        assert_eq!(store.announce(&feed, &[item(&["g1", "l1"]), item(&["g2", "l2"]), item(&["g1"])]).unwrap(), 2);
        // A new id at a known address is the same item, from now on under both.
        feed.error = Some("late".into());
        assert_eq!(store.announce(&feed, &[item(&["g3", "l1"]), item(&["g3"]), item(&[])]).unwrap(), 1);
        let feeds = store.feeds().unwrap();
        assert_eq!((feeds.len(), feeds[0].items, feeds[0].error.as_deref()), (1, 3, Some("late")));
        assert_eq!(store.queues().unwrap(), [Queue { feed: feed.address.clone(), waiting: 3, due: 0 }]);
        let due = store.waiting(&feed.address, 0, 9).unwrap();
        assert_eq!(due[0].item, Item { keys: vec!["g1".into(), "g3".into(), "l1".into()], body: b"g1+l1".to_vec() });
        assert_eq!(due[2].item.keys.len(), 0);
        // Added, under a name more: it waits no longer, and is known under all its names.
        let mut keys: Vec<&str> = due[0].item.keys.iter().map(String::as_str).collect();
        keys.push("c1");
        assert_eq!(store.add(run, &[entry("one", &keys)]).unwrap(), [Added::New("one".into())]);
        assert_eq!(store.add(run, &[entry("two", &["c1", "c2"])]).unwrap(), [Added::Known("one".into())]);
        assert_eq!(store.known(&["x".into(), "c2".into()]).unwrap().as_deref(), Some("one"));
        assert_eq!(store.known(&["g2".into()]).unwrap(), None);
        assert_eq!(store.announce(&feed, &[item(&["c2"])]).unwrap(), 0);
        // What was tried in vain is due later; what is given up stays known.
        store.put_off(due[1].number, Some((50, "no answer"))).unwrap();
        assert_eq!(store.waiting(&feed.address, 49, 9).unwrap().len(), 1);
        let again = &store.waiting(&feed.address, 50, 9).unwrap()[1];
        assert_eq!((again.tries, again.error.as_deref()), (1, Some("no answer")));
        store.put_off(again.number, None).unwrap();
        assert_eq!(store.announce(&feed, &[item(&["g2", "l2"])]).unwrap(), 0);
        assert_eq!(store.queues().unwrap()[0].waiting, 1);
        assert!(store.forget(&feed.address).unwrap() && !store.forget(&feed.address).unwrap());
        assert_eq!((store.feeds().unwrap().len(), store.queues().unwrap().len()), (0, 0));
    }
}
