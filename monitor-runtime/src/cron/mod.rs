//! Jobs that run on a schedule: what `#[cron_monitor]` says of a function, and the same by hand.

mod by_hand;
mod run;

pub use by_hand::{CheckInGuard, capture_check_in, start_check_in};
pub(crate) use run::Run;
