//! Every place of a record where a text may be.

use std::sync::Arc;

use super::value::MAX_KEY;
use super::{FILTERED, MAX_TEXT, Scrubber};
use crate::context::Scope;
use crate::policy::address;
use crate::propagation::Propagation;
use crate::record::{
    Attributes, Breadcrumb, Contexts, ERROR_GROUP_KEYS, ERROR_GROUPS, ErrorGroup, ErrorGroups,
    Event, ExpectedErrors, Span, Text, User,
};

use super::keys::Verdict;

/// Bytes of an id that the program gives.
const MAX_ID: usize = 1024;
/// Bytes of a message: where errors' texts are cut, too.
const MAX_MESSAGE: usize = 8192;

impl Scrubber {
    /// Removes secrets from an event.
    pub(in crate::policy) fn event(&self, event: &mut Event) {
        if let Some(message) = &mut event.message {
            self.text_in_place(message, MAX_MESSAGE);
        }
        for error in &mut event.exceptions {
            self.string_in_place(&mut error.value, MAX_MESSAGE);
            self.text_in_place(&mut error.type_name, MAX_KEY);
            for frame in &mut error.frames {
                self.text_in_place(&mut frame.function, MAX_MESSAGE);
            }
        }
        // The context `error` says it again.
        let known = event.exceptions.first().map_or("", |error| error.value.as_str());
        for name in event.op.iter_mut().chain(&mut event.transaction).chain(&mut event.fingerprint)
        {
            self.text_in_place(name, MAX_TEXT);
        }
        for (key, value) in &mut event.tags {
            if let Some(new) = self.tag_in(key, value) {
                *value = new;
            }
            self.text_in_place(key, MAX_KEY);
        }
        self.event_contexts(&mut event.contexts, known);
        self.scope(&mut event.scope);
    }

    fn event_contexts(&self, contexts: &mut Contexts, known: &str) {
        if !self.leaves_error_groups() {
            contexts.make();
        }
        let (made, groups) = contexts.parts_mut();
        for (name, values) in made {
            match self.hides_in(name) {
                true => *values = vec![(Text::Borrowed("value"), FILTERED.into())],
                false => {
                    self.attributes_in_place_beside(values, known);
                    self.query_in_place(name, values);
                }
            }
            self.text_in_place(name, MAX_KEY);
        }
        if let Some(groups) = groups {
            self.error_groups(groups, known);
        }
    }

    /// The texts of the program in what no context is made of yet. The others are ours: words, numbers
    /// and a hash.
    fn error_groups(&self, groups: &mut ErrorGroups, known: &str) {
        let ErrorGroup { type_name, message, category, module, variant, .. } = &mut groups.error;
        if message != known {
            self.string_in_place(message, MAX_TEXT);
        }
        for text in [type_name, category].into_iter().chain(module).chain(variant) {
            self.text_in_place(text, MAX_TEXT);
        }
        if let Some(release) = &mut groups.system.release {
            self.text_in_place(release, MAX_TEXT);
        }
    }

    /// Whether nothing of what each error says is removed for its name, or found by the program.
    fn leaves_error_groups(&self) -> bool {
        let is_known = |name| self.verdict(name) == Verdict::Unknown;
        self.patterns.is_empty()
            && *self
                .leaves_groups
                .get_or_init(|| ERROR_GROUPS.into_iter().chain(ERROR_GROUP_KEYS).all(is_known))
    }

    /// Removes secrets from a metric.
    pub(in crate::policy) fn metric(&self, name: &mut Text, attributes: &mut Attributes) {
        self.text_in_place(name, MAX_KEY);
        self.attributes_in_place(attributes);
    }

    /// Removes secrets from a count of errors.
    pub(in crate::policy) fn expected_error(&self, error: &mut ExpectedErrors) {
        self.text_in_place(&mut error.type_name, MAX_KEY);
        self.text_in_place(&mut error.category, MAX_KEY);
    }

    /// Removes secrets from the spans of a transaction.
    pub(in crate::policy) fn spans(&self, spans: &mut [Span]) {
        spans.iter_mut().for_each(|span| self.span(span));
    }

    fn span(&self, span: &mut Span) {
        // Most names and ops stand in the program's text.
        if let Some(description) = span.callsite.details.description
            && let Some(description) =
                self.text_of(span.description().unwrap_or(description), MAX_TEXT)
        {
            span.set_description(description);
        }
        if span.is_plain() {
            return;
        }
        let is_database = is_database(span.op());
        let [op, name, description] = span.own_words();
        for text in [op, name].into_iter().flatten() {
            if let Text::Owned(text) = text {
                self.string_in_place(text, MAX_TEXT);
            }
        }
        if let Some(description) = description {
            // A query that is put together while the program runs has its values inside.
            if matches!(description, Text::Owned(_))
                && is_database
                && let Some(statement) = self.statement_of(description)
            {
                *description = statement.into();
            }
            self.text_in_place(description, MAX_TEXT);
        }
        if !span.attributes().is_empty() {
            self.attributes_in_place(span.attributes_mut());
        }
    }

    /// Removes secrets from a scope. What holds none is shared as before.
    pub(in crate::policy) fn scope(&self, scope: &mut Arc<Scope>) {
        if let Some(user) = scope.user().and_then(|user| self.user(user)) {
            Arc::make_mut(scope).user = Some(Arc::new(user));
        }
        for at in 0..scope.tags.len() {
            let (key, value) = &scope.tags[at];
            let (new_key, new_value) = (self.text_in(key, MAX_KEY), self.tag_in(key, value));
            if let Some(value) = new_value {
                Arc::make_mut(scope).tags.make_mut()[at].1 = value.into();
            }
            if let Some(key) = new_key {
                Arc::make_mut(scope).tags.make_mut()[at].0 = key.into();
            }
        }
        self.contexts(scope);
        for at in 0..scope.breadcrumbs.len() {
            if let Some(new) = self.breadcrumb(&scope.breadcrumbs[at]) {
                Arc::make_mut(scope).breadcrumbs.make_mut()[at] = Arc::new(new);
            }
        }
        self.headers(scope);
        let id = scope.own_correlation_id().and_then(|id| self.text_of(id, MAX_ID));
        if let Some(id) = id {
            Arc::make_mut(scope).set_correlation_id(id);
        }
    }

    /// What another service says of the trace goes on as it came, but for secrets.
    fn headers(&self, scope: &mut Arc<Scope>) {
        let Some(propagation) = &scope.propagation else { return };
        let Some(sentry) = &propagation.upstream.sentry else { return };
        let found = ["transaction", "release", "environment"].into_iter();
        let found: Vec<_> = found
            .filter_map(|name| Some((name, self.text_of(sentry.get(name)?, MAX_ID)?)))
            .collect();
        if found.is_empty() {
            return;
        }
        let mut new = Propagation::clone(propagation);
        let sentry = &mut Arc::make_mut(&mut new.upstream).sentry;
        for (name, text) in found {
            sentry.iter_mut().for_each(|sentry| sentry.set(name, text.clone()));
        }
        Arc::make_mut(scope).propagation = Some(Arc::new(new));
    }

    fn contexts(&self, scope: &mut Arc<Scope>) {
        for at in 0..scope.contexts.len() {
            let (name, values) = &scope.contexts[at];
            let new_name = self.text_in(name, MAX_KEY);
            let new = match self.hides_in(name) {
                true => Some(vec![(Text::Borrowed("value"), FILTERED.into())]),
                false => self.attributes(values),
            };
            if let Some(values) = new {
                Arc::make_mut(scope).contexts.make_mut()[at].1 = Arc::new(values);
            }
            if let Some(name) = new_name {
                Arc::make_mut(scope).contexts.make_mut()[at].0 = name.into();
            }
        }
    }

    fn breadcrumb(&self, breadcrumb: &Breadcrumb) -> Option<Breadcrumb> {
        let is_query = breadcrumb.category == "query" || is_database(&breadcrumb.category);
        let message = match is_query {
            true => self.statement_of(&breadcrumb.message),
            false => self.text_in(&breadcrumb.message, MAX_MESSAGE),
        };
        let category = self.text_in(&breadcrumb.category, MAX_KEY);
        let data = self.attributes(&breadcrumb.data);
        if message.is_none() && category.is_none() && data.is_none() {
            return None;
        }
        Some(Breadcrumb {
            message: message.map_or_else(|| breadcrumb.message.clone(), Into::into),
            category: category.map_or_else(|| breadcrumb.category.clone(), Into::into),
            data: data.unwrap_or_else(|| breadcrumb.data.clone()),
            ..*breadcrumb
        })
    }

    fn user(&self, user: &User) -> Option<User> {
        let mut changed = None;
        let mut set =
            |change: &dyn Fn(&mut User)| change(changed.get_or_insert_with(|| user.clone()));
        if let Some(id) = user.id.as_deref().and_then(|id| self.text_of(id, MAX_ID)) {
            set(&|user| user.id = Some(id.clone()));
        }
        if let Some(name) = user.username.as_deref().and_then(|name| self.text_of(name, MAX_ID)) {
            set(&|user| user.username = Some(name.clone()));
        }
        if user.email.is_some() && !self.personal {
            set(&|user| user.email = None);
        }
        if let Some(address) = &user.ip_address {
            if !self.personal {
                set(&|user| user.ip_address = None);
            } else if self.masks_addresses
                && let Some(masked) = address::masked(address)
            {
                set(&|user| user.ip_address = Some(masked.clone()));
            }
        }
        if let Some(data) = self.attributes(&user.data) {
            set(&|user| user.data.clone_from(&data));
        }
        changed
    }

    /// The value of a tag as it may be recorded; `None` if it may as it is.
    #[cfg(feature = "sentry")]
    pub(in crate::policy) fn tag(&self, key: &str, value: &str) -> Option<String> {
        self.judged_tag(self.verdict(key), value)
    }

    fn tag_in(&self, key: &Text, value: &str) -> Option<String> {
        self.judged_tag(self.verdict_of(key), value)
    }

    fn judged_tag(&self, verdict: Verdict, value: &str) -> Option<String> {
        match verdict {
            Verdict::Strong | Verdict::Listed => Some(FILTERED.to_owned()),
            Verdict::Weak if value.parse::<f64>().is_err() => Some(FILTERED.to_owned()),
            Verdict::Personal if !self.personal => Some(FILTERED.to_owned()),
            Verdict::Personal if self.masks_addresses => address::masked(value),
            Verdict::Allowed => None,
            _ => self.text_of(value, MAX_TEXT),
        }
    }

    /// The query among the details of an error of a database.
    fn query_in_place(&self, context: &str, values: &mut [(Text, crate::record::Value)]) {
        if context != "database" {
            return;
        }
        for (_, value) in values.iter_mut().filter(|(key, _)| key == "query") {
            if let Some(new) = self.statement(value) {
                *value = new;
            }
        }
    }

    /// Whether what has this name is removed as a whole.
    #[cfg(feature = "sentry")]
    pub(in crate::policy) fn hides(&self, name: &str) -> bool {
        hides(self.verdict(name))
    }

    fn hides_in(&self, name: &Text) -> bool {
        hides(self.verdict_of(name))
    }

    fn string_in_place(&self, text: &mut String, max: usize) {
        if let Some(new) = self.text_of(text, max) {
            *text = new;
        }
    }
}

const fn hides(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Weak | Verdict::Listed | Verdict::Strong)
}

fn is_database(op: &str) -> bool {
    op.strip_prefix("db").is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
