//! Alerts on their way to other services, over the loopback interface.

use std::io::{BufReader, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};

use monitor_runtime::Config;
use monitor_runtime::alerts::{Alerts, Webhook};
use monitor_tests::Request;
use serde_json::Value;

use crate::{Monitored, PATIENCE, service};

/// Answers each request with the next of these statuses, and then with the last.
fn receiver(statuses: &'static [&'static str]) -> (String, Receiver<Request>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (send, receive) = channel();
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let Ok(mut stream) = stream else { return };
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let Ok(Some(request)) = Request::read(&mut reader) else { continue };
            let status = statuses[number.min(statuses.len() - 1)];
            let answer =
                format!("HTTP/1.1 {status}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
            let _ = stream.write_all(answer.as_bytes());
            if send.send(request).is_err() {
                return;
            }
        }
    });
    (url, receive)
}

fn body(request: &Request) -> Value {
    assert_eq!(request.method, "POST");
    assert_eq!(request.header("content-type"), Some("application/json"));
    serde_json::from_slice(&request.body).unwrap()
}

/// One rule alone: the errors of the service break several.
fn rates() -> Alerts {
    Alerts::defaults().without_rule("new issue").without_rule("database errors")
}

fn start(alerts: Alerts) -> Monitored {
    Monitored::with(|config: Config| config.with_alerts(alerts.with_source("shop-api")))
}

#[test]
fn slack_gets_its_blocks() {
    let (url, requests) = receiver(&["200 OK"]);
    let _monitored = start(rates().with_webhook(Webhook::slack(url)));
    for _ in 0..11 {
        service::handle(13).unwrap_err();
    }
    assert!(monitor_runtime::flush(PATIENCE));
    let message = body(&requests.recv_timeout(PATIENCE).unwrap());
    assert_eq!(
        message["text"],
        "Alert: error rate: errors.total is 11 within 60 s, over the limit 10"
    );
    let blocks = message["blocks"].as_array().unwrap();
    let kinds: Vec<_> = blocks.iter().map(|block| block["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["header", "section", "section"]);
    assert_eq!(blocks[0]["text"]["type"], "plain_text");
    assert!(blocks[0]["text"]["text"].as_str().unwrap().len() <= 150);
    let fields = blocks[2]["fields"].as_array().unwrap();
    assert!(fields.len() <= 10, "Slack's bound");
    let has = |text: &str| fields.iter().any(|field| field["text"] == text);
    assert!(
        has("*Source*\nshop-api") && has("*Limit*\n10") && has("*Environment*\ntest"),
        "{fields:?}"
    );
}

#[test]
fn pager_duty_gets_an_event_even_if_the_first_attempts_fail() {
    let (url, requests) = receiver(&["500 Oops", "429 Slow", "202 Accepted"]);
    let pager = Webhook::pager_duty("R0UT1NGK3Y").with_url(url);
    let _monitored = start(rates().with_webhook(pager));
    for _ in 0..11 {
        service::handle(13).unwrap_err();
    }
    assert!(monitor_runtime::flush(PATIENCE));
    let attempts: Vec<_> =
        (0..3).map(|_| body(&requests.recv_timeout(PATIENCE).unwrap())).collect();
    assert_eq!(attempts[0], attempts[2]);
    let event = &attempts[2];
    assert_eq!(
        (&event["routing_key"], &event["event_action"]),
        (&"R0UT1NGK3Y".into(), &"trigger".into())
    );
    assert_eq!(event["dedup_key"], "shop-api/error rate");
    let payload = &event["payload"];
    assert_eq!((&payload["source"], &payload["severity"]), (&"shop-api".into(), &"error".into()));
    assert!(payload["summary"].as_str().unwrap().starts_with("error rate: errors.total is 11"));
    assert_eq!(payload["custom_details"]["limit"], 10.0);
    assert!(payload["timestamp"].as_str().unwrap().ends_with('Z'));
    assert!(requests.try_recv().is_err(), "delivered once");
}

#[test]
fn a_transport_of_ones_own_may_panic() {
    let sent: Arc<Mutex<Vec<String>>> = Arc::default();
    let theirs = Arc::clone(&sent);
    let broken = Webhook::slack("https://example.org/a").with_transport(|_| panic!("broken"));
    let working = Webhook::slack("https://example.org/b").with_transport(move |request| {
        theirs.lock().unwrap().push(request.url.clone());
        Ok(())
    });
    let alerts = Alerts::defaults().with_webhook(broken).with_webhook(working);
    let mut monitored = start(alerts);
    service::handle(13).unwrap_err();
    drop(monitored.guard.take());
    assert_eq!(*sent.lock().unwrap(), ["https://example.org/b"], "a new issue");
}
