use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use super::MetricsSettings;
use super::instrument::{Label, Named, attributes, with_label};
use super::rate::Rate;
use super::registry::{Asked, Found, Registry};
use super::series::Series;
use super::totals::Totals;
use crate::hub::{Hub, HubClock, Periodic, Tick};
use crate::record::{Metric, MetricKind};

/// Whether there ever was a hub that records metrics.
static ON: AtomicBool = AtomicBool::new(false);

/// Whether metrics may be asked for. One atomic load.
#[inline]
pub(crate) fn is_on() -> bool {
    ON.load(Ordering::Relaxed)
}

/// The metrics of one hub.
pub(crate) struct HubMetrics {
    registry: Registry,
    interval: Duration,
    /// Whether the backends get them.
    reports: bool,
    /// Only the collector's thread asks for it.
    state: Mutex<State>,
}

struct State {
    totals: Totals,
    errors: Option<Rate>,
    since: SystemTime,
    /// When the next report is due.
    due: Duration,
}

/// Reports a hub's metrics.
pub(crate) struct Report;

impl Periodic for Report {
    fn tick(&mut self, tick: &Tick) {
        if let Some(metrics) = tick.hub.metrics() {
            metrics.tick(tick);
        }
    }
}

impl HubMetrics {
    /// `None` where nobody looks at metrics.
    pub(crate) fn new(hub: u32, settings: &MetricsSettings, clock: &HubClock) -> Option<Self> {
        if !settings.on && !settings.watched {
            return None;
        }
        ON.store(true, Ordering::Relaxed);
        let state = State {
            totals: Totals::default(),
            errors: None,
            since: clock.wall_time(),
            due: clock.now() + settings.interval,
        };
        Some(Self {
            registry: Registry::new(hub, settings.max_attribute_sets),
            interval: settings.interval,
            reports: settings.on,
            state: Mutex::new(state),
        })
    }

    pub(super) const fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Takes in what a thread has recorded: a count, or the bits of a value. On the collector.
    pub(crate) fn take_in(&self, hub: &'static Hub, number: u32, series: &Series, bits: u64) {
        if series.kind != MetricKind::Counter && !f64::from_bits(bits).is_finite() {
            hub.losses().metrics(1);
            return;
        }
        #[cfg(feature = "alerts")]
        if let Some(alerts) = hub.alerts() {
            alerts.metric(number, series, bits, hub.clock().now());
        }
        if !self.reports {
            return;
        }
        self.state(|state| {
            state.totals.add(number, series.kind, bits);
            if series.kind == MetricKind::Counter && series.name() == super::automatic::ERRORS {
                state.errors.get_or_insert_default().add(hub.clock().now(), bits);
            }
        });
    }

    /// Records on the collector's thread, for work that is done regularly.
    pub(crate) fn record_here(
        &self,
        hub: &'static Hub,
        named: &Named<'_>,
        bits: u64,
        labels: &[Label<'_>],
    ) {
        let key = labels.iter().fold(named.key(), with_label).with_word(u64::from(hub.number()));
        let Named { kind, name, unit } = *named;
        let has_attributes = !labels.is_empty();
        let asked = Asked { key, kind, name, unit, has_attributes };
        match self.registry.find(&asked, || attributes(labels)) {
            Found::Series(number) | Found::Overflow(number) => {
                if let Some(series) = Series::by_number(number) {
                    self.take_in(hub, number, series, bits);
                }
            }
            Found::TooMany => hub.losses().metrics(1),
        }
    }

    /// Sets a gauge on the collector's thread, for work that is done regularly.
    pub(crate) fn gauge_here(
        &self,
        hub: &'static Hub,
        name: &'static str,
        unit: Option<&'static str>,
        value: f64,
    ) {
        if value.is_finite() {
            let named = Named { kind: MetricKind::Gauge, name, unit };
            self.record_here(hub, &named, value.to_bits(), &[]);
        }
    }

    /// Reports to the backends if it is time to, or somebody waits for it.
    fn tick(&self, tick: &Tick) {
        let hub = tick.hub;
        let metrics = self.take_due(tick);
        if !metrics.is_empty() {
            hub.each_backend(|backend| backend.metrics(&metrics));
        }
    }

    fn take_due(&self, tick: &Tick) -> Vec<Metric> {
        let is_due = self.state(|state| tick.flush || tick.now >= state.due);
        if !is_due {
            return Vec::new();
        }
        let rate = self.state(|state| Some(state.errors.as_mut()?.per_minute(tick.now)));
        if let Some(rate) = rate {
            #[expect(clippy::cast_precision_loss, reason = "errors of one minute")]
            self.gauge_here(tick.hub, super::automatic::ERROR_RATE, None, rate as f64);
        }
        let now = tick.hub.clock().wall_time();
        let (mut totals, since) = self.state(|state| {
            state.due = tick.now + self.interval;
            (std::mem::take(&mut state.totals), std::mem::replace(&mut state.since, now))
        });
        // The scrubber may be the program's: no lock is held.
        totals.take(tick.hub.policy(), (since, now))
    }

    fn state<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
