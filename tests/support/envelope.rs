//! An envelope's bytes, read back as a server reads them.

use serde_json::Value;

/// What one request carried.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// The first line.
    pub headers: Value,
    /// What follows.
    pub items: Vec<Item>,
}

/// One item of an envelope.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its line of headers.
    pub headers: Value,
    /// Its payload; `Null` where that isn't JSON.
    pub payload: Value,
}

impl Envelope {
    /// Reads an envelope.
    ///
    /// # Errors
    /// Says what breaks the format.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let (headers, mut rest) = split_line(bytes);
        let headers = parse_object(headers).map_err(|why| format!("envelope headers: {why}"))?;
        let mut items = Vec::new();
        while !rest.is_empty() {
            let item;
            (item, rest) = Item::parse(rest)?;
            items.push(item);
        }
        if items.is_empty() { Err("no items".to_owned()) } else { Ok(Self { headers, items }) }
    }
}

impl Item {
    /// What the item is: `event`, `transaction`, `client_report`.
    ///
    /// # Panics
    /// Never for a parsed item.
    pub fn kind(&self) -> &str {
        self.headers["type"].as_str().expect("checked when parsed")
    }

    /// Reads an item and returns what follows it.
    fn parse(bytes: &[u8]) -> Result<(Self, &[u8]), String> {
        let (line, rest) = split_line(bytes);
        let headers = parse_object(line).map_err(|why| format!("item headers: {why}"))?;
        if !headers["type"].is_string() {
            return Err(format!("an item without a type: {headers}"));
        }
        let (payload, rest) = match headers["length"].as_u64() {
            Some(length) => split_at(rest, usize::try_from(length).unwrap_or(usize::MAX))?,
            None => split_line(rest),
        };
        let payload = match headers["type"].as_str() {
            Some("attachment") => Value::Null,
            _ => serde_json::from_slice(payload).map_err(|why| format!("payload: {why}"))?,
        };
        Ok((Self { headers, payload }, rest))
    }
}

fn parse_object(line: &[u8]) -> Result<Value, String> {
    let value: Value = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    if value.is_object() { Ok(value) } else { Err(format!("not an object: {value}")) }
}

/// The first line and what follows its end.
fn split_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    match bytes.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&bytes[..end], &bytes[end + 1..]),
        None => (bytes, &[]),
    }
}

/// So many bytes and what follows the line end after them.
fn split_at(bytes: &[u8], length: usize) -> Result<(&[u8], &[u8]), String> {
    let (payload, rest) = bytes.split_at_checked(length).ok_or("a payload that is cut short")?;
    match rest {
        [] => Ok((payload, rest)),
        [b'\n', rest @ ..] => Ok((payload, rest)),
        _ => Err("a payload that is longer than it says".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_with_and_without_a_length() {
        let bytes = b"{\"event_id\":\"1\"}\n{\"type\":\"event\",\"length\":4}\n{\"\n\"\n{\"type\":\"log\"}\n{}\n";
        assert!(Envelope::parse(bytes).unwrap_err().contains("payload"));
        let bytes = b"{}\n{\"type\":\"event\",\"length\":3}\n{\n}\n{\"type\":\"log\"}\n{}\n";
        let envelope = Envelope::parse(bytes).unwrap();
        assert_eq!(envelope.items.iter().map(Item::kind).collect::<Vec<_>>(), ["event", "log"]);
    }

    #[test]
    fn broken_framing_is_found() {
        for bytes in [
            &b""[..],
            b"{}",
            b"[]\n{\"type\":\"event\"}\n{}",
            b"{}\n{}\n{}",
            b"{}\n{\"type\":\"event\",\"length\":9}\n{}",
            b"{}\n{\"type\":\"event\",\"length\":1}\n{}",
        ] {
            assert!(Envelope::parse(bytes).is_err(), "{}", String::from_utf8_lossy(bytes));
        }
    }
}
