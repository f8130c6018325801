//! A slug of digits alone.

use monitor_runtime::cron_monitor;

#[cron_monitor(slug = "12345")]
fn report() {}

fn main() {}
