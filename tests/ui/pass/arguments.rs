//! Arguments that are more than a name and a type.
#![deny(warnings)]
#![allow(unexpected_cfgs, reason = "`no` is never set")]

use monitor_runtime::{capture_errors, traced};

struct Point {
    x: i32,
    y: i32,
}

#[capture_errors]
fn patterns((a, mut b): (u8, u8), Point { x, y: _ }: Point, [c, ..]: [u8; 3]) -> Result<i32, String> {
    b += a;
    Ok(x + i32::from(b) + i32::from(c))
}

#[traced(fields(a, x))]
async fn patterns_async((a, _): (String, u8), Point { x, y }: Point) -> Result<usize, String> {
    Ok(a.len() + usize::try_from(x + y).unwrap_or_default())
}

#[capture_errors]
fn mutable(mut count: u32, mut list: Vec<u32>) -> Result<Vec<u32>, String> {
    while count > 0 {
        list.push(count);
        count -= 1;
    }
    Ok(list)
}

#[capture_errors]
async fn mutable_async(mut count: u32, mut list: Vec<u32>) -> Result<Vec<u32>, String> {
    while count > 0 {
        list.push(count);
        count -= 1;
    }
    Ok(list)
}

#[capture_errors]
fn walks<'a>(mut rest: &'a str, out: &mut Vec<&'a str>) -> Result<(), String> {
    while let Some((word, more)) = rest.split_once(' ') {
        out.push(word);
        rest = more;
    }
    Ok(())
}

#[capture_errors]
fn ignored(_: String, _later: String, used: String) -> Result<usize, String> {
    Ok(used.len())
}

#[capture_errors]
async fn ignored_async(_: String, _later: String, used: String) -> Result<usize, String> {
    Ok(used.len())
}

#[traced(fields(there, gone))]
fn conditional(#[cfg(not(no))] there: u8, #[cfg(no)] gone: u8) -> u8 {
    there
}

#[capture_errors]
#[traced(fields(there))]
async fn conditional_async(
    #[cfg(not(no))] there: String,
    #[cfg(no)] gone: String,
) -> Result<usize, String> {
    #[cfg(no)]
    drop(gone);
    Ok(there.len())
}

#[traced(fields(r#type, display, debug))]
fn odd_names(r#type: u8, display: u8, debug: u8) -> u8 {
    r#type + display + debug
}

#[capture_errors]
fn only_in_a_format_string(name: String) -> Result<String, String> {
    Err(format!("no {name}"))
}

#[capture_errors]
async fn moved_into_a_closure(name: String) -> Result<usize, String> {
    let length = move || name.len();
    Ok(length())
}

fn main() {
    assert_eq!(patterns((1, 2), Point { x: 3, y: 4 }, [5, 6, 7]), Ok(11));
    drop(patterns_async((String::new(), 1), Point { x: 1, y: 2 }));
    assert_eq!(mutable(2, vec![]), Ok(vec![2, 1]));
    drop(mutable_async(2, vec![]));
    let mut words = Vec::new();
    walks("a b c", &mut words).unwrap();
    assert_eq!(words, ["a", "b"]);
    assert_eq!(ignored(String::new(), String::new(), "a".to_owned()), Ok(1));
    drop(ignored_async(String::new(), String::new(), String::new()));
    assert_eq!(conditional(1), 1);
    drop(conditional_async(String::new()));
    assert_eq!(odd_names(1, 2, 3), 6);
    assert_eq!(only_in_a_format_string("x".to_owned()), Err("no x".to_owned()));
    drop(moved_into_a_closure(String::new()));
}
