//! What can't be sent waits on disk.

use std::fs;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use monitor_runtime::{Config, SentryBackend, SentryOptions};
use monitor_tests::{Ingest, Reply};

use crate::{Monitored, PATIENCE, list, service};

const PLENTY: u64 = 10 << 20;

/// A folder of a test's own.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name =
            format!("spool-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        Self(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name))
    }

    fn files(&self) -> Vec<PathBuf> {
        let Ok(files) = fs::read_dir(&self.0) else { return Vec::new() };
        let files = files.map(|file| file.expect("a file of the folder").path());
        let mut files: Vec<_> =
            files.filter(|path| path.extension().is_some_and(|e| e == "envelope")).collect();
        files.sort();
        files
    }

    fn used_by(&self, max_bytes: u64) -> impl FnOnce(Config) -> Config {
        let folder = self.0.clone();
        move |config| config.with_offline_spool(folder, max_bytes)
    }

    /// Lets a program run against a server that is not there.
    fn fill(&self, max_bytes: u64, record: impl FnOnce()) {
        let monitored = Monitored::with(self.used_by(max_bytes));
        monitored.ingest.die();
        record();
        assert!(monitor_runtime::flush(PATIENCE));
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What arrived, by kind and in order.
fn kinds(ingest: &Ingest) -> Vec<String> {
    let items = ingest.taken().into_iter().flat_map(|received| received.envelope.items);
    items.map(|item| item.kind().to_owned()).filter(|kind| kind != "client_report").collect()
}

fn wait_until_empty(folder: &Folder) {
    // The file goes after the answer has come.
    let start = Instant::now();
    while !folder.files().is_empty() {
        assert!(start.elapsed() < PATIENCE, "{:?} stay", folder.files());
        std::thread::yield_now();
    }
}

#[test]
fn the_next_start_sends_what_was_kept_errors_first() {
    let folder = Folder::new();
    folder.fill(PLENTY, || {
        service::handle(1).unwrap();
        service::handle(13).unwrap_err();
        let _ = monitor_runtime::flush(PATIENCE);
        let delivery = monitor_runtime::delivery();
        assert_eq!(delivery.count("error", "spooled"), 1, "{delivery}");
        assert_eq!(delivery.count("span", "spooled"), 6, "{delivery}");
        assert_eq!(delivery.dropped("error"), 0, "{delivery}");
    });
    assert_eq!(folder.files().len(), 3);

    let monitored = Monitored::with(folder.used_by(PLENTY));
    monitored.ingest.wait_for_requests(3);
    wait_until_empty(&folder);
    assert_eq!(kinds(&monitored.ingest), ["event", "transaction", "transaction"]);
    assert!(monitor_runtime::flush(PATIENCE));
    assert_eq!(monitor_runtime::delivery().delivered("span"), 6);
}

#[test]
#[cfg(unix)]
fn nobody_else_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    folder.fill(PLENTY, || drop(service::fail()));
    let mode = |path: &PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder.0), 0o700);
    assert_eq!(folder.files().iter().map(mode).collect::<Vec<_>>(), [0o600]);
}

#[test]
fn damaged_files_are_skipped_and_counted() {
    let folder = Folder::new();
    folder.fill(PLENTY, || drop(service::fail()));
    let whole = fs::read(&folder.files()[0]).unwrap();
    let damaged = [&b""[..], b"\0\xff", b"{}\nnot json\n", &whole[..whole.len() - 20]];
    for (number, bytes) in damaged.iter().enumerate() {
        fs::write(folder.0.join(format!("0-{number:015}-1-000000.envelope")), bytes).unwrap();
    }
    let monitored = Monitored::with(folder.used_by(PLENTY));
    monitored.ingest.wait_for_requests(1);
    wait_until_empty(&folder);
    assert_eq!(kinds(&monitored.ingest), ["event"]);
    // An empty first line is the only one that isn't JSON and still whole.
    assert_eq!(monitor_runtime::delivery().count("error", "corrupted"), damaged.len() as u64);
}

#[test]
fn it_is_bounded_and_errors_push_others_out() {
    const SMALL: u64 = 5000;
    let folder = Folder::new();
    folder.fill(SMALL, || {
        for _ in 0..3 {
            service::handle(1).unwrap();
        }
        assert!(monitor_runtime::flush(PATIENCE));
        for _ in 0..8 {
            service::fail().unwrap_err();
        }
        assert!(monitor_runtime::flush(PATIENCE));
        let delivery = monitor_runtime::delivery();
        let all = |category| delivery.count(category, "spooled") + delivery.dropped(category);
        assert!(delivery.dropped("error") > 0, "{delivery}");
        assert_eq!(all("error"), 8, "{delivery}");
        assert!(delivery.count("span", "queue_overflow") > 0, "{delivery}");
    });
    let sizes = folder.files().iter().map(|file| fs::metadata(file).unwrap().len()).sum::<u64>();
    assert!(sizes <= SMALL, "{sizes}");
    let is_error = |file: &&PathBuf| file.file_name().unwrap().to_str().unwrap().starts_with('0');
    assert_eq!(folder.files().iter().filter(is_error).count(), folder.files().len());
}

#[test]
fn what_a_hanging_server_leaves_is_kept() {
    let folder = Folder::new();
    let mut monitored = Monitored::with(|config| {
        folder.used_by(PLENTY)(config).with_shutdown_timeout(Duration::from_secs(2))
    });
    monitored.ingest.reply(Reply::Hang);
    service::handle(13).unwrap_err();
    service::fail().unwrap_err();
    drop(monitored.guard.take());
    assert_eq!(folder.files().len(), 3, "the one under way, and those behind it");
}

#[test]
fn a_server_that_is_back_gets_what_was_kept() {
    let folder = Folder::new();
    let monitored = Monitored::with(folder.used_by(PLENTY));
    // Four attempts of the first envelope.
    monitored.ingest.script(std::iter::repeat_n(Reply::Status(503, Vec::new()), 4));
    service::fail().unwrap_err();
    assert!(monitor_runtime::flush(PATIENCE));
    assert_eq!(folder.files().len(), 1);
    service::fail().unwrap_err();
    monitored.ingest.wait_for_requests(6);
    wait_until_empty(&folder);
    assert_eq!(kinds(&monitored.ingest), ["event", "event"]);
    let ids: Vec<_> =
        monitored.ingest.taken().iter().map(|r| r.envelope.headers["event_id"].clone()).collect();
    assert_ne!(ids[0], ids[1]);
    let reports = monitored.items("client_report");
    let lost = reports.iter().flat_map(|report| list(&report.payload["discarded_events"])).count();
    assert_eq!(lost, 0);
}

/// The worker is held up for longer than the collector waits for room.
#[test]
fn what_the_queue_has_no_room_for_is_sent_when_there_is_time() {
    let folder = Folder::new();
    let monitored = Monitored::configured(|config, ingest| {
        let mut options = SentryOptions::new(ingest.dsn());
        options.transport_channel_capacity = NonZeroUsize::MIN;
        options.http_timeout = Duration::from_secs(3);
        options.offline_spool = Some((folder.0.clone(), PLENTY));
        config.with_backend(SentryBackend::new(options).expect("valid options"))
    });
    monitored.ingest.script([Reply::Hang]);
    for _ in 0..5 {
        service::fail().unwrap_err();
    }
    assert!(monitor_runtime::flush(PATIENCE));
    monitored.ingest.wait_for_requests(6);
    wait_until_empty(&folder);
    assert_eq!(kinds(&monitored.ingest), ["event"; 5]);
    assert!(monitor_runtime::flush(PATIENCE));
    let delivery = monitor_runtime::delivery();
    assert_eq!((delivery.delivered("error"), delivery.dropped("error")), (5, 0), "{delivery}");
    assert!(delivery.count("error", "spooled") > 0, "{delivery}");
}

#[test]
fn an_error_that_is_larger_than_the_folder_pushes_nothing_out() {
    const SMALL: u64 = 5000;
    let folder = Folder::new();
    folder.fill(SMALL, || {
        service::handle(1).unwrap();
        assert!(monitor_runtime::flush(PATIENCE));
        let _scope = monitor_runtime::push_scope();
        monitor_runtime::set_context("large", [("text", "x".repeat(6000))]);
        service::fail().unwrap_err();
        assert!(monitor_runtime::flush(PATIENCE));
        let delivery = monitor_runtime::delivery();
        assert_eq!(delivery.count("error", "network_error"), 1, "{delivery}");
        assert_eq!(delivery.count("transaction", "spooled"), 1, "{delivery}");
    });
    assert_eq!(folder.files().len(), 1);
}
