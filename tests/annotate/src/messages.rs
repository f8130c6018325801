//! The compiler's messages, as `--message-format=short` writes them.

use std::collections::BTreeSet;

/// `src/lib.rs:12:5: error[E0308]: mismatched types`
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Message {
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) text: String,
}

pub(crate) fn errors(output: &str) -> BTreeSet<Message> {
    messages(output, "error")
}

pub(crate) fn warnings(output: &str) -> BTreeSet<Message> {
    messages(output, "warning")
}

fn messages(output: &str, level: &str) -> BTreeSet<Message> {
    output.lines().filter_map(|line| message(line, level)).collect()
}

fn message(line: &str, level: &str) -> Option<Message> {
    let mut parts = line.splitn(4, ':');
    let (file, line, _column) = (parts.next()?, parts.next()?, parts.next()?);
    let text = parts.next()?.trim_start();
    // The column is no part of it: the attribute stands before the function on its line.
    text.starts_with(level).then_some(())?;
    Some(Message { file: file.to_owned(), line: line.parse().ok()?, text: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_with_their_places() {
        let output = "src/lib.rs:12:5: error[E0308]: mismatched: types\nerror: could not compile\n";
        let errors: Vec<Message> = errors(output).into_iter().collect();
        assert_eq!(errors.len(), 1);
        assert_eq!((errors[0].file.as_str(), errors[0].line), ("src/lib.rs", 12));
        assert_eq!(errors[0].text, "error[E0308]: mismatched: types");
    }
}
