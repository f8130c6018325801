use monitor_runtime::gauge;

fn main() {
    gauge!("queue.depth", "three");
}
