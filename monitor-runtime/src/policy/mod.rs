//! What is reported, and when.

pub(crate) mod slow;
