//! HTTP servers of tower: each request in a scope and a transaction of its own.

mod layer;
mod request;
mod response;
mod routes;
mod service;

pub use layer::MonitorLayer;
pub use service::MonitorService;
