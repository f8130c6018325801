//! The example is `main.rs`.
