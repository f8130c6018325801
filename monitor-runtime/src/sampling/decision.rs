//! The decision over one trace.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{SamplingContext, Strategy};
use crate::callsite::Callsite;
use crate::propagation::Propagation;
use crate::record::TraceId;
use crate::settings::Settings;

/// What was decided, and by which rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Decision {
    pub(crate) rate: f64,
    pub(crate) sampled: bool,
}

/// Decides over a trace that is about to begin, or to go on here. May run code of the user.
pub(crate) fn decide(
    settings: &Settings,
    site: &'static Callsite,
    trace_id: TraceId,
    rand: f64,
    parent: Option<&Propagation>,
) -> Decision {
    let default_rate = settings.traces_sample_rate;
    let strategy = &settings.tracing.strategy;
    let parent_sampled = parent.and_then(|parent| parent.sampled);
    let parent_sample_rate = parent.and_then(|parent| parent.rate);
    if let Strategy::Function(function) = strategy {
        let context = SamplingContext {
            op: site.op(),
            name: site.name(),
            module: site.module(),
            trace_id,
            parent_sampled,
            parent_sample_rate,
            default_rate,
        };
        let rate = valid(catch_unwind(AssertUnwindSafe(|| function(&context))).ok());
        return Decision { rate, sampled: rand < rate };
    }
    let own_rate = strategy.rate_of(Some(site), default_rate);
    match parent_sampled {
        Some(sampled) => Decision { rate: parent_sample_rate.unwrap_or(own_rate), sampled },
        None => Decision { rate: own_rate, sampled: rand < own_rate },
    }
}

/// A function that panics, or gives no rate, samples nothing: Sentry's rule.
fn valid(rate: Option<f64>) -> f64 {
    let rate = rate.filter(|rate| (0.0..=1.0).contains(rate));
    if rate.is_none() {
        static ONCE: std::sync::Once = std::sync::Once::new();
        ONCE.call_once(|| {
            crate::diagnostics::warn(
                "the traces sampler panicked or gave no number from 0 to 1: such traces aren't \
                 sampled",
            );
        });
    }
    rate.unwrap_or(0.0)
}
