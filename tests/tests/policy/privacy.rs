//! What is removed from records, and what stays.

use std::time::Duration;

use monitor_runtime::{
    Breadcrumb, Config, ErrorClass, Level, MockBackend, MockGuard, MonitorError, Scrubber, User,
    Value, add_breadcrumb, capture_errors, capture_message, current_span, set_context, set_tag,
    set_user, traced,
};

use crate::failure::Failure;

fn with(change: impl FnOnce(Config) -> Config) -> MockGuard {
    MockBackend::install_with(change(Config::new().with_traces_sample_rate(1.0)))
}

fn ada() -> User {
    User::new(7)
        .with_username("ada")
        .with_email("ada@example.org")
        .with_ip_address("203.0.113.77")
        .with("role", "Dispatcher")
}

#[test]
fn personal_data_is_removed_unless_it_is_allowed() {
    let mock = MockBackend::install();
    set_user(ada());
    set_tag("client.address", "203.0.113.77");
    capture_message("mail ada@example.org", Level::Info);
    let event = mock.event("mail [Filtered]");
    let user = event.scope.user().unwrap();
    assert_eq!((user.id.as_deref(), user.username.as_deref()), (Some("7"), Some("ada")));
    assert_eq!((&user.email, &user.ip_address), (&None, &None));
    assert_eq!(user.data, [("role".into(), "Dispatcher".into())]);
    assert_eq!(event.tag("client.address"), Some("[Filtered]"));
    drop(mock);

    let mock = with(|config| config.with_send_default_pii(true));
    set_user(ada());
    set_tag("client.address", "2001:db8:1234:5678::1");
    capture_message("mail ada@example.org", Level::Info);
    let event = mock.event("mail ada@example.org");
    let user = event.scope.user().unwrap();
    assert_eq!(user.email.as_deref(), Some("ada@example.org"));
    assert_eq!(user.ip_address.as_deref(), Some("203.0.113.0"), "only the network");
    assert_eq!(event.tag("client.address"), Some("2001:db8:1234::"));
    drop(mock);

    let mock = with(|config| config.with_send_default_pii(true).with_anonymised_ip(false));
    set_user(ada());
    capture_message("whole", Level::Info);
    let event = mock.event("whole");
    assert_eq!(event.scope.user().unwrap().ip_address.as_deref(), Some("203.0.113.77"));
}

#[traced(op = "db.query", fields(user.id = 7, rows = 3))]
fn load() {}

#[test]
fn without_consent_nothing_is_known_of_the_user() {
    let mock = with(|config| {
        config.with_consent(|user| match user.id.as_deref() {
            Some("13") => panic!("as the test wants"),
            id => id == Some("8"),
        })
    });
    for id in [7, 8, 13] {
        set_user(User::new(id).with_username("ada"));
        set_tag("user.role", "Dispatcher");
        set_tag("users", "many");
        set_context("user", [("plan", "free")]);
        add_breadcrumb(Breadcrumb::new("auth", "login").with("user_id", id).with("way", "sso"));
        capture_message(format!("hello {id}"), Level::Info);
        load();
    }
    for (id, has_consent) in [(7, false), (8, true), (13, false)] {
        let event = mock.event(&format!("hello {id}"));
        assert_eq!(event.scope.user().is_some(), has_consent, "{id}");
        assert_eq!(event.tag("user.role").is_some(), has_consent, "{id}");
        assert_eq!(event.context("user").is_some(), has_consent, "{id}");
        assert_eq!(event.tag("users"), Some("many"));
        let crumb = event.scope.breadcrumbs().next_back().unwrap();
        assert_eq!(crumb.data.len(), if has_consent { 2 } else { 1 });
    }
    let spans = mock.spans();
    let with_id = spans.iter().filter(|span| span.attribute("user.id").is_some()).count();
    assert_eq!((spans.len(), with_id), (3, 1));
}

#[traced(op = "db.query", description = query)]
fn run(query: &str) {
    current_span().set("db.query.text", query);
}

#[capture_errors(kind = database(operation = "select", table = "t", query = query))]
fn fails(query: &str) -> Result<(), Failure> {
    Err(Failure(query.len().to_string()))
}

#[test]
fn queries_are_statements_without_values() {
    const QUERY: &str = "SELECT * FROM t WHERE name = 'Ada' AND id IN (1, 2)";
    const STATEMENT: &str = "SELECT * FROM t WHERE name = ? AND id IN (?)";
    let mock = MockBackend::install();
    add_breadcrumb(Breadcrumb::new("query", QUERY));
    run(QUERY);
    assert!(fails(QUERY).is_err());
    let span = mock.span("run");
    assert_eq!(span.description(), Some(STATEMENT));
    assert_eq!(span.attribute("db.query.text"), Some(&STATEMENT.into()));
    let event = &mock.events()[0];
    assert_eq!(event.context_value("database", "query"), Some(&STATEMENT.into()));
    assert_eq!(event.scope.breadcrumbs().next().unwrap().message, STATEMENT);
    assert!(fails(&"a, ".repeat(1000)).is_err());
    let query = mock.events()[1].context_value("database", "query").cloned().unwrap();
    assert!(query.as_str().unwrap().len() <= 500);
    drop(mock);

    let mock = with(|config| config.with_send_default_pii(true));
    run(QUERY);
    assert_eq!(mock.span("run").attribute("db.query.text"), Some(&QUERY.into()));
}

#[test]
fn keys_are_denied_and_allowed_by_the_program() {
    let scrubber = Scrubber::new().with_denied_key("memberCode").with_allowed_key("next_token");
    let mock = with(|config| config.with_scrubber(scrubber));
    set_tag("member_code", "HR-1");
    set_tag("next_token", "4242424242424242");
    set_tag("token", "abc");
    set_context("page", [("card", Value::U64(4_242_424_242_424_242)), ("token_count", 5.into())]);
    capture_message("now", Level::Info);
    let event = mock.event("now");
    assert_eq!(event.tag("member_code"), Some("[Filtered]"));
    assert_eq!(event.tag("next_token"), Some("4242424242424242"));
    assert_eq!(event.tag("token"), Some("[Filtered]"));
    assert_eq!(event.context_value("page", "card"), Some(&"[Filtered]".into()));
    assert_eq!(event.context_value("page", "token_count"), Some(&Value::I64(5)));
}

#[test]
fn what_is_large_or_deep_is_bounded() {
    let mock = MockBackend::install();
    let mut deep = Value::from("down here");
    for _ in 0..1000 {
        deep = Value::List(vec![deep]);
    }
    let wide = Value::List(vec![Value::Bool(true); 5000]);
    set_context("bounds", [("deep", deep), ("wide", wide), ("long", "x".repeat(1 << 20).into())]);
    capture_message("y".repeat(10 << 20), Level::Info);
    let events = mock.events();
    assert_eq!(events[0].title().len(), 8192);
    let value = |key: &str| events[0].context_value("bounds", key).unwrap().clone();
    assert!(value("deep").to_string().len() < 100, "{}", value("deep"));
    assert!(matches!(value("wide"), Value::List(values) if values.len() == 1000));
    assert_eq!(value("long").as_str().unwrap().len(), 16 * 1024);
}

#[test]
fn tags_are_cut_to_what_sentry_takes_and_counted() {
    let mock = MockBackend::install();
    set_tag("long", "ä".repeat(300));
    set_tag("lines", "a\nb");
    set_tag("größe in cm", "7");
    set_tag("fits", "x".repeat(200));
    capture_message("now", Level::Info);
    let event = mock.event("now");
    assert_eq!(event.tag("long").unwrap().chars().count(), 200);
    assert_eq!(event.tag("lines"), Some("a b"));
    assert_eq!(event.tag("gr__e in cm"), Some("7"));
    assert_eq!(event.tag("fits").unwrap().len(), 200);
    assert!(monitor_runtime::flush(Duration::from_secs(10)));
    assert_eq!(mock.loss().cut_tags, 3);
}

/// What an error says of itself has the same bounds.
#[test]
fn tags_of_errors_are_cut_and_counted() {
    #[derive(Debug)]
    struct Talkative;
    impl std::fmt::Display for Talkative {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("talkative")
        }
    }
    impl std::error::Error for Talkative {}
    impl MonitorError for Talkative {
        fn monitor_class(&self) -> ErrorClass {
            let class = ErrorClass::new().with_tag("long", "ä".repeat(300));
            (0..70).fold(class, |class, number| class.with_tag(format!("tag {number}"), number))
        }
    }
    #[capture_errors]
    fn talks() -> Result<(), Talkative> {
        Err(Talkative)
    }
    let mock = MockBackend::install();
    assert!(talks().is_err());
    let event = mock.event("talkative");
    assert_eq!(event.tag("long").unwrap().chars().count(), 200);
    assert_eq!(event.tags.len(), 64);
    assert!(monitor_runtime::flush(Duration::from_secs(10)));
    assert_eq!(mock.loss().cut_tags, 8, "one is long, seven are too many");
}

mod secrets {
    //! The types of `secrecy` have no `Display`, no number and no text: what is named is the type.

    use monitor_runtime::{MockBackend, capture_errors, traced};
    use secrecy::{ExposeSecret, SecretString};

    #[traced(fields(boxed = secret, shown = ?secret))]
    #[capture_errors]
    fn login(secret: &SecretString) -> Result<(), SecretString> {
        Err(secret.expose_secret().into())
    }

    #[test]
    fn are_never_recorded() {
        let mock = MockBackend::install();
        assert!(login(&SecretString::from("hunter2")).is_err());
        let span = mock.span("login");
        for key in ["boxed", "shown"] {
            let text = span.attribute(key).unwrap().to_string();
            assert!(text.starts_with("SecretBox<str>([REDACTED]"), "{key}: {text}");
        }
        assert!(!format!("{:?}{:?}", mock.events(), mock.transactions()).contains("hunter2"));
        assert_eq!(mock.events().len(), 1);
    }
}
