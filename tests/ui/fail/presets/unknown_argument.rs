//! `tabel` for `table`.

use monitor_runtime::db_query;

#[db_query(operation = "select", tabel = "users")]
fn load() {}

fn main() {}
