//! How to test that code is instrumented as it should be.

fn main() {}
