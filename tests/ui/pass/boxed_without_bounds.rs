//! A box that lives for ever, of what nobody says the same of: a service of any type, boxed.

use std::future::Future;
use std::pin::Pin;

use monitor_runtime::{capture_errors, traced};

type BoxFuture<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;

trait Service<T> {
    type Response;
    type Error;
    fn call(&mut self, request: T) -> BoxFuture<Self::Response, Self::Error>;
}

struct BoxService<T, U, E>(Box<dyn Service<T, Response = U, Error = E>>);

#[capture_errors]
#[traced]
impl<T, U, E> BoxService<T, U, E> {
    fn call(&mut self, request: T) -> BoxFuture<U, E> {
        self.0.call(request)
    }

    fn written(&mut self, request: T) -> Pin<Box<dyn Future<Output = Result<U, E>> + Send>> {
        self.0.call(request)
    }
}

#[traced]
fn long_enough<T: Send + 'static>(value: T) -> Pin<Box<dyn Future<Output = T> + Send>> {
    Box::pin(async { value })
}

fn main() {
    let _ = (BoxService::<u8, u8, u8>::call, BoxService::<u8, u8, u8>::written);
    drop(long_enough(1));
}
