//! A breadcrumb of no category.

use monitor_runtime::attributes::breadcrumb;

#[breadcrumb(message = "opened")]
fn open() {}

fn main() {}
