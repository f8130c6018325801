//! User, tags, contexts and breadcrumbs: what every event says beside itself.

use std::cell::Cell;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Once};

use super::ai_call::{AiCall, Noted, NotedModel};
use super::feature_flags::FeatureFlags;
use super::local::{self, Local};
use super::shared::Shared;
use crate::callsite::{Ai, Callsite};
use crate::clock;
use crate::hub::Hub;
use crate::propagation::Propagation;
#[cfg(feature = "sentry")]
use crate::propagation::SentryBaggage;
use crate::record::{
    Attributes, Breadcrumb, Text, TraceId, User, Value, bounded_breadcrumb, bounded_user,
    bounded_values,
};
use crate::sessions::RequestSession;

thread_local! {
    static SCOPE: Cell<Option<Arc<Scope>>> = const { Cell::new(None) };
}

/// User, tags, contexts and breadcrumbs of one unit of work.
///
/// A root, a spawned task and [`push_scope`](crate::push_scope) begin with a copy of the scope
/// around them, and what they set ends with them. A copy is cheap: the parts are shared until one
/// of them is changed.
#[derive(Clone, Default)]
pub struct Scope {
    pub(crate) user: Option<Arc<User>>,
    pub(crate) tags: Shared<Vec<(Text, Arc<str>)>>,
    pub(crate) contexts: Shared<Vec<(Text, Arc<Attributes>)>>,
    pub(crate) breadcrumbs: Shared<VecDeque<Arc<Breadcrumb>>>,
    correlation_id: Option<Arc<str>>,
    /// Where the trace comes from, if that isn't here.
    pub(crate) propagation: Option<Arc<Propagation>>,
    /// Details of the running `#[capture_errors(kind = ..)]` that aren't literals.
    pub(crate) details: Shared<Attributes>,
    /// Of the request that this is the scope of.
    pub(crate) session: Option<Arc<RequestSession>>,
    feature_flags: Option<Arc<FeatureFlags>>,
    /// The AI call that is running.
    pub(crate) ai: Option<Arc<AiCall>>,
}

impl Scope {
    /// The user on whose behalf it happens.
    pub fn user(&self) -> Option<&User> {
        self.user.as_deref()
    }

    /// All tags, in the order in which they were first set.
    pub fn tags(&self) -> impl Iterator<Item = (&str, &str)> {
        self.tags.iter().map(|(key, value)| (key.as_ref(), value.as_ref()))
    }

    /// The value of a tag.
    pub fn tag(&self, key: &str) -> Option<&str> {
        self.tags().find(|(k, _)| *k == key).map(|(_, value)| value)
    }

    /// All contexts, in the order in which they were first set.
    pub fn contexts(&self) -> impl Iterator<Item = (&str, &Attributes)> {
        self.contexts.iter().map(|(name, values)| (name.as_ref(), values.as_ref()))
    }

    /// The values of a context.
    pub fn context(&self, name: &str) -> Option<&Attributes> {
        self.contexts().find(|(n, _)| *n == name).map(|(_, values)| values)
    }

    /// The last breadcrumbs, the oldest first.
    pub fn breadcrumbs(&self) -> impl DoubleEndedIterator<Item = &Breadcrumb> {
        self.breadcrumbs.iter().map(AsRef::as_ref)
    }

    /// The id that links everything of one unit of work: the one that was set, else the trace id.
    pub fn correlation_id(&self, trace_id: TraceId) -> String {
        self.correlation_id.as_ref().map_or_else(|| trace_id.to_string(), ToString::to_string)
    }

    /// The dynamic sampling context of a trace that another service began.
    #[cfg(feature = "sentry")]
    pub(crate) fn frozen(&self, trace_id: TraceId) -> Option<SentryBaggage> {
        let propagation = self.propagation.as_ref();
        propagation.filter(|propagation| propagation.trace_id == trace_id)?.frozen()
    }

    /// Whether it says nothing: what it said was taken out again.
    fn is_silent(&self) -> bool {
        let Self {
            user,
            tags,
            contexts,
            breadcrumbs,
            correlation_id,
            propagation,
            details,
            session,
            feature_flags,
            ai,
        } = self;
        let lists =
            tags.is_unset() && contexts.is_unset() && breadcrumbs.is_unset() && details.is_unset();
        let set = user.is_some() || correlation_id.is_some() || propagation.is_some();
        lists && !set && session.is_none() && feature_flags.is_none() && ai.is_none()
    }

    pub(crate) fn own_correlation_id(&self) -> Option<&str> {
        self.correlation_id.as_deref()
    }

    /// Sets or clears the user.
    pub fn set_user(&mut self, user: Option<User>) {
        self.user = user.map(bounded_user).map(Arc::new);
    }

    /// Sets a tag; one of the same name is replaced.
    pub fn set_tag(&mut self, key: impl Into<Text>, value: impl AsRef<str>) {
        replace(self.tags.make_mut(), key.into(), value.as_ref().into());
    }

    /// Removes a tag.
    pub fn remove_tag(&mut self, key: &str) {
        self.tags.make_mut().retain(|(k, _)| k != key);
    }

    /// Sets a context; one of the same name is replaced.
    pub fn set_context<K: Into<Text>, V: Into<Value>>(
        &mut self,
        name: impl Into<Text>,
        values: impl IntoIterator<Item = (K, V)>,
    ) {
        let values = values.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        replace(self.contexts.make_mut(), name.into(), Arc::new(bounded_values(values)));
    }

    /// Sets the id that links everything of one unit of work, in place of the trace id.
    pub fn set_correlation_id(&mut self, id: impl AsRef<str>) {
        self.correlation_id = Some(id.as_ref().into());
    }

    /// The feature flags that were evaluated last, each with its result, the oldest first.
    pub fn feature_flags(&self) -> impl DoubleEndedIterator<Item = (&str, bool)> {
        self.feature_flags.iter().flat_map(|flags| flags.iter())
    }

    /// What events say of them.
    pub(super) fn flags_context(&self) -> Option<(Text, Attributes)> {
        Some(("flags".into(), self.feature_flags.as_ref()?.to_context()))
    }

    /// Notes a feature flag; past `max` the oldest go. How many others the span has by now.
    pub(crate) fn add_feature_flag(
        &mut self,
        name: Text,
        result: bool,
        span: u64,
        max: usize,
    ) -> usize {
        let flags = Arc::make_mut(self.feature_flags.get_or_insert_default());
        flags.add(name, result, span, max)
    }

    /// Adds a breadcrumb; past `max` the oldest go.
    pub(crate) fn add_breadcrumb(&mut self, breadcrumb: Breadcrumb, max: usize) {
        let breadcrumbs = self.breadcrumbs.make_mut();
        breadcrumbs.push_back(Arc::new(bounded_breadcrumb(breadcrumb)));
        while breadcrumbs.len() > max {
            breadcrumbs.pop_front();
        }
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope")
            .field("user", &self.user)
            .field("tags", &self.tags)
            .field("contexts", &self.contexts)
            .field("breadcrumbs", &self.breadcrumbs.len())
            .field("correlation_id", &self.correlation_id)
            .finish_non_exhaustive()
    }
}

fn replace<V>(list: &mut Vec<(Text, V)>, key: Text, value: V) {
    match list.iter_mut().find(|(k, _)| *k == key) {
        Some((_, old)) => *old = value,
        None => list.push((key, value)),
    }
}

/// The calling thread's scope, if it holds anything.
pub(crate) fn current() -> Option<Arc<Scope>> {
    place_ai();
    let scope = SCOPE.try_with(Cell::take).ok()??;
    let copy = Arc::clone(&scope);
    swap(Some(scope));
    Some(copy)
}

/// The same if it holds anything that an event says. Otherwise it isn't shared, and can be changed
/// without a copy.
pub(crate) fn current_for_event() -> Option<Arc<Scope>> {
    if look(Scope::is_silent)? { None } else { current() }
}

/// Looks at the calling thread's scope, if it holds anything. `look` must not run code of the user.
pub(crate) fn look<T>(look: impl FnOnce(&Scope) -> T) -> Option<T> {
    place_ai();
    look_past_ai(look)
}

/// The same of a scope in which the AI call that runs need not be.
fn look_past_ai<T>(look: impl FnOnce(&Scope) -> T) -> Option<T> {
    SCOPE
        .try_with(|cell| {
            let scope = cell.take()?;
            let found = look(&scope);
            cell.set(Some(scope));
            Some(found)
        })
        .ok()?
}

/// Puts another scope in place; returns the one before. Nothing happens on a thread that has run
/// its destructors.
pub(crate) fn swap(scope: Option<Arc<Scope>>) -> Option<Arc<Scope>> {
    place_ai();
    let has_scope = scope.is_some();
    let Ok(before) = SCOPE.try_with(|cell| cell.replace(scope)) else { return None };
    local::with(|local| local.has_scope.set(has_scope));
    before
}

/// A copy of the scope for a trace that begins.
pub(crate) fn begun(
    scope: Option<Arc<Scope>>,
    propagation: Option<Arc<Propagation>>,
) -> Option<Arc<Scope>> {
    let Some(propagation) = propagation else { return scope };
    let mut scope = scope.unwrap_or_default();
    Arc::make_mut(&mut scope).propagation = Some(propagation);
    Some(scope)
}

/// The AI call of a callsite, if that is the one that is running.
pub(crate) fn ai_call(site: &'static Callsite) -> Option<Arc<AiCall>> {
    let call = current()?.ai.clone()?;
    std::ptr::eq(call.site, site).then_some(call)
}

/// Notes that an AI call begins. One around it goes into the scope: there this one finds it at its end.
pub(crate) fn begin_ai(local: &Local, site: &'static Callsite, ai: &'static Ai, start: u64) {
    place_ai();
    let has_scope = local.has_scope.get();
    let start = if start == 0 { clock::now() } else { start };
    local.noted_ai.set(Some(Noted { site, ai, start, has_scope, has_model: false }));
    local.has_scope.set(true);
}

/// Whether the AI call of a callsite is running, and nobody has asked for it.
pub(crate) fn is_noted(local: &Local, site: &'static Callsite) -> bool {
    local.noted_ai.get().is_some_and(|noted| std::ptr::eq(noted.site, site))
}

/// Notes the model of such a call; `false` where that isn't possible.
pub(crate) fn note_model(local: &Local, site: &'static Callsite, model: &str) -> bool {
    let noted = local.noted_ai.get().filter(|noted| std::ptr::eq(noted.site, site));
    let (Some(noted), Some(model)) = (noted, NotedModel::new(model)) else { return false };
    local.noted_model.set(model);
    local.noted_ai.set(Some(Noted { has_model: true, ..noted }));
    true
}

/// The AI call in the scope, where the one that is running is only noted: that around it.
pub(crate) fn ai_around() -> Option<Arc<AiCall>> {
    look_past_ai(|scope| scope.ai.clone())?
}

/// The AI call of a callsite, if it is running and nobody has asked for it; it isn't noted any more.
pub(crate) fn take_noted_ai(local: &Local, site: &'static Callsite) -> Option<Noted> {
    let noted = local.noted_ai.get().filter(|noted| std::ptr::eq(noted.site, site))?;
    local.noted_ai.set(None);
    local.has_scope.set(noted.has_scope);
    Some(noted)
}

/// Puts the AI call that is only noted into the scope.
#[inline]
fn place_ai() {
    if let Some(noted) = local::with(|local| local.noted_ai.take()) {
        place(noted);
    }
}

#[inline(never)]
fn place(noted: Noted) {
    let Noted { site, ai, start, has_model, .. } = noted;
    change_scope(|scope| {
        let call = AiCall::begin(site, ai, start, &scope.ai);
        if has_model {
            let model = local::with(|local| local.noted_model.get());
            call.said().model = Some(model.as_str().into());
        }
        scope.ai = Some(call);
    });
}

/// Changes the calling thread's scope. `change` must not run code of the user.
pub(crate) fn update(change: impl FnOnce(&mut Scope)) {
    place_ai();
    change_scope(change);
}

fn change_scope(change: impl FnOnce(&mut Scope)) {
    let Ok(scope) = SCOPE.try_with(Cell::take) else { return };
    let mut scope = scope.unwrap_or_default();
    change(Arc::make_mut(&mut scope));
    swap(Some(scope));
}

/// Changes the calling thread's scope on behalf of the program.
///
/// In a task of tokio, outside of every annotated function, the thread's scope isn't the task's:
/// the next task on this thread would have it, too. There nothing is set.
pub(crate) fn update_by_hand(change: impl FnOnce(&mut Scope)) {
    if is_outside() && in_task() {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            crate::diagnostics::warn(
                "a tag, user, context or breadcrumb was set in a task outside of every annotated \
                 function, where it would reach other tasks: it is left out",
            );
        });
        return;
    }
    update(change);
}

/// Whether no annotated function but `main` is running, and no scope is pushed.
fn is_outside() -> bool {
    local::with(|local| {
        local.depth.get() <= local.depth_of_main.get() && local.own_scopes.get() == 0
    })
}

fn in_task() -> bool {
    #[cfg(feature = "tokio")]
    let in_task = tokio::task::try_id().is_some();
    #[cfg(not(feature = "tokio"))]
    let in_task = false;
    in_task
}

/// The hub of what the calling thread does; `None` where nothing is recorded.
pub(crate) fn hub() -> Option<&'static Hub> {
    if !Hub::any() {
        return None;
    }
    local::with(Hub::current)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::DEFAULT_MAX_BREADCRUMBS;

    #[test]
    fn a_copy_does_not_change_with_the_original() {
        let mut scope = Scope::default();
        scope.set_tag("tenant", "a");
        let copy = scope.clone();
        scope.set_tag("tenant", "b");
        scope.set_user(Some(User::new(1)));
        assert_eq!(copy.tag("tenant"), Some("a"));
        assert_eq!(scope.tag("tenant"), Some("b"));
        assert_eq!(copy.user(), None);
    }

    #[test]
    fn the_oldest_breadcrumbs_go_first() {
        let mut scope = Scope::default();
        for number in 0..DEFAULT_MAX_BREADCRUMBS + 5 {
            let breadcrumb = Breadcrumb::new("test", number.to_string());
            scope.add_breadcrumb(breadcrumb, DEFAULT_MAX_BREADCRUMBS);
        }
        assert_eq!(scope.breadcrumbs().count(), DEFAULT_MAX_BREADCRUMBS);
        assert_eq!(scope.breadcrumbs().next().unwrap().message, "5");
    }

    #[test]
    fn what_is_set_is_kept_bounded() {
        let long = || "x".repeat(1 << 20);
        let mut scope = Scope::default();
        scope.set_user(Some(User::new(long())));
        scope.set_context("cart", [("text", long())]);
        scope.add_breadcrumb(Breadcrumb::new("a", long()), DEFAULT_MAX_BREADCRUMBS);
        let user = scope.user().unwrap().id.as_ref().unwrap();
        let value = scope.context("cart").unwrap()[0].1.as_str().unwrap();
        let message = &scope.breadcrumbs().next().unwrap().message;
        assert!([user.len(), value.len(), message.len()].iter().all(|length| *length < 1 << 15));
    }
}
