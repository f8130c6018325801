//! A server on the loopback interface that receives envelopes as Sentry does.

use std::collections::VecDeque;
use std::io::{self, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use std::{env, fs, process, thread};

use crate::envelope::{Envelope, Item};
use crate::http::{self, Request};

/// How long a test waits before it fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// Receives envelopes on a port of its own until it is dropped.
pub struct Ingest {
    address: SocketAddr,
    shared: Arc<Shared>,
}

/// A request and the envelope in it.
#[derive(Clone, Debug)]
pub struct Received {
    /// The request as it came.
    pub request: Request,
    /// Its body.
    pub envelope: Envelope,
    /// The status of the answer, if there was a whole one.
    pub status: Option<u16>,
}

/// How the server answers.
///
/// What isn't answered by a status of success is received and not taken: see [`Ingest::taken`].
#[derive(Clone, Debug)]
pub enum Reply {
    /// With this status and these headers.
    Status(u16, Vec<(String, String)>),
    /// Not at all, while it keeps the connection open.
    Hang,
    /// By closing the connection, and then with `200 OK`.
    CloseOnce,
    /// Not at all: the connection is closed while the request is still coming.
    Reset,
    /// With half an answer, and then the connection is closed.
    Half,
    /// With something that isn't HTTP.
    Garbage,
    /// A byte of the answer each 10 ms, for as long as the server lives.
    Trickle,
}

impl Reply {
    /// `200 OK`.
    pub const OK: Self = Self::Status(200, Vec::new());

    /// This status and one header.
    pub fn with_header(status: u16, name: &str, value: &str) -> Self {
        Self::Status(status, vec![(name.to_owned(), value.to_owned())])
    }
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    reply: Reply,
    /// Answers that come first.
    script: VecDeque<Reply>,
    received: Vec<Received>,
    /// What arrived and is no envelope.
    problems: Vec<String>,
    closed: bool,
}

impl Ingest {
    /// Starts a server that answers `200 OK`.
    ///
    /// # Panics
    /// When the loopback interface has no port left.
    #[must_use]
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port on the loopback interface");
        let address = listener.local_addr().expect("a bound address");
        let shared = Arc::new(Shared::new());
        let server = Arc::clone(&shared);
        thread::spawn(move || server.accept(&listener));
        Self { address, shared }
    }

    /// The DSN of this server's project 42, with the public key `key`.
    #[must_use]
    pub fn dsn(&self) -> String {
        format!("http://key@{}/42", self.address)
    }

    /// The address at which Spotlight would listen.
    #[must_use]
    pub fn spotlight(&self) -> String {
        format!("http://{}/stream", self.address)
    }

    /// Changes how the next requests are answered.
    pub fn reply(&self, reply: Reply) {
        let mut state = self.shared.state();
        state.reply = reply;
        state.script.clear();
    }

    /// Answers the next requests one after the other like this, and those after them as before.
    pub fn script(&self, replies: impl IntoIterator<Item = Reply>) {
        self.shared.state().script.extend(replies);
    }

    /// Receives nothing any more: who connects is refused.
    pub fn die(&self) {
        self.shared.state().closed = true;
        self.shared.changed.notify_all();
        // The thread waits for a connection: this is the last one.
        drop(TcpStream::connect(self.address));
        // It closes its socket when it ends.
        while TcpStream::connect(self.address).is_ok() {
            thread::yield_now();
        }
    }

    /// What was answered by `200 OK`.
    #[must_use]
    pub fn taken(&self) -> Vec<Received> {
        self.received().into_iter().filter(|received| received.status == Some(200)).collect()
    }

    /// All that arrived so far.
    ///
    /// # Panics
    /// When something arrived that is no envelope.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        let state = self.shared.state();
        assert!(state.problems.is_empty(), "{:#?}", state.problems);
        state.received.clone()
    }

    /// All items of one kind that arrived so far, each with its envelope's headers.
    #[must_use]
    pub fn items(&self, kind: &str) -> Vec<Item> {
        let items = self.received().into_iter().flat_map(|received| received.envelope.items);
        items.filter(|item| item.kind() == kind).collect()
    }

    /// Waits until so many requests arrived.
    ///
    /// # Panics
    /// When they don't.
    pub fn wait_for_requests(&self, count: usize) {
        let few = |state: &mut State| state.received.len() < count;
        let waited = self.shared.changed.wait_timeout_while(self.shared.state(), PATIENCE, few);
        let (state, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        assert!(!waited.timed_out(), "{} of {count} requests", state.received.len());
    }
}

/// Writes an envelope to the folder that `MONITOR_TESTS_ENVELOPES` names, for `tests/relay/run`. What
/// goes to Spotlight is in a form of its own.
fn save(Request { path, body, .. }: &Request) {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let folder = env::var_os("MONITOR_TESTS_ENVELOPES").filter(|_| path.ends_with("/envelope/"));
    let Some(folder) = folder else { return };
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("{}-{number}.envelope", process::id());
    fs::write(Path::new(&folder).join(name), body).expect("the folder for envelopes is there");
}

impl Drop for Ingest {
    fn drop(&mut self) {
        self.shared.state().closed = true;
        self.shared.changed.notify_all();
        drop(TcpStream::connect(self.address));
    }
}

impl Shared {
    fn new() -> Self {
        let state = State {
            reply: Reply::OK,
            script: VecDeque::new(),
            received: Vec::new(),
            problems: Vec::new(),
            closed: false,
        };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn accept(self: Arc<Self>, listener: &TcpListener) {
        for stream in listener.incoming() {
            if self.state().closed {
                return;
            }
            let Ok(stream) = stream else { continue };
            let server = Arc::clone(&self);
            thread::spawn(move || {
                if let Err(error) = server.serve(&stream)
                    && error.kind() == io::ErrorKind::InvalidData
                {
                    server.state().problems.push(error.to_string());
                }
            });
        }
    }

    /// Serves one connection until either side closes it.
    fn serve(&self, stream: &TcpStream) -> io::Result<()> {
        let mut reader = BufReader::new(stream);
        loop {
            // Not read yet: closing what has unread bytes resets the connection.
            let is_over = reader.buffer().is_empty() && stream.peek(&mut [0])? == 0;
            if is_over || self.state().closed || self.resets() {
                return Ok(());
            }
            let Some(request) = Request::read(&mut reader)? else { return Ok(()) };
            let mut stream = stream;
            match self.receive(request) {
                Reply::Status(status, headers) => http::respond(&mut stream, status, &headers)?,
                Reply::Hang => return self.hang(),
                Reply::CloseOnce | Reply::Reset => return Ok(()),
                Reply::Half => return stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-le"),
                Reply::Garbage => return stream.write_all(b"\0\xff what?\r\n\r\n"),
                Reply::Trickle => return self.trickle(stream),
            }
        }
    }

    /// Whether the next request is reset instead of read.
    fn resets(&self) -> bool {
        let mut state = self.state();
        match state.script.front() {
            Some(Reply::Reset) => state.script.pop_front().is_some(),
            Some(_) => false,
            None => matches!(state.reply, Reply::Reset),
        }
    }

    fn trickle(&self, mut stream: &TcpStream) -> io::Result<()> {
        for byte in b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n"
            .iter()
            .chain([b'x'; 1 << 20].iter())
        {
            // The pause between two bytes ends with the server.
            let open = |state: &mut State| !state.closed;
            let pause = Duration::from_millis(10);
            let (state, _) = self
                .changed
                .wait_timeout_while(self.state(), pause, open)
                .unwrap_or_else(PoisonError::into_inner);
            if state.closed {
                break;
            }
            drop(state);
            stream.write_all(&[*byte])?;
        }
        Ok(())
    }

    fn receive(&self, request: Request) -> Reply {
        save(&request);
        let envelope = Envelope::parse(&request.body);
        let mut state = self.state();
        let reply = match state.script.pop_front() {
            Some(reply) => reply,
            None if matches!(state.reply, Reply::CloseOnce) => {
                std::mem::replace(&mut state.reply, Reply::OK)
            }
            None => state.reply.clone(),
        };
        let status = match &reply {
            Reply::Status(status, _) => Some(*status),
            _ => None,
        };
        match envelope {
            Ok(envelope) => state.received.push(Received { request, envelope, status }),
            Err(problem) => state.problems.push(problem),
        }
        self.changed.notify_all();
        reply
    }

    fn hang(&self) -> io::Result<()> {
        let open = |state: &mut State| !state.closed;
        drop(self.changed.wait_while(self.state(), open));
        Ok(())
    }
}
