//! What a person is told who asks whether monitoring works.

use std::time::Duration;

use monitor_runtime::{SelfTest, Verdict, self_test};
use monitor_tests::Reply;

use crate::{Monitored, PATIENCE};

fn verdict(found: &SelfTest, name: &str) -> (Verdict, String) {
    let check = found.checks().iter().find(|check| check.name == name);
    let check = check.unwrap_or_else(|| panic!("no {name} in {found}"));
    (check.verdict, check.text.clone())
}

#[test]
fn a_server_that_is_well_takes_both() {
    let monitored = Monitored::start();
    let found = self_test(PATIENCE);
    assert!(found.is_fine(), "{found}");
    for name in ["error", "transaction"] {
        assert_eq!(verdict(&found, name), (Verdict::Fine, "delivered".to_owned()));
    }
    assert_eq!(verdict(&found, "release").1, "shop@1.4.0");
    let server = verdict(&found, "server").1;
    assert!(server.ends_with("/42") && !server.contains("key"), "{server}");
    let event = monitored.only("event");
    assert_eq!((&event["message"], &event["level"]), (&"Test message".into(), &"info".into()));
}

#[test]
fn why_nothing_arrives_is_said() {
    let cases = [
        (Reply::Status(403, Vec::new()), "dropped, send_error: status 403"),
        (Reply::with_header(429, "Retry-After", "60"), "dropped, rate_limited"),
    ];
    for (reply, why) in cases {
        let monitored = Monitored::start();
        monitored.ingest.reply(reply);
        let found = self_test(PATIENCE);
        assert!(!found.is_fine());
        let (verdict, text) = verdict(&found, "error");
        assert_eq!(verdict, Verdict::Wrong);
        assert!(text.starts_with(why), "{text}");
    }
    let monitored = Monitored::start();
    monitored.ingest.die();
    let text = verdict(&self_test(PATIENCE), "error").1;
    assert!(text.starts_with("dropped, network_error: ") && text.contains("refused"), "{text}");
}

#[test]
fn a_server_that_hangs_is_not_waited_for() {
    let monitored = Monitored::with(|config| config.with_shutdown_timeout(Duration::ZERO));
    monitored.ingest.reply(Reply::Hang);
    let found = self_test(Duration::from_millis(200));
    assert_eq!(verdict(&found, "error"), (Verdict::Wrong, "not delivered in time".to_owned()));
}

#[test]
fn what_is_left_to_chance_or_missing_is_noted() {
    let _monitored = Monitored::with(|config| config.with_traces_sample_rate(0.0));
    let found = self_test(PATIENCE);
    assert!(found.is_fine(), "{found}");
    assert_eq!(verdict(&found, "sample rate").0, Verdict::Doubtful);
    assert_eq!(verdict(&found, "transaction").0, Verdict::Doubtful);
    assert_eq!(verdict(&found, "error").0, Verdict::Fine);
}
