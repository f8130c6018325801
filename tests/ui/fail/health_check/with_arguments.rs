//! A check that wants something from whoever calls it.

use monitor_runtime::health_check;

#[health_check(name = "database")]
async fn database(pool: &str) -> bool {
    !pool.is_empty()
}

fn main() {}
