//! Arguments: patterns, `mut`, `_`, `impl`, `dyn`, conditions, and the order of their drops.

use std::collections::BTreeMap;
use std::fmt::Debug;

use monitor_runtime::{capture_errors, traced};

use crate::harness::{Form, Noisy, Refused, block_on, form, later, log};

struct Point<T> {
    x: T,
    y: T,
}

#[traced]
fn tuple((a, b): (u8, u8)) -> u8 {
    a + b
}

#[traced]
fn nested((a, (b, [c, ..])): (u8, (u8, [u8; 3]))) -> u8 {
    a + b + c
}

#[traced]
fn structure(Point { x, y: renamed }: Point<u8>) -> u8 {
    x - renamed
}

#[traced]
fn structure_checked(Point { x, .. }: Point<String>, more: &str) -> Result<String, Refused> {
    Ok(x + more)
}

#[traced]
fn reference(&(a, b): &(u8, u8)) -> u8 {
    a * b
}

#[traced]
fn by_ref(ref text: String) -> usize {
    text.len()
}

#[traced]
fn by_ref_checked(ref text: String, ref mut other: Vec<u8>) -> Result<usize, Refused> {
    other.push(1);
    Ok(text.len() + other.len())
}

#[traced]
fn bound(all @ (first, _): (u8, u8)) -> (u8, (u8, u8)) {
    (first, all)
}

#[traced]
fn mutable(mut sum: u32, mut list: Vec<u32>) -> u32 {
    list.push(1);
    sum += list.iter().sum::<u32>();
    sum
}

#[traced]
fn mutable_checked(mut sum: u32, mut list: Vec<u32>) -> Result<Vec<u32>, Refused> {
    sum += 1;
    list.push(sum);
    Ok(list)
}

#[traced]
fn mutable_parts((mut a, b): (u8, u8)) -> Result<u8, Refused> {
    a += b;
    Ok(a)
}

#[traced]
async fn mutable_async(mut rest: &str, mut list: Vec<String>) -> Vec<String> {
    while let Some((word, more)) = rest.split_once(' ') {
        list.push(word.to_owned());
        rest = more;
        later().await;
    }
    list
}

#[traced]
fn ignored(_: Noisy, _later: Noisy, used: Noisy) {
    log(used.0);
}

#[traced]
fn ignored_checked(_: Noisy, _later: Noisy, used: Noisy) -> Result<(), Refused> {
    log(used.0);
    Ok(())
}

#[traced]
async fn ignored_async(_: Noisy, _later: Noisy, used: Noisy) {
    later().await;
    log(used.0);
}

#[traced]
fn many(a: Noisy, b: Noisy, c: Noisy) {
    log("body");
    drop(b);
    let _c = c;
    log(a.0);
}

#[traced]
fn many_checked(a: Noisy, b: Noisy, c: Noisy) -> Result<(), Refused> {
    log("body");
    drop(b);
    let _c = c;
    log(a.0);
    Err(Refused("no"))
}

#[traced]
async fn many_async(a: Noisy, b: Noisy, c: Noisy) -> Result<(), Refused> {
    let (_x, _y) = (Noisy("x"), Noisy("y"));
    later().await;
    drop(b);
    log(a.0);
    log(c.0);
    Ok(())
}

#[traced]
async fn parts_async((a, _): (Noisy, Noisy), b: Noisy, Point { x, y }: Point<Noisy>) {
    later().await;
    log(format!("{}{}{}{}", a.0, b.0, x.0, y.0));
}

#[capture_errors]
#[traced]
fn parts_checked((a, _): (Noisy, Noisy), b: Noisy, _: Noisy) -> Result<(), Refused> {
    log(format!("{}{}", a.0, b.0));
    Ok(())
}

#[traced]
fn opaque(items: impl IntoIterator<Item = u8>) -> u8 {
    items.into_iter().sum()
}

#[traced]
async fn opaque_async(items: impl IntoIterator<Item = impl Into<u64>>) -> u64 {
    later().await;
    items.into_iter().map(Into::into).sum()
}

#[traced]
fn callback(call: impl FnOnce(u8) -> u8) -> Result<u8, Refused> {
    Ok(call(1))
}

#[traced]
fn callback_mut(mut call: impl FnMut(u8)) {
    call(1);
    call(2);
}

#[traced]
async fn async_callback(call: impl AsyncFn(u8) -> u8) -> u8 {
    call(1).await + call(2).await
}

#[traced]
fn dynamic(value: &dyn Debug, mut more: Box<dyn FnMut() -> u8>) -> String {
    format!("{value:?}{}", more())
}

#[traced]
fn pointer(call: fn(u8) -> u8, raw: *const u8) -> (u8, bool) {
    (call(1), raw.is_null())
}

#[traced]
fn slices(bytes: &[u8], text: &mut [char], array: [u8; 2]) -> usize {
    text.reverse();
    bytes.len() + text.len() + array.len()
}

#[traced]
fn conditional(#[cfg(not(miri))] there: u8, #[cfg(miri)] gone: Gone) -> u8 {
    there
}

#[traced(fields(there))]
async fn conditional_async(#[cfg(not(miri))] there: String, #[cfg(miri)] gone: Gone) -> usize {
    later().await;
    there.len()
}

#[capture_errors]
#[traced]
fn conditional_checked(
    #[cfg(not(miri))] there: Noisy,
    #[cfg(miri)] gone: Gone,
) -> Result<(), Refused> {
    log(there.0);
    Ok(())
}

#[traced]
fn with_attributes(#[allow(unused_variables, reason = "the form")] unused: u8) -> u8 {
    2
}

#[traced]
fn only_in_a_format(name: String, width: usize) -> Result<String, Refused> {
    Ok(format!("{name:>width$}"))
}

#[traced]
async fn moved_into_a_closure(name: String, list: Vec<u8>) -> usize {
    let length = move || name.len() + list.len();
    later().await;
    length()
}

#[traced(fields(map = ?map))]
fn fields_of_moved(map: BTreeMap<u8, u8>) -> Result<BTreeMap<u8, u8>, Refused> {
    Ok(map)
}

#[traced]
#[expect(clippy::too_many_arguments, reason = "the form")]
async fn nine(a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8, i: u8) -> u8 {
    later().await;
    a + b + c + d + e + f + g + h + i
}

pub(crate) fn forms() -> Vec<Form> {
    let point = |x, y| Point { x, y };
    vec![
        form("tuple", "tuple ok", || tuple((1, 2))),
        form("nested", "nested ok", || nested((1, (2, [3, 4, 5])))),
        form("structure", "structure ok", move || structure(point(5, 3))),
        form("structure, Result", "structure_checked ok", || {
            structure_checked(Point { x: "a".into(), y: "b".into() }, "c")
        }),
        form("reference", "reference ok", || reference(&(2, 3))),
        form("ref", "by_ref ok", || by_ref("abc".into())),
        form("ref, Result", "by_ref_checked ok", || by_ref_checked("abc".into(), vec![])),
        form("@", "bound ok", || bound((1, 2))),
        form("mut", "mutable ok", || mutable(1, vec![2])),
        form("mut, Result", "mutable_checked ok", || mutable_checked(1, vec![2])),
        form("mut in a pattern", "mutable_parts ok", || mutable_parts((1, 2))),
        form("mut, async", "mutable_async ok", || block_on(mutable_async("a b c", vec![]))),
        form("_", "ignored ok", || ignored(Noisy("1"), Noisy("2"), Noisy("3"))),
        form("_, Result", "ignored_checked ok", || {
            ignored_checked(Noisy("1"), Noisy("2"), Noisy("3"))
        }),
        form("_, async", "ignored_async ok", || {
            block_on(ignored_async(Noisy("1"), Noisy("2"), Noisy("3")));
        }),
        form("drops", "many ok", || many(Noisy("1"), Noisy("2"), Noisy("3"))),
        form("drops, Result", "many_checked error", || {
            many_checked(Noisy("1"), Noisy("2"), Noisy("3"))
        }),
        form("drops, async", "many_async ok", || {
            block_on(many_async(Noisy("1"), Noisy("2"), Noisy("3")))
        }),
        form("drops of parts, async", "parts_async ok", || {
            let point = Point { x: Noisy("4"), y: Noisy("5") };
            block_on(parts_async((Noisy("1"), Noisy("2")), Noisy("3"), point));
        }),
        form("drops of parts, Result", "parts_checked ok", || {
            parts_checked((Noisy("1"), Noisy("2")), Noisy("3"), Noisy("4"))
        }),
        form("impl Trait", "opaque ok", || opaque([1, 2])),
        form("impl Trait, async", "opaque_async ok", || block_on(opaque_async([1_u8, 2]))),
        form("impl FnOnce", "callback ok", || callback(|number| number + 1)),
        form("impl FnMut", "callback_mut ok", || {
            let mut sum = 0;
            callback_mut(|number| sum += number);
            sum
        }),
        form("impl AsyncFn", "async_callback ok", || {
            block_on(async_callback(async |number| number * 2))
        }),
        form("dyn", "dynamic ok", || dynamic(&"a", Box::new(|| 1))),
        form("fn pointer", "pointer ok", || pointer(|number| number, std::ptr::null())),
        form("slices", "slices ok", || slices(b"abc", &mut ['a', 'b'], [1, 2])),
        form("cfg", "conditional ok", || conditional(1)),
        form("cfg, async", "conditional_async ok", || block_on(conditional_async("ab".into()))),
        form("cfg, Result", "conditional_checked ok", || conditional_checked(Noisy("1"))),
        form("attributes", "with_attributes ok", || with_attributes(1)),
        form("format string", "only_in_a_format ok", || only_in_a_format("a".into(), 3)),
        form("moved on", "moved_into_a_closure ok", || {
            block_on(moved_into_a_closure("ab".into(), vec![1]))
        }),
        form("recorded and moved", "fields_of_moved ok", || fields_of_moved(BTreeMap::new())),
        form("nine", "nine ok", || block_on(nine(1, 1, 1, 1, 1, 1, 1, 1, 1))),
    ]
}
