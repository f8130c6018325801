//! The feature flags that were evaluated last.

use std::collections::VecDeque;

use super::handle::{MAX_TAG, current_span};
use super::local;
use super::scope;
use super::text::cut;
use crate::record::{Attributes, Text, Value};

/// Flags that a span gets as attributes: as many as sentry-python gives it.
const ON_A_SPAN: usize = 10;

/// Notes that a feature flag was evaluated, and how; returns the result.
///
/// Events in this scope say which flags were evaluated last, 100 unless configured, in Sentry's context
/// `flags`. The current span gets the attribute `flag.evaluation.{name}`, up to ten of them.
///
/// ```
/// use monitor_runtime::feature_flag;
///
/// # let is_beta_user = true;
/// if feature_flag("new-checkout", is_beta_user) {
///     // ..
/// }
/// ```
pub fn feature_flag(name: impl Into<Text>, result: bool) -> bool {
    let name = name.into();
    if let Some(hub) = scope::hub() {
        note(name, result, hub.settings().max_feature_flags);
    }
    result
}

fn note(name: Text, result: bool, max: usize) {
    let name = if name.len() > MAX_TAG { cut(&name, MAX_TAG).to_owned().into() } else { name };
    let span = local::with(|local| local.span.get());
    let key = format!("flag.evaluation.{name}");
    let mut others = 0;
    scope::update_by_hand(|scope| others = scope.add_feature_flag(name, result, span, max));
    if others < ON_A_SPAN {
        current_span().set(&key, result);
    }
}

/// Flags of one scope, the one that was evaluated last at the end. Each is there once.
#[derive(Clone, Default)]
pub(crate) struct FeatureFlags(VecDeque<Flag>);

#[derive(Clone)]
struct Flag {
    name: Text,
    result: bool,
    /// In which it was evaluated.
    span: u64,
}

impl FeatureFlags {
    /// Returns how many other flags were evaluated in this span.
    pub(super) fn add(&mut self, name: Text, result: bool, span: u64, max: usize) -> usize {
        self.0.retain(|flag| flag.name != name);
        let others = self.0.iter().filter(|flag| flag.span == span).count();
        self.0.push_back(Flag { name, result, span });
        while self.0.len() > max {
            self.0.pop_front();
        }
        others
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, bool)> {
        self.0.iter().map(|flag| (flag.name.as_ref(), flag.result))
    }

    /// Sentry's context `flags`.
    pub(super) fn to_context(&self) -> Attributes {
        let value = |flag: &Flag| {
            let flag = vec![
                ("flag".into(), flag.name.clone().into()),
                ("result".into(), flag.result.into()),
            ];
            Value::Map(flag)
        };
        vec![("values".into(), Value::List(self.0.iter().map(value).collect()))]
    }
}
