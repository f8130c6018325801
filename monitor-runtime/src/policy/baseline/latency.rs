use std::time::Duration;

use crate::callsite::Callsite;
use crate::context;
use crate::hub::Hub;
use crate::sketch::Sketch;

/// How long the calls of a function took. The quantiles are off by at most 1/32, 3.1 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Latency {
    /// Calls that were recorded.
    pub count: u64,
    /// Half of them took at most this long.
    pub p50: Duration,
    /// 95 % of them took at most this long.
    pub p95: Duration,
    /// 99 % of them took at most this long.
    pub p99: Duration,
}

impl Latency {
    /// `None` without a call.
    pub(super) fn of(sketch: &Sketch) -> Option<Self> {
        let [p50, p95, p99] = [0.5, 0.95, 0.99].map(|share| sketch.quantile(share));
        (!sketch.is_empty()).then_some(Self { count: sketch.count(), p50, p95, p99 })
    }
}

/// Which functions are meant: by name, or the one of a callsite.
pub trait CallsiteSelector: sealed::Sealed {
    #[doc(hidden)]
    fn selects(&self, site: &'static Callsite) -> bool;
}

/// All of this name: the one that spans have, or with the module before it, `shop::orders::load`.
impl CallsiteSelector for &str {
    fn selects(&self, site: &'static Callsite) -> bool {
        let in_module = || self.strip_suffix(site.name())?.strip_suffix("::");
        *self == site.name() || in_module() == Some(site.module())
    }
}

/// The one of this callsite, as in [`Span::callsite`](crate::record::Span::callsite).
impl CallsiteSelector for &'static Callsite {
    fn selects(&self, site: &'static Callsite) -> bool {
        std::ptr::eq(*self, site)
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for &str {}
    impl Sealed for &'static super::Callsite {}
}

/// How long the calls of a function took since monitoring began. Calls of several functions of one
/// name are put together.
///
/// `None` without [`Config::with_baselines`](crate::Config::with_baselines), and before the first
/// call was recorded. A call is known some 0.2 s after the trace ended that it belongs to, or after
/// [`flush`](crate::flush); those of traces that aren't sampled aren't known.
///
/// ```
/// use monitor_runtime::{Baselines, Config, MockBackend, latency, traced};
///
/// #[traced(op = "db.query")]
/// fn load() {}
///
/// let _mock = MockBackend::install_with(Config::new().with_baselines(Baselines::new()));
/// load();
/// # monitor_runtime::flush(std::time::Duration::from_secs(10));
/// assert_eq!(latency("load").unwrap().count, 1);
/// ```
pub fn latency(of: impl CallsiteSelector) -> Option<Latency> {
    let table = context::local::with(Hub::current)?.baselines()?;
    let mut all = Sketch::default();
    table.each(|site, function| {
        if of.selects(site) {
            function.add_all_to(&mut all);
        }
    });
    Latency::of(&all)
}

/// How long the calls of a function took lately: in the last window of a minute or more that is over
/// and had ten calls, unless [`Baselines`](crate::Baselines) say something else. As [`latency`]
/// otherwise.
pub fn recent_latency(of: impl CallsiteSelector) -> Option<Latency> {
    let table = context::local::with(Hub::current)?.baselines()?;
    let mut all = Sketch::default();
    for (_, window) in table.windows().iter().filter(|(site, _)| of.selects(site)) {
        all.merge(window);
    }
    Latency::of(&all)
}

/// How long the calls of each function took since monitoring began, as [`latency`] says it. Empty
/// without [`Config::with_baselines`](crate::Config::with_baselines).
pub fn latencies() -> Vec<(&'static Callsite, Latency)> {
    let mut latencies = Vec::new();
    if let Some(table) = context::local::with(Hub::current).and_then(Hub::baselines) {
        table.each(|site, function| {
            let mut all = Sketch::default();
            function.add_all_to(&mut all);
            latencies.extend(Latency::of(&all).map(|latency| (site, latency)));
        });
    }
    latencies
}
