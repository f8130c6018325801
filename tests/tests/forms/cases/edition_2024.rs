//! What only the newest edition has.
// Needs edition 2024.

use std::cell::RefCell;

use monitor_runtime::traced;

use crate::harness::{Form, block_on, form, later};

#[traced]
fn let_chains(left: Option<u8>, right: Option<u8>) -> u8 {
    if let Some(left) = left
        && let Some(right) = right
    {
        return left + right;
    }
    0
}

#[traced]
fn tail_temporary() -> usize {
    let cell = RefCell::new(vec![1]);
    cell.borrow().len()
}

#[traced]
fn captures_all(text: &str) -> impl Iterator<Item = char> {
    text.chars().rev()
}

#[traced]
fn future_captures_all(text: &str) -> impl Future<Output = usize> {
    async move {
        later().await;
        text.len()
    }
}

pub(crate) fn forms() -> Vec<Form> {
    vec![
        form("let chains", "let_chains ok", || let_chains(Some(1), Some(2))),
        form("tail temporary", "tail_temporary ok", tail_temporary),
        form("captures", "captures_all ok", || captures_all("ab").collect::<String>()),
        form("future captures", "future_captures_all ok", || block_on(future_captures_all("ab"))),
    ]
}
