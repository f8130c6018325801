//! The attribute of tracing, with the layer of sentry-tracing. The mode is an environment variable,
//! `MODE`.

use monitor_benches::{Contestant, cases, dropping, functions};
use tracing::instrument;
use tracing_subscriber::layer::SubscriberExt;

functions! {
    span: [instrument(skip_all)],
    ok: [instrument(skip_all)],
    stacked: [instrument(skip_all, err)],
    captured: [instrument(skip_all, err)],
    orphan: [instrument(skip_all)],
    root: [instrument(parent = None, skip_all)],
}

#[instrument(skip_all, fields(id, offset, name, shape = ?shape))]
#[inline(never)]
fn fields(id: u64, offset: i64, name: &str, shape: &Shape) -> u64 {
    step(id) ^ offset as u64 ^ name.len() as u64 ^ u64::from(shape.width)
}

fn main() {
    let mode = std::env::var("MODE").unwrap_or_default();
    let rate = if mode == "unsampled" { 0.0 } else { 1.0 };
    let _guard = sentry::init(dropping::options().traces_sample_rate(rate));
    let subscriber = tracing_subscriber::registry().with(sentry_tracing::layer());
    tracing::subscriber::set_global_default(subscriber).expect("the first");
    monitor_benches::run(&Contestant {
        cases: cases!(),
        batch: 5_000,
        flush: || {
            let client = sentry::Hub::current().client();
            client.map(|client| client.flush(None));
        },
        delivered: dropping::spans,
    });
}
