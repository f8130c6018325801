//! What the crate `sysinfo` says of the process, on systems without `/proc`.

use std::time::Duration;

use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

/// Memory that the process holds.
pub(super) fn resident_bytes() -> Option<u64> {
    look(ProcessRefreshKind::nothing().with_memory(), sysinfo::Process::memory)
}

/// The time of all threads on processors.
pub(super) fn cpu_time() -> Option<Duration> {
    let millis =
        look(ProcessRefreshKind::nothing().with_cpu(), sysinfo::Process::accumulated_cpu_time)?;
    Some(Duration::from_millis(millis))
}

fn look(at: ProcessRefreshKind, read: fn(&sysinfo::Process) -> u64) -> Option<u64> {
    let this = Pid::from_u32(std::process::id());
    let mut system = System::new();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[this]), false, at);
    system.process(this).map(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_the_system_says() {
        let (here, there) =
            (resident_bytes().unwrap(), crate::resources::resident_bytes().unwrap());
        assert!(here.abs_diff(there) < there / 2, "{here} {there}");
        assert!(cpu_time().is_some());
    }
}
