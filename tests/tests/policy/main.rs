//! What becomes of records before a backend sees them.

mod failure;
mod filters;
mod fingerprints;
mod hooks;
mod limits;
mod privacy;
mod related;
