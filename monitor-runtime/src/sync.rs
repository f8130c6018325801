//! What threads share memory by. `tests/loom` compiles `collect/chunk.rs` with another module of this
//! name, whose atomics try every order.

pub(crate) use std::sync::atomic;

/// Words that are 0. One constant: a closure would be called for each of them.
pub(crate) const fn zeros<const N: usize>() -> [atomic::AtomicU64; N] {
    [const { atomic::AtomicU64::new(0) }; N]
}
