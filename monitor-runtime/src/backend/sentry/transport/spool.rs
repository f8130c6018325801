//! Envelopes on disk, for a server that can't be reached.
//!
//! A file an envelope; its name says how important it is and when it was written, so that the order
//! of names is the order of sending. A file appears under its name only when it is whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::stored::Stored;

const SUFFIX: &str = ".envelope";
const UNFINISHED: &str = ".unfinished";

/// A file that was begun so long ago isn't being written any more.
const ABANDONED: Duration = Duration::from_secs(60);

/// A folder of a bounded size.
#[derive(Debug)]
pub(in crate::backend::sentry) struct Spool {
    folder: PathBuf,
    max_bytes: u64,
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
    _lock: File,
}

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
        Ok(Self { folder: folder.to_owned(), max_bytes })
    }

    /// Keeps an envelope. What is less important goes for it, nothing else does.
    pub(super) fn save(&self, importance: Importance, body: &[u8]) -> io::Result<Saved> {
        let mut entries = self.entries()?;
        let mut evicted = Vec::new();
        let mut taken = entries.iter().map(|entry| entry.bytes).sum::<u64>() + body.len() as u64;
        while taken > self.max_bytes {
            let Some(last) = entries.pop().filter(|entry| entry.importance > importance) else {
                return Ok(Saved { is_kept: false, evicted });
            };
            taken -= last.bytes;
            evicted.extend(Stored::read(&last.path, last.importance).ok());
            fs::remove_file(&last.path)?;
        }
        self.write(importance, body)?;
        Ok(Saved { is_kept: true, evicted })
    }

    fn write(&self, importance: Importance, body: &[u8]) -> io::Result<()> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let millis = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let rank = importance as u8;
        let name = format!("{rank}-{millis:015}-{}-{number:06}", process::id());
        let unfinished = self.folder.join(format!("{name}{UNFINISHED}"));
        let written = private_file(&unfinished).and_then(|mut file| file.write_all(body));
        let kept = written
            .and_then(|()| fs::rename(&unfinished, self.folder.join(format!("{name}{SUFFIX}"))));
        if kept.is_err() {
            let _ = fs::remove_file(&unfinished);
        }
        kept
    }

    /// The right to send what is in the folder, unless another process has it.
    pub(super) fn turn(&self) -> Option<Turn> {
        let lock = private_file(&self.folder.join("lock")).ok()?;
        lock.try_lock().ok()?;
        self.remove_abandoned();
        Some(Turn { _lock: lock })
    }

    /// The next envelope to send.
    pub(super) fn first(&self) -> Option<Stored> {
        loop {
            let entry = self.entries().ok()?.into_iter().next()?;
            match Stored::read(&entry.path, entry.importance) {
                Ok(stored) => return Some(stored),
                // It can't be read: it would be in the way for ever.
                Err(_) => fs::remove_file(&entry.path).ok()?,
            }
        }
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
