//! Functions with every attribute, and the same functions without: twins.
//!
//! Arguments are checked all the same. This compiles:
//!
//! ```
//! #[monitor_runtime::traced(op = "db.query", fields(id))]
//! #[monitor_runtime::slow_threshold(ms = 5)]
//! fn load(id: u64) {}
//! ```
//!
//! and these don't:
//!
//! ```compile_fail
//! #[monitor_runtime::traced(op = 5, fields(id))]
//! fn load(id: u64) {}
//! ```
//!
//! ```compile_fail
//! #[monitor_runtime::traced(opp = "db.query")]
//! fn load(id: u64) {}
//! ```
//!
//! ```compile_fail
//! #[monitor_runtime::traced(op = "db.query", fields(di))]
//! fn load(id: u64) {}
//! ```
//!
//! ```compile_fail
//! #[monitor_runtime::traced]
//! #[monitor_runtime::slow_threshold(ms = 0)]
//! fn load(id: u64) {}
//! ```
//!
//! ```compile_fail
//! #[monitor_runtime::capture_errors]
//! fn load(id: u64) {}
//! ```
//!
//! ```compile_fail
//! #[monitor_runtime::cron_monitor(slug = "nightly", schedule = "0 24 * * *")]
//! fn report() {}
//! ```
//!
//! ```compile_fail
//! #[monitor_runtime::ai_call(model = "gpt-4o")]
//! fn ask(prompt: &str) {}
//! ```

use std::panic::Location;

use monitor_runtime::{
    ai_call, capture_errors, cron_monitor, health_check, slow_threshold, traced,
};

macro_rules! twins {
    ($([$($attributes:tt)*] { $($function:tt)* })*) => {
        /// The functions with their attributes.
        #[cfg(not(only = "plain"))]
        pub mod annotated {
            use super::*;
            $($($attributes)* $($function)*)*
        }

        /// The functions without their attributes.
        #[cfg(not(only = "annotated"))]
        pub mod plain {
            use super::*;
            $($($function)*)*
        }
    };
}

/// A type that has neither `Display` nor `Debug`, nor is it `Clone`.
pub struct Opaque(pub [u64; 5]);

twins! {
    [#[traced(op = "math", name = "doubled", fields(n), tags(n), user = n)]] {
        #[inline(never)]
        pub fn double(n: u64) -> u64 {
            n * 2
        }
    }

    [#[traced(fields(first = kept.0[0]))] #[capture_errors(panics)]] {
        #[inline(never)]
        pub fn consume(kept: Opaque) -> Result<[u64; 5], Opaque> {
            if kept.0[0] == 0 { Err(kept) } else { Ok(kept.0) }
        }
    }

    [#[capture_errors] #[slow_threshold(ms = 5, watchdog)] #[traced]] {
        #[track_caller]
        pub fn caller() -> Result<&'static Location<'static>, ()> {
            Ok(Location::caller())
        }
    }

    [#[traced(op = "db.query", description = "SELECT 1", context(query(size = rows.len())))]
     #[capture_errors(kind = database(operation = "select", table = "users"))]
     #[slow_threshold(ms = 1000, rows = Vec::len)]] {
        pub async fn load(rows: Vec<u64>) -> Result<Vec<u64>, Opaque> {
            let (first, second) = ([rows.len() as u64; 8], rows);
            pause().await;
            if first[0] == 0 { Err(Opaque([0; 5])) } else { Ok(second) }
        }
    }

    // Has no attribute: the code of the future above is part of its own.
    [] {
        #[inline(never)]
        pub fn poll_load(rows: Vec<u64>) -> bool {
            poll_once(load(rows))
        }
    }

    [#[ai_call(provider = "openai", model = "gpt-4o", prompt = prompt, usage = |_| (1, 2))]] {
        pub async fn ask(prompt: &str) -> Result<String, Opaque> {
            pause().await;
            Ok(prompt.to_owned())
        }
    }
}

/// A check, which a registry runs where nothing is recorded, too.
#[cron_monitor(slug = "database", schedule = "@hourly")]
#[health_check(name = "database")]
pub fn database() -> bool {
    true
}

fn poll_once<F: Future>(future: F) -> bool {
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    std::pin::pin!(future).poll(&mut cx).is_ready()
}

/// Is pending once.
pub async fn pause() {
    let mut paused = false;
    std::future::poll_fn(|cx| {
        if std::mem::replace(&mut paused, true) {
            return std::task::Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await
}
