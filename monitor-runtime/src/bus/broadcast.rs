//! The bus that many programs of tokio have.

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::event::BusEvent;
use super::observer::EventObserver;
use crate::context::{InContextExt, scope};

/// Shows an observer all events of a channel, until its senders are gone: a task of its own.
///
/// Breadcrumbs stay in the task: those of the last events stand on the messages that it sends. What the
/// channel dropped, because it is full and the task wasn't fast enough, is counted in
/// [`Loss::bus_events`](crate::Loss::bus_events).
///
/// ```
/// use monitor_runtime::{BusMonitor, observe_broadcast};
/// use tokio::sync::broadcast;
///
/// # async fn f() {
/// let (bus, receiver) = broadcast::channel::<String>(1024);
/// tokio::spawn(observe_broadcast(receiver, BusMonitor::new()));
/// bus.send("payment.error".to_owned()).unwrap();
/// # }
/// ```
pub fn observe_broadcast<E>(
    mut receiver: Receiver<E>,
    observer: impl EventObserver,
) -> impl Future<Output = ()> + Send
where
    E: BusEvent + Clone + Send + 'static,
{
    let observing = async move {
        loop {
            match receiver.recv().await {
                Ok(event) => observer.observe(&event),
                Err(RecvError::Lagged(missed)) => {
                    if let Some(hub) = scope::hub() {
                        hub.losses().bus_events(missed);
                    }
                }
                Err(RecvError::Closed) => return,
            }
        }
    };
    observing.in_context()
}
