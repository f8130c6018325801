//! Backtraces as frames.

use super::value::Text;

/// Frames that are kept of a backtrace.
const MAX_FRAMES: usize = 100;

/// One call in a backtrace.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct StackFrame {
    /// The function with its path.
    pub function: Text,
    /// Its source file, if debug information has it.
    pub file: Option<Text>,
    /// The line in the file, counted from 1.
    pub line: Option<u32>,
    /// Whether it belongs to the program, and neither to the standard library nor to what makes
    /// and captures errors.
    pub in_app: bool,
}

/// The frames in the text of a `std::backtrace::Backtrace`, the innermost first; 100 at most.
pub(crate) fn parse_backtrace(text: &str) -> Vec<StackFrame> {
    let mut frames: Vec<StackFrame> = Vec::new();
    for line in text.lines().map(str::trim_start) {
        if let Some(place) = line.strip_prefix("at ") {
            if let Some(frame) = frames.last_mut() {
                set_place(frame, place.trim_end());
            }
        } else if let Some(function) = numbered(line) {
            if frames.len() == MAX_FRAMES {
                break;
            }
            let in_app = is_in_app(function);
            let function = Text::Owned(function.to_owned());
            frames.push(StackFrame { function, file: None, line: None, in_app });
        }
    }
    frames
}

/// `4: app::load`
fn numbered(line: &str) -> Option<&str> {
    let (number, function) = line.split_once(": ")?;
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let function = function.trim();
    // Some formats have the address first.
    let function = function.split_once(" - ").map_or(function, |(_, function)| function);
    (is_number && !function.is_empty()).then_some(function)
}

/// `src/main.rs:4:5`
fn set_place(frame: &mut StackFrame, place: &str) {
    let mut parts = place.rsplitn(3, ':');
    let (column, line, file) = (parts.next(), parts.next(), parts.next());
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<u32>().ok());
    match (number(column), number(line), file) {
        (Some(_), Some(line), Some(file)) => {
            frame.line = Some(line);
            frame.file = Some(file.to_owned().into());
        }
        _ => frame.file = Some(place.to_owned().into()),
    }
    if place.starts_with("/rustc/") {
        frame.in_app = false;
    }
}

fn is_in_app(function: &str) -> bool {
    const FOREIGN: [&str; 14] = [
        "std::",
        "core::",
        "alloc::",
        "test::",
        "tokio::",
        "anyhow::",
        "eyre::",
        "color_eyre::",
        "backtrace::",
        "monitor_runtime::",
        "rust_begin_unwind",
        "__libc_start_main",
        "__rust_",
        "_start",
    ];
    let path = function.trim_start_matches(['<', '&']);
    !FOREIGN.iter().any(|prefix| path.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_have_function_file_and_line() {
        let text = "   0: std::backtrace::Backtrace::create\n             \
                    at /rustc/abc/library/std/src/backtrace.rs:331:13\n   \
                    1: app::db::load\n             at ./src/db.rs:42:9\n   2: main\n";
        let frames = parse_backtrace(text);
        assert_eq!(frames.len(), 3);
        assert!(!frames[0].in_app && frames[1].in_app);
        assert_eq!(frames[1].function, "app::db::load");
        assert_eq!((frames[1].file.as_deref(), frames[1].line), (Some("./src/db.rs"), Some(42)));
        assert_eq!(frames[2].line, None);
    }

    #[test]
    fn other_texts_have_no_frames() {
        assert_eq!(parse_backtrace("disabled backtrace\nat: nowhere\nx: 1"), []);
        let long: String = (0..1000).map(|n| format!("{n}: f\n")).collect();
        assert_eq!(parse_backtrace(&long).len(), MAX_FRAMES);
    }
}
