//! What a mock received, as text without times and ids.

use std::fmt::Write;
use std::sync::Arc;

use crate::record::{Event, Span, SpanId, Transaction, Value};

pub(super) fn text(transactions: &[Arc<Transaction>], events: &[Arc<Event>]) -> String {
    let mut out = String::new();
    for transaction in transactions {
        write_transaction(&mut out, transaction);
    }
    for event in events {
        write_event(&mut out, event);
    }
    if out.is_empty() {
        out.push_str("nothing\n");
    }
    out
}

fn write_transaction(out: &mut String, transaction: &Transaction) {
    let root = transaction.root();
    out.push_str("transaction ");
    write_span(out, root, 0);
    write_children(out, transaction, root.id, 1);
    // Spans whose parent isn't here, such as one that was still open.
    let is_known = |id: SpanId| transaction.span(id).is_some();
    for span in transaction.children() {
        if !span.parent.is_some_and(is_known) {
            out.push_str("  (parent elsewhere) ");
            write_span(out, span, 1);
            write_children(out, transaction, span.id, 2);
        }
    }
}

fn write_children(out: &mut String, transaction: &Transaction, parent: SpanId, depth: usize) {
    for span in transaction.children().iter().filter(|span| span.parent == Some(parent)) {
        indent(out, depth);
        write_span(out, span, depth);
        write_children(out, transaction, span.id, depth + 1);
    }
}

fn write_span(out: &mut String, span: &Span, depth: usize) {
    let _ = write!(out, "{} [{}] {}", span.name(), span.op(), span.status);
    if span.slow {
        out.push_str(" slow");
    }
    out.push('\n');
    if let Some(description) = span.description() {
        indent(out, depth + 2);
        let _ = writeln!(out, "description: {description}");
    }
    for (key, value) in span.attributes() {
        indent(out, depth + 2);
        let _ = writeln!(out, "{key} = {}", quoted(value));
    }
}

fn write_event(out: &mut String, event: &Event) {
    let _ = write!(out, "event {} {:?}", event.level, event.title());
    if let Some(frame) = event.path.first() {
        let _ = write!(out, " in {}", frame.function);
    }
    out.push('\n');
    for source in event.exceptions.iter().skip(1) {
        let _ = writeln!(out, "  caused by {}: {}", source.type_name, source.value);
    }
    if let Some(id) = event.scope.user().and_then(|user| user.id.as_deref()) {
        let _ = writeln!(out, "  user {id}");
    }
    let own = event.tags.iter().map(|(key, value)| (key.as_ref(), value.as_str()));
    for (key, value) in event.scope.tags().chain(own) {
        let _ = writeln!(out, "  tag {key} = {value:?}");
    }
    for breadcrumb in event.scope.breadcrumbs() {
        let _ = writeln!(out, "  breadcrumb {}: {}", breadcrumb.category, breadcrumb.message);
    }
}

fn quoted(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("{text:?}"),
        value => value.to_string(),
    }
}

fn indent(out: &mut String, depth: usize) {
    out.extend(std::iter::repeat_n("  ", depth));
}
