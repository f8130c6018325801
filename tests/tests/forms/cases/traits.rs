//! Methods of traits and of their implementations.

use std::cmp::Ordering;
use std::convert::TryFrom;
use std::fmt::{self, Debug, Display};
use std::future::Future;
use std::hash::{Hash, Hasher};
use std::ops::{Add, Deref, DerefMut, Index};

use async_trait::async_trait;
use monitor_runtime::{capture_errors, traced};

use crate::harness::{Form, Refused, block_on, form, later, log};

trait Shape {
    fn area(&self) -> u32;

    #[traced]
    fn described(&self) -> String {
        format!("area {}", self.area())
    }

    #[traced]
    fn sized() -> usize
    where
        Self: Sized,
    {
        size_of::<Self>()
    }

    #[traced]
    fn consumed(self) -> Result<u32, Refused>
    where
        Self: Sized,
    {
        Ok(self.area())
    }

    #[traced]
    fn boxed(self: Box<Self>) -> u32 {
        self.area()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Square(u32);

impl Shape for Square {
    #[traced]
    fn area(&self) -> u32 {
        self.0 * self.0
    }
}

trait Native {
    async fn load(&self, id: u8) -> Result<u8, Refused>;

    #[traced]
    async fn twice(&self, id: u8) -> Result<u8, Refused> {
        Ok(self.load(id).await? + self.load(id).await?)
    }

    #[traced]
    async fn generic<T: Into<u64>>(&self, value: T) -> u64 {
        later().await;
        value.into()
    }
}

impl Native for Square {
    #[traced]
    async fn load(&self, id: u8) -> Result<u8, Refused> {
        later().await;
        if id > 9 { Err(Refused("id")) } else { Ok(id) }
    }
}

trait Sendable {
    fn load(&self, id: u8) -> impl Future<Output = u8> + Send;

    #[traced]
    fn with_default(&self, id: u8) -> impl Future<Output = u8> + Send
    where
        Self: Sync,
    {
        async move { self.load(id).await + 1 }
    }
}

impl Sendable for Square {
    #[traced]
    fn load(&self, id: u8) -> impl Future<Output = u8> + Send {
        async move {
            later().await;
            id
        }
    }
}

struct Refined;

impl Sendable for Refined {
    #[traced]
    async fn load(&self, id: u8) -> u8 {
        later().await;
        id
    }
}

#[async_trait]
trait Below {
    async fn load(&self, id: u8) -> Result<u8, Refused>;

    #[traced]
    async fn with_default(&self, text: &str) -> usize {
        later().await;
        text.len()
    }
}

#[async_trait]
impl Below for Square {
    #[traced]
    #[capture_errors]
    async fn load(&self, id: u8) -> Result<u8, Refused> {
        later().await;
        if id > 9 {
            return Err(Refused("id"));
        }
        Ok(id)
    }
}

#[traced]
#[async_trait]
trait Above: Sync {
    async fn first(&mut self, id: u8) -> u8;

    async fn second(&self, text: &str) -> Result<usize, Refused> {
        later().await;
        text.chars().next().ok_or(Refused("empty"))?;
        Ok(text.len())
    }
}

#[traced]
#[async_trait]
impl Above for Square {
    async fn first(&mut self, id: u8) -> u8 {
        later().await;
        self.0 += 1;
        id
    }
}

#[async_trait]
#[traced]
impl Above for Refined {
    async fn first(&mut self, id: u8) -> u8 {
        later().await;
        log("refined");
        id
    }
}

#[async_trait(?Send)]
trait Local {
    #[traced]
    async fn call(self: Box<Self>, value: std::rc::Rc<u8>) -> u8 {
        later().await;
        *value
    }
}

#[async_trait(?Send)]
impl Local for Square {}

impl Display for Square {
    #[traced]
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}²", self.0)
    }
}

impl Add for Square {
    type Output = Self;

    #[traced]
    fn add(self, other: Self) -> Self::Output {
        Self(self.0 + other.0)
    }
}

#[expect(clippy::derive_ord_xor_partial_ord, reason = "the form")]
#[derive(PartialEq, Eq, Ord)]
struct Rank(u8);

impl PartialOrd for Rank {
    #[traced]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.0.partial_cmp(&other.0)
    }
}

#[derive(PartialEq, Eq, Copy)]
struct Ordered(u8);

impl Clone for Ordered {
    #[traced]
    fn clone(&self) -> Self {
        *self
    }
}

impl Ord for Ordered {
    #[traced]
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for Ordered {
    #[traced]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

struct Noted(u8);

impl Drop for Noted {
    #[traced(name = "dropped")]
    fn drop(&mut self) {
        log(format!("noted {}", self.0));
    }
}

impl Deref for Noted {
    type Target = u8;

    #[traced]
    fn deref(&self) -> &u8 {
        &self.0
    }
}

impl DerefMut for Noted {
    #[traced]
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl Index<usize> for Square {
    type Output = u32;

    #[traced]
    fn index(&self, _: usize) -> &Self::Output {
        &self.0
    }
}

impl Hash for Noted {
    #[traced]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

struct Count(u8);

impl Iterator for Count {
    type Item = u8;

    #[traced]
    fn next(&mut self) -> Option<Self::Item> {
        self.0 = self.0.checked_sub(1)?;
        Some(self.0)
    }
}

impl TryFrom<u32> for Square {
    type Error = Refused;

    #[traced]
    fn try_from(side: u32) -> Result<Self, Self::Error> {
        if side == 0 { Err(Refused("no side")) } else { Ok(Self(side)) }
    }
}

impl Future for Count {
    type Output = u8;

    #[traced]
    fn poll(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Self::Output> {
        if self.0 == 0 {
            return std::task::Poll::Ready(9);
        }
        self.0 -= 1;
        cx.waker().wake_by_ref();
        std::task::Poll::Pending
    }
}

impl<T: Shape + ?Sized> Shape for Box<T> {
    #[traced(name = "boxed_area")]
    fn area(&self) -> u32 {
        (**self).area()
    }
}

pub(crate) fn forms() -> Vec<Form> {
    vec![
        form("implementation", "area ok", || Square(2).area()),
        form("default method", "described ok, area ok", || Square(2).described()),
        form("default method of dyn", "described ok, area ok", || {
            let shape: &dyn Shape = &Square(2);
            shape.described()
        }),
        form("where Self: Sized", "sized ok", Square::sized),
        form("self where Self: Sized", "consumed ok, area ok", || Square(2).consumed()),
        form("self: Box<Self>", "boxed ok, boxed_area ok, area ok", || {
            let shape: Box<dyn Shape> = Box::new(Square(3));
            shape.boxed()
        }),
        form("blanket", "boxed_area ok, area ok", || {
            let shape: Box<dyn Shape> = Box::new(Square(3));
            Shape::area(&shape)
        }),
        form("async fn", "load error", || block_on(Native::load(&Square(1), 10))),
        form("async default", "twice ok, load ok, load ok", || block_on(Square(1).twice(2))),
        form("async generic", "generic ok", || block_on(Square(1).generic(2_u8))),
        form("impl Future + Send", "load ok", || block_on(Sendable::load(&Square(1), 2))),
        form("impl Future + Send, default", "with_default ok, load ok", || {
            block_on(Sendable::with_default(&Square(1), 2))
        }),
        form("refined", "with_default ok, load ok", || block_on(Refined.with_default(2))),
        form("async_trait above", "load ok", || block_on(Below::load(&Square(1), 2))),
        form("async_trait above, Err", "load error", || block_on(Below::load(&Square(1), 10))),
        form("async_trait above, default", "with_default ok", || {
            block_on(Below::with_default(&Square(1), "abc"))
        }),
        form("async_trait above, dyn", "load ok", || {
            let below: Box<dyn Below> = Box::new(Square(1));
            block_on(below.load(2))
        }),
        form("async_trait below", "first ok", || block_on(Square(1).first(2))),
        form("async_trait below, default", "second error", || block_on(Square(1).second(""))),
        form("async_trait above the block", "first ok", || block_on(Refined.first(2))),
        form("async_trait(?Send)", "call ok", || block_on(Box::new(Square(1)).call(5.into()))),
        form("Display", "fmt ok", || Square(2).to_string()),
        form("Add", "add ok", || Square(1) + Square(2)),
        form("PartialOrd", "partial_cmp ok", || Rank(1) < Rank(2)),
        form("PartialOrd by Ord", "partial_cmp ok, cmp ok", || Ordered(1) < Ordered(2)),
        form("Clone by Copy", "clone ok", || Clone::clone(&Ordered(1)) == Ordered(1)),
        form("Drop", "dropped ok", || drop(Noted(1))),
        form("Deref", "deref ok, dropped ok", || *Noted(1) + 1),
        form("DerefMut", "deref_mut ok, dropped ok", || *Noted(1) = 2),
        form("Index", "index ok", || Square(1)[0]),
        form("Hash", "hash ok, dropped ok", || {
            Noted(1).hash(&mut std::hash::DefaultHasher::new());
        }),
        form("Iterator", "next ok, next ok", || Iterator::collect::<Vec<_>>(Count(1))),
        form("TryFrom", "try_from error", || Square::try_from(0)),
        form("Future", "poll ok, poll ok", || block_on(Count(1))),
    ]
}
