//! A slug of more than 50 characters.

use monitor_runtime::cron_monitor;

#[cron_monitor(slug = "the-report-that-is-made-each-night-for-all-the-customers")]
fn report() {}

fn main() {}
