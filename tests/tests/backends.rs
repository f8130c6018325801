//! The other backends, and backends that misbehave.

use std::io::Write;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use monitor_runtime::record::{Event, Transaction};
use monitor_runtime::{Backend, Breadcrumb, Config, Console, JsonLines, MockBackend};

/// Tests that set up the whole process take turns.
static PROCESS: Mutex<()> = Mutex::new(());

fn turn() -> MutexGuard<'static, ()> {
    // A test that failed leaves nothing behind that would harm the next.
    PROCESS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[path = "flow/failure.rs"]
mod failure;

mod calls {
    use std::time::Duration;

    use monitor_runtime::{
        Breadcrumb, User, add_breadcrumb, ai_call, capture_errors, slow_threshold, testing, traced,
    };

    use crate::failure::{Refused, Unavailable};

    #[traced(op = "app.request", user = User::new(7), tags(tenant = "a"))]
    #[capture_errors]
    pub(super) fn handle() -> Result<u64, Unavailable> {
        query(2000)?;
        let _ = answer();
        Ok(query(0)?)
    }

    #[traced(op = "db.query", fields(millis))]
    #[slow_threshold(ms = 1000)]
    #[capture_errors]
    fn query(millis: u64) -> Result<u64, Refused> {
        add_breadcrumb(Breadcrumb::new("query", "select \x1b[31m1"));
        testing::advance(Duration::from_millis(millis));
        if millis == 0 { Err(Refused("db")) } else { Ok(1) }
    }

    #[ai_call(provider = "openai", model = "gpt-4o", usage = |text: &String| (text.len() as u64, 5))]
    fn answer() -> String {
        "ten bytes.".into()
    }
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Shared {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

fn config() -> Config {
    Config::new().with_traces_sample_rate(1.0).with_release("shop@1.0.0")
}

#[test]
fn the_console_draws_a_tree_and_a_table() {
    let _turn = turn();
    let out = Shared::default();
    let guard =
        monitor_runtime::init(config().with_backend(Console::to_writer(out.clone()))).unwrap();
    assert!(calls::handle().is_err());
    drop(guard);
    let text = out.text();
    let has = |part: &str| assert!(text.contains(part), "no `{part}` in:\n{text}");
    has("app.request  handle");
    has("├─ db.query  query");
    has("SLOW");
    has("! Slow query detected (2.0");
    has("├─ gen_ai.chat  chat gpt-4o");
    has("10 → 5 tokens");
    has("└─ db.query  query");
    has("✗ Refused: connection refused by db");
    has("· query: select  [?");
    has("calls    errors       p50       p95       p99    slow");
    assert!(!text.contains('\x1b'), "no colours in a file, no control characters of the user");
    let row = text.lines().find(|line| line.starts_with("db.query ")).unwrap();
    let cells: Vec<_> = row.split_whitespace().collect();
    assert_eq!((cells[2], cells[3], *cells.last().unwrap()), ("2", "1", "1"), "{row}");
}

#[test]
fn json_lines_hold_a_record_each() {
    let _turn = turn();
    let out = Shared::default();
    let guard =
        monitor_runtime::init(config().with_backend(JsonLines::to_writer(out.clone()))).unwrap();
    assert!(calls::handle().is_err());
    drop(guard);
    let lines: Vec<serde_json::Value> =
        out.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of_type = |name: &str| lines.iter().filter(|line| line["type"] == name).collect::<Vec<_>>();
    let transaction = of_type("transaction")[0];
    assert_eq!(transaction["spans"][0]["name"], "handle");
    assert_eq!(transaction["spans"][1]["attributes"]["millis"], 2000);
    assert_eq!(transaction["spans"][1]["parent"], transaction["spans"][0]["id"]);
    assert!(transaction["spans"][0]["start"].is_f64());
    let error = of_type("event").into_iter().find(|event| event["kind"] == "error").unwrap();
    assert_eq!(error["trace_id"], transaction["trace_id"]);
    assert_eq!(error["exceptions"][0]["value"], "connection refused by db");
    assert_eq!(error["scope"]["tags"]["tenant"], "a");
    assert_eq!(error["scope"]["user"]["id"], "7");
    assert_eq!(error["scope"]["breadcrumbs"][0]["category"], "query");
}

struct Panicking;

impl Backend for Panicking {
    fn name(&self) -> &'static str {
        "panicking"
    }

    fn transaction(&self, _: &Arc<Transaction>) {
        panic!("this backend is broken");
    }

    fn event(&self, _: &Arc<Event>) {
        panic!("this backend is broken");
    }
}

#[test]
fn a_backend_that_panics_harms_neither_the_program_nor_the_others() {
    let _turn = turn();
    let mock = MockBackend::new();
    let config = config().with_backend(Panicking).with_backend(mock.clone());
    let guard = monitor_runtime::init(config).unwrap();
    assert!(calls::handle().is_err());
    assert_eq!(mock.transactions().len(), 1);
    assert_eq!(mock.errors().len(), 1);
    drop(guard);
    assert_eq!(mock.loss().backend_panics, 3);
}

struct Blocking {
    entered: SyncSender<()>,
    release: Mutex<Receiver<()>>,
}

impl Backend for Blocking {
    fn name(&self) -> &'static str {
        "blocking"
    }

    fn transaction(&self, _: &Arc<Transaction>) {
        let _ = self.entered.send(());
        let _ = self.release.lock().unwrap().recv();
    }

    fn shutdown(&self, _: Duration) -> bool {
        let _ = self.release.lock().unwrap().recv();
        true
    }
}

#[test]
fn a_backend_that_blocks_holds_up_neither_the_program_nor_the_shutdown() {
    let _turn = turn();
    let (entered, has_entered) = sync_channel(100);
    let (release, released) = sync_channel::<()>(0);
    let backend = Blocking { entered, release: Mutex::new(released) };
    let config = config().with_backend(backend).with_shutdown_timeout(Duration::from_millis(200));
    let guard = monitor_runtime::init(config).unwrap();
    assert!(calls::handle().is_err());
    has_entered.recv().unwrap();
    // The collector is stuck in the backend now.
    for _ in 0..1000 {
        assert!(calls::handle().is_err());
    }
    let before = Instant::now();
    assert!(!monitor_runtime::flush(Duration::from_millis(100)));
    drop(guard);
    assert!(before.elapsed() < Duration::from_secs(5), "{:?}", before.elapsed());
    drop(release);
}

#[test]
fn without_a_dsn_and_a_backend_monitoring_is_off() {
    let _turn = turn();
    let guard =
        monitor_runtime::init(Config::new().with_dsn("").with_environment("production")).unwrap();
    assert!(!guard.is_enabled());
    assert!(!monitor_runtime::is_enabled());
    assert!(calls::handle().is_err());
}

#[test]
fn settings_that_cannot_be_used_are_errors() {
    let error = monitor_runtime::init(
        Config::new().with_dsn("https://nowhere").with_traces_sample_rate(f64::NAN),
    )
    .unwrap_err();
    assert_eq!(error.problems().len(), 2, "{error}");
    assert!(error.to_string().contains("https://PUBLIC_KEY@HOST/PROJECT_ID"));
}

#[test]
fn order_of_init_does_not_matter_for_later_events() {
    let _turn = turn();
    let mock = MockBackend::new();
    let (go, started) = sync_channel::<()>(0);
    let (touched, has_touched) = sync_channel::<()>(0);
    let worker = std::thread::spawn(move || {
        // This thread records nothing yet, and touches everything.
        assert!(calls::handle().is_err());
        monitor_runtime::add_breadcrumb(Breadcrumb::new("early", "before init"));
        touched.send(()).unwrap();
        started.recv().unwrap();
        assert!(calls::handle().is_err());
    });
    has_touched.recv().unwrap();
    let guard = monitor_runtime::init(config().with_backend(mock.clone())).unwrap();
    go.send(()).unwrap();
    worker.join().unwrap();
    assert_eq!(mock.transactions().len(), 1);
    drop(guard);
}

#[test]
fn shutdown_does_not_block_the_executor() {
    let _turn = turn();
    let mock = MockBackend::new();
    let guard = monitor_runtime::init(config().with_backend(mock.clone())).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        assert!(calls::handle().is_err());
        assert!(monitor_runtime::flush_async(Duration::from_secs(10)).await);
        assert!(monitor_runtime::shutdown(Duration::from_secs(10)).await);
        assert!(calls::handle().is_err());
    });
    drop(guard);
    assert_eq!(mock.transactions().len(), 1);
}
