//! Gets bytes from the web, politely and safely.
//!
//! [`Fetcher::fetch`] gets one address: it asks robots.txt first, waits its turn at the host, follows a few redirects by the same
//! rules, connects only to addresses that were checked, and gives up on what is too slow, too large or made to harm. Nothing is
//! fetched that was not asked for: no script, no picture, no frame.

mod address;
mod error;
mod polite;
mod robots;
#[cfg(test)]
mod tests;
mod unpack;

pub use error::{Error, Fault};
pub use tellings_tls::{Root, roots};

use address::Checked;
use polite::Gate;
use robots::Rules;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};
use ureq::http::{HeaderMap, StatusCode};
use ureq::tls::{Certificate, TlsConfig};
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

/// How a fetcher behaves.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Where those who are asked can reach who asks: an address or a page. It becomes part of the user agent.
    pub contact: Option<String>,
    /// May addresses of the own machine and of private networks be asked?
    pub private: bool,
    /// Authorities whose certificates are trusted beside those that browsers trust.
    pub roots: Vec<Root>,
    /// Least time from one answer of a host to the next question to it.
    pub pause: Duration,
    /// Longest time to wait where robots.txt asks for more.
    pub longest_pause: Duration,
    /// Most time until a connection stands.
    pub connect: Duration,
    /// Most time from there until the headers of the answer are there.
    pub headers: Duration,
    /// Most time for the whole of one answer.
    pub whole: Duration,
    /// Most bytes of an answer, unpacked.
    pub most: usize,
    /// Redirects that are followed.
    pub redirects: usize,
    /// How often what may pass is tried again.
    pub retries: u32,
    /// How long is waited before the first of these; twice as long before each that follows.
    pub backoff: Duration,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            contact: None,
            private: false,
            roots: Vec::new(),
            pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(60),
            connect: Duration::from_secs(10),
            headers: Duration::from_secs(20),
            whole: Duration::from_secs(60),
            most: 32 << 20,
            redirects: 8,
            retries: 2,
            backoff: Duration::from_secs(2),
        }
    }
}

/// What names the version of an answer that is known already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Version {
    /// The server's name for it.
    pub etag: Option<String>,
    /// When it was made, as the server wrote it.
    pub modified: Option<String>,
}

/// An answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The address that gave it, after all redirects.
    pub address: String,
    /// Where what was asked for has moved for good.
    pub moved: Option<String>,
    /// Its version.
    pub version: Version,
    /// What it is said to be, in small letters, without particulars: `text/html`.
    pub kind: String,
    /// Its encoding, as the header names it.
    pub encoding: Option<String>,
    /// Its bytes, unpacked; nothing where the version that is known is the present one.
    pub bytes: Option<Vec<u8>>,
}

/// Gets bytes from the web. Can be used from many threads at once: each host is still asked one thing at a time.
#[derive(Debug)]
pub struct Fetcher {
    policy: Policy,
    agent: ureq::Agent,
    gate: Gate,
    /// Whose rules are being asked for: by one only.
    asking: Gate,
    robots: Mutex<HashMap<String, (Instant, Arc<Rules>)>>,
}

/// The name under which robots.txt can speak to this program.
const TOKEN: &str = "tellings";
/// Bytes of a robots.txt that are read.
const ROBOTS: usize = 500 << 10;
/// How long the rules of a host are kept; and its failing to tell them.
const KEPT: Duration = Duration::from_secs(24 * 3600);
const KEPT_FAILURE: Duration = Duration::from_secs(600);
/// Hosts whose rules are kept.
const HOSTS: usize = 10_000;
/// A wait longer than this is left to the caller.
const PATIENCE: Duration = Duration::from_secs(30);

impl Fetcher {
    /// A fetcher that behaves like this.
    pub fn new(policy: Policy) -> Fetcher {
        let version = env!("CARGO_PKG_VERSION");
        let contact = policy.contact.as_deref().unwrap_or("reads news reports for its user");
        let contact: String =
            contact.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').filter(|c| !"()\\".contains(*c)).collect();
        let config = ureq::Agent::config_builder()
            .user_agent(format!("Tellings/{version} ({contact})"))
            .accept("text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/feed+json,*/*;q=0.5")
            .accept_encoding("gzip, br")
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // Through a proxy the address that is connected to could not be checked.
            .proxy(None)
            .tls_config(safe(&policy.roots))
            // A host is asked seldom: a connection that is kept open only costs it.
            .max_idle_connections(0)
            .timeout_resolve(Some(policy.connect))
            .timeout_connect(Some(policy.connect))
            .timeout_recv_response(Some(policy.headers))
            .timeout_global(Some(policy.whole))
            .build();
        let resolver = Checked { private: policy.private };
        let agent = ureq::Agent::with_parts(config, ureq::unversioned::transport::DefaultConnector::default(), resolver);
        Fetcher { policy, agent, gate: Gate::default(), asking: Gate::default(), robots: Mutex::default() }
    }

    /// How long the host of this address is to be left alone from now on.
    pub fn wait(&self, address: &str) -> Duration {
        Url::parse(address).map_or(Duration::ZERO, |url| self.gate.wait(&host(&url), self.policy.pause))
    }

    /// Gets what is at this address, unless it is the version that is known. What may pass is tried again after a while.
    ///
    /// # Errors
    /// It was not to be had, or may not be had.
    pub fn fetch(&self, address: &str, known: &Version) -> Result<Answer, Error> {
        let mut tried = 0;
        loop {
            let error = match self.once(address, known) {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let wait = error.retry_after.unwrap_or_else(|| spread(self.policy.backoff * (1 << tried.min(10)), address, tried));
            if tried >= self.policy.retries || !error.may_pass() || wait > PATIENCE {
                return Err(error);
            }
            tried += 1;
            std::thread::sleep(wait);
        }
    }

    /// The same, tried once.
    fn once(&self, address: &str, known: &Version) -> Result<Answer, Error> {
        let fail = |fault| Error::new(address, fault);
        let mut url = address::parse(address, self.policy.private).map_err(fail)?;
        let (mut moved, mut forever) = (None, true);
        let mut seen = vec![url.clone()];
        loop {
            let rules = self.rules(&url).map_err(|error| match error.fault {
                // It is not its rules that such a site fails to tell.
                Fault::Tls(_) => fail(error.fault),
                _ => fail(Fault::NoRobots(Box::new(error))),
            })?;
            if !rules.allow(&url[url::Position::BeforePath..url::Position::AfterQuery]) {
                return Err(fail(Fault::Robots));
            }
            let pause =
                rules.delay.unwrap_or_default().clamp(self.policy.pause, self.policy.longest_pause.max(self.policy.pause));
            let turn = self.gate.enter(&host(&url), pause);
            let mut response = self.ask(&url, known).map_err(fail)?;
            let headers = response.headers();
            let status = response.status();
            if let (301 | 302 | 303 | 307 | 308, Some(to)) = (status.as_u16(), text(headers, "location")) {
                drop(turn);
                forever &= matches!(status.as_u16(), 301 | 308);
                url = self.redirect(&url, to, &seen).map_err(fail)?;
                seen.push(url.clone());
                moved = forever.then(|| url.to_string()).or(moved);
                continue;
            }
            if status == StatusCode::NOT_MODIFIED && *known != Version::default() {
                let version = known.clone();
                return Ok(Answer { address: url.to_string(), moved, version, ..Answer::default() });
            }
            if status != StatusCode::OK {
                let retry_after = text(headers, "retry-after").and_then(until);
                return Err(Error { retry_after, ..fail(Fault::Status(status.as_u16())) });
            }
            let version = Version { etag: short(headers, "etag"), modified: short(headers, "last-modified") };
            let (kind, encoding) = kind(headers);
            let coding = text(headers, "content-encoding").unwrap_or("").to_string();
            let length = text(headers, "content-length").and_then(|l| l.trim().parse().ok());
            let bytes = unpack::read(response.body_mut().as_reader(), &coding, length, self.policy.most)
                .map_err(|fault| fail(fault.within(&self.policy)))?;
            drop(turn);
            return Ok(Answer { address: url.to_string(), moved, version, kind, encoding, bytes: Some(bytes) });
        }
    }

    /// One question to one host.
    fn ask(&self, url: &Url, known: &Version) -> Result<ureq::http::Response<ureq::Body>, Fault> {
        let mut request = self.agent.get(url.as_str()).header("connection", "close");
        for (name, value) in [("if-none-match", &known.etag), ("if-modified-since", &known.modified)] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        request.call().map_err(|error| Fault::of(error, &self.policy))
    }

    /// Where a redirect leads, if it may be followed.
    fn redirect(&self, from: &Url, to: &str, seen: &[Url]) -> Result<Url, Fault> {
        let joined = from.join(to.trim()).map_err(|_| Fault::Redirect(to.to_string(), "which is no address"))?;
        let mut url = address::parse(joined.as_str(), self.policy.private)
            .map_err(|fault| Fault::Hop(joined.to_string(), Box::new(fault)))?;
        url.set_fragment(None);
        if seen.contains(&url) {
            return Err(Fault::Redirect(url.to_string(), "where it has been before: a loop"));
        }
        if seen.len() > self.policy.redirects {
            return Err(Fault::Redirects(self.policy.redirects));
        }
        Ok(url)
    }

    /// What the host of an address asks of programs. One that has no rules allows all; one that does not tell them allows nothing.
    fn rules(&self, url: &Url) -> Result<Arc<Rules>, Error> {
        let mut place = url.clone();
        place.set_path("/robots.txt");
        place.set_query(None);
        place.set_fragment(None);
        let key = place.to_string();
        if let Some(rules) = self.kept(&key) {
            return rules.told(&key).map(|()| rules);
        }
        let _alone = self.asking.enter(&key, Duration::ZERO);
        if let Some(rules) = self.kept(&key) {
            return rules.told(&key).map(|()| rules);
        }
        let (rules, kept) = match self.read_rules(&place) {
            Ok(rules) => (rules, KEPT),
            Err(error) => (Rules::untold(error.fault), KEPT_FAILURE.min(self.policy.longest_pause * 10)),
        };
        let rules = Arc::new(rules);
        let (now, mut all) = (Instant::now(), self.robots.lock().unwrap_or_else(PoisonError::into_inner));
        if all.len() > HOSTS {
            all.retain(|_, (until, _)| *until > now);
        }
        if all.len() > HOSTS {
            all.clear();
        }
        all.insert(key.clone(), (now + kept, rules.clone()));
        rules.told(&key).map(|()| rules)
    }

    /// The rules of a site that were asked for not long ago.
    fn kept(&self, key: &str) -> Option<Arc<Rules>> {
        let kept = self.robots.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(key).filter(|(until, _)| *until > Instant::now()).map(|(_, rules)| rules.clone())
    }

    fn read_rules(&self, place: &Url) -> Result<Rules, Error> {
        let fail = |fault| Error::new(place.as_str(), fault);
        let (mut url, mut seen) = (place.clone(), vec![place.clone()]);
        loop {
            let turn = self.gate.enter(&host(&url), self.policy.pause);
            let mut response = self.ask(&url, &Version::default()).map_err(fail)?;
            let headers = response.headers();
            match (response.status().as_u16(), text(headers, "location")) {
                (301 | 302 | 303 | 307 | 308, Some(to)) => {
                    drop(turn);
                    match self.redirect(&url, to, &seen) {
                        Ok(next) => url = next,
                        // Rules that cannot be reached by redirects are none.
                        Err(_) => return Ok(Rules::default()),
                    }
                    seen.push(url.clone());
                }
                (200..=299, _) => {
                    let coding = text(headers, "content-encoding").unwrap_or("").to_string();
                    let (bytes, fault) = unpack::up_to(response.body_mut().as_reader(), &coding, ROBOTS);
                    return match fault {
                        Some(fault) if bytes.is_empty() => Err(fail(fault.within(&self.policy))),
                        _ => Ok(Rules::read(&bytes, TOKEN)),
                    };
                }
                (status @ (429 | 500..), _) => return Err(fail(Fault::Status(status))),
                _ => return Ok(Rules::default()),
            }
        }
    }
}

/// Connections for which those are trusted whom browsers trust, and these.
fn safe(own: &[Root]) -> TlsConfig {
    let own = own.iter().map(|root| Certificate::from_der(root.bytes()).to_owned());
    TlsConfig::builder()
        .root_certs(tellings_tls::known().map(Certificate::from_der).chain(own).into())
        .unversioned_rustls_crypto_provider(tellings_tls::provider())
        .build()
}

/// The host of an address, which is asked one thing at a time.
pub fn host_of(address: &str) -> String {
    Url::parse(address).map_or_else(|_| address.to_string(), |url| host(&url))
}

/// What is asked one thing at a time: the host, and its port where that is unusual.
fn host(url: &Url) -> String {
    let name = url.host_str().unwrap_or("");
    url.port().map_or_else(|| name.to_string(), |port| format!("{name}:{port}"))
}

/// A time up to a quarter shorter or longer: not the same for all, always the same for one.
pub fn spread(time: Duration, address: &str, salt: u32) -> Duration {
    let hash = xxh3_64(format!("{salt} {address}").as_bytes()) % 1000;
    time.mul_f64(0.75 + hash as f64 / 2000.0)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn short(headers: &HeaderMap, name: &str) -> Option<String> {
    text(headers, name).map(str::trim).filter(|value| !value.is_empty() && value.len() < 1024).map(str::to_string)
}

/// What a body is said to be, and its encoding.
fn kind(headers: &HeaderMap) -> (String, Option<String>) {
    let mut parts = text(headers, "content-type").unwrap_or("").split(';');
    let kind = parts.next().unwrap_or("").trim().to_ascii_lowercase();
    let charset = parts.filter_map(|part| part.split_once('=')).find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    let charset = charset.map(|(_, value)| value.trim().trim_matches(['"', '\'']).to_string());
    (kind, charset.filter(|value| !value.is_empty() && value.len() < 64))
}

/// How long a `Retry-After` asks to wait: seconds, or a date.
fn until(value: &str) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u32>() {
        return Some(Duration::from_secs(seconds.into()));
    }
    let then: SystemTime = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(value).ok()?.into();
    Some(then.duration_since(SystemTime::now()).unwrap_or_default())
}
