//! Events of a program's own bus, looked at as they pass.

#[cfg(feature = "tokio")]
mod broadcast;
mod event;
mod observer;

#[cfg(feature = "tokio")]
pub use broadcast::observe_broadcast;
pub use event::BusEvent;
pub use observer::{BusMonitor, EventObserver, observe_event};
