//! Tasks of tokio that go on in the context of their maker.

use std::future::Future;

use tokio::task::{self, AbortHandle, JoinError, JoinHandle};

use super::carried::{Context, InContextExt};

/// Spawns a task that belongs to the current span, as [`tokio::spawn`] does one that doesn't.
///
/// The task begins with a copy of the scope. A span of it that ends after the root goes out in a
/// transaction of its own, in the same trace.
///
/// # Panics
/// Outside of a tokio runtime.
#[track_caller]
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    task::spawn(future.in_context())
}

/// Runs blocking code that belongs to the current span, as [`tokio::task::spawn_blocking`].
///
/// # Panics
/// Outside of a tokio runtime.
#[track_caller]
pub fn spawn_blocking<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    let context = Context::current();
    task::spawn_blocking(move || context.run(f))
}

/// A [`tokio::task::JoinSet`] whose tasks belong to the span that is current when they are
/// spawned.
#[derive(Debug)]
pub struct JoinSet<T> {
    tasks: task::JoinSet<T>,
}

impl<T: 'static> JoinSet<T> {
    /// An empty set.
    pub fn new() -> Self {
        Self { tasks: task::JoinSet::new() }
    }

    /// How many tasks are in the set.
    pub fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Whether no task is in the set.
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Spawns a task in the current context.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    #[track_caller]
    pub fn spawn<F>(&mut self, future: F) -> AbortHandle
    where
        F: Future<Output = T> + Send + 'static,
        T: Send,
    {
        self.tasks.spawn(future.in_context())
    }

    /// Runs blocking code in the current context.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    #[track_caller]
    pub fn spawn_blocking(&mut self, f: impl FnOnce() -> T + Send + 'static) -> AbortHandle
    where
        T: Send,
    {
        let context = Context::current();
        self.tasks.spawn_blocking(move || context.run(f))
    }

    /// Waits for the next task to end; `None` when the set is empty.
    ///
    /// # Errors
    /// That of the task, if it panicked or was aborted.
    pub async fn join_next(&mut self) -> Option<Result<T, JoinError>> {
        self.tasks.join_next().await
    }

    /// Waits for all tasks; the results in the order in which the tasks ended.
    ///
    /// # Panics
    /// If a task did.
    pub async fn join_all(self) -> Vec<T> {
        self.tasks.join_all().await
    }

    /// Aborts all tasks; their spans end as cancelled.
    pub fn abort_all(&mut self) {
        self.tasks.abort_all();
    }

    /// Aborts all tasks and waits until they have ended.
    pub async fn shutdown(&mut self) {
        self.tasks.shutdown().await;
    }

    /// Lets all tasks go on without the set.
    pub fn detach_all(&mut self) {
        self.tasks.detach_all();
    }

    /// The set itself, for what this wrapper doesn't have.
    pub fn into_inner(self) -> task::JoinSet<T> {
        self.tasks
    }
}

impl<T: 'static> Default for JoinSet<T> {
    fn default() -> Self {
        Self::new()
    }
}
