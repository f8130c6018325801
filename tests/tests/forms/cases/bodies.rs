//! Bodies.

use std::cell::RefCell;
use std::pin::Pin;
use std::sync::Mutex;

use monitor_runtime::traced;

use crate::harness::{Form, Noisy, Refused, block_on, form, later, log};

#[traced]
fn empty() {}

#[traced]
async fn empty_async() {}

#[rustfmt::skip]
#[traced]
fn one_expression() -> u8 { 1 }

#[traced]
#[expect(unused_braces, reason = "the form")]
fn tail_is_a_block() -> Result<u8, Refused> {
    { Ok(1) }
}

#[traced]
fn statements_only() {
    log("a");
    log("b");
}

#[traced]
fn early_return(early: bool) -> u8 {
    if early {
        return 1;
    }
    2
}

#[traced]
fn return_in_a_loop(list: &[u8]) -> Result<u8, Refused> {
    for item in list {
        if *item > 2 {
            return Ok(*item);
        }
    }
    Err(Refused("none"))
}

#[traced]
fn labels(limit: u8) -> u8 {
    let mut sum = 0;
    'outer: for a in 0..limit {
        for b in 0..limit {
            if a == b {
                continue 'outer;
            }
            if sum > 10 {
                break 'outer;
            }
            sum += b;
        }
    }
    sum
}

#[traced]
fn labelled_block(flag: bool) -> Result<u8, Refused> {
    let value = 'found: {
        if flag {
            break 'found 1;
        }
        2
    };
    Ok(value)
}

#[traced]
fn recursive(depth: u8) -> u8 {
    if depth == 0 { 0 } else { recursive(depth - 1) + 1 }
}

#[traced]
fn recursive_checked(depth: u8) -> Result<u8, Refused> {
    if depth == 0 {
        return Err(Refused("bottom"));
    }
    Ok(recursive_checked(depth - 1)? + 1)
}

#[traced]
async fn recursive_async(depth: u8) -> u8 {
    later().await;
    if depth == 0 { 0 } else { Box::pin(recursive_async(depth - 1)).await + 1 }
}

#[traced]
fn nested_functions() -> u8 {
    #[traced]
    fn inner(number: u8) -> u8 {
        number + ONE
    }
    const ONE: u8 = 1;
    inner(1)
}

#[traced]
fn nested_items() -> Result<u8, Refused> {
    struct Inner(u8);
    impl Inner {
        #[traced]
        fn get(&self) -> u8 {
            self.0
        }
    }
    enum Other {
        One,
    }
    use Other::*;
    let One = One;
    static COUNT: Mutex<u8> = Mutex::new(3);
    let count = *COUNT.lock().unwrap();
    Ok(Inner(count).get())
}

#[traced]
fn closures(list: &[u8]) -> Result<Vec<u8>, Refused> {
    let check = |item: &u8| if *item > 9 { Err(Refused("item")) } else { Ok(*item) };
    list.iter().map(check).collect()
}

#[traced]
fn closure_returns() -> Option<u8> {
    let call = || -> Option<u8> {
        let first = [1].first().copied()?;
        return Some(first + 1);
    };
    call()
}

#[traced]
async fn async_blocks() -> Result<u8, Refused> {
    let block = async {
        later().await;
        Err::<u8, Refused>(Refused("inside"))?;
        Ok::<u8, Refused>(1)
    };
    let inner = block.await;
    Ok(u8::from(inner.is_err()))
}

#[traced]
async fn async_closures() -> u8 {
    let call = async |number: u8| {
        later().await;
        number + 1
    };
    call(1).await + call(2).await
}

#[traced]
async fn holds_across_await(text: String) -> usize {
    let cell = RefCell::new(text);
    let borrowed = cell.borrow_mut();
    later().await;
    borrowed.len()
}

#[traced]
fn tail_temporary_drops() -> u8 {
    let _local = Noisy("local");
    Noisy("temporary").0.len() as u8
}

#[traced]
fn lock(mutex: &Mutex<u8>) -> Result<u8, Refused> {
    let mut number = mutex.lock().unwrap();
    *number += 1;
    Ok(*number)
}

#[traced]
fn locals_drop() -> Result<(), Refused> {
    let _a = Noisy("a");
    let _ = Noisy("b");
    let _c = Noisy("c");
    Err(Refused("locals"))?;
    log("never");
    Ok(())
}

#[traced]
async fn locals_drop_async(given: Noisy) {
    let _a = Noisy("a");
    later().await;
    let _c = Noisy("c");
    log(given.0);
}

#[traced]
fn matches(number: Option<u8>) -> &'static str {
    match number {
        Some(0) => "zero",
        Some(number) if number > 9 => "many",
        Some(_) => "few",
        None => "none",
    }
}

#[traced]
fn let_else(number: Option<u8>) -> Result<u8, Refused> {
    let Some(number) = number else {
        return Err(Refused("none"));
    };
    Ok(number)
}

#[traced]
fn shadows(value: u8) -> String {
    let value = value.to_string();
    let value = value + "!";
    value
}

#[traced]
fn borrows_from_itself() -> Pin<Box<Vec<u8>>> {
    let list = vec![1];
    Box::pin(list)
}

#[traced]
fn diverges_in_the_middle(flag: bool) -> u8 {
    let number: u8 = if flag { 1 } else { unreachable!("not in the form") };
    number
}

#[traced]
fn large(seed: u64) -> u64 {
    let mut state = seed;
    macro_rules! step {
        ($($number:literal)*) => {
            $(state = state.wrapping_mul(6364136223846793005).wrapping_add($number);)*
        };
    }
    step!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30);
    step!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30);
    step!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30);
    state
}

#[traced]
fn unsafe_block(list: &[u8]) -> Result<u8, Refused> {
    let first = unsafe { list.get_unchecked(0) };
    Ok(*first)
}

#[traced]
fn const_block() -> usize {
    const { 1 + 2 }
}

#[traced]
fn question_mark_on_option(list: &[u8]) -> Option<u8> {
    let (first, last) = (list.first()?, list.last()?);
    Some(first + last)
}

#[traced]
async fn select_like(first: bool) -> Result<&'static str, Refused> {
    let left = async {
        later().await;
        "left"
    };
    let right = async { "right" };
    if first { Ok(left.await) } else { Ok(right.await) }
}

pub(crate) fn forms() -> Vec<Form> {
    vec![
        form("empty", "empty ok", empty),
        form("empty, async", "empty_async ok", || block_on(empty_async())),
        form("one expression", "one_expression ok", one_expression),
        form("block", "tail_is_a_block ok", tail_is_a_block),
        form("statements", "statements_only ok", statements_only),
        form("return", "early_return ok", || early_return(true)),
        form("return in a loop", "return_in_a_loop ok", || return_in_a_loop(&[1, 3])),
        form("labels", "labels ok", || labels(4)),
        form("labelled block", "labelled_block ok", || labelled_block(true)),
        form("recursive", "recursive ok, recursive ok", || recursive(1)),
        form("recursive, Err", "recursive_checked error, recursive_checked error", || {
            recursive_checked(1)
        }),
        form("recursive, async", "recursive_async ok, recursive_async ok", || {
            block_on(recursive_async(1))
        }),
        form("nested functions", "nested_functions ok, inner ok", nested_functions),
        form("nested items", "nested_items ok, get ok", nested_items),
        form("closures", "closures error", || closures(&[1, 10])),
        form("closure with a return", "closure_returns ok", closure_returns),
        form("async blocks", "async_blocks ok", || block_on(async_blocks())),
        form("async closures", "async_closures ok", || block_on(async_closures())),
        form("held across await", "holds_across_await ok", || {
            block_on(holds_across_await("ab".into()))
        }),
        form("tail temporary, drops", "tail_temporary_drops ok", tail_temporary_drops),
        form("lock", "lock ok", || lock(&Mutex::new(1))),
        form("drops", "locals_drop error", locals_drop),
        form("drops, async", "locals_drop_async ok", || block_on(locals_drop_async(Noisy("g")))),
        form("match", "matches ok", || matches(Some(10))),
        form("let else", "let_else error", || let_else(None)),
        form("shadows", "shadows ok", || shadows(1)),
        form("Pin<Box<Vec>>", "borrows_from_itself ok", borrows_from_itself),
        form("diverges", "diverges_in_the_middle ok", || diverges_in_the_middle(true)),
        form("large", "large ok", || large(1)),
        form("unsafe block", "unsafe_block ok", || unsafe_block(&[1])),
        form("const block", "const_block ok", const_block),
        form("? on Option", "question_mark_on_option ok", || question_mark_on_option(&[])),
        form("blocks awaited", "select_like ok", || block_on(select_like(true))),
    ]
}
