//! User, tags, contexts, breadcrumbs and the correlation id.

use monitor_runtime::{
    Breadcrumb, Config, Level, MockBackend, User, Value, add_breadcrumb, breadcrumb,
    capture_message, correlation_id, current_span, push_scope, set_context, set_correlation_id,
    set_tag, set_user, traced, with_scope,
};

fn note(text: &'static str) {
    capture_message(text, Level::Info);
}

#[traced]
fn request(tenant: &'static str) {
    set_tag("tenant", tenant);
    set_user(User::new(7).with_username("ada"));
    set_context("payment", [("amount", Value::from(100.0)), ("currency", "USD".into())]);
    helper();
    note("in the request");
}

#[traced]
fn helper() {
    set_tag("from", "helper");
}

#[test]
fn what_a_root_sets_ends_with_it() {
    let mock = MockBackend::install();
    set_tag("service", "shop");
    request("a");
    note("after the request");
    let inside = mock.event("in the request");
    assert_eq!(inside.tag("tenant"), Some("a"));
    assert_eq!(inside.tag("service"), Some("shop"));
    assert_eq!(inside.tag("from"), Some("helper"), "children share the scope of their root");
    assert_eq!(inside.scope.user().unwrap().username.as_deref(), Some("ada"));
    assert_eq!(inside.context_value("payment", "currency"), Some(&"USD".into()));
    let after = mock.event("after the request");
    assert_eq!(after.tag("tenant"), None);
    assert_eq!(after.tag("service"), Some("shop"));
    assert_eq!(after.scope.user(), None);
    let transaction = mock.transaction("request");
    assert_eq!(transaction.scope.tag("tenant"), Some("a"));
}

#[traced(
    user = User::new(id).with("role", "Dispatcher"),
    tags(tenant = "b", "feature.chat" = true),
    context(order(id = id, total = 9.5)),
)]
fn with_arguments(id: u64) {
    note("inside");
}

#[test]
fn arguments_of_traced_hold_for_its_function() {
    let mock = MockBackend::install();
    let outer = monitor_runtime::span!("app", "outer");
    with_arguments(3);
    note("outside");
    drop(outer);
    let inside = mock.event("inside");
    assert_eq!(inside.tag("tenant"), Some("b"));
    assert_eq!(inside.tag("feature.chat"), Some("true"));
    assert_eq!(inside.scope.user().unwrap().id.as_deref(), Some("3"));
    assert_eq!(inside.context_value("order", "total"), Some(&Value::F64(9.5)));
    assert_eq!(mock.span("with_arguments").attribute("tenant"), Some(&"b".into()));
    let outside = mock.event("outside");
    assert_eq!(outside.tag("tenant"), None);
    assert_eq!(outside.scope.user(), None);
}

#[test]
fn a_pushed_scope_ends_with_its_guard_and_with_a_panic() {
    let mock = MockBackend::install();
    set_tag("step", "before");
    {
        let _scope = push_scope();
        set_tag("step", "pushed");
        note("pushed");
    }
    let panicked = std::panic::catch_unwind(|| {
        with_scope(|| {
            set_tag("step", "lost");
            panic!("unwinds");
        })
    });
    assert!(panicked.is_err());
    note("after");
    assert_eq!(mock.event("pushed").tag("step"), Some("pushed"));
    assert_eq!(mock.event("after").tag("step"), Some("before"));
}

#[test]
fn breadcrumbs_are_a_ring_of_100() {
    let mock = MockBackend::install();
    for number in 0..150 {
        add_breadcrumb(Breadcrumb::new("test", format!("{number}")).with("n", number));
    }
    note("ring");
    let event = mock.event("ring");
    let messages: Vec<_> = event.scope.breadcrumbs().map(|b| b.message.clone()).collect();
    assert_eq!(messages.len(), 100);
    assert_eq!((messages[0].as_ref(), messages[99].as_ref()), ("50", "149"));
}

#[test]
fn the_size_of_the_ring_is_a_setting() {
    let mock = MockBackend::install_with(Config::new().with_max_breadcrumbs(50));
    for number in 0..60 {
        breadcrumb!("test", "number {number}", n = number);
    }
    note("ring");
    let event = mock.event("ring");
    assert_eq!(event.scope.breadcrumbs().count(), 50);
    let last = event.scope.breadcrumbs().next_back().unwrap();
    assert_eq!(last.message, "number 59");
    assert_eq!(last.data, [("n".into(), Value::I64(59))]);
}

#[test]
fn the_correlation_id_is_the_trace_id_unless_set() {
    #[traced]
    fn child() -> Option<String> {
        correlation_id()
    }
    #[traced]
    fn plain() -> (Option<String>, Option<String>) {
        (current_span().trace_id().map(|id| id.to_string()), child())
    }
    #[traced]
    fn given() -> Option<String> {
        set_correlation_id("order-17");
        note("given");
        child()
    }
    let mock = MockBackend::install();
    assert_eq!(correlation_id(), None);
    let (trace_id, inherited) = plain();
    assert_eq!(trace_id, inherited);
    assert_eq!(mock.transaction("plain").correlation_id(), trace_id.unwrap());
    assert_eq!(given().as_deref(), Some("order-17"));
    assert_eq!(mock.transaction("given").correlation_id(), "order-17");
    assert_eq!(mock.event("given").correlation_id(), "order-17");
    assert_eq!(correlation_id(), None);
}
