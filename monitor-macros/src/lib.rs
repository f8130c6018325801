//! The attributes of `monitor-runtime`. Depend on that crate, which re-exports them.
//!
//! An attribute becomes one `static` that describes the function, and one call that opens the span.
//! The body stays as it was written: it is never parsed, and its lints are those of the function
//! without the attribute. Stacked attributes, in whichever order, share the static, the span and the
//! look at the outcome.
//!
//! Without the feature `instrument`, which each backend of `monitor-runtime` switches on, the
//! arguments are read and checked all the same, and the function is returned unchanged.

#![forbid(unsafe_code)]

mod derive;
mod diagnostics;
mod expand;
mod main_function;
mod model;
mod parse;
mod pipeline;
#[cfg(test)]
mod tests;

use parse::AttributeKind;
use pipeline::Build;
use proc_macro::TokenStream;

/// Makes a span of each call; a transaction when no span is active.
///
/// The span ends when the function returns, panics, or its future is dropped, and says which of
/// these it was. An `Err` is a failure whatever its alias is called. Goes on functions and methods,
/// sync and async, in traits and in their implementations, but not on `const fn`. On a function that
/// returns a future or a stream the span lasts from the call to the end of that; streams need the
/// feature `stream`.
///
/// On an `impl` block, a trait or a module it goes on each function that has a body and isn't
/// `const`; on those of the blocks in a module, too. What a function says itself goes first, then
/// what the block nearest to it says, and `#[traced(skip)]` leaves a function or a block out.
/// `#[capture_errors]` and `#[slow_threshold]` do the same. A module has to have its functions
/// between its braces: the compiler shows an attribute no other file.
///
/// | argument | what it does | default |
/// |---|---|---|
/// | `op = "db.query"` | the span's op | `"function"` |
/// | `name = "load user"`, `name = expr` | the span's name | the function's |
/// | `description = "..."`, `description = expr` | more about it | none |
/// | `fields(id, rows = rows.len(), "user.email" = email, ?filter, %url)` | values kept on the span | none |
/// | `tags(plan = user.plan)` | tags of the span, and of every event below it | none |
/// | `user = expr` | the user of every event below it: an id or a `User` | the one around it |
/// | `context(payment(amount = total), order = pairs)` | contexts of every event below it | none |
/// | `root` | starts a new trace, even inside another | off |
/// | `child_only` | makes no span where none is active | off |
/// | `prefix = "Account::"` | on a block: what the names of its spans begin with | none |
/// | `min_duration = "5ms"` | leaves out calls that were faster; `us`, `ms` or `s` | all are kept |
/// | `crate = path` | where `monitor-runtime` is, when it was renamed | `::monitor_runtime` |
///
/// Nothing is recorded that isn't named. A name alone is the argument of that name, or a field of
/// one: `user.id`. What is recorded of a value is the best that its type can do: a number as a
/// number, else `Display`, else `Debug`, else the name of its type. `?value` asks for `Debug`,
/// `%value` for `Display`. `user = expr` and `order = pairs` take their value: lend what the body
/// still needs, `user = &id`.
///
/// ```ignore
/// #[traced(op = "db.query", fields(id))]
/// fn load(id: u64) -> u64 {
///     id
/// }
/// ```
///
/// becomes, with `rt` for `::monitor_runtime::__private`:
///
/// ```ignore
/// fn load(id: u64) -> u64 {
///     static __MONITOR_CALLSITE: rt::Callsite =
///         <rt::Callsite>::new("db.query", "load", ::core::module_path!()).fields(&["id"]);
///     let mut __monitor_span = rt::begin(&__MONITOR_CALLSITE);
///     rt::record(|__r| {
///         use rt::value::*;
///         __r.field(0, (&&&&&rt::Seen(&id)).__monitor_value());
///     });
///     let __monitor_out: u64 = '__monitor: {
///         if false {
///             break '__monitor rt::never();
///         }
///         {
///             const _: () = ();
///             id
///         }
///     };
///     rt::returned(&mut __monitor_span);
///     __monitor_out
/// }
/// ```
///
/// and, as an `async fn`:
///
/// ```ignore
/// async fn load(id: u64) -> u64 {
///     static __MONITOR_CALLSITE: rt::Callsite = /* the same */;
///     let __monitor_type = rt::ty::<u64>();
///     let __monitor_future = async move {
///         if false {
///             return __monitor_type.never();
///         }
///         rt::record(|__r| { /* the same */ });
///         {
///             const _: () = ();
///             id
///         }
///     };
///     rt::in_span(&__MONITOR_CALLSITE, __monitor_future).await
/// }
/// ```
#[proc_macro_attribute]
pub fn traced(arguments: TokenStream, item: TokenStream) -> TokenStream {
    run(AttributeKind::Traced, arguments, item)
}

/// Captures an `Err` once, with its sources and the current scope, and returns it unchanged.
///
/// Alone it makes no span. On a function whose return type can't hold an error it is a mistake,
/// unless panics are asked for. The `None` of an `Option` counts as an error here; of a stream each
/// item is looked at.
///
/// | argument | what it does | default |
/// |---|---|---|
/// | `kind = database(operation = .., table = .., query = ..)` | what failed; `kind =` may be left out | none |
/// | `kind = api(service = .., endpoint = .., status = .., body = ..)` | | |
/// | `kind = module(name = .., command = ..)` | | |
/// | `kind = command(name = .., kind = .., group = ..)` | | |
/// | `skip_if = path`, `skip_if = \|error\| ..` | an `Err` that isn't worth an event of this function; one around it may still capture it | none |
/// | `level = "warning"` | `debug`, `info`, `warning`, `error` or `fatal` | what the error says, else `error` |
/// | `fingerprint = "x"`, `fingerprint = ["a", "b"]` | groups the events | what the error says, else by type and message |
/// | `tags(..)` | tags of the event | those of the error |
/// | `context(payment(amount = total), order = pairs)` | contexts of the event | none |
/// | `panics` | captures a panic too | off |
/// | `crate = path` | where `monitor-runtime` is, when it was renamed | `::monitor_runtime` |
///
/// Details, tags and contexts take any expression over the arguments; texts between quotes cost
/// nothing at a call.
///
/// ```ignore
/// #[capture_errors(kind = database(operation = "select", table = "users"))]
/// fn load(id: u64) -> Result<User, DbError> {
///     find(id)
/// }
/// ```
///
/// becomes, with `rt` for `::monitor_runtime::__private`:
///
/// ```ignore
/// fn load(id: u64) -> Result<User, DbError> {
///     static __MONITOR_CALLSITE: rt::Callsite =
///         <rt::Callsite>::new("function", "load", ::core::module_path!())
///             .no_span()
///             .capture()
///             .kind("database", &[("operation", "select"), ("table", "users")]);
///     let mut __monitor_span = rt::begin(&__MONITOR_CALLSITE);
///     let __monitor_out = rt::once(move || -> Result<User, DbError> {
///         {
///             const _: () = ();
///             find(id)
///         }
///     });
///     rt::exit(&mut __monitor_span, &__monitor_out, |__o, __e| {
///         {
///             use rt::failure::*;
///             __e.failure((&&&&&&&&rt::Seen(__o)).__monitor_failure());
///         }
///     });
///     __monitor_out
/// }
/// ```
///
/// The closure hides the caller's place from a `#[track_caller]` function. There is none where the body
/// has no `return`, no `?` and no macro that may hide one.
#[proc_macro_attribute]
pub fn capture_errors(arguments: TokenStream, item: TokenStream) -> TokenStream {
    run(AttributeKind::CaptureErrors, arguments, item)
}

/// Warns about a call that took too long.
///
/// Alone it makes no span.
///
/// | argument | what it does | default |
/// |---|---|---|
/// | `ms = 1000` | the limit; needed as soon as there is any argument | 1000 |
/// | `message = "Slow query detected"` | the warning's text | made from the name |
/// | `rows = path`, `rows = \|rows\| rows.len()` | how many rows the value has; it gets what is inside an `Ok` or `Some` | none |
/// | `watchdog` | warns while the call is still running, too | off |
/// | `crate = path` | where `monitor-runtime` is, when it was renamed | `::monitor_runtime` |
///
/// ```ignore
/// #[slow_threshold(ms = 200)]
/// fn load(id: u64) -> u64 {
///     id
/// }
/// ```
///
/// becomes, with `rt` for `::monitor_runtime::__private`:
///
/// ```ignore
/// fn load(id: u64) -> u64 {
///     static __MONITOR_CALLSITE: rt::Callsite =
///         <rt::Callsite>::new("function", "load", ::core::module_path!())
///             .no_span()
///             .slow(200, "");
///     let mut __monitor_span = rt::begin(&__MONITOR_CALLSITE);
///     let __monitor_out: u64 = '__monitor: {
///         if false {
///             break '__monitor rt::never();
///         }
///         {
///             const _: () = ();
///             id
///         }
///     };
///     rt::returned(&mut __monitor_span);
///     __monitor_out
/// }
/// ```
#[proc_macro_attribute]
pub fn slow_threshold(arguments: TokenStream, item: TokenStream) -> TokenStream {
    run(AttributeKind::SlowThreshold, arguments, item)
}

/// Makes a `gen_ai` span of a call to an AI model, with the tokens that it used.
///
/// The span has the op `gen_ai.<op>` and the name `<op> <model>`; an agent, a tool or a store of memories takes
/// the model's place where the operation is about one. An `Err` is captured. An op or a name given to
/// `#[traced]` on the same function goes first. The span of a call that gives a stream ends with the
/// stream.
///
/// | argument | what it does | default |
/// |---|---|---|
/// | `provider = "openai"`, `provider = custom("gateway")` | who is asked | needed, except for agents and tools |
/// | `model = "gpt-4o"`, `model = expr` | the model | needed where a model is asked |
/// | `op = chat` | `chat`, `text_completion`, `generate_content`, `embeddings`, `decide`, `extract`, `invoke_agent`, `create_agent`, `execute_tool` or `memory(..)` | `chat` |
/// | `op = memory(search)` | of what agents remember: `create`, `search`, `update`, `upsert`, `delete`, `create_store` or `delete_store` | |
/// | `store`, `record` `= expr` | of a memory: the store's id, and that of one record | none |
/// | `count = expr`, of a search `count = \|found\| ..` | of a memory: how many records there are | none |
/// | `usage = path`, `usage = \|answer\| ..` | the tokens, from what is inside an `Ok` or `Some`, or from an item of a stream | what the value's type says |
/// | `response_model`, `response_id`, `finish_reason` | the same for the model that answered, the answer's id, and why it ended | what the value's type says |
/// | `stream`, `stream = false` | whether the value is or holds a stream | by the type's name |
/// | `request = expr` | the parameters of the request, found in what it would serialize | none |
/// | `params(temperature = 0.2, ..)` | parameters of the request: `temperature`, `top_p`, `top_k`, `max_tokens`, `frequency_penalty`, `presence_penalty`, `seed`, `stop_sequences`, `reasoning_level` | none |
/// | `prompt = expr` or `input = expr` | one message of a user, or all that is sent; evaluated only where recording inputs is allowed | none |
/// | `output = path`, `output = \|answer\| ..` | what came back; only where recording outputs is allowed | none |
/// | `skip`, `skip = expr` | leaves the contents of this call out, and of those inside it | off |
/// | `agent`, `conversation`, `pipeline` `= expr` | whom the call is made for | those of the AI call around |
/// | `tool`, `prompt_name`, `description` `= expr` | the tool and what it is for; the prompt's template | none |
/// | `user = expr` | the user of everything below | none |
/// | `errors = capture` | `capture`, `span_only` or `none` | `capture` |
/// | `attempt = expr` | which time the request is sent, from 1 | none |
/// | `retry_of = expr` | the id of the answer or request that this call is made for once more | none |
/// | `cost = metric` | `off`, `metric`, or `span` as well | `metric` |
/// | `budget = "chat"`, `budget = deny("chat")` | who counts the tokens; with `deny` a call over the limit fails | none |
/// | `slow(ms = 5000)` | a warning when the call takes longer, as by [`macro@slow_threshold`], which goes first | off |
/// | `slow_ttft(ms = 2000)` | a warning when the answer of a stream begins later | off |
/// | `max_open = "10m"` | a warning when the stream is open for longer | as the config says: 10 minutes |
/// | `breadcrumb` | leaves a breadcrumb of the call around: tokens, milliseconds, why it ended | off |
/// | `crate = path` | where `monitor-runtime` is, when it was renamed | `::monitor_runtime` |
///
/// ```ignore
/// #[ai_call(provider = "openai", model = model, prompt = question)]
/// async fn ask(model: &str, question: &str) -> Result<Answer, ApiError> {
///     send(model, question).await
/// }
/// ```
///
/// becomes, with `rt` for `::monitor_runtime::__private`:
///
/// ```ignore
/// async fn ask(model: &str, question: &str) -> Result<Answer, ApiError> {
///     static __MONITOR_CALLSITE: rt::Callsite =
///         <rt::Callsite>::new("gen_ai.chat", "chat", ::core::module_path!())
///             .scoped()
///             .capture()
///             .with(&<rt::Details>::new().ai("openai", "chat").function("ask"));
///     let __monitor_type = rt::ty::<Result<Answer, ApiError>>();
///     let __monitor_future = async move {
///         if false {
///             return __monitor_type.never();
///         }
///         rt::ai(|__a| {
///             use rt::value::*;
///             __a.model((&&&&&rt::Seen(&model)).__monitor_value());
///             __a.prompt(|| &question);
///         });
///         {
///             const _: () = ();
///             send(model, question).await
///         }
///     };
///     rt::observed(&__MONITOR_CALLSITE, __monitor_future, |__o, __e| {
///         __e.ai_error({
///             use rt::ai_error::*;
///             (&&&rt::Seen(__o)).__monitor_ai_error()
///         });
///         {
///             use rt::failure::*;
///             __e.failure((&&&&&&&&rt::Seen(__o)).__monitor_failure());
///         }
///         __e.response(|__r| {
///             use rt::ai_response::*;
///             (&&&&&rt::Seen(__o)).__monitor_response(__r);
///         });
///     })
///     .await
/// }
/// ```
#[proc_macro_attribute]
pub fn ai_call(arguments: TokenStream, item: TokenStream) -> TokenStream {
    run(AttributeKind::AiCall, arguments, item)
}

/// An agent: `#[ai_call(op = invoke_agent, agent = ..)]` in short.
///
/// Its span is called `invoke_agent planner` and carries the sum of the tokens that the calls inside used,
/// in whichever tasks they run. Its name, conversation and pipeline are on the spans of those calls, too.
///
/// | argument | what it does | default |
/// |---|---|---|
/// | `name = "planner"`, `name = expr` | the agent | the function's name |
/// | `provider`, `model`, `conversation`, `pipeline`, `user`, `usage`, `prompt`, `input`, `output`, `skip`, `errors`, `budget`, `stream`, `slow`, `max_open` | as in [`macro@ai_call`] | none |
/// | `crate = path` | where `monitor-runtime` is, when it was renamed | `::monitor_runtime` |
///
/// ```ignore
/// #[ai_agent(name = "planner", conversation = chat.id)]
/// async fn plan(chat: &Chat) -> Result<Plan, ApiError> {
///     let answer = ask(chat).await?;
///     run_tools(answer).await
/// }
/// ```
#[proc_macro_attribute]
pub fn ai_agent(arguments: TokenStream, item: TokenStream) -> TokenStream {
    run(AttributeKind::AiAgent, arguments, item)
}

/// A tool that a model asked for: `#[ai_call(op = execute_tool, tool = ..)]` in short.
///
/// | argument | what it does | default |
/// |---|---|---|
/// | `name = "search"`, `name = expr` | the tool | the function's name |
/// | `description = "Searches the web"` | what it is for | none |
/// | `arguments = expr` | what the model gave it; evaluated only where recording inputs is allowed | none |
/// | `result = path`, `result = \|found\| ..` | what the model gets back; only where recording outputs is allowed | none |
/// | `skip`, `skip = expr` | leaves arguments and result out | off |
/// | `errors = capture` | `capture`, `span_only` or `none` | `capture` |
/// | `slow(ms = 5000)` | a warning when the call takes longer | off |
/// | `crate = path` | where `monitor-runtime` is, when it was renamed | `::monitor_runtime` |
///
/// ```ignore
/// #[ai_tool(description = "Searches the web", arguments = query)]
/// async fn search(query: &str) -> Result<Vec<Hit>, SearchError> { .. }
/// ```
#[proc_macro_attribute]
pub fn ai_tool(arguments: TokenStream, item: TokenStream) -> TokenStream {
    run(AttributeKind::AiTool, arguments, item)
}

/// A database query: a span with op `db.query`, named `select on users`, whose errors are captured
/// as those of a database, and which is reported when it takes 1,000 ms or longer.
///
/// `#[traced]`, `#[capture_errors]` and `#[slow_threshold]` on the same function go first.
///
/// | argument | what it does | default |
/// |---|---|---|
/// | `operation = "select"` | `db.operation.name`, and the first half of the span's name | none |
/// | `table = "users"` | `db.collection.name`, and the other half | none |
/// | `query = sql` | `db.query.text`: at most 500 characters, values left out; the first 50 describe the span | none |
/// | `system = "postgresql"` | `db.system.name` | none |
/// | `rows = \|rows\| rows.len()` | how many rows a slow one gave | not counted |
/// | `crate = path` | where `monitor-runtime` is, when it was renamed | `::monitor_runtime` |
///
/// ```ignore
/// #[db_query(operation = "select", table = "users", query = sql, rows = Vec::len)]
/// async fn users(sql: &str) -> Result<Vec<User>, DbError> { .. }
/// ```
///
/// is the same as
///
/// ```ignore
/// #[traced(op = "db.query", name = "select on users",
///     fields("db.operation.name" = "select", "db.collection.name" = "users"))]
/// #[capture_errors(kind = database(operation = "select", table = "users", query = sql))]
/// #[slow_threshold(ms = 1000, rows = Vec::len)]
/// async fn users(sql: &str) -> Result<Vec<User>, DbError> { .. }
/// ```
#[proc_macro_attribute]
pub fn db_query(arguments: TokenStream, item: TokenStream) -> TokenStream {
    run(AttributeKind::DbQuery, arguments, item)
}

/// A call of another service: a span with op `http.client`, named `POST /v1/charges`, whose errors
/// are captured as those of an API.
///
/// | argument | what it does | default |
/// |---|---|---|
/// | `service = "stripe"` | `api.service` | needed |
/// | `endpoint = "/v1/charges"` | `api.endpoint`; without ids, it names the span | none |
/// | `method = "POST"` | `http.request.method` | none |
/// | `status = \|response\| response.status().as_u16()` | `http.response.status_code`, and `api.success` for 200 to 299; from 400 the span has failed | not read |
/// | `crate = path` | where `monitor-runtime` is, when it was renamed | `::monitor_runtime` |
///
/// ```ignore
/// #[api_call(service = "stripe", endpoint = "/v1/charges", method = "POST", status = Response::code)]
/// async fn charge(amount: u64) -> Result<Response, ApiError> { .. }
/// ```
#[proc_macro_attribute]
pub fn api_call(arguments: TokenStream, item: TokenStream) -> TokenStream {
    run(AttributeKind::ApiCall, arguments, item)
}

/// A command of a bot or of a command line: a span, or a transaction, named `command.ban` with op
/// `command`, a breadcrumb `Started command: ban` with the correlation id, and captured errors.
///
/// Every event below it has the tags `command.name`, `command.type` and `command.group`, and the context
/// `command` with these and the parameters.
///
/// | argument | what it does | default |
/// |---|---|---|
/// | `name = "ban"` | the command's name | the function's |
/// | `kind = "slash"` | `command.type` | none |
/// | `group = "moderation"` | `command.group` | none |
/// | `parameters(reason, days = request.days)` | `command.parameters.reason` and so on; nothing else of the call is recorded | none |
/// | `crate = path` | where `monitor-runtime` is, when it was renamed | `::monitor_runtime` |
///
/// ```ignore
/// #[command(name = "ban", kind = "slash", group = "moderation", parameters(reason))]
/// async fn ban(context: &Context, reason: &str) -> Result<(), BanError> { .. }
/// ```
#[proc_macro_attribute]
pub fn command(arguments: TokenStream, item: TokenStream) -> TokenStream {
    run(AttributeKind::Command, arguments, item)
}

/// A background task: a span, or a transaction, with op `task`, and captured errors.
///
/// | argument | what it does | default |
/// |---|---|---|
/// | `name = "cleanup"` | the task's name | the function's |
/// | `crate = path` | where `monitor-runtime` is, when it was renamed | `::monitor_runtime` |
///
/// What the task has done is said inside: `current_span().set("deleted_records", deleted)`.
///
/// ```ignore
/// #[task(name = "cleanup")]
/// async fn cleanup(pool: Pool) -> Result<u64, DbError> { .. }
/// ```
#[proc_macro_attribute]
pub fn task(arguments: TokenStream, item: TokenStream) -> TokenStream {
    run(AttributeKind::Task, arguments, item)
}

/// A step of the start of a program: a span with op `startup`. A step that goes well leaves the
/// breadcrumb `Started: migrations` behind; an error is captured with the step and the service in
/// its context `startup`.
///
/// | argument | what it does | default |
/// |---|---|---|
/// | `step = "migrations"` | the step's name | the function's |
/// | `service = "Database"` | which part of the program is started | none |
/// | `crate = path` | where `monitor-runtime` is, when it was renamed | `::monitor_runtime` |
///
/// ```ignore
/// #[startup(step = "migrations", service = "Database")]
/// fn migrate(pool: &Pool) -> Result<(), DbError> { .. }
/// ```
#[proc_macro_attribute]
pub fn startup(arguments: TokenStream, item: TokenStream) -> TokenStream {
    run(AttributeKind::Startup, arguments, item)
}

/// Where errors and panics of a part of the program end: they are captured with the component, the
/// route, and the last breadcrumb as `user_action`.
///
/// | argument | what it does | default |
/// |---|---|---|
/// | `component = "checkout"` | tag `error_boundary.component` | needed |
/// | `route = "/checkout"` | tag `error_boundary.route` | none |
/// | `fallback = expr` | what the function gives instead of a panic; made only then | the panic goes on |
/// | `crate = path` | where `monitor-runtime` is, when it was renamed | `::monitor_runtime` |
///
/// With `fallback`, what the function has changed when it panics stays changed: see
/// [`UnwindSafe`](std::panic::UnwindSafe). It stands on functions that return a value, sync or async.
///
/// ```ignore
/// #[error_boundary(component = "checkout", route = "/checkout", fallback = Page::sorry())]
/// fn checkout(cart: &Cart) -> Page { .. }
/// ```
#[proc_macro_attribute]
pub fn error_boundary(arguments: TokenStream, item: TokenStream) -> TokenStream {
    run(AttributeKind::ErrorBoundary, arguments, item)
}

/// Leaves a breadcrumb at each call.
///
/// It belongs to the scope inside the function: to all that happens there, and also to what comes
/// after in the same transaction, unless the function has tags, a user or contexts of its own. Beside
/// the macro `breadcrumb!` there is no place for it at the crate's root: import it from
/// `monitor_runtime::attributes`.
///
/// | argument | what it does | default |
/// |---|---|---|
/// | `category = "ui"` | what it belongs to | needed |
/// | `message = "checkout opened"`, `message = expr` | what happened | the function's name |
/// | `level = "debug"` | how serious it is | `info` |
/// | `data(id, total = cart.total())` | facts | none |
/// | `crate = path` | where `monitor-runtime` is, when it was renamed | `::monitor_runtime` |
///
/// ```ignore
/// #[breadcrumb(category = "ui", message = "checkout opened", data(items))]
/// fn open_checkout(items: usize) { .. }
/// ```
#[proc_macro_attribute]
pub fn breadcrumb(arguments: TokenStream, item: TokenStream) -> TokenStream {
    run(AttributeKind::Breadcrumb, arguments, item)
}

/// Counts and times each call, whatever is sampled: a counter `<name>.calls` and a distribution
/// `<name>.duration` in milliseconds, both with how the call ended as `status`: `ok`, `error`,
/// `panicked` or `cancelled`. Makes no span; beside `#[traced]` it does.
///
/// Needs `Config::with_metrics(true)`; else it costs a load and a branch. `#[db_query]`, `#[api_call]`
/// and `#[command]` have metrics of their own.
///
/// | argument | what it does | default |
/// |---|---|---|
/// | `name = "checkout"` | what the metrics' names begin with | the function's name |
/// | `crate = path` | where `monitor-runtime` is, when it was renamed | `::monitor_runtime` |
///
/// ```ignore
/// #[metered(name = "checkout")]
/// async fn place_order(order: Order) -> Result<Receipt, OrderError> { .. }
/// ```
#[proc_macro_attribute]
pub fn metered(arguments: TokenStream, item: TokenStream) -> TokenStream {
    run(AttributeKind::Metered, arguments, item)
}

/// A job that runs on a schedule: a check-in when it begins and one when it ends, with its duration.
///
/// An `Err`, a panic and a future that is dropped are failed runs. It makes no span and captures no
/// error by itself: stack it with [`task`](macro@task).
///
/// | argument | what it does | default |
/// |---|---|---|
/// | `slug = "nightly-report"` | the monitor's name in Sentry: lower-case letters, digits, `-` and `_`, at most 50 | needed |
/// | `schedule = "0 3 * * *"` | when it runs, as a crontab with five fields, or `@daily` and the like; makes the monitor in Sentry, or changes it | it is there already |
/// | `schedule = every(10, minutes)` | the same as an interval: `minutes`, `hours`, `days`, `weeks`, `months`, `years` | |
/// | `margin = 5` | minutes that a run may be late | Sentry's, 1 |
/// | `max_runtime = 30` | minutes that a run may take | Sentry's, 30 |
/// | `timezone = "Europe/Berlin"` | the time zone of the crontab, from the tz database | UTC |
/// | `failure_threshold = 2` | failed runs in a row before there is an issue | 1 |
/// | `recovery_threshold = 2` | good runs in a row before it is resolved | 1 |
/// | `crate = path` | where `monitor-runtime` is, when it was renamed | `::monitor_runtime` |
///
/// ```ignore
/// #[cron_monitor(slug = "nightly-report", schedule = "0 3 * * *", timezone = "Europe/Berlin", max_runtime = 45)]
/// #[task(name = "report")]
/// async fn report(pool: Pool) -> Result<u64, DbError> { .. }
/// ```
#[proc_macro_attribute]
pub fn cron_monitor(arguments: TokenStream, item: TokenStream) -> TokenStream {
    run(AttributeKind::CronMonitor, arguments, item)
}

/// A health check, for a `HealthRegistry`.
///
/// The function stays as it is. Beside it comes a type of its name, whose `check()` is what the registry
/// is given: it takes no arguments, and returns `()`, a `bool`, a text, or a `Result` or an `Option` of
/// these. An async function is polled, any other runs on a thread of its own. It makes no span and captures
/// no error by itself: stack it with [`traced`](macro@traced).
///
/// | argument | what it does | default |
/// |---|---|---|
/// | `name = "database"` | the check's name | the function's |
/// | `crate = path` | where `monitor-runtime` is, when it was renamed | `::monitor_runtime` |
///
/// It stands on functions outside of `impl` blocks, and no module beside them may have the same name.
///
/// ```ignore
/// #[health_check(name = "database")]
/// async fn database() -> Result<(), DbError> { .. }
///
/// let registry = HealthRegistry::new().with(database::check());
/// ```
///
/// adds, with `rt` for `::monitor_runtime::__private`:
///
/// ```ignore
/// enum database {}
/// impl database {
///     fn check() -> rt::HealthCheck {
///         <rt::HealthCheck>::future("database", database)
///     }
/// }
/// ```
#[proc_macro_attribute]
pub fn health_check(arguments: TokenStream, item: TokenStream) -> TokenStream {
    run(AttributeKind::HealthCheck, arguments, item)
}

/// Says of an error what an event of it should say: expected or not, level, category, fingerprint.
///
/// The type must be an [`Error`](std::error::Error). Captured by any means, it is then described by
/// itself, without a word at the place of the capture. What `#[capture_errors]` says goes first.
///
/// | argument | on | what it does | default |
/// |---|---|---|---|
/// | `expected` | type, variant | no event: a breadcrumb, and a count | off |
/// | `unexpected` | variant | the opposite, in an enum that is `expected` | |
/// | `level = "warning"` | type, variant | `debug`, `info`, `warning`, `error` or `fatal` | by severity, else `error` |
/// | `severity = "high"` | type, variant | `low`, `medium`, `high` or `critical` | by level |
/// | `category = "payment"` | type, variant | what goes wrong | what the kind says, or the type |
/// | `fingerprint = "quota"`, `fingerprint = ["payment", "{user_id}"]` | type, variant | groups the events; `{field}` is a field's value | by type and message |
/// | `tags(user_id, plan = plan.name())` | type, variant | tags of the event, over the fields | none |
/// | `context(amount, ?request)` | type, variant | values in the event's context `error` | none |
/// | `tag`, `tag = "user.id"` | field | the field as a tag | |
/// | `context`, `context = "amount"` | field | the field as a value of the context `error` | |
/// | `sensitive` | field | the field's text is taken out of all messages | |
/// | `sensitive` | type, variant | no message is recorded | off |
/// | `transparent` | variant, struct | what the source says; it must be a `MonitorError` | |
/// | `backtrace` | field | a `std::backtrace::Backtrace` | |
/// | `crate = path` | type | where `monitor-runtime` is, when it was renamed | `::monitor_runtime` |
///
/// What an enum says goes for each variant that doesn't say it itself; tags and values are put together.
/// The fields of a tuple are `_0`, `_1`, and `{0}` in a fingerprint.
///
/// ```ignore
/// #[derive(Debug, thiserror::Error, MonitorError)]
/// #[monitor(category = "payment")]
/// enum PaymentError {
///     #[error("quota of {user_id} exceeded")]
///     #[monitor(expected, fingerprint = "quota-exceeded")]
///     QuotaExceeded { user_id: u64 },
///     #[error("card {card} declined")]
///     #[monitor(severity = "high", fingerprint = ["payment-failed", "{user_id}"])]
///     Declined { user_id: u64, #[monitor(sensitive)] card: String },
///     #[error(transparent)]
///     #[monitor(transparent)]
///     Database(#[from] DbError),
/// }
/// ```
///
/// becomes, with `rt` for `::monitor_runtime::__private`:
///
/// ```ignore
/// impl rt::MonitorError for PaymentError {
///     fn monitor_class(&self) -> rt::ErrorClass {
///         use rt::value::*;
///         match self {
///             Self::QuotaExceeded { .. } => <rt::ErrorClass>::new()
///                 .with_variant("QuotaExceeded")
///                 .with_expected(true)
///                 .with_category("payment")
///                 .__part(&[(&&&&&rt::Seen(&"quota-exceeded")).__monitor_value()]),
///             Self::Declined { user_id, card, .. } => <rt::ErrorClass>::new()
///                 .with_variant("Declined")
///                 .with_severity(rt::Severity::High)
///                 .with_category("payment")
///                 .__part(&[(&&&&&rt::Seen(&"payment-failed")).__monitor_value()])
///                 .__part(&[(&&&&&rt::Seen(&user_id)).__monitor_value()])
///                 .__secret((&&&&&rt::Seen(&card)).__monitor_value()),
///             Self::Database { 0: _0, .. } => rt::class_of(_0),
///         }
///     }
/// }
/// ```
#[proc_macro_derive(MonitorError, attributes(monitor))]
pub fn monitor_error(item: TokenStream) -> TokenStream {
    derive::monitor_error(item.into()).into()
}

/// Makes a context of a type's fields: named values that the events of errors carry.
///
/// `set_monitor_context(&guild)` sets it on the current scope, `groups.add(&guild)` in a
/// `ContextProvider`, `#[traced(context(guild = guild.monitor_values()))]` on a function.
///
/// | argument | on | what it does | default |
/// |---|---|---|---|
/// | `name = "guild"` | type | the context's name | the type's, in snake case and without `Context` |
/// | `user` | type | the context `user`; `User` can be made from a reference to it, as in `#[traced(user = &account)]` | off |
/// | `crate = path` | type | where `monitor-runtime` is, when it was renamed | `::monitor_runtime` |
/// | `name = "id"` | field | the value's name | the field's |
/// | `sensitive`, `skip` | field | leaves the field out | off |
///
/// A field is recorded by the best that its type can do, as in `#[traced(fields(..))]`. Of an enum the
/// variant's name is a value, too. Of a `user` the fields `id`, `username`, `email` and `ip_address` are
/// those of the `User`, all others its data.
///
/// ```ignore
/// #[derive(MonitorContext)]
/// struct Guild {
///     id: u64,
///     name: String,
///     #[monitor(sensitive)]
///     invite: String,
/// }
/// ```
///
/// becomes, with `rt` for `::monitor_runtime::__private`:
///
/// ```ignore
/// impl rt::MonitorContext for Guild {
///     const NAME: &'static str = "guild";
///
///     fn monitor_values(&self) -> rt::Attributes {
///         use rt::value::*;
///         match self {
///             Self { id, name, .. } => rt::values(&[
///                 ("id", (&&&&&rt::Seen(&id)).__monitor_value()),
///                 ("name", (&&&&&rt::Seen(&name)).__monitor_value()),
///             ]),
///         }
///     }
/// }
/// ```
#[proc_macro_derive(MonitorContext, attributes(monitor))]
pub fn monitor_context(item: TokenStream) -> TokenStream {
    derive::monitor_context(item.into()).into()
}

/// Lets a response say how many tokens it cost: the trait `TokenUsage` from its fields.
///
/// | argument | on | what it says | type |
/// |---|---|---|---|
/// | `input`, `output` | field | tokens sent and received | whole number, or an `Option` of one |
/// | `cache_read`, `cache_creation` | field | the part of `input` that the provider's cache read or wrote | the same |
/// | `reasoning` | field | the part of `output` that was reasoning | the same |
/// | `usage` | field | the field says itself what isn't said beside it | a `TokenUsage`, or an `Option` of one |
/// | `model`, `id` | field | the model that answered, the response's id | text, or an `Option` of one |
/// | `finish_reason` | field | why the model stopped | the same, or a `Vec` |
/// | `cost` | field | what the provider charges, in USD | `f64`, `f32`, or an `Option` of one |
/// | `content` | field | whether an item of a stream holds any of the answer: only whether it is empty is read | text or `Vec`, or an `Option` of one |
/// | `input_excludes_cache` | type | `input` is counted without what the cache read or wrote, as Anthropic does | |
/// | `crate = path` | type | where `monitor-runtime` is, when it was renamed | |
///
/// ```ignore
/// #[derive(TokenUsage)]
/// struct Completion {
///     #[monitor(model)]
///     model: String,
///     #[monitor(usage)]
///     counts: Counts,
///     text: String,
/// }
///
/// #[derive(TokenUsage)]
/// struct Counts {
///     #[monitor(input)]
///     prompt_tokens: u32,
///     #[monitor(output)]
///     completion_tokens: Option<u32>,
/// }
/// ```
///
/// The second one becomes, with `rt` for `::monitor_runtime::__private`:
///
/// ```ignore
/// impl rt::TokenUsage for Counts {
///     fn token_usage(&self) -> Option<rt::Usage> {
///         match self {
///             Self { prompt_tokens, completion_tokens, .. } => rt::UsageParts::new()
///                 .input(rt::token_count(prompt_tokens))
///                 .output(rt::token_count(completion_tokens))
///                 .usage(),
///         }
///     }
/// }
/// ```
#[proc_macro_derive(TokenUsage, attributes(monitor))]
pub fn token_usage(item: TokenStream) -> TokenStream {
    derive::token_usage(item.into()).into()
}

/// Monitors the whole program: sets monitoring up before `main`, and delivers what is left after it.
///
/// An `Err` that `main` returns is captured, at level fatal, unless an annotated function has captured
/// it already; then it is returned, so that the program ends as it would without. So are panics on any
/// thread, with its name, the place and a backtrace. A config that can't be used is reported on stderr,
/// and the program runs without monitoring.
///
/// Goes above or below `#[tokio::main]`, or the like of another runtime. Monitoring is set up before the
/// runtime is, in either order.
///
/// | argument | what it does | default |
/// |---|---|---|
/// | `config = expr` | the `Config`, or a `Result<Config, ConfigError>` | `Config::from_env()` |
/// | `crate = path` | where `monitor-runtime` is, when it was renamed | `::monitor_runtime` |
///
/// The release is that of the program's package unless the config or `SENTRY_RELEASE` says another.
/// [`std::process::exit`] ends the program at once; `monitor_runtime::exit` delivers first.
///
/// ```ignore
/// #[monitor_runtime::main]
/// #[tokio::main]
/// async fn main() -> Result<(), Box<dyn std::error::Error>> {
///     serve().await
/// }
/// ```
///
/// becomes, with `rt` for `::monitor_runtime::__private`:
///
/// ```ignore
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     #[tokio::main]
///     async fn main() -> Result<(), Box<dyn std::error::Error>> {
///         serve().await
///     }
///     static __MONITOR_CALLSITE: rt::Callsite =
///         <rt::Callsite>::new("function", "main", ::core::module_path!())
///             .no_span()
///             .capture()
///             .is_main();
///     let __monitor_guard = rt::start(rt::Config::from_env(), rt::release!());
///     let mut __monitor_span = rt::begin(&__MONITOR_CALLSITE);
///     let __monitor_out = main();
///     rt::exit(&mut __monitor_span, &__monitor_out, |__o, __e| {
///         {
///             use rt::boxed_failure::*;
///             __e.failure((&&&&&&&&rt::Seen(__o)).__monitor_failure());
///         }
///     });
///     ::core::mem::drop((__monitor_span, __monitor_guard));
///     __monitor_out
/// }
/// ```
#[proc_macro_attribute]
pub fn main(arguments: TokenStream, item: TokenStream) -> TokenStream {
    main_function::run(arguments.into(), item.into(), cfg!(feature = "instrument")).into()
}

fn run(kind: AttributeKind, arguments: TokenStream, item: TokenStream) -> TokenStream {
    let denied = std::env::var("MONITOR_DENY").unwrap_or_default();
    let build = Build { enabled: cfg!(feature = "instrument"), denied: &denied };
    pipeline::run(kind, arguments.into(), item.into(), &build).into()
}
