use crate::record::TraceId;

/// What is known of a trace when it is decided whether it is recorded.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SamplingContext<'a> {
    /// The root's op.
    pub op: &'a str,
    /// The root's name: the function's, or that of `#[traced(name = "..")]`.
    pub name: &'a str,
    /// The path of the root's module.
    pub module: &'a str,
    /// The trace's id.
    pub trace_id: TraceId,
    /// What the service that called decided; `None` where this process begins the trace, or the
    /// caller left it open.
    pub parent_sampled: Option<bool>,
    /// The rate by which that service decided, if it says so.
    pub parent_sample_rate: Option<f64>,
    /// The rate of the config.
    pub default_rate: f64,
}

impl SamplingContext<'_> {
    /// The rate that keeps the caller's decision: 1 or 0, and the config's rate where there is
    /// none.
    pub fn inherited_rate(&self) -> f64 {
        match self.parent_sampled {
            Some(sampled) => f64::from(u8::from(sampled)),
            None => self.default_rate,
        }
    }
}
