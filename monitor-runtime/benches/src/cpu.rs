//! CPU time: of this thread, and of the whole process with its collectors.

fn read(clock: libc::clockid_t) -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is valid for writes, and both clocks exist on Linux.
    let failed = unsafe { libc::clock_gettime(clock, &mut time) };
    assert_eq!(failed, 0, "no CPU clock");
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// Nanoseconds that this thread has computed.
pub fn thread() -> u64 {
    read(libc::CLOCK_THREAD_CPUTIME_ID)
}

/// Nanoseconds that all threads together have computed.
pub fn process() -> u64 {
    read(libc::CLOCK_PROCESS_CPUTIME_ID)
}

/// KiB of memory that the process has now.
pub fn resident_kib() -> u64 {
    status("VmRSS:")
}

/// The most KiB of memory that the process had at any time.
pub fn peak_kib() -> u64 {
    status("VmHWM:")
}

fn status(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix(field)).expect("is there");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
