//! Forms of functions: methods, generics, lifetimes, `impl Trait`.

use std::fmt::Debug;

use monitor_runtime::{MockBackend, capture_errors, slow_threshold, traced};

use crate::failure::Refused;

struct Store<T> {
    items: Vec<T>,
}

impl<T: Clone + Debug> Store<T> {
    #[traced(fields(len = self.items.len()))]
    fn first(&self) -> Option<&T> {
        self.items.first()
    }

    #[traced]
    #[capture_errors]
    fn first_mut(&mut self) -> Result<&mut T, Refused> {
        self.items.first_mut().ok_or(Refused("an empty store"))
    }

    #[traced(fields(item))]
    async fn push(&mut self, item: T) -> usize {
        self.items.push(item);
        tokio::task::yield_now().await;
        self.items.len()
    }

    #[traced]
    #[slow_threshold]
    fn into_items(self) -> Vec<T> {
        self.items
    }
}

#[traced]
#[capture_errors]
async fn longest<'a>(left: &'a str, right: &'a str) -> Result<&'a str, Refused> {
    tokio::task::yield_now().await;
    if left.len() > right.len() { Ok(left) } else { Ok(right) }
}

#[traced]
fn squares(numbers: impl IntoIterator<Item = u32>) -> impl Iterator<Item = u32> {
    numbers.into_iter().map(|n| n * n)
}

#[traced]
#[capture_errors]
fn fallible(limit: u32) -> Result<impl Iterator<Item = u32>, Refused> {
    if limit > 9 { Err(Refused("a limit")) } else { Ok(0..limit) }
}

#[traced]
fn pattern((a, b): (u32, u32), [first, .., last]: [u32; 3], mut sum: u32) -> u32 {
    sum += a + b + first + last;
    sum
}

#[traced]
async fn async_pattern((a, b): (u32, u32), mut sum: u32, _: &str) -> u32 {
    sum += a + b;
    sum
}

#[traced]
fn r#type<const N: usize>(text: [u8; N]) -> usize {
    text.len()
}

#[traced]
fn to_dyn(flag: bool) -> Box<dyn Debug> {
    if flag { Box::new(1) } else { Box::new("one") }
}

trait Shape {
    fn area(&self) -> Result<f64, Refused>;
}

impl Shape for f64 {
    #[traced]
    #[capture_errors]
    fn area(&self) -> Result<f64, Refused> {
        Ok(self * self)
    }
}

#[tokio::test]
async fn all_forms_give_what_they_would_without_the_attribute() {
    let mock = MockBackend::install();
    let mut store = Store { items: vec!["a"] };
    assert_eq!(store.first(), Some(&"a"));
    *store.first_mut().unwrap() = "b";
    assert_eq!(store.push("c").await, 2);
    assert_eq!(store.into_items(), ["b", "c"]);
    assert_eq!(longest("ab", "c").await, Ok("ab"));
    assert_eq!(squares([1, 2, 3]).collect::<Vec<_>>(), [1, 4, 9]);
    assert_eq!(fallible(3).unwrap().count(), 3);
    assert!(fallible(10).is_err());
    assert_eq!(pattern((1, 2), [3, 4, 5], 10), 21);
    assert_eq!(async_pattern((1, 2), 3, "x").await, 6);
    assert_eq!(r#type(*b"four"), 4);
    assert_eq!(format!("{:?}", to_dyn(true)), "1");
    assert_eq!(2.0.area(), Ok(4.0));
    let names: Vec<_> = mock.spans().iter().map(|span| span.name().to_string()).collect();
    assert_eq!(
        names,
        [
            "first",
            "first_mut",
            "push",
            "into_items",
            "longest",
            "squares",
            "fallible",
            "fallible",
            "pattern",
            "async_pattern",
            "type",
            "to_dyn",
            "area",
        ]
    );
    assert_eq!(mock.span("push").attribute("item"), Some(&"\"c\"".into()));
    assert_eq!(mock.errors().len(), 1);
}

#[test]
fn futures_stay_send() {
    fn is_send<T: Send>(_: &T) {}
    is_send(&longest("a", "b"));
    is_send(&Store { items: vec![1_u8] }.push(2));
}
