//! What each error says, as JSON: the contexts that [`Contexts`](crate::record::Contexts) would make.

use super::json::Json;
use super::kept::Kept;
use super::names::Names;
use crate::backend::sentry::fit;
use crate::groups::{Performance, System};
use crate::record::{ErrorGroup, ErrorGroups};

/// What is known of the system, as the last error said it.
#[derive(Default)]
pub(super) struct KeptSystem {
    of: System,
    bytes: Vec<u8>,
}

/// Writes the contexts behind another.
pub(super) fn write(json: &mut Json, groups: &ErrorGroups, kept: &mut Kept) {
    error(json, &groups.error, &mut kept.names);
    performance(json, groups.performance);
    kept.system.write(json, &groups.system);
}

fn error(json: &mut Json, group: &ErrorGroup, names: &mut Names) {
    json.raw(r#","error":{"type":"unknown","error_type":"#);
    names.write(json, &group.type_name, fit::TEXT);
    json.raw(r#","message":"#);
    json.fitting(&group.message, fit::TEXT);
    json.hex_between(br#","traceback_hash":""#, group.traceback_hash, br#"","category":"#);
    names.write(json, &group.category, fit::TEXT);
    json.raw(r#","severity":"#);
    json.plain(group.severity);
    if let Some(module) = &group.module {
        json.raw(r#","module":"#);
        names.write(json, module, fit::TEXT);
    }
    if let Some(variant) = &group.variant {
        json.raw(r#","variant":"#);
        names.write(json, variant, fit::TEXT);
    }
    json.close();
}

fn performance(json: &mut Json, group: Performance) {
    json.raw(r#","performance":{"type":"unknown","database_query_count":"#);
    json.number(group.queries().into());
    json.raw(r#","active_transactions":"#);
    json.number(group.active_transactions().into());
    if let Some(rate) = group.cache_hit_rate() {
        json.raw(r#","cache_hit_rate":"#);
        json.typed(&rate);
    }
    if let Some(micros) = group.response_micros() {
        json.raw(r#","response_time":"#);
        json.thousandths(micros);
    }
    json.close();
}

impl KeptSystem {
    fn write(&mut self, json: &mut Json, system: &System) {
        if self.bytes.is_empty() || self.of != *system {
            let mut written = Json(std::mem::take(&mut self.bytes));
            written.0.clear();
            written.raw(r#","system":{"type":"unknown""#);
            written.values(&system.clone().values());
            written.close();
            self.bytes = written.0;
            self.of.clone_from(system);
        }
        json.raw(&self.bytes);
    }
}
