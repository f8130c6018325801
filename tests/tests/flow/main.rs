//! What annotated functions record, as a test of a user would see it: through the mock.

mod ai;
mod attributes;
mod errors;
mod failure;
mod forms;
mod futures;
mod limits;
mod scope;
mod slow;
mod spans;
