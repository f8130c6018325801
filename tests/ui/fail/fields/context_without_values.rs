use monitor_runtime::traced;

#[traced(context(payment))]
fn pay(payment: u64) -> u64 {
    payment
}

fn main() {
    pay(1);
}
