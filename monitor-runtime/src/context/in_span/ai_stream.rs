//! A stream of a model's answer: the span of the call that made it goes on with it.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::super::ai_call::{AiCall, AiSeen, OpenGuard, opened};
use super::super::exit::Exit;
use super::super::local;
use super::super::scope;
use super::super::wrapped::{Around, Wrapped};
use super::stream::{Next, status};
use super::until_stream::OpenStream;
use super::{Dropping, State};
use crate::ai::Source;
use crate::callsite::Callsite;
use crate::errors::AiFailure;
use crate::policy::slow;
use crate::record::Status;

/// Looks at an item.
pub(super) type Observe<T> = fn(&T, &mut Exit<'_>);

/// A stream of a model's answer, inside the span of its call.
#[must_use = "streams do nothing unless they are polled"]
pub struct AiStream<S: Stream + Unpin>(Wrapped<Next<S>, AiStreamState<S::Item>>);

impl<S: Stream + Unpin> AiStream<S> {
    /// Goes on with the span of the call that made the stream.
    pub(super) fn new(stream: S, open: OpenStream, observe: Observe<S::Item>) -> Self {
        Self(Wrapped::new(Next(stream), AiStreamState::new(open.into_state(), observe)))
    }
}

/// Runs the body inside the span, and keeps the stream that it gives there.
pub fn ai_stream<S: Stream>(
    site: &'static Callsite,
    body: impl FnOnce() -> S,
    observe: Observe<S::Item>,
) -> AiStream<Pin<Box<S>>> {
    boxed_ai_stream(site, || Box::pin(body()), observe)
}

/// The same for a stream that is boxed already.
pub fn boxed_ai_stream<S: Stream + Unpin>(
    site: &'static Callsite,
    body: impl FnOnce() -> S,
    observe: Observe<S::Item>,
) -> AiStream<S> {
    let mut state = State::new(site);
    let stream = state.around_body(body);
    AiStream(Wrapped::new(Next(stream), AiStreamState::new(state, observe)))
}

impl<S: Stream + Unpin> Stream for AiStream<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        Pin::new(&mut self.0).poll(cx)
    }
}

/// The span of a stream, between and during polls.
struct AiStreamState<T> {
    state: State,
    observe: Observe<T>,
    call: Option<Arc<AiCall>>,
    /// Until the stream ends: whether it stays open for too long.
    open: Option<OpenGuard>,
    /// Whether an item was an error.
    failed: bool,
}

impl<T> AiStreamState<T> {
    fn new(mut state: State, observe: Observe<T>) -> Self {
        let (call, open) = state.begin_stream().unzip();
        Self { state, observe, call, open: open.flatten(), failed: false }
    }

    /// How the span ends if the reader goes away now. One that has seen the end of the answer, and
    /// doesn't ask for the end of the stream, has all that there is.
    fn status_on_drop(&self) -> Status {
        if self.failed {
            return Status::Error;
        }
        let Some(call) = &self.call else { return Status::Cancelled };
        let mut said = call.said();
        if said.response.usage().is_some() || !said.response.finish_reasons.is_empty() {
            return Status::Ok;
        }
        said.failure.get_or_insert_with(AiFailure::abandoned);
        Status::Cancelled
    }
}

impl<T> Around<Option<T>> for AiStreamState<T> {
    type Out = Option<T>;
    type Dropping<'a>
        = Dropping<'a>
    where
        T: 'a;

    fn around_poll(&mut self, poll: impl FnOnce() -> Poll<Option<T>>) -> Poll<Option<T>> {
        let mut inside = self.state.enter();
        let polled = poll();
        match &polled {
            Poll::Ready(None) => {
                inside.end_with(status(self.failed, Status::Ok));
                self.open = None;
            }
            Poll::Ready(Some(item)) => {
                let (observe, call) = (self.observe, self.call.as_deref());
                self.failed |= inside.item(|exit| {
                    observe(item, exit);
                    if let Some(call) = call {
                        note(call, exit);
                    }
                });
            }
            Poll::Pending => {}
        }
        polled
    }

    fn enter_to_drop(&mut self) -> Dropping<'_> {
        let status = if self.state.has_ended() { Status::Ok } else { self.status_on_drop() };
        self.state.enter_to_end(status)
    }
}

/// Adds what an item said to what is known of the call.
fn note(call: &AiCall, exit: &mut Exit<'_>) {
    let mut seen = exit.take_seen();
    if !exit.status().is_ok() {
        return;
    }
    let nanos = call.elapsed_nanos();
    // Where nobody can look inside, each item counts as a piece of the answer.
    let has_content = seen.response.has_content || seen.response.source == Source::Unknown;
    let is_slow = {
        let mut said = call.said();
        said.chunks = said.chunks.saturating_add(1);
        let began = said.first_chunk.has_content();
        said.first_chunk.note(nanos, has_content);
        said.add(&mut seen);
        !began && has_content && call.is_slow_to_answer(nanos)
    };
    AiSeen::give_back(seen);
    if is_slow {
        slow::report_first_chunk(call.site, nanos, call.ai.slow_ttft_millis);
    }
}

impl State {
    /// The AI call whose span this is, from now on one that gives a stream.
    fn begin_stream(&mut self) -> Option<(Arc<AiCall>, Option<OpenGuard>)> {
        let site = match self {
            Self::New(site) => *site,
            Self::Running(running) => running.open.site,
            Self::Unseen => return None,
        };
        let _inside = self.enter();
        let call = scope::ai_call(site)?;
        call.said().streaming = true;
        let open = local::with(|local| opened(local, &call));
        Some((call, open))
    }

    const fn has_ended(&self) -> bool {
        !matches!(self, Self::Running(_))
    }
}
