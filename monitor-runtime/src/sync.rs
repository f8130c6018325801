//! What threads share memory by. `tests/loom` compiles `collect/chunk.rs` with another module of this
//! name, whose atomics try every order.

pub(crate) use std::sync::atomic;
