//! The desk: a store as pages, an API and feeds. [`Desk::answer`] is a plain function from what is asked to what is answered;
//! [`serve`] puts it on a socket.
//!
//! All that is shown comes through [`tellings::store::Store`] and is escaped by construction; styles, script and the map are in the
//! program; no page asks anybody else for anything.

mod api;
mod assets;
mod feeds;
mod guard;
mod http;
mod layout;
mod map;
mod pages;
mod record;
mod server;
mod shelf;
mod spark;
mod tally;
#[cfg(test)]
mod tests;

pub use http::{Body, Request, Response};
pub use server::serve;
pub use tally::Line;

use maud::html;
use shelf::Shelf;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tally::Tally;
use tellings::Models;

/// Bytes of answers that are kept until something is written.
const KEPT: usize = 64 << 20;
/// Larger ones are made each time.
const LARGE: usize = 1 << 20;

/// A store, ready to be asked.
pub struct Desk {
    shelf: Arc<Shelf>,
    kept: Mutex<Kept>,
    /// What a form must bring along: only who was shown a page of this desk has it.
    token: String,
    /// Names under which the desk may be called; none: any.
    hosts: Vec<String>,
    models: OnceLock<Models>,
    tally: Tally,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Desk({})", self.shelf.name())
    }
}

/// Header fields.
type Fields = Vec<(&'static str, String)>;

/// Answers of one version of the store.
#[derive(Default)]
struct Kept {
    version: i64,
    bytes: usize,
    answers: HashMap<String, (bytes::Bytes, Fields)>,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Fail {
    /// There is no such thing.
    Missing(String),
    /// What is asked cannot be.
    Bad(String),
    /// May not be done.
    Refused(String),
    /// The store.
    Store(tellings::store::Error),
}

impl From<tellings::store::Error> for Fail {
    fn from(error: tellings::store::Error) -> Fail {
        Fail::Store(error)
    }
}

impl Fail {
    /// Status, title, and a sentence.
    fn told(&self) -> (u16, &'static str, String) {
        match self {
            Fail::Missing(what) => (404, "Not here", format!("There is no {what} in this store.")),
            Fail::Bad(why) => (400, "This cannot be asked", why.clone()),
            Fail::Refused(why) => (403, "This may not be done", why.clone()),
            Fail::Store(error) if error.is_query() => (400, "This cannot be asked", "No words are left to look for.".to_string()),
            Fail::Store(error) if error.is_busy() => {
                (503, "The store is busy", "Somebody else is writing to it; try again.".to_string())
            }
            // The words of the cause may name files of this machine.
            Fail::Store(_) => (500, "The store cannot be read", "What the desk needs could not be read from it.".to_string()),
        }
    }
}

pub(crate) type Answer = Result<Response, Fail>;

/// A page that says what went wrong.
pub(crate) fn fault(status: u16, title: &str, note: &str) -> Response {
    Response::html(status, layout::plain(title, html! { p { (note) } p { a href="/" { "To the stories" } } }))
}

impl Desk {
    /// Opens a store that is there.
    ///
    /// # Errors
    /// It is not there, is no store, or cannot be read.
    pub fn open(store: &Path) -> tellings::store::Result<Desk> {
        Ok(Desk {
            shelf: Arc::new(Shelf::open(store)?),
            kept: Mutex::default(),
            token: guard::token(),
            hosts: guard::LOOPBACK.map(str::to_string).to_vec(),
            models: OnceLock::new(),
            tally: Tally::default(),
        })
    }

    /// Is told of each answer.
    #[must_use]
    pub fn with_log(mut self, log: impl Fn(&Line<'_>) + Send + Sync + 'static) -> Desk {
        self.tally.log = Some(Box::new(log));
        self
    }

    /// What must come along with each form that changes something.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The answer to what is asked.
    pub fn answer(&self, request: &Request) -> Response {
        let api = request.path.first().is_some_and(|p| p == "api");
        let changes = request.path.len() == 1 && request.path[0] == "review";
        if request.method != "GET" && !(changes && request.method == "POST") {
            let (title, note) = ("Not this way", "This is read with GET.");
            let refused = if api { pages::problem(405, title, note) } else { fault(405, title, note) };
            return refused.with("allow", if changes { "GET, HEAD, POST" } else { "GET, HEAD" });
        }
        let answer = guard::check(self, request).and_then(|()| self.kept_or_made(request));
        let response = answer.unwrap_or_else(|fail| {
            let (status, title, note) = fail.told();
            if api { pages::problem(status, title, &note) } else { fault(status, title, &note) }
        });
        conditional(request, response)
    }

    fn kept_or_made(&self, request: &Request) -> Answer {
        if request.method != "GET" {
            return pages::route(self, request);
        }
        let version = self.shelf.version()?;
        // Feeds name the host that was asked.
        let address = format!("{:?}", (request.header("host"), &request.path, &request.query));
        {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.version != version {
                *kept = Kept { version, ..Kept::default() };
            }
            if let Some((body, headers)) = kept.answers.get(&address) {
                return Ok(Response { status: 200, headers: headers.clone(), body: Body::Whole(body.clone()) });
            }
        }
        let mut response = pages::route(self, request)?;
        if let Body::Whole(body) = &response.body
            && response.status == 200
        {
            let body = body.clone();
            if response.header("etag").is_none() {
                let mark = format!("\"{:016x}\"", xxhash_rust::xxh3::xxh3_64(&body));
                response = response.with("etag", &mark);
            }
            let passing = response.header("cache-control") == Some("no-store");
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.version == version && body.len() <= LARGE && !passing {
                if kept.bytes + body.len() > KEPT {
                    *kept = Kept { version, ..Kept::default() };
                }
                kept.bytes += body.len() + address.len();
                kept.answers.insert(address, (body, response.headers.clone()));
            }
        }
        Ok(response)
    }

    /// A number that is another one when something was written to the store.
    pub(crate) fn version(&self) -> Result<i64, Fail> {
        Ok(self.shelf.version()?)
    }

    /// The models, opened when first needed.
    pub(crate) fn models(&self) -> &Models {
        self.models.get_or_init(Models::shipped)
    }

    pub(crate) fn tally(&self, address: &str, status: u16, took: Duration) {
        self.tally.add(address, status, took);
    }
}

/// What the client has already is not sent again.
fn conditional(request: &Request, response: Response) -> Response {
    let Some(mark) = response.header("etag").map(str::to_string) else { return response };
    let known = request.header("if-none-match").unwrap_or_default();
    let same = |one: &str| one.trim().trim_start_matches("W/") == mark || one.trim() == "*";
    if request.method != "GET" || response.status != 200 || !known.split(',').any(same) {
        return response;
    }
    let kept = response.headers.into_iter().filter(|h| h.0 != "content-type").collect();
    Response { status: 304, headers: kept, body: Body::Whole(bytes::Bytes::new()) }
}
