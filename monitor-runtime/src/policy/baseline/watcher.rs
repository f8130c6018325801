use super::function::Finding;
use crate::collect;
use crate::hub::{Hub, Periodic, Tick};

/// Says what the baselines of a hub show.
struct Watcher;

/// Looks at a hub's baselines from now on.
pub(crate) fn watch(hub: &'static Hub) {
    if hub.baselines().is_some() {
        hub.add_periodic(Watcher);
    }
}

impl Periodic for Watcher {
    fn tick(&mut self, tick: &Tick) {
        let Some(table) = tick.hub.baselines() else { return };
        for finding in table.take_findings(tick.hub.clock().ticks()) {
            let event = match finding {
                Finding::Anomaly(anomaly) => {
                    tick.hub.policy().tell_anomaly(&anomaly);
                    anomaly.event(tick.hub)
                }
                Finding::OverLimit(over) => over.event(tick.hub),
            };
            collect::send_event(tick.hub, event);
        }
    }
}
