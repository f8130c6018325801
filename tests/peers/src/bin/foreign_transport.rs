//! 200 errors at once through a transport of the `sentry` crate, as docs/reliability.md tells.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use monitor_runtime::{Config, SentryBackend, SentryOptions, capture_errors};

#[capture_errors]
fn fail() -> Result<(), String> {
    Err("it failed".to_owned())
}

fn main() {
    let hangs = std::env::args().nth(1).as_deref() == Some("hang");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let taken = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&taken);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let counter = Arc::clone(&counter);
            thread::spawn(move || serve(&stream.unwrap(), &counter, hangs));
        }
    });
    let options = SentryOptions::new(format!("http://key@{address}/42"))
        .with_transport(sentry::transports::DefaultTransportFactory);
    let config = Config::new().with_backend(SentryBackend::new(options).unwrap());
    let config =
        config.with_max_events_per_callsite(u32::MAX).with_max_events_per_fingerprint(u32::MAX);
    let guard = monitor_runtime::init(config).unwrap();
    for _ in 0..200 {
        let _ = fail();
    }
    let start = Instant::now();
    drop(guard);
    let took = start.elapsed();
    println!("{} of 200 taken, {took:.2?} for the end", taken.load(Ordering::Relaxed));
    assert!(took < Duration::from_millis(2500));
}

fn serve(stream: &TcpStream, taken: &AtomicUsize, hangs: bool) {
    let mut reader = BufReader::new(stream);
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if line == "\r\n" {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        if hangs {
            thread::park();
        }
        let events = body.windows(14).filter(|bytes| bytes == b"\"type\":\"event\"").count();
        taken.fetch_add(events, Ordering::Relaxed);
        (&mut &*stream).write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").unwrap();
    }
}
