//! Everything that `#[traced]` records, of types that offer anything or nothing.
#![deny(warnings)]

use std::collections::BTreeMap;

use monitor_runtime::{User, traced};

struct Opaque;

#[derive(Debug)]
struct Shown(#[expect(dead_code, reason = "read by Debug")] u8);

struct Order {
    id: u64,
    customer: Customer,
}

struct Customer {
    email: String,
    limit: (u8, u8),
}

#[traced(
    fields(
        order.id,
        order.customer.email,
        "customer.limit" = order.customer.limit.0,
        total.net = total - 1,
        %total,
        ?shown,
        as_debug = ?order.customer.email,
        as_display = %order.customer.email,
        opaque,
        closure = |x: u8| x,
        block = { total + 1 },
        condition = if total > 1 { "many" } else { "few" },
        optional = Some(total),
        made = format!("{total}"),
        list = vec![total],
    ),
    tags(plan = order.customer.email, "customer.tier" = 3),
    user = User::new(order.id),
    context(
        payment(amount = total, currency = "EUR", ?shown),
        extra = BTreeMap::from([("a", 1)]),
    ),
    name = format!("order {}", order.id),
    description = order.customer.email,
)]
fn place(order: &Order, total: u64, shown: Shown, opaque: Opaque) -> u64 {
    let _ = (shown, opaque);
    total + order.id
}

#[traced(
    name = name,
    fields(name, length = name.len()),
    tags(name),
    user = &name,
    context(request(name)),
)]
async fn keeps_what_it_records(name: String) -> String {
    name
}

#[traced(root, min_duration = "5us", description = "a literal")]
fn rooted() {}

#[traced(child_only, fields())]
fn child() {}

fn main() {
    let customer = Customer { email: "a@b.c".to_owned(), limit: (1, 2) };
    let order = Order { id: 1, customer };
    assert_eq!(place(&order, 2, Shown(1), Opaque), 3);
    assert_eq!(order.customer.limit.1, 2);
    drop(keeps_what_it_records(String::new()));
    rooted();
    child();
}
