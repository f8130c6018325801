//! `crate = path`, for one attribute or for a stack.
#![deny(warnings)]

mod app {
    pub use ::monitor_runtime as watch;
}

use app::watch;

#[watch::traced(crate = watch)]
fn alone() {}

#[app::watch::traced(crate = crate::app::watch, fields(id))]
#[watch::slow_threshold(ms = 5, crate = crate::app::watch)]
#[app::watch::capture_errors(crate = crate::app::watch)]
fn stacked(id: u8) -> Result<u8, String> {
    Ok(id)
}

#[watch::traced]
fn under_its_own_name() {}

fn main() {
    alone();
    stacked(1).unwrap();
    under_its_own_name();
}
