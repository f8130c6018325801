//! Feature flags: events and spans say which were on.

use monitor_runtime::record::{Event, Span};
use monitor_runtime::{
    Config, Level, MockBackend, Value, capture_message, feature_flag, push_scope, traced,
};

fn flags(event: &Event) -> Vec<(String, bool)> {
    let Some(Value::List(values)) = event.context_value("flags", "values") else {
        return Vec::new();
    };
    let flag = |value: &Value| match value {
        Value::Map(flag) => match flag.as_slice() {
            [(name, flag), (kind, Value::Bool(result))] if name == "flag" && kind == "result" => {
                (flag.to_string(), *result)
            }
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    values.iter().map(flag).collect()
}

fn on_span(span: &Span) -> Vec<&str> {
    span.attributes().iter().map(|(key, _)| key.as_ref()).collect()
}

#[traced]
async fn checkout(new: bool) {
    assert_eq!(feature_flag("new-checkout", new), new);
    tokio::task::yield_now().await;
    feature_flag("dark-mode", true);
    feature_flag("new-checkout", !new);
    capture_message(format!("paid {new}"), Level::Info);
}

#[tokio::test]
async fn events_and_spans_say_which_were_on() {
    let mock = MockBackend::install();
    tokio::join!(checkout(true), checkout(false));
    let of = |title: &str| flags(&mock.event(title));
    let is = |name: &str, on| (name.to_owned(), on);
    assert_eq!(of("paid true"), [is("dark-mode", true), is("new-checkout", false)]);
    assert_eq!(of("paid false"), [is("dark-mode", true), is("new-checkout", true)]);
    for span in mock.spans() {
        let keys = ["flag.evaluation.new-checkout", "flag.evaluation.dark-mode"];
        assert_eq!(on_span(&span), keys);
    }
    capture_message("outside", Level::Info);
    assert_eq!(of("outside"), []);
}

#[traced]
fn evaluates(count: usize) {
    for number in 0..count {
        feature_flag(format!("flag-{number}"), number % 2 == 0);
    }
    below();
    capture_message("done", Level::Info);
}

#[traced]
fn below() {
    feature_flag("flag-0", true);
}

#[test]
fn the_last_hundred_stay_and_ten_on_a_span() {
    let mock = MockBackend::install();
    evaluates(150);
    let flags = flags(&mock.event("done"));
    assert_eq!(flags.len(), 100);
    assert_eq!(flags[0], ("flag-51".to_owned(), false));
    assert_eq!(flags[99], ("flag-0".to_owned(), true));
    let span = mock.span("evaluates");
    assert_eq!(on_span(&span).len(), 10);
    assert_eq!(on_span(&span)[9], "flag.evaluation.flag-9");
    assert_eq!(on_span(&mock.span("below")), ["flag.evaluation.flag-0"]);
}

#[test]
fn the_bound_has_a_knob_and_scopes_end() {
    let mock = MockBackend::install_with(Config::new().with_max_feature_flags(1));
    {
        let _scope = push_scope();
        feature_flag("a", true);
        feature_flag("b", false);
        capture_message("inside", Level::Info);
    }
    capture_message("outside", Level::Info);
    let event = mock.event("inside");
    assert_eq!(flags(&event), [("b".to_owned(), false)]);
    assert_eq!(event.scope.feature_flags().collect::<Vec<_>>(), [("b", false)]);
    assert_eq!(mock.event("outside").context("flags"), None);
}
