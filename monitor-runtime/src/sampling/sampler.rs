use std::fmt;
use std::sync::Arc;

use super::SamplingContext;
use crate::callsite::Callsite;
use crate::record::Text;

/// A table of sampling rates by the root's op or name.
///
/// The first rule that fits decides. A trace that another service began keeps that service's
/// decision, whatever the table says.
///
/// ```
/// use monitor_runtime::{Config, Sampler};
///
/// let sampler = Sampler::table()
///     .name("error", 1.0)
///     .op("command", 0.1)
///     .op("task", 0.01)
///     .default(0.1);
/// let config = Config::new().with_sampler(sampler);
/// ```
#[derive(Clone, Debug)]
#[must_use = "a table does nothing until it is given to `Config::with_sampler`"]
pub struct Sampler {
    rules: Vec<Rule>,
    default: Option<f64>,
}

#[derive(Clone, Debug)]
struct Rule {
    by: By,
    is: Text,
    rate: f64,
}

#[derive(Clone, Copy, Debug)]
enum By {
    Op,
    Name,
}

impl Sampler {
    /// An empty table.
    pub fn table() -> Self {
        Self { rules: Vec::new(), default: None }
    }

    /// Sets the rate, from 0 to 1, of roots with this op.
    pub fn op(self, op: impl Into<Text>, rate: f64) -> Self {
        self.rule(By::Op, op.into(), rate)
    }

    /// Sets the rate, from 0 to 1, of roots with this name: the function's, or that of
    /// `#[traced(name = "..")]`. A name that is set while the span runs is not known yet.
    pub fn name(self, name: impl Into<Text>, rate: f64) -> Self {
        self.rule(By::Name, name.into(), rate)
    }

    /// Sets the rate, from 0 to 1, of all other roots. Default: that of the config.
    pub fn default(mut self, rate: f64) -> Self {
        self.default = Some(rate);
        self
    }

    fn rule(mut self, by: By, is: Text, rate: f64) -> Self {
        self.rules.push(Rule { by, is, rate });
        self
    }

    /// The rate of a root, if the table has one.
    pub(crate) fn rate(&self, op: &str, name: &str) -> Option<f64> {
        let rule = self.rules.iter().find(|rule| match rule.by {
            By::Op => rule.is == op,
            By::Name => rule.is == name,
        });
        rule.map(|rule| rule.rate).or(self.default)
    }

    /// The rates that are none, with where they stand.
    pub(crate) fn problems(&self) -> impl Iterator<Item = String> {
        let rules =
            self.rules.iter().map(|rule| (format!("{:?} `{}`", rule.by, rule.is), rule.rate));
        let default = self.default.map(|rate| ("the default".to_owned(), rate));
        rules.chain(default).filter(|(_, rate)| !(0.0..=1.0).contains(rate)).map(|(what, rate)| {
            format!("the sampler's rate for {what} is {rate}; expected a number from 0 to 1")
        })
    }
}

/// How the rate of a new trace is found.
#[derive(Clone, Default)]
pub(crate) enum Strategy {
    /// The config's rate for all.
    #[default]
    Rate,
    Table(Arc<Sampler>),
    Function(Arc<dyn Fn(&SamplingContext<'_>) -> f64 + Send + Sync>),
}

impl Strategy {
    /// The rate for roots of this callsite, where nothing but the callsite decides.
    pub(crate) fn rate_of(&self, site: Option<&'static Callsite>, rate: f64) -> f64 {
        match (self, site) {
            (Self::Table(table), Some(site)) => table.rate(site.op(), site.name()).unwrap_or(rate),
            _ => rate,
        }
    }
}

impl fmt::Debug for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rate => f.write_str("Rate"),
            Self::Table(table) => table.fmt(f),
            Self::Function(_) => f.write_str("Function"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_that_fits_decides() {
        let table = Sampler::table().name("error", 1.0).op("command", 0.1).op("task", 0.01);
        assert_eq!(table.rate("command", "error"), Some(1.0));
        assert_eq!(table.rate("command", "ban"), Some(0.1));
        assert_eq!(table.rate("task", "ban"), Some(0.01));
        assert_eq!(table.rate("http.server", "ban"), None);
        assert_eq!(table.default(0.1).rate("http.server", "ban"), Some(0.1));
    }

    #[test]
    fn rates_that_are_none_are_named() {
        let table = Sampler::table().op("command", 10.0).name("ban", 0.5).default(f64::NAN);
        let problems: Vec<_> = table.problems().collect();
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(problems[0].contains("Op `command`"), "{problems:?}");
    }
}
