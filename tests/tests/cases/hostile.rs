//! What has ended other libraries' processes, or kept them from ending.

use std::cell::Cell;
use std::error::Error;
use std::fmt;
use std::process::ExitCode;

use monitor_runtime::{Config, capture_error, capture_errors, traced};

use crate::{Case, fail, monitored};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("a_thread_local_is_destroyed_first", a_thread_local_is_destroyed_first, (2, 2)),
        Case::new("a_thread_local_is_destroyed_last", a_thread_local_is_destroyed_last, (2, 2)),
        Case::new("a_hook_panics", a_hook_panics, (0, 1)),
        Case::new("an_error_is_its_own_source", an_error_is_its_own_source, (1, 0)),
        Case::new("a_chain_of_20000_sources", a_chain_of_20000_sources, (1, 0)),
        Case::new("a_display_panics", a_display_panics, (1, 1)),
        Case::new("a_drop_records_while_unwinding", a_drop_records_while_unwinding, (1, 1)),
        Case::new("a_closure_in_a_scope_panics", a_closure_in_a_scope_panics, (1, 1)),
        Case::new("nothing_is_set_up", nothing_is_set_up, (0, 0)),
    ]
}

/// Records when its thread ends.
struct Recorder;

impl Drop for Recorder {
    fn drop(&mut self) {
        let _ = fail();
        monitor_runtime::set_tag("late", "yes");
        let _ = monitor_runtime::current_span().is_recorded();
    }
}

thread_local! {
    static RECORDER: Cell<Option<Recorder>> = const { Cell::new(None) };
}

/// The program's thread-local before ours, and so destroyed after it.
fn a_thread_local_is_destroyed_last() -> ExitCode {
    let _guard = monitored();
    on_a_thread(|| {
        RECORDER.set(Some(Recorder));
        let _ = fail();
    });
    ExitCode::SUCCESS
}

fn a_thread_local_is_destroyed_first() -> ExitCode {
    let _guard = monitored();
    on_a_thread(|| {
        let _ = fail();
        RECORDER.set(Some(Recorder));
    });
    ExitCode::SUCCESS
}

fn on_a_thread(f: impl FnOnce() + Send + 'static) {
    std::thread::spawn(f).join().expect("the thread ends well");
}

fn a_hook_panics() -> ExitCode {
    let config = Config::from_env().expect("a valid environment").with_traces_sample_rate(1.0);
    let config = config.with_before_send(|_| panic!("in the hook"));
    let _guard = monitor_runtime::init(config).expect("a valid config");
    let _ = fail();
    ExitCode::SUCCESS
}

#[derive(Debug)]
struct Cyclic;

impl fmt::Display for Cyclic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it is its own source")
    }
}

impl Error for Cyclic {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self)
    }
}

fn an_error_is_its_own_source() -> ExitCode {
    let _guard = monitored();
    capture_error(&Cyclic);
    ExitCode::SUCCESS
}

#[derive(Debug)]
struct Link(Option<Box<Self>>);

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a link")
    }
}

impl Error for Link {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.0.as_deref()?)
    }
}

fn a_chain_of_20000_sources() -> ExitCode {
    let _guard = monitored();
    let mut chain = Link(None);
    for _ in 0..20_000 {
        chain = Link(Some(Box::new(chain)));
    }
    capture_error(&chain);
    // Its own drop is the program's affair, and so deep a one needs more stack than there is.
    std::mem::forget(chain);
    ExitCode::SUCCESS
}

struct Bad;

impl fmt::Display for Bad {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("in Display")
    }
}

impl fmt::Debug for Bad {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("in Debug")
    }
}

impl Error for Bad {}

#[traced(fields(?bad))]
#[capture_errors]
fn bad(bad: &Bad) -> Result<(), Bad> {
    let _ = bad;
    Err(Bad)
}

fn a_display_panics() -> ExitCode {
    let _guard = monitored();
    let _ = bad(&Bad);
    ExitCode::SUCCESS
}

fn a_drop_records_while_unwinding() -> ExitCode {
    let _guard = monitored();
    let unwound = std::panic::catch_unwind(|| {
        let _recorder = Recorder;
        panic!("in the program");
    });
    assert!(unwound.is_err());
    ExitCode::SUCCESS
}

/// No lock stays poisoned, and the scope is as before.
fn a_closure_in_a_scope_panics() -> ExitCode {
    let _guard = monitored();
    let unwound = std::panic::catch_unwind(|| {
        monitor_runtime::with_scope(|| {
            monitor_runtime::set_tag("inside", "yes");
            panic!("in the program");
        });
    });
    assert!(unwound.is_err());
    let _ = fail();
    ExitCode::SUCCESS
}

fn nothing_is_set_up() -> ExitCode {
    let _ = fail();
    capture_error(&Cyclic);
    monitor_runtime::set_tag("key", "value");
    assert!(!monitor_runtime::is_enabled());
    monitor_runtime::exit(0)
}
