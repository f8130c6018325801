//! Support for the tests of the workspace.

mod envelope;
mod http;
mod ingest;

pub use envelope::{Envelope, Item};
pub use http::Request;
pub use ingest::{Ingest, Received, Reply};
