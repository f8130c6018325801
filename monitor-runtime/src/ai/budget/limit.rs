use std::fmt;

/// What each have a budget of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum BudgetKey {
    /// All calls share it.
    #[default]
    Overall,
    /// Each model that is asked for.
    Model,
    /// Each user of the scope, by id. Calls without a user share one.
    User,
}

/// How much may be spent in a window.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum BudgetLimit {
    /// Tokens, sent and received.
    Tokens(u64),
    /// USD, as far as the cost of calls is known: by the provider, [`AiPrices`](crate::AiPrices),
    /// or the feature `prices`.
    Usd(f64),
}

/// Of a dollar: a call may cost less than a millionth of one.
const NANO: f64 = 1e9;

impl BudgetLimit {
    /// In tokens, or in billionths of a dollar.
    pub(super) fn units(self) -> u64 {
        match self {
            Self::Tokens(tokens) => tokens,
            Self::Usd(usd) => units_of(usd),
        }
    }

    /// What a call takes of it.
    pub(super) fn charge(self, tokens: u64, usd: Option<f64>) -> u64 {
        match self {
            Self::Tokens(_) => tokens,
            Self::Usd(_) => usd.map_or(0, units_of),
        }
    }

    /// An amount in its own measure.
    pub(super) fn amount(self, units: u64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "for people to read")]
        let units = units as f64;
        match self {
            Self::Tokens(_) => units,
            Self::Usd(_) => units / NANO,
        }
    }

    /// As one would write an amount.
    pub(super) fn written(self, units: u64) -> Amount {
        Amount { limit: self, units }
    }
}

fn units_of(usd: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast cuts what is below 0 or too large"
    )]
    let units = (usd * NANO).round() as u64;
    units
}

pub(super) struct Amount {
    limit: BudgetLimit,
    units: u64,
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.limit {
            BudgetLimit::Tokens(_) => write!(f, "{} tokens", self.units),
            BudgetLimit::Usd(_) => {
                let usd = self.limit.amount(self.units);
                if usd < 0.01 { write!(f, "${usd:.6}") } else { write!(f, "${usd:.2}") }
            }
        }
    }
}
