//! Contexts of every shape, without a warning.

#![deny(warnings, clippy::all, clippy::pedantic)]

use monitor_runtime::{ContextGroups, MonitorContext, User, traced};

#[derive(MonitorContext)]
struct Unit;

#[derive(MonitorContext)]
struct Tuple(u8, #[monitor(name = "second")] String);

#[derive(MonitorContext)]
#[monitor(name = "named", crate = monitor_runtime)]
struct Named<'a, T: std::fmt::Debug, const N: usize>
where
    T: Clone,
{
    value: &'a T,
    list: [u8; N],
    r#type: Option<&'a str>,
}

#[derive(Clone, MonitorContext)]
#[monitor(user)]
struct Account<'a, T> {
    id: u64,
    plan: &'a str,
    #[monitor(skip)]
    more: T,
}

#[derive(MonitorContext)]
enum Place {
    Nowhere,
    Here(u8),
    There { line: u32 },
}

#[derive(MonitorContext)]
enum Never {}

#[traced(user = &account, context(place = place.monitor_values()))]
fn call(account: Account<'_, u8>, place: &Place) -> u8 {
    account.more
}

fn main() {
    let named = Named { value: &1, list: [1, 2], r#type: None };
    assert_eq!(named.monitor_values().len(), 3);
    assert_eq!((Unit.monitor_values().len(), Tuple(1, String::new()).monitor_values().len()), (0, 2));
    let account = Account { id: 1, plan: "free", more: 5_u8 };
    assert_eq!(User::from(&account).id.as_deref(), Some("1"));
    let places = [Place::Nowhere, Place::Here(1), Place::There { line: 2 }];
    let total: usize = places.iter().map(|place| place.monitor_values().len()).sum();
    assert_eq!(total, 5);
    assert_eq!(call(account, &places[0]), 5);
    let mut groups = ContextGroups::default();
    groups.add(&named);
    assert_eq!(<Never as MonitorContext>::NAME, "never");
}
