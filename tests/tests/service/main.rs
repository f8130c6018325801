//! What running a service takes, as a test of a user would see it: through the mock.

mod cron;
mod failure;
mod health;
