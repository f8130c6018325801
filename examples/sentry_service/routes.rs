//! What the service answers. Each handler is the root of a trace.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use monitor_runtime::{
    Breadcrumb, User, add_breadcrumb, set_tag, set_user, spawn_blocking, traced,
};

use crate::store::Store;

type Shop = State<Arc<Store>>;

pub(crate) fn router() -> rusqlite::Result<Router> {
    let routes = Router::new()
        .route("/users/{id}/orders", get(orders))
        .route("/users/{id}/report", get(report))
        .route("/users/{id}/refunds", get(refunds));
    Ok(routes.with_state(Arc::new(Store::open()?)))
}

#[traced(op = "http.server", name = "GET /users/{id}/orders", root)]
async fn orders(shop: Shop, user: Path<u32>) -> Result<String, StatusCode> {
    answer(shop, user, Store::orders).await
}

#[traced(op = "http.server", name = "GET /users/{id}/report", root)]
async fn report(shop: Shop, user: Path<u32>) -> Result<String, StatusCode> {
    answer(shop, user, Store::report).await
}

#[traced(op = "http.server", name = "GET /users/{id}/refunds", root)]
async fn refunds(shop: Shop, user: Path<u32>) -> Result<String, StatusCode> {
    answer(shop, user, Store::refunds).await
}

type Query = fn(&Store, u32) -> rusqlite::Result<Vec<i64>>;

async fn answer(shop: Shop, Path(id): Path<u32>, query: Query) -> Result<String, StatusCode> {
    set_user(User::new(id));
    set_tag("tenant", id % 7);
    add_breadcrumb(Breadcrumb::new("auth", format!("user {id} signed in")));
    let State(store) = shop;
    let rows = spawn_blocking(move || query(&store, id)).await;
    match rows {
        Ok(Ok(rows)) => Ok(format!("{rows:?}")),
        _ => Err(StatusCode::INTERNAL_SERVER_ERROR),
    }
}
