//! What Linux says of the process, in files.

use std::time::Duration;

/// A tick of the times in `/proc`, which `sysconf(_SC_CLK_TCK)` gives: 10 ms for programs on each
/// architecture that Rust builds for, whatever the kernel's own interval is.
const TICK: Duration = Duration::from_millis(10);

/// The resident memory in `/proc/self/status`.
pub(super) fn resident_bytes(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

/// The time of all threads on processors, in `/proc/self/stat`: its 14th field, in user mode, and its
/// 15th, in the kernel.
pub(super) fn cpu_time(stat: &str) -> Option<Duration> {
    // The second field is the program's name, which may hold anything.
    let (_, from_third) = stat.rsplit_once(')')?;
    let mut times = from_third.split_whitespace().skip(11).map(str::parse::<u32>);
    let ticks = times.next()?.ok()?.checked_add(times.next()?.ok()?)?;
    Some(TICK.saturating_mul(ticks))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_stand_behind_the_name_whatever_that_is() {
        let stat = "4242 (a b) c 1) S 1 4242 4242 0 -1 4194304 1 0 0 0 250 50 7 8 20 0 4 0 99 1 1";
        assert_eq!(cpu_time(stat), Some(Duration::from_secs(3)));
        assert_eq!(cpu_time("4242 (a) S 1"), None);
    }

    #[test]
    fn resident_memory_is_in_kib() {
        let status = "Name:\tshop\nVmHWM:\t 9 kB\nVmRSS:\t  512000 kB\nThreads:\t4\n";
        assert_eq!(resident_bytes(status), Some(524_288_000));
        assert_eq!(resident_bytes("Name:\tshop\n"), None);
    }
}
