//! The context of one place, taken to another: threads, executors, callbacks.

use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;
use std::task::Poll;

use super::in_flight::{self, InFlights};
use super::local::{self, Words};
use super::scope::{self, Scope};
use super::wrapped::{Around, Wrapped};
use crate::hub::Hub;
use crate::propagation::Propagation;

/// The current span, trace and scope, to go on with elsewhere.
///
/// ```
/// use monitor_runtime::Context;
///
/// let context = Context::current();
/// std::thread::spawn(move || {
///     let _guard = context.enter();
///     // Spans and errors here belong to the span that was current above.
/// })
/// .join()
/// .unwrap();
/// ```
#[derive(Clone, Debug, Default)]
pub struct Context {
    words: Words,
    scope: Option<Arc<Scope>>,
}

impl Context {
    /// The calling thread's context. The scope is copied: what either side sets later stays there.
    pub fn current() -> Self {
        local::with(|local| {
            local.handed_on.set(true);
            let scope = if local.has_scope.get() { scope::current() } else { None };
            Self { words: local.words(), scope }
        })
    }

    /// A context without a span and with an empty scope, in the same test or process.
    pub fn detached() -> Self {
        let hub = local::with(|local| local.hub.get());
        Self { words: Words { hub, ..Words::default() }, scope: None }
    }

    /// The calling thread's context with its scope, but without its span.
    pub(crate) fn outside_of_spans() -> Self {
        let Self { words, scope } = Self::current();
        Self { words: Words { hub: words.hub, ..Words::default() }, scope }
    }

    /// Where this context's records go.
    pub(crate) fn hub(&self) -> Option<&'static Hub> {
        match self.words.hub {
            0 => Hub::global(),
            number => Hub::by_number(number),
        }
    }

    /// Has the scope continue a trace.
    pub(crate) fn with_propagation(self, propagation: Propagation) -> Self {
        let scope = scope::begun(self.scope, Some(Arc::new(propagation)));
        Self { scope, ..self }
    }

    #[cfg(feature = "mock")]
    pub(crate) fn of_hub(hub: u32) -> Self {
        Self { words: Words { hub, ..Words::default() }, scope: None }
    }

    /// Makes this the thread's context until the guard is dropped.
    pub fn enter(&self) -> ContextGuard {
        let outside = self.clone().swap();
        ContextGuard { outside: Some(outside), _not_send: PhantomData }
    }

    /// Runs `f` in this context.
    pub fn run<T>(&self, f: impl FnOnce() -> T) -> T {
        let _guard = self.enter();
        f()
    }

    /// Runs a future in this context, on whatever threads it is polled.
    pub fn wrap<F: Future>(self, future: F) -> InContext<F> {
        Wrapped::new(future, Carried { context: self, in_flight: None })
    }

    /// Puts this in place; returns what was there.
    fn swap(self) -> Self {
        local::with(|local| {
            let words = local.words();
            local.set_words(self.words);
            let scope = if self.scope.is_some() || local.has_scope.get() {
                scope::swap(self.scope)
            } else {
                None
            };
            Self { words, scope }
        })
    }
}

/// A context is the thread's until this is dropped.
#[must_use = "the context ends when this is dropped"]
pub struct ContextGuard {
    outside: Option<Context>,
    _not_send: PhantomData<*const ()>,
}

impl Drop for ContextGuard {
    fn drop(&mut self) {
        if let Some(outside) = self.outside.take() {
            drop(outside.swap());
        }
    }
}

/// A future that runs in the context in which it was made.
pub type InContext<F> = Wrapped<F, Carried>;

/// The context of a future, between its polls.
pub struct Carried {
    context: Context,
    /// The errors that are on their way up in it; during a poll, those around.
    in_flight: Option<Box<InFlights>>,
}

impl Carried {
    fn enter(&mut self) -> Inside<'_> {
        let outside = std::mem::take(&mut self.context).swap();
        local::with(|local| {
            local.own_scopes.set(local.own_scopes.get().wrapping_add(1));
            in_flight::forget_ended(local);
            if self.in_flight.is_some() || in_flight::any(local) {
                self.in_flight = in_flight::swap(local, self.in_flight.take());
            }
        });
        Inside { carried: self, outside }
    }
}

/// Takes the context back out, also when the poll panics.
pub struct Inside<'a> {
    carried: &'a mut Carried,
    outside: Context,
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        let carried = &mut *self.carried;
        local::with(|local| {
            local.own_scopes.set(local.own_scopes.get().wrapping_sub(1));
            if carried.in_flight.is_some() || in_flight::any(local) {
                carried.in_flight = in_flight::swap(local, carried.in_flight.take());
            }
        });
        carried.context = std::mem::take(&mut self.outside).swap();
    }
}

impl<T> Around<T> for Carried {
    type Out = T;
    type Dropping<'a> = Inside<'a>;

    fn around_poll(&mut self, poll: impl FnOnce() -> Poll<T>) -> Poll<T> {
        let _inside = self.enter();
        poll()
    }

    fn enter_to_drop(&mut self) -> Self::Dropping<'_> {
        self.enter()
    }
}

/// Takes the context along with a future.
pub trait InContextExt: Future + Sized {
    /// Runs this future in the context of the caller, on whatever threads it is polled.
    ///
    /// For executors that this crate doesn't know. With tokio
    /// [`monitor_runtime::spawn`](crate::spawn) does it.
    ///
    /// ```
    /// use monitor_runtime::InContextExt;
    ///
    /// # fn spawn(_: impl Future) {}
    /// spawn(async { /* belongs to the caller's span */ }.in_context());
    /// ```
    fn in_context(self) -> InContext<Self> {
        Context::current().wrap(self)
    }
}

impl<F: Future> InContextExt for F {}
