//! The example is in `main.rs`, its test in `tests`.
