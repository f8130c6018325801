use std::sync::OnceLock;

use crate::append_only::AppendOnly;
use crate::policy::Pipeline;
use crate::record::{Attributes, MetricKind, Text};

/// Never freed: records on their way name them. Each hub has a bounded number.
static SERIES: AppendOnly<&'static Series> = AppendOnly::new();

/// A metric of one hub with one set of attributes.
#[derive(Debug)]
pub(crate) struct Series {
    pub(crate) hub: u32,
    pub(crate) kind: MetricKind,
    pub(crate) unit: Option<&'static str>,
    given: Identity,
    /// Without what may not be recorded. Made by the collector: the scrubber may be the program's.
    scrubbed: OnceLock<Identity>,
}

/// A name and attributes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Identity {
    pub(crate) name: Text,
    /// In the order of their keys.
    pub(crate) attributes: Attributes,
}

impl Series {
    /// Makes one; its number.
    pub(super) fn add(
        hub: u32,
        kind: MetricKind,
        unit: Option<&'static str>,
        given: Identity,
    ) -> Option<u32> {
        SERIES.push_with(|_| {
            let scrubbed = OnceLock::new();
            Some(Box::leak(Box::new(Self { hub, kind, unit, given, scrubbed })))
        })
    }

    pub(crate) fn by_number(number: u32) -> Option<&'static Self> {
        SERIES.get(number).copied()
    }

    /// Its name as the program wrote it.
    pub(crate) fn name(&self) -> &str {
        &self.given.name
    }

    /// The value of an attribute as the program gave it.
    #[cfg(feature = "alerts")]
    pub(crate) fn attribute(&self, key: &str) -> Option<&crate::record::Value> {
        self.given.attributes.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// Name and attributes as they may be recorded.
    pub(crate) fn scrubbed(&self, policy: &Pipeline) -> &Identity {
        self.scrubbed.get_or_init(|| {
            let mut identity = self.given.clone();
            policy.fit_metric(&mut identity.name, &mut identity.attributes);
            identity
        })
    }
}
