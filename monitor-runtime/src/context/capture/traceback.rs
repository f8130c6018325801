//! What the errors of one type from one place have in common, as a number.

use std::cell::RefCell;

use crate::record::{Exception, Frame, StackFrame, Text};

thread_local! {
    static LAST: RefCell<Last> = const { RefCell::new(Last::new()) };
}

/// The hash that was made last: errors come in bursts from one place.
struct Last {
    types: Vec<Text>,
    path: Vec<Frame>,
    hash: u64,
}

impl Last {
    const fn new() -> Self {
        Self { types: Vec::new(), path: Vec::new(), hash: 0 }
    }

    fn is_of(&self, exceptions: &[Exception], path: &[Frame]) -> bool {
        let same_place = |(a, b): (&Frame, &Frame)| {
            // Of the same callsite mostly, and then they are the same texts.
            std::ptr::eq(a.function, b.function)
                && std::ptr::eq(a.module, b.module)
                && std::ptr::eq(a.file, b.file)
                && a.line == b.line
        };
        self.types.len() == exceptions.len()
            && self.path.len() == path.len()
            && self.path.iter().zip(path).all(same_place)
            && self.types.iter().zip(exceptions).all(|(name, error)| *name == error.type_name)
    }
}

/// The same for errors of the same type from the same place, in each process.
pub(super) fn hash(exceptions: &[Exception], path: &[Frame]) -> u64 {
    if exceptions.is_empty() || exceptions.iter().any(|error| !error.frames.is_empty()) {
        return made(exceptions, path);
    }
    let known = LAST.try_with(|last| {
        let mut last = last.try_borrow_mut().ok()?;
        if !last.is_of(exceptions, path) {
            last.types = exceptions.iter().map(|error| error.type_name.clone()).collect();
            last.path = path.to_vec();
            last.hash = made(exceptions, path);
        }
        Some(last.hash)
    });
    known.ok().flatten().unwrap_or_else(|| made(exceptions, path))
}

fn made(exceptions: &[Exception], path: &[Frame]) -> u64 {
    let mut hash = Fnv::new();
    for error in exceptions {
        hash.add(&error.type_name);
        for StackFrame { function, file, line, .. } in &error.frames {
            hash.add(function);
            hash.add(file.as_deref().unwrap_or_default());
            hash.add(&line.unwrap_or_default().to_string());
        }
    }
    for Frame { function, module, file, line } in path {
        for part in [function, module, file, line.to_string().as_str()] {
            hash.add(part);
        }
    }
    hash.0
}

/// FNV-1a, 64 bits (Fowler, Noll, Vo): small, and the same everywhere.
struct Fnv(u64);

impl Fnv {
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Adds a text and an end, so that `ab`, `c` isn't `a`, `bc`.
    fn add(&mut self, text: &str) {
        for byte in text.bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        let mut hash = Fnv::new();
        for byte in *b"foobar" {
            hash.0 = (hash.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        assert_eq!(hash.0, 0x8594_4171_f739_67e8);
    }

    #[test]
    fn the_last_one_is_taken_for_no_other() {
        let error = |type_name: &'static str| Exception {
            type_name: type_name.into(),
            value: String::new(),
            module: None,
            frames: Vec::new(),
        };
        let frame = |line| Frame { function: "f", module: "m", file: "src/m.rs", line };
        let mut seen = Vec::new();
        for types in [&["A"][..], &["B"], &["A", "B"]] {
            for lines in [&[1][..], &[2], &[1, 2]] {
                let exceptions: Vec<_> = types.iter().map(|name| error(name)).collect();
                let path: Vec<_> = lines.iter().map(|line| frame(*line)).collect();
                let made = made(&exceptions, &path);
                for _ in 0..2 {
                    assert_eq!(hash(&exceptions, &path), made);
                }
                assert!(!seen.contains(&made));
                seen.push(made);
            }
        }
    }
}
