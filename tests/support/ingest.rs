//! A server on the loopback interface that receives envelopes as Sentry does.

use std::io::{self, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

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
}

/// How the server answers.
#[derive(Clone, Debug)]
pub enum Reply {
    /// With this status and these headers.
    Status(u16, Vec<(String, String)>),
    /// Not at all, while it keeps the connection open.
    Hang,
    /// By closing the connection, and then with `200 OK`.
    CloseOnce,
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

    /// Changes how the next requests are answered.
    pub fn reply(&self, reply: Reply) {
        self.shared.state().reply = reply;
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

impl Drop for Ingest {
    fn drop(&mut self) {
        self.shared.state().closed = true;
        self.shared.changed.notify_all();
        // The thread waits for a connection: this is the last one.
        drop(TcpStream::connect(self.address));
    }
}

impl Shared {
    fn new() -> Self {
        let state =
            State { reply: Reply::OK, received: Vec::new(), problems: Vec::new(), closed: false };
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
        while let Some(request) = Request::read(&mut reader)? {
            match self.receive(request) {
                Reply::Status(status, headers) => http::respond(&mut &*stream, status, &headers)?,
                Reply::Hang => return self.hang(),
                Reply::CloseOnce => return Ok(()),
            }
        }
        Ok(())
    }

    fn receive(&self, request: Request) -> Reply {
        let envelope = Envelope::parse(&request.body);
        let mut state = self.state();
        match envelope {
            Ok(envelope) => state.received.push(Received { request, envelope }),
            Err(problem) => state.problems.push(problem),
        }
        self.changed.notify_all();
        match state.reply {
            Reply::CloseOnce => std::mem::replace(&mut state.reply, Reply::OK),
            _ => state.reply.clone(),
        }
    }

    fn hang(&self) -> io::Result<()> {
        let open = |state: &mut State| !state.closed;
        drop(self.changed.wait_while(self.state(), open));
        Ok(())
    }
}
