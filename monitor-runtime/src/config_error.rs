use std::error::Error;
use std::fmt;

/// Settings that can't be used: all of them, each with what is expected instead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigError {
    problems: Vec<String>,
}

impl ConfigError {
    /// What can't be used, one text each.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    #[cfg(feature = "sentry")]
    pub(crate) fn new(problem: impl Into<String>) -> Self {
        Self { problems: vec![problem.into()] }
    }

    pub(crate) fn add(&mut self, problem: impl Into<String>) {
        self.problems.push(problem.into());
    }

    pub(crate) fn append(&mut self, other: Self) {
        self.problems.extend(other.problems);
    }

    /// Keeps the problem, if it is one.
    pub(crate) fn take<T>(&mut self, outcome: Result<T, String>) -> Option<T> {
        outcome.map_err(|problem| self.add(problem)).ok()
    }

    /// The value, if nothing is wrong.
    pub(crate) fn or<T>(self, value: T) -> Result<T, Self> {
        if self.problems.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("monitoring can't be set up: ")?;
        f.write_str(&self.problems.join("; "))
    }
}

impl Error for ConfigError {}
