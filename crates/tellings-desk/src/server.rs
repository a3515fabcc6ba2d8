//! The desk on a socket: connections in, each request to a thread that may wait for the store, graceful stop.

use crate::http::{Body, Request, Response};
use crate::{Desk, Line, http, mcp};
use anyhow::{Context, Result};
use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc, watch};

/// Connections at a time; more wait.
const CONNECTIONS: usize = 512;
/// How long a client may take for its header, or for its body; and how long it may take nothing of what is sent to it.
const PATIENCE: Patience = Patience { sends: Duration::from_secs(10), takes: Duration::from_secs(30) };
/// How long what was begun may take after the desk was told to stop.
const GRACE: Duration = Duration::from_secs(5);
/// Bytes of a body: forms are small.
const BODY: usize = 64 << 10;
/// How often it is looked whether the desk is to stop, and whether something was written.
const LOOK: Duration = Duration::from_millis(250);
/// How often a live connection says that it is still there.
const BEAT: u32 = 60;

/// How long a client is waited for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// While it sends: its header, its body.
    pub(crate) sends: Duration,
    /// While it takes nothing of the answer.
    pub(crate) takes: Duration,
}

/// Serves the desk until `stop` is set; what was begun is brought to an end.
///
/// # Errors
/// No threads, or the socket fails for good.
pub fn serve(desk: Arc<Desk>, listener: std::net::TcpListener, stop: &AtomicBool) -> Result<()> {
    serve_with(desk, listener, stop, PATIENCE)
}

pub(crate) fn serve_with(desk: Arc<Desk>, listener: std::net::TcpListener, stop: &AtomicBool, patience: Patience) -> Result<()> {
    // What takes a look at the whole store is there before somebody waits for it.
    let first = desk.clone();
    std::thread::spawn(move || first.sums().map(|_| ()));
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads.min(4))
        .max_blocking_threads(threads * 2 + 2)
        .enable_io()
        .enable_time()
        .build()
        .context("cannot start threads")?;
    let served = runtime.block_on(accept(desk, listener, stop, patience));
    runtime.shutdown_timeout(GRACE);
    served
}

async fn accept(desk: Arc<Desk>, listener: std::net::TcpListener, stop: &AtomicBool, patience: Patience) -> Result<()> {
    listener.set_nonblocking(true).context("cannot listen")?;
    let listener = TcpListener::from_std(listener).context("cannot listen")?;
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let (ending, ended) = watch::channel(false);
    while !stop.load(Ordering::Relaxed) {
        let Ok(Ok(place)) = tokio::time::timeout(LOOK, room.clone().acquire_owned()).await else { continue };
        // A client that is gone again, or too many open files: the next one may be served.
        let Ok(Ok((stream, peer))) = tokio::time::timeout(LOOK, listener.accept()).await else { continue };
        let (desk, ended) = (desk.clone(), ended.clone());
        tokio::spawn(async move {
            connection(desk, stream, peer.ip(), ended, patience).await;
            drop(place);
        });
    }
    drop(listener);
    let _ = ending.send(true);
    let last = Instant::now();
    while room.available_permits() < CONNECTIONS && last.elapsed() < GRACE {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

async fn connection(desk: Arc<Desk>, stream: TcpStream, peer: IpAddr, mut ended: watch::Receiver<bool>, patience: Patience) {
    let _ = stream.set_nodelay(true);
    let live = ended.clone();
    let service = service_fn(move |request| {
        let (desk, live) = (desk.clone(), live.clone());
        async move { Ok::<_, Infallible>(answer(desk, request, peer, live, patience).await) }
    });
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(patience.sends).max_buf_size(64 << 10);
    let mut connection = std::pin::pin!(server.serve_connection(TokioIo::new(Taker::new(stream, patience.takes)), service));
    let mut end = std::pin::pin!(ended.changed());
    // A client that speaks no HTTP, or stops in the middle, is no fault of ours.
    let stopping = std::future::poll_fn(|context| match connection.as_mut().poll(context) {
        Poll::Ready(_) => Poll::Ready(false),
        Poll::Pending => end.as_mut().poll(context).map(|_| true),
    });
    if stopping.await {
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
    }
}

async fn answer(
    desk: Arc<Desk>,
    request: hyper::Request<Incoming>,
    peer: IpAddr,
    live: watch::Receiver<bool>,
    patience: Patience,
) -> hyper::Response<Payload> {
    let start = Instant::now();
    let (parts, body) = request.into_parts();
    let mut asked = Request { method: parts.method.as_str().to_string(), ..Request::default() };
    if asked.method == "HEAD" {
        asked.method = "GET".to_string();
    }
    let address = parts.uri.path_and_query().map_or("/", |p| p.as_str()).to_string();
    asked.address(&address);
    let fields =
        parts.headers.iter().filter_map(|(name, value)| Some((name.as_str().to_string(), value.to_str().ok()?.to_string())));
    asked.headers = fields.collect();
    asked.address = from(peer, &asked);
    let (method, from) = (parts.method.to_string(), asked.address.clone());
    let line = |status: u16| desk.tally(&Line { method: &method, from: &from, address: &address, status, took: start.elapsed() });
    let response = match take(&mut asked, body, patience.sends).await {
        Some(refused) => refused,
        None if asked.path == ["mcp"] => {
            let body = asked.body.clone();
            let known = desk.clone();
            let told = tokio::task::spawn_blocking(move || known.door(&asked)).await;
            match told.unwrap_or(Err(crate::Fail::Refused("This is a fault of the desk.".to_string()))) {
                Ok(door) => {
                    let request = hyper::Request::from_parts(parts, Full::new(body));
                    let response = mcp::over_http(door, request).await;
                    line(response.status().as_u16());
                    return response.map(Payload::Made);
                }
                Err(fail) => {
                    let (status, title, note) = fail.told();
                    crate::pages::problem(status, title, &note).with("www-authenticate", "Bearer")
                }
            }
        }
        None => {
            let desk = desk.clone();
            let answered = tokio::task::spawn_blocking(move || desk.answer(&asked)).await;
            // A fault of ours on one page takes no other with it.
            answered.unwrap_or_else(|_| crate::fault(500, "Something went wrong here", "This is a fault of the desk."))
        }
    };
    line(response.status);
    // How long it took, as browsers show it: waiting for a thread and making it, without sending it.
    let took = format!("desk;dur={:.2}", start.elapsed().as_secs_f64() * 1e3);
    sent(desk.clone(), response.with("server-timing", &took), live)
}

/// Where it was asked from: what a proxy on this machine says, else the other end.
fn from(peer: IpAddr, asked: &Request) -> String {
    let told = asked.header("x-forwarded-for").filter(|_| peer.is_loopback());
    let last = told.and_then(|all| all.rsplit(',').next()?.trim().parse::<IpAddr>().ok());
    last.unwrap_or(peer).to_string()
}

/// Reads the body; gives what is answered where it cannot be taken.
async fn take(asked: &mut Request, body: Incoming, patience: Duration) -> Option<Response> {
    let refused = |status, title: &str, note: &str| Some(crate::fault(status, title, note).with("connection", "close"));
    if body.size_hint().lower() > BODY as u64 {
        return refused(413, "Too much", "What was sent is larger than the desk takes.");
    }
    let read = tokio::time::timeout(patience, Limited::new(body, BODY).collect());
    match read.await {
        Err(_) => refused(408, "Too slow", "What was sent did not come in time."),
        Ok(Err(_)) => refused(413, "Too much", "What was sent is larger than the desk takes, or broke off."),
        Ok(Ok(whole)) => {
            asked.body = whole.to_bytes();
            let kind = asked.header("content-type").unwrap_or_default();
            if kind.starts_with("application/x-www-form-urlencoded") {
                asked.form = http::pairs(&String::from_utf8_lossy(&asked.body));
            }
            None
        }
    }
}

fn sent(desk: Arc<Desk>, response: Response, live: watch::Receiver<bool>) -> hyper::Response<Payload> {
    let mut out = hyper::Response::builder().status(response.status);
    for (name, value) in &response.headers {
        // What is no header value is left out: nothing that is shown can add a header.
        if let Ok(value) = hyper::header::HeaderValue::from_str(value) {
            out = out.header(*name, value);
        }
    }
    let body = match response.body {
        Body::Whole(bytes) => Payload::Whole(Some(bytes)),
        Body::Pieces(pieces) => Payload::Pieces(pieces),
        Body::Live => Payload::Pieces(follow(desk, live)),
    };
    out.body(body).unwrap_or_else(|_| hyper::Response::new(Payload::Whole(None)))
}

/// Tells of every change of the store, until the client is gone or the desk stops.
fn follow(desk: Arc<Desk>, mut ended: watch::Receiver<bool>) -> mpsc::Receiver<Bytes> {
    let (send, receive) = mpsc::channel(4);
    tokio::spawn(async move {
        let (mut known, mut quiet) = (None, 0);
        loop {
            if known.is_some() && tokio::time::timeout(LOOK * 2, ended.changed()).await.is_ok() {
                return;
            }
            let asked = desk.clone();
            let Ok(Ok(version)) = tokio::task::spawn_blocking(move || asked.version()).await else { return };
            quiet += 1;
            let line = match known {
                Some(known) if known == version && quiet < BEAT => continue,
                Some(known) if known == version => ": still here\n\n".to_string(),
                None => format!("retry: 5000\nevent: hello\ndata: {{\"version\":{version}}}\n\n"),
                Some(_) => format!("event: change\ndata: {{\"version\":{version}}}\n\n"),
            };
            (known, quiet) = (Some(version), 0);
            if send.send(Bytes::from(line)).await.is_err() {
                return;
            }
        }
    });
    receive
}

/// A connection that breaks off when the other end takes nothing for too long: an answer that nobody reads is not kept for ever.
struct Taker {
    stream: TcpStream,
    patience: Duration,
    waits: Option<Pin<Box<tokio::time::Sleep>>>,
}

impl Taker {
    fn new(stream: TcpStream, patience: Duration) -> Taker {
        Taker { stream, patience, waits: None }
    }

    /// What came of writing, or that it took too long.
    fn told<T>(&mut self, context: &mut std::task::Context<'_>, done: Poll<std::io::Result<T>>) -> Poll<std::io::Result<T>> {
        if done.is_ready() {
            self.waits = None;
            return done;
        }
        let patience = self.patience;
        let waits = self.waits.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        waits.as_mut().poll(context).map(|()| Err(std::io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Taker {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Taker {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut std::task::Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.told(context, done)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut std::task::Context<'_>) -> Poll<std::io::Result<()>> {
        let done = Pin::new(&mut self.stream).poll_flush(context);
        self.told(context, done)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut std::task::Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

enum Payload {
    Whole(Option<Bytes>),
    Pieces(mpsc::Receiver<Bytes>),
    /// By what speaks with assistants.
    Made(BoxBody<Bytes, Infallible>),
}

impl HttpBody for Payload {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match &mut *self {
            Payload::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Payload::Pieces(pieces) => pieces.poll_recv(context).map(|piece| piece.map(|bytes| Ok(Frame::data(bytes)))),
            Payload::Made(body) => Pin::new(body).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Payload::Whole(bytes) => bytes.is_none(),
            Payload::Pieces(_) => false,
            Payload::Made(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Payload::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |b| b.len() as u64)),
            Payload::Pieces(_) => SizeHint::default(),
            Payload::Made(body) => body.size_hint(),
        }
    }
}
