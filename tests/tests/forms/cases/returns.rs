//! Return types.

use std::borrow::Cow;
use std::collections::HashMap;
use std::error::Error;
use std::fmt::{Debug, Display};
use std::ops::ControlFlow;
use std::rc::Rc;
use std::task::Poll;

use monitor_runtime::{capture_errors, traced};

use crate::harness::{Form, Refused, block_on, caught, form, later, log};

type Answer<T> = Result<T, Refused>;
type Any = Box<dyn Error + Send + Sync>;

#[traced]
fn nothing() {}

#[traced]
fn unit() -> () {
    log("unit");
}

#[traced]
fn trailing_semicolon() -> u8 {
    return 1;
}

#[traced]
fn never() -> ! {
    panic!("never")
}

#[traced]
async fn never_async() -> ! {
    later().await;
    panic!("never async")
}

#[traced]
fn opaque(limit: u8) -> impl Iterator<Item = u8> {
    (0..limit).filter(|number| number % 2 == 0)
}

#[traced]
fn opaque_borrowing<'a>(text: &'a str) -> impl Iterator<Item = char> + 'a {
    text.chars().rev()
}

#[traced]
fn opaque_captures(text: &str) -> impl Iterator<Item = char> + use<'_> {
    text.chars()
}

#[traced]
fn opaque_in_result(limit: u8) -> Result<impl Iterator<Item = u8>, Refused> {
    if limit > 9 {
        return Err(Refused("limit"));
    }
    Ok(0..limit)
}

#[traced]
fn opaque_in_tuple() -> (impl Display, impl Fn(u8) -> u8) {
    ("a", |number| number + 1)
}

#[traced]
fn opaque_in_opaque() -> impl Iterator<Item = impl Display> {
    vec![1, 2].into_iter()
}

#[traced]
async fn opaque_async() -> impl Iterator<Item = u8> {
    later().await;
    vec![1, 2].into_iter()
}

#[traced]
async fn opaque_in_result_async() -> Result<impl Display, Refused> {
    later().await;
    Ok("shown")
}

#[traced]
fn closure(by: u8) -> impl FnMut(u8) -> u8 {
    let mut sum = 0;
    move |number| {
        sum += number * by;
        sum
    }
}

#[traced]
fn boxed_closure(by: u8) -> Box<dyn Fn(u8) -> u8> {
    Box::new(move |number| number * by)
}

#[traced]
fn pointer(double: bool) -> fn(u8) -> u8 {
    if double { |number| number * 2 } else { |number| number }
}

#[traced]
async fn pointer_async(double: bool) -> fn(u8) -> u8 {
    later().await;
    if double { |number| number * 2 } else { |number| number }
}

#[traced]
fn dynamic(number: bool) -> Box<dyn Debug> {
    if number { Box::new(1) } else { Box::new("a") }
}

#[traced]
fn dynamic_result(number: bool) -> Result<Box<dyn Debug>, Any> {
    if number {
        return Ok(Box::new(1));
    }
    Err("no number".into())
}

#[traced]
async fn dynamic_async(number: bool) -> Result<Box<dyn Debug + Send>, Box<dyn Error>> {
    later().await;
    let parsed: u8 = "x".parse().or_else(|error| if number { Ok(5) } else { Err(error) })?;
    Ok(Box::new(parsed))
}

#[traced]
fn slice() -> &'static [u8] {
    &[1, 2, 3]
}

#[traced]
async fn slice_async() -> &'static [u8] {
    later().await;
    &[1, 2, 3]
}

#[traced]
fn reborrow(list: &mut Vec<u8>) -> &mut u8 {
    list.push(1);
    &mut list[0]
}

#[traced]
fn reborrow_checked(list: &mut Vec<u8>) -> Result<&mut u8, Refused> {
    list.first_mut().ok_or(Refused("empty"))
}

#[traced]
async fn reborrow_async(list: &mut Vec<u8>) -> Result<&mut u8, Refused> {
    later().await;
    list.first_mut().ok_or(Refused("empty"))
}

#[traced]
fn alias(fails: bool) -> Answer<u8> {
    if fails { Err(Refused("alias")) } else { Ok(1) }
}

#[traced]
fn question_mark(text: &str) -> Result<u8, Any> {
    let number: u8 = text.parse()?;
    Ok(number + 1)
}

#[capture_errors]
#[traced]
async fn question_mark_async(text: &str) -> Result<u8, std::num::ParseIntError> {
    later().await;
    let number: u8 = text.parse()?;
    Ok(number + 1)
}

#[traced]
fn option(text: &str) -> Option<char> {
    let first = text.chars().next()?;
    Some(first.to_ascii_uppercase())
}

#[traced]
fn poll(ready: bool) -> Poll<Result<u8, Refused>> {
    if ready { Poll::Ready(Ok(1)) } else { Poll::Pending }
}

#[capture_errors]
#[traced]
fn none_captured(text: &str) -> Option<char> {
    let first = text.chars().next()?;
    Some(first)
}

#[capture_errors]
#[traced]
async fn none_captured_async(some: bool) -> Option<u8> {
    later().await;
    some.then_some(1)
}

#[capture_errors]
#[traced]
fn poll_captured(fails: bool) -> Poll<Option<Result<u8, Refused>>> {
    if fails { Poll::Ready(Some(Err(Refused("polled")))) } else { Poll::Pending }
}

#[capture_errors(skip_if = |error| error.0 == "skipped")]
#[traced]
fn result_in_option(text: &'static str) -> Option<Result<u8, Refused>> {
    Some(Err(Refused(text)))
}

#[capture_errors]
#[traced]
fn alias_captured() -> Answer<u8> {
    Err(Refused("alias"))
}

#[derive(Debug)]
struct Opaque;
struct Nothing;

#[capture_errors]
#[traced]
fn only_debug() -> Result<u8, Opaque> {
    Err(Opaque)
}

#[capture_errors]
#[traced]
async fn neither_debug_nor_display() -> Result<u8, Nothing> {
    later().await;
    Err(Nothing)
}

#[traced]
fn control(stop: bool) -> ControlFlow<u8, ()> {
    if stop {
        return ControlFlow::Break(1);
    }
    ControlFlow::Continue(())
}

#[traced]
fn nested_result() -> Result<Result<u8, Refused>, Refused> {
    Ok(Err(Refused("inner")))
}

#[traced]
fn option_of_result(some: bool) -> Option<Result<u8, Refused>> {
    some.then_some(Err(Refused("inside")))
}

#[traced]
fn generic_map<K: std::hash::Hash + Eq, V>(key: K, value: V) -> HashMap<K, V> {
    HashMap::from([(key, value)])
}

#[traced]
fn cow(text: &str) -> Cow<'_, str> {
    if text.is_empty() { Cow::Borrowed("empty") } else { Cow::Owned(text.to_uppercase()) }
}

#[traced]
fn array<const N: usize>() -> [u8; N] {
    [7; N]
}

#[traced]
fn tuple() -> (u8, Result<u8, Refused>) {
    (1, Err(Refused("in a tuple")))
}

#[traced]
fn shared() -> Rc<[u8]> {
    Rc::new([1, 2])
}

#[traced]
#[expect(unused_parens, reason = "the form")]
fn parenthesised() -> (u8) {
    1
}

#[traced]
fn unsized_coercion(long: bool) -> Result<Rc<dyn Debug>, Refused> {
    let value: Rc<u8> = Rc::new(1);
    if long { Ok(Rc::new("long")) } else { Ok(value) }
}

pub(crate) fn forms() -> Vec<Form> {
    vec![
        form("nothing", "nothing ok", nothing),
        form("()", "unit ok", unit),
        form("return;", "trailing_semicolon ok", trailing_semicolon),
        form("!", "never panicked", || caught(|| never())),
        form("!, async", "never_async panicked", || caught(|| block_on(never_async()))),
        form("impl Iterator", "opaque ok", || opaque(5).collect::<Vec<_>>()),
        form("impl + 'a", "opaque_borrowing ok", || opaque_borrowing("ab").collect::<String>()),
        form("impl + use", "opaque_captures ok", || opaque_captures("ab").collect::<String>()),
        form("Result<impl>", "opaque_in_result ok", || {
            opaque_in_result(2).map(Iterator::collect::<Vec<_>>)
        }),
        form("Result<impl>, Err", "opaque_in_result error", || opaque_in_result(10).is_err()),
        form("(impl, impl)", "opaque_in_tuple ok", || {
            let (shown, call) = opaque_in_tuple();
            format!("{shown}{}", call(1))
        }),
        form("impl of impl", "opaque_in_opaque ok", || {
            opaque_in_opaque().map(|item| item.to_string()).collect::<String>()
        }),
        form("impl, async", "opaque_async ok", || block_on(opaque_async()).collect::<Vec<_>>()),
        form("Result<impl>, async", "opaque_in_result_async ok", || {
            block_on(opaque_in_result_async()).map(|shown| shown.to_string())
        }),
        form("impl FnMut", "closure ok", || {
            let mut call = closure(2);
            (call(1), call(2))
        }),
        form("Box<dyn Fn>", "boxed_closure ok", || boxed_closure(3)(2)),
        form("fn pointer", "pointer ok", || pointer(true)(2)),
        form("fn pointer, async", "pointer_async ok", || block_on(pointer_async(true))(2)),
        form("dyn", "dynamic ok", || dynamic(false)),
        form("Result<dyn, dyn>", "dynamic_result ok", || {
            dynamic_result(true).map_err(|error| error.to_string())
        }),
        form("Result<dyn, dyn>, Err", "dynamic_result error", || {
            dynamic_result(false).map_err(|error| error.to_string())
        }),
        form("dyn, async", "dynamic_async ok", || {
            block_on(dynamic_async(true)).map_err(|error| error.to_string())
        }),
        form("dyn, async, Err", "dynamic_async error", || {
            block_on(dynamic_async(false)).map_err(|error| error.to_string())
        }),
        form("slice", "slice ok", slice),
        form("slice, async", "slice_async ok", || block_on(slice_async())),
        form("&mut", "reborrow ok", || *reborrow(&mut vec![3])),
        form("Result<&mut>", "reborrow_checked ok", || reborrow_checked(&mut vec![3]).copied_out()),
        form("Result<&mut>, async", "reborrow_async error", || {
            block_on(reborrow_async(&mut vec![])).copied_out()
        }),
        form("alias", "alias ok", || alias(false)),
        form("alias, Err", "alias error", || alias(true)),
        form("?", "question_mark ok", || question_mark("1").ok()),
        form("?, Err", "question_mark error", || question_mark("x").ok()),
        form("?, async", "question_mark_async ok", || block_on(question_mark_async("1"))),
        form("?, async, Err", "question_mark_async error", || block_on(question_mark_async("x"))),
        form("Option", "option ok", || option("ab")),
        form("Option, None", "option ok", || option("")),
        form("Poll", "poll ok", || poll(true)),
        form("Option, captured", "none_captured ok", || none_captured("ab")),
        form("None, captured", "none_captured error", || none_captured("")),
        form("None, captured, async", "none_captured_async error", || {
            block_on(none_captured_async(false))
        }),
        form("Poll<Option<Result>>", "poll_captured error", || poll_captured(true)),
        form("Option<Result>, captured", "result_in_option error", || result_in_option("kept")),
        form("Option<Result>, skipped", "result_in_option error", || result_in_option("skipped")),
        form("alias, captured", "alias_captured error", alias_captured),
        form("only Debug", "only_debug error", only_debug),
        form("neither Debug nor Display", "neither_debug_nor_display error", || {
            block_on(neither_debug_nor_display()).is_err()
        }),
        form("ControlFlow", "control ok", || control(true)),
        form("Result<Result>", "nested_result ok", nested_result),
        form("Option<Result>", "option_of_result error", || option_of_result(true)),
        form("HashMap", "generic_map ok", || generic_map("a", 1)),
        form("Cow", "cow ok", || cow("").into_owned()),
        form("array", "array ok", array::<3>),
        form("tuple", "tuple ok", tuple),
        form("Rc<[T]>", "shared ok", shared),
        form("parentheses", "parenthesised ok", parenthesised),
        form("coercion", "unsized_coercion ok", || unsized_coercion(true)),
    ]
}

trait CopiedOut {
    fn copied_out(self) -> Answer<u8>;
}

impl CopiedOut for Answer<&mut u8> {
    fn copied_out(self) -> Answer<u8> {
        self.map(|value| *value)
    }
}
