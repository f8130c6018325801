//! What is recorded of a request.

use http::HeaderMap;
use http::header::HOST;
use http::request::Parts;

use super::layer::Options;
use crate::context::{cut, scope, update_scope};
use crate::record::{Attributes, Value};
use crate::sessions;

/// Bytes of a URL, and of a query.
const MAX_URL: usize = 1024;

/// Puts the tags and the context into the scope of the request's span, which is current.
pub(super) fn describe(
    method: &'static str,
    route: &'static str,
    parts: &Parts,
    options: &Options,
) {
    let Some(hub) = scope::hub() else { return };
    sessions::begin_request(hub);
    let mut request: Attributes =
        vec![("method".into(), method.into()), ("url".into(), url(parts).into())];
    if hub.settings().send_default_pii {
        let query = parts.uri.query().map(|query| cut(query, MAX_URL).to_owned());
        request.extend(query.map(|query| ("query".into(), query.into())));
        let ip = options.client_ip.as_ref().and_then(|find| find(parts));
        let ip = ip.and_then(|ip| hub.policy().address(&ip.to_string()));
        request.extend(ip.map(|ip| ("ip".into(), Value::from(ip))));
    }
    update_scope(|scope| {
        scope.set_tag("method", method);
        scope.set_tag("path", route);
        scope.set_context("request", request);
    });
}

/// Without the query, and without user and password.
fn url(parts: &Parts) -> String {
    let path = parts.uri.path();
    let host = parts.uri.host().or_else(|| host(&parts.headers));
    let url = match (host, parts.uri.scheme_str()) {
        (Some(host), scheme) => format!("{}://{host}{path}", scheme.unwrap_or("http")),
        (None, _) => path.to_owned(),
    };
    cut(&url, MAX_URL).to_owned()
}

fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(HOST)?.to_str().ok()
}
