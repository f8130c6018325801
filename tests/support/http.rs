//! As much of HTTP/1.1 as the tests need.

use std::io::{self, BufRead, Read, Write};

use flate2::read::GzDecoder;

/// One request.
#[derive(Clone, Debug)]
pub struct Request {
    /// `POST`.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// Names as they came, and values.
    pub headers: Vec<(String, String)>,
    /// The body, put together from its chunks.
    pub body: Vec<u8>,
}

impl Request {
    /// Reads a request; `None` when the connection was closed before one began.
    ///
    /// # Errors
    /// When the connection breaks, or what comes is no request.
    pub fn read(stream: &mut impl BufRead) -> io::Result<Option<Self>> {
        let Some(first) = read_line(stream)? else { return Ok(None) };
        let mut words = first.split(' ').map(str::to_owned);
        let (Some(method), Some(path)) = (words.next(), words.next()) else {
            return Err(invalid("request line"));
        };
        let headers = read_headers(stream)?;
        let mut request = Self { method, path, headers, body: Vec::new() };
        request.body = request.decode(request.read_body(stream)?)?;
        Ok(Some(request))
    }

    /// The value of a header; names in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    fn decode(&self, body: Vec<u8>) -> io::Result<Vec<u8>> {
        if self.header("content-encoding") != Some("gzip") {
            return Ok(body);
        }
        let mut decoded = Vec::new();
        let read = GzDecoder::new(&body[..]).read_to_end(&mut decoded);
        read.map_err(|_| invalid("gzip"))?;
        Ok(decoded)
    }

    fn read_body(&self, stream: &mut impl BufRead) -> io::Result<Vec<u8>> {
        if self.header("transfer-encoding").is_some_and(|coding| coding.contains("chunked")) {
            return read_chunks(stream);
        }
        let length = self.header("content-length").unwrap_or("0");
        let length = length.parse().map_err(|_| invalid("content-length"))?;
        read_exact(stream, length)
    }
}

/// Answers a request.
pub(crate) fn respond(
    stream: &mut impl Write,
    status: u16,
    headers: &[(String, String)],
) -> io::Result<()> {
    let headers: String =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    // In one piece: several small ones would wait for each other.
    let answer = format!("HTTP/1.1 {status} Test\r\ncontent-length: 2\r\n{headers}\r\n{{}}");
    stream.write_all(answer.as_bytes())
}

fn read_headers(stream: &mut impl BufRead) -> io::Result<Vec<(String, String)>> {
    let mut headers = Vec::new();
    loop {
        let line = read_line(stream)?.ok_or_else(|| invalid("headers"))?;
        if line.is_empty() {
            return Ok(headers);
        }
        let (name, value) = line.split_once(':').ok_or_else(|| invalid("header"))?;
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
}

fn read_chunks(stream: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = read_line(stream)?.ok_or_else(|| invalid("chunk"))?;
        let size = line.split(';').next().unwrap_or_default();
        let size = u64::from_str_radix(size.trim(), 16).map_err(|_| invalid("chunk size"))?;
        if size == 0 {
            read_headers(stream)?;
            return Ok(body);
        }
        body.extend(read_exact(stream, size)?);
        read_line(stream)?;
    }
}

fn read_exact(stream: &mut impl BufRead, length: u64) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    let read = stream.take(length).read_to_end(&mut body)?;
    if read as u64 == length { Ok(body) } else { Err(invalid("body that is cut short")) }
}

/// A line without its end; `None` at the end of the stream.
fn read_line(stream: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = String::new();
    let read = stream.read_line(&mut line)?;
    Ok((read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned()))
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("not HTTP: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> io::Result<Option<Request>> {
        Request::read(&mut text.as_bytes())
    }

    #[test]
    fn bodies_with_a_length_and_in_chunks() {
        let request = read("POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcd").unwrap().unwrap();
        assert_eq!((request.path.as_str(), request.body.as_slice()), ("/a", &b"abc"[..]));
        let chunks = "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n";
        assert_eq!(read(chunks).unwrap().unwrap().body, b"abc");
    }

    #[test]
    fn the_end_between_requests_is_no_error_and_inside_one_is() {
        assert!(read("").unwrap().is_none());
        assert!(read("POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nab").is_err());
        assert!(read("POST /a HTTP/1.1\r\n").is_err());
    }
}
