//! What the attributes for one domain say of an operation.

use std::fmt;

use monitor_runtime::attributes::breadcrumb;
use monitor_runtime::{
    CommandContext, ErrorClass, MonitorContext, MonitorError, Usage, ai_call, api_call,
    capture_errors, command, db_query, error_boundary, set_command_context, set_monitor_context,
    startup, task,
};

/// Events that [`all`] makes.
pub(crate) const EVENTS: usize = 9;

/// Says of itself what is a secret.
#[derive(Debug, MonitorError)]
#[monitor(category = "canary")]
enum Speaking {
    #[monitor(expected)]
    Expected { text: String },
    #[monitor(
        fingerprint = ["canary", "{text}"],
        tags(text, password = plain),
        context(text, api_key = plain),
    )]
    Sent {
        text: String,
        plain: String,
        #[monitor(sensitive)]
        hidden: String,
    },
}

impl fmt::Display for Speaking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expected { text, .. } => f.write_str(text),
            Self::Sent { text, hidden, .. } => write!(f, "{text} and {hidden}, {hidden:?}"),
        }
    }
}

impl std::error::Error for Speaking {}

/// Whose kind is a secret.
#[derive(Debug)]
struct Kind(String);

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("of a kind")
    }
}

impl std::error::Error for Kind {}

impl MonitorError for Kind {
    fn monitor_class(&self) -> ErrorClass {
        ErrorClass::new().with_expected(true).with_category(self.0.clone())
    }
}

#[capture_errors]
fn of_a_kind(text: &str) -> Result<(), Kind> {
    Err(Kind(text.to_owned()))
}

#[derive(MonitorContext)]
struct Guild<'a> {
    name: &'a str,
    #[monitor(name = "client_secret")]
    key: &'a str,
    #[monitor(sensitive)]
    #[expect(dead_code, reason = "left out")]
    invite: &'a str,
}

pub(crate) fn all(text: &str, plain: &str) {
    set_monitor_context(&Guild { name: text, key: plain, invite: plain });
    let owned = || text.to_owned();
    set_command_context(
        CommandContext::new(owned())
            .with_kind(owned())
            .with_group(owned())
            .with_qualified_name(owned())
            .with_parameter("said", text)
            .with_parameter("password", plain)
            .with_text(plain.to_owned()),
    );
    let _ = (says(text, plain), expects(text), of_a_kind(text));
    let _ = (query(text), call(text, plain), module(text, plain));
    let _ = (ban(text, plain), clean_up(text), start(text), ask(text, plain));
    open(text, plain);
    checkout(text);
}

#[capture_errors]
fn says(text: &str, plain: &str) -> Result<(), Speaking> {
    let (text, plain) = (text.to_owned(), plain.to_owned());
    Err(Speaking::Sent { text, hidden: plain.clone(), plain })
}

#[capture_errors]
fn expects(text: &str) -> Result<(), Speaking> {
    Err(Speaking::Expected { text: text.to_owned() })
}

#[db_query(operation = text, table = text, query = text, system = "sqlite")]
fn query(text: &str) -> Result<(), String> {
    Err(text.to_owned())
}

#[capture_errors(kind = api(service = text, endpoint = text, status = 500, body = text))]
fn call(text: &str, plain: &str) -> Result<(), String> {
    // An error of its own, not that of before.
    called(text, plain)
}

#[api_call(service = text, endpoint = text, method = "GET")]
fn called(text: &str, plain: &str) -> Result<(), String> {
    Err(format!("{text} {{\"password\": \"{plain}\"}}"))
}

#[capture_errors(kind = module(name = text, command = text), tags(passwd = plain))]
fn module(text: &str, plain: &str) -> Result<(), String> {
    Err(format!("a module: {text}"))
}

#[command(kind = text, group = text, parameters(text, password = plain))]
fn ban(text: &str, plain: &str) -> Result<(), String> {
    Err(format!("a command: {text}"))
}

#[task]
fn clean_up(text: &str) -> Result<(), String> {
    Err(format!("a task: {text}"))
}

#[startup(step = "migrations", service = text)]
fn start(text: &str) -> Result<(), String> {
    Err(format!("a step: {text}"))
}

#[ai_call(provider = "openai", model = text, agent = text, conversation = text, prompt = plain)]
fn ask(text: &str, plain: &str) -> Result<Usage, String> {
    Err(format!("no answer: {text}"))
}

#[breadcrumb(category = "ui", message = text, data(text, password = plain))]
fn open(text: &str, plain: &str) {}

#[error_boundary(component = "page", route = text, fallback = ())]
fn checkout(text: &str) {
    panic!("no page: {text}");
}
