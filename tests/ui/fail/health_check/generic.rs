//! A check of nobody knows what.

use monitor_runtime::health_check;

#[health_check]
fn database<T: Default>() -> bool {
    drop(T::default());
    true
}

fn main() {}
