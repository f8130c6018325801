use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sentry_core::protocol::ClientReport;
use sentry_core::protocol::client_report::{Category, Item, Reason};
use serde_json::Value;

use super::spool::Importance;

/// An envelope that was read from a file, without a look into it yet.
#[derive(Debug)]
pub(super) struct Stored {
    path: PathBuf,
    importance: Importance,
    bytes: Vec<u8>,
}

/// What a stored envelope holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Contents {
    pub(super) errors: u64,
    pub(super) transactions: u64,
    /// The transactions' roots included.
    pub(super) spans: u64,
}

impl Stored {
    pub(super) fn read(path: &Path, importance: Importance) -> io::Result<Self> {
        Ok(Self { path: path.to_owned(), importance, bytes: fs::read(path)? })
    }

    /// The category of what it mainly holds.
    pub(super) const fn category(&self) -> &'static str {
        match self.importance {
            Importance::Error => "error",
            Importance::Other => "transaction",
        }
    }

    /// What is in it; `None` if it is damaged.
    pub(super) fn contents(&self) -> Option<Contents> {
        let (_, mut rest) = parse_line(&self.bytes)?;
        let mut contents = Contents::default();
        while !rest.is_empty() {
            let (header, after) = parse_line(rest)?;
            let length = usize::try_from(header["length"].as_u64()?).ok()?;
            let (payload, after) = after.split_at_checked(length)?;
            contents.count(header["type"].as_str()?, &serde_json::from_slice(payload).ok()?);
            rest = after.strip_prefix(b"\n")?;
        }
        Some(contents)
    }

    /// The envelope's bytes as they leave now: the time of leaving is one of its headers.
    pub(super) fn body(&self, sent_at: &str) -> Option<Vec<u8>> {
        let (mut headers, rest) = parse_line(&self.bytes)?;
        headers.as_object_mut()?.insert("sent_at".to_owned(), sent_at.into());
        let mut body = serde_json::to_vec(&headers).ok()?;
        body.push(b'\n');
        body.extend_from_slice(rest);
        Some(body)
    }

    pub(super) fn remove(&self) {
        let _ = fs::remove_file(&self.path);
    }
}

impl Contents {
    fn count(&mut self, kind: &str, payload: &Value) {
        match kind {
            "event" => self.errors += 1,
            "transaction" => {
                self.transactions += 1;
                self.spans += 1 + payload["spans"].as_array().map_or(0, Vec::len) as u64;
            }
            "span" => self.spans += payload["items"].as_array().map_or(0, Vec::len) as u64,
            _ => {}
        }
    }

    /// Category and quantity of what is there.
    pub(super) fn quantities(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let all =
            [("error", self.errors), ("transaction", self.transactions), ("span", self.spans)];
        all.into_iter().filter(|(_, quantity)| *quantity > 0)
    }

    /// The same as a report of losses.
    pub(super) fn report(&self) -> ClientReport {
        let category = |word| match word {
            "error" => Category::Error,
            "transaction" => Category::Transaction,
            _ => Category::Span,
        };
        let item = |(word, quantity)| Item::new(category(word), Reason::QueueOverflow, quantity);
        ClientReport::new(self.quantities().map(item))
    }
}

/// A time as envelopes' headers write it; it can't fail, but may be missing.
pub(super) fn sent_at(time: SystemTime) -> String {
    let headers = sentry_core::protocol::EnvelopeHeaders::new().with_sent_at(time);
    let headers = serde_json::to_value(&headers).unwrap_or_default();
    headers["sent_at"].as_str().unwrap_or_default().to_owned()
}

fn parse_line(bytes: &[u8]) -> Option<(Value, &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let value: Value = serde_json::from_slice(&bytes[..end]).ok()?;
    value.is_object().then_some((value, &bytes[end + 1..]))
}
