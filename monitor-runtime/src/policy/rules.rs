//! What a [`Config`] says of records on their way to the backends.

use super::consent::Consent;
use super::hooks::Hooks;
use super::limit::Limits;
use super::{Anomaly, Baselines, Filter, Pattern, Scrubber};
use crate::config::Config;
use crate::record::{Breadcrumb, Event, Span, Transaction, User};

/// Who is told of a pattern.
pub(super) type OnPattern = Box<dyn Fn(&Pattern) + Send + Sync>;

/// Who is told of an anomaly.
pub(super) type OnAnomaly = Box<dyn Fn(&Anomaly) + Send + Sync>;

/// The rules of one hub.
#[derive(Default)]
pub(crate) struct Rules {
    pub(super) filters: Vec<Filter>,
    pub(super) hooks: Hooks,
    pub(super) scrubber: Scrubber,
    pub(super) sends_whole_addresses: bool,
    pub(super) consent: Option<Consent>,
    pub(super) limits: Limits,
    /// How many errors make a pattern, and who is told.
    pub(super) on_pattern: Option<(u64, OnPattern)>,
    #[cfg(feature = "alerts")]
    pub(crate) alerts: Option<crate::alerts::Alerts>,
    pub(super) on_anomaly: Option<OnAnomaly>,
}

/// What is dropped, and what hooks see.
///
/// Hooks for events, transactions and spans run on the collector's thread: they may take their
/// time. They see what was recorded, before anything is removed from it for privacy, and what they
/// return is treated in the same way. Nothing that they do is recorded. One that panics drops the
/// record that it had. What is dropped is counted in [`Loss`](crate::Loss).
impl Config {
    /// Drops what this rule describes.
    pub fn with_filter(mut self, filter: Filter) -> Self {
        self.rules.filters.push(filter);
        self
    }

    /// Drops what one of these rules describes, such as those of [`filters`](crate::filters).
    pub fn with_filters(mut self, filters: impl IntoIterator<Item = Filter>) -> Self {
        self.rules.filters.extend(filters);
        self
    }

    /// Sets a hook that changes or drops events: errors, panics, slow calls, messages.
    ///
    /// ```
    /// use monitor_runtime::{Config, record::EventKind};
    ///
    /// let config = Config::new().with_before_send(|mut event| {
    ///     if event.tag("feature") == Some("quota") {
    ///         event.fingerprint = vec!["quota-exceeded".into()];
    ///     }
    ///     (event.kind != EventKind::Slow).then_some(event)
    /// });
    /// ```
    pub fn with_before_send(
        mut self,
        hook: impl Fn(Event) -> Option<Event> + Send + Sync + 'static,
    ) -> Self {
        self.rules.hooks.before_send = Some(Box::new(hook));
        self
    }

    /// Sets a hook that changes or drops transactions, with all their spans.
    ///
    /// One that returns a transaction without a span drops it.
    pub fn with_before_send_transaction(
        mut self,
        hook: impl Fn(Transaction) -> Option<Transaction> + Send + Sync + 'static,
    ) -> Self {
        self.rules.hooks.before_send_transaction = Some(Box::new(hook));
        self
    }

    /// Sets a hook that changes or drops spans. What hangs below a span that is dropped hangs below
    /// its parent then. The root is among them; without it the transaction is dropped.
    ///
    /// It runs before `before_send_transaction`, and costs each span a call.
    pub fn with_before_send_span(
        mut self,
        hook: impl Fn(Span) -> Option<Span> + Send + Sync + 'static,
    ) -> Self {
        self.rules.hooks.before_send_span = Some(Box::new(hook));
        self
    }

    /// Sets a hook that changes or drops breadcrumbs.
    ///
    /// It runs where the breadcrumb is added, so it should be quick.
    pub fn with_before_breadcrumb(
        mut self,
        hook: impl Fn(Breadcrumb) -> Option<Breadcrumb> + Send + Sync + 'static,
    ) -> Self {
        self.rules.hooks.before_breadcrumb = Some(Box::new(hook));
        self
    }
}

/// Privacy.
impl Config {
    /// Sets what is removed from records. Default: [`Scrubber::new`].
    pub fn with_scrubber(mut self, scrubber: Scrubber) -> Self {
        self.rules.scrubber = scrubber;
        self
    }

    /// Keeps only the network of addresses that may be recorded: the first 24 bits of IPv4, the
    /// first 48 of IPv6. Default: on. Without
    /// [`with_send_default_pii`](Self::with_send_default_pii) no address is recorded at all.
    pub fn with_anonymised_ip(mut self, anonymised: bool) -> Self {
        self.rules.sends_whole_addresses = !anonymised;
        self
    }

    /// Asks for each user whether data about them may be recorded. Without consent the user is
    /// removed, and with it what has a name like `user`, `user.role` or `user_id` among tags,
    /// contexts and values of spans.
    ///
    /// It runs on the collector's thread, for each event and transaction with a user. Where it
    /// panics there is no consent. Default: nobody is asked.
    ///
    /// ```
    /// use monitor_runtime::{Config, Level, MockBackend, User, capture_message, set_user};
    ///
    /// let config = Config::new().with_consent(|user| user.id.as_deref() == Some("7"));
    /// let mock = MockBackend::install_with(config);
    ///
    /// set_user(User::new(8).with_username("ada"));
    /// capture_message("no consent", Level::Info);
    /// assert_eq!(mock.event("no consent").scope.user(), None);
    /// ```
    pub fn with_consent(
        mut self,
        has_consent: impl Fn(&User) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.rules.consent = Some(Box::new(has_consent));
        self
    }
}

/// Limits. What is over one is counted in [`Loss`](crate::Loss), and the next event of the same
/// fingerprint says how many were left out before it:
/// [`Event::suppressed`](crate::record::Event::suppressed). [`u32::MAX`] is no limit.
impl Config {
    /// Sets how many errors of one annotated function become events a minute; the same number of
    /// its slow calls. Nothing is made of further ones, which costs some 100 ns. Default: 100.
    pub fn with_max_events_per_callsite(mut self, a_minute: u32) -> Self {
        self.rules.limits.per_callsite = a_minute;
        self
    }

    /// Sets how many events of one fingerprint are sent a minute, for the 100 fingerprints that
    /// were seen last. An event without a fingerprint counts by its type and its place in the
    /// program. Default: 30.
    pub fn with_max_events_per_fingerprint(mut self, a_minute: u32) -> Self {
        self.rules.limits.per_fingerprint = a_minute;
        self
    }

    /// Sets how many events are sent a minute, of all kinds together. Default: no limit.
    pub fn with_max_events_per_minute(mut self, max: u32) -> Self {
        self.rules.limits.events = max;
        self
    }

    /// Sets how many transactions are sent a minute. Default: no limit; sampling is what they are
    /// limited by.
    pub fn with_max_transactions_per_minute(mut self, max: u32) -> Self {
        self.rules.limits.transactions = max;
        self
    }
}

/// Relations.
impl Config {
    /// Sets who is told when so many errors of one fingerprint have come within 300 s, and each
    /// time that so many more have. It goes by the last 100 errors. 0 counts as 1.
    ///
    /// It runs on the collector's thread; where it panics nothing else is lost.
    ///
    /// ```
    /// use monitor_runtime::Config;
    ///
    /// let config = Config::new().with_on_pattern(10, |pattern| {
    ///     eprintln!("{} times, {} users: {}", pattern.events, pattern.users, pattern.title);
    /// });
    /// ```
    pub fn with_on_pattern(
        mut self,
        errors: u64,
        hook: impl Fn(&Pattern) + Send + Sync + 'static,
    ) -> Self {
        self.rules.on_pattern = Some((errors.max(1), Box::new(hook)));
        self
    }
}

/// Latencies.
impl Config {
    /// Watches how long the calls of each annotated function take, with what
    /// [`latency`](crate::latency) says of them. Default: off.
    ///
    /// A function that takes longer than it used to is reported with a warning, "Performance anomaly
    /// detected", and so is one of a database whose p95 is over 2 s. Transactions say how they did
    /// beside the others of their function: [`PerformanceTier`](crate::PerformanceTier). It goes by
    /// what is recorded: by the traces that are sampled, or kept by
    /// [`with_tail_sampling`](Self::with_tail_sampling) until it is known how they end.
    ///
    /// It runs on the collector's thread and costs a span some nanoseconds there.
    pub fn with_baselines(mut self, baselines: Baselines) -> Self {
        self.settings.baselines = Some(baselines);
        self
    }

    /// Sets who is told when a function takes longer than it used to, once for each time that it
    /// begins to. Needs [`with_baselines`](Self::with_baselines).
    ///
    /// It runs on the collector's thread; where it panics nothing else is lost.
    ///
    /// ```
    /// use monitor_runtime::{Baselines, Config};
    ///
    /// let config = Config::new().with_baselines(Baselines::new()).with_on_anomaly(|anomaly| {
    ///     let (name, factor) = (anomaly.callsite.name(), anomaly.factor);
    ///     eprintln!("{name} takes {factor:.1} times as long: {:?}", anomaly.observed.p95);
    /// });
    /// ```
    pub fn with_on_anomaly(mut self, hook: impl Fn(&Anomaly) + Send + Sync + 'static) -> Self {
        self.rules.on_anomaly = Some(Box::new(hook));
        self
    }
}
