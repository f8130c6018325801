//! Release health and feature flags as Sentry receives them.

use monitor_runtime::{SessionMode, feature_flag, start_session, traced};
use serde_json::{Value, json};

use crate::{Monitored, list, service};

#[traced(root, op = "queue.process")]
fn process(fails: bool) {
    start_session();
    feature_flag("new-checkout", fails);
    if fails {
        service::fail().unwrap_err();
    }
}

#[test]
fn the_session_of_a_process_begins_fails_and_ends() {
    let mut monitored = Monitored::with(|config| config.with_sessions(SessionMode::Application));
    assert_eq!(monitored.items("session").len(), 1);
    service::fail().unwrap_err();
    assert_eq!(monitored.items("session").len(), 2);
    drop(monitored.guard.take());
    let sessions: Vec<Value> =
        monitored.ingest.items("session").into_iter().map(|item| item.payload).collect();
    let [begin, error, end] = sessions.as_slice() else { panic!("{sessions:#?}") };
    assert_eq!((&begin["init"], &begin["status"]), (&json!(true), &json!("ok")));
    assert_eq!(begin["attrs"], json!({"release": "shop@1.4.0", "environment": "test"}));
    assert_eq!((error.get("init"), &error["errors"]), (None, &json!(1)));
    assert_eq!((&end["status"], &end["errors"]), (&json!("exited"), &json!(1)));
    assert!(end["duration"].as_f64().unwrap() >= 0.0 && begin.get("duration").is_none());
    assert!(sessions.iter().all(|session| session["sid"] == begin["sid"]));
    let sequence: Vec<_> = sessions.iter().map(|session| session["seq"].as_u64()).collect();
    assert_eq!(sequence, [Some(0), Some(1), Some(2)]);
}

#[test]
fn requests_are_counted_and_their_flags_known() {
    let monitored = Monitored::with(|config| config.with_sessions(SessionMode::Request));
    process(false);
    process(true);
    let sessions = monitored.items("sessions");
    let counted: Vec<&Value> =
        sessions.iter().flat_map(|item| list(&item.payload["aggregates"])).collect();
    // Two where a minute ends in between.
    let sum = |key: &str| counted.iter().filter_map(|item| item[key].as_u64()).sum::<u64>();
    assert_eq!((sum("exited"), sum("errored"), sum("crashed")), (1, 1, 0));
    assert_eq!(sessions[0].payload["attrs"]["release"], "shop@1.4.0");
    assert!(counted[0]["started"].as_str().unwrap().ends_with(":00Z"), "{counted:?}");
    let event = monitored.only("event");
    let flags = json!([{"flag": "new-checkout", "result": true}]);
    assert_eq!(event["contexts"]["flags"]["values"], flags);
    let spans = monitored.items("transaction");
    let data = &spans[1].payload["contexts"]["trace"]["data"];
    assert_eq!(data["flag.evaluation.new-checkout"], true);
    assert!(monitor_runtime::delivery().delivered("session") >= 1);
}

#[test]
fn without_a_release_there_are_no_sessions() {
    let monitored = Monitored::configured(|_, ingest| {
        let config = monitor_runtime::Config::new().with_sessions(SessionMode::Application);
        config.with_environment("test").with_dsn(ingest.dsn())
    });
    service::fail().unwrap_err();
    assert_eq!(monitored.items("event").len(), 1);
    assert!(monitored.items("session").is_empty());
}
