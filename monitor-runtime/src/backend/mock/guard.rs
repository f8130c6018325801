use std::ops::Deref;

use super::MockBackend;
use crate::config::Config;
use crate::context::{self, Context, ContextGuard};
use crate::hub::Hub;

/// A mock is in place on this thread until this is dropped; derefs to the mock.
#[must_use = "the mock is in place until this is dropped: bind it to a name, not to `_`"]
pub struct MockGuard {
    mock: MockBackend,
    hub: Option<&'static Hub>,
    _entered: ContextGuard,
}

impl MockGuard {
    pub(super) fn new(mock: MockBackend, config: Config) -> Self {
        let settings = config.settings();
        context::install_panic_hook();
        let hub = Hub::open(settings, config.rules, vec![Box::new(mock.clone())]);
        if let Some(hub) = hub {
            mock.belongs_to(hub);
        }
        let entered = Context::of_hub(hub.map_or(0, Hub::number)).enter();
        Self { mock, hub, _entered: entered }
    }

    /// The context in which records go to this mock, for other threads: enter it there, or wrap a
    /// future in it.
    ///
    /// ```
    /// # use monitor_runtime::MockBackend;
    /// let mock = MockBackend::install();
    /// let context = mock.context();
    /// std::thread::spawn(move || {
    ///     let _guard = context.enter();
    ///     // ...
    /// });
    /// ```
    pub fn context(&self) -> Context {
        Context::of_hub(self.hub.map_or(0, Hub::number))
    }
}

impl Deref for MockGuard {
    type Target = MockBackend;

    fn deref(&self) -> &MockBackend {
        &self.mock
    }
}

impl Drop for MockGuard {
    fn drop(&mut self) {
        if let Some(hub) = self.hub.take() {
            hub.retire();
        }
    }
}
