use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use http::request::Parts;
use tower_layer::Layer;

use super::service::MonitorService;

type Route = dyn Fn(&Parts) -> Option<String> + Send + Sync;
type ClientIp = dyn Fn(&Parts) -> Option<IpAddr> + Send + Sync;

/// Monitors the requests of an HTTP server: axum, tonic, or anything else of [tower].
///
/// Each request has a scope of its own, and is a transaction with op `http.server`, named by its route:
/// `GET /users/{id}`. A trace that the caller began goes on. Events in it have the tags `method` and
/// `path`, the route again, and a context `request` with `method`, `url` and, if
/// [`Config::with_send_default_pii`](crate::Config::with_send_default_pii) is on, `query` and `ip`. The
/// transaction ends with the response's head: its status is that of the response, and it has
/// `http.response.status_code`.
///
/// The route is a template. The path as it is would make a name of each id: without a route the name
/// is `GET <unknown>`.
///
/// ```
/// use std::net::SocketAddr;
/// use axum::extract::{ConnectInfo, MatchedPath};
/// use axum::{Router, routing::get};
/// use monitor_runtime::MonitorLayer;
///
/// let monitor = MonitorLayer::new()
///     .with_route(|request| Some(request.extensions.get::<MatchedPath>()?.as_str().to_owned()))
///     .with_client_ip(|request| Some(request.extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip()));
/// let app: Router = Router::new().route("/users/{id}", get(|| async { "ada" })).layer(monitor);
/// ```
///
/// [tower]: https://docs.rs/tower
#[derive(Clone, Default)]
pub struct MonitorLayer {
    pub(super) options: Options,
}

#[derive(Clone, Default)]
pub(super) struct Options {
    pub(super) route: Option<Arc<Route>>,
    pub(super) client_ip: Option<Arc<ClientIp>>,
    pub(super) rate_limit_alerts: bool,
}

impl MonitorLayer {
    /// Monitors requests without knowing their routes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how the route of a request is found: the template that it matched, such as
    /// `/users/{id}`. Of the names that it gives the first 1,000 are kept, with their methods;
    /// further ones are `<unknown>`. Default: `<unknown>`.
    #[must_use]
    pub fn with_route(
        mut self,
        route: impl Fn(&Parts) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        self.options.route = Some(Arc::new(route));
        self
    }

    /// Sets how the client's address is found. It is asked only where addresses may be recorded.
    /// Default: there is none.
    #[must_use]
    pub fn with_client_ip(
        mut self,
        client_ip: impl Fn(&Parts) -> Option<IpAddr> + Send + Sync + 'static,
    ) -> Self {
        self.options.client_ip = Some(Arc::new(client_ip));
        self
    }

    /// Reports each response with status 429 as [`rate_limit_exceeded`](crate::rate_limit_exceeded)
    /// does: with the user of the request's scope, the route, and the limit and the seconds that its
    /// headers `RateLimit-Limit` and `Retry-After` say. Default: off.
    #[must_use]
    pub fn with_rate_limit_alerts(mut self, on: bool) -> Self {
        self.options.rate_limit_alerts = on;
        self
    }
}

impl<S> Layer<S> for MonitorLayer {
    type Service = MonitorService<S>;

    fn layer(&self, inner: S) -> MonitorService<S> {
        MonitorService { inner, options: self.options.clone() }
    }
}

impl fmt::Debug for MonitorLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MonitorLayer")
            .field("rate_limit_alerts", &self.options.rate_limit_alerts)
            .finish_non_exhaustive()
    }
}
