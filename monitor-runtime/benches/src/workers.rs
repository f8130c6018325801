//! Two threads that poll futures in turns: none stays on the thread on which it began.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::task::{Context, Waker};

use crate::case::Work;
use crate::measure::Spent;

/// Polls so many futures to their ends; what both threads together spend.
pub fn poll(make: fn() -> Work, futures: u64) -> Spent {
    let queue: Mutex<VecDeque<Work>> = Mutex::new((0..futures).map(|_| make()).collect());
    Spent::on_threads(2, || {
        let mut cx = Context::from_waker(Waker::noop());
        loop {
            let next = queue.lock().expect("no panic").pop_front();
            let Some(mut future) = next else { return };
            if future.as_mut().poll(&mut cx).is_pending() {
                queue.lock().expect("no panic").push_back(future);
            }
        }
    })
}
