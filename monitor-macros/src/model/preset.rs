//! Attributes for one domain: each fills in op, name, fields, kind of error and breadcrumbs, as the four
//! basic ones would say them. What those say on the same function goes first.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::{Expr, LitStr};

use super::{
    CaptureErrors, Command, Crumb, ErrorKind, Plan, Recorded, SlowThreshold, Text, Traced,
};
use crate::parse::{AttributeKind, Function, Given, as_string};

/// What a preset was given, until the function is known.
pub(crate) struct Preset {
    pub(crate) kind: AttributeKind,
    pub(crate) place: Span,
    op: &'static str,
    /// What the span is called; `None`: as the function.
    name: Option<String>,
    fields: Vec<Recorded>,
    error: ErrorKind,
    slow: Option<SlowThreshold>,
    command: Option<Command>,
    query: Option<Expr>,
    status: Option<Expr>,
}

impl Preset {
    pub(crate) fn read(kind: AttributeKind, place: Span, given: &mut Given<'_>) -> Self {
        match kind {
            AttributeKind::DbQuery => db_query(place, given),
            AttributeKind::ApiCall => api_call(place, given),
            AttributeKind::Command => command(place, given),
            AttributeKind::Startup => startup(place, given),
            AttributeKind::ErrorBoundary => error_boundary(place, given),
            _ => task(place, given),
        }
    }

    fn new(
        kind: AttributeKind,
        place: Span,
        op: &'static str,
        error: (&'static str, Vec<Recorded>),
    ) -> Self {
        Self {
            kind,
            place,
            op,
            name: None,
            fields: Vec::new(),
            error: ErrorKind::of_preset(error.0, error.1),
            slow: None,
            command: None,
            query: None,
            status: None,
        }
    }

    /// Completes the plan with what its attributes leave open.
    pub(crate) fn fill(mut self, plan: &mut Plan, function: &Function) {
        let name = self.name.take().unwrap_or_else(|| {
            let name = function.signature.ident.unraw().to_string();
            self.call_it(&name);
            name
        });
        match self.kind {
            AttributeKind::Command => {
                let crumb = Crumb::of_preset("command", format!("Started command: {name}"));
                plan.crumbs.push(Crumb { correlated: true, ..crumb });
            }
            AttributeKind::Startup => {
                plan.on_success = Some(("startup", format!("Started: {name}")));
            }
            _ => {}
        }
        let span_name = match self.kind {
            AttributeKind::Command => format!("command.{name}"),
            _ => name,
        };
        if self.kind != AttributeKind::ErrorBoundary {
            let traced = plan.traced.get_or_insert_with(Traced::default);
            traced.op.get_or_insert_with(|| self.op.to_owned());
            traced.name.get_or_insert(Text::Literal(span_name));
            traced.fields.extend(self.fields);
        }
        let capture = plan.capture.get_or_insert_with(|| {
            // Not asked for: a function without errors keeps the rest.
            plan.inherited.push((AttributeKind::CaptureErrors, None));
            CaptureErrors::default()
        });
        capture.panics |= self.kind == AttributeKind::ErrorBoundary;
        // Errors of what it calls are its errors, too. Queries and calls of others call nothing.
        if matches!(
            self.kind,
            AttributeKind::Task | AttributeKind::Startup | AttributeKind::ErrorBoundary
        ) {
            capture.contexts.push(self.error.as_context());
        }
        capture.kind.get_or_insert(self.error);
        if plan.slow.is_none() {
            plan.slow = self.slow;
        }
        plan.command = self.command;
        plan.query = self.query;
        plan.status = self.status;
    }
}

impl Preset {
    /// Says the function's name where none was given.
    fn call_it(&mut self, name: &str) {
        let detail = match self.kind {
            AttributeKind::Command | AttributeKind::Task => "name",
            AttributeKind::Startup => "initialization_step",
            _ => return,
        };
        let name = LitStr::new(name, self.place);
        let value = |key| Recorded::plain(key, syn::parse_quote!(#name));
        if let Some(command) = &mut self.command {
            command.values.insert(0, value("name"));
        }
        if self.kind == AttributeKind::Startup {
            self.fields.insert(0, value("startup.step"));
        }
        self.error.details.insert(0, value(detail));
    }
}

fn db_query(place: Span, given: &mut Given<'_>) -> Preset {
    let operation = value(given, "operation", r#"operation = "select""#);
    let table = value(given, "table", r#"table = "users""#);
    let system = value(given, "system", r#"system = "postgresql""#);
    let query = given.expression("query", "query = sql");
    let name = [&operation, &table].map(|part| part.as_ref().and_then(as_string));
    let details = [("operation", &operation), ("table", &table), ("query", &query)];
    let fields = [
        ("db.operation.name", operation.clone()),
        ("db.collection.name", table.clone()),
        ("db.system.name", system),
    ];
    Preset {
        name: match name {
            [Some(operation), Some(table)] => {
                Some(format!("{} on {}", operation.value(), table.value()))
            }
            [Some(operation), None] => Some(operation.value()),
            _ => None,
        },
        fields: recorded(fields),
        slow: Some(SlowThreshold::with_rows(given.callable("rows", "rows = |rows| rows.len()"))),
        query: query.clone(),
        ..Preset::new(
            AttributeKind::DbQuery,
            place,
            "db.query",
            ("database", recorded(details.map(|(key, value)| (key, value.clone())))),
        )
    }
}

fn api_call(place: Span, given: &mut Given<'_>) -> Preset {
    let service = required(given, "service", r#"service = "stripe""#);
    let endpoint = value(given, "endpoint", r#"endpoint = "/v1/charges""#);
    let method = value(given, "method", r#"method = "POST""#);
    let text = |value: &Option<Expr>| value.as_ref().and_then(as_string).map(|text| text.value());
    let words = [text(&method).or_else(|| text(&service)), text(&endpoint)];
    let details = [("service", service.clone()), ("endpoint", endpoint.clone())];
    let fields =
        [("api.service", service), ("api.endpoint", endpoint), ("http.request.method", method)];
    Preset {
        name: words[1].is_some().then(|| words.into_iter().flatten().collect::<Vec<_>>().join(" ")),
        fields: recorded(fields),
        status: given.callable("status", "status = |response| response.status()"),
        ..Preset::new(AttributeKind::ApiCall, place, "http.client", ("api", recorded(details)))
    }
}

fn command(place: Span, given: &mut Given<'_>) -> Preset {
    let name = given.string("name", r#"name = "ban""#);
    let kind = value(given, "kind", r#"kind = "slash""#);
    let group = value(given, "group", r#"group = "moderation""#);
    let parameters = Recorded::take_all(given, "parameters", "parameters(reason)");
    let written = name.clone().map(|name| syn::parse_quote!(#name));
    let details = [("name", written.clone()), ("kind", kind.clone()), ("group", group.clone())];
    let values = recorded([("name", written), ("type", kind), ("group", group)]);
    Preset {
        name: name.map(|name| name.value()),
        command: Some(Command { values, parameters }),
        ..Preset::new(AttributeKind::Command, place, "command", ("command", recorded(details)))
    }
}

fn task(place: Span, given: &mut Given<'_>) -> Preset {
    let name = given.string("name", r#"name = "cleanup""#);
    let written = name.clone().map(|name| syn::parse_quote!(#name));
    Preset {
        name: name.map(|name| name.value()),
        ..Preset::new(AttributeKind::Task, place, "task", ("task", recorded([("name", written)])))
    }
}

fn startup(place: Span, given: &mut Given<'_>) -> Preset {
    let step = given.string("step", r#"step = "migrations""#);
    let service = value(given, "service", r#"service = "Database""#);
    let written = step.clone().map(|step| syn::parse_quote!(#step));
    let details = [("initialization_step", written.clone()), ("service", service.clone())];
    Preset {
        name: step.map(|step| step.value()),
        fields: recorded([("startup.step", written), ("startup.service", service)]),
        ..Preset::new(AttributeKind::Startup, place, "startup", ("startup", recorded(details)))
    }
}

fn error_boundary(place: Span, given: &mut Given<'_>) -> Preset {
    let component = required(given, "component", r#"component = "checkout""#);
    let route = value(given, "route", r#"route = "/checkout""#);
    let details = recorded([("component", component), ("route", route)]);
    Preset::new(AttributeKind::ErrorBoundary, place, "function", ("error_boundary", details))
}

fn required(given: &mut Given<'_>, key: &str, example: &str) -> Option<Expr> {
    if !given.has(key) {
        given.missing(key, example);
    }
    value(given, key, example)
}

/// A text, or an expression of the function's arguments.
fn value(given: &mut Given<'_>, key: &str, example: &str) -> Option<Expr> {
    given.text(key, example)
}

fn recorded<const N: usize>(values: [(&str, Option<Expr>); N]) -> Vec<Recorded> {
    let given = values.into_iter().filter_map(|(key, value)| Some((key, value?)));
    given.map(|(key, value)| Recorded::plain(key, value)).collect()
}
