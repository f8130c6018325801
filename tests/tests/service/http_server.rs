//! The layer for HTTP servers, below axum.

use std::net::{IpAddr, Ipv4Addr};

use axum::Router;
use axum::body::Body;
use axum::extract::MatchedPath;
use axum::http::request::Parts;
use axum::http::{Request, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use futures_util::FutureExt;
use monitor_runtime::record::Event;
use monitor_runtime::{
    Config, Level, MockBackend, MonitorLayer, Sampler, Status, User, Value, capture_errors,
    capture_message, set_tag, set_user, traced,
};
use tower::ServiceExt;

use crate::failure::Refused;

#[traced(op = "db.query")]
#[capture_errors]
async fn load(id: u64) -> Result<u64, Refused> {
    tokio::task::yield_now().await;
    if id == 0 { Err(Refused) } else { Ok(id) }
}

async fn user(axum::extract::Path(id): axum::extract::Path<u64>) -> impl IntoResponse {
    set_tag("tenant", id);
    set_user(User::new(id));
    match load(id).await {
        Ok(_) => StatusCode::OK,
        Err(Refused) => StatusCode::BAD_GATEWAY,
    }
}

async fn too_many() -> impl IntoResponse {
    set_user(User::new(7));
    let headers = [("ratelimit-limit", "100"), ("retry-after", "60")];
    (StatusCode::TOO_MANY_REQUESTS, headers)
}

fn layer() -> MonitorLayer {
    let route =
        |request: &Parts| Some(request.extensions.get::<MatchedPath>()?.as_str().to_owned());
    let address = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 77));
    MonitorLayer::new().with_route(route).with_client_ip(move |_| Some(address))
}

fn app(layer: MonitorLayer) -> Router {
    Router::new()
        .route("/users/{id}", get(user))
        .route("/messages", post(too_many))
        .route("/panics", get(|| async { panic!("no page") as StatusCode }))
        .layer(layer)
}

async fn send(app: Router, request: Request<Body>) -> StatusCode {
    app.oneshot(request).await.unwrap().status()
}

fn request(method: &str, uri: &str) -> Request<Body> {
    Request::builder().method(method).uri(uri).body(Body::empty()).unwrap()
}

fn of_request(event: &Event, key: &str) -> Option<String> {
    event.context_value("request", key).map(Value::to_string)
}

#[tokio::test]
async fn a_request_is_a_transaction_named_by_its_route() {
    let mock = MockBackend::install();
    assert_eq!(send(app(layer()), request("GET", "/users/7?token=abc")).await, StatusCode::OK);
    assert_eq!(
        mock.snapshot(),
        "\
transaction GET /users/{id} [http.server] ok
    http.response.status_code = 200
  load [db.query] ok
"
    );
    let transaction = mock.transaction("GET /users/{id}");
    assert_eq!(transaction.scope.tag("path"), Some("/users/{id}"));
    assert_eq!(transaction.scope.tag("method"), Some("GET"));
    assert_eq!(transaction.scope.tag("tenant"), Some("7"));
}

#[tokio::test]
async fn an_error_says_in_which_request_it_was() {
    let mock = MockBackend::install();
    let mut wanted = request("GET", "/users/0?token=abc");
    wanted.headers_mut().insert("host", "shop.example".parse().unwrap());
    assert_eq!(send(app(layer()), wanted).await, StatusCode::BAD_GATEWAY);
    let event = &mock.errors()[0];
    assert_eq!(event.transaction.as_deref(), Some("GET /users/{id}"));
    assert_eq!(event.tag("path"), Some("/users/{id}"));
    assert_eq!(event.scope.user().unwrap().id.as_deref(), Some("0"));
    assert_eq!(of_request(event, "url").as_deref(), Some("http://shop.example/users/0"));
    assert_eq!((of_request(event, "ip"), of_request(event, "query")), (None, None));
    assert_eq!(mock.transaction("GET /users/{id}").root().status, Status::Error);
}

#[tokio::test]
async fn addresses_and_queries_are_recorded_where_they_may_be() {
    let mock = MockBackend::install_with(Config::new().with_send_default_pii(true));
    send(app(layer()), request("GET", "/users/0?page=2&token=abcdef")).await;
    let event = &mock.errors()[0];
    assert_eq!(of_request(event, "ip").as_deref(), Some("203.0.113.0"));
    assert_eq!(of_request(event, "query").as_deref(), Some("page=2&token=[Filtered]"));
    let config = Config::new().with_send_default_pii(true).with_anonymised_ip(false);
    let mock = MockBackend::install_with(config);
    send(app(layer()), request("GET", "/users/0")).await;
    assert_eq!(of_request(&mock.errors()[0], "ip").as_deref(), Some("203.0.113.77"));
}

#[tokio::test]
async fn the_callers_trace_goes_on() {
    let mock = MockBackend::install();
    let mut wanted = request("GET", "/users/7");
    let header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    wanted.headers_mut().insert("traceparent", header.parse().unwrap());
    send(app(layer()), wanted).await;
    let transaction = mock.transaction("GET /users/{id}");
    assert_eq!(transaction.trace_id.to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!(transaction.root().parent.unwrap().to_string(), "00f067aa0ba902b7");
}

#[tokio::test]
async fn requests_at_once_do_not_mix() {
    let mock = MockBackend::install();
    let app = app(layer());
    let sent = (0..200).map(|id| send(app.clone(), request("GET", &format!("/users/{id}"))));
    futures_util::future::join_all(sent).await;
    for transaction in mock.transactions() {
        let tenant = transaction.scope.tag("tenant");
        assert_eq!(tenant, transaction.scope.user().unwrap().id.as_deref());
        let context = transaction.scope.context("request").unwrap();
        let url = context.iter().find(|(key, _)| key == "url").unwrap().1.to_string();
        assert_eq!(tenant, url.strip_prefix("/users/"));
    }
    assert_eq!(mock.transactions().len(), 200);
    capture_message("outside", Level::Info);
    assert_eq!(mock.event("outside").scope.tag("tenant"), None);
}

#[tokio::test]
async fn a_route_is_sampled_by_its_name() {
    let sampler = Sampler::table().name("GET /users/{id}", 0.0).default(1.0);
    let mock = MockBackend::install_with(Config::new().with_sampler(sampler));
    send(app(layer()), request("GET", "/users/7")).await;
    send(app(layer()), request("POST", "/messages")).await;
    assert_eq!(mock.transactions().len(), 1);
    mock.transaction("POST /messages");
}

#[tokio::test]
async fn statuses_and_what_has_no_route() {
    let mock = MockBackend::install();
    send(app(layer()), request("POST", "/messages")).await;
    send(app(layer()), request("POST", "/users/1")).await;
    // A router answers this one itself: no route matched, and the path is no name.
    send(app(layer()), request("BREW", "/coffee/4711")).await;
    assert_eq!(mock.transaction("POST /messages").root().status, Status::ResourceExhausted);
    assert_eq!(mock.transaction("POST /users/{id}").root().status, Status::InvalidArgument);
    assert_eq!(mock.transaction("_OTHER <unknown>").root().status, Status::NotFound);
    mock.assert_no_events();
}

#[tokio::test]
async fn a_user_who_comes_too_often_is_reported() {
    let mock = MockBackend::install();
    let app = app(layer().with_rate_limit_alerts(true));
    send(app.clone(), request("GET", "/users/7")).await;
    mock.assert_no_events();
    send(app, request("POST", "/messages")).await;
    let event = mock.event("Rate limit exceeded");
    assert_eq!(event.level, Level::Warning);
    let expected: Vec<(_, Value)> = vec![
        ("userId".into(), "7".into()),
        ("endpoint".into(), "/messages".into()),
        ("limit".into(), 100_u64.into()),
        ("window".into(), 60_u64.into()),
    ];
    assert_eq!(*event.context("rate_limit").unwrap(), expected);
}

#[tokio::test]
async fn panics_and_dropped_requests_end_their_transactions() {
    let mock = MockBackend::install();
    let sent = send(app(layer()), request("GET", "/panics"));
    assert!(monitor_runtime::spawn(sent).await.unwrap_err().is_panic());
    assert_eq!(mock.transaction("GET /panics").root().status, Status::Panicked);
    assert!(send(app(layer()), request("GET", "/users/7")).now_or_never().is_none());
    assert_eq!(mock.transaction("GET /users/{id}").root().status, Status::Cancelled);
}
