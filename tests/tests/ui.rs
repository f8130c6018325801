//! Programs that the attributes must accept, and the message of every mistake.
//!
//! The messages are compared as text. `TRYBUILD=overwrite cargo test -p monitor-tests --test ui`
//! writes them anew; read each one as somebody would who sees it for the first time.

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/pass/*.rs");
    cases.compile_fail("ui/fail/*/*.rs");
}
