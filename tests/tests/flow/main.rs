//! What annotated functions record, as a test of a user would see it: through the mock.

mod ai;
mod any_error;
mod attributes;
mod errors;
mod failure;
mod forms;
mod futures;
mod groups;
mod kinds;
mod limits;
mod metrics;
mod monitor_error;
mod once;
mod panics;
mod presets;
mod propagation;
mod sampling;
mod scope;
mod slow;
mod spans;
mod tail;
mod token_usage;
