//! Who takes part, and in which ways.

/// One way of using a library.
pub struct Way {
    pub name: &'static str,
    pub binary: &'static str,
    /// The environment variable `MODE`.
    pub mode: &'static str,
}

const fn way(name: &'static str, binary: &'static str, mode: &'static str) -> Way {
    Way { name, binary, mode }
}

/// The least that there could be.
pub const CLOCK: &str = "two looks at the clock";
pub const OURS: &str = "ours";
pub const FASTRACE: &str = "fastrace";
pub const SENTRY: &str = "sentry";
pub const SENTRY_TRACING: &str = "sentry-tracing";

pub static CONTESTANTS: [Way; 20] = [
    way("bare", "bare", ""),
    way(CLOCK, "clock", ""),
    way(OURS, "ours", "counting"),
    way("ours, polls untimed", "ours", "untimed"),
    way("ours, console", "ours", "console"),
    way("ours, Sentry", "ours", "sentry"),
    way("ours, unsampled", "ours", "unsampled"),
    way("ours, no backend", "ours", "off"),
    way("ours, mock", "ours_mock", "mock"),
    way(FASTRACE, "fastrace", ""),
    way("fastrace, unsampled", "fastrace", "unsampled"),
    way("fastrace, no reporter", "fastrace", "off"),
    way("tracing", "tracing_layer", ""),
    way("tracing, no subscriber", "tracing_layer", "off"),
    way("OpenTelemetry", "opentelemetry", ""),
    way("OpenTelemetry, default queue", "opentelemetry", "queue"),
    way(SENTRY, "sentry", ""),
    way("sentry, unsampled", "sentry", "unsampled"),
    way(SENTRY_TRACING, "sentry_tracing", ""),
    way("hotpath", "hotpath", ""),
];

/// With a column in the tables of those who record.
pub const RECORDING: [&str; 9] = [
    CLOCK,
    OURS,
    "ours, polls untimed",
    FASTRACE,
    "hotpath",
    "tracing",
    "OpenTelemetry",
    SENTRY,
    SENTRY_TRACING,
];

/// Those that record nothing.
pub const SILENT: [&str; 6] = [
    "ours, unsampled",
    "ours, no backend",
    "fastrace, unsampled",
    "fastrace, no reporter",
    "tracing, no subscriber",
    "sentry, unsampled",
];

/// Those whose collectors are compared.
pub const WHOLE: [&str; 11] = [
    OURS,
    "ours, console",
    "ours, mock",
    FASTRACE,
    "hotpath",
    "tracing",
    "OpenTelemetry",
    "OpenTelemetry, default queue",
    "ours, Sentry",
    SENTRY,
    SENTRY_TRACING,
];

/// A case's name for the reader.
pub fn title(case: &str) -> &str {
    match case {
        "leaf100" => "child span, 100 a root",
        "leaf1000" => "child span, 1,000 a root",
        "leaf10000" => "child span, 10,000 a root",
        "nested" => "nested calls",
        "threads2" => "child span, two threads at once",
        "fields" => "four fields",
        "ok" => "on a `Result`, ok",
        "stacked" => "with errors captured and a limit of time, ok",
        "err" => "an error captured",
        "async0" => "async, ready at once",
        "async10" => "async, ten yields",
        "workers" => "async, ten yields, polled on two threads in turns",
        "orphan" => "a call without a root (ours: `child_only`)",
        "roots" => "a root alone",
        other => other,
    }
}
