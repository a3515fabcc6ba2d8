//! A web server on loopback that answers as badly as a test wants; it ends with the value.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A server on loopback.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    ends: AtomicBool,
    open: AtomicUsize,
    most: AtomicUsize,
    asked: Mutex<HashMap<String, Vec<Instant>>>,
}

/// A question: its path with the query, its headers in small letters.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// Path and query.
    pub path: String,
    headers: HashMap<String, String>,
}

impl Question {
    /// The value of a header (in small letters).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

/// The way back to who asked.
#[derive(Debug)]
pub struct Reply {
    stream: TcpStream,
    state: Arc<State>,
    counted: bool,
}

impl Drop for Reply {
    fn drop(&mut self) {
        // Before the stream closes: who asked may ask again at once.
        self.done();
    }
}

impl Reply {
    /// It is no longer among those that are open.
    fn done(&mut self) {
        if std::mem::take(&mut self.counted) {
            self.state.open.fetch_sub(1, Ordering::SeqCst);
        }
    }

    /// Sends bytes as they are. `false` where nobody takes them.
    pub fn send(&mut self, bytes: &[u8]) -> bool {
        !self.ends() && self.stream.write_all(bytes).and_then(|()| self.stream.flush()).is_ok()
    }

    /// Sends a whole answer.
    pub fn answer(&mut self, status: u16, headers: &[(&str, &str)], body: &[u8]) {
        let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let head = format!("HTTP/1.1 {status} X\r\n{lines}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
        // Who asked knows the end by the length.
        self.done();
        let _ = self.send(&[head.as_bytes(), body].concat());
    }

    /// Sends the beginning of an answer without a length.
    pub fn begin(&mut self, kind: &str) -> bool {
        self.send(format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nConnection: close\r\n\r\n").as_bytes())
    }

    /// Does the server end?
    pub fn ends(&self) -> bool {
        self.state.ends.load(Ordering::SeqCst)
    }

    /// Lets some time pass, unless the server ends or nobody waits any more.
    pub fn pause(&mut self, time: Duration) -> bool {
        let until = Instant::now() + time;
        let _ = self.stream.set_read_timeout(Some(Duration::from_millis(10)));
        while Instant::now() < until {
            match self.stream.read(&mut [0; 64]) {
                Ok(0) => return false,
                Err(error) if !matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {
                    return false;
                }
                _ if self.ends() => return false,
                _ => {}
            }
        }
        true
    }
}

impl Server {
    /// A server that answers like this, each question on a thread of its own.
    pub fn new(answer: impl Fn(&Question, &mut Reply) + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port on loopback");
        let address = listener.local_addr().expect("its address");
        let (state, answer) = (Arc::new(State::default()), Arc::new(answer));
        let own = state.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if own.ends.load(Ordering::SeqCst) {
                    return;
                }
                let (state, answer) = (own.clone(), answer.clone());
                std::thread::spawn(move || {
                    state.most.fetch_max(state.open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    let mut reply = Reply { stream, state: state.clone(), counted: true };
                    if let Some(question) = read(&reply.stream) {
                        let mut asked = state.asked.lock().unwrap_or_else(PoisonError::into_inner);
                        asked.entry(question.path.clone()).or_default().push(Instant::now());
                        drop(asked);
                        answer(&question, &mut reply);
                    }
                });
            }
        });
        Server { address, state }
    }

    /// The address of a path on it.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Where it is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How often a path was asked for.
    pub fn asked(&self, path: &str) -> usize {
        self.state.asked.lock().unwrap_or_else(PoisonError::into_inner).get(path).map_or(0, Vec::len)
    }

    /// When anything was asked for, in order.
    pub fn times(&self) -> Vec<Instant> {
        let asked = self.state.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let mut times: Vec<Instant> = asked.values().flatten().copied().collect();
        times.sort();
        times
    }

    /// The most connections that were open at once.
    pub fn most_at_once(&self) -> usize {
        self.state.most.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state.ends.store(true, Ordering::SeqCst);
        // Wakes the thread that listens.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
    }
}

/// So many zeros, rounded down to 64 KiB, packed as gzip packs them: a thousand times smaller.
pub fn gzip_of_zeros(length: usize) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = [0; 1 << 16];
    (0..length >> 16).for_each(|_| encoder.write_all(&zeros).expect("packing into memory"));
    encoder.finish().expect("packing into memory")
}

fn read(stream: &TcpStream) -> Option<Question> {
    stream.set_read_timeout(Some(Duration::from_secs(60))).ok()?;
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
    let path = lines.next()?.split(' ').nth(1)?.to_string();
    let headers = lines.filter_map(|line| line.split_once(':').map(|(n, v)| (n.to_ascii_lowercase(), v.trim().to_string())));
    Some(Question { path, headers: headers.collect() })
}
