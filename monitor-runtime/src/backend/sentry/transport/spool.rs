//! Envelopes on disk, for a server that can't be reached.
//!
//! A file an envelope; its name says how important it is and when it was written, so that the order
//! of names is the order of sending. A file appears under its name only when it is whole.

use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::stored::Stored;

const SUFFIX: &str = ".envelope";
const UNFINISHED: &str = ".unfinished";

/// A file that was begun so long ago isn't being written any more.
const ABANDONED: Duration = Duration::from_secs(60);

/// How old what is known of the folder may be: other processes use it, too.
const FRESH: Duration = Duration::from_secs(1);

/// A folder of a bounded size.
#[derive(Debug)]
pub(in crate::backend::sentry) struct Spool {
    folder: PathBuf,
    max_bytes: u64,
    known: Mutex<Known>,
    /// Whether something was saved that no turn has seen yet.
    has_new: AtomicBool,
}

/// What is in the folder: as it was read last, and what was done since.
#[derive(Debug, Default)]
struct Known {
    read: Option<Instant>,
    bytes: u64,
    /// What goes for something more important, the first to go at the end.
    evictable: Vec<Entry>,
}

/// What an envelope holds, by how much it would be missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Importance {
    /// An event.
    Error,
    /// Anything else.
    Other,
}

/// What became of an envelope that was to be kept.
#[derive(Debug)]
pub(super) struct Saved {
    /// Whether there was room.
    pub(super) is_kept: bool,
    /// What had to go for it.
    pub(super) evicted: Vec<Stored>,
}

/// Held by the one process that sends what is in the folder; the system lets it go with the process.
#[derive(Debug)]
pub(super) struct Turn {
    lock: File,
    /// The most important first, and of those the oldest.
    entries: VecDeque<Entry>,
}

#[derive(Debug)]
struct Entry {
    path: PathBuf,
    importance: Importance,
    bytes: u64,
}

impl Spool {
    /// Uses a folder, which is made if it isn't there: readable by its owner alone.
    pub(in crate::backend::sentry) fn open(folder: &Path, max_bytes: u64) -> io::Result<Self> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
        let (folder, known) = (folder.to_owned(), Mutex::default());
        Ok(Self { folder, max_bytes, known, has_new: AtomicBool::new(false) })
    }

    /// Keeps an envelope. What is less important goes for it, nothing else does.
    pub(super) fn save(&self, importance: Importance, body: &[u8]) -> io::Result<Saved> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.read.is_none_or(|read| read.elapsed() > FRESH) {
            *known = Known::of(self.entries()?);
        }
        let bytes = body.len() as u64;
        let mut evicted = Vec::new();
        if !known.has_room(bytes, importance, self.max_bytes) {
            return Ok(Saved { is_kept: false, evicted });
        }
        while known.bytes + bytes > self.max_bytes {
            let Some(entry) = known.evictable.pop() else { break };
            known.bytes -= entry.bytes;
            // It may have been sent meanwhile.
            let stored = Stored::read(&entry.path, entry.importance);
            evicted.extend(stored.ok().filter(|_| fs::remove_file(&entry.path).is_ok()));
        }
        let path = self.write(importance, body)?;
        self.has_new.store(true, Ordering::Relaxed);
        known.bytes += bytes;
        if importance > Importance::Error {
            known.evictable.push(Entry { path, importance, bytes });
        }
        Ok(Saved { is_kept: true, evicted })
    }

    fn write(&self, importance: Importance, body: &[u8]) -> io::Result<PathBuf> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let millis = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let rank = importance as u8;
        let name = format!("{rank}-{millis:015}-{}-{number:06}", process::id());
        let unfinished = self.folder.join(format!("{name}{UNFINISHED}"));
        let finished = self.folder.join(format!("{name}{SUFFIX}"));
        let written = private_file(&unfinished).and_then(|mut file| file.write_all(body));
        let kept = written.and_then(|()| fs::rename(&unfinished, &finished));
        if kept.is_err() {
            let _ = fs::remove_file(&unfinished);
        }
        kept.map(|()| finished)
    }

    /// Whether something was saved since the last turn.
    pub(super) fn has_new(&self) -> bool {
        self.has_new.load(Ordering::Relaxed)
    }

    /// The right to send what is in the folder, unless that is nothing or another process has it.
    pub(super) fn turn(&self) -> Option<Turn> {
        self.has_new.store(false, Ordering::Relaxed);
        if self.entries().ok()?.is_empty() {
            return None;
        }
        let lock = private_file(&self.folder.join("lock")).ok()?;
        lock.try_lock().ok()?;
        self.remove_abandoned();
        // Read again: until here another process may have had the right.
        Some(Turn { lock, entries: self.entries().ok()?.into() })
    }

    /// The most important first, and of those the oldest.
    fn entries(&self) -> io::Result<Vec<Entry>> {
        let files = fs::read_dir(&self.folder)?.filter_map(Result::ok);
        let mut entries: Vec<_> = files.filter_map(|file| Entry::of(&file)).collect();
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(entries)
    }

    fn remove_abandoned(&self) {
        let Ok(files) = fs::read_dir(&self.folder) else { return };
        for file in files.filter_map(Result::ok) {
            let is_unfinished = file.file_name().to_string_lossy().ends_with(UNFINISHED);
            let written = file.metadata().and_then(|data| data.modified()).ok();
            let age = written.and_then(|written| written.elapsed().ok()).unwrap_or_default();
            if is_unfinished && age > ABANDONED {
                let _ = fs::remove_file(file.path());
            }
        }
    }
}

impl Known {
    fn of(entries: Vec<Entry>) -> Self {
        let bytes = entries.iter().map(|entry| entry.bytes).sum();
        let is_evictable = |entry: &Entry| entry.importance > Importance::Error;
        let evictable = entries.into_iter().filter(is_evictable).collect();
        Self { read: Some(Instant::now()), bytes, evictable }
    }

    /// Whether there is room, or it can be made.
    fn has_room(&self, bytes: u64, importance: Importance, max: u64) -> bool {
        let may_evict = importance == Importance::Error;
        let evictable = self.evictable.iter().map(|entry| entry.bytes).filter(|_| may_evict);
        bytes <= max
            && (self.bytes + bytes <= max
                || self.bytes.saturating_sub(evictable.sum()) + bytes <= max)
    }
}

impl Turn {
    /// The next envelope to send.
    pub(super) fn next(&mut self) -> Option<Stored> {
        loop {
            let entry = self.entries.pop_front()?;
            match Stored::read(&entry.path, entry.importance) {
                Ok(stored) => return Some(stored),
                // It can't be read: it would be in the way for ever.
                Err(_) => drop(fs::remove_file(&entry.path)),
            }
        }
    }
}

/// Closing the file isn't enough: a forked child may have it open, too.
impl Drop for Turn {
    fn drop(&mut self) {
        let _ = self.lock.unlock();
    }
}

impl Entry {
    fn of(file: &fs::DirEntry) -> Option<Self> {
        let name = file.file_name();
        let name = name.to_str().filter(|name| name.ends_with(SUFFIX))?;
        let importance = match name.as_bytes()[0] {
            b'0' => Importance::Error,
            _ => Importance::Other,
        };
        Some(Self { path: file.path(), importance, bytes: file.metadata().ok()?.len() })
    }
}

fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
