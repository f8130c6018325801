//! A server that counts what it takes, and says so once its standard input is closed.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::Value;

/// What was taken, and what the reports say was lost.
#[derive(Default)]
struct Counts {
    requests: u64,
    errors: u64,
    transactions: u64,
    spans: u64,
    reported_errors: u64,
    reported_spans: u64,
}

pub(crate) fn run(fault: &str) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("{}", listener.local_addr().unwrap());
    let counts = Arc::new(Mutex::new(Counts::default()));
    let shared = Arc::clone(&counts);
    let fault = fault.to_owned();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (counts, fault) = (Arc::clone(&shared), fault.clone());
            thread::spawn(move || serve(&stream.unwrap(), &counts, &fault));
        }
    });
    io::stdin().read_to_end(&mut Vec::new()).unwrap();
    let Counts { requests, errors, transactions, spans, reported_errors, reported_spans } =
        *counts.lock().unwrap();
    println!("{requests} {errors} {transactions} {spans} {reported_errors} {reported_spans}");
}

fn serve(stream: &TcpStream, counts: &Mutex<Counts>, fault: &str) -> io::Result<()> {
    let mut reader = BufReader::with_capacity(1 << 16, stream);
    let mut body = Vec::new();
    while read_request(&mut reader, &mut body)? {
        let answer: &[u8] = match fault {
            "hang" => {
                thread::park();
                return Ok(());
            }
            "limit" => b"HTTP/1.1 429 No\r\nretry-after: 60\r\ncontent-length: 0\r\n\r\n",
            "reset" => return Ok(()),
            "slow" => {
                thread::sleep(Duration::from_millis(20));
                b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
            }
            _ => b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",
        };
        count(&body, &mut counts.lock().unwrap());
        (&mut &*stream).write_all(answer)?;
    }
    Ok(())
}

fn read_request(reader: &mut impl BufRead, body: &mut Vec<u8>) -> io::Result<bool> {
    let mut length = 0;
    let mut line = String::new();
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(false);
        }
        if line == "\r\n" {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    body.resize(length, 0);
    reader.read_exact(body)?;
    Ok(true)
}

fn count(body: &[u8], counts: &mut Counts) {
    counts.requests += 1;
    let mut lines = body.split(|byte| *byte == b'\n').skip(1);
    while let (Some(header), Some(payload)) = (lines.next(), lines.next()) {
        let header: Value = serde_json::from_slice(header).unwrap();
        match header["type"].as_str().unwrap() {
            "event" => counts.errors += 1,
            "transaction" => {
                counts.transactions += 1;
                // One of the transaction's own, and one a span.
                counts.spans += occurrences(payload, b"\"start_timestamp\":");
            }
            "client_report" => {
                let report: Value = serde_json::from_slice(payload).unwrap();
                for loss in report["discarded_events"].as_array().unwrap() {
                    let quantity = loss["quantity"].as_u64().unwrap();
                    match loss["category"].as_str().unwrap() {
                        "error" => counts.reported_errors += quantity,
                        "span" => counts.reported_spans += quantity,
                        _ => {}
                    }
                }
            }
            kind => panic!("an item of the type {kind}"),
        }
    }
}

fn occurrences(text: &[u8], of: &[u8]) -> u64 {
    text.windows(of.len()).filter(|window| *window == of).count() as u64
}
