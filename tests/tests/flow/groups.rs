//! What the events of errors say of their surroundings.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use monitor_runtime::record::{Attributes, Event};
use monitor_runtime::{
    CommandContext, Config, ContextGroups, IntoCommandContext, IntoUser, Level, MockBackend,
    MonitorContext, User, Value, cache_hit, cache_miss, capture_error, capture_errors,
    capture_message, push_scope, register_context_provider, set_command_context, set_context,
    set_monitor_context, testing, traced,
};

use crate::failure::Refused;

#[derive(MonitorContext)]
struct Guild {
    id: u64,
    name: &'static str,
    member_count: u32,
    features: Vec<&'static str>,
    premium_tier: Option<u8>,
    #[monitor(sensitive)]
    #[expect(dead_code, reason = "left out")]
    invite: String,
}

#[derive(MonitorContext)]
#[monitor(name = "channel")]
enum Place {
    Text {
        id: u64,
        name: &'static str,
        #[monitor(name = "type")]
        kind: &'static str,
        nsfw: bool,
    },
    Direct(u64, #[monitor(skip)] ()),
}

#[derive(MonitorContext)]
#[monitor(user)]
struct Account<'a> {
    id: u64,
    username: &'a str,
    role: &'a str,
    credits_remaining: u32,
    bot: bool,
    #[monitor(skip)]
    #[expect(dead_code, reason = "left out")]
    password: &'a str,
}

fn guild() -> Guild {
    Guild {
        id: 7,
        name: "lounge",
        member_count: 120,
        features: vec!["NEWS"],
        premium_tier: None,
        invite: "hunter2".into(),
    }
}

fn account() -> Account<'static> {
    let (username, role, password) = ("ada", "Dispatcher", "hunter2");
    Account { id: 42, username, role, credits_remaining: 5, bot: false, password }
}

fn value<'a>(event: &'a Event, context: &str, key: &str) -> &'a Value {
    let value = event.context_value(context, key);
    value.unwrap_or_else(|| panic!("no {context}.{key}: {:?}", event.context(context)))
}

struct Running(&'static str);

impl IntoCommandContext for Running {
    fn into_command_context(self) -> CommandContext {
        CommandContext::new(self.0)
            .with_kind("slash")
            .with_qualified_name(format!("mod {}", self.0))
            .with_group("moderation")
            .with_parameter("days", 7)
    }
}

#[traced(op = "command", user = &account())]
#[capture_errors]
fn ban() -> Result<(), Refused> {
    set_command_context(Running("ban"));
    set_monitor_context(&Place::Text { id: 9, name: "general", kind: "text", nsfw: false });
    cache_hit!();
    cache_hit!();
    cache_hit!();
    cache_miss!();
    query();
    query();
    testing::advance(Duration::from_millis(250));
    Err(Refused("discord"))
}

#[test]
fn what_the_user_wrote_is_recorded_where_that_is_allowed() {
    for allowed in [false, true] {
        let mock = MockBackend::install_with(Config::new().with_send_default_pii(allowed));
        let _scope = push_scope();
        set_command_context(CommandContext::new("ban").with_text("!ban ada, she shouts"));
        capture_error(&Refused("discord"));
        let event = mock.event("refused");
        let text = event.context_value("command", "text").and_then(Value::as_str);
        assert_eq!(text, allowed.then_some("!ban ada, she shouts"));
    }
}

#[traced(op = "db.query")]
fn query() {}

fn with_guild() -> Config {
    Config::new().with_release("bot@1.2.3").with_context_provider(|groups: &mut ContextGroups| {
        groups.add(&guild());
        groups.set("additional", [("shard", 3)]);
    })
}

#[test]
fn an_error_has_all_eight_groups() {
    let mock = MockBackend::install_with(with_guild());
    ban().unwrap_err();
    let event = &mock.errors()[0];
    assert_eq!(
        event.context_groups(),
        ["error", "command", "user", "guild", "channel", "system", "performance", "additional"]
    );
    for (key, expected) in [
        ("name", "ban"),
        ("type", "slash"),
        ("qualified_name", "mod ban"),
        ("cog_name", "moderation"),
        ("parameters", "{\"days\": 7}"),
    ] {
        assert_eq!(value(event, "command", key).to_string(), expected);
    }
    let user = event.scope.user().unwrap();
    assert_eq!((user.id.as_deref(), user.username.as_deref()), (Some("42"), Some("ada")));
    let data = |key: &str| user.data.iter().find(|(k, _)| k == key).map(|(_, v)| v.to_string());
    assert_eq!(data("role").as_deref(), Some("Dispatcher"));
    assert_eq!(data("credits_remaining").as_deref(), Some("5"));
    assert_eq!((data("bot").as_deref(), data("password")), (Some("false"), None));
    let expected: Attributes = vec![
        ("id".into(), 7_u64.into()),
        ("name".into(), "lounge".into()),
        ("member_count".into(), 120_u64.into()),
        ("features".into(), "[\"NEWS\"]".into()),
        ("premium_tier".into(), Value::Null),
    ];
    assert_eq!(event.context("guild"), Some(&expected));
    for (key, expected) in
        [("variant", "Text"), ("id", "9"), ("name", "general"), ("type", "text"), ("nsfw", "false")]
    {
        assert_eq!(value(event, "channel", key).to_string(), expected);
    }
    assert_eq!(value(event, "additional", "shard"), &Value::I64(3));
    assert!(!format!("{event:?}").contains("hunter2"));
}

#[test]
fn the_system_and_the_trace_so_far_are_known() {
    let mock = MockBackend::install_with(with_guild().with_traces_sample_rate(0.0));
    ban().unwrap_err();
    let event = &mock.errors()[0];
    assert_eq!(value(event, "system", "app_version").as_str(), Some("bot@1.2.3"));
    let version = value(event, "system", "library_version").as_str().unwrap();
    assert!(version.starts_with("0."));
    assert!(value(event, "system", "language_version").as_str().unwrap().starts_with("1."));
    let platform = value(event, "system", "platform").to_string();
    assert!(platform.starts_with(std::env::consts::OS), "{platform}");
    assert!(value(event, "system", "uptime").as_f64().unwrap() >= 0.0);
    if cfg!(target_os = "linux") {
        let memory = value(event, "system", "memory_usage").as_f64().unwrap();
        assert!((1.0..100_000.0).contains(&memory), "{memory} MiB");
    }
    let performance = |key| value(event, "performance", key).as_f64().unwrap();
    assert_eq!(performance("database_query_count"), 2.0);
    assert_eq!(performance("cache_hit_rate"), 0.75);
    assert_eq!(performance("active_transactions"), 1.0);
    assert!((250.0..60_000.0).contains(&performance("response_time")));
}

#[traced]
fn outer(inner: impl FnOnce()) {
    inner();
}

#[tokio::test]
async fn transactions_are_active_until_they_end_in_any_way() {
    #[traced(root)]
    async fn waits() {
        std::future::pending::<()>().await;
    }
    for rate in [0.0, 1.0] {
        let mock = MockBackend::install_with(Config::new().with_traces_sample_rate(rate));
        let panics = || outer(|| panic!("as it should"));
        std::panic::catch_unwind(panics).unwrap_err();
        let mut first = Box::pin(waits());
        let mut second = Box::pin(waits());
        outer(|| {
            let mut context = std::task::Context::from_waker(std::task::Waker::noop());
            assert!(first.as_mut().poll(&mut context).is_pending());
            assert!(second.as_mut().poll(&mut context).is_pending());
            drop(first);
            capture_error(&Refused("db"));
        });
        drop(second);
        capture_error(&Refused("later"));
        let active =
            |event: &Arc<Event>| value(event, "performance", "active_transactions").clone();
        let counts: Vec<_> = mock.errors().iter().map(active).collect();
        assert_eq!(counts, [Value::U64(2), Value::U64(0)], "at rate {rate}");
    }
}

#[test]
fn providers_run_when_an_error_is_captured_and_only_then() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let config = Config::new()
        .with_context_provider(|_: &mut ContextGroups| panic!("says nothing"))
        .with_context_provider(|groups: &mut ContextGroups| {
            RUNS.fetch_add(1, Ordering::Relaxed);
            // What a provider does isn't recorded.
            capture_error(&Refused("provider"));
            ban().unwrap_err();
            groups.set("region", [("name", "eu"), ("zone", "a")]);
            groups.set("region", [("zone", "b".repeat(5000))]);
        });
    let mock = MockBackend::install_with(config);
    capture_message("no error", Level::Info);
    outer(|| ());
    assert_eq!(RUNS.load(Ordering::Relaxed), 0);
    capture_error(&Refused("db"));
    assert_eq!(RUNS.load(Ordering::Relaxed), 1);
    let errors = mock.errors();
    assert_eq!(errors.len(), 1, "{}", mock.snapshot());
    assert_eq!(value(&errors[0], "region", "name").as_str(), Some("eu"));
    assert_eq!(value(&errors[0], "region", "zone").as_str().map(str::len), Some(1024));
    assert!(mock.event("no error").context("region").is_none());
}

#[test]
fn what_the_operation_says_goes_before_a_provider() {
    let mock = MockBackend::install_with(with_guild());
    let _scope = push_scope();
    set_context("guild", [("name", "kitchen")]);
    capture_error(&Refused("db"));
    let event = mock.event("refused");
    assert_eq!(value(&event, "guild", "name").as_str(), Some("kitchen"));
    assert_eq!(value(&event, "guild", "member_count"), &Value::U64(120));
}

#[test]
fn coverage_is_the_share_of_errors_with_so_many_groups() {
    let mock = MockBackend::install();
    assert_eq!(mock.coverage(8), 1.0);
    capture_message("no error", Level::Error);
    for _ in 0..3 {
        capture_error(&Refused("db"));
    }
    let _scope = push_scope();
    set_monitor_context(&Place::Direct(1, ()));
    capture_error(&Refused("db"));
    assert_eq!((mock.coverage(3), mock.coverage(4), mock.coverage(5)), (1.0, 0.25, 0.0));
    let channel = mock.errors()[3].context("channel").cloned();
    let expected: Attributes =
        vec![("variant".into(), "Direct".into()), ("0".into(), 1_u64.into())];
    assert_eq!(channel, Some(expected));
}

#[test]
fn a_provider_of_the_process_says_something_everywhere() {
    register_context_provider(|groups: &mut ContextGroups| groups.set("process", [("node", "a")]));
    let mock = MockBackend::install();
    capture_error(&Refused("db"));
    assert_eq!(value(&mock.event("refused"), "process", "node").as_str(), Some("a"));
}

struct Author(&'static str);

impl IntoUser for Author {
    fn into_user(self) -> User {
        User::new(self.0).with("premium", true)
    }
}

#[traced(user = Author(name))]
fn greets(name: &'static str) {
    capture_message("hello", Level::Info);
}

#[test]
fn any_type_may_say_who_the_user_is() {
    let mock = MockBackend::install();
    greets("ada");
    let event = mock.event("hello");
    assert_eq!(event.scope.user(), Some(&User::new("ada").with("premium", true)));
}
