use crate::callsite::Callsite;
use crate::policy::slow;

/// Stands in for a callsite that nobody knows, of which no span is made.
static UNKNOWN: Callsite = Callsite::new("function", "unknown", "");

pub(super) fn is_unknown(site: &Callsite) -> bool {
    std::ptr::eq(site, &raw const UNKNOWN)
}

/// Finds callsites by their numbers; remembers the last one, which comes again mostly.
pub(super) struct Sites {
    number: u32,
    site: &'static Callsite,
    slow_ticks: u64,
    /// Whether one of them is an AI call, or gives its spans a description.
    pub(super) has_ai: bool,
    pub(super) has_description: bool,
}

impl Default for Sites {
    fn default() -> Self {
        Self {
            number: 0,
            site: &UNKNOWN,
            slow_ticks: u64::MAX,
            has_ai: false,
            has_description: false,
        }
    }
}

impl Sites {
    #[inline]
    pub(super) fn of(&mut self, number: u32) -> &'static Callsite {
        if number != self.number {
            self.go_to(number);
        }
        self.site
    }

    /// The callsite, and the ticks from which on its calls are slow.
    #[inline]
    pub(super) fn with_limit(&mut self, number: u32) -> (&'static Callsite, u64) {
        let site = self.of(number);
        (site, self.slow_ticks)
    }

    fn go_to(&mut self, number: u32) {
        let site = Callsite::by_number(number).unwrap_or(&UNKNOWN);
        (self.number, self.site, self.slow_ticks) = (number, site, slow::limit(site));
        self.has_ai |= site.details.ai.is_some();
        self.has_description |= site.details.description.is_some();
    }
}
