//! Arguments, locals and temporaries are dropped in the order of the function as it was written.
#![deny(warnings)]

use std::cell::RefCell;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

thread_local!(static DROPPED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) });

struct Noisy(&'static str);

impl Drop for Noisy {
    fn drop(&mut self) {
        DROPPED.with_borrow_mut(|dropped| dropped.push(self.0));
    }
}

type Answer = Result<usize, String>;

/// The same functions twice: with and without attributes.
macro_rules! functions {
    ($module:ident $(, #[$attribute:meta])*) => {
        mod $module {
            use super::{Answer, Noisy};

            $(#[$attribute])*
            pub fn sync(first: Noisy, (left, _): (Noisy, Noisy), _: Noisy, _kept: Noisy, mut last: Noisy) -> Answer {
                let _local = Noisy("local");
                last.0 = "changed";
                Ok(first.0.len() + left.0.len())
            }

            $(#[$attribute])*
            pub async fn asynchronous(first: Noisy, (left, _): (Noisy, Noisy), _: Noisy, _kept: Noisy, mut last: Noisy) -> Answer {
                let _local = Noisy("local");
                std::future::ready(()).await;
                last.0 = "changed";
                Ok(first.0.len() + left.0.len())
            }

            $(#[$attribute])*
            pub async fn partly_moved(pair: (Noisy, Noisy), last: Noisy) -> Answer {
                drop(pair.0);
                std::future::ready(()).await;
                Ok(last.0.len())
            }
        }
    };
}

functions!(plain);
functions!(annotated, #[::monitor_runtime::traced], #[::monitor_runtime::capture_errors]);

// The temporary borrow ends before the variable that it borrows from.
#[monitor_runtime::capture_errors]
fn tail(cell: RefCell<Vec<u8>>) -> Answer {
    let local = RefCell::new(cell.borrow().clone());
    Ok(local.borrow().len())
}

#[monitor_runtime::traced]
fn plain_tail() -> usize {
    let local = RefCell::new(vec![1]);
    local.borrow().len()
}

#[monitor_runtime::traced]
async fn tail_async() -> usize {
    let local = RefCell::new(vec![1]);
    local.borrow().len()
}

fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

fn dropped() -> Vec<&'static str> {
    DROPPED.with_borrow_mut(std::mem::take)
}

fn arguments() -> (Noisy, (Noisy, Noisy), Noisy, Noisy, Noisy) {
    let pair = (Noisy("left"), Noisy("right"));
    (Noisy("first"), pair, Noisy("_"), Noisy("kept"), Noisy("last"))
}

fn main() {
    let (first, pair, ignored, kept, last) = arguments();
    plain::sync(first, pair, ignored, kept, last).unwrap();
    let expected = dropped();
    let (first, pair, ignored, kept, last) = arguments();
    annotated::sync(first, pair, ignored, kept, last).unwrap();
    assert_eq!(dropped(), expected);

    let (first, pair, ignored, kept, last) = arguments();
    block_on(plain::asynchronous(first, pair, ignored, kept, last)).unwrap();
    let expected = dropped();
    let (first, pair, ignored, kept, last) = arguments();
    block_on(annotated::asynchronous(first, pair, ignored, kept, last)).unwrap();
    assert_eq!(dropped(), expected);

    block_on(plain::partly_moved((Noisy("left"), Noisy("right")), Noisy("last"))).unwrap();
    let expected = dropped();
    block_on(annotated::partly_moved((Noisy("left"), Noisy("right")), Noisy("last"))).unwrap();
    assert_eq!(dropped(), expected);

    assert_eq!(tail(RefCell::new(vec![1])), Ok(1));
    assert_eq!(plain_tail(), 1);
    assert_eq!(block_on(tail_async()), 1);
}
