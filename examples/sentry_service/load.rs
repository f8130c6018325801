//! Many requests at once.

use std::fmt;
use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// How many requests were answered in which way.
#[derive(Default)]
pub(crate) struct Answers {
    ok: u32,
    failed: u32,
    broken: u32,
}

impl fmt::Display for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ok, failed, broken } = self;
        write!(f, "{ok} answered 200, {failed} answered 500, {broken} not answered")
    }
}

pub(crate) async fn drive(address: SocketAddr, requests: u32, at_once: u32) -> Answers {
    let mut clients = JoinSet::new();
    for client in 0..at_once {
        clients.spawn(async move {
            let mut statuses = Vec::new();
            for number in (client..requests).step_by(at_once as usize) {
                statuses.push(get(address, &path(number)).await);
            }
            statuses
        });
    }
    let mut answers = Answers::default();
    for status in clients.join_all().await.into_iter().flatten() {
        match status {
            Ok(200) => answers.ok += 1,
            Ok(500) => answers.failed += 1,
            _ => answers.broken += 1,
        }
    }
    answers
}

/// One request in ten fails, one in twenty is slow.
fn path(number: u32) -> String {
    let what = match number % 20 {
        3 | 13 => "refunds",
        7 => "report",
        _ => "orders",
    };
    format!("/users/{number}/{what}")
}

async fn get(address: SocketAddr, path: &str) -> io::Result<u16> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    status.ok_or_else(|| io::Error::other("no status"))
}
