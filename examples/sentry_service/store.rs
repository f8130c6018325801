//! Orders in SQLite.

use std::sync::{Mutex, MutexGuard, PoisonError};

use monitor_runtime::{capture_errors, slow_threshold, traced};
use rusqlite::Connection;

pub(crate) struct Store {
    connection: Mutex<Connection>,
}

impl Store {
    #[traced(op = "db")]
    #[capture_errors(kind = database(operation = "create", table = "orders"))]
    pub(crate) fn open() -> rusqlite::Result<Self> {
        let connection = Connection::open_in_memory()?;
        connection.execute_batch(
            "CREATE TABLE orders (user INTEGER NOT NULL, amount INTEGER NOT NULL);
             WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
             INSERT INTO orders SELECT i % 100, i FROM n;",
        )?;
        Ok(Self { connection: Mutex::new(connection) })
    }

    #[traced(op = "db.query", description = "SELECT amount FROM orders WHERE user = ?")]
    #[capture_errors(kind = database(operation = "select", table = "orders"))]
    #[slow_threshold(ms = 1000, rows = Vec::len)]
    pub(crate) fn orders(&self, user: u32) -> rusqlite::Result<Vec<i64>> {
        select(&self.connection(), "SELECT amount FROM orders WHERE user = ?", user % 100)
    }

    /// Slow by design: the limit is what counts as slow here.
    #[traced(op = "db.query", description = "SELECT a report")]
    #[capture_errors(kind = database(operation = "select", table = "orders"))]
    #[slow_threshold(ms = 1, rows = Vec::len)]
    pub(crate) fn report(&self, user: u32) -> rusqlite::Result<Vec<i64>> {
        let report =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
                      SELECT sum(n.i * n.i % 7) FROM n WHERE n.i <> ?";
        select(&self.connection(), report, user)
    }

    /// Fails: there is no such table.
    #[traced(op = "db.query", description = "SELECT amount FROM refunds WHERE user = ?")]
    #[capture_errors(kind = database(operation = "select", table = "refunds"))]
    pub(crate) fn refunds(&self, user: u32) -> rusqlite::Result<Vec<i64>> {
        select(&self.connection(), "SELECT amount FROM refunds WHERE user = ?", user)
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn select(connection: &Connection, query: &str, parameter: u32) -> rusqlite::Result<Vec<i64>> {
    let mut statement = connection.prepare_cached(query)?;
    statement.query_map([parameter], |row| row.get(0))?.collect()
}
