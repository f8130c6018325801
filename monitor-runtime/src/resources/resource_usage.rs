/// What a process takes of the machine at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct ResourceUsage {
    /// Bytes of memory that it holds: its resident set.
    pub resident_bytes: u64,
    /// Its share since the reading before of the time of all processors that it may use, in percent:
    /// from 0 to 100, however many there are.
    pub cpu_percent: f64,
}

impl ResourceUsage {
    /// A reading.
    pub const fn new(resident_bytes: u64, cpu_percent: f64) -> Self {
        Self { resident_bytes, cpu_percent }
    }
}

/// Says what the process takes. Closures are readers.
pub trait ResourceReader: Send + Sync + 'static {
    /// What it takes now; `None` where that can't be known. Runs on the collector's thread.
    fn read(&self) -> Option<ResourceUsage>;
}

impl<F: Fn() -> Option<ResourceUsage> + Send + Sync + 'static> ResourceReader for F {
    fn read(&self) -> Option<ResourceUsage> {
        self()
    }
}
