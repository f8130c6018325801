//! Functions that return a future without being async.

use std::future::{Future, poll_fn, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, LocalBoxFuture};
use monitor_runtime::{capture_errors, slow_threshold, traced};

use crate::harness::{Form, Noisy, Refused, block_on, form, later, log, poll_once};

type Pinned<T> = Pin<Box<dyn Future<Output = T>>>;

#[traced]
fn inner() {
    log("inner");
}

#[traced]
fn opaque(number: u8) -> impl Future<Output = u8> {
    inner();
    async move {
        later().await;
        inner();
        number
    }
}

#[traced]
fn opaque_send(text: &str) -> impl Future<Output = usize> + Send {
    let length = text.len();
    async move {
        later().await;
        length
    }
}

#[traced]
fn opaque_borrowing<'a>(text: &'a str) -> impl Future<Output = &'a str> + 'a {
    async move {
        later().await;
        text
    }
}

#[traced]
fn opaque_precise<'a, T: Clone>(value: &'a T) -> impl Future<Output = T> + use<'a, T> {
    async move {
        later().await;
        value.clone()
    }
}

#[traced]
fn opaque_static(text: &str) -> impl Future<Output = String> + Send + 'static + use<> {
    let text = text.to_owned();
    async move { text }
}

#[traced]
fn checked(text: &str) -> impl Future<Output = Result<u8, std::num::ParseIntError>> + '_ {
    async move {
        later().await;
        let number: u8 = text.parse()?;
        Ok(number)
    }
}

#[traced]
fn inferred() -> impl Future<Output = Result<Vec<u8>, Refused>> {
    async {
        later().await;
        let list = vec![1, 2].into_iter().collect();
        Ok(list)
    }
}

#[traced]
fn returns_early(early: bool) -> impl Future<Output = u8> {
    if early {
        return ready(1);
    }
    ready(2)
}

#[traced]
fn delegated(text: &str) -> impl Future<Output = Result<u8, std::num::ParseIntError>> + '_ {
    checked(text)
}

#[traced]
fn with_poll_fn() -> impl Future<Output = u8> {
    let mut count = 0;
    poll_fn(move |cx| {
        count += 1;
        cx.waker().wake_by_ref();
        if count == 3 { Poll::Ready(count) } else { Poll::Pending }
    })
}

#[traced]
fn unpin() -> impl Future<Output = u8> + Unpin {
    ready(1)
}

#[traced]
fn of_opaque() -> impl Future<Output = impl Iterator<Item = u8>> {
    async { vec![1, 2].into_iter() }
}

#[traced]
fn other_bound() -> impl Future<Output = u8> + Clone {
    ready(1)
}

#[traced]
fn never_polled(_kept: Noisy) -> impl Future<Output = ()> {
    async { log("never") }
}

#[traced]
fn arguments(a: Noisy, b: Noisy) -> impl Future<Output = ()> {
    log("body");
    async move {
        later().await;
        log(a.0);
        log(b.0);
    }
}

#[traced]
fn pinned(number: u8) -> Pin<Box<dyn Future<Output = u8>>> {
    Box::pin(async move {
        later().await;
        inner();
        number
    })
}

#[traced]
#[expect(unused_qualifications, reason = "the form")]
fn pinned_path(
    text: &str,
) -> ::core::pin::Pin<std::boxed::Box<dyn core::future::Future<Output = usize> + Send + '_>> {
    let text = text.trim();
    Box::pin(async move { text.len() })
}

#[traced]
fn statements_before(number: i32) -> Pin<Box<dyn Future<Output = Result<i32, Refused>> + Send>> {
    if number < 0 {
        return Box::pin(async { Err(Refused("negative")) });
    }
    let doubled = number * 2;
    Box::pin(async move { Ok(doubled) })
}

#[traced]
fn branches(which: u8) -> Pin<Box<dyn Future<Output = u8>>> {
    match which {
        0 => Box::pin(ready(0)),
        1 => async { 1 }.boxed_local(),
        _ => Box::pin(async move {
            later().await;
            which
        }),
    }
}

#[capture_errors]
#[traced]
fn captured(fails: bool) -> BoxFuture<'static, Result<u8, Refused>> {
    async move { if fails { Err(Refused("captured")) } else { Ok(1) } }.boxed()
}

#[traced]
fn box_future<'a>(text: &'a str) -> BoxFuture<'a, usize> {
    async move {
        later().await;
        text.len()
    }
    .boxed()
}

#[traced]
fn box_future_elided(text: &str) -> BoxFuture<'_, usize> {
    Box::pin(async move { text.len() })
}

#[traced]
#[expect(unused_qualifications, reason = "the form")]
fn box_future_path(text: &str) -> futures_util::future::BoxFuture<'_, usize> {
    Box::pin(async move { text.len() })
}

#[traced]
fn local(text: Rc<str>) -> LocalBoxFuture<'static, usize> {
    Box::pin(async move {
        later().await;
        text.len()
    })
}

#[traced]
fn alias(number: u8) -> Pinned<u8> {
    Box::pin(async move { number })
}

mod aliases {
    use std::future::Future;
    use std::pin::Pin;

    use crate::harness::Refused;

    pub(super) type BoxFuture<T> = Pin<Box<dyn Future<Output = Result<T, Refused>>>>;
    pub(super) type LocalBoxFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, Refused>> + 'a>>;
}

#[traced]
fn own_alias(number: u8) -> aliases::BoxFuture<u8> {
    Box::pin(async move { Ok(number) })
}

#[capture_errors]
#[traced]
fn own_alias_borrowing(text: &str) -> aliases::LocalBoxFuture<'_, usize> {
    Box::pin(async move { if text.is_empty() { Err(Refused("empty")) } else { Ok(text.len()) } })
}

#[traced]
fn recursive(depth: u8) -> Pin<Box<dyn Future<Output = u8>>> {
    Box::pin(async move { if depth == 0 { 0 } else { recursive(depth - 1).await + 1 } })
}

#[slow_threshold(ms = 1000, rows = |list| list.len())]
#[traced]
fn rows() -> BoxFuture<'static, Result<Vec<u8>, Refused>> {
    Box::pin(async { Ok(vec![1]) })
}

#[traced]
fn large() -> impl Future<Output = usize> {
    async {
        let block = [1_u8; 4096];
        later().await;
        block.len()
    }
}

#[traced]
fn in_a_box() -> Box<dyn Future<Output = u8> + Unpin> {
    Box::new(ready(1))
}

#[traced]
fn in_a_tuple() -> (impl Future<Output = u8>, u8) {
    (ready(1), 2)
}

struct Service(u8);

impl Service {
    #[traced]
    fn call(&self, more: u8) -> impl Future<Output = u8> + Send + '_ {
        async move {
            later().await;
            self.0 + more
        }
    }

    #[traced]
    fn call_mut(&mut self) -> BoxFuture<'_, &mut u8> {
        Box::pin(async move {
            later().await;
            &mut self.0
        })
    }

    #[traced]
    fn call_owned(self) -> Pin<Box<dyn Future<Output = Self> + Send>>
    where
        Self: Sized,
    {
        Box::pin(async move { self })
    }
}

#[traced]
async fn async_giving_a_future(number: u8) -> impl Future<Output = u8> {
    later().await;
    async move { number }
}

#[traced]
async fn async_giving_a_box(number: u8) -> BoxFuture<'static, u8> {
    if number == 0 {
        return ready(9).boxed();
    }
    later().await;
    async move { number }.boxed()
}

pub(crate) fn forms() -> Vec<Form> {
    vec![
        form("impl Future", "opaque ok, inner ok, inner ok", || block_on(opaque(1))),
        form("+ Send", "opaque_send ok", || {
            fn send<T: Send>(value: T) -> T {
                value
            }
            block_on(send(opaque_send("abc")))
        }),
        form("+ 'a", "opaque_borrowing ok", || block_on(opaque_borrowing("a"))),
        form("+ use", "opaque_precise ok", || block_on(opaque_precise(&1))),
        form("+ 'static", "opaque_static ok", || block_on(opaque_static("a"))),
        form("Result", "checked ok", || block_on(checked("1"))),
        form("Err", "checked error", || block_on(checked("x"))),
        form("inferred", "inferred ok", || block_on(inferred())),
        form("return", "returns_early ok", || block_on(returns_early(true))),
        form("delegated", "delegated error, checked error", || block_on(delegated("x"))),
        form("poll_fn", "with_poll_fn ok", || block_on(with_poll_fn())),
        form("+ Unpin", "unpin ok", || poll_once(Pin::new(&mut unpin()))),
        form("of impl", "of_opaque ok", || block_on(of_opaque()).collect::<Vec<_>>()),
        form("+ Clone", "other_bound ok", || block_on(other_bound().clone())),
        form("never polled", "never_polled cancelled", || drop(never_polled(Noisy("a")))),
        form("dropped half way", "opaque cancelled, inner ok", || {
            let mut future = Box::pin(opaque(1));
            poll_once(future.as_mut()).is_pending()
        }),
        form("drops", "arguments ok", || block_on(arguments(Noisy("a"), Noisy("b")))),
        form("Pin<Box<dyn>>", "pinned ok, inner ok", || block_on(pinned(1))),
        form("std::pin::Pin", "pinned_path ok", || block_on(pinned_path(" ab "))),
        form("statements before", "statements_before error", || block_on(statements_before(-1))),
        form("statements before, Ok", "statements_before ok", || block_on(statements_before(1))),
        form("branches", "branches ok", || block_on(branches(1))),
        form("captured", "captured error", || block_on(captured(true))),
        form("BoxFuture", "box_future ok", || block_on(box_future("ab"))),
        form("BoxFuture<'_>", "box_future_elided ok", || block_on(box_future_elided("ab"))),
        form("path::BoxFuture", "box_future_path ok", || block_on(box_future_path("ab"))),
        form("LocalBoxFuture", "local ok", || block_on(local("ab".into()))),
        form("alias", "alias ok", || block_on(alias(1))),
        form("own alias", "own_alias ok", || block_on(own_alias(1))),
        form("own alias, Err", "own_alias_borrowing error", || block_on(own_alias_borrowing(""))),
        form("recursive", "recursive ok, recursive ok, recursive ok", || block_on(recursive(2))),
        form("rows", "rows ok", || block_on(rows())),
        form("large", "large ok", || block_on(large())),
        form("Box<dyn + Unpin>", "in_a_box ok", || block_on(in_a_box())),
        form("in a tuple", "in_a_tuple ok", || block_on(in_a_tuple().0)),
        form("&self", "call ok", || block_on(Service(1).call(2))),
        form("&mut self", "call_mut ok", || *block_on(Service(1).call_mut())),
        form("self", "call_owned ok", || block_on(Service(1).call_owned()).0),
        form("async, gives a future", "async_giving_a_future ok", || {
            block_on(block_on(async_giving_a_future(1)))
        }),
        form("async, gives a box", "async_giving_a_box ok, async_giving_a_box ok", || {
            (block_on(block_on(async_giving_a_box(0))), block_on(block_on(async_giving_a_box(2))))
        }),
    ]
}
