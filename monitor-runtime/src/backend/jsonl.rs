//! Writes what it receives as lines of JSON.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;

use super::{Backend, Loss};
use crate::record::{CheckIn, Event, Metric, SessionAggregate, SessionUpdate, Transaction};

/// A backend that writes a line of JSON for each transaction, event, metric, check-in, session and loss.
///
/// Each line is an object with a `type`: `transaction`, `event`, `metric`, `check_in`, `session`,
/// `session_aggregate` or `loss`. Times are
/// seconds since 1970 with a fraction, durations are nanoseconds. A line that can't be written, as
/// on a full disk, is left out, and [`flush`](crate::flush) says `false`.
///
/// ```no_run
/// use monitor_runtime::{Config, JsonLines};
///
/// let lines = JsonLines::append("monitor.jsonl")?;
/// let _guard = monitor_runtime::init(Config::new().with_backend(lines))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct JsonLines {
    out: Mutex<Out>,
}

struct Out {
    writer: Box<dyn Write + Send>,
    failed: bool,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line<'a> {
    Transaction(&'a Transaction),
    Event(&'a Event),
    Metric(&'a Metric),
    CheckIn(&'a CheckIn),
    Session(&'a SessionUpdate),
    SessionAggregate(&'a SessionAggregate),
    Loss(&'a Loss),
}

impl JsonLines {
    /// Writes to the end of a file, which is made if it isn't there.
    ///
    /// # Errors
    /// When the file can't be opened.
    pub fn append(path: impl AsRef<Path>) -> io::Result<Self> {
        Ok(Self::to_file(OpenOptions::new().append(true).create(true).open(path)?))
    }

    /// Writes to a new file; one that is there is replaced.
    ///
    /// # Errors
    /// When the file can't be made.
    pub fn create(path: impl AsRef<Path>) -> io::Result<Self> {
        Ok(Self::to_file(File::create(path)?))
    }

    fn to_file(file: File) -> Self {
        Self::to_writer(BufWriter::new(file))
    }

    /// Writes to anything.
    pub fn to_writer(writer: impl Write + Send + 'static) -> Self {
        Self { out: Mutex::new(Out { writer: Box::new(writer), failed: false }) }
    }

    fn write(&self, line: &Line<'_>) {
        // First into memory: a line is written whole or not at all.
        let text = serde_json::to_vec(line);
        self.change(|out| {
            let written = text.map_err(io::Error::other).and_then(|mut text| {
                text.push(b'\n');
                out.writer.write_all(&text)
            });
            out.failed |= written.is_err();
        });
    }

    fn change<T>(&self, f: impl FnOnce(&mut Out) -> T) -> T {
        f(&mut self.out.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Backend for JsonLines {
    fn name(&self) -> &'static str {
        "jsonl"
    }

    fn transaction(&self, transaction: &Arc<Transaction>) {
        self.write(&Line::Transaction(transaction));
    }

    fn event(&self, event: &Arc<Event>) {
        self.write(&Line::Event(event));
    }

    fn metrics(&self, metrics: &[Metric]) {
        for metric in metrics {
            self.write(&Line::Metric(metric));
        }
    }

    fn check_in(&self, check_in: &Arc<CheckIn>) {
        self.write(&Line::CheckIn(check_in));
    }

    fn session(&self, session: &SessionUpdate) {
        self.write(&Line::Session(session));
    }

    fn session_aggregates(&self, aggregates: &[SessionAggregate]) {
        aggregates.iter().for_each(|aggregate| self.write(&Line::SessionAggregate(aggregate)));
    }

    fn lost(&self, loss: &Loss) {
        if !loss.is_empty() {
            self.write(&Line::Loss(loss));
        }
    }

    fn flush(&self, _timeout: Duration) -> bool {
        self.change(|out| out.writer.flush().is_ok() && !std::mem::take(&mut out.failed))
    }
}

impl fmt::Debug for JsonLines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonLines").finish_non_exhaustive()
    }
}
