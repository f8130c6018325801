//! What each error says is clean before a context is made of it, and the same as if one had been made.

use std::time::SystemTime;

use super::Scrubber;
use crate::context::Scope;
use crate::groups::{Performance, System};
use crate::record::{
    Contexts, ErrorGroup, ErrorGroups, Event, EventId, EventKind, Exception, Level, Mechanism,
    Sampling, TraceId, Value,
};

fn event(message: &str, class: &'static str) -> Event {
    let error = ErrorGroup {
        type_name: class.to_owned().into(),
        message: message.to_owned(),
        traceback_hash: 1,
        category: class.into(),
        severity: "high",
        module: Some(class.into()),
        variant: Some(class.into()),
    };
    let system = System { release: Some(class.into()), ..System::default() };
    let mut contexts = Contexts::default();
    contexts.say_later(ErrorGroups { error, performance: Performance::default(), system });
    let exception = Exception {
        type_name: "Refused".into(),
        value: message.to_owned(),
        module: None,
        frames: Vec::new(),
    };
    Event {
        id: EventId::new(1),
        timestamp: SystemTime::UNIX_EPOCH,
        kind: EventKind::Error,
        level: Level::Error,
        message: None,
        exceptions: vec![exception],
        mechanism: Mechanism::handled("test"),
        trace_id: TraceId::new(1).unwrap(),
        span_id: None,
        sampled: true,
        sampling: Sampling { rate: 1.0, rand: 0.0, tail: false },
        op: None,
        transaction: None,
        path: Vec::new(),
        tags: Vec::new(),
        contexts,
        fingerprint: Vec::new(),
        suppressed: 0,
        scope: Scope::default().into(),
    }
}

/// Both ways: as it waits, and with contexts that were made before.
fn scrubbed(scrubber: &Scrubber, event: &Event) -> Event {
    let (mut waiting, mut made) = (event.clone(), event.clone());
    // Somebody looks, which makes no difference.
    assert_eq!(waiting.contexts.len(), 3);
    made.contexts.make();
    scrubber.event(&mut waiting);
    scrubber.event(&mut made);
    assert_eq!(waiting.contexts, made.contexts);
    waiting
}

#[test]
fn no_secret_stays_in_what_is_said_later() {
    let secret = "login with password=hunter2 failed";
    for message in [secret.to_owned(), format!("{}{secret}", "x ".repeat(400)), "no".to_owned()] {
        let event = scrubbed(&Scrubber::new(), &event(&message, secret));
        let shown = format!("{:?}", event.contexts);
        assert!(!shown.contains("hunter2"), "{shown}");
        assert_eq!(event.exceptions[0].value, message.replace("hunter2", "[Filtered]"));
    }
    let plain = scrubbed(&Scrubber::new(), &event("no user 7", "app"));
    assert_eq!(plain.contexts, event("no user 7", "app").contexts);
}

#[test]
fn names_and_patterns_of_the_program_reach_it() {
    let event = event("no user HR-1234", "shop HR-1234");
    let denied = scrubbed(&Scrubber::new().with_denied_key("category"), &event);
    assert_eq!(denied.context_value("error", "category"), Some(&Value::from("[Filtered]")));
    let denied = scrubbed(&Scrubber::new().with_denied_key("system"), &event);
    assert_eq!(denied.context("system").map(Vec::len), Some(1));
    let pattern = |text: &str| text.find("HR-").map(|at| at..(at + 7).min(text.len()));
    let found = scrubbed(&Scrubber::new().with_pattern(pattern), &event);
    assert!(!format!("{:?}", found.contexts).contains("HR-"));
}
