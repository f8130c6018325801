//! Data about users who didn't agree to it.

use std::sync::Arc;

use super::hooks::guarded;
use crate::context::Scope;
use crate::record::{Event, Transaction, User};

/// Whether data about a user may be recorded.
pub(crate) type Consent = Box<dyn Fn(&User) -> bool + Send + Sync>;

pub(super) fn apply_to_event(consent: &Consent, event: &mut Event) {
    if lacks(consent, &event.scope) {
        event.tags.retain(|(key, _)| !is_about_user(key));
        event.contexts.retain(|(name, _)| !is_about_user(name));
        strip(&mut event.scope);
    }
}

pub(super) fn apply_to_transaction(consent: &Consent, transaction: &mut Transaction) {
    if lacks(consent, &transaction.scope) {
        for span in transaction.spans.iter_mut().filter(|span| !span.is_plain()) {
            span.attributes_mut().retain(|(key, _)| !is_about_user(key));
        }
        strip(&mut transaction.scope);
    }
}

fn lacks(consent: &Consent, scope: &Scope) -> bool {
    scope.user().is_some_and(|user| guarded(|| consent(user)) != Some(true))
}

fn strip(scope: &mut Arc<Scope>) {
    let scope = Arc::make_mut(scope);
    scope.set_user(None);
    scope.tags.make_mut().retain(|(key, _)| !is_about_user(key));
    scope.contexts.make_mut().retain(|(name, _)| !is_about_user(name));
    let has_data = |at: usize, scope: &Scope| {
        scope.breadcrumbs[at].data.iter().any(|(key, _)| is_about_user(key))
    };
    for at in 0..scope.breadcrumbs.len() {
        if has_data(at, scope) {
            let breadcrumb = Arc::make_mut(&mut scope.breadcrumbs.make_mut()[at]);
            breadcrumb.data.retain(|(key, _)| !is_about_user(key));
        }
    }
}

/// `user`, `user.id`, `user_id`, `userId`; not `users` or `useragent`.
pub(super) fn is_about_user(key: &str) -> bool {
    let prefix = key.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("user"));
    let next = key.as_bytes().get(4);
    prefix && next.is_none_or(|next| !next.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::is_about_user;

    #[test]
    fn names_about_users_are_told_from_others() {
        for key in ["user", "user.id", "user_id", "userId", "User-Name", "user id"] {
            assert!(is_about_user(key), "{key}");
        }
        for key in ["users", "useragent", "use", "", "enduser", "usér"] {
            assert!(!is_about_user(key), "{key}");
        }
    }
}
