//! The work that every contestant's functions do, and a way to run futures without a runtime.

use std::fmt;
use std::future::Future;
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// A few instructions that the compiler can't leave out.
#[inline]
pub fn step(n: u64) -> u64 {
    black_box(n).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 7
}

/// A field with a derived `Debug`.
#[derive(Debug)]
pub struct Shape {
    pub width: u32,
    pub height: u32,
}

pub static SHAPE: Shape = Shape { width: 640, height: 480 };

/// An error of the usual kind.
#[derive(Debug)]
pub struct Refused(pub u64);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "connection {} refused", self.0)
    }
}

impl std::error::Error for Refused {}

/// Pending so many times, and ready then.
pub struct Yields(pub u32);

impl Future for Yields {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.0 == 0 {
            return Poll::Ready(());
        }
        self.0 -= 1;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

/// Polls until ready: no scheduler, so that only the instrumentation differs.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(out) = future.as_mut().poll(&mut cx) {
            return out;
        }
    }
}
