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

mod diagnostics;
mod expand;
mod model;
mod parse;
mod pipeline;
#[cfg(test)]
mod tests;

use parse::AttributeKind;
use proc_macro::TokenStream;

/// Makes a span of each call; a transaction when no span is active.
///
/// The span ends when the function returns, panics, or its future is dropped, and says which of
/// these it was. An `Err` is a failure whatever its alias is called. Goes on functions and methods,
/// sync and async, in traits and in their implementations, but not on `const fn`. On a function that
/// returns a future or a stream the span lasts from the call to the end of that; streams need the
/// feature `stream`.
///
/// On an `impl` block or a trait it goes on each function that has a body and isn't `const`. What a
/// function says itself goes first, and `#[traced(skip)]` leaves a function out. `#[capture_errors]`
/// and `#[slow_threshold]` do the same.
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
///     let __monitor_span = rt::enter(&__MONITOR_CALLSITE);
///     rt::record(|__r| {
///         use rt::value::*;
///         __r.field(0, (&&&&&rt::Seen(&id)).__monitor_value());
///     });
///     {
///         const _: () = ();
///         id
///     }
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
/// | `kind = api(service = .., endpoint = .., status = ..)` | | |
/// | `kind = module(name = .., command = ..)` | | |
/// | `kind = command(name = .., kind = .., group = ..)` | | |
/// | `skip_if = path`, `skip_if = \|error\| ..` | an `Err` that isn't worth an event of this function; one around it may still capture it | none |
/// | `level = "warning"` | `debug`, `info`, `warning`, `error` or `fatal` | `error` |
/// | `fingerprint = "x"`, `fingerprint = ["a", "b"]` | groups the events | by type and message |
/// | `tags(..)` | tags of the event | none |
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
///     let __monitor_span = rt::enter(&__MONITOR_CALLSITE);
///     let __monitor_out = rt::once(move || -> Result<User, DbError> {
///         {
///             const _: () = ();
///             find(id)
///         }
///     });
///     rt::exit(__monitor_span, &__monitor_out, |__o, __e| {
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
///     let __monitor_span = rt::enter(&__MONITOR_CALLSITE);
///     {
///         const _: () = ();
///         id
///     }
/// }
/// ```
#[proc_macro_attribute]
pub fn slow_threshold(arguments: TokenStream, item: TokenStream) -> TokenStream {
    run(AttributeKind::SlowThreshold, arguments, item)
}

/// Makes a `gen_ai` span of a call to an AI model, with the tokens that it used.
///
/// The span has the op `gen_ai.<op>` and the name `<op> <model>`; an agent or a tool takes the
/// model's place where the operation is about one. An `Err` is captured. An op or a name given to
/// `#[traced]` on the same function goes first.
///
/// | argument | what it does | default |
/// |---|---|---|
/// | `provider = "openai"` | who is asked | needed |
/// | `model = "gpt-4o"`, `model = expr` | the model | needed, except for `invoke_agent` and `execute_tool` |
/// | `op = chat` | `chat`, `text_completion`, `generate_content`, `embeddings`, `invoke_agent`, `create_agent` or `execute_tool` | `chat` |
/// | `prompt = expr` | the prompt; evaluated only where recording inputs is allowed | none |
/// | `agent`, `tool`, `conversation` `= expr` | the agent, the tool, the conversation's id | none |
/// | `usage = path`, `usage = \|answer\| ..` | the tokens, from what is inside an `Ok` or `Some` | what the value's type says |
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
///             .ai("openai", "chat");
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
///         {
///             use rt::failure::*;
///             __e.failure((&&&&&&&&rt::Seen(__o)).__monitor_failure());
///         }
///         __e.usage(|| {
///             use rt::token_usage::*;
///             (&&&&&rt::Seen(__o)).__monitor_usage()
///         });
///     })
///     .await
/// }
/// ```
#[proc_macro_attribute]
pub fn ai_call(arguments: TokenStream, item: TokenStream) -> TokenStream {
    run(AttributeKind::AiCall, arguments, item)
}

fn run(kind: AttributeKind, arguments: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::run(kind, arguments.into(), item.into(), cfg!(feature = "instrument")).into()
}
