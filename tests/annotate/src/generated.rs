//! A program of many small functions, each of them called.

use std::fmt::{self, Write};
use std::str::FromStr;

/// The functions of a program.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// As many of each.
    All,
    /// All alike: an index into `KINDS`.
    One(usize),
}

/// Functions of each kind: `N` stands for the number, `@` for the attribute.
///
/// They do what functions of services do: text, collections, options, errors.
const KINDS: [(&str, &str); 5] = [
    ("plain", PLAIN),
    ("result", RESULT),
    ("method", METHOD),
    ("async", ASYNC),
    ("async-result", ASYNC_RESULT),
];

/// A program has at least one function of each kind.
pub(crate) const FEW: usize = KINDS.len();

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "all" {
            return Ok(Self::All);
        }
        let index = KINDS.iter().position(|(name, _)| *name == text);
        index.map(Self::One).ok_or_else(|| format!("unknown kind {text}"))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::All => "all",
            Self::One(index) => KINDS[*index].0,
        })
    }
}

const PLAIN: &str = "\
@pub fn fN(values: &[u64], limit: u64) -> u64 {
    let kept: Vec<u64> = values.iter().copied().filter(|value| *value < limit + N).collect();
    let sum = kept.iter().fold(0_u64, |sum, value| sum.wrapping_mul(31).wrapping_add(*value));
    if kept.is_empty() { limit } else { sum / kept.len() as u64 }
}
fn callN() -> u64 { fN(&[1, 2, 3], N) }
";

const RESULT: &str = "\
@pub fn fN(text: &str) -> Result<u64, Error> {
    let (key, value) = text.split_once('=').ok_or(Error::Missing(N))?;
    if key.len() > 64 { return Err(Error::Long(key.to_owned())); }
    let value: u64 = value.trim().parse()?;
    Ok(value.wrapping_add(key.len() as u64))
}
fn callN() -> u64 { fN(\"key=N\").unwrap_or(1) }
";

const METHOD: &str = "\
impl Store {
    @pub fn fN(&mut self, key: &str, value: u64) -> Option<String> {
        let name = format!(\"{key}-{value}-N\");
        let old = self.rows.insert(name.clone(), value)?;
        self.changes += 1;
        Some(if old > value { name } else { key.to_owned() })
    }
}
fn callN() -> u64 { Store::default().fN(\"k\", N).map_or(0, |name| name.len() as u64) }
";

const ASYNC: &str = "\
@pub async fn fN(id: u64, names: Vec<String>) -> u64 {
    let mut sum = id;
    for name in &names {
        ready(N).await;
        sum = sum.wrapping_add(name.len() as u64);
    }
    sum
}
fn callN() -> u64 { block_on(fN(N, vec![String::new()])) }
";

const ASYNC_RESULT: &str = "\
@pub async fn fN(id: u64, text: String) -> Result<String, Error> {
    ready(id).await;
    let number: u64 = text.parse()?;
    if number > id + N { return Err(Error::Missing(number)); }
    ready(number).await;
    Ok(text)
}
fn callN() -> u64 { block_on(fN(N, \"7\".to_owned())).map_or(1, |text| text.len() as u64) }
";

const COMMON: &str = "\
use std::collections::HashMap;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

#[derive(Debug)]
pub enum Error { Missing(u64), Long(String), Number(std::num::ParseIntError) }
impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { write!(f, \"{self:?}\") }
}
impl std::error::Error for Error {}
impl From<std::num::ParseIntError> for Error {
    fn from(error: std::num::ParseIntError) -> Self { Self::Number(error) }
}
#[derive(Default)]
pub struct Store { rows: HashMap<String, u64>, changes: u64 }

pub async fn ready(n: u64) -> u64 { std::future::ready(n).await }

fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(out) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return out;
        }
    }
}
";

/// The program's text.
pub(crate) fn program(functions: usize, kind: Kind, attribute: &str) -> String {
    let mut text = COMMON.to_owned();
    for number in 0..functions {
        let index = match kind {
            Kind::All => number % KINDS.len(),
            Kind::One(index) => index,
        };
        text.push_str(&KINDS[index].1.replace('@', attribute).replace('N', &number.to_string()));
    }
    text.push_str("\nfn main() {\n    let mut sum = 0_u64;\n");
    for number in 0..functions {
        // Writing to a string can't fail.
        let _ = writeln!(text, "    sum = sum.wrapping_add(call{number}());");
    }
    text + "    println!(\"{sum}\");\n}\n"
}
