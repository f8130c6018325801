//! Which time a request is sent, and what the times before used.

use super::Said;
use crate::ai::AiResponse;
use crate::record::Usage;

/// What the attempts used that were made before the present one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Earlier {
    pub(super) usage: Usage,
    /// In USD, where the provider reported it of each.
    cost: Option<f64>,
}

impl Said {
    pub(super) fn begin_attempt(&mut self) {
        if let Some(usage) = self.response.usage() {
            let cost = self.response.cost;
            let earlier = self.earlier.take();
            let sum = earlier.map_or(Earlier { usage, cost }, |earlier| earlier.and(&usage, cost));
            self.earlier = Some(Box::new(sum));
        }
        // It is answered anew.
        self.response.clear();
        self.output.clear();
        self.has_recorded = false;
        // Where the attribute says it, too, that is of the first one.
        self.attempt =
            if self.counts { self.attempt.saturating_add(1) } else { self.attempt.max(1) };
        self.counts = true;
    }

    pub(super) fn record_usage(&mut self, usage: Usage) {
        self.response.set_usage(Some(usage));
        self.has_recorded = true;
    }

    /// What all attempts used so far.
    pub(crate) fn used(&self) -> Option<Usage> {
        match (self.earlier.as_deref(), self.response.usage()) {
            (Some(earlier), Some(usage)) => Some(earlier.usage.plus(&usage)),
            (Some(earlier), None) => Some(earlier.usage),
            (None, usage) => usage,
        }
    }
}

impl Earlier {
    fn and(self, usage: &Usage, cost: Option<f64>) -> Self {
        let cost = self.cost.zip(cost).map(|(before, now)| before + now);
        Self { usage: self.usage.plus(usage), cost }
    }

    /// Adds it to what the last attempt says, once that is settled.
    pub(super) fn add_to(self, response: &mut AiResponse) {
        let sum = match response.settled_usage().copied() {
            Some(usage) => self.and(&usage, response.cost),
            None => self,
        };
        response.set_usage(Some(sum.usage));
        // A part of it would be taken for all of it.
        response.cost = sum.cost;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_is_known_where_each_attempt_s_is() {
        let first = Earlier { usage: Usage::new(1, 1), cost: Some(0.5) };
        assert_eq!(first.and(&Usage::new(1, 1), Some(0.25)).cost, Some(0.75));
        assert_eq!(first.and(&Usage::new(1, 1), None).cost, None);
    }

    #[test]
    fn the_attribute_says_which_attempt_is_the_first() {
        let mut said = Said { attempt: 3, ..Said::default() };
        said.begin_attempt();
        assert_eq!(said.attempt, 3);
        said.begin_attempt();
        assert_eq!(said.attempt, 4);
    }
}
