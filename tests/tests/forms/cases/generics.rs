//! Generics, lifetimes and bounds.

use std::fmt::{Debug, Display};
use std::marker::PhantomData;

use monitor_runtime::{capture_errors, traced};

use crate::harness::{Form, Refused, block_on, form, later};

#[traced]
fn one<T>(value: T) -> T {
    value
}

#[traced]
fn bounded<T: Clone + Debug>(value: &T) -> (T, String) {
    (value.clone(), format!("{value:?}"))
}

#[traced]
fn with_where<T, U>(left: T, right: U) -> Result<String, Refused>
where
    T: Display,
    U: Debug,
{
    Ok(format!("{left}{right:?}"))
}

#[traced]
async fn generic_async<T: Into<u64>>(value: T) -> u64 {
    later().await;
    value.into()
}

#[traced]
fn unsized_type<T: ?Sized + Debug>(value: &T) -> String {
    format!("{value:?}")
}

#[traced]
fn constant<const N: usize, const FLAG: bool>(list: [u8; N]) -> Result<usize, Refused> {
    if FLAG { Ok(list.len()) } else { Err(Refused("flag")) }
}

#[traced]
async fn constant_async<const N: usize>(list: [u8; N]) -> [u8; N] {
    later().await;
    list
}

#[traced]
#[expect(single_use_lifetimes, reason = "the form")]
fn lifetimes<'a, 'b: 'a>(left: &'a str, right: &'b str) -> &'a str {
    if left.is_empty() { right } else { left }
}

#[traced]
#[expect(single_use_lifetimes, reason = "the form")]
async fn lifetimes_async<'a, 'b: 'a>(left: &'a str, right: &'b str) -> &'a str {
    later().await;
    if left.is_empty() { right } else { left }
}

#[traced]
fn higher_ranked<F>(call: F) -> String
where
    F: for<'a> Fn(&'a str) -> &'a str,
{
    call("abc").to_owned()
}

#[traced]
async fn higher_ranked_async<F: for<'a> Fn(&'a str) -> &'a str>(
    call: F,
) -> Result<String, Refused> {
    later().await;
    Ok(call("abc").to_owned())
}

#[traced]
fn higher_ranked_return() -> Box<dyn for<'a> Fn(&'a str) -> &'a str> {
    Box::new(|text| &text[1..])
}

#[traced]
fn elided(text: &str, _other: u8) -> Result<&str, Refused> {
    text.strip_prefix('a').ok_or(Refused("no prefix"))
}

#[traced]
async fn elided_async(text: &str) -> Result<&str, Refused> {
    later().await;
    text.strip_prefix('a').ok_or(Refused("no prefix"))
}

struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    #[traced]
    fn word(&mut self) -> Option<&'a str> {
        let (word, rest) = self.rest.split_once(' ')?;
        self.rest = rest;
        Some(word)
    }

    #[traced]
    fn word_checked(&mut self) -> Result<&'a str, Refused> {
        let (word, rest) = self.rest.split_once(' ').ok_or(Refused("end"))?;
        self.rest = rest;
        Ok(word)
    }

    #[traced]
    async fn word_async(&mut self) -> Result<&'a str, Refused> {
        later().await;
        self.word().ok_or(Refused("end"))
    }

    #[traced]
    fn hidden(text: &'a str) -> Parser<'a> {
        Parser { rest: text }
    }

    #[traced]
    fn anonymous(text: &str) -> Parser<'_> {
        Parser { rest: text }
    }
}

trait Family {
    type Member<'a>: Debug
    where
        Self: 'a;
    fn member<'a>(&'a self) -> Self::Member<'a>;
}

impl Family for String {
    type Member<'a> = &'a str;

    #[traced]
    fn member<'a>(&'a self) -> Self::Member<'a> {
        &self[..1]
    }
}

#[traced]
fn associated<I: Iterator>(mut items: I) -> Option<I::Item>
where
    I::Item: Clone,
{
    items.next().clone()
}

#[traced]
fn qualified<T: Iterator>(mut items: T) -> Result<<T as Iterator>::Item, Refused> {
    items.next().ok_or(Refused("none"))
}

#[traced]
fn phantom<T>() -> PhantomData<T> {
    PhantomData
}

#[traced]
async fn static_bound<T: Send + 'static>(value: T) -> Box<dyn std::any::Any + Send> {
    later().await;
    Box::new(value)
}

#[traced]
fn trait_object_lifetime<'a>(text: &'a str) -> Box<dyn Display + 'a> {
    Box::new(text)
}

#[capture_errors]
#[traced]
fn opaque_error<E: Debug>(error: E) -> Result<(), E> {
    Err(error)
}

#[traced]
fn turbofish<T: Default + Debug>() -> String {
    format!("{:?}", T::default())
}

struct Wrapper<T, const N: usize>([T; N]);

impl<T: Copy + Into<u32>, const N: usize> Wrapper<T, N> {
    #[traced]
    fn sum(&self) -> u32 {
        self.0.iter().map(|item| (*item).into()).sum()
    }

    #[traced]
    async fn map<U>(self, call: impl Fn(T) -> U) -> Result<Wrapper<U, N>, Refused> {
        later().await;
        Ok(Wrapper(self.0.map(call)))
    }
}

pub(crate) fn forms() -> Vec<Form> {
    vec![
        form("T", "one ok", || one(1)),
        form("T: bounds", "bounded ok", || bounded(&1)),
        form("where", "with_where ok", || with_where(1, "a")),
        form("T, async", "generic_async ok", || block_on(generic_async(1_u8))),
        form("?Sized", "unsized_type ok", || unsized_type("a")),
        form("const", "constant ok", || constant::<2, true>([1, 2])),
        form("const, Err", "constant error", || constant::<2, false>([1, 2])),
        form("const, async", "constant_async ok", || block_on(constant_async([1, 2]))),
        form("lifetimes", "lifetimes ok", || lifetimes("", "b")),
        form("lifetimes, async", "lifetimes_async ok", || block_on(lifetimes_async("", "b"))),
        form("for<'a>", "higher_ranked ok", || higher_ranked(|text| &text[1..])),
        form("for<'a>, async", "higher_ranked_async ok", || {
            block_on(higher_ranked_async(|text| &text[1..]))
        }),
        form("for<'a>, returned", "higher_ranked_return ok", || {
            higher_ranked_return()("abc").to_owned()
        }),
        form("elided", "elided ok", || elided("ab", 1)),
        form("elided, async", "elided_async error", || block_on(elided_async("b"))),
        form("of the type", "word ok", || Parser { rest: "a b" }.word()),
        form("of the type, Result", "word_checked error", || Parser { rest: "a" }.word_checked()),
        form("of the type, async", "word_async ok, word ok", || {
            block_on(Parser { rest: "a b" }.word_async())
        }),
        form("Parser<'a>", "hidden ok", || Parser::hidden("a").rest),
        form("Parser<'_>", "anonymous ok", || Parser::anonymous("a").rest),
        form("generic associated type", "member ok", || "abc".to_owned().member().to_owned()),
        form("associated type", "associated ok", || associated([1].iter())),
        form("qualified path", "qualified ok", || qualified([1].iter())),
        form("phantom", "phantom ok", phantom::<u8>),
        form("'static", "static_bound ok", || block_on(static_bound(1)).is::<i32>()),
        form("dyn + 'a", "trait_object_lifetime ok", || trait_object_lifetime("a").to_string()),
        form("E", "opaque_error error", || opaque_error("e")),
        form("turbofish", "turbofish ok", turbofish::<u8>),
        form("impl<T, const N>", "sum ok", || Wrapper([1_u8, 2]).sum()),
        form("impl<T, const N>, async", "map ok", || {
            block_on(Wrapper([1_u8, 2]).map(|item| item + 1)).map(|wrapper| wrapper.0)
        }),
    ]
}
