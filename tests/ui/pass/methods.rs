//! Methods with every receiver, in impls and in traits.
#![deny(warnings)]

use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use monitor_runtime::{capture_errors, slow_threshold, traced};

#[derive(Default)]
struct Account {
    name: String,
    level: u8,
}

impl Account {
    #[traced]
    fn new(name: &str) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    #[traced(fields(self.name, level = self.level, own = self.name.len()))]
    pub(crate) fn by_reference(&self) -> &str {
        &self.name
    }

    #[capture_errors]
    fn by_mutable_reference(&mut self, name: &str) -> Result<&mut String, String> {
        self.name.push_str(name);
        Ok(&mut self.name)
    }

    #[capture_errors]
    async fn lends_async(&mut self, name: &str) -> Result<&mut String, String> {
        self.name.push_str(name);
        Ok(&mut self.name)
    }

    #[capture_errors]
    fn by_value(mut self) -> Result<String, String> {
        self.name.push('!');
        Ok(self.name)
    }

    #[capture_errors]
    async fn by_value_async(mut self) -> Result<String, String> {
        self.name.push('!');
        Ok(self.name)
    }

    #[capture_errors]
    fn boxed(self: Box<Self>) -> Result<String, String> {
        Ok(self.name)
    }

    #[traced(fields(self.level))]
    fn counted(self: Rc<Self>) -> usize {
        self.name.len()
    }

    #[slow_threshold(ms = 5)]
    async fn shared(self: Arc<Self>) -> Result<u8, String> {
        Ok(self.level)
    }

    #[traced]
    fn pinned(self: Pin<&mut Self>) -> u8 {
        self.level
    }

    #[traced]
    fn recursive(&self, depth: u8) -> u8 {
        if depth == 0 { self.level } else { self.recursive(depth - 1) }
    }
}

trait Store {
    type Error;

    fn load(&self, id: u8) -> Result<u8, Self::Error>;

    #[traced(fields(id))]
    fn load_twice(&self, id: u8) -> Result<u8, Self::Error> {
        self.load(id)?;
        self.load(id)
    }
}

impl Store for Account {
    type Error = String;

    #[traced(op = "db.query", fields(id, self.name))]
    #[capture_errors(level = "warning")]
    fn load(&self, id: u8) -> Result<u8, Self::Error> {
        if id == 0 {
            return Err(self.name.clone());
        }
        Ok(id)
    }
}

fn main() {
    let mut account = Account::new("ada");
    assert_eq!(account.by_reference(), "ada");
    assert_eq!(account.by_mutable_reference("!").unwrap(), "ada!");
    drop(account.lends_async("!"));
    assert_eq!(Account::new("x").by_value().unwrap(), "x!");
    drop(Account::new("x").by_value_async());
    assert_eq!(Box::new(Account::new("x")).boxed().unwrap(), "x");
    assert_eq!(Rc::new(Account::new("x")).counted(), 1);
    drop(Arc::new(Account::new("x")).shared());
    assert_eq!(Pin::new(&mut account).pinned(), 0);
    assert_eq!(account.recursive(3), 0);
    assert_eq!(account.load_twice(2), Ok(2));
    assert_eq!(account.load_twice(0), Err("ada!".to_owned()));
}
