use monitor_runtime::traced;

use std::pin::Pin;
use std::rc::Rc;

#[traced]
fn load(shared: Rc<u8>) -> Pin<Box<dyn Future<Output = u8> + Send>> {
    Box::pin(async move { *shared })
}

fn main() {}
