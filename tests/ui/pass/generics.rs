//! Generic functions, lifetimes, and types that can't be named.
#![deny(warnings)]

use std::fmt::{Debug, Display};
use std::future::Future;
use std::io;

use monitor_runtime::{ai_call, capture_errors, slow_threshold, traced};

#[traced(fields(value, ?list))]
fn generic<T: Display, U, const N: usize>(value: T, list: [U; N]) -> String
where
    U: Debug,
{
    format!("{value} {list:?}")
}

// Nothing is known of `T`: its type's name is recorded.
#[traced(fields(value))]
fn unbounded<T>(value: T) -> T {
    value
}

#[capture_errors]
fn longest<'a>(left: &'a str, right: &'a str) -> Result<&'a str, io::Error> {
    Ok(if left.len() > right.len() { left } else { right })
}

#[capture_errors]
async fn borrowed<'a, 'b: 'a>(left: &'a str, _right: &'b str) -> Result<&'a str, io::Error> {
    Ok(left)
}

#[traced]
fn elided(words: &[String]) -> impl Iterator<Item = &str> {
    words.iter().map(String::as_str)
}

#[capture_errors]
fn opaque(items: impl IntoIterator<Item = u8>) -> Result<impl Iterator<Item = u8>, String> {
    Ok(items.into_iter().map(|item| item + 1))
}

#[capture_errors]
async fn opaque_async(item: impl Display) -> Result<Box<impl Display>, String> {
    Ok(Box::new(item.to_string()))
}

#[traced]
fn future(item: u8) -> impl Future<Output = u8> + Send {
    async move { item }
}

#[slow_threshold(ms = 5)]
fn higher_ranked(read: impl for<'a> Fn(&'a str) -> &'a str, text: &str) -> Result<&str, String> {
    Ok(&text[..read(text).len()])
}

#[capture_errors]
fn coerced(fail: bool) -> Result<Box<dyn Debug>, Box<dyn std::error::Error>> {
    if fail {
        return Err("no".into());
    }
    Ok(Box::new(1))
}

#[capture_errors]
async fn coerced_async(fail: bool) -> Result<Box<dyn Debug>, Box<dyn std::error::Error>> {
    if fail {
        Err("no")?;
    }
    Ok(Box::new(1))
}

struct Page<'a, T>(&'a [T]);

impl<'a, T: Clone + 'a> Page<'a, T> {
    #[capture_errors]
    fn first(&self) -> Result<&'a T, String> {
        self.0.first().ok_or_else(|| "empty".to_owned())
    }

    #[ai_call(provider = "openai", op = "embeddings", model = model.to_string())]
    async fn embed<M: ToString>(&self, model: M) -> Result<Vec<T>, String>
    where
        T: Send,
    {
        Ok(self.0.to_vec())
    }
}

fn main() {
    assert_eq!(generic("a", [1]), "a [1]");
    assert_eq!(unbounded(1), 1);
    assert_eq!(longest("a", "bc").unwrap(), "bc");
    drop(borrowed("a", "b"));
    assert_eq!(elided(&["a".to_owned()]).count(), 1);
    assert_eq!(opaque([1]).unwrap().next(), Some(2));
    drop((opaque_async(1), future(1)));
    assert_eq!(higher_ranked(|text| text, "a"), Ok("a"));
    assert!(coerced(true).is_err());
    drop(coerced_async(true));
    assert_eq!(Page(&[1]).first(), Ok(&1));
    drop(Page(&[1]).embed("m"));
}
