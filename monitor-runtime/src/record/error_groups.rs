//! What is said of each error, before contexts are made of it.

use super::value::{Attributes, Text, Value};
use crate::groups::{Performance, System};

/// The context `error`, as far as errors mostly have it.
#[derive(Clone, Debug)]
pub(crate) struct ErrorGroup {
    pub(crate) type_name: Text,
    pub(crate) message: String,
    pub(crate) traceback_hash: u64,
    pub(crate) category: Text,
    pub(crate) severity: &'static str,
    pub(crate) module: Option<Text>,
    pub(crate) variant: Option<Text>,
}

impl ErrorGroup {
    pub(crate) fn values(self) -> Attributes {
        // Room for all that may follow.
        let mut values = Attributes::with_capacity(8);
        values.push(("type".into(), Value::Text(self.type_name)));
        values.push(("message".into(), self.message.into()));
        values.push(("traceback_hash".into(), format!("{:016x}", self.traceback_hash).into()));
        values.push(("category".into(), Value::Text(self.category)));
        values.push(("severity".into(), Value::Text(Text::Borrowed(self.severity))));
        let mut add = |key: &'static str, value: Option<Text>| {
            values.extend(value.map(|value| (key.into(), Value::Text(value))));
        };
        add("module", self.module);
        add("variant", self.variant);
        values
    }
}

/// The three contexts that each error has.
#[derive(Clone, Debug)]
pub(crate) struct ErrorGroups {
    pub(crate) error: ErrorGroup,
    pub(crate) performance: Performance,
    pub(crate) system: System,
}

/// Their names, in the order in which they stand.
pub(crate) const ERROR_GROUPS: [&str; 3] = ["error", "performance", "system"];

/// All names of their values.
pub(crate) const ERROR_GROUP_KEYS: [&str; 17] = [
    "type",
    "message",
    "traceback_hash",
    "category",
    "severity",
    "module",
    "variant",
    "database_query_count",
    "active_transactions",
    "cache_hit_rate",
    "response_time",
    "library_version",
    "platform",
    "uptime",
    "app_version",
    "language_version",
    "memory_usage",
];

impl ErrorGroups {
    /// As contexts.
    pub(super) fn contexts(self) -> [(Text, Attributes); 3] {
        let Self { error, performance, system } = self;
        let [error_name, performance_name, system_name] = ERROR_GROUPS.map(Text::Borrowed);
        [
            (error_name, error.values()),
            (performance_name, performance.values()),
            (system_name, system.values()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_keys_are_known() {
        let error = ErrorGroup {
            type_name: "Refused".into(),
            message: "no".into(),
            traceback_hash: 0xab,
            category: "application".into(),
            severity: "high",
            module: Some("app".into()),
            variant: Some("Refused".into()),
        };
        let performance = Performance::default();
        let system = System { release: Some("1".into()), ..System::default() };
        let contexts = ErrorGroups { error, performance, system }.contexts();
        assert_eq!(contexts.clone().map(|(name, _)| name), ERROR_GROUPS);
        assert_eq!(contexts[0].1[2].1, Value::from("00000000000000ab"));
        let mut keys = contexts.iter().flat_map(|(_, values)| values).map(|(key, _)| key);
        assert!(keys.all(|key| ERROR_GROUP_KEYS.contains(&&**key)));
    }
}
