//! Notes what a panic says, for the annotated function that it ends; and captures a panic that ends
//! none, where the settings ask for that.

use std::backtrace::Backtrace;
use std::cell::Cell;
use std::panic::PanicHookInfo;
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::UNIX_EPOCH;

use super::capture;
use super::local;
use crate::callsite::{Callsite, flag};
use crate::clock;
use crate::hub::Hub;
use crate::record::{StackFrame, parse_backtrace};

/// Backtraces of panics in a minute, in the whole process: each takes milliseconds.
const MAX_BACKTRACES: u64 = 60;

/// What a panic said.
#[derive(Default)]
pub(super) struct Panicked {
    pub(super) message: String,
    /// File, line and column.
    pub(super) location: Option<String>,
    /// The name of the thread, if it has one.
    pub(super) thread: Option<String>,
    /// Where it was called from, the innermost first.
    pub(super) frames: Vec<StackFrame>,
}

/// The thread's last panic.
#[derive(Default)]
enum Last {
    #[default]
    Unknown,
    Noted(Box<Panicked>),
    Captured,
}

thread_local! {
    static LAST: Cell<Last> = const { Cell::new(Last::Unknown) };
}

/// Puts our hook before the one in place, once a process. It prints nothing.
pub(crate) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            note(info);
            before(info);
        }));
    });
}

/// What becomes of a panic on the calling thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// Nobody asks for it.
    Ignored,
    /// It ends an annotated function, which captures it.
    Awaited,
    /// It is captured at once.
    Captured,
}

fn fate() -> Fate {
    if !Hub::any() {
        return Fate::Ignored;
    }
    local::with(|local| {
        let Some(hub) = Hub::current(local) else { return Fate::Ignored };
        let is_awaited = |site: &Callsite| site.has(flag::PANICS);
        let awaited = local.path().filter_map(Callsite::by_number).any(is_awaited);
        match (awaited, hub.settings().capture_panics) {
            // Without unwinding nothing is after the hook.
            (true, _) if cfg!(panic = "abort") => Fate::Captured,
            (true, _) => Fate::Awaited,
            (false, true) if !is_ours() => Fate::Captured,
            (false, _) => Fate::Ignored,
        }
    })
}

/// Whether a panic on the calling thread becomes an event of ours.
#[cfg(feature = "sentry")]
pub(crate) fn captures_panics() -> bool {
    fate() != Fate::Ignored
}

/// On a thread of this crate a backend panics: an event for it would come to the same backend.
fn is_ours() -> bool {
    thread::current().name().is_some_and(|name| name.starts_with("monitor-"))
}

fn note(info: &PanicHookInfo<'_>) {
    let last = match fate() {
        Fate::Ignored => Last::Unknown,
        Fate::Awaited => Last::Noted(Box::new(read(info))),
        Fate::Captured => {
            capture::panic_outside(read(info));
            if cfg!(panic = "abort") {
                flush();
            }
            Last::Captured
        }
    };
    let _ = LAST.try_with(|cell| cell.set(last));
}

/// The process ends when the hooks are through.
fn flush() {
    if let Some(hub) = local::with(Hub::current) {
        hub.flush(hub.settings().shutdown_timeout);
    }
}

fn read(info: &PanicHookInfo<'_>) -> Panicked {
    let payload = info.payload();
    let literal = payload.downcast_ref::<&str>().copied();
    let message = literal.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    Panicked {
        message: message.unwrap_or("a value that is no text").to_owned(),
        location: info.location().map(ToString::to_string),
        thread: thread::current().name().map(str::to_owned),
        frames: if may_walk() { frames() } else { Vec::new() },
    }
}

/// Whether there may be another backtrace in this minute.
fn may_walk() -> bool {
    /// The minute, and in the lowest 16 bits how many there were.
    static WALKED: AtomicU64 = AtomicU64::new(0);
    let since = clock::wall_time().duration_since(UNIX_EPOCH).unwrap_or_default();
    let minute = (since.as_secs() / 60) << 16;
    let count = |walked: u64| {
        let of_minute = if walked & !0xffff == minute { walked } else { minute };
        (of_minute & 0xffff < MAX_BACKTRACES).then_some(of_minute + 1)
    };
    WALKED.fetch_update(Ordering::Relaxed, Ordering::Relaxed, count).is_ok()
}

/// The frames from the one that panicked outwards.
fn frames() -> Vec<StackFrame> {
    /// Functions between the one that panicked and this one.
    const MACHINERY: [&str; 5] = [
        "rust_begin_unwind",
        "begin_panic",
        "core::panicking::",
        "core::result::unwrap_failed",
        "core::option::",
    ];
    let mut frames = parse_backtrace(&Backtrace::force_capture().to_string());
    let is_machinery =
        |frame: &StackFrame| MACHINERY.iter().any(|name| frame.function.contains(name));
    // Further out they are those of a panic before this one.
    let inner = frames.len().min(30);
    if let Some(last) = frames[..inner].iter().rposition(is_machinery) {
        frames.drain(..=last);
    }
    frames
}

/// What the thread's last panic said; `None` if it is captured already.
pub(super) fn take() -> Option<Panicked> {
    match LAST.try_with(|last| last.replace(Last::Captured)).unwrap_or_default() {
        Last::Noted(panicked) => Some(*panicked),
        Last::Captured => None,
        // Somebody has taken our hook out.
        Last::Unknown => {
            let _ = LAST.try_with(|last| last.set(Last::Unknown));
            Some(Panicked { message: "panic".to_owned(), ..Panicked::default() })
        }
    }
}
