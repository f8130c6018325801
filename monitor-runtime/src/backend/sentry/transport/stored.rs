use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sentry_core::protocol::ClientReport;
use sentry_core::protocol::client_report::{Category, Item, Reason};
use serde_json::Value;

use super::spool::Importance;
use crate::backend::sentry::tally::category_word;

/// An envelope that was read from a file, without a look into it yet.
#[derive(Debug)]
pub(super) struct Stored {
    path: PathBuf,
    importance: Importance,
    bytes: Vec<u8>,
}

/// What a stored envelope holds: how many of which category, a transaction's root among its spans.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Contents(Vec<(Category, u64)>);

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
        let items = |key: &str| payload[key].as_array().map_or(0, Vec::len) as u64;
        match kind {
            "event" => self.add(Category::Error, 1),
            "transaction" => {
                self.add(Category::Transaction, 1);
                self.add(Category::Span, 1 + items("spans"));
            }
            "span" => self.add(Category::Span, items("items")),
            "log" => self.add(Category::LogItem, items("items")),
            "trace_metric" => self.add(Category::TraceMetric, items("items")),
            "check_in" => self.add(Category::Monitor, 1),
            "session" | "sessions" => self.add(Category::Session, 1),
            _ => {}
        }
    }

    fn add(&mut self, category: Category, quantity: u64) {
        self.0.push((category, quantity));
    }

    /// Category and quantity of what is there.
    pub(super) fn quantities(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.0.iter().map(|(category, quantity)| (category_word(*category), *quantity))
    }

    /// The same as a report of losses.
    pub(super) fn report(&self) -> ClientReport {
        let item = |(category, quantity): &(Category, u64)| {
            Item::new(*category, Reason::QueueOverflow, *quantity)
        };
        ClientReport::new(self.0.iter().map(item))
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
