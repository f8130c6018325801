//! Names of the user that an expansion must not trip over.

use monitor_runtime::{capture_errors, slow_threshold, traced};

use crate::harness::{Form, block_on, form, later};

mod own_types {
    use super::{block_on, later};
    use monitor_runtime::{capture_errors, traced};

    #[derive(Debug)]
    pub(crate) enum Result<T> {
        Ok(T),
        #[expect(dead_code, reason = "the form")]
        Err,
    }
    #[derive(Debug)]
    pub(crate) struct Option(#[expect(dead_code, reason = "the form")] u8);
    pub(crate) mod std {}
    pub(crate) mod core {}
    pub(crate) mod monitor_runtime_ {}

    #[traced]
    pub(crate) fn own_result(number: u8) -> Result<u8> {
        Result::Ok(number)
    }

    #[capture_errors]
    #[traced]
    pub(crate) async fn own_result_async(number: u8) -> Result<u8> {
        later().await;
        Result::Ok(number)
    }

    #[traced]
    pub(crate) fn own_option(number: u8) -> Option {
        Option(number)
    }

    pub(crate) fn both() -> (Result<u8>, Result<u8>, Option) {
        (own_result(1), block_on(own_result_async(2)), own_option(3))
    }
}

mod variants {
    use monitor_runtime::{capture_errors, traced};

    enum Outcome {
        Ok,
        Err,
        Some,
        None,
    }
    use Outcome::*;

    #[capture_errors]
    #[traced]
    pub(super) fn in_scope(which: u8) -> ::core::result::Result<u8, &'static str> {
        let outcome = match which {
            0 => Ok,
            1 => Err,
            2 => Some,
            _ => None,
        };
        ::core::result::Result::Ok(outcome as u8)
    }
}

#[expect(non_upper_case_globals, reason = "the form")]
mod constants {
    use monitor_runtime::traced;

    pub(super) const span: u8 = 1;
    pub(super) const site: u8 = 2;
    pub(super) static guard: u8 = 3;
    pub(super) const out: u8 = 6;

    #[traced]
    pub(super) fn read(e: u8) -> Result<u8, u8> {
        Ok(span + site + guard + out + e)
    }
}

#[traced]
fn shadow_arguments(std: u8, core: u8, rt: u8) -> Result<u8, u8> {
    Ok(std + core + rt)
}

#[traced]
async fn shadow_arguments_async(std: u8, core: u8, out: u8) -> Result<u8, u8> {
    later().await;
    Ok(std + core + out)
}

#[traced]
fn type_parameters<Result, Some, Callsite>(a: Result, _b: Some, _c: Callsite) -> Result {
    a
}

#[traced]
fn local_macros() -> Result<&'static str, u8> {
    macro_rules! module_path {
        () => {
            "mine"
        };
    }
    macro_rules! concat {
        () => {
            "mine"
        };
    }
    let _ = concat!();
    Ok(module_path!())
}

#[traced]
fn local_types(number: u8) -> Result<u8, String> {
    #[expect(dead_code, reason = "the form")]
    enum Result {
        Local,
    }
    use ::std::result::Result::Ok as Fine;
    Fine(number)
}

#[traced]
async fn local_types_async(number: u8) -> Result<u8, String> {
    #[expect(dead_code, reason = "the form")]
    struct Result;
    #[expect(dead_code, reason = "the form")]
    type String = u8;
    later().await;
    Ok(number)
}

#[traced]
fn names_of_ours() -> Result<u8, u8> {
    let __monitor_span = 1;
    let __monitor_out = 2;
    let __monitor_type = 3;
    const __MONITOR: u8 = 4;
    Ok(__monitor_span + __monitor_out + __monitor_type + __MONITOR)
}

#[traced]
async fn names_of_ours_async(__monitor_future: u8, __arg0: u8) -> u8 {
    let __monitor_type = 3;
    later().await;
    __monitor_type + __monitor_future + __arg0
}

trait Blanket {
    fn value(&self) -> u8 {
        1
    }
    fn failure(&self) -> u8 {
        2
    }
    fn success(&self) -> u8 {
        3
    }
    fn token_usage(&self) -> u8 {
        4
    }
}

impl<T: ?Sized> Blanket for T {}

#[traced(fields(number, more = number.value()))]
#[capture_errors(tags(number))]
#[slow_threshold(ms = 60000, rows = |number| *number)]
fn blanket_trait(number: u8) -> Result<u8, String> {
    Ok(number.value() + number.failure() + number.success() + number.token_usage())
}

struct ByDebug(u8);
struct Recordable;

#[traced(fields(inner = ByDebug(3).0, unit = size_of::<Recordable>()))]
fn names_of_the_runtime() -> u8 {
    let Recordable = Recordable;
    ByDebug(1).0
}

#[traced(fields(display, debug, r#type))]
fn names_of_fields(display: u8, debug: &str, r#type: char) -> usize {
    usize::from(display) + debug.len() + r#type.len_utf8()
}

#[traced]
fn traced_inside() -> u8 {
    let traced = 1;
    let record = |number: u8| number;
    record(traced)
}

pub(crate) fn forms() -> Vec<Form> {
    vec![
        form("own Result", "own_result ok, own_result_async ok, own_option ok", own_types::both),
        form("variants", "in_scope ok", || variants::in_scope(1)),
        form("constants", "read ok", || constants::read(1)),
        form("arguments", "shadow_arguments ok", || shadow_arguments(1, 2, 3)),
        form("arguments, async", "shadow_arguments_async ok", || {
            block_on(shadow_arguments_async(1, 2, 3))
        }),
        form("type parameters", "type_parameters ok", || type_parameters(1, 2, 3)),
        form("macros", "local_macros ok", local_macros),
        form("types", "local_types ok", || local_types(1)),
        form("types, async", "local_types_async ok", || block_on(local_types_async(1))),
        form("names of ours", "names_of_ours ok", names_of_ours),
        form("names of ours, async", "names_of_ours_async ok", || {
            block_on(names_of_ours_async(1, 2))
        }),
        form("blanket trait", "blanket_trait ok", || blanket_trait(1)),
        form("names of the runtime", "names_of_the_runtime ok", names_of_the_runtime),
        form("names of fields", "names_of_fields ok", || names_of_fields(1, "a", 'b')),
        form("traced inside", "traced_inside ok", traced_inside),
    ]
}
