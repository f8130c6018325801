//! As much of a provider of models as the example needs, on the loopback interface: a question is answered
//! by a call of a tool, and what the tool found by a text, piece by piece.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use serde_json::json;

/// Listens; where its API is.
pub(crate) fn start() -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/v1", listener.local_addr()?);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            // A client that goes away early is none of its business.
            thread::spawn(move || answer(stream).unwrap_or_default());
        }
    });
    Ok(url)
}

fn answer(mut stream: TcpStream) -> io::Result<()> {
    let request = read(&stream)?;
    if request.contains("\"stream\":true") { pieces(&mut stream) } else { tool_call(&mut stream) }
}

/// The body of a request.
fn read(stream: &TcpStream) -> io::Result<String> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if let Some(("content-length", value)) = line.to_lowercase().split_once(": ") {
            length = value.trim().parse().unwrap_or(0);
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = String::new();
    reader.take(length).read_to_string(&mut body)?;
    Ok(body)
}

fn tool_call(stream: &mut TcpStream) -> io::Result<()> {
    thread::sleep(Duration::from_millis(20));
    let call = json!({"id": "call_1", "type": "function",
        "function": {"name": "weather", "arguments": "{\"city\":\"Lisbon\"}"}});
    let message = json!({"role": "assistant", "content": null, "tool_calls": [call]});
    let body = json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-4o-2024-08-06",
        "choices": [{"index": 0, "finish_reason": "tool_calls", "message": message}],
        "usage": {"prompt_tokens": 1200, "completion_tokens": 20, "total_tokens": 1220,
            "prompt_tokens_details": {"cached_tokens": 1024}},
    })
    .to_string();
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n{body}"
    )
}

fn pieces(stream: &mut TcpStream) -> io::Result<()> {
    stream.write_all(
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n",
    )?;
    let mut send = |choices: serde_json::Value, usage: serde_json::Value| {
        thread::sleep(Duration::from_millis(5));
        let chunk = json!({
            "id": "chatcmpl-2", "object": "chat.completion.chunk", "created": 1,
            "model": "gpt-4o-2024-08-06", "choices": choices, "usage": usage,
        });
        write!(stream, "data: {chunk}\n\n")
    };
    for word in ["It ", "is ", "sunny ", "in ", "Lisbon."] {
        send(json!([{"index": 0, "delta": {"content": word}}]), json!(null))?;
    }
    send(json!([{"index": 0, "delta": {}, "finish_reason": "stop"}]), json!(null))?;
    let usage = json!({"prompt_tokens": 1300, "completion_tokens": 60, "total_tokens": 1360});
    send(json!([]), usage)?;
    stream.write_all(b"data: [DONE]\n\n")
}
