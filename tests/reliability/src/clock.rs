//! The wall clock is set back by a day while a span is open.
//!
//! Under libfaketime, with the file that holds the time as it is to be:
//!
//! ```sh
//! LD_PRELOAD=/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1 DONT_FAKE_MONOTONIC=1 \
//!     FAKETIME_NO_CACHE=1 FAKETIME_TIMESTAMP_FILE=/tmp/time reliability clock /tmp/time
//! ```

use std::fs;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use monitor_runtime::record::Transaction;
use monitor_runtime::{Backend, Config, traced};

struct Check;

impl Backend for Check {
    fn name(&self) -> &'static str {
        "check"
    }

    fn transaction(&self, transaction: &Arc<Transaction>) {
        let root = transaction.root();
        for span in transaction.children() {
            let (start, end) = (span.start(), span.start() + span.duration());
            println!("{}: {:?} long", span.name(), span.duration());
            assert!(
                root.start() <= start && end <= root.start() + root.duration(),
                "outside of its root"
            );
            assert!(span.duration() < Duration::from_secs(10), "{:?}", span.duration());
        }
    }
}

#[traced(op = "task")]
fn root(file: &str) {
    before();
    let now = SystemTime::now();
    fs::write(file, "-1d\n").unwrap();
    let back = now.duration_since(SystemTime::now()).expect("the clock was set back");
    println!("set back by {back:?}");
    after();
}

#[traced(op = "task.step")]
fn before() {}

#[traced(op = "task.step")]
fn after() {}

pub(crate) fn run(file: &str) {
    fs::write(file, "+0\n").unwrap();
    let guard =
        monitor_runtime::init(Config::new().with_traces_sample_rate(1.0).with_backend(Check))
            .unwrap();
    root(file);
    assert!(monitor_runtime::flush(Duration::from_secs(10)));
    drop(guard);
}
