//! The way of a record from the collector to the backends.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::consent::{self, Consent};
use super::hooks::{self, Hooks};
use super::limit::{Budget, Callsites, Fingerprints};
use super::related::Related;
use super::rules::{OnAnomaly, OnPattern};
use super::{Anomaly, Filter, Rules, Scrubber, fingerprint, identity, tags};
use crate::ai::AiDialect;
use crate::backend::Losses;
use crate::collect;
#[cfg(feature = "sentry")]
use crate::record::Value;
use crate::record::{
    Attributes, Breadcrumb, CheckIn, Event, ExpectedErrors, Monitor, Span, Text, Transaction,
};
use crate::settings::Settings;

/// What one hub does with records before a backend sees them.
pub(crate) struct Pipeline {
    filters: Vec<Filter>,
    hooks: Hooks,
    scrubber: Scrubber,
    consent: Option<Consent>,
    ai_dialect: AiDialect,
    errors: Callsites,
    slow_calls: Callsites,
    on_pattern: Option<OnPattern>,
    on_anomaly: Option<OnAnomaly>,
    /// Never held while code of the program runs.
    memory: Mutex<Memory>,
}

/// What is remembered of records that were sent.
struct Memory {
    fingerprints: Fingerprints,
    events: Budget,
    transactions: Budget,
    related: Related,
}

impl Pipeline {
    pub(crate) fn new(rules: Rules, settings: &Settings) -> Self {
        let personal = settings.send_default_pii;
        let scrubber = rules.scrubber.for_personal_data(personal, !rules.sends_whole_addresses);
        let limits = rules.limits;
        let (pattern_of, on_pattern) = rules.on_pattern.unzip();
        Self {
            filters: rules.filters,
            hooks: rules.hooks,
            scrubber,
            consent: rules.consent,
            ai_dialect: settings.ai.dialect,
            errors: Callsites::new(limits.per_callsite),
            slow_calls: Callsites::new(limits.per_callsite),
            on_pattern,
            on_anomaly: rules.on_anomaly,
            memory: Mutex::new(Memory {
                fingerprints: Fingerprints::new(limits.per_fingerprint),
                events: Budget::new(limits.events),
                transactions: Budget::new(limits.transactions),
                related: Related::new(pattern_of.unwrap_or(0)),
            }),
        }
    }

    /// What annotated functions have reported of errors.
    pub(crate) const fn errors(&self) -> &Callsites {
        &self.errors
    }

    /// What annotated functions have reported of slow calls.
    pub(crate) const fn slow_calls(&self) -> &Callsites {
        &self.slow_calls
    }

    pub(super) const fn scrubber(&self) -> &Scrubber {
        &self.scrubber
    }

    /// What may be recorded of an address on the net.
    #[cfg(any(feature = "sentry", feature = "tower"))]
    pub(crate) fn address(&self, address: &str) -> Option<String> {
        self.scrubber.address_of(address)
    }

    /// The event as the backends see it, if they do. `wanted` sees each one that the program's own
    /// rules let pass, before the limits.
    pub(crate) fn event(
        &self,
        losses: &Losses,
        mut event: Event,
        wanted: impl FnOnce(&Event),
    ) -> Option<Event> {
        if self.filters.iter().any(|filter| filter.drops_event(&event)) {
            losses.filtered_events(1);
            return None;
        }
        fingerprint::set_default(&mut event);
        let Some(mut event) = hooks::pass(self.hooks.before_send.as_ref(), event) else {
            losses.before_send(1);
            return None;
        };
        wanted(&event);
        if !self.memory(|memory| memory.allows_event(&mut event)) {
            losses.limited_events(1);
            return None;
        }
        losses.cut_tags(self.fit(&mut event));
        let pattern = self.memory(|memory| memory.related.relate(&mut event));
        if let (Some(pattern), Some(hook)) = (pattern, &self.on_pattern) {
            // It only looks: where it panics the event stays.
            let _ = hooks::guarded(|| hook(&pattern));
        }
        Some(event)
    }

    /// Takes out what may not leave, and what doesn't fit; how many tags that concerned.
    pub(crate) fn fit(&self, event: &mut Event) -> u64 {
        if let Some(consent) = &self.consent {
            consent::apply_to_event(consent, event);
        }
        self.scrubber.event(event);
        tags::fit_event(event)
    }

    /// Takes out of a metric what may not leave. Whose it is isn't known, so where users are asked
    /// nothing about them stays.
    pub(crate) fn fit_metric(&self, name: &mut Text, attributes: &mut Attributes) {
        if self.consent.is_some() {
            attributes.retain(|(key, _)| !consent::is_about_user(key));
        }
        self.scrubber.metric(name, attributes);
    }

    /// Makes the transaction what the backends see; whether they do. `is_plain`: all that its spans say
    /// stands in the text of the program.
    pub(crate) fn transaction(
        &self,
        losses: &Losses,
        transaction: &mut Transaction,
        is_plain: bool,
    ) -> bool {
        let spans = transaction.spans.len() as u64;
        if self.filters.iter().any(|filter| filter.drops_transaction(transaction)) {
            losses.filtered_transactions(1);
            losses.filtered_spans(spans);
            return false;
        }
        if !is_plain {
            transaction.spans.iter_mut().for_each(|span| self.ai_dialect.apply(span));
        }
        let has_hooks = self.hooks.sees_transactions();
        if has_hooks && !self.passes_hooks(losses, transaction) {
            return false;
        }
        if !self.memory(|memory| memory.transactions.allows_at(|| transaction.end())) {
            losses.limited_transactions(1);
            losses.limited_spans(transaction.spans.len() as u64);
            return false;
        }
        if let Some(consent) = &self.consent {
            consent::apply_to_transaction(consent, transaction);
        }
        // A hook may have said anything.
        if !is_plain || has_hooks {
            self.scrubber.spans(&mut transaction.spans);
        }
        self.scrubber.scope(&mut transaction.scope);
        losses.cut_tags(tags::fit_scope(&mut transaction.scope));
        true
    }

    /// Shows the transaction to the hooks; whether they let it pass.
    fn passes_hooks(&self, losses: &Losses, transaction: &mut Transaction) -> bool {
        let spans = transaction.spans.len() as u64;
        let shown = std::mem::replace(transaction, collect::blank_transaction());
        let kept = self
            .with_spans(shown)
            .and_then(|t| hooks::pass(self.hooks.before_send_transaction.as_ref(), t))
            .filter(|t| !t.spans.is_empty());
        losses.before_send_transaction(u64::from(kept.is_none()));
        let left = kept.as_ref().map_or(0, |t| t.spans.len() as u64);
        losses.before_send_span(spans.saturating_sub(left));
        kept.map(|kept| *transaction = kept).is_some()
    }

    /// Tells the program of an anomaly.
    pub(crate) fn tell_anomaly(&self, anomaly: &Anomaly) {
        if let Some(hook) = &self.on_anomaly {
            let _ = hooks::guarded(|| hook(anomaly));
        }
    }

    /// Takes out of counts what may not leave.
    pub(crate) fn expected_errors(&self, errors: &mut [ExpectedErrors]) {
        for error in errors {
            self.scrubber.expected_error(error);
        }
    }

    /// The check-in as the backends see it.
    pub(crate) fn check_in(&self, mut check_in: Arc<CheckIn>) -> Arc<CheckIn> {
        let slug = &check_in.monitor.slug;
        if let Some(slug) = self.scrubber.text_of(slug, slug.len()) {
            let monitor = Monitor { slug: slug.into(), ..Monitor::clone(&check_in.monitor) };
            Arc::make_mut(&mut check_in).monitor = Arc::new(monitor);
        }
        check_in
    }

    /// The breadcrumb as it is kept, if it is. Runs where it is added.
    pub(crate) fn breadcrumb(&self, losses: &Losses, breadcrumb: Breadcrumb) -> Option<Breadcrumb> {
        let breadcrumb = hooks::pass(self.hooks.before_breadcrumb.as_ref(), breadcrumb);
        if breadcrumb.is_none() {
            losses.before_breadcrumb(1);
        }
        breadcrumb
    }

    fn memory<T>(&self, f: impl FnOnce(&mut Memory) -> T) -> T {
        f(&mut self.memory.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Passes each span through its hook; `None` if the root is dropped.
    fn with_spans(&self, mut transaction: Transaction) -> Option<Transaction> {
        if self.hooks.before_send_span.is_none() {
            return Some(transaction);
        }
        let hook = self.hooks.before_send_span.as_ref();
        let spans = std::mem::take(&mut transaction.spans);
        let root = spans.first()?.id;
        let mut parents = HashMap::new();
        let pass = |span: Span| {
            let (id, parent) = (span.id, span.parent);
            let kept = hooks::pass(hook, span);
            if kept.is_none() {
                parents.insert(id, parent);
            }
            kept
        };
        transaction.spans = spans.into_iter().filter_map(pass).collect();
        if parents.contains_key(&root) {
            return None;
        }
        for span in &mut transaction.spans {
            while let Some(parent) = span.parent.and_then(|id| parents.get(&id)) {
                span.parent = *parent;
            }
        }
        Some(transaction)
    }
}

/// For what isn't among the records of this crate. `None`: it may leave as it is.
#[cfg(feature = "sentry")]
impl Pipeline {
    pub(crate) fn text(&self, text: &str, max: usize) -> Option<String> {
        self.scrubber.text_of(text, max)
    }

    pub(crate) fn tag(&self, key: &str, value: &str) -> Option<String> {
        self.scrubber.tag(key, value)
    }

    pub(crate) fn value(&self, key: &str, value: &Value) -> Option<Value> {
        self.scrubber.named(key, value)
    }

    /// Whether what has this name is removed as a whole.
    pub(crate) fn hides(&self, name: &str) -> bool {
        self.scrubber.hides(name)
    }

    pub(crate) const fn allows_personal_data(&self) -> bool {
        self.scrubber.allows_personal_data()
    }
}

impl Memory {
    fn allows_event(&mut self, event: &mut Event) -> bool {
        let (identity, now) = (identity::of(event), event.timestamp);
        if !self.events.has_room(now) {
            self.fingerprints.leave_out(identity, now, event.suppressed + 1);
            return false;
        }
        let Some(left_out) = self.fingerprints.pass(identity, now, event.suppressed) else {
            return false;
        };
        event.suppressed = left_out;
        self.events.allows(now)
    }
}
