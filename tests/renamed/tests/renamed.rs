//! Both modules of the library record the same.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use mon::MockBackend;
use renamed::{dependency, path, presets};

fn run<T>(future: impl Future<Output = T>) -> T {
    let mut future: Pin<Box<dyn Future<Output = T>>> = Box::pin(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("waits for nothing"),
    }
}

macro_rules! records {
    ($module:ident) => {{
        let mock = MockBackend::install();
        $module::load(7).unwrap();
        $module::load(0).unwrap_err();
        run($module::wait(1));
        $module::fail("broken").unwrap_err();
        $module::fail("").unwrap_err();
        $module::slow();
        run($module::ask("why?"));
        mock.snapshot()
    }};
}

const EXPECTED: &str = "\
transaction load [db.query] ok
    id = 7
    tenant = \"7\"
transaction load [db.query] error
    id = 0
    tenant = \"0\"
    error.type = \"String\"
transaction wait [function] ok
transaction chat gpt-4o [gen_ai.chat] ok
    gen_ai.operation.name = \"chat\"
    gen_ai.provider.name = \"openai\"
    gen_ai.request.model = \"gpt-4o\"
    gen_ai.usage.input_tokens = 3
    gen_ai.usage.output_tokens = 4
    gen_ai.usage.total_tokens = 7
event error \"String: no user 0\" in load
  user 0
  tag tenant = \"0\"
  tag db.table = \"users\"
event error \"String: broken\" in fail
event warning \"Slow call detected: slow\" in slow
";

#[test]
fn a_renamed_dependency() {
    assert_eq!(records!(dependency), EXPECTED);
}

#[test]
fn a_reexport() {
    let expected = "\
transaction load [db.query] ok
    id = 7
    tenant = \"7\"
  load [db.query] ok
      id = 7
      tenant = \"7\"
";
    let snapshot = records!(path);
    assert!(snapshot.starts_with(expected), "{}", snapshot);
    let events = |text: &str| text.lines().filter(|line| line.starts_with("event")).count();
    assert_eq!(events(&snapshot), events(EXPECTED));
}

#[test]
fn presets_and_derives() {
    let mock = MockBackend::install();
    presets::command(7).unwrap_err();
    assert_eq!(presets::call(200), 200);
    presets::task();
    presets::job();
    assert_eq!(mock.check_ins().len(), 2);
    let registry = mon::HealthRegistry::new().with(presets::healthy::check());
    assert!(registry.run_blocking().is_healthy());
    presets::start();
    assert_eq!((presets::boundary(false), presets::boundary(true)), (1, 0));
    let event = mock.event("Gone: gone");
    assert_eq!(event.fingerprint, ["gone-users"]);
    assert_eq!((event.tag("table"), event.tag("db.table")), (Some("users"), Some("users")));
    assert_eq!(event.context_value("guild", "id"), Some(&mon::Value::from(7_u64)));
    assert_eq!(mock.event("as the test wants").tag("error_boundary.component"), Some("page"));
}
