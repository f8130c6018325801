//! The context `system`: what the program runs as and on.

use std::env::consts::{ARCH, OS};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, OnceLock};
use std::time::{Duration, Instant};

use crate::hub::Hub;
use crate::record::{Attributes, Event, EventKind, Text, Value};
use crate::resources::{self, MEGABYTE};

static START: OnceLock<Instant> = OnceLock::new();

/// Notes when monitoring began.
pub(crate) fn start() {
    START.get_or_init(Instant::now);
}

/// Adds the context to an error's event. Runs on the collector: the error's thread needs no time
/// for it.
pub(crate) fn add(event: &mut Event, hub: &'static Hub) {
    if matches!(event.kind, EventKind::Error | EventKind::Panic) {
        super::add(event, [("system".into(), System::now(hub).values())]);
    }
}

/// What is known of one moment; the context is made of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct System {
    /// Seconds since monitoring began.
    pub(crate) uptime: f64,
    /// In MiB.
    pub(crate) memory_usage: Option<f64>,
    /// The program's.
    pub(crate) release: Option<Text>,
}

impl System {
    pub(crate) fn now(hub: &'static Hub) -> Self {
        let uptime = START.get().map_or(Duration::ZERO, Instant::elapsed);
        let release = hub.settings().tracing.identity.release.as_deref();
        Self {
            uptime: tenths(uptime.as_secs_f64()),
            memory_usage: resident_mebibytes(uptime.as_secs()),
            release: release.map(Text::Borrowed),
        }
    }

    pub(crate) fn values(self) -> Attributes {
        static PLATFORM: LazyLock<String> = LazyLock::new(|| format!("{OS} {ARCH}"));
        let fixed = |text| Value::Text(Text::Borrowed(text));
        let mut values = Attributes::with_capacity(6);
        values.push(("library_version".into(), fixed(env!("CARGO_PKG_VERSION"))));
        values.push(("platform".into(), fixed(&PLATFORM)));
        values.push(("uptime".into(), self.uptime.into()));
        let mut add = |key: &'static str, value: Option<Value>| {
            values.extend(value.map(|value| (key.into(), value)));
        };
        add("app_version", self.release.map(Value::Text));
        add("language_version", option_env!("MONITOR_RUSTC_VERSION").map(Value::from));
        add("memory_usage", self.memory_usage.map(Value::from));
        values
    }
}

/// Rounded.
fn tenths(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

/// Memory that the process holds, in MiB, in this second since monitoring began. Read once a second at most: a burst of errors must not
/// become a burst of reads. `None` where the system doesn't say it.
fn resident_mebibytes(second: u64) -> Option<f64> {
    /// Tenths of MiB, below the second in which they were read, counted from 1.
    static LAST: AtomicU64 = AtomicU64::new(0);
    const BITS: u32 = 32;
    let now = second + 1;
    let last = LAST.load(Ordering::Relaxed);
    let tenths = if last >> BITS == now {
        last & u64::from(u32::MAX)
    } else {
        let bytes = resources::resident_bytes()?;
        let tenths = (bytes * 10 / MEGABYTE).min(u64::from(u32::MAX));
        LAST.store(now << BITS | tenths, Ordering::Relaxed);
        tenths
    };
    #[expect(clippy::cast_precision_loss, reason = "32 bits are exact")]
    let tenths = tenths as f64;
    Some(tenths / 10.0)
}
