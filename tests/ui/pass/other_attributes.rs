//! Attributes of others, above and below ours.
#![deny(warnings)]
#![deny(missing_docs, unused_must_use)]

use monitor_runtime::{capture_errors, traced};

/// Above.
#[inline(always)]
#[traced]
#[must_use]
/// Below.
pub fn documented() -> u8 {
    1
}

#[traced]
pub fn inner_attributes() -> u8 {
    //! Inside.
    #![allow(unused_variables, reason = "that is what it is about")]
    let unused = 1;
    2
}

#[cfg_attr(not(test), traced)]
#[cfg_attr(not(test), monitor_runtime::slow_threshold(ms = 5))]
fn conditional() -> u8 {
    3
}

#[cfg(test)]
#[traced]
fn left_out() -> Missing {}

#[deprecated = "it is old"]
#[traced]
fn old() {}

#[unsafe(no_mangle)]
#[traced]
pub(crate) extern "C" fn exported(number: i32) -> i32 {
    number
}

#[traced]
#[track_caller]
fn line() -> u32 {
    std::panic::Location::caller().line()
}

#[track_caller]
#[traced]
fn line_of_a_result() -> Result<u32, String> {
    Ok(std::panic::Location::caller().line())
}

#[traced]
#[allow(clippy::needless_return, reason = "stays on the function")]
#[cold]
fn allowed() -> u8 {
    return 4;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[traced]
    #[test]
    fn below() {}

    #[test]
    #[capture_errors]
    fn above() -> Result<(), String> {
        Ok(())
    }
}

#[capture_errors]
fn used() -> Result<(), String> {
    Ok(())
}

fn main() {
    assert_eq!(documented() + inner_attributes() + conditional() + allowed(), 10);
    #[expect(deprecated)]
    old();
    assert_eq!(exported(5), 5);
    assert_eq!(line(), line!());
    assert_eq!(line_of_a_result(), Ok(line!()));
    used().unwrap();
}
