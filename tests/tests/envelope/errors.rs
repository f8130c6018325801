//! What Sentry is told of an error: of itself, of what it was made from, and of its surroundings.

use std::backtrace::Backtrace;
use std::error::Error;
use std::fmt;

use monitor_runtime::{
    CommandContext, ContextGroups, MonitorContext, MonitorError, capture, capture_errors,
    set_command_context, traced,
};
use serde_json::json;

use super::{Monitored, list};

#[derive(Debug, MonitorError)]
#[monitor(category = "payment", severity = "critical", fingerprint = ["payment", "{order}"])]
struct Declined {
    #[monitor(tag = "order.id", context)]
    order: u64,
    #[monitor(sensitive)]
    account: &'static str,
    #[monitor(backtrace)]
    backtrace: Backtrace,
    source: Limit,
}

#[derive(Debug, MonitorError)]
#[monitor(expected)]
struct Limit(&'static str);

impl fmt::Display for Declined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "order {} of {} declined", self.order, self.account)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "limit of {} reached", self.0)
    }
}

impl Error for Declined {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}

impl Error for Limit {}

#[derive(MonitorContext)]
struct Guild {
    id: u64,
    member_count: u32,
}

#[traced(op = "payment.charge")]
#[capture_errors]
fn charge(order: u64) -> Result<(), Declined> {
    let (account, source) = ("acct-hunter2", Limit("acct-hunter2"));
    Err(Declined { order, account, backtrace: Backtrace::force_capture(), source })
}

#[traced(op = "command")]
#[capture_errors]
fn buy() -> Result<(), String> {
    set_command_context(CommandContext::new("buy").with_kind("slash"));
    charge(7).map_err(|_| "not bought".to_owned())
}

#[test]
fn an_error_says_what_it_is_and_what_surrounds_it() {
    let monitored = Monitored::with(|config| {
        config.with_context_provider(|groups: &mut ContextGroups| {
            groups.add(&Guild { id: 9, member_count: 120 });
        })
    });
    buy().unwrap_err();
    let event = monitored.only("event");
    assert_eq!(event["level"], "fatal");
    assert_eq!(event["fingerprint"], json!(["payment", "7"]));
    assert_eq!(event["tags"]["error.category"], "payment");
    assert_eq!(event["tags"]["order.id"], "7");
    let [limit, declined] = list(&event["exception"]["values"]) else { panic!("{event:#}") };
    assert_eq!(declined["value"], "order 7 of [Filtered] declined");
    assert_eq!(limit["value"], "limit of [Filtered] reached");
    assert_eq!(declined["mechanism"], json!({"type": "capture_errors", "handled": true}));
    assert_eq!(limit["mechanism"], json!({"type": "chained", "handled": true}));
    let frames = list(&declined["stacktrace"]["frames"]);
    let place = frames.iter().rfind(|frame| frame["in_app"] == true).expect("a frame of ours");
    assert!(place["function"].as_str().unwrap().contains("errors::charge"), "{place}");
    assert!(place["filename"].as_str().unwrap().ends_with("envelope/errors.rs"), "{place}");
    let contexts = &event["contexts"];
    assert_eq!(contexts["error"]["error_type"], "Declined");
    assert_eq!(contexts["error"]["severity"], "critical");
    assert_eq!(contexts["error"]["custom_context"], json!({"order": 7}));
    // The SDK's `type` says that Sentry knows no such context.
    assert_eq!(contexts["guild"], json!({"id": 9, "member_count": 120, "type": "unknown"}));
    let command = json!({"name": "buy", "command_type": "slash", "type": "unknown"});
    assert_eq!(contexts["command"], command);
    assert_eq!(contexts["system"]["app_version"], "shop@1.4.0");
    assert_eq!(contexts["performance"]["active_transactions"], 1);
    assert!(!event.to_string().contains("hunter2"));
}

#[test]
fn an_expected_error_never_leaves() {
    #[traced]
    #[capture_errors]
    fn limited() -> Result<(), Limit> {
        Err(Limit("all"))
    }
    let monitored = Monitored::start();
    limited().unwrap_err();
    assert_eq!(monitored.items("event").len(), 0);
    assert_eq!(monitored.items("transaction").len(), 1);
}

#[test]
fn an_error_by_hand_says_what_failed() {
    let monitored = Monitored::start();
    capture::database(&Limit("rows"), "select", "orders").send();
    capture!("no answer", endpoint = "/v1", attempt = 2);
    capture::api(&fmt::Error, "/v1", 502).body("bad gateway").send();
    let events: Vec<_> = monitored.items("event").into_iter().map(|item| item.payload).collect();
    let by = |kind: &str| events.iter().find(|event| event["contexts"][kind].is_object()).unwrap();
    assert_eq!(by("database")["tags"]["db.table"], "orders");
    let api = json!({"endpoint": "/v1", "status": 502, "body": "bad gateway", "type": "unknown"});
    assert_eq!(by("api")["contexts"]["api"], api);
    let additional = json!({"endpoint": "/v1", "attempt": 2, "type": "unknown"});
    assert_eq!(by("additional")["contexts"]["additional"], additional);
    assert_eq!(by("additional")["exception"]["values"][0]["type"], "&str");
}
