//! Words before `fn`, and the attributes of others.

use std::panic::Location;

use monitor_runtime::{capture_errors, slow_threshold, traced};

use crate::harness::{Form, Noisy, Refused, block_on, caught, form, later, log};

#[traced]
unsafe fn not_safe(pointer: *const u8) -> u8 {
    unsafe { *pointer }
}

#[traced]
unsafe fn not_safe_checked(pointer: *const u8) -> Result<u8, Refused> {
    Ok(unsafe { *pointer })
}

#[traced]
async unsafe fn not_safe_async(number: u8) -> u8 {
    later().await;
    number
}

#[traced]
extern "C" fn of_c(number: i32) -> i32 {
    number + 1
}

#[traced]
unsafe extern "system" fn of_the_system(number: i32) -> i32 {
    number + 1
}

#[traced]
extern "C" fn of_c_checked(number: i32) -> Option<Box<i32>> {
    Some(Box::new(number))
}

#[traced]
#[inline]
fn inlined() -> u8 {
    1
}

#[inline(always)]
#[traced]
fn always_inlined() -> Result<u8, Refused> {
    Ok(1)
}

#[inline(never)]
#[traced]
fn never_inlined() -> u8 {
    1
}

#[traced]
#[cold]
fn cold() -> u8 {
    1
}

#[traced]
#[must_use = "the form"]
fn must_be_used() -> u8 {
    1
}

#[must_use]
#[traced]
async fn must_be_used_async() -> u8 {
    later().await;
    1
}

#[traced]
#[track_caller]
fn located() -> (u32, u32) {
    let location = Location::caller();
    (location.line(), location.column())
}

#[track_caller]
#[traced]
fn located_checked(fails: bool) -> Result<(u32, u32), Refused> {
    let location = Location::caller();
    if fails { Err(Refused("located")) } else { Ok((location.line(), location.column())) }
}

#[track_caller]
#[capture_errors]
#[traced]
fn located_captured() -> Result<u32, String> {
    Err(format!("{}", Location::caller().line()))
}

#[track_caller]
#[traced]
fn located_returns(early: bool) -> Result<u32, Refused> {
    if early {
        return Ok(Location::caller().line());
    }
    Err(Refused("late"))
}

#[track_caller]
#[traced]
fn located_rows() -> Vec<u32> {
    vec![Location::caller().line()]
}

#[slow_threshold]
#[track_caller]
#[traced]
fn located_panics(option: Option<u8>) -> u8 {
    option.expect("a value")
}

#[track_caller]
#[traced]
fn drops_located(a: Noisy, b: Noisy) -> Result<u32, Refused> {
    log(b.0);
    drop(a);
    let _local = Noisy("local");
    Ok(Location::caller().line())
}

#[deprecated = "the form"]
#[traced]
fn deprecated() -> u8 {
    1
}

#[cfg_attr(not(miri), traced)]
fn conditionally() -> u8 {
    1
}

#[cfg(not(miri))]
#[traced]
#[cfg(not(miri))]
fn configured() -> u8 {
    1
}

#[cfg(miri)]
#[traced]
fn left_out() -> Missing {}

#[traced]
#[doc = "A text."]
/// Another.
pub(crate) fn documented() -> u8 {
    1
}

#[traced]
fn inner_attributes() -> u8 {
    //! A text.
    #![expect(unused_variables, reason = "the form")]
    let unused = 1;
    2
}

#[traced]
async fn inner_attributes_async() -> Result<u8, Refused> {
    #![expect(unused_variables, reason = "the form")]
    let unused = 1;
    later().await;
    Ok(2)
}

#[traced]
#[expect(clippy::needless_return, reason = "the form")]
fn expected_lint() -> u8 {
    return 1;
}

#[traced]
#[expect(unreachable_pub, reason = "the form")]
pub fn public() -> u8 {
    1
}

#[traced]
pub(super) async fn restricted() -> u8 {
    1
}

#[traced]
fn r#match(r#type: u8) -> u8 {
    r#type
}

#[traced(name = "twice", op = "op", min_duration = "1us")]
#[capture_errors(panics)]
#[slow_threshold(ms = 60000, watchdog)]
fn all_at_once(number: u8) -> Result<u8, Refused> {
    if number == 0 { Err(Refused("zero")) } else { Ok(number) }
}

#[traced]
fn panics(text: &str) -> u8 {
    std::panic::panic_any(text.to_owned())
}

#[traced]
async fn panics_async(text: &str) -> Result<u8, Refused> {
    later().await;
    std::panic::panic_any(text.to_owned())
}

#[test]
#[traced]
fn a_test_above() {
    assert_eq!(inlined(), 1);
}

#[traced]
#[test]
fn a_test_below() -> Result<(), Refused> {
    Ok(())
}

#[test]
#[should_panic(expected = "on purpose")]
#[traced]
fn a_test_that_panics() {
    panic!("on purpose");
}

#[traced]
#[test]
#[should_panic(expected = "on purpose")]
fn a_test_that_panics_below() {
    panic!("on purpose");
}

#[traced]
#[test]
#[ignore = "the form"]
fn an_ignored_test() {}

#[traced]
#[tokio::test]
async fn a_tokio_test_below() {
    tokio::task::yield_now().await;
}

#[tokio::test]
#[traced]
async fn a_tokio_test_above() -> Result<(), Refused> {
    tokio::task::yield_now().await;
    Ok(())
}

pub(crate) fn forms() -> Vec<Form> {
    vec![
        form("unsafe", "not_safe ok", || unsafe { not_safe(&1) }),
        form("unsafe, Result", "not_safe_checked ok", || unsafe { not_safe_checked(&1) }),
        form("async unsafe", "not_safe_async ok", || block_on(unsafe { not_safe_async(1) })),
        form("extern C", "of_c ok", || of_c(1)),
        form("unsafe extern", "of_the_system ok", || unsafe { of_the_system(1) }),
        form("extern C, Option", "of_c_checked ok", || of_c_checked(1)),
        form("inline", "inlined ok", inlined),
        form("inline(always)", "always_inlined ok", always_inlined),
        form("inline(never)", "never_inlined ok", never_inlined),
        form("cold", "cold ok", cold),
        form("must_use", "must_be_used ok", must_be_used),
        form("must_use, async", "must_be_used_async ok", || block_on(must_be_used_async())),
        form("track_caller", "located ok", || located()),
        form("track_caller, Result", "located_checked ok", || located_checked(false)),
        form("track_caller, Err", "located_checked error", || located_checked(true)),
        form("track_caller, captured", "located_captured error", || located_captured()),
        form("track_caller, return", "located_returns ok", || located_returns(true)),
        form("track_caller, Vec", "located_rows ok", || located_rows()),
        form("track_caller, panic", "located_panics panicked", || caught(|| located_panics(None))),
        form("track_caller, drops", "drops_located ok", || drops_located(Noisy("a"), Noisy("b"))),
        #[expect(deprecated, reason = "the form")]
        form("deprecated", "deprecated ok", || deprecated()),
        form("cfg_attr", "conditionally ok", conditionally),
        form("cfg", "configured ok", configured),
        form("doc", "documented ok", documented),
        form("inner attributes", "inner_attributes ok", inner_attributes),
        form("inner attributes, async", "inner_attributes_async ok", || {
            block_on(inner_attributes_async())
        }),
        form("expect", "expected_lint ok", expected_lint),
        form("pub", "public ok", public),
        form("pub(super)", "restricted ok", || block_on(restricted())),
        form("raw identifiers", "match ok", || r#match(1)),
        form("all at once", "twice error", || all_at_once(0)),
        form("panic", "panics panicked", || caught(|| panics("here"))),
        form("panic, async", "panics_async panicked", || caught(|| block_on(panics_async("a")))),
    ]
}
