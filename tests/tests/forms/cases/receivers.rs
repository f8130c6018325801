//! `self` in every form.

use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use monitor_runtime::{capture_errors, traced};

use crate::harness::{Form, Noisy, Refused, block_on, form, later, log};

#[derive(Clone, Debug, Default, PartialEq)]
struct Counter {
    count: u32,
    names: Vec<String>,
}

impl Counter {
    #[traced]
    fn by_ref(&self) -> u32 {
        self.count
    }

    #[traced]
    fn by_mut(&mut self) -> u32 {
        self.count += 1;
        self.count
    }

    #[traced]
    fn by_value(self) -> Vec<String> {
        self.names
    }

    #[traced]
    fn by_mut_value(mut self) -> Self {
        self.count += 2;
        self
    }

    #[traced]
    fn with_lifetime<'a>(&'a self) -> &'a [String] {
        &self.names
    }

    #[traced]
    fn typed_ref(self: &Self) -> u32 {
        self.count
    }

    #[traced]
    fn boxed(self: Box<Self>) -> u32 {
        self.count
    }

    #[traced]
    fn in_rc(self: Rc<Self>) -> usize {
        Rc::strong_count(&self)
    }

    #[traced]
    fn in_arc(self: Arc<Self>) -> usize {
        Arc::strong_count(&self)
    }

    #[traced]
    fn ref_to_arc(self: &Arc<Self>) -> usize {
        Arc::strong_count(self)
    }

    #[traced]
    fn pinned(self: Pin<&mut Self>) -> u32 {
        self.get_mut().count += 3;
        7
    }

    #[traced]
    fn pinned_ref(self: Pin<&Self>) -> u32 {
        self.count
    }

    #[traced]
    fn pinned_box(self: Pin<Box<Self>>) -> u32 {
        self.count
    }

    #[traced]
    fn none() -> Self {
        Self::default()
    }

    #[traced]
    fn checked(&self) -> Result<u32, Refused> {
        if self.count > 9 { Err(Refused("too many")) } else { Ok(self.count) }
    }

    #[traced]
    fn checked_mut(&mut self) -> Result<&mut Vec<String>, Refused> {
        self.count += 1;
        Ok(&mut self.names)
    }

    #[capture_errors]
    #[traced]
    fn checked_value(self) -> Result<Self, Refused> {
        Ok(self)
    }

    #[traced]
    fn checked_mut_value(mut self) -> Result<u32, Refused> {
        self.count += 1;
        Ok(self.count)
    }

    #[traced]
    async fn async_ref(&self) -> u32 {
        later().await;
        self.count
    }

    #[traced]
    async fn async_mut(&mut self) -> &mut u32 {
        later().await;
        self.count += 1;
        &mut self.count
    }

    #[traced]
    async fn async_value(self) -> u32 {
        later().await;
        self.count
    }

    #[traced]
    async fn async_mut_value(mut self) -> u32 {
        self.count += 1;
        later().await;
        self.count
    }

    #[traced]
    async fn async_arc(self: Arc<Self>) -> u32 {
        later().await;
        self.count
    }

    #[traced]
    async fn async_boxed(self: Box<Self>) -> Result<u32, Refused> {
        later().await;
        Ok(self.count)
    }

    #[traced]
    async fn async_pinned(self: Pin<&mut Self>) -> u32 {
        later().await;
        self.count
    }

    #[traced]
    async fn async_checked<'a>(&'a mut self, more: &'a str) -> Result<&'a str, Refused> {
        later().await;
        self.names.push(more.to_owned());
        Ok(self.names.last().map_or(more, String::as_str))
    }
}

struct Owner(Noisy);

impl Owner {
    #[traced]
    fn consumed(self, other: Noisy) {
        log(format!("{} {}", self.0.0, other.0));
    }

    #[traced]
    async fn consumed_async(self, other: Noisy) {
        later().await;
        log(format!("{} {}", self.0.0, other.0));
    }

    #[traced]
    fn consumed_checked(self, other: Noisy) -> Result<(), Refused> {
        log(format!("{} {}", self.0.0, other.0));
        Ok(())
    }

    #[traced]
    async fn unused_self_async(self, _other: Noisy) {
        later().await;
        log("body");
    }
}

fn counter() -> Counter {
    Counter { count: 4, names: vec!["a".to_owned()] }
}

pub(crate) fn forms() -> Vec<Form> {
    vec![
        form("&self", "by_ref ok", || counter().by_ref()),
        form("&mut self", "by_mut ok", || counter().by_mut()),
        form("self", "by_value ok", || counter().by_value()),
        form("mut self", "by_mut_value ok", || counter().by_mut_value()),
        form("&'a self", "with_lifetime ok", || counter().with_lifetime().to_vec()),
        form("self: &Self", "typed_ref ok", || counter().typed_ref()),
        form("self: Box", "boxed ok", || Box::new(counter()).boxed()),
        form("self: Rc", "in_rc ok", || Rc::new(counter()).in_rc()),
        form("self: Arc", "in_arc ok", || Arc::new(counter()).in_arc()),
        form("self: &Arc", "ref_to_arc ok", || Arc::new(counter()).ref_to_arc()),
        form("self: Pin<&mut>", "pinned ok", || Pin::new(&mut counter()).pinned()),
        form("self: Pin<&>", "pinned_ref ok", || Pin::new(&counter()).pinned_ref()),
        form("self: Pin<Box>", "pinned_box ok", || Box::pin(counter()).pinned_box()),
        form("no self", "none ok", Counter::none),
        form("&self, Result", "checked ok", || counter().checked()),
        form("&self, Err", "checked error", || Counter { count: 10, names: vec![] }.checked()),
        form("&mut self, Result of &mut", "checked_mut ok", || {
            counter().checked_mut().map(|names| names.len())
        }),
        form("self, captured", "checked_value ok", || counter().checked_value()),
        form("mut self, Result", "checked_mut_value ok", || counter().checked_mut_value()),
        form("async &self", "async_ref ok", || block_on(counter().async_ref())),
        form("async &mut self", "async_mut ok", || *block_on(counter().async_mut())),
        form("async self", "async_value ok", || block_on(counter().async_value())),
        form("async mut self", "async_mut_value ok", || block_on(counter().async_mut_value())),
        form("async Arc", "async_arc ok", || block_on(Arc::new(counter()).async_arc())),
        form("async Box", "async_boxed ok", || block_on(Box::new(counter()).async_boxed())),
        form("async Pin", "async_pinned ok", || block_on(Pin::new(&mut counter()).async_pinned())),
        form("async &'a mut self", "async_checked ok", || {
            block_on(counter().async_checked("b")).map(str::to_owned)
        }),
        form("drops of self", "consumed ok", || Owner(Noisy("self")).consumed(Noisy("other"))),
        form("drops of async self", "consumed_async ok", || {
            block_on(Owner(Noisy("self")).consumed_async(Noisy("other")));
        }),
        form("drops of self, Result", "consumed_checked ok", || {
            Owner(Noisy("self")).consumed_checked(Noisy("other"))
        }),
        form("drops of unused self", "unused_self_async ok", || {
            block_on(Owner(Noisy("self")).unused_self_async(Noisy("other")));
        }),
    ]
}
