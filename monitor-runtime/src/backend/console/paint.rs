use std::time::Duration;

/// Colours, or none.
#[derive(Clone, Copy)]
pub(super) struct Paint {
    colored: bool,
}

impl Paint {
    pub(super) const fn new(colored: bool) -> Self {
        Self { colored }
    }

    pub(super) fn red(self, text: &str) -> String {
        self.with("31", text)
    }

    pub(super) fn yellow(self, text: &str) -> String {
        self.with("33", text)
    }

    pub(super) fn cyan(self, text: &str) -> String {
        self.with("36", text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.with("2", text)
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.colored { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// A duration with three digits or so.
pub(super) fn duration(duration: Duration) -> String {
    let nanos = duration.as_nanos();
    let (value, unit) = match nanos {
        0..1_000 => return format!("{nanos} ns"),
        1_000..1_000_000 => (duration.as_secs_f64() * 1e6, "µs"),
        1_000_000..1_000_000_000 => (duration.as_secs_f64() * 1e3, "ms"),
        _ => (duration.as_secs_f64(), "s"),
    };
    let digits = if value < 9.995 { 2 } else { usize::from(value < 99.95) };
    format!("{value:.digits$} {unit}")
}

/// Text of a user on one line, without control characters that could steer a terminal.
pub(super) fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_short() {
        let shown = |nanos| duration(Duration::from_nanos(nanos));
        assert_eq!(shown(7), "7 ns");
        assert_eq!(shown(1_234), "1.23 µs");
        assert_eq!(shown(12_345_678), "12.3 ms");
        assert_eq!(shown(999_000_000), "999 ms");
        assert_eq!(shown(1_500_000_000), "1.50 s");
    }
}
