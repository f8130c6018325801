use std::fmt;
use std::task::{Context, Poll};

use http::{Request, Response};
use tower_service::Service;

use super::layer::Options;
use super::{request, response, routes};
use crate::context::{Exit, InContext, Observed, observed_future};
use crate::propagation::continue_trace;

/// The service that [`MonitorLayer`](crate::MonitorLayer) makes.
#[derive(Clone)]
pub struct MonitorService<S> {
    pub(super) inner: S,
    pub(super) options: Options,
}

/// How an outcome is looked at.
type Observe<B, E> = fn(&Result<Response<B>, E>, &mut Exit<'_>);

impl<S, B, R> Service<Request<B>> for MonitorService<S>
where
    S: Service<Request<B>, Response = Response<R>>,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = InContext<Observed<S::Future, Observe<R, S::Error>>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let (parts, body) = request.into_parts();
        let route = self.options.route.as_ref().and_then(|find| find(&parts));
        let method = routes::method(parts.method.as_str());
        let (site, route) = routes::site(method, route.as_deref());
        let observe: Observe<R, S::Error> = match self.options.rate_limit_alerts {
            true => response::observe_and_alert,
            false => response::observe,
        };
        let context = continue_trace(parts.headers.iter());
        let future = context.run(|| {
            let call = || {
                request::describe(method, route, &parts, &self.options);
                self.inner.call(Request::from_parts(parts, body))
            };
            observed_future(site, call, observe)
        });
        context.wrap(future)
    }
}

impl<S: fmt::Debug> fmt::Debug for MonitorService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MonitorService").field("inner", &self.inner).finish_non_exhaustive()
    }
}
