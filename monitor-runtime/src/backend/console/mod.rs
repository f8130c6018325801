//! Draws what it receives for people: a tree for each root, a table at the end.

mod metrics;
mod paint;
mod table;
mod tree;

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use self::metrics::MetricTable;
use self::paint::Paint;
use self::table::Table;
use super::{Backend, Loss};
use crate::record::{CheckIn, CheckInStatus, Event, Metric, TraceId, Transaction};

/// Events that wait for the tree to which they belong. Past it the oldest are written alone.
const MAX_WAITING: usize = 1000;

/// A backend that draws for people: for each root a tree of its spans with their errors, and when
/// monitoring ends a table of all functions, and one of the metrics.
///
/// ```text
/// app.request  handle          14.2 ms  error
/// ├─ db.query  load_user        1.1 ms
/// └─ db.query  load_orders     12.9 ms  error
///      ✗ DbError: no such table: orders
///        · query: select * from orders
/// ```
///
/// Colours appear only on a terminal, and not when `NO_COLOR` is set.
pub struct Console {
    paint: Paint,
    trees: bool,
    table: bool,
    state: Mutex<State>,
}

struct State {
    out: Box<dyn Write + Send>,
    waiting: VecDeque<Arc<Event>>,
    table: Table,
    metrics: MetricTable,
    lost: u64,
}

impl Console {
    /// Writes to stderr.
    pub fn stderr() -> Self {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colored = !no_color && io::stderr().is_terminal();
        Self { paint: Paint::new(colored), ..Self::to_writer(io::stderr()) }
    }

    /// Writes to anything, without colours.
    pub fn to_writer(out: impl Write + Send + 'static) -> Self {
        let state = State {
            out: Box::new(out),
            waiting: VecDeque::new(),
            table: Table::default(),
            metrics: MetricTable::default(),
            lost: 0,
        };
        Self { paint: Paint::new(false), trees: true, table: true, state: Mutex::new(state) }
    }

    /// Draws a tree for each root, or doesn't. Default: it does.
    #[must_use]
    pub fn with_trees(mut self, trees: bool) -> Self {
        self.trees = trees;
        self
    }

    /// Draws the table at the end, or doesn't. Default: it does.
    #[must_use]
    pub fn with_table(mut self, table: bool) -> Self {
        self.table = table;
        self
    }

    fn change(&self, f: impl FnOnce(&mut State)) {
        f(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl State {
    fn write(&mut self, text: &str) {
        // A closed stderr is nobody's problem.
        let _ = self.out.write_all(text.as_bytes());
    }

    fn take_events(&mut self, trace_id: TraceId) -> Vec<Arc<Event>> {
        let (taken, kept) = std::mem::take(&mut self.waiting)
            .into_iter()
            .partition(|event: &Arc<Event>| event.trace_id == trace_id);
        self.waiting = kept;
        Vec::from(taken)
    }
}

impl Backend for Console {
    fn name(&self) -> &'static str {
        "console"
    }

    fn transaction(&self, transaction: &Arc<Transaction>) {
        self.change(|state| {
            state.table.add(transaction);
            let events = state.take_events(transaction.trace_id);
            if self.trees {
                state.write(&tree::draw(transaction, &events, self.paint));
            }
        });
    }

    fn event(&self, event: &Arc<Event>) {
        self.change(|state| {
            // An event of a recorded trace is drawn in its tree, which comes when the root ends.
            if event.sampled {
                state.waiting.push_back(Arc::clone(event));
            }
            let alone = match event.sampled {
                false => Some(Arc::clone(event)),
                true if state.waiting.len() > MAX_WAITING => state.waiting.pop_front(),
                true => None,
            };
            if let Some(event) = alone.filter(|_| self.trees) {
                state.write(&tree::draw_alone(&event, self.paint));
            }
        });
    }

    fn metrics(&self, metrics: &[Metric]) {
        self.change(|state| state.metrics.add(metrics));
    }

    /// How a run ended; that it begins is no news.
    fn check_in(&self, check_in: &Arc<CheckIn>) {
        if self.trees && check_in.status != CheckInStatus::InProgress {
            self.change(|state| state.write(&tree::draw_check_in(check_in, self.paint)));
        }
    }

    fn lost(&self, loss: &Loss) {
        if loss.is_empty() {
            return;
        }
        self.change(|state| {
            state.lost += loss.total();
            state.write(&format!("[monitor] lost {loss}\n"));
        });
    }

    fn flush(&self, _timeout: Duration) -> bool {
        let mut flushed = false;
        self.change(|state| flushed = state.out.flush().is_ok());
        flushed
    }

    fn shutdown(&self, timeout: Duration) -> bool {
        self.change(|state| {
            for event in std::mem::take(&mut state.waiting) {
                if self.trees {
                    state.write(&tree::draw_alone(&event, self.paint));
                }
            }
            if self.table {
                let table = state.table.draw(self.paint);
                state.write(&table);
                let metrics = state.metrics.draw(self.paint);
                state.write(&metrics);
            }
        });
        self.flush(timeout)
    }
}

impl fmt::Debug for Console {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Console")
            .field("trees", &self.trees)
            .field("table", &self.table)
            .finish_non_exhaustive()
    }
}
