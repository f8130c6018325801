//! What a contestant is: its cases, and how it hands over what it recorded.

use std::pin::Pin;

/// A future that any thread may poll.
pub type Work = Pin<Box<dyn Future<Output = u64> + Send>>;

/// One kind of work.
pub struct Case {
    pub name: &'static str,
    /// Calls below each root.
    pub calls: u64,
    pub run: Run,
}

/// How the work is done.
#[derive(Clone, Copy)]
pub enum Run {
    /// So many roots, on the thread that measures.
    Here(fn(u64)),
    /// So many roots, shared out to two threads.
    TwoThreads(fn(u64)),
    /// Roots as futures, which two threads poll in turns.
    Workers(fn() -> Work),
}

/// A library, or a way of using it.
pub struct Contestant {
    pub cases: &'static [Case],
    /// Calls in a batch: few enough that no queue of the library runs over before the flush.
    pub batch: u64,
    /// Brings everything recorded to its destination.
    pub flush: fn(),
    /// Spans below roots that reached their destination so far.
    pub delivered: fn() -> u64,
}

/// The table of a contestant's cases; the names of its functions are the same for all.
#[macro_export]
macro_rules! cases {
    () => {{
        use std::hint::black_box;
        use $crate::{Case, Run, work::block_on};
        fn times(roots: u64, work: impl Fn() -> u64) {
            for _ in 0..roots {
                black_box(work());
            }
        }
        $crate::cases! {
            "leaf100": 100 Run::Here(|roots| times(roots, || root(100)));
            "leaf1000": 1000 Run::Here(|roots| times(roots, || root(1000)));
            "leaf10000": 10000 Run::Here(|roots| times(roots, || root(10_000)));
            "nested": 100 Run::Here(|roots| times(roots, || root_nested(100)));
            "threads2": 100 Run::TwoThreads(|roots| times(roots, || root(100)));
            "fields": 100 Run::Here(|roots| times(roots, || root_fields(100)));
            "ok": 100 Run::Here(|roots| times(roots, || root_ok(100)));
            "stacked": 100 Run::Here(|roots| times(roots, || root_stacked(100)));
            "err": 100 Run::Here(|roots| times(roots, || root_err(100)));
            "async0": 100 Run::Here(|roots| times(roots, || block_on(root_async(100, false))));
            "async10": 100 Run::Here(|roots| times(roots, || block_on(root_async(100, true))));
            "workers": 100 Run::Workers(|| Box::pin(root_async(100, true)));
            "orphan": 1 Run::Here(|roots| times(roots, || orphan(3)));
            "roots": 1 Run::Here(|roots| times(roots, || root(0)));
        }
    }};
    ($($name:literal: $calls:literal $run:expr;)*) => {
        &[$(Case { name: $name, calls: $calls, run: $run }),*]
    };
}

/// The functions of a contestant that has attributes, but `fields`, whose attribute names arguments.
#[macro_export]
macro_rules! functions {
    (
        span: [$($span:meta),*], ok: [$($ok:meta),*],
        stacked: [$($stacked:meta),*], captured: [$($captured:meta),*],
        orphan: [$($orphan:meta),*], root: [$($root:meta),*],
    ) => {
        use $crate::work::{Refused, SHAPE, Shape, Yields, step};

        $(#[$span])*
        #[inline(never)]
        fn leaf(n: u64) -> u64 {
            step(n)
        }

        $(#[$root])*
        #[inline(never)]
        fn root(n: u64) -> u64 {
            (0..n).fold(0, |sum, _| leaf(sum))
        }

        $(#[$span])*
        #[inline(never)]
        fn nested(depth: u64) -> u64 {
            if depth == 1 { step(depth) } else { step(nested(depth - 1)) }
        }

        $(#[$root])*
        #[inline(never)]
        fn root_nested(n: u64) -> u64 {
            (0..n / 10).fold(0, |sum, _| sum ^ nested(10))
        }

        $(#[$root])*
        #[inline(never)]
        fn root_fields(n: u64) -> u64 {
            (0..n).fold(0, |sum, i| sum ^ fields(i, -3, "select * from users", &SHAPE))
        }

        $(#[$ok])*
        #[inline(never)]
        fn fallible(n: u64) -> Result<u64, Refused> {
            if n == u64::MAX { Err(Refused(n)) } else { Ok(step(n)) }
        }

        $(#[$root])*
        #[inline(never)]
        fn root_ok(n: u64) -> u64 {
            (0..n).fold(0, |sum, i| sum ^ fallible(i).unwrap_or(0))
        }

        $(#[$stacked])*
        #[inline(never)]
        fn stacked(n: u64) -> Result<u64, Refused> {
            if n == u64::MAX { Err(Refused(n)) } else { Ok(step(n)) }
        }

        $(#[$root])*
        #[inline(never)]
        fn root_stacked(n: u64) -> u64 {
            (0..n).fold(0, |sum, i| sum ^ stacked(i).unwrap_or(0))
        }

        $(#[$captured])*
        #[inline(never)]
        fn captured(n: u64) -> Result<u64, Refused> {
            if n == u64::MAX { Err(Refused(n)) } else { Ok(step(n)) }
        }

        $(#[$root])*
        #[inline(never)]
        fn root_err(n: u64) -> u64 {
            (0..n).fold(0, |sum, _| sum ^ captured(u64::MAX).unwrap_or(1))
        }

        $(#[$span])*
        #[inline(never)]
        async fn ready(n: u64) -> u64 {
            step(n)
        }

        $(#[$span])*
        #[inline(never)]
        async fn yielding(n: u64) -> u64 {
            Yields(10).await;
            step(n)
        }

        $(#[$root])*
        #[inline(never)]
        async fn root_async(n: u64, yields: bool) -> u64 {
            let mut sum = 0;
            for _ in 0..n {
                sum = if yields { yielding(sum).await } else { ready(sum).await };
            }
            sum
        }

        $(#[$orphan])*
        #[inline(never)]
        fn orphan(n: u64) -> u64 {
            step(n)
        }
    };
}
