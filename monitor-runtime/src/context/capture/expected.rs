//! Errors that are part of what users do.

use std::sync::{Mutex, PoisonError};

use super::super::scope;
use super::super::text::cut;
use crate::errors::ErrorClass;
use crate::hub::Hub;
use crate::record::{Breadcrumb, Exception, ExpectedErrors, Level, Text};

/// Kinds of expected errors that are told apart between two reports; further ones are counted
/// together.
const MAX_KINDS: usize = 100;
/// Bytes of the message in the breadcrumb.
const MAX_MESSAGE: usize = 1024;
/// What those are called that are counted together.
const OTHERS: &str = "others";

/// Counts since the last report.
#[derive(Default)]
pub(crate) struct ExpectedCounts {
    counts: Mutex<Vec<ExpectedErrors>>,
}

impl ExpectedCounts {
    fn add(&self, type_name: &Text, variant: Option<&'static str>, category: &Text) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = |known: &&mut ExpectedErrors| {
            known.type_name == *type_name && known.variant == variant && known.category == *category
        };
        if let Some(known) = counts.iter_mut().find(is_same) {
            known.count += 1;
        } else if counts.len() < MAX_KINDS {
            let (type_name, category) = (type_name.clone(), category.clone());
            counts.push(ExpectedErrors { type_name, variant, category, count: 1 });
        } else if let Some(others) = counts.iter_mut().find(|known| known.type_name == OTHERS) {
            others.count += 1;
        } else {
            let (type_name, category) = (OTHERS.into(), OTHERS.into());
            counts.push(ExpectedErrors { type_name, variant: None, category, count: 1 });
        }
    }

    /// The counts, which begin anew.
    pub(crate) fn take(&self) -> Vec<ExpectedErrors> {
        std::mem::take(&mut *self.counts.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }
}

/// Counts the error and leaves a breadcrumb.
pub(super) fn note(hub: &Hub, error: &Exception, class: &ErrorClass) {
    let category = class.category.clone().unwrap_or(Text::Borrowed("expected"));
    hub.expected().add(&error.type_name, class.variant, &category);
    crate::metrics::error_expected(&error.type_name, &category, class);
    let message = format!("{}: {}", error.type_name, cut(&error.value, MAX_MESSAGE));
    let mut breadcrumb = Breadcrumb::new("error", message)
        .with_level(class.effective_level().unwrap_or(Level::Info))
        .with("category", category);
    if let Some(variant) = class.variant {
        breadcrumb = breadcrumb.with("variant", variant);
    }
    let max = hub.settings().max_breadcrumbs;
    if let Some(breadcrumb) = hub.policy().breadcrumb(hub.losses(), breadcrumb) {
        scope::update(|scope| scope.add_breadcrumb(breadcrumb, max));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_bounded_and_nothing_is_uncounted() {
        let counts = ExpectedCounts::default();
        for number in 0..MAX_KINDS + 50 {
            counts.add(&number.to_string().into(), None, &"test".into());
        }
        let taken = counts.take();
        assert_eq!(taken.len(), MAX_KINDS + 1);
        assert_eq!(taken.iter().map(|kind| kind.count).sum::<u64>(), MAX_KINDS as u64 + 50);
        assert!(counts.is_empty());
    }
}
