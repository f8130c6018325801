use std::borrow::Cow;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::said::Said;
use super::totals::Totals;
use crate::callsite::{Ai, AiKind, Callsite};
#[cfg(feature = "stream")]
use crate::clock;
use crate::record::Usage;

/// Calls around a call that it knows: agents that call agents. Beyond it the sums of the outermost
/// ones miss something, and nothing grows.
const MAX_DEPTH: u32 = 64;

/// An AI call that is running. It lies in the scope, so that it is found wherever the work goes on.
pub(crate) struct AiCall {
    pub(crate) site: &'static Callsite,
    pub(crate) ai: &'static Ai,
    /// The AI call around it.
    around: Option<Arc<Self>>,
    depth: u32,
    /// In ticks.
    pub(super) start: u64,
    /// Whether a call of the same operation was made inside: that one is the call, and this only
    /// what is around it.
    wraps: AtomicBool,
    /// Of the calls of models inside.
    totals: Totals,
    said: Mutex<Said>,
}

impl AiCall {
    /// A call that began at this tick.
    pub(crate) fn begin(
        site: &'static Callsite,
        ai: &'static Ai,
        start: u64,
        around: &Option<Arc<Self>>,
    ) -> Arc<Self> {
        let around = around.clone().filter(|around| around.reaches_inside());
        let said = around.as_ref().map(|around| around.inherited(ai)).unwrap_or_default();
        let depth = around.as_ref().map_or(0, |around| around.depth + 1);
        if let Some(around) = around.as_ref().filter(|_| ai.kind() == AiKind::Model) {
            around.wrap(ai.operation);
        }
        let (wraps, totals) = (AtomicBool::new(false), Totals::default());
        Arc::new(Self { site, ai, around, depth, start, wraps, totals, said: Mutex::new(said) })
    }

    /// Whether calls inside are told of it, and tell it what they use.
    pub(super) const fn reaches_inside(&self) -> bool {
        self.depth < MAX_DEPTH
    }

    /// What a call inside this one has from it.
    pub(super) fn inherited(&self, ai: &Ai) -> Said {
        let said = self.said();
        // It is what this one sends, then.
        let is_sent = ai.kind() == AiKind::Model && ai.operation == self.ai.operation;
        Said {
            attempt: if is_sent { said.attempt } else { 0 },
            agent: said.agent.clone(),
            pipeline: said.pipeline.clone(),
            conversation: said.conversation.clone(),
            skip: said.skip,
            ..Said::default()
        }
    }

    /// Notes that a call of this operation is made inside. An agent or a tool in between calls for
    /// itself.
    pub(super) fn wrap(&self, operation: &str) {
        let mut at = Some(self);
        while let Some(call) = at.filter(|call| call.ai.kind() == AiKind::Model) {
            if call.ai.operation == operation {
                call.wraps.store(true, Ordering::Relaxed);
            }
            at = call.around.as_deref();
        }
    }

    pub(crate) fn wraps(&self) -> bool {
        self.wraps.load(Ordering::Relaxed)
    }

    /// What is known of it. The caller runs no code of the program meanwhile.
    pub(crate) fn said(&self) -> MutexGuard<'_, Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The model that is asked.
    pub(crate) fn model<'a>(&'a self, said: &'a Said) -> Option<&'a str> {
        said.model.as_deref().or(self.ai.model)
    }

    /// The same, for whoever must not hold the lock.
    pub(super) fn model_name(&self) -> Option<Cow<'static, str>> {
        let said = self.said().model.as_deref().map(str::to_owned);
        said.map(Cow::Owned).or(self.ai.model.map(Cow::Borrowed))
    }

    /// Since the call began.
    #[cfg(feature = "stream")]
    pub(crate) fn elapsed_nanos(&self) -> u64 {
        clock::to_nanos(clock::now().saturating_sub(self.start))
    }

    /// Whether an answer that begins after this time is late.
    #[cfg_attr(not(feature = "stream"), expect(dead_code, reason = "streams have it"))]
    pub(crate) const fn is_slow_to_answer(&self, nanos: u64) -> bool {
        let limit = self.ai.slow_ttft_millis.saturating_mul(1_000_000);
        limit > 0 && nanos >= limit
    }

    /// Adds what it used to the agents around it.
    pub(super) fn report(&self, usage: &Usage) {
        if let Some(around) = &self.around {
            around.used(usage);
        }
    }

    /// Adds what a call inside used, if this is an agent, and to the agents around it.
    pub(super) fn used(&self, usage: &Usage) {
        let mut at = Some(self);
        while let Some(call) = at {
            if call.ai.kind() == AiKind::Agent {
                call.totals.add(usage);
            }
            at = call.around.as_deref();
        }
    }

    /// What the calls inside used, as far as they have ended.
    pub(super) fn used_inside(&self) -> Option<Usage> {
        self.totals.sum()
    }
}

impl fmt::Debug for AiCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AiCall").field("ai", &self.ai).finish_non_exhaustive()
    }
}

impl Drop for AiCall {
    /// One after the other: a long chain would need a deep stack otherwise.
    fn drop(&mut self) {
        let mut around = self.around.take();
        while let Some(mut call) = around.and_then(Arc::into_inner) {
            around = call.around.take();
        }
    }
}
