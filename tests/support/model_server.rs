//! A server on the loopback interface that answers as a provider of models does, whole or piece by piece.

use std::collections::VecDeque;
use std::io::{self, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::http::Request;

/// Answers requests in the order of its script until it is dropped.
pub struct ModelServer {
    address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    script: VecDeque<Answer>,
    requests: Vec<Request>,
    closed: bool,
}

/// One answer.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A status, a type of content and a body.
    Whole(u16, &'static str, String),
    /// Events of a stream, and how it ends.
    Events(Vec<String>, End),
}

/// How a stream of events ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// With `[DONE]`, as it should.
    Done,
    /// In the middle: the connection is closed.
    Disconnect,
    /// Not, until the client goes away.
    Hold,
}

impl Answer {
    /// `200 OK` and JSON.
    pub fn json(body: impl Into<String>) -> Self {
        Self::status(200, body)
    }

    /// Another status and JSON.
    pub fn status(status: u16, body: impl Into<String>) -> Self {
        Self::Whole(status, "application/json", body.into())
    }

    /// Events with this data.
    pub fn events<T: Into<String>>(data: impl IntoIterator<Item = T>, end: End) -> Self {
        Self::Events(data.into_iter().map(Into::into).collect(), end)
    }
}

impl ModelServer {
    /// Listens on a port of its own.
    ///
    /// # Panics
    /// Where the loopback interface can't be listened on.
    pub fn start(script: impl IntoIterator<Item = Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Shared { script: script.into_iter().collect(), ..Shared::default() };
        let shared = Arc::new(Mutex::new(shared));
        let server = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if lock(&server).closed {
                    break;
                }
                let server = Arc::clone(&server);
                // A client that goes away is what some tests are about.
                thread::spawn(move || serve(stream, &server).unwrap_or_default());
            }
        });
        Self { address, shared }
    }

    /// Where its API is.
    pub fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// What was asked.
    pub fn requests(&self) -> Vec<Request> {
        lock(&self.shared).requests.clone()
    }
}

impl Drop for ModelServer {
    fn drop(&mut self) {
        lock(&self.shared).closed = true;
        // Wakes the thread that listens.
        drop(TcpStream::connect(self.address));
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(mut stream: TcpStream, shared: &Mutex<Shared>) -> io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    while let Some(request) = Request::read(&mut reader)? {
        let answer = {
            let mut shared = lock(shared);
            shared.requests.push(request);
            shared.script.pop_front()
        };
        match answer {
            Some(Answer::Whole(status, kind, body)) => whole(&mut stream, status, kind, &body)?,
            Some(Answer::Events(events, end)) => {
                return self::events(&mut stream, &mut reader, &events, end);
            }
            None => whole(&mut stream, 500, "text/plain", "nothing more in the script")?,
        }
    }
    Ok(())
}

fn whole(stream: &mut TcpStream, status: u16, kind: &str, body: &str) -> io::Result<()> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} Test\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n"
    );
    stream.write_all((head + body).as_bytes())
}

fn events(
    stream: &mut TcpStream,
    reader: &mut BufReader<TcpStream>,
    events: &[String],
    end: End,
) -> io::Result<()> {
    stream.write_all(
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n",
    )?;
    for data in events {
        chunk(stream, &format!("data: {data}\n\n"))?;
    }
    match end {
        End::Done => {
            chunk(stream, "data: [DONE]\n\n")?;
            stream.write_all(b"0\r\n\r\n")?;
        }
        End::Disconnect => {}
        End::Hold => {
            // Nothing more comes: what ends this is the end of the connection.
            reader.read_to_end(&mut Vec::new())?;
        }
    }
    stream.shutdown(Shutdown::Both)
}

fn chunk(stream: &mut TcpStream, text: &str) -> io::Result<()> {
    stream.write_all(format!("{:x}\r\n{text}\r\n", text.len()).as_bytes())
}
