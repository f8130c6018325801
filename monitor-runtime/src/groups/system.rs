//! The context `system`: what the program runs as and on.

use std::env::consts::{ARCH, OS};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

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
pub(crate) fn add(event: &mut Event, hub: &Hub) {
    if matches!(event.kind, EventKind::Error | EventKind::Panic) {
        super::add(event, [("system".into(), values(hub))]);
    }
}

fn values(hub: &Hub) -> Attributes {
    let mut values: Attributes = vec![
        ("library_version".into(), Value::Text(Text::Borrowed(env!("CARGO_PKG_VERSION")))),
        ("platform".into(), format!("{OS} {ARCH}").into()),
        ("uptime".into(), seconds().into()),
    ];
    let mut add = |key: &'static str, value: Option<Value>| {
        values.extend(value.map(|value| (key.into(), value)));
    };
    add("app_version", hub.settings().tracing.identity.release.clone().map(Value::Text));
    add("language_version", option_env!("MONITOR_RUSTC_VERSION").map(Value::from));
    add("memory_usage", resident_mebibytes().map(Value::from));
    values
}

/// Since monitoring began, to a tenth.
fn seconds() -> f64 {
    let seconds = START.get().map_or(0.0, |start| start.elapsed().as_secs_f64());
    (seconds * 10.0).round() / 10.0
}

/// Memory that the process holds, in MiB. Read once a second at most: a burst of errors must not
/// become a burst of reads. `None` where the system doesn't say it.
fn resident_mebibytes() -> Option<f64> {
    /// Tenths of MiB, below the second in which they were read, counted from 1.
    static LAST: AtomicU64 = AtomicU64::new(0);
    const BITS: u32 = 32;
    let now = START.get().map_or(0, |start| start.elapsed().as_secs()) + 1;
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
