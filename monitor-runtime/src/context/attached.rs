use super::local::Local;
use super::open::Open;
use crate::callsite::flag;
use crate::collect::{Watch, watch};
use crate::cron::Run;
use crate::hub::Hub;

/// What goes along with some calls from their beginning to their end.
pub(super) struct Attached {
    watch: Option<Watch>,
    run: Option<Run>,
}

impl Attached {
    /// `None` for most calls. The call's own context is the thread's by now.
    #[inline]
    pub(super) fn begin(local: &Local, open: &Open) -> Option<Box<Self>> {
        if open.site.has(flag::WATCHDOG | flag::CRON) { Self::make(local, open) } else { None }
    }

    #[cold]
    fn make(local: &Local, open: &Open) -> Option<Box<Self>> {
        let watch = open.site.has(flag::WATCHDOG).then(|| watch(local, open));
        let monitor = open.site.details.cron.zip(Hub::current(local));
        let run = monitor.map(|(monitor, hub)| Run::begin(hub, monitor()));
        Some(Box::new(Self { watch, run }))
    }

    /// The call has ended, and whether well.
    #[cold]
    pub(super) fn end(self, ok: bool) {
        drop(self.watch);
        if let Some(run) = self.run {
            run.end(ok);
        }
    }
}
