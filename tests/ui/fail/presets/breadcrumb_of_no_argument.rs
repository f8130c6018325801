//! A fact that isn't an argument of the function.

use monitor_runtime::attributes::breadcrumb;

#[breadcrumb(category = "ui", data(pgae))]
fn open(page: &str) {
    let _ = page;
}

fn main() {}
