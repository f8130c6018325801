use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

use super::paint::{Paint, duration, plain};
use crate::record::{
    CheckIn, CheckInStatus, Event, EventKind, Level, Span, SpanId, SpanRole, Status, Transaction,
};

/// Breadcrumbs that are drawn with an error: the last ones.
const BREADCRUMBS: usize = 5;
/// Spans that are drawn of a transaction.
const MAX_SPANS: usize = 200;
/// Fields that are drawn of a span, and characters of each.
const FIELDS: usize = 6;
const FIELD_WIDTH: usize = 40;

/// A transaction as a tree, with its events at their spans.
pub(super) fn draw(transaction: &Transaction, events: &[Arc<Event>], paint: Paint) -> String {
    let mut tree = Tree::new(transaction, events, paint);
    tree.span(transaction.root(), "", "");
    tree.children(transaction.root().id, "");
    tree.rest();
    tree.out
}

/// An event that belongs to no tree.
pub(super) fn draw_alone(event: &Event, paint: Paint) -> String {
    let mut out = String::new();
    write_event(&mut out, event, "", paint);
    out
}

/// How a run of a scheduled job ended.
pub(super) fn draw_check_in(check_in: &CheckIn, paint: Paint) -> String {
    let (label, slug) = (paint.cyan("check-in"), plain(&check_in.monitor.slug));
    let status = match check_in.status {
        CheckInStatus::Error => paint.red(check_in.status.as_str()),
        status => status.as_str().to_owned(),
    };
    let took = check_in.duration.map(|took| format!("  {}", duration(took)));
    format!("{label}  {slug}  {status}{}\n", took.unwrap_or_default())
}

struct Tree<'a> {
    children: HashMap<SpanId, Vec<&'a Span>>,
    /// Events at spans that are in the tree; the others come last.
    events: HashMap<SpanId, Vec<&'a Event>>,
    elsewhere: Vec<&'a Event>,
    /// Where the durations begin.
    column: usize,
    hidden: usize,
    dropped: u64,
    paint: Paint,
    out: String,
}

impl<'a> Tree<'a> {
    fn new(transaction: &'a Transaction, events: &'a [Arc<Event>], paint: Paint) -> Self {
        let shown = transaction.spans.len().min(MAX_SPANS);
        let spans = &transaction.spans[..shown];
        let mut children: HashMap<_, Vec<_>> = HashMap::new();
        let mut depths = HashMap::new();
        let mut column = 0;
        for span in spans {
            let is_known = |id: &SpanId| depths.contains_key(id);
            let parent = span.parent.filter(is_known).unwrap_or(transaction.root().id);
            let depth = depths.get(&parent).map_or(0, |depth: &usize| depth + 1);
            depths.insert(span.id, depth);
            column = column.max(3 * depth + label_width(span));
            if span.role == SpanRole::Child {
                children.entry(parent).or_default().push(span);
            }
        }
        let mut tree = Self {
            children,
            events: HashMap::new(),
            elsewhere: Vec::new(),
            column,
            hidden: transaction.spans.len() - shown,
            dropped: transaction.dropped_spans,
            paint,
            out: String::new(),
        };
        for event in events {
            match event.span_id.filter(|id| depths.contains_key(id)) {
                Some(id) => tree.events.entry(id).or_default().push(event),
                None => tree.elsewhere.push(event),
            }
        }
        tree
    }

    fn children(&mut self, parent: SpanId, indent: &str) {
        let children = self.children.remove(&parent).unwrap_or_default();
        let last = children.len().saturating_sub(1);
        for (at, span) in children.into_iter().enumerate() {
            let (branch, below) =
                if at == last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            let indent_below = format!("{indent}{below}");
            self.span(span, &format!("{indent}{branch}"), &indent_below);
            self.children(span.id, &indent_below);
        }
    }

    fn span(&mut self, span: &Span, branch: &str, indent: &str) {
        let used = branch.chars().count() + label_width(span);
        let pad = " ".repeat(self.column.saturating_sub(used) + 2);
        let op = self.paint.cyan(&plain(span.op()));
        let name = plain(span.name());
        let time = format!("{:>8}", duration(span.duration()));
        let marks = self.marks(span);
        let _ = writeln!(self.out, "{}{op}  {name}{pad}{time}{marks}", self.paint.dim(branch));
        for event in self.events.remove(&span.id).unwrap_or_default() {
            write_event(&mut self.out, event, &format!("{indent}   "), self.paint);
        }
    }

    /// What is worth a look: how it failed, that it was slow, the tokens of an AI call, the fields.
    fn marks(&self, span: &Span) -> String {
        let mut marks = String::new();
        let mut add = |text: String| {
            marks.push_str("  ");
            marks.push_str(&text);
        };
        match span.status {
            Status::Ok => {}
            Status::Cancelled => add(self.paint.yellow("cancelled")),
            status => add(self.paint.red(status.as_str())),
        }
        if span.slow {
            add(self.paint.yellow("SLOW"));
        }
        let tokens = |key| span.attribute(key).and_then(crate::record::Value::as_u64);
        let sent = tokens("gen_ai.usage.input_tokens");
        let received = tokens("gen_ai.usage.output_tokens");
        if let (Some(sent), Some(received)) = (sent, received) {
            add(self.paint.dim(&format!("{sent} → {received} tokens")));
        }
        let cost = span.attribute("gen_ai.cost.total_tokens");
        if let Some(usd) = cost.and_then(crate::record::Value::as_f64) {
            add(self.paint.dim(&format!("${usd:.4}")));
        }
        for (key, value) in span.attributes().iter().filter(|(key, _)| is_own(key)).take(FIELDS) {
            add(self.paint.dim(&shortened(&plain(&format!("{key}={value}")))));
        }
        marks
    }

    fn rest(&mut self) {
        if self.hidden > 0 {
            let _ = writeln!(self.out, "   ... and {} more spans", self.hidden);
        }
        if self.dropped > 0 {
            let _ = writeln!(self.out, "   ... and {} spans over the limit", self.dropped);
        }
        for event in std::mem::take(&mut self.elsewhere) {
            write_event(&mut self.out, event, "   ", self.paint);
        }
    }
}

/// Whether the attribute isn't one that this crate adds and that is drawn in another way.
fn is_own(key: &str) -> bool {
    !key.starts_with("gen_ai.") && !key.starts_with("monitor.ai.") && key != "error.type"
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(FIELD_WIDTH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn label_width(span: &Span) -> usize {
    span.op().chars().count() + 2 + span.name().chars().count()
}

fn write_event(out: &mut String, event: &Event, indent: &str, paint: Paint) {
    let title = plain(&event.title());
    let (mark, title) = match event.level {
        Level::Error | Level::Fatal => (paint.red("✗"), paint.red(&title)),
        Level::Warning => (paint.yellow("!"), paint.yellow(&title)),
        Level::Info | Level::Debug => ("i".to_owned(), title),
    };
    let _ = writeln!(out, "{indent}{mark} {title}{}", timing(event).unwrap_or_default());
    for source in event.exceptions.iter().skip(1) {
        let text = plain(&format!("caused by {}: {}", source.type_name, source.value));
        let _ = writeln!(out, "{indent}    {text}");
    }
    if matches!(event.kind, EventKind::Error | EventKind::Panic) {
        let breadcrumbs: Vec<_> = event.scope.breadcrumbs().collect();
        let from = breadcrumbs.len().saturating_sub(BREADCRUMBS);
        for breadcrumb in &breadcrumbs[from..] {
            let text = plain(&format!("· {}: {}", breadcrumb.category, breadcrumb.message));
            let _ = writeln!(out, "{indent}  {}", paint.dim(&text));
        }
    }
}

/// What a slow call took, beside what it may take.
fn timing(event: &Event) -> Option<String> {
    let took = duration(event.slow_duration()?);
    let limit = event.context_value("slow", "limit_ms").map(|limit| format!(", limit {limit} ms"));
    let rows = event.context_value("slow", "rows").map(|rows| format!(", {rows} rows"));
    Some(format!(" ({took}{}{})", limit.unwrap_or_default(), rows.unwrap_or_default()))
}
