//! Spans of sync functions: tree, status, values.

use monitor_runtime::record::SpanRole;
use monitor_runtime::{MockBackend, Status, Value, current_span, span, traced};

use crate::failure::Refused;

#[traced(op = "app.outer")]
fn outer(depth: u32) -> u32 {
    if depth == 0 { 0 } else { inner(depth) + inner(depth - 1) }
}

#[traced(op = "app.inner", description = "one level down")]
fn inner(depth: u32) -> u32 {
    if depth > 1 { outer(depth - 2) + 1 } else { depth }
}

#[test]
fn calls_become_a_tree() {
    let mock = MockBackend::install();
    assert_eq!(outer(3), 3);
    assert_eq!(
        mock.snapshot(),
        "\
transaction outer [app.outer] ok
  inner [app.inner] ok
      description: one level down
    outer [app.outer] ok
      inner [app.inner] ok
          description: one level down
      inner [app.inner] ok
          description: one level down
  inner [app.inner] ok
      description: one level down
    outer [app.outer] ok
"
    );
    let transaction = mock.transaction("outer");
    assert_eq!(transaction.root().role, SpanRole::Root);
    assert_eq!(transaction.root().parent, None);
    for span in transaction.children() {
        let parent = transaction.span(span.parent.unwrap()).unwrap();
        assert!(span.start() >= parent.start());
        assert!(span.start() + span.duration() <= parent.start() + parent.duration());
        assert_eq!(span.parent_operation(), Some(parent.op()));
        assert!(span.callsite.location().file().ends_with("spans.rs"));
        assert!(span.callsite.module().ends_with("spans"));
    }
}

#[traced]
fn fails_early(text: &str) -> Result<u32, std::num::ParseIntError> {
    let number: u32 = text.parse()?;
    if number == 0 {
        return Ok(1);
    }
    Ok(number * 2)
}

#[test]
fn question_mark_and_return_behave_as_without_the_attribute() {
    let mock = MockBackend::install();
    assert_eq!(fails_early("21"), Ok(42));
    assert_eq!(fails_early("0"), Ok(1));
    assert!(fails_early("x").is_err());
    let statuses: Vec<_> = mock.spans().iter().map(|span| span.status).collect();
    assert_eq!(statuses, [Status::Ok, Status::Ok, Status::Error]);
    // A span records that it failed; the error itself is captured only where that is asked for.
    mock.assert_no_events();
    let failed = &mock.spans()[2];
    assert_eq!(failed.attribute("error.type"), Some(&Value::from("ParseIntError")));
}

#[traced]
fn panics(message: &'static str) {
    std::panic::panic_any(message);
}

#[traced]
fn calls_a_panicking_function() {
    panics("out of cheese");
}

#[test]
fn a_panic_ends_all_spans_and_goes_on() {
    let mock = MockBackend::install();
    let payload = std::panic::catch_unwind(calls_a_panicking_function).unwrap_err();
    assert_eq!(payload.downcast_ref(), Some(&"out of cheese"));
    assert_eq!(mock.span("panics").status, Status::Panicked);
    assert_eq!(mock.span("calls_a_panicking_function").status, Status::Panicked);
    assert_eq!(current_span().trace_id(), None);
}

struct CallsInDrop;

impl Drop for CallsInDrop {
    fn drop(&mut self) {
        cleans_up();
    }
}

#[traced]
fn cleans_up() {}

#[test]
fn a_call_from_a_destructor_during_a_panic_has_not_panicked() {
    let mock = MockBackend::install();
    let _ = std::panic::catch_unwind(|| {
        let _calls = CallsInDrop;
        panics("while something is to be dropped");
    });
    assert_eq!(mock.span("cleans_up").status, Status::Ok);
}

#[traced(root, op = "job")]
fn always_root() {}

#[traced(child_only)]
fn only_as_child() {}

#[traced]
fn parent() {
    always_root();
    only_as_child();
}

#[test]
fn root_and_child_only() {
    let mock = MockBackend::install();
    only_as_child();
    parent();
    let root = mock.transaction("always_root");
    let parent = mock.transaction("parent");
    assert_ne!(root.trace_id, parent.trace_id);
    assert_eq!(parent.children().len(), 1);
    assert_eq!(mock.spans().len(), 3);
}

#[traced(min_duration = "1s")]
fn usually_short() {
    leaf();
}

#[traced]
fn leaf() {}

#[traced]
fn calls_short() {
    usually_short();
}

#[test]
fn short_spans_are_left_out_and_their_children_are_not() {
    let mock = MockBackend::install();
    calls_short();
    let transaction = mock.transaction("calls_short");
    assert_eq!(transaction.children().len(), 1);
    assert_eq!(mock.span("leaf").parent, Some(transaction.root().id));
}

#[derive(Debug)]
struct Point {
    #[expect(dead_code, reason = "shown by Debug")]
    x: i32,
}

struct Opaque;

#[traced(fields(
    id,
    name,
    maybe,
    "net.port" = port + 1,
    point = ?point,
    error = %Refused("db"),
    shown = point,
    opaque = Opaque,
))]
fn with_fields(id: u64, name: &str, maybe: Option<i8>, port: u16, point: &Point, _secret: &str) {
    current_span().set("by hand", true);
    current_span().set_debug("list", [1, 2]);
    current_span().set("id", id + 1);
}

#[test]
fn only_named_values_are_recorded() {
    let mock = MockBackend::install();
    with_fields(7, "ada", None, 80, &Point { x: 1 }, "hunter2");
    let span = mock.span("with_fields");
    let value = |key| span.attribute(key).cloned();
    assert_eq!(value("id"), Some(8_u64.into()));
    assert_eq!(value("name"), Some("ada".into()));
    assert_eq!(value("maybe"), Some(Value::Null));
    assert_eq!(value("net.port"), Some(81_u64.into()));
    assert_eq!(value("point"), Some("Point { x: 1 }".into()));
    assert_eq!(value("shown"), Some("Point { x: 1 }".into()));
    assert_eq!(value("error"), Some("connection refused by db".into()));
    assert!(value("opaque").unwrap().as_str().unwrap().ends_with("Opaque"));
    assert_eq!(value("by hand"), Some(true.into()));
    assert_eq!(value("list"), Some("[1, 2]".into()));
    assert!(!mock.snapshot().contains("hunter2"));
}

#[traced(name = format!("GET {path}"), description = path)]
fn named_at_run_time(path: &str) {
    current_span().set_status(Status::NotFound);
}

#[traced(name = "fixed")]
fn renamed_by_hand() {
    current_span().set_name("by hand");
}

#[test]
fn names_and_status_may_come_at_run_time() {
    let mock = MockBackend::install();
    named_at_run_time("/users");
    renamed_by_hand();
    let span = mock.span("GET /users");
    assert_eq!(span.description(), Some("/users"));
    assert_eq!(span.status, Status::NotFound);
    assert_eq!(span.op(), "function");
    assert_eq!(mock.span("by hand").callsite.name(), "fixed");
}

#[test]
fn spans_by_hand() {
    let mock = MockBackend::install();
    fn sum(fail: bool) -> Result<u32, Refused> {
        let total = span!("app.sum", "sum", {
            if fail {
                return Err(Refused("sum"));
            }
            (1..=4).sum()
        });
        let _rest = span!("app.rest", "rest");
        leaf();
        Ok(total)
    }
    assert_eq!(sum(false), Ok(10));
    assert!(sum(true).is_err());
    assert_eq!(
        mock.snapshot(),
        "\
transaction sum [app.sum] ok
transaction rest [app.rest] ok
  leaf [function] ok
transaction sum [app.sum] ok
"
    );
}

#[test]
fn a_forgotten_guard_does_not_move_the_next_span() {
    let mock = MockBackend::install();
    #[traced]
    fn forgets() {
        std::mem::forget(span!("app.lost", "lost"));
        leaf();
    }
    forgets();
    leaf();
    let transactions = mock.transactions();
    assert_eq!(transactions.len(), 2, "{}", mock.snapshot());
    assert_eq!(transactions[1].root().name(), "leaf");
    assert_eq!(current_span().trace_id(), None);
}

#[test]
fn guards_dropped_out_of_order_leave_nothing_behind() {
    let mock = MockBackend::install();
    let outer = span!("app.outer", "outer");
    let middle = span!("app.middle", "middle");
    let inner = span!("app.inner", "inner");
    drop(outer);
    assert_eq!(current_span().trace_id(), None);
    drop(inner);
    drop(middle);
    assert_eq!(current_span().span_id(), None);
    leaf();
    // What ended after its root still belongs to it, what began later does not.
    assert_eq!(mock.transaction("outer").children().len(), 2);
    assert_eq!(mock.span("inner").parent, Some(mock.span("middle").id));
    assert_eq!(mock.span("middle").parent, Some(mock.span("outer").id));
    assert!(mock.transaction("leaf").children().is_empty());
}

#[test]
fn a_handle_sets_nothing_on_another_span() {
    let mock = MockBackend::install();
    let root = span!("app.root", "root");
    let handle = current_span();
    {
        let _child = span!("app.child", "child");
        assert!(!handle.is_recorded());
        handle.set("late", 1);
    }
    handle.set("own", 1);
    drop(root);
    handle.set("after the end", 1);
    assert_eq!(mock.span("root").attributes().len(), 1);
    assert!(mock.span("child").attributes().is_empty());
}

#[test]
fn without_a_backend_nothing_is_recorded() {
    // On a thread of its own: no test's mock is in place there.
    std::thread::spawn(|| {
        parent();
        assert_eq!(fails_early("21"), Ok(42));
        assert_eq!(current_span().span_id(), None);
        assert!(!monitor_runtime::is_enabled());
    })
    .join()
    .unwrap();
}
