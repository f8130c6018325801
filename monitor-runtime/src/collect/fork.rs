//! Whether this process was forked off another one that records.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// Counted on in a child by the C library, once somebody watches.
static FORKS: AtomicU32 = AtomicU32::new(0);
/// Whether a child would be told.
static WATCHED: AtomicBool = AtomicBool::new(cfg!(not(unix)));
/// This process's id; 0 while it isn't known, as in a child.
static PROCESS: AtomicU32 = AtomicU32::new(0);

/// This process's id: a system call once a process, if forks are seen, else each time.
#[inline]
pub(crate) fn process_id() -> u32 {
    match PROCESS.load(Ordering::Relaxed) {
        0 => ask(),
        id => id,
    }
}

#[cold]
fn ask() -> u32 {
    let id = std::process::id();
    if WATCHED.load(Ordering::Relaxed) {
        PROCESS.store(id, Ordering::Relaxed);
    }
    id
}

/// How many forks lie between this process and the one that began to watch.
pub(crate) fn count() -> u32 {
    FORKS.load(Ordering::Relaxed)
}

/// Whether there was a fork since this was last asked.
pub(super) fn happened() -> bool {
    static SEEN: AtomicU32 = AtomicU32::new(0);
    let count = count();
    SEEN.load(Ordering::Relaxed) != count && SEEN.swap(count, Ordering::Relaxed) != count
}

/// Has children told of their forks, and their children.
#[cfg(all(unix, not(miri)))]
#[expect(unsafe_code, reason = "to ask for the process's id is a system call: 140 ns an error")]
pub(crate) fn watch() {
    use std::sync::Once;

    unsafe extern "C" {
        fn pthread_atfork(
            prepare: Option<extern "C" fn()>,
            parent: Option<extern "C" fn()>,
            child: Option<extern "C" fn()>,
        ) -> std::ffi::c_int;
    }

    extern "C" fn in_child() {
        FORKS.fetch_add(1, Ordering::Relaxed);
        PROCESS.store(0, Ordering::Relaxed);
    }

    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the signature is that of POSIX, and the function stays for as long as the process
        // runs. It stores two words, which is allowed in a child of a process with threads.
        let failed = unsafe { pthread_atfork(None, None, Some(in_child)) };
        if failed != 0 {
            crate::diagnostics::warn("forks can't be seen: a child delivers nothing");
        }
        WATCHED.store(failed == 0, Ordering::Relaxed);
    });
}

#[cfg(not(all(unix, not(miri))))]
pub(crate) const fn watch() {}
