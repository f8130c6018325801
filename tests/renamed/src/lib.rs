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
