use std::time::Duration;

use super::rule::{AlertRule, Condition};
use super::window::Window;
use crate::record::Distribution;

/// Windows before the present one with which a spike is compared.
const BEFORE: u32 = 6;

/// What a rule has seen, and whether it is broken.
pub(super) struct Watched {
    seen: Seen,
    firing: Option<Firing>,
}

enum Seen {
    Counts(Window<u64>),
    Values(Window<Distribution>),
    Nothing,
}

/// An alert that has begun and not ended.
struct Firing {
    /// Since when the value is down.
    down: Option<Duration>,
}

/// What a rule found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Found {
    Begins { value: f64, threshold: f64 },
    Ends { value: f64, threshold: f64 },
}

impl Watched {
    pub(super) fn new(rule: &AlertRule) -> Self {
        let seen = match rule.condition {
            Condition::Count { .. } => Seen::Counts(Window::new(rule.window)),
            Condition::Spike { .. } => Seen::Counts(Window::new(rule.window * (BEFORE + 1))),
            Condition::Quantile { .. } | Condition::Longest { .. } => {
                Seen::Values(Window::new(rule.window))
            }
            Condition::NewIssue | Condition::Regression => Seen::Nothing,
        };
        Self { seen, firing: None }
    }

    pub(super) fn add_count(&mut self, now: Duration, count: u64) {
        if let Seen::Counts(window) = &mut self.seen {
            *window.now(now) += count;
        }
    }

    pub(super) fn add_value(&mut self, now: Duration, value: f64) {
        if let Seen::Values(window) = &mut self.seen {
            window.now(now).add(value);
        }
    }

    /// Compares with the limit.
    pub(super) fn evaluate(&mut self, rule: &AlertRule, now: Duration) -> Option<Found> {
        let (value, threshold) = self.measure(rule, now)?;
        let Some(firing) = &mut self.firing else {
            return (value > threshold).then(|| {
                self.firing = Some(Firing { down: None });
                Found::Begins { value, threshold }
            });
        };
        if value > rule.resolve_at(threshold) {
            firing.down = None;
            return None;
        }
        let down = *firing.down.get_or_insert(now);
        (now >= down + rule.quiet).then(|| {
            self.firing = None;
            Found::Ends { value, threshold }
        })
    }

    /// The value, and the limit that it is compared with.
    #[expect(clippy::cast_precision_loss, reason = "counts of some minutes")]
    fn measure(&mut self, rule: &AlertRule, now: Duration) -> Option<(f64, f64)> {
        match (&mut self.seen, rule.condition) {
            (Seen::Counts(window), Condition::Spike { factor, above }) => {
                let all: u64 = window.parts(now).sum();
                let present: u64 = window.last(now, rule.window).sum();
                let mean = all.saturating_sub(present) as f64 / f64::from(BEFORE);
                Some((present as f64, above.max(factor * mean)))
            }
            (Seen::Counts(window), _) => {
                Some((window.parts(now).sum::<u64>() as f64, rule.threshold()))
            }
            (Seen::Values(window), condition) => {
                let mut values = Distribution::default();
                window.parts(now).for_each(|part| values.merge(part));
                let value = match condition {
                    Condition::Quantile { share, at_least, .. } if values.count() >= at_least => {
                        values.quantile(share)
                    }
                    Condition::Longest { .. } => values.max(),
                    _ => 0.0,
                };
                Some((value, rule.threshold()))
            }
            (Seen::Nothing, _) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn second(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// What is found by the second when so much is counted in each.
    fn found(rule: &AlertRule, counts: impl IntoIterator<Item = u64>) -> Vec<(u64, Found)> {
        let mut watched = Watched::new(rule);
        let mut found = Vec::new();
        for (at, count) in (0..).zip(counts) {
            watched.add_count(second(at), count);
            found.extend(watched.evaluate(rule, second(at)).map(|what| (at, what)));
        }
        found
    }

    #[test]
    fn a_value_that_wavers_about_its_limit_is_one_alert() {
        let rule = AlertRule::count("r", "m", 10, second(60));
        // 11 a minute, then 9, and again, for ten minutes; then nothing.
        let wavers = (0..600).map(|at| match at % 120 {
            0..60 if at % 6 == 0 => 11 * u64::from(at % 60 == 0) + u64::from(at % 60 > 0),
            60.. if at % 7 == 0 => 1,
            _ => 0,
        });
        let found = found(&rule, wavers.chain(std::iter::repeat_n(0, 300)));
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(matches!(found[0], (0, Found::Begins { value: 11.0, threshold: 10.0 })));
        assert!(matches!(found[1], (at, Found::Ends { .. }) if at >= 600));
    }

    #[test]
    fn after_its_end_a_breach_is_a_new_alert() {
        let rule = AlertRule::count("r", "m", 10, second(60));
        let twice = [20].into_iter().chain(std::iter::repeat_n(0, 299));
        let found = found(&rule, twice.clone().chain(twice));
        let times: Vec<_> = found.iter().map(|(at, _)| *at).collect();
        // The window is empty after 60 s, and a minute of quiet later that is the end.
        assert_eq!(times, [0, 120, 300, 420]);
    }

    #[test]
    fn a_spike_is_one_against_what_is_usual() {
        let rule = AlertRule::spike("r", "m", 3.0, 10, second(60));
        let steady = std::iter::repeat_n(1, 1200);
        let spike = std::iter::repeat_n(4, 60);
        let found = found(&rule, steady.clone().chain(spike).chain(steady));
        let [(cold, first), .., (_, _)] = found[..] else { panic!("{found:?}") };
        // At the start nothing is usual yet, so that 11 within a minute are many.
        assert!(cold < 60 && matches!(first, Found::Begins { threshold: 10.0, .. }));
        let begins = found.iter().filter(|(_, what)| matches!(what, Found::Begins { .. }));
        let times: Vec<_> = begins.map(|(at, _)| *at).collect();
        assert_eq!(times.len(), 2, "{found:?}");
        assert!((1200..1260).contains(&times[1]), "{found:?}");
    }

    #[test]
    fn a_quantile_needs_values_and_forgets_old_ones() {
        let rule = AlertRule::quantile("r", "m", 0.95, second(2), second(300));
        let mut watched = Watched::new(&rule);
        for at in 0..19 {
            watched.add_value(second(at), 3000.0);
            assert_eq!(watched.evaluate(&rule, second(at)), None);
        }
        watched.add_value(second(19), 3000.0);
        assert!(matches!(watched.evaluate(&rule, second(19)), Some(Found::Begins { .. })));
        let mut ended = None;
        for at in 20..1000 {
            watched.add_value(second(at), 100.0);
            ended = ended.or(watched.evaluate(&rule, second(at)).map(|what| (at, what)));
        }
        let (at, _) = ended.expect("it ends");
        // 20 of 400 are 5 %, or else they are forgotten; and then the minute of quiet.
        assert!((360..450).contains(&at), "{at}");
    }

    #[test]
    fn one_long_value_is_an_alert() {
        let rule = AlertRule::longest("r", "m", second(5));
        let mut watched = Watched::new(&rule);
        watched.add_value(second(1), 4999.0);
        assert_eq!(watched.evaluate(&rule, second(1)), None);
        watched.add_value(second(2), 5001.0);
        assert!(matches!(watched.evaluate(&rule, second(2)), Some(Found::Begins { .. })));
    }
}
