//! Support for the tests of the workspace.

mod envelope;
mod http;
mod ingest;
mod model_server;
mod sink;

pub use envelope::{Envelope, Item};
pub use http::Request;
pub use ingest::{Ingest, Received, Reply};
pub use model_server::{Answer, End, ModelServer};
pub use sink::Sink;
