//! All checks at once, each until its timeout.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use super::check::{HealthCheck, Running};
use super::report::{CheckReport, CheckStatus};
use super::timer::Timer;
use crate::record::Text;

/// Stands in for a timeout that no clock can hold.
const FOREVER: Duration = Duration::from_secs(60 * 60 * 24 * 365);

/// A run of several checks; ready when each has ended or its time is over.
pub(super) struct Run {
    checks: Vec<One>,
    started: Instant,
    /// Made at the first poll that leaves something open.
    timer: Option<Timer>,
}

struct One {
    name: Text,
    timeout: Duration,
    deadline: Instant,
    state: State,
}

enum State {
    Running(Running),
    Done(CheckReport),
}

impl Run {
    pub(super) fn start(checks: &[HealthCheck], timeout: Duration) -> Self {
        let started = Instant::now();
        let checks = checks.iter().map(|check| One::start(check, timeout, started)).collect();
        Self { checks, started, timer: None }
    }
}

impl Future for Run {
    type Output = Vec<CheckReport>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let started = self.started;
        // Before the checks are looked at: a moment that passes meanwhile must not be missed.
        if let Some(timer) = &self.timer {
            timer.set_waker(cx.waker());
        }
        self.checks.iter_mut().for_each(|one| one.poll(cx, started));
        let open: Vec<Instant> = self.checks.iter().filter_map(One::open_until).collect();
        if open.is_empty() {
            let checks = std::mem::take(&mut self.checks);
            return Poll::Ready(checks.into_iter().filter_map(One::into_report).collect());
        }
        if self.timer.is_none() {
            self.timer = Some(Timer::start(open, cx.waker()));
        }
        Poll::Pending
    }
}

impl One {
    fn start(check: &HealthCheck, timeout: Duration, now: Instant) -> Self {
        let timeout = check.timeout.unwrap_or(timeout);
        let name = check.name.clone();
        let deadline = now.checked_add(timeout).unwrap_or(now + FOREVER);
        let state = match guarded(|| check.start()) {
            Ok(running) => State::Running(running),
            Err(panic) => State::Done(panicked(name.clone(), panic.as_ref(), Duration::ZERO)),
        };
        Self { name, timeout, deadline, state }
    }

    fn poll(&mut self, cx: &mut Context<'_>, started: Instant) {
        let State::Running(running) = &mut self.state else { return };
        let polled = guarded(|| running.as_mut().poll(cx));
        let took = started.elapsed();
        let name = || self.name.clone();
        let report = match polled {
            Ok(Poll::Ready(Ok(detail))) => report(name(), CheckStatus::Healthy, detail, took),
            Ok(Poll::Ready(Err(detail))) => report(name(), CheckStatus::Unhealthy, detail, took),
            Ok(Poll::Pending) if Instant::now() >= self.deadline => {
                let detail = format!("no answer within {:?}", self.timeout);
                report(name(), CheckStatus::TimedOut, Some(detail), took)
            }
            Ok(Poll::Pending) => return,
            Err(panic) => panicked(name(), panic.as_ref(), took),
        };
        let ended = std::mem::replace(&mut self.state, State::Done(report));
        // Its destructor is the program's.
        let _ = guarded(|| drop(ended));
    }

    fn open_until(&self) -> Option<Instant> {
        matches!(self.state, State::Running(_)).then_some(self.deadline)
    }

    fn into_report(self) -> Option<CheckReport> {
        match self.state {
            State::Done(report) => Some(report),
            State::Running(_) => None,
        }
    }
}

fn report(
    name: Text,
    status: CheckStatus,
    detail: Option<String>,
    duration: Duration,
) -> CheckReport {
    let name = crate::policy::scrubbed(&name).map_or(name, Text::Owned);
    CheckReport { name, status, detail: detail.map(without_secrets), duration }
}

fn panicked(name: Text, payload: &(dyn Any + Send), took: Duration) -> CheckReport {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
    report(name, CheckStatus::Panicked, text, took)
}

/// A report may go to whoever asks over HTTP.
fn without_secrets(text: String) -> String {
    crate::policy::scrubbed(&text).unwrap_or(text)
}

/// Runs code of the program. What a panic carries is forgotten where its own destructor panics.
fn guarded<T>(f: impl FnOnce() -> T) -> Result<T, Box<dyn Any + Send>> {
    catch_unwind(AssertUnwindSafe(f))
}
