//! The machine's name, as the system says it.

use std::env;
use std::fs;

/// The name; `None` on systems that tell it through calls only.
pub(super) fn host_name() -> Option<String> {
    let told = fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let name = told.or_else(|| env::var("COMPUTERNAME").ok())?;
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}
