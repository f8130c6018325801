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

/// The frames of a `std::backtrace::Backtrace` among the fields that an error's `Debug` shows, the
/// innermost first; 100 at most: `Backtrace [{ fn: "app::load", file: "./src/db.rs", line: 42 }]`.
pub(crate) fn backtrace_in_debug(text: &str) -> Vec<StackFrame> {
    let mut frames = Vec::new();
    let mut rest = text.split_once("Backtrace [").map_or("", |(_, frames)| frames);
    while let Some(frame) = rest.strip_prefix("{ fn: \"")
        && frames.len() < MAX_FRAMES
    {
        let Some((function, behind)) = frame.split_once('"') else { break };
        let Some((place, behind)) = behind.split_once(" }") else { break };
        let file = place.split_once(", file: \"").and_then(|(_, file)| file.split_once('"'));
        let file = file.map(|(file, _)| file);
        let line = place.rsplit_once(", line: ").and_then(|(_, line)| line.parse().ok());
        let is_foreign = file.is_some_and(is_foreign_file);
        frames.push(StackFrame {
            function: Text::Owned(function.to_owned()),
            file: file.map(|file| Text::Owned(file.to_owned())),
            line,
            in_app: is_in_app(function) && !is_foreign,
        });
        rest = behind.strip_prefix(", ").unwrap_or_default();
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
    frame.in_app &= !is_foreign_file(place);
}

/// Of the standard library, or of a crate that cargo has downloaded: functions of those may stand
/// without their path.
fn is_foreign_file(file: &str) -> bool {
    let downloaded = ["/registry/src/", "/git/checkouts/"];
    file.starts_with("/rustc/")
        || downloaded.iter().any(|folder| file.replace('\\', "/").contains(folder))
}

fn is_in_app(function: &str) -> bool {
    const FOREIGN: [&str; 16] = [
        "std::",
        "core::",
        "alloc::",
        "test::",
        "tokio::",
        "anyhow::",
        "eyre::",
        "color_eyre::",
        "error_stack::",
        "snafu::",
        "backtrace::",
        "monitor_runtime::",
        "rust_begin_unwind",
        "__libc_start_",
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
        let downloaded =
            "0: new<app::Error>\n at /home/a/.cargo/registry/src/x/anyhow-1.0/src/e.rs:1:2";
        assert!(!parse_backtrace(downloaded)[0].in_app);
    }

    #[test]
    fn a_backtrace_is_found_in_a_debug_text() {
        let debug = "Slow { seconds: 3, backtrace: Backtrace [{ fn: \"<app::Slow as new>\", file: \
                     \"./src/db.rs\", line: 42 }, { fn: \"core::ops::call_once\", file: \
                     \"/rustc/abc/core/src/ops.rs\", line: 7 }, { fn: \"main\" }], source: 5 }";
        let frames = backtrace_in_debug(debug);
        assert_eq!(frames.len(), 3, "{frames:#?}");
        assert_eq!(frames[0].function, "<app::Slow as new>");
        assert_eq!((frames[0].file.as_deref(), frames[0].line), (Some("./src/db.rs"), Some(42)));
        assert!(frames[0].in_app && !frames[1].in_app);
        assert_eq!((frames[2].function.as_ref(), frames[2].line), ("main", None));
        for none in ["Slow { backtrace: <disabled> }", "Backtrace []", "Backtrace [{ fn: \"a", ""] {
            assert_eq!(backtrace_in_debug(none), [], "{none}");
        }
        // As a field of text has it.
        let quoted = format!("{:?}", "Backtrace [{ fn: \"main\" }]");
        assert_eq!(backtrace_in_debug(&quoted), []);
        let long = format!("Backtrace [{}", "{ fn: \"f\" }, ".repeat(1000));
        assert_eq!(backtrace_in_debug(&long).len(), MAX_FRAMES);
    }

    #[test]
    fn other_texts_have_no_frames() {
        assert_eq!(parse_backtrace("disabled backtrace\nat: nowhere\nx: 1"), []);
        let long: String = (0..1000).map(|n| format!("{n}: f\n")).collect();
        assert_eq!(parse_backtrace(&long).len(), MAX_FRAMES);
    }
}
