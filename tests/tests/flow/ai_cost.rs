//! What AI calls cost, what is measured of them, and how much may be spent.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use monitor_runtime::record::{Metric, MetricValue};
use monitor_runtime::{
    AiBudget, AiPrices, BudgetKey, BudgetLimit, Config, Level, MockBackend, ModelPrice, Usage,
    User, Value, ai_call, set_user, testing, traced,
};
use serde_json::{Value as Json, json};

#[ai_call(provider = "openai", model = "m", usage = |(sent, received)| Usage::new(*sent, *received))]
fn ask(sent: u64, received: u64) -> (u64, u64) {
    (sent, received)
}

#[ai_call(provider = "openrouter", model = "m")]
fn charged(answer: Json) -> Json {
    answer
}

#[ai_call(provider = "openai", model = "m")]
fn refused() -> Result<Json, String> {
    Err("no".to_owned())
}

fn sum(metric: &Metric) -> f64 {
    match &metric.value {
        MetricValue::Distribution(values) => values.sum(),
        other => panic!("no distribution: {other:?}"),
    }
}

fn prices() -> AiPrices {
    AiPrices::new().with_model("m", ModelPrice::per_million(2.0, 10.0))
}

#[test]
fn the_cost_stands_on_the_span_where_that_is_asked_for() {
    let config = || Config::new().with_traces_sample_rate(1.0).with_ai_prices(prices());
    let mock = MockBackend::install_with(config().with_ai_cost_on_spans(true));
    ask(1_000_000, 100_000);
    let cost =
        |mock: &MockBackend| mock.span("chat m").attribute("gen_ai.cost.total_tokens").cloned();
    assert_eq!(cost(&mock), Some(Value::F64(3.0)));
    // What the provider says wins over the table.
    let mock = MockBackend::install_with(config().with_ai_cost_on_spans(true));
    charged(json!({"usage": {"prompt_tokens": 5, "completion_tokens": 5, "cost": 0.25}}));
    assert_eq!(cost(&mock), Some(Value::F64(0.25)));
    let mock = MockBackend::install_with(config());
    ask(1_000_000, 100_000);
    assert_eq!(cost(&mock), None, "Sentry works it out by itself");
}

#[test]
fn calls_are_measured_whatever_is_sampled() {
    let config = Config::new().with_traces_sample_rate(0.0).with_metrics(true);
    let mock = MockBackend::install_with(config.with_ai_prices(prices()));
    set_user(User::new(7));
    ask(100, 10);
    ask(50, 0);
    refused().unwrap_err();
    assert!(mock.transactions().is_empty());
    let metrics = mock.metrics();
    let all = |name: &str| metrics.iter().filter(|metric| metric.name == name).collect::<Vec<_>>();
    let kind = "gen_ai.token.type";
    let tokens = all("gen_ai.client.token.usage");
    let sums: Vec<_> = tokens
        .iter()
        .map(|metric| (metric.attribute(kind).cloned(), sum(metric), metric.unit.as_deref()))
        .collect();
    assert!(sums.contains(&(Some("input".into()), 150.0, Some("token"))), "{sums:?}");
    assert!(sums.contains(&(Some("output".into()), 10.0, Some("token"))), "{sums:?}");
    let cost: f64 = all("gen_ai.client.cost").iter().map(|metric| sum(metric)).sum();
    assert!((cost - 0.0004).abs() < 1e-9, "{cost}");
    assert_eq!(all("gen_ai.client.operation.duration").len(), 2, "with an error and without");
    let errors = all("gen_ai.client.errors");
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].attribute("gen_ai.request.model"), Some(&"m".into()));
    let keys =
        |metric: &&Metric| metric.attributes.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>();
    for metric in metrics.iter().filter(|metric| metric.name.starts_with("gen_ai.")) {
        for key in keys(&metric) {
            assert!(key.starts_with("gen_ai.") || key == "error.type", "{}: {key}", metric.name);
            assert!(!key.contains("conversation") && !key.contains("user"), "{key}");
        }
    }
}

#[traced]
fn by_user(user: u64, tokens: u64) {
    set_user(User::new(user));
    ask(tokens, 0);
}

#[test]
fn a_budget_tells_once_when_it_is_nearly_and_when_it_is_wholly_spent() {
    let said = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&said);
    let budget = AiBudget::new("tokens", BudgetLimit::Tokens(1_000))
        .per(BudgetKey::User)
        .within(Duration::from_secs(3_600))
        .for_all_calls()
        .calling(move |status| {
            let key = status.key.unwrap_or_default().to_owned();
            noted.lock().unwrap().push((key, status.spent, status.exceeded));
            assert!(!status.exceeded, "a callback that panics harms nobody");
        });
    let mock = MockBackend::install_with(Config::new().with_ai_budget(budget));
    for (user, tokens) in [(1, 700), (2, 799), (1, 100), (1, 100), (1, 100), (1, 500)] {
        by_user(user, tokens);
    }
    let expected = [("1".to_owned(), 800.0, false), ("1".to_owned(), 1_000.0, true)];
    assert_eq!(*said.lock().unwrap(), expected);
    let levels: Vec<_> =
        mock.events().iter().map(|event| (event.level, event.fingerprint.clone())).collect();
    let fingerprint = vec!["ai-budget".into(), "tokens".into()];
    assert_eq!(levels, [(Level::Warning, fingerprint.clone()), (Level::Error, fingerprint)]);
    let event = mock.event("AI budget `tokens` is spent: 1000 tokens of 1000 tokens");
    assert_eq!(event.tag("ai.budget"), Some("tokens"));
    // An hour later it begins anew.
    testing::advance(Duration::from_secs(3_601));
    by_user(1, 900);
    assert_eq!(mock.events().len(), 3);
}

#[test]
fn dollars_are_counted_with_the_prices_that_are_known() {
    let budget = AiBudget::new("money", BudgetLimit::Usd(1.0)).for_all_calls().warning_at(1.0);
    let config = Config::new().with_ai_prices(prices()).with_ai_budget(budget);
    let mock = MockBackend::install_with(config);
    ask(400_000, 0);
    assert!(mock.events().is_empty());
    charged(json!({"usage": {"prompt_tokens": 1, "completion_tokens": 1, "cost": 0.2}}));
    mock.event("AI budget `money` is spent: $1.00 of $1.00");
}
