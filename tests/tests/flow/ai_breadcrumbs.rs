//! The breadcrumb that an AI call leaves.

use std::time::Duration;

use monitor_runtime::record::Breadcrumb;
use monitor_runtime::{
    AiPrices, Config, Level, MockBackend, ModelPrice, TokenUsage, Usage, ai_call, capture_errors,
    testing, traced,
};

use crate::failure::Refused;

struct Answer(&'static str);

impl TokenUsage for Answer {
    fn token_usage(&self) -> Option<Usage> {
        Some(Usage::new(1_000, 20))
    }

    fn finish_reasons(&self) -> Vec<std::borrow::Cow<'_, str>> {
        vec![self.0.into()]
    }
}

#[ai_call(provider = "openai", model = "gpt-4o", breadcrumb)]
fn ask(reason: &'static str) -> Answer {
    testing::advance(Duration::from_secs(30));
    Answer(reason)
}

#[ai_call(provider = "openai", model = model, breadcrumb)]
fn refuse(model: &str) -> Result<Answer, Refused> {
    let _ = model;
    Err(Refused("busy"))
}

#[ai_call(provider = "openai", model = "gpt-4o")]
fn ask_quietly() -> Answer {
    Answer("stop")
}

#[traced]
#[capture_errors]
fn chat(calls: fn()) -> Result<(), Refused> {
    calls();
    Err(Refused("in the end"))
}

/// What the event of an error behind the calls has of them.
fn left(config: Config, calls: fn()) -> Vec<Breadcrumb> {
    let mock = MockBackend::install_with(config.with_traces_sample_rate(1.0));
    assert!(chat(calls).is_err());
    mock.event("in the end").scope.breadcrumbs().cloned().collect()
}

fn data(breadcrumb: &Breadcrumb, key: &str) -> Option<String> {
    let (_, value) = breadcrumb.data.iter().find(|(name, _)| name == key)?;
    Some(value.to_string())
}

#[test]
fn a_call_leaves_what_it_used() {
    let prices = AiPrices::new().with_model("gpt-4o", ModelPrice::per_million(2.5, 10.0));
    let crumbs = left(Config::new().with_ai_prices(prices), || _ = ask("stop"));
    let [crumb] = crumbs.as_slice() else { panic!("one, not {crumbs:?}") };
    let head = (crumb.category.as_ref(), crumb.message.as_ref(), crumb.level);
    assert_eq!(head, ("ai", "chat gpt-4o", Level::Info));
    for (key, value) in [
        ("provider", "openai"),
        ("input_tokens", "1000"),
        ("output_tokens", "20"),
        ("finish_reason", "stop"),
        ("cost_usd", "0.0027"),
    ] {
        assert_eq!(data(crumb, key).as_deref(), Some(value), "{key}");
    }
    // A busy machine adds its own.
    let millis: u64 = data(crumb, "duration_ms").unwrap().parse().unwrap();
    assert!((30_000..60_000).contains(&millis), "{millis}");
}

#[test]
fn an_answer_that_was_cut_off_is_a_warning_and_an_error_is_one() {
    let crumbs = left(Config::new(), || {
        let _ = ask("length");
        let _ = refuse("gpt-5");
    });
    let [cut, failed] = crumbs.as_slice() else { panic!("two, not {crumbs:?}") };
    assert_eq!((cut.level, cut.message.as_ref()), (Level::Warning, "chat gpt-4o"));
    assert_eq!((failed.level, failed.message.as_ref()), (Level::Error, "chat gpt-5"));
    assert_eq!(data(failed, "error_type").as_deref(), Some("connect"));
}

#[test]
fn who_is_not_asked_leaves_none() {
    assert!(left(Config::new(), || _ = ask_quietly()).is_empty());
}
