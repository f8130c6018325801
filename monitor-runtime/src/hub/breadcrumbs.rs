use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::record::{Breadcrumb, Event};

/// Breadcrumbs that are kept: what concerns the whole process is rare.
const MAX: usize = 20;

/// What happened to the process and concerns all that goes on in it: the last 20 breadcrumbs.
///
/// No scope could hold them: the one of the collector's thread is seen by nobody else. So they are put
/// among an event's own when it comes to the collector, those that are from before it.
#[derive(Default)]
pub(super) struct Breadcrumbs(Mutex<VecDeque<Arc<Breadcrumb>>>);

impl Breadcrumbs {
    pub(super) fn add(&self, breadcrumb: Breadcrumb) {
        self.lock(|list| {
            if list.len() == MAX {
                list.pop_front();
            }
            list.push_back(Arc::new(breadcrumb));
        });
    }

    /// Puts them among the event's own, in the order of their times; past `max` the oldest go.
    pub(super) fn add_to(&self, event: &mut Event, max: usize) {
        let before = |list: &mut VecDeque<Arc<Breadcrumb>>| -> Vec<_> {
            let is_before = |crumb: &&Arc<Breadcrumb>| crumb.timestamp <= event.timestamp;
            list.iter().filter(is_before).cloned().collect()
        };
        let of_process = self.lock(before);
        if of_process.is_empty() {
            return;
        }
        let own = Arc::make_mut(&mut event.scope).breadcrumbs.make_mut();
        own.extend(of_process);
        own.make_contiguous().sort_by_key(|crumb| crumb.timestamp);
        let too_many = own.len().saturating_sub(max);
        own.drain(..too_many);
    }

    fn lock<T>(&self, f: impl FnOnce(&mut VecDeque<Arc<Breadcrumb>>) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
