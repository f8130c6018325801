use monitor_runtime::traced;

#[traced(fields(user_id))]
fn load(userid: u64) -> u64 {
    userid
}

fn main() {
    load(1);
}
