//! The same rules for Sentry's API, and a dashboard of what they look at.
//!
//! The forms are those of the endpoints' own documentation: "Create an Issue Alert Rule for a
//! Project", "Create a Metric Alert Rule for an Organization" and "Create a New Dashboard for an
//! Organization" on docs.sentry.io/api. A metric is asked for by `f(value,<name>,<type>,<unit>)`.

use std::time::Duration;

use serde_json::{Value, json};

use super::rule::{AlertRule, Condition};
use super::set::Alerts;

/// Windows that Sentry's metric alerts know, in minutes.
const WINDOWS: [u64; 9] = [1, 5, 10, 15, 30, 60, 120, 240, 1440];
/// Minutes before which an issue alert isn't repeated.
const FREQUENCY: u64 = 30;
/// Columns of a dashboard.
const COLUMNS: u64 = 6;

/// A request to Sentry's API: `POST` with a token that may write alerts (`alerts:write`) or, for the
/// dashboard, dashboards (`org:write`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiRequest {
    /// The path, such as `/api/0/projects/acme/shop/rules/`.
    pub path: String,
    /// The JSON, with line breaks.
    pub body: String,
}

impl ApiRequest {
    fn new(path: String, body: &Value) -> Self {
        Self { path, body: format!("{body:#}") }
    }
}

impl Alerts {
    /// The rules as requests to Sentry's API, and a dashboard: for the project of this organisation,
    /// both by their slugs.
    ///
    /// Rules over metrics look at the metrics that [`Config::with_metrics`](crate::Config::with_metrics)
    /// sends, under the same names and attributes. Each metric of such a rule is a rule of its own
    /// there.
    ///
    /// ```
    /// use monitor_runtime::alerts::Alerts;
    ///
    /// for request in Alerts::defaults().for_sentry("acme", "shop") {
    ///     println!("POST https://sentry.io{}\n{}", request.path, request.body);
    /// }
    /// ```
    pub fn for_sentry(&self, organization: &str, project: &str) -> Vec<ApiRequest> {
        let issues = format!("/api/0/projects/{organization}/{project}/rules/");
        let metrics = format!("/api/0/organizations/{organization}/alert-rules/");
        let mut requests = Vec::new();
        for rule in &self.rules {
            match issue_condition(rule.condition) {
                Some(condition) => {
                    requests.push(ApiRequest::new(issues.clone(), &issue_alert(rule, condition)));
                }
                None => requests.extend(
                    metric_alerts(rule, project)
                        .iter()
                        .map(|body| ApiRequest::new(metrics.clone(), body)),
                ),
            }
        }
        let path = format!("/api/0/organizations/{organization}/dashboards/");
        requests.push(ApiRequest::new(path, &self.dashboard(&format!("{project}: monitoring"))));
        requests
    }

    /// The rules' metrics, and what Sentry knows by itself.
    fn dashboard(&self, title: &str) -> Value {
        let mut widgets = common_widgets();
        for rule in &self.rules {
            widgets.extend(rule_widget(rule));
        }
        for (place, widget) in (0_u64..).zip(&mut widgets) {
            widget["layout"] = json!({
                "x": place * 2 % COLUMNS,
                "y": place * 2 / COLUMNS * 2,
                "w": 2,
                "h": 2,
                "minH": 2,
            });
        }
        json!({ "title": title, "widgets": widgets, "projects": [], "period": "24h", "filters": {} })
    }
}

const fn issue_condition(condition: Condition) -> Option<&'static str> {
    match condition {
        Condition::NewIssue => {
            Some("sentry.rules.conditions.first_seen_event.FirstSeenEventCondition")
        }
        Condition::Regression => {
            Some("sentry.rules.conditions.regression_event.RegressionEventCondition")
        }
        _ => None,
    }
}

fn issue_alert(rule: &AlertRule, condition: &str) -> Value {
    json!({
        "name": rule.name,
        "frequency": FREQUENCY,
        "actionMatch": "any",
        "filterMatch": "all",
        "conditions": [{ "id": condition }],
        "filters": [],
        "actions": [{
            "id": "sentry.mail.actions.NotifyEmailAction",
            "targetType": "IssueOwners",
            "fallthroughType": "ActiveMembers",
        }],
    })
}

/// One a metric: Sentry's rules look at one.
fn metric_alerts(rule: &AlertRule, project: &str) -> Vec<Value> {
    let several = rule.metrics.len() > 1;
    let one = |metric: &str| {
        let name = if several { format!("{}: {metric}", rule.name) } else { rule.name.to_string() };
        let mut alert = json!({
            "name": name,
            "projects": [project],
            "dataset": "events_analytics_platform",
            "eventTypes": ["trace_item_metric"],
            "queryType": 1,
            "aggregate": aggregate(rule.condition, metric),
            "query": query(rule),
            "timeWindow": minutes(rule.window),
            "thresholdType": 0,
            "triggers": [{
                "label": "critical",
                "alertThreshold": rule.threshold(),
                "actions": [],
            }],
        });
        match rule.condition {
            Condition::Spike { factor, .. } => {
                // By how many percent it is over an hour before.
                alert["comparisonDelta"] = json!(60);
                alert["triggers"][0]["alertThreshold"] = json!((factor - 1.0) * 100.0);
            }
            _ => alert["resolveThreshold"] = json!(rule.resolve_at(rule.threshold())),
        }
        alert
    };
    rule.metrics.iter().map(|metric| one(metric)).collect()
}

fn aggregate(condition: Condition, metric: &str) -> String {
    match condition {
        Condition::Quantile { share, .. } => {
            format!("p{:.0}(value,{metric},distribution,millisecond)", share * 100.0)
        }
        Condition::Longest { .. } => format!("max(value,{metric},distribution,millisecond)"),
        _ => format!("sum(value,{metric},counter,none)"),
    }
}

/// `error_category:[auth,authentication] severity:critical`
fn query(rule: &AlertRule) -> String {
    let mut keys: Vec<&str> = Vec::new();
    for (key, _) in &rule.attributes {
        if !keys.contains(&key.as_ref()) {
            keys.push(key);
        }
    }
    let terms = keys.into_iter().map(|key| {
        let of_key = rule.attributes.iter().filter(|(known, _)| known == key);
        let values: Vec<_> = of_key.map(|(_, value)| quoted(value)).collect();
        match &values[..] {
            [value] => format!("{key}:{value}"),
            values => format!("{key}:[{}]", values.join(",")),
        }
    });
    terms.collect::<Vec<_>>().join(" ")
}

fn quoted(value: &str) -> String {
    let plain = value.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    if plain { value.to_owned() } else { format!("\"{}\"", value.replace('"', "\\\"")) }
}

/// The least window that Sentry has and that is as long.
fn minutes(window: Duration) -> u64 {
    let needed = window.as_secs().div_ceil(60);
    WINDOWS.into_iter().find(|minutes| *minutes >= needed).unwrap_or(1440)
}

fn rule_widget(rule: &AlertRule) -> Option<Value> {
    let metrics = match rule.condition {
        Condition::NewIssue | Condition::Regression => return None,
        _ => rule.metrics.iter(),
    };
    let aggregates: Vec<_> = metrics.map(|metric| aggregate(rule.condition, metric)).collect();
    let unlimited = Widget { kind: "tracemetrics", display: "line", columns: &[], limit: None };
    Some(unlimited.of(&rule.name, &aggregates, &query(rule)))
}

/// What is told of every service, whatever its rules are.
fn common_widgets() -> Vec<Value> {
    let chart = |kind| Widget { kind, display: "line", columns: &[], limit: None };
    let table = |kind, columns| Widget { kind, display: "table", columns, limit: None };
    let top = |kind, columns| Widget { kind, display: "line", columns, limit: Some(5) };
    let number = |kind| Widget { kind, display: "big_number", columns: &[], limit: None };
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let issues = Widget {
        kind: "issue",
        display: "table",
        columns: &["issue", "title", "events", "users", "lastSeen"],
        limit: None,
    };
    let errors = texts(&["count()"]);
    let users = texts(&["count_unique(user)"]);
    vec![
        chart("error-events").of("Errors", &errors, ""),
        table("error-events", &["command.name"]).of(
            "Errors by command",
            &errors,
            "has:command.name",
        ),
        table("error-events", &["error.category"]).of("Errors by category", &errors, ""),
        top("error-events", &["release"]).of("Errors by release", &errors, ""),
        number("error-events").of("Affected users", &users, ""),
        number("spans").of("Active users", &texts(&["count_unique(user.id)"]), ""),
        table("spans", &["span.op"]).of(
            "Performance by operation",
            &texts(&["count()", "p50(span.duration)", "p95(span.duration)"]),
            "",
        ),
        table("spans", &["transaction"]).of(
            "Slowest transactions",
            &texts(&["count()", "p95(span.duration)", "failure_rate()"]),
            "is_transaction:true",
        ),
        issues.of("New issues", &[], "is:unresolved is:new"),
        issues.of("Recurring issues", &[], "is:unresolved !is:new"),
        table("metrics", &["release"]).of(
            "Release health",
            &texts(&["crash_free_rate(session)", "crash_free_rate(user)", "sum(session)"]),
            "",
        ),
    ]
}

#[derive(Clone, Copy)]
struct Widget<'a> {
    /// Sentry's data set.
    kind: &'a str,
    display: &'a str,
    columns: &'a [&'a str],
    /// Lines of a chart with columns.
    limit: Option<u64>,
}

impl Widget<'_> {
    fn of(self, title: &str, aggregates: &[String], conditions: &str) -> Value {
        let columns = self.columns.iter().map(|column| (*column).to_owned());
        let fields: Vec<String> = columns.chain(aggregates.iter().cloned()).collect();
        let order = aggregates.first().map(|first| format!("-{first}"));
        let is_sorted = !self.columns.is_empty();
        json!({
            "title": title,
            "displayType": self.display,
            "widgetType": self.kind,
            "interval": "5m",
            "limit": self.limit,
            "queries": [{
                "name": "",
                "fields": fields,
                "aggregates": aggregates,
                "columns": self.columns,
                "conditions": conditions,
                "orderby": order.filter(|_| is_sorted).unwrap_or_default(),
            }],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exported() -> Vec<(String, Value)> {
        let requests = Alerts::defaults().for_sentry("acme", "shop");
        let parsed = requests.into_iter().map(|request| {
            (request.path, serde_json::from_str(&request.body).expect("what was written"))
        });
        parsed.collect()
    }

    fn of<'a>(exported: &'a [(String, Value)], name: &str) -> &'a Value {
        let named = exported.iter().find(|(_, body)| body["name"] == name);
        &named.expect("a rule of this name").1
    }

    #[test]
    fn each_rule_goes_to_its_endpoint() {
        let exported = exported();
        let to = |end: &str| exported.iter().filter(|(path, _)| path.ends_with(end)).count();
        assert_eq!(to("/projects/acme/shop/rules/"), 2);
        // One of nine looks at two metrics.
        assert_eq!(to("/organizations/acme/alert-rules/"), 9);
        assert_eq!(to("/organizations/acme/dashboards/"), 1);
    }

    #[test]
    fn a_rule_looks_at_the_metric_that_is_sent() {
        let exported = exported();
        let database = of(&exported, "database errors");
        assert_eq!(database["aggregate"], "sum(value,errors.total,counter,none)");
        assert_eq!(database["query"], "error_category:database");
        assert_eq!(database["timeWindow"], 1);
        assert_eq!(database["triggers"][0]["alertThreshold"], 5.0);
        assert_eq!(database["resolveThreshold"], 4.0);
        assert_eq!(database["projects"], json!(["shop"]));
        let slow = of(&exported, "slow queries");
        assert_eq!(slow["aggregate"], "p95(value,database.duration,distribution,millisecond)");
        assert_eq!(
            (&slow["timeWindow"], &slow["triggers"][0]["alertThreshold"]),
            (&json!(5), &json!(2000.0))
        );
        let auth = of(&exported, "auth failures: errors.expected");
        assert_eq!(auth["query"], "error_category:[auth,authentication]");
        assert_eq!(
            (&auth["comparisonDelta"], &auth["triggers"][0]["alertThreshold"]),
            (&json!(60), &json!(200.0))
        );
        let new = of(&exported, "new issue");
        assert_eq!(
            new["conditions"][0]["id"],
            "sentry.rules.conditions.first_seen_event.FirstSeenEventCondition"
        );
        assert!((5..=43_200).contains(&new["frequency"].as_u64().unwrap()));
    }

    /// What Sentry's serializers ask of a dashboard: `DashboardWidgetSerializer` and `LayoutField`.
    #[test]
    fn the_dashboard_is_one_that_sentry_takes() {
        let exported = exported();
        let dashboard = &exported.last().expect("there is one").1;
        let kinds = ["error-events", "spans", "issue", "metrics", "tracemetrics"];
        let displays = ["line", "table", "big_number"];
        let widgets = dashboard["widgets"].as_array().unwrap();
        assert!(widgets.len() <= 30, "Sentry's bound");
        for widget in widgets {
            assert!(kinds.contains(&widget["widgetType"].as_str().unwrap()), "{widget}");
            assert!(displays.contains(&widget["displayType"].as_str().unwrap()), "{widget}");
            for key in ["x", "y", "w", "h", "minH"] {
                assert!(widget["layout"][key].is_u64(), "{widget}");
            }
            let end =
                widget["layout"]["x"].as_u64().unwrap() + widget["layout"]["w"].as_u64().unwrap();
            assert!(end <= COLUMNS);
            let query = &widget["queries"][0];
            assert!(query["fields"].is_array() && query["conditions"].is_string(), "{widget}");
        }
        let titles: Vec<_> =
            widgets.iter().map(|widget| widget["title"].as_str().unwrap()).collect();
        for title in [
            "Errors by command",
            "Performance by operation",
            "Affected users",
            "Release health",
            "payment failures",
        ] {
            assert!(titles.contains(&title), "{titles:?}");
        }
    }
}
