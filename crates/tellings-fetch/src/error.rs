//! Why something was not to be had.

use crate::Policy;
use std::fmt;
use std::io::ErrorKind;
use std::time::Duration;

/// Something that could not be fetched: the address, and why.
#[derive(Clone, Debug)]
pub struct Error {
    /// What was asked for.
    pub address: String,
    /// Why it was not to be had.
    pub fault: Fault,
    /// How long the host asked to be left alone.
    pub retry_after: Option<Duration>,
}

/// Why something was not to be had.
#[derive(Clone, Debug)]
pub enum Fault {
    /// No address of the web.
    Address(&'static str),
    /// An address that is not asked: the address, what it is.
    Refused(String, &'static str),
    /// The host's robots.txt asks programs to leave it alone.
    Robots,
    /// The host does not tell what it asks of programs.
    NoRobots(Box<Error>),
    /// A redirect that is not followed: where it leads, why.
    Redirect(String, &'static str),
    /// A redirect to an address that is not asked.
    Hop(String, Box<Fault>),
    /// More redirects than are followed.
    Redirects(usize),
    /// Another status than 200.
    Status(u16),
    /// Nothing came in time: what, within what time.
    Slow(&'static str, Duration),
    /// There is no such host, or nobody who knows it could be asked.
    NoHost,
    /// It could not be connected to, or the connection broke.
    Connection(String),
    /// No safe connection.
    Tls(String),
    /// More bytes than are taken.
    TooLarge(usize),
    /// It unpacks to far more than it should.
    Bomb,
    /// It ends too soon, or its packed bytes are damaged.
    Damaged(String),
    /// No answer that can be understood.
    Nonsense(String),
}

impl Fault {
    pub(crate) fn of(error: ureq::Error, policy: &Policy) -> Fault {
        use ureq::Timeout;
        match error {
            ureq::Error::Timeout(Timeout::Resolve) => Fault::Slow("the host's address", policy.connect),
            ureq::Error::Timeout(Timeout::Connect) => Fault::Slow("a connection", policy.connect),
            ureq::Error::Timeout(Timeout::RecvResponse) => Fault::Slow("an answer", policy.headers),
            ureq::Error::Timeout(_) => Fault::Slow("the whole answer", policy.whole),
            ureq::Error::HostNotFound => Fault::NoHost,
            ureq::Error::Tls(note) => Fault::Tls(note.to_string()),
            ureq::Error::Rustls(error) => Fault::Tls(tellings_tls::told(&error)),
            ureq::Error::Io(error) => Fault::of_io(error),
            ureq::Error::Protocol(note) => Fault::Nonsense(note.to_string()),
            ureq::Error::LargeResponseHeader(_, most) => Fault::Nonsense(format!("its headers are longer than {most} bytes")),
            ureq::Error::Other(other) => match other.downcast::<Fault>() {
                Ok(fault) => *fault,
                Err(other) => Fault::Connection(other.to_string()),
            },
            other => Fault::Connection(other.to_string()),
        }
    }

    /// The same, with the time that an unpacker does not know.
    pub(crate) fn within(self, policy: &Policy) -> Fault {
        if let Fault::Slow(what, _) = self { Fault::Slow(what, policy.whole) } else { self }
    }

    pub(crate) fn of_io(error: std::io::Error) -> Fault {
        match error.kind() {
            ErrorKind::UnexpectedEof => Fault::Damaged("it ends too soon: truncated".to_string()),
            ErrorKind::ConnectionRefused => Fault::Connection("nobody answers there".to_string()),
            ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
                Fault::Connection("the connection was cut".to_string())
            }
            ErrorKind::TimedOut | ErrorKind::WouldBlock => Fault::Connection("no answer in time".to_string()),
            _ => match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                Some(error) => Fault::Tls(tellings_tls::told(error)),
                None => Fault::Connection(error.to_string()),
            },
        }
    }
}

impl Error {
    pub(crate) fn new(address: &str, fault: Fault) -> Error {
        Error { address: address.to_string(), fault, retry_after: None }
    }

    /// Is it worth another try?
    pub fn may_pass(&self) -> bool {
        match &self.fault {
            Fault::Slow(..) | Fault::NoHost | Fault::Connection(_) | Fault::Damaged(_) | Fault::NoRobots(_) => true,
            Fault::Nonsense(_) => true,
            Fault::Status(status) => matches!(status, 408 | 425 | 429 | 500..),
            _ => false,
        }
    }

    /// Did the host say that it is gone for good?
    pub fn is_gone(&self) -> bool {
        matches!(self.fault, Fault::Status(410))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Address(note) => write!(out, "{note}"),
            Fault::Refused(address, what) => write!(out, "`{address}` is {what}, which is not asked"),
            Fault::Robots => write!(out, "the site's robots.txt asks programs not to fetch it"),
            Fault::NoRobots(error) => write!(out, "the site's robots.txt could not be read ({})", error.fault),
            Fault::Redirect(to, why) => write!(out, "it redirects to `{to}`, {why}"),
            Fault::Hop(to, fault) => write!(out, "it redirects to `{to}`: {fault}"),
            Fault::Redirects(most) => write!(out, "it redirects more than {most} times"),
            Fault::Status(404) => write!(out, "there is no such page (404)"),
            Fault::Status(410) => write!(out, "it is gone for good (410)"),
            Fault::Status(401 | 402 | 403 | 451) => write!(out, "the site does not let us have it ({})", self.status()),
            Fault::Status(429) => write!(out, "the site asks for fewer questions (429)"),
            Fault::Status(500..) => write!(out, "the site is in trouble ({})", self.status()),
            Fault::Status(status) => write!(out, "the site answers with status {status}"),
            Fault::Slow(what, time) => write!(out, "{what} did not come within {} s", time.as_secs_f32()),
            Fault::NoHost => write!(out, "the host is not known"),
            Fault::Connection(note) => write!(out, "{note}"),
            Fault::Tls(note) => write!(out, "no safe connection: {note}"),
            Fault::TooLarge(most) if *most < 1 << 20 => write!(out, "it is larger than {} KiB", most >> 10),
            Fault::TooLarge(most) => write!(out, "it is larger than {} MiB", most >> 20),
            Fault::Bomb => write!(out, "it unpacks out of all measure: refused"),
            Fault::Damaged(note) => write!(out, "{note}"),
            Fault::Nonsense(note) => write!(out, "the answer is not understood: {note}"),
        }
    }
}

impl Fault {
    fn status(&self) -> u16 {
        if let Fault::Status(status) = self { *status } else { 0 }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "cannot fetch `{}`: {}", self.address, self.fault)
    }
}

impl std::error::Error for Fault {}
impl std::error::Error for Error {}
