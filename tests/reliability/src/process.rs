//! What Linux says of this process.

use std::fs;

/// A value of /proc/self/status: `VmRSS` and `VmHWM` in kB, `Threads`.
pub(crate) fn status(key: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(key)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

pub(crate) fn megabytes(key: &str) -> f64 {
    status(key) as f64 / 1024.0
}
