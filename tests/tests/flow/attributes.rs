//! Any order of stacked attributes gives one span, one outcome check and one callsite.

use std::time::Duration;

use monitor_runtime::{
    MockBackend, Usage, ai_call, capture_errors, slow_threshold, testing, traced,
};

use crate::failure::Refused;

macro_rules! stacked {
    ($($name:ident: $(#[$attribute:meta])*;)*) => {
        $($(#[$attribute])*
        fn $name() -> Result<u64, Refused> {
            testing::advance(Duration::from_millis(20));
            Err(Refused("stack"))
        })*

        #[test]
        fn sync_stacks() {
            $(
                let mock = MockBackend::install();
                assert!($name().is_err());
                check(&mock, stringify!($name));
            )*
        }

        mod in_async {
            use super::*;

            $($(#[$attribute])*
            async fn $name() -> Result<u64, Refused> {
                tokio::task::yield_now().await;
                testing::advance(Duration::from_millis(20));
                Err(Refused("stack"))
            })*

            #[tokio::test]
            async fn async_stacks() {
                $(
                    let mock = MockBackend::install();
                    assert!($name().await.is_err());
                    check(&mock, stringify!($name));
                )*
            }
        }
    };
}

stacked! {
    traced_first: #[traced(op = "t")] #[capture_errors] #[slow_threshold(ms = 10)]
        #[ai_call(provider = "openai", model = "m", usage = |n: &u64| Usage::new(*n, 0))];
    capture_first: #[capture_errors] #[slow_threshold(ms = 10)] #[traced(op = "t")]
        #[ai_call(provider = "openai", model = "m", usage = |n: &u64| Usage::new(*n, 0))];
    slow_first: #[slow_threshold(ms = 10)] #[traced(op = "t")] #[inline] #[capture_errors];
    ai_first: #[ai_call(provider = "openai", model = "m", usage = |n: &u64| Usage::new(*n, 0))]
        #[slow_threshold(ms = 10)] #[doc = "Text."] #[traced(op = "t")] #[capture_errors];
    by_path: #[monitor_runtime::traced(op = "t")] #[cfg(not(any()))]
        #[monitor_runtime::slow_threshold(ms = 10)] #[monitor_runtime::capture_errors];
}

fn check(mock: &MockBackend, name: &str) {
    let spans = mock.spans();
    assert_eq!(spans.len(), 1, "{name}: {}", mock.snapshot());
    assert_eq!(spans[0].op(), "t", "{name}");
    assert!(spans[0].slow, "{name}");
    assert_eq!(mock.errors().len(), 1, "{name}");
    assert_eq!(mock.events().len(), 2, "{name}");
}

#[traced]
#[test]
fn above_test() {
    assert!(monitor_runtime::current_span().span_id().is_none());
}

#[test]
#[traced]
#[should_panic = "as expected"]
fn below_test() {
    panic!("as expected");
}

#[traced]
#[tokio::test]
async fn above_tokio_test() {
    tokio::task::yield_now().await;
}

#[tokio::test]
#[traced]
async fn below_tokio_test() {
    tokio::task::yield_now().await;
}

#[traced(op = "main")]
#[capture_errors]
#[tokio::main(flavor = "current_thread")]
async fn above_tokio_main() -> Result<u64, Refused> {
    tokio::task::yield_now().await;
    Err(Refused("main"))
}

#[tokio::main(flavor = "current_thread")]
#[traced(op = "main")]
#[capture_errors]
async fn below_tokio_main() -> Result<u64, Refused> {
    tokio::task::yield_now().await;
    Err(Refused("main"))
}

#[test]
fn beside_tokio_main() {
    for (name, main) in [
        ("above_tokio_main", above_tokio_main as fn() -> Result<u64, Refused>),
        ("below_tokio_main", below_tokio_main),
    ] {
        let mock = MockBackend::install();
        assert!(main().is_err());
        assert_eq!(mock.transaction(name).spans.len(), 1);
        assert_eq!(mock.span(name).op(), "main");
        assert_eq!(mock.errors().len(), 1, "{name}");
    }
}
