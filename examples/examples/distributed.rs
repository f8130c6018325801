//! One trace through two processes: `cargo run --example distributed`.
//!
//! The second process is this program, run again with the argument `stock`. Both draw what they
//! recorded; the trace's id is the same. With the feature `sentry` and a `SENTRY_DSN` Sentry shows
//! one trace of two services.

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};

use monitor_runtime::{continue_trace, current_trace_headers, traced};

#[monitor_runtime::main]
fn main() -> Result<(), Box<dyn Error>> {
    match std::env::args().nth(1).as_deref() {
        Some("stock") => serve_once(),
        _ => order(),
    }
}

/// The first service.
#[traced(op = "http.server", name = "GET /orders")]
fn order() -> Result<(), Box<dyn Error>> {
    let mut stock =
        Command::new(std::env::current_exe()?).arg("stock").stdout(Stdio::piped()).spawn()?;
    let mut address = String::new();
    BufReader::new(stock.stdout.take().ok_or("no output")?).read_line(&mut address)?;
    println!("the other process says: {}", get(address.trim())?);
    stock.wait()?;
    Ok(())
}

/// The call: its headers carry the trace.
#[traced(op = "http.client", name = "GET /stock")]
fn get(address: &str) -> Result<String, Box<dyn Error>> {
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET /stock HTTP/1.1\r\nhost: {address}\r\n")?;
    for (name, value) in current_trace_headers() {
        write!(stream, "{name}: {value}\r\n")?;
    }
    write!(stream, "\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// The second service, for one request.
fn serve_once() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    let (mut stream, _) = listener.accept()?;
    let lines: Result<Vec<String>, _> = BufReader::new(&stream)
        .lines()
        .take_while(|line| !matches!(line, Ok(l) if l.is_empty()))
        .collect();
    let lines = lines?;
    let headers = lines.iter().filter_map(|line| line.split_once(": "));
    let answer = continue_trace(headers).run(stock);
    stream.write_all(answer.as_bytes())?;
    Ok(())
}

#[traced(op = "http.server", name = "GET /stock")]
fn stock() -> String {
    "3 left".to_owned()
}
