//! The desk: a store as pages, an API and feeds. [`Desk::answer`] is a plain function from what is asked to what is answered;
//! [`serve`] puts it on a socket.
//!
//! All that is shown comes through [`tellings::store::Store`] and is escaped by construction; styles, script and the map are in the
//! program; no page asks anybody else for anything.

pub mod accounts;
mod api;
mod assets;
mod cite;
mod corrections;
mod feeds;
mod guard;
mod http;
mod layout;
mod map;
mod mcp;
mod pages;
mod record;
mod server;
mod shelf;
mod spark;
mod sums;
mod tally;
#[cfg(test)]
mod tests;

pub use accounts::{Role, User};
pub use http::{Body, Request, Response};
pub use mcp::door;
pub use server::serve;
pub use tally::Line;

use maud::html;
use shelf::Shelf;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
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
    sums: Arc<sums::Sums>,
    /// What a form must bring along: only who was shown a page of this desk has it.
    token: String,
    /// Names under which the desk may be called; none: any.
    hosts: Vec<String>,
    /// Who may ask; none: whoever reaches it.
    accounts: Option<accounts::Accounts>,
    models: OnceLock<Models>,
    tally: Tally,
    /// In whose name assistants may correct over HTTP; nobody's: they may not.
    hand: Option<String>,
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
    /// Nobody knows who asks.
    Unknown(String),
    /// Too often; again after so many seconds.
    Late(u64),
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
    pub(crate) fn told(&self) -> (u16, &'static str, String) {
        match self {
            Fail::Missing(what) => (404, "Not here", format!("There is no {what} in this store.")),
            Fail::Bad(why) => (400, "This cannot be asked", why.clone()),
            Fail::Refused(why) => (403, "This may not be done", why.clone()),
            Fail::Unknown(why) => (401, "Who are you?", why.clone()),
            Fail::Late(_) => (429, "Too often", "Too many wrong passwords; try again later.".to_string()),
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
            sums: Arc::default(),
            token: accounts::secret(),
            hosts: guard::LOOPBACK.map(str::to_string).to_vec(),
            accounts: None,
            models: OnceLock::new(),
            tally: Tally::default(),
            hand: None,
        })
    }

    /// Is told of each answer.
    #[must_use]
    pub fn with_log(mut self, log: impl Fn(&Line<'_>) + Send + Sync + 'static) -> Desk {
        self.tally.log = Some(Box::new(log));
        self
    }

    /// Lets assistants correct, in somebody's name.
    #[must_use]
    pub fn with_hand(mut self, author: &str) -> Desk {
        self.hand = Some(author.to_string());
        self
    }

    /// Lets only users of the store in, under these names of the desk (none: any).
    ///
    /// # Errors
    /// There are no users.
    pub fn with_accounts(mut self, hosts: Vec<String>) -> anyhow::Result<Desk> {
        if self.shelf.read(|store| store.users())?.is_empty() {
            anyhow::bail!(
                "the store has no users, and the desk would let nobody in\nhint: `tellings user add NAME --role admin` makes one"
            );
        }
        self.accounts = Some(accounts::Accounts::new());
        self.hosts = hosts;
        Ok(self)
    }

    /// What must come along with each form that changes something.
    pub fn token<'a>(&'a self, request: &'a Request) -> &'a str {
        request.user.as_ref().and_then(|user| user.form.as_deref()).unwrap_or(&self.token)
    }

    /// Who asks is put into what is asked.
    fn known(&self, request: &mut Request) -> Result<(), Fail> {
        let Some(accounts) = &self.accounts else { return Ok(()) };
        request.user = accounts.who(self, request)?;
        guard::role(request)
    }

    /// What an assistant may do that asks over HTTP: where there are accounts it shows a token, and corrects in that user's name.
    pub(crate) fn door(self: Arc<Desk>, request: &Request) -> Result<mcp::Door, Fail> {
        guard::own(&self, request)?;
        let mut author = self.hand.clone();
        if let Some(accounts) = &self.accounts {
            let user = accounts.who(&self, request)?.filter(|user| user.form.is_none());
            let user = user.ok_or_else(|| Fail::Unknown("Show a token: `Authorization: Bearer …`.".to_string()))?;
            author = author.filter(|_| user.role >= Role::Reviewer).map(|_| user.name);
        }
        Ok(mcp::Door::new(self, author))
    }

    /// The answer to what is asked.
    pub fn answer(&self, request: &Request) -> Response {
        let path: Vec<&str> = request.path.iter().map(String::as_str).collect();
        let api = path.first().is_some_and(|p| *p == "api");
        let changes = matches!(path.as_slice(), ["review"] | ["login"] | ["logout"]);
        if request.method != "GET" && !(changes && request.method == "POST") {
            let (title, note) = ("Not this way", "This is read with GET.");
            let refused = if api { pages::problem(405, title, note) } else { fault(405, title, note) };
            return refused.with("allow", if changes { "GET, HEAD, POST" } else { "GET, HEAD" });
        }
        let asked = request;
        let mut request = request.clone();
        let now = jiff::Timestamp::now().as_second();
        pages::seen::remember(&mut request, now);
        let answer = guard::own(self, &request)
            .and_then(|()| self.known(&mut request))
            .and_then(|()| guard::check(self, &request))
            .and_then(|()| self.kept_or_made(&request));
        let response = answer.unwrap_or_else(|fail| {
            let (status, title, note) = fail.told();
            match fail {
                Fail::Unknown(_) if api => pages::problem(status, title, &note).with("www-authenticate", "Bearer"),
                // A page leads to the login, and that back to it.
                Fail::Unknown(_) if request.method == "GET" && !matches!(path.as_slice(), ["live"]) => {
                    Response::see(&format!("/login?to={}", http::encoded(&request.again(&[])))).with("cache-control", "no-store")
                }
                Fail::Late(wait) => fault(status, title, &note).with("retry-after", &wait.to_string()),
                _ if api => pages::problem(status, title, &note),
                _ => fault(status, title, &note),
            }
        });
        conditional(&request, pages::seen::note(asked, response, now))
    }

    /// The answer that is kept, or is made now; who may ask was looked at before.
    pub(crate) fn kept_or_made(&self, request: &Request) -> Answer {
        if request.method != "GET" {
            return pages::route(self, request);
        }
        let version = self.shelf.version()?;
        // Feeds name the host that was asked.
        let packs = request.header("accept-encoding").is_some_and(http::takes_gzip);
        let address = format!("{:?}", (request.header("host"), packs, &request.path, &request.query));
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
        if packs {
            response = response.packed();
        }
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

    /// Outlets and names; are they of the present version? An answer made of earlier ones is not kept.
    pub(crate) fn sums(&self) -> Result<(Arc<sums::Sum>, bool), Fail> {
        self.sums.of(&self.shelf, self.version()?)
    }

    /// The same where they are there and of the present version.
    pub(crate) fn sums_if_there(&self) -> Result<Option<Arc<sums::Sum>>, Fail> {
        Ok(self.sums.fresh(self.version()?))
    }

    /// The models, opened when first needed.
    pub(crate) fn models(&self) -> &Models {
        self.models.get_or_init(Models::shipped)
    }

    pub(crate) fn tally(&self, line: &Line<'_>) {
        self.tally.add(line);
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
