//! Functions that return a stream: the span lasts from the call to the last item.

use std::pin::Pin;
use std::rc::Rc;

use futures_util::stream::{BoxStream, LocalBoxStream, iter, once, unfold};
use futures_util::{Stream, StreamExt};
use monitor_runtime::{capture_errors, traced};

use crate::harness::{Form, Noisy, Refused, collect, form, later, log, next};

#[traced]
fn inner() {
    log("inner");
}

#[traced]
fn opaque(limit: u8) -> impl Stream<Item = u8> {
    inner();
    unfold(0, move |number| async move {
        later().await;
        inner();
        (number < limit).then_some((number, number + 1))
    })
}

#[traced]
fn opaque_bounds<'a>(list: &'a [u8]) -> impl Stream<Item = &'a u8> + Send + Unpin + 'a {
    iter(list)
}

#[traced]
fn checked(fails: bool) -> impl Stream<Item = Result<u8, Refused>> {
    iter([Ok(1), if fails { Err(Refused("item")) } else { Ok(2) }])
}

#[capture_errors]
#[traced]
fn captured() -> impl Stream<Item = Result<u8, Refused>> {
    iter([Ok(1), Err(Refused("captured")), Ok(3)])
}

#[traced]
fn pinned(limit: u8) -> Pin<Box<dyn Stream<Item = u8> + Send>> {
    if limit > 9 {
        return Box::pin(iter([]));
    }
    Box::pin(iter(0..limit))
}

#[traced]
fn box_stream(list: &[u8]) -> BoxStream<'_, u8> {
    iter(list).copied_items().boxed()
}

#[traced]
fn local(list: Rc<[u8]>) -> LocalBoxStream<'static, u8> {
    iter((0..list.len()).map(move |index| list[index])).boxed_local()
}

#[capture_errors]
#[traced]
fn box_captured() -> BoxStream<'static, Result<u8, Refused>> {
    once(async { Err(Refused("boxed")) }).boxed()
}

#[traced]
async fn from_async() -> impl Stream<Item = u8> {
    later().await;
    iter([1, 2])
}

#[traced]
fn kept(guard: Noisy) -> impl Stream<Item = &'static str> {
    iter([1, 2]).map(move |_| guard.0)
}

trait Copied<'a> {
    fn copied_items(self) -> impl Stream<Item = u8> + Send + 'a;
}

impl<'a, S: Stream<Item = &'a u8> + Send + 'a> Copied<'a> for S {
    fn copied_items(self) -> impl Stream<Item = u8> + Send + 'a {
        self.map(|number| *number)
    }
}

struct Table(Vec<u8>);

impl Table {
    #[traced]
    fn rows(&self) -> impl Stream<Item = u8> + '_ {
        iter(&self.0).map(|number| *number)
    }
}

/// `impl Iterator`: the call, not the items.
#[traced]
fn items(limit: u8) -> impl Iterator<Item = u8> {
    inner();
    (0..limit).inspect(|_| log("item"))
}

pub(crate) fn forms() -> Vec<Form> {
    vec![
        form("impl Stream", "opaque ok, inner ok, inner ok, inner ok, inner ok", || {
            collect(opaque(2))
        }),
        form("bounds", "opaque_bounds ok", || collect(opaque_bounds(&[1, 2])).len()),
        form("dropped early", "opaque cancelled, inner ok, inner ok", || {
            next(Box::pin(opaque(2)).as_mut())
        }),
        form("never polled", "opaque cancelled, inner ok", || drop(opaque(1))),
        form("results", "checked ok", || collect(checked(false))),
        form("captured", "captured error", || collect(captured())),
        form("captured, dropped early", "captured error", || {
            let mut stream = Box::pin(captured());
            (next(stream.as_mut()), next(stream.as_mut()))
        }),
        form("Pin<Box<dyn>>", "pinned ok", || collect(pinned(2))),
        form("Pin<Box<dyn>>, return", "pinned ok", || collect(pinned(10))),
        form("BoxStream", "box_stream ok", || collect(box_stream(&[1, 2]))),
        form("LocalBoxStream", "local ok", || collect(local([1, 2].into()))),
        form("BoxStream, captured", "box_captured error", || collect(box_captured())),
        form("async", "from_async ok", || collect(crate::harness::block_on(from_async()))),
        form("drops", "kept ok", || collect(kept(Noisy("guard")))),
        form("&self", "rows ok", || collect(Table(vec![1]).rows())),
        form("impl Iterator", "items ok, inner ok", || items(2).collect::<Vec<_>>()),
    ]
}
