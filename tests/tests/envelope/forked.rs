//! A process that forks after monitoring was set up.

#![cfg(unix)]

use std::collections::HashSet;
use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::{Monitored, PATIENCE, service};

/// `Command` runs a hook in the forked child before it becomes another program: here the child does
/// its work in the hook.
#[test]
fn a_forked_child_delivers_what_it_records() {
    let monitored = Monitored::start();
    service::fail().unwrap_err();
    assert_eq!(monitored.items("event").len(), 1);
    let mut child = Command::new("true");
    // SAFETY: all that other threads hold locks for is flushed, and `TURN` keeps other tests still.
    unsafe {
        child.pre_exec(|| {
            service::fail().unwrap_err();
            service::handle(1).unwrap();
            assert!(monitor_runtime::flush(PATIENCE));
            Ok(())
        });
    }
    assert!(child.status().expect("`true` runs").success());
    assert_eq!(monitored.ingest.items("event").len(), 2);
    assert_eq!(monitored.ingest.items("transaction").len(), 1);

    service::fail().unwrap_err();
    let events = monitored.items("event");
    assert_eq!(events.len(), 3, "the parent goes on");
    // The child went on with the numbers of the parent's thread.
    let ids: HashSet<_> =
        events.iter().map(|event| event.payload["event_id"].to_string()).collect();
    assert_eq!(ids.len(), 3, "{ids:?}");
    assert_eq!(monitored.items("transaction").len(), 1);
}
