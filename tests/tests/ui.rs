//! Programs that the attributes must accept, and the message of every mistake.
//!
//! The messages are compared as text. `TRYBUILD=overwrite cargo test -p monitor-tests --test ui`
//! writes them anew; read each one as somebody would who sees it for the first time.

use trybuild::TestCases;

#[test]
fn ui() {
    // Apart: only cases that all have to fail are compiled in one go.
    TestCases::new().compile_fail("ui/fail/*/*.rs");
    TestCases::new().pass("ui/pass/*.rs");
}
