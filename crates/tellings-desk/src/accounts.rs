//! Who is asking: users with passwords, sessions, tokens of programs, and what each may do. A desk that answers to its own machine only
//! has none of this.

use crate::guard::same;
use crate::http::Request;
use crate::{Desk, Fail};
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tellings::store::{AuditRow, TokenRow, UserRow};

/// What a user may do; each what the one before may, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Reads.
    #[default]
    Reader,
    /// Sets things right.
    Reviewer,
    /// Sees what others did.
    Admin,
}

/// Roles by name.
pub const ROLES: [(&str, Role); 3] = [("reader", Role::Reader), ("reviewer", Role::Reviewer), ("admin", Role::Admin)];

/// Somebody who may ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// What a form of theirs must bring along; none: a program asks, by its token.
    pub(crate) form: Option<String>,
}

/// A session ends when nothing was asked for so long, and after so long in any case.
const IDLE: Duration = Duration::from_secs(12 * 3600);
const WHOLE: Duration = Duration::from_secs(7 * 24 * 3600);
/// Sessions at a time; the oldest goes first.
const SESSIONS: usize = 1000;
/// Wrong passwords for a name, and from an address, within a while.
const TRIES: u32 = 5;
const TRIES_FROM: u32 = 30;
const WHILE: Duration = Duration::from_secs(15 * 60);
/// Names and addresses whose wrong passwords are counted.
const COUNTED: usize = 10_000;
/// Name of the cookie; behind TLS with a prefix that browsers hold to this host and to TLS.
const COOKIE: &str = "desk";
const COOKIE_TLS: &str = "__Host-desk";
/// The longest password that is looked at.
const LONG: usize = 1024;
/// The shortest that is taken.
pub const SHORT: usize = 10;

/// Letters that nobody can guess: 256 bits.
///
/// # Panics
/// The system has no random numbers: then nothing may be kept by secrets.
#[allow(clippy::expect_used)]
pub fn secret() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the system gives random numbers");
    hexadecimal(&bytes)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// What is kept of a token.
pub fn token_hash(token: &str) -> String {
    hexadecimal(&Sha256::digest(token.as_bytes()))
}

fn argon() -> Argon2<'static> {
    // 19 MiB, two passes: what OWASP asks for at least.
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

/// What is kept of a password.
///
/// # Errors
/// It is too short or too long.
pub fn password_hash(password: &str) -> anyhow::Result<String> {
    if password.chars().count() < SHORT || password.len() > LONG {
        anyhow::bail!("a password has at least {SHORT} letters, and at most {LONG} bytes");
    }
    let mut salt = [0; 16];
    getrandom::fill(&mut salt)?;
    let told = |error| anyhow::anyhow!("the password cannot be hashed: {error}");
    let salt = SaltString::encode_b64(&salt).map_err(told)?;
    Ok(argon().hash_password(password.as_bytes(), &salt).map_err(told)?.to_string())
}

fn fits(password: &str, hash: &str) -> bool {
    password.len() <= LONG
        && PasswordHash::new(hash).is_ok_and(|hash| argon().verify_password(password.as_bytes(), &hash).is_ok())
}

/// A user's name: letters that mean nothing in addresses, headers and logs.
pub fn is_name(name: &str) -> bool {
    (1..=40).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'@'))
}

/// Now, as it is written down.
pub fn now() -> String {
    jiff::Timestamp::now().round(jiff::Unit::Second).unwrap_or_else(|_| jiff::Timestamp::now()).to_string()
}

struct Session {
    name: String,
    /// Of the password with which it began: another password ends it.
    hash: String,
    form: String,
    began: Instant,
    seen: Instant,
}

struct Tries {
    count: u32,
    since: Instant,
}

/// Users and tokens of one version of the store.
#[derive(Default)]
struct Known {
    version: Option<i64>,
    users: Vec<UserRow>,
    tokens: Vec<TokenRow>,
}

/// Everything that is known of who may ask.
pub(crate) struct Accounts {
    known: Mutex<Known>,
    sessions: Mutex<HashMap<String, Session>>,
    tries: Mutex<HashMap<String, Tries>>,
    /// One password is looked at at a time: it takes memory and time, as it should.
    hashing: Mutex<()>,
    /// Looked at where there is no such user, so that nobody learns that from the time it takes.
    nobody: String,
}

fn held<T>(lock: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Accounts {
    pub(crate) fn new() -> Accounts {
        Accounts {
            known: Mutex::default(),
            sessions: Mutex::default(),
            tries: Mutex::default(),
            hashing: Mutex::default(),
            nobody: password_hash(&secret()).unwrap_or_default(),
        }
    }

    fn user(&self, desk: &Desk, name: &str) -> Result<Option<UserRow>, Fail> {
        self.fresh(desk)?;
        Ok(held(&self.known).users.iter().find(|u| u.name == name).cloned())
    }

    fn fresh(&self, desk: &Desk) -> Result<(), Fail> {
        let version = desk.version()?;
        if held(&self.known).version == Some(version) {
            return Ok(());
        }
        let (users, tokens) = desk.shelf.read(|store| Ok((store.users()?, store.tokens()?)))?;
        *held(&self.known) = Known { version: Some(version), users, tokens };
        Ok(())
    }

    /// Who asks; nobody who is known: none.
    pub(crate) fn who(&self, desk: &Desk, request: &Request) -> Result<Option<User>, Fail> {
        let bearer = request.header("authorization").and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token_hash(token.trim()))
        });
        if let Some(hash) = bearer {
            self.fresh(desk)?;
            let owner = held(&self.known).tokens.iter().find(|t| same(&t.hash, &hash)).map(|t| t.name.clone());
            let Some(owner) = owner else { return Ok(None) };
            return Ok(self.user(desk, &owner)?.map(|u| User { role: role(&u.role), name: u.name, form: None }));
        }
        let Some(id) = cookie(request) else { return Ok(None) };
        let session = {
            let mut sessions = held(&self.sessions);
            sessions.retain(|_, s| s.began.elapsed() < WHOLE && s.seen.elapsed() < IDLE);
            sessions.get_mut(&id).map(|session| {
                session.seen = Instant::now();
                (session.name.clone(), session.hash.clone(), session.form.clone())
            })
        };
        let Some((name, hash, form)) = session else { return Ok(None) };
        match self.user(desk, &name)? {
            Some(user) if user.hash == hash => Ok(Some(User { role: role(&user.role), name, form: Some(form) })),
            _ => {
                held(&self.sessions).remove(&id);
                Ok(None)
            }
        }
    }

    /// May a password be tried for this name, from there? How long not, else.
    fn may_try(&self, name: &str, address: &str) -> Result<(), Duration> {
        let mut tries = held(&self.tries);
        tries.retain(|_, t| t.since.elapsed() < WHILE);
        for (key, most) in [(format!("name {name}"), TRIES), (format!("from {address}"), TRIES_FROM)] {
            if let Some(known) = tries.get(&key).filter(|t| t.count >= most) {
                return Err(WHILE.saturating_sub(known.since.elapsed()));
            }
        }
        if tries.len() >= COUNTED { Err(WHILE) } else { Ok(()) }
    }

    fn tried(&self, name: &str, address: &str) {
        let mut tries = held(&self.tries);
        for key in [format!("name {name}"), format!("from {address}")] {
            tries.entry(key).or_insert_with(|| Tries { count: 0, since: Instant::now() }).count += 1;
        }
    }

    /// Begins a session, if the password is that of the user; gives its cookie's value.
    pub(crate) fn log_in(&self, desk: &Desk, name: &str, password: &str, address: &str) -> Result<String, Fail> {
        // What is no name is counted as one.
        let name = if is_name(name) { name } else { "?" };
        self.may_try(name, address).map_err(|wait| Fail::Late(wait.as_secs() + 1))?;
        // Counted before it is known whether it fits: many at once are many, too.
        self.tried(name, address);
        let user = self.user(desk, name)?;
        let fits = {
            let _one = held(&self.hashing);
            let hash = user.as_ref().map_or(&self.nobody, |u| &u.hash);
            fits(password, hash)
        };
        let Some(user) = user.filter(|_| fits) else {
            note(desk, name, address, "refused", "wrong name or password")?;
            return Err(Fail::Unknown("Name or password is wrong.".to_string()));
        };
        held(&self.tries).remove(&format!("name {name}"));
        note(desk, name, address, "login", "")?;
        let id = secret();
        let session = Session { name: user.name, hash: user.hash, form: secret(), began: Instant::now(), seen: Instant::now() };
        let mut sessions = held(&self.sessions);
        while sessions.len() >= SESSIONS {
            let oldest = sessions.iter().min_by_key(|(_, s)| s.seen).map(|(id, _)| id.clone());
            sessions.remove(&oldest.unwrap_or_default());
        }
        sessions.insert(id.clone(), session);
        Ok(id)
    }

    /// Ends the session of a request.
    pub(crate) fn log_out(&self, request: &Request) {
        if let Some(id) = cookie(request) {
            held(&self.sessions).remove(&id);
        }
    }
}

/// Writes down what was done.
pub(crate) fn note(desk: &Desk, name: &str, address: &str, action: &str, what: &str) -> Result<(), Fail> {
    let row = AuditRow {
        made: now(),
        name: name.to_string(),
        address: address.to_string(),
        action: action.to_string(),
        note: what.chars().filter(|c| !c.is_control()).take(300).collect(),
    };
    Ok(desk.shelf.write(|store| store.audit(&row))?)
}

fn role(name: &str) -> Role {
    ROLES.iter().find(|known| known.0 == name).map_or(Role::Reader, |known| known.1)
}

/// Was it asked through TLS, as the proxy in front says?
fn through_tls(request: &Request) -> bool {
    request.header("x-forwarded-proto").is_some_and(|proto| proto.eq_ignore_ascii_case("https"))
}

fn cookie(request: &Request) -> Option<String> {
    let wanted = if through_tls(request) { COOKIE_TLS } else { COOKIE };
    let all = request.headers.iter().filter(|h| h.0 == "cookie").flat_map(|h| h.1.split(';'));
    let mut found = all.filter_map(|pair| pair.trim().split_once('=')).filter(|pair| pair.0 == wanted);
    found.next().map(|pair| pair.1.to_string())
}

/// The cookie that begins a session, or, without an id, ends it.
pub(crate) fn set_cookie(request: &Request, id: &str) -> String {
    let (name, secure) = if through_tls(request) { (COOKIE_TLS, "; Secure") } else { (COOKIE, "") };
    let age = if id.is_empty() { 0 } else { WHOLE.as_secs() };
    format!("{name}={id}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_and_names() {
        let hash = password_hash("correct horse").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$") && hash != password_hash("correct horse").unwrap());
        assert!(fits("correct horse", &hash) && !fits("correct hors", &hash) && !fits("correct horse", "") && !fits("", &hash));
        assert!(password_hash("short").is_err() && password_hash(&"x".repeat(2000)).is_err());
        assert!(is_name("a.b-c_d@e") && !is_name("") && !is_name("a b") && !is_name("a\r\nb") && !is_name(&"x".repeat(41)));
        assert!(secret() != secret() && secret().len() == 64);
        assert_eq!(token_hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn cookies_by_what_the_proxy_says() {
        let request = Request::get("/").with("cookie", "x=1; desk=abc; __Host-desk=def");
        assert_eq!(cookie(&request).as_deref(), Some("abc"));
        assert!(!set_cookie(&request, "i").contains("Secure") && set_cookie(&request, "").contains("Max-Age=0"));
        let request = request.with("x-forwarded-proto", "https");
        assert_eq!(cookie(&request).as_deref(), Some("def"));
        assert!(set_cookie(&request, "i").starts_with("__Host-desk=i; Path=/; HttpOnly; SameSite=Lax; "));
        assert!(set_cookie(&request, "i").ends_with("; Secure"));
    }
}
