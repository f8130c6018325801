//! A query that is also called a task.

use monitor_runtime::{db_query, task};

#[db_query(operation = "select", table = "users")]
#[task]
fn load() {}

fn main() {}
