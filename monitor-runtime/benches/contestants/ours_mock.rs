//! The same with the mock, whose clock tests can move: a build of its own.

#[path = "ours.rs"]
mod ours;

fn main() {
    ours::main();
}
