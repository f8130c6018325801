//! What running a service takes, as a test of a user would see it: through the mock.

mod bus;
mod cron;
mod failure;
mod flags;
mod health;
mod http_server;
mod rate_limit;
mod sessions;
