//! Every attribute through a renamed dependency, and through a re-export of it.

#![deny(warnings)]

/// Where another crate would find monitor-runtime.
pub mod reexport {
    pub use mon;
}

/// By the name that the dependency has here.
pub mod dependency {
    #[mon::traced(crate = mon, op = "db.query", fields(id), tags(tenant = id), user = id)]
    #[mon::capture_errors(crate = mon, kind = database(table = "users"))]
    #[mon::slow_threshold(crate = mon, ms = 1000, rows = Vec::len)]
    pub fn load(id: u64) -> Result<Vec<u64>, String> {
        if id == 0 {
            return Err("no user 0".to_owned());
        }
        Ok(vec![id])
    }

    #[mon::traced(crate = mon)]
    pub async fn wait(millis: u64) -> u64 {
        millis
    }

    #[mon::capture_errors(crate = mon, skip_if = String::is_empty)]
    pub fn fail(text: &str) -> Result<(), String> {
        Err(text.to_owned())
    }

    #[mon::slow_threshold(crate = mon, ms = 5)]
    pub fn slow() {
        mon::testing::advance(std::time::Duration::from_millis(6));
    }

    #[mon::ai_call(crate = mon, provider = "openai", model = "gpt-4o", usage = |_| (3, 4))]
    pub async fn ask(prompt: &str) -> String {
        prompt.to_uppercase()
    }
}

/// The presets and the derives, by the same name.
pub mod presets {
    use mon::attributes::breadcrumb;

    #[derive(Debug, mon::MonitorError)]
    #[monitor(crate = mon, category = "storage", fingerprint = "gone-{table}")]
    pub struct Gone {
        #[monitor(tag)]
        table: &'static str,
    }

    impl std::fmt::Display for Gone {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("gone")
        }
    }

    impl std::error::Error for Gone {}

    #[derive(mon::MonitorContext)]
    #[monitor(crate = mon)]
    struct Guild {
        id: u64,
    }

    #[mon::db_query(crate = mon, operation = "select", table = "users", query = sql)]
    pub fn query(sql: &str) -> Result<(), Gone> {
        Err(Gone { table: "users" })
    }

    #[mon::api_call(crate = mon, service = "stripe", method = "GET", status = |code| *code)]
    pub fn call(code: u16) -> u16 {
        code
    }

    #[mon::command(crate = mon, kind = "slash", parameters(id))]
    pub fn command(id: u64) -> Result<(), Gone> {
        mon::set_monitor_context(&Guild { id });
        query("SELECT 1")
    }

    #[mon::task(crate = mon)]
    pub fn task() {}

    #[mon::cron_monitor(crate = mon, slug = "nightly", schedule = every(1, days))]
    pub fn job() {}

    #[mon::health_check(crate = mon, name = "disk")]
    pub fn healthy() -> bool {
        true
    }

    #[mon::startup(crate = mon, service = "Database")]
    pub fn start() {}

    #[breadcrumb(crate = mon, category = "ui", data(page))]
    pub fn open(page: &str) {}

    #[mon::error_boundary(crate = mon, component = "page", fallback = 0)]
    pub fn boundary(panics: bool) -> u64 {
        open("start");
        assert!(!panics, "as the test wants");
        1
    }
}

/// By a path through modules, with the attributes imported.
pub mod path {
    use crate::reexport::mon::{ai_call, capture_errors, slow_threshold, traced};

    #[traced(crate = crate::reexport::mon, op = "db.query", fields(id), tags(tenant = id), user = id)]
    #[capture_errors(kind = database(table = "users"))]
    #[slow_threshold(ms = 1000, rows = Vec::len)]
    pub fn load(id: u64) -> Result<Vec<u64>, String> {
        super::dependency::load(id)
    }

    #[traced(crate = crate::reexport::mon)]
    pub async fn wait(millis: u64) -> u64 {
        millis
    }

    #[capture_errors(crate = crate::reexport::mon, skip_if = String::is_empty)]
    pub fn fail(text: &str) -> Result<(), String> {
        Err(text.to_owned())
    }

    #[slow_threshold(crate = crate::reexport::mon, ms = 5)]
    pub fn slow() {
        mon::testing::advance(std::time::Duration::from_millis(6));
    }

    #[ai_call(
        crate = crate::reexport::mon,
        provider = "openai",
        model = "gpt-4o",
        usage = |_| (3, 4)
    )]
    pub async fn ask(prompt: &str) -> String {
        prompt.to_uppercase()
    }
}
