//! An axum server with the layer, health checks and an alert of rate limits: it sends itself four
//! requests and ends. `cargo run --example http_server`

use std::error::Error;
use std::net::SocketAddr;

use axum::Router;
use axum::extract::{ConnectInfo, MatchedPath, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use axum::routing::get;
use monitor_runtime::{
    Config, HealthRegistry, MonitorLayer, SessionMode, User, capture_errors, feature_flag,
    health_check, set_user, traced,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[traced(op = "db.query", fields(id))]
#[capture_errors(kind = database(operation = "select", table = "users"))]
async fn load(id: u64) -> Result<&'static str, std::io::Error> {
    if id == 0 { Err(std::io::Error::other("no user 0")) } else { Ok("ada") }
}

async fn user(Path(id): Path<u64>) -> Result<&'static str, StatusCode> {
    set_user(User::new(id));
    feature_flag("new-profile", id % 2 == 0);
    load(id).await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

async fn limited() -> impl IntoResponse {
    set_user(User::new(7));
    (StatusCode::TOO_MANY_REQUESTS, [("ratelimit-limit", "100"), ("retry-after", "60")])
}

#[health_check(name = "database")]
async fn database() -> Result<&'static str, std::io::Error> {
    load(1).await
}

#[health_check]
fn disk() -> bool {
    std::path::Path::new("/").exists()
}

async fn health() -> impl IntoResponse {
    let report = HealthRegistry::new().with(database::check()).with(disk::check()).run().await;
    let status = StatusCode::from_u16(report.status_code()).unwrap_or_default();
    (status, [("content-type", "application/json")], report.to_json())
}

fn monitor() -> MonitorLayer {
    let route =
        |request: &Parts| Some(request.extensions.get::<MatchedPath>()?.as_str().to_owned());
    let client =
        |request: &Parts| Some(request.extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip());
    MonitorLayer::new().with_route(route).with_client_ip(client).with_rate_limit_alerts(true)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let config = Config::from_env()?
        .with_default_release(monitor_runtime::release!())
        .with_sessions(SessionMode::Request);
    let _guard = monitor_runtime::init(config)?;
    let app = Router::new()
        .route("/users/{id}", get(user))
        .route("/messages", get(limited))
        .route("/health", get(health))
        .layer(monitor());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let service = app.into_make_service_with_connect_info::<SocketAddr>();
    let server = tokio::spawn(async { axum::serve(listener, service).await });
    for path in ["/users/7", "/users/0", "/messages", "/health"] {
        println!("{path}: {}", fetch(address, path).await?);
    }
    server.abort();
    Ok(())
}

/// The first line of the answer, and the last.
async fn fetch(address: SocketAddr, path: &str) -> Result<String, std::io::Error> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let lines = || answer.lines().map(str::trim);
    Ok(format!("{} {}", lines().next().unwrap_or(""), lines().next_back().unwrap_or("")))
}
