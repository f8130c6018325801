//! Names of the user that expansions must not trip over.
#![no_implicit_prelude]
#![deny(warnings)]
#![allow(non_upper_case_globals, non_camel_case_types, dead_code, unused_macros, unused_imports, reason = "the names are the point")]

mod core {}
mod std {}
mod rt {}

const span: u8 = 1;
const site: u8 = 1;
const out: u8 = 1;
const guard: u8 = 1;
const fut: u8 = 1;
const ty: u8 = 1;
static e: u8 = 1;
static o: u8 = 1;
struct x;

enum Wrong {
    Ok,
    Err,
    Some,
    None,
}
use Wrong::*;

macro_rules! module_path { () => { 1 } }
macro_rules! line { () => { "wrong" } }
macro_rules! concat { () => { 1 } }

trait Value {
    fn value(&self) -> u8 {
        1
    }
    fn failure(&self) -> u8 {
        2
    }
    fn never(&self) -> u8 {
        3
    }
}
impl Value for u8 {}

type Answer = ::core::result::Result<u8, ::std::string::String>;

#[::monitor_runtime::traced(fields(number, twice = number.value()), tags(number), user = 1_u64)]
#[::monitor_runtime::capture_errors(context(c(number)), tags(a = number))]
#[::monitor_runtime::slow_threshold(ms = 5, rows = |number: &u8| *number)]
#[::monitor_runtime::ai_call(provider = "openai", model = "m", prompt = number)]
fn sync(number: u8) -> Answer {
    ::core::result::Result::Ok(number.value() + number.failure() + number.never())
}

#[::monitor_runtime::traced(fields(number, twice = number.value()), tags(number))]
#[::monitor_runtime::capture_errors(context(c(number)), tags(a = number))]
async fn asynchronous(number: u8) -> Answer {
    use self::Shadow::*;
    ::core::result::Result::Ok(number)
}

enum Shadow {
    Answer,
    u8,
}

#[::monitor_runtime::traced]
#[::monitor_runtime::capture_errors]
fn future(
    number: u8,
) -> ::core::pin::Pin<::std::boxed::Box<dyn ::core::future::Future<Output = Answer>>> {
    ::std::boxed::Box::pin(asynchronous(number))
}

#[::monitor_runtime::traced]
fn opaque_future(number: u8) -> impl ::core::future::Future<Output = u8> {
    async move { number }
}

#[::monitor_runtime::capture_errors]
fn none() -> ::core::option::Option<u8> {
    ::core::option::Option::None
}

#[::monitor_runtime::traced(prefix = "x::")]
#[::monitor_runtime::capture_errors]
impl x {
    fn method(&self, number: u8) -> Answer {
        ::core::result::Result::Ok(number)
    }

    #[::monitor_runtime::traced(skip)]
    async fn skipped(&self) {}
}

#[::monitor_runtime::traced]
fn nested(number: u8) -> u8 {
    #[::monitor_runtime::traced]
    fn inner(number: u8) -> u8 {
        const __MONITOR: u8 = 1;
        number + __MONITOR
    }
    let __monitor_span = 1;
    inner(number) + __monitor_span
}

macro_rules! generated {
    ($name:ident, $argument:ident, $kind:ty, $body:block) => {
        #[::monitor_runtime::traced(fields($argument))]
        #[::monitor_runtime::capture_errors]
        fn $name($argument: $kind, other: u8) -> Answer {
            let more = other;
            let answer = $body;
            ::core::result::Result::Ok(answer + more)
        }
    };
}

generated!(made, number, u8, { number + 1 });

fn main() {
    ::std::assert!(sync(1) == ::core::result::Result::Ok(6));
    ::core::mem::drop(asynchronous(1));
    ::core::mem::drop((future(1), opaque_future(1), x.skipped()));
    ::std::assert!(none() == ::core::option::Option::None);
    ::std::assert!(x.method(1) == ::core::result::Result::Ok(1));
    ::std::assert!(nested(1) == 3);
    ::std::assert!(made(1, 1) == ::core::result::Result::Ok(3));
}
