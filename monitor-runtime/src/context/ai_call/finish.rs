//! The end of an AI call: what is known of it goes onto its span, and to the calls around it.

use std::borrow::Cow;

use super::super::local::Local;
use super::super::open::{Mode, Open};
use super::super::scope;
use super::super::text::cut;
use super::crumb::Crumb;
use super::seen::AiSeen;
use super::writer::Writer;
use super::{AiCall, Noted, NotedModel, Said};
use crate::ai::{self, AiEnded, AiResponse};
use crate::callsite::{Ai, AiKind};
use crate::clock;
use crate::collect::{Key, Plain};
use crate::hub::Hub;
use crate::metrics;
use crate::record::{Breadcrumb, Status};

/// Writes what is known of the call that ends. Its scope is still current; where it asks for a breadcrumb,
/// that is handed back for the one around.
pub(in crate::context) fn finish(
    local: &Local,
    open: &Open,
    (status, end): (Status, u64),
    seen: Option<Box<AiSeen>>,
) -> Option<Box<AiSeen>> {
    let mut seen = seen.unwrap_or_else(AiSeen::place);
    let is_plain = status.is_ok() && seen.output.is_none();
    let breadcrumb = match is_plain.then(|| scope::take_noted_ai(local, open.site)).flatten() {
        Some(noted) => finish_noted(local, open, (&noted, end), &mut seen.response),
        None => finish_any(local, open, (status, end), &mut seen),
    };
    if breadcrumb.is_some() {
        seen.breadcrumb = breadcrumb.map(|breadcrumb| *breadcrumb);
        return Some(seen);
    }
    AiSeen::give_back(seen);
    None
}

/// A call that went well, and of which nobody asked for more: there is none inside, and the attribute had
/// nothing to evaluate but the model.
fn finish_noted(
    local: &Local,
    open: &Open,
    (noted, end): (&Noted, u64),
    response: &mut AiResponse,
) -> Option<Box<Breadcrumb>> {
    let notes = response.settle_usage();
    let is_recorded = is_recorded(open);
    let model = noted.has_model.then(|| local.noted_model.get());
    let model = model.as_ref().map(NotedModel::as_str);
    let writer = Writer { local, site: open.site.number() };
    if let Some(model) = model.filter(|_| is_recorded) {
        writer.text("gen_ai.request.model", model);
    }
    if noted.has_scope
        && let Some(around) = scope::ai_around()
    {
        tell_around(&around, noted.ai, response, is_recorded.then_some(&writer));
    }
    if is_recorded {
        ai::write(local, open.site.number(), response, notes);
    }
    if response.settled_usage().is_none() && noted.ai.asks_a_model() {
        ai::no_usage(open.site, response);
    }
    let wanted = Wanted::of(local, noted.ai, is_recorded)?;
    let call = (noted.ai, model.or(noted.ai.model), nanos(noted.start, end));
    settle(local, open, &wanted, call, response, &Ended::default())
}

/// What passes between a call and the one around it, at the end of the one inside.
fn tell_around(around: &AiCall, ai: &Ai, response: &AiResponse, writer: Option<&Writer<'_>>) {
    if !around.reaches_inside() {
        return;
    }
    if ai.kind() == AiKind::Model {
        around.wrap(ai.operation);
    }
    if let Some(writer) = writer {
        writer.request(&around.inherited(ai));
    }
    if let Some(usage) = response.settled_usage() {
        around.used(usage);
    }
}

fn finish_any(
    local: &Local,
    open: &Open,
    (status, end): (Status, u64),
    seen: &mut AiSeen,
) -> Option<Box<Breadcrumb>> {
    let call = scope::ai_call(open.site)?;
    let mut said = call.said();
    said.add(seen);
    let is_recorded = is_recorded(open);
    if call.wraps() {
        // The call inside says it all, and counts once.
        if is_recorded {
            local.write_value(open.site.number(), Key::Op, Plain::Text("function"));
        }
        return None;
    }
    let inside = call.used_inside();
    if let Some(used) = inside {
        said.response.set_usage(Some(used));
    }
    let notes = said.response.settle_usage();
    if let Some(earlier) = said.earlier.take().filter(|_| inside.is_none()) {
        earlier.add_to(&mut said.response);
    }
    if is_recorded {
        let max = Hub::current(local).map_or(0, |hub| hub.settings().max_value_length);
        Writer { local, site: open.site.number() }.write(&call, &said, notes, max);
    }
    let ended = said.ended(status);
    let mut response = std::mem::take(&mut said.response);
    let wanted = Wanted::of(local, call.ai, is_recorded);
    let model = said.model.clone().filter(|_| wanted.is_some());
    drop(said);
    if inside.is_some() {
        // Those calls have reported it.
        response.clear();
    } else if let Some(usage) = response.settled_usage() {
        call.report(usage);
    } else if call.ai.asks_a_model() && status.is_ok() {
        ai::no_usage(call.site, &response);
    }
    let facts = (call.ai, model.as_deref().or(call.ai.model), nanos(call.start, end));
    settle(local, open, &wanted?, facts, &response, &ended)
}

fn is_recorded(open: &Open) -> bool {
    matches!(open.mode, Mode::Child | Mode::Root)
}

/// To now where `end` is 0, because nobody took the time.
fn nanos(start: u64, end: u64) -> u64 {
    let end = if end == 0 { clock::now() } else { end };
    clock::to_nanos(end.saturating_sub(start))
}

/// What remains of a call for those who count.
#[derive(Default)]
struct Ended {
    status: Status,
    first_chunk: Option<u64>,
    chunks: u64,
    error_type: Option<Cow<'static, str>>,
    abandoned: bool,
}

impl Said {
    fn ended(&self, status: Status) -> Ended {
        let abandoned = status == Status::Cancelled && self.streaming;
        let failed = matches!(status, Status::Error | Status::Panicked);
        let error_type = failed.then(|| self.error_type().unwrap_or("_OTHER".into()));
        let first_chunk = self.first_chunk.nanos();
        Ended { status, first_chunk, chunks: self.chunks, error_type, abandoned }
    }
}

/// What is asked for beside the span, if anything is.
struct Wanted {
    /// Whether anybody asks what the call costs.
    priced: bool,
    /// Whether the span says it.
    on_span: bool,
}

impl Wanted {
    fn of(local: &Local, ai: &Ai, is_recorded: bool) -> Option<Self> {
        let settings = &Hub::current(local)?.settings().ai;
        // As the attribute says, else as the config does.
        let on_span = match ai.cost {
            Some(said) => said == "span",
            None => settings.cost_on_spans,
        };
        let counted = metrics::is_on();
        let priced = ai.cost != Some("off") && (counted || on_span || ai.breadcrumb);
        let is_any = counted || on_span || ai.breadcrumb || !settings.budgets.is_empty();
        is_any.then_some(Self { priced, on_span: on_span && is_recorded })
    }
}

/// Counts the call, with no lock held, writes what it costs where that is wanted, and makes its
/// breadcrumb.
fn settle(
    local: &Local,
    open: &Open,
    wanted: &Wanted,
    (ai, model, nanos): (&'static Ai, Option<&str>, u64),
    response: &AiResponse,
    ended: &Ended,
) -> Option<Box<Breadcrumb>> {
    let scope = scope::current();
    let cost = ai::settle(
        local,
        &AiEnded {
            provider: ai.provider,
            operation: ai.operation,
            model,
            response,
            error_type: ended.error_type.as_deref(),
            nanos,
            first_chunk_nanos: ended.first_chunk,
            chunks: ended.chunks,
            abandoned: ended.abandoned,
            budget: ai.budget,
            user: scope.as_ref().and_then(|scope| scope.user()?.id.as_deref()),
            priced: wanted.priced,
        },
    );
    if let Some(cost) = cost.filter(|_| wanted.on_span) {
        ai::write_cost(local, open.site.number(), cost);
    }
    let crumb = || Crumb {
        site: open.site,
        ai,
        status: ended.status,
        model,
        response,
        error_type: ended.error_type.as_deref(),
        nanos,
        cost: cost.filter(|_| wanted.priced),
    };
    ai.breadcrumb.then(|| Box::new(crumb().breadcrumb()))
}

impl Said {
    /// Adds what a value, or an item of a stream, says.
    pub(in crate::context) fn add(&mut self, seen: &mut AiSeen) {
        let mut response = std::mem::take(&mut seen.response);
        if self.has_recorded {
            response.set_usage(self.response.usage());
        }
        if self.streaming {
            self.response.merge(response);
        } else {
            self.response = response;
        }
        if let Some(output) = seen.output.take() {
            let room = MAX_OUTPUT.saturating_sub(self.output.len());
            self.output.push_str(cut(&output, room));
        }
    }

    /// What kept the call from an answer.
    pub(super) fn error_type(&self) -> Option<Cow<'static, str>> {
        if self.denied {
            return Some("budget_exceeded".into());
        }
        self.failure.as_ref()?.error_type().map(Into::into)
    }
}

/// Bytes that are kept of a streamed answer while it comes: what a text of a span may have at most.
const MAX_OUTPUT: usize = super::super::local::MAX_TEXT;
